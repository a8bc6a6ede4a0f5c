"""The figures of the reports as pure functions of a ticket's events and the calendars in force.

No models and no clock: events, calendars and the present moment are passed in, so that
recomputing gives the same number.
"""
