"""Reads on calendars."""

from datetime import datetime

from django.db.models import QuerySet

from automation.business_time import BusinessHours
from automation.calendars import CalendarChange, CalendarHistory
from automation.models import Calendar, CalendarAssignment


def calendar_history() -> CalendarHistory:
    """Every calendar of every team with its time: what the clocks of tickets run by."""
    assignments = CalendarAssignment.objects.select_related("calendar").prefetch_related(
        "calendar__holidays"
    )
    hours: dict[int, BusinessHours] = {}
    changes = []
    for assignment in assignments:
        calendar = assignment.calendar
        if calendar.pk not in hours:
            hours[calendar.pk] = calendar.hours
        changes.append(CalendarChange(assignment.team_id, assignment.since, hours[calendar.pk]))
    return CalendarHistory(changes)


def hours_at(team_id: int | None, at: datetime) -> BusinessHours | None:
    """The opening hours of a team at a moment: its own, else the default, else None."""
    return calendar_history().hours_at(team_id, at)


def current_calendars() -> QuerySet[Calendar]:
    """Calendars that have no successor, by name."""
    return Calendar.objects.filter(succeeded_by=None)


def has_calendars() -> bool:
    """Whether any team works by opening hours; without, there is no business time at all."""
    return CalendarAssignment.objects.exists()
