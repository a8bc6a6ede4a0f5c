"""Figures over a set of tickets, read from what is stored: one function per metric.

The rules are those of `reports.calculations`; here the database only counts and orders.
"""
