"""Verbs on calendars. None of them rewrites a past hour: figures already shown stay true."""

import zoneinfo
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team
from automation.models import Calendar, CalendarAssignment, Holiday, starts_at


class CalendarRefused(Exception):
    """The change would rewrite the past or makes no sense; the text is a sentence for the user."""


def create_calendar(
    *,
    name: str,
    time_zone: str,
    weekly_hours: dict[str, list[list[str]]] | None = None,
    is_around_the_clock: bool = False,
) -> Calendar:
    """Make a calendar that nobody uses yet. Raises ValidationError on bad hours or a bad zone."""
    calendar = Calendar(
        name=name,
        time_zone=time_zone,
        weekly_hours=weekly_hours or {},
        is_around_the_clock=is_around_the_clock,
    )
    calendar.full_clean()
    calendar.save(force_insert=True)
    return calendar


@transaction.atomic
def revise_calendar(*, calendar: Calendar, at: datetime | None = None, **changes: Any) -> Calendar:
    """Change a calendar from now on and return the one in force.

    One that is in use is kept as it was for the past and succeeded by a copy with the changes,
    which takes over its teams and its holidays. Raises CalendarRefused for one already succeeded.
    """
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    if calendar.succeeded_by_id:
        raise CalendarRefused(_("This calendar was replaced by a newer one. Change that one."))
    kept = {field: getattr(calendar, field) for field in _REVISABLE}
    if all(kept[field] == changes.get(field, kept[field]) for field in kept):
        return calendar
    if not calendar.assignments.exists():
        return _overwrite(calendar, changes)
    successor = create_calendar(**{**kept, **changes})
    _hand_over(calendar, successor, at or timezone.now())
    return successor


_REVISABLE = ("name", "time_zone", "weekly_hours", "is_around_the_clock")


def _overwrite(calendar: Calendar, changes: dict[str, Any]) -> Calendar:
    for field in _REVISABLE:
        setattr(calendar, field, changes.get(field, getattr(calendar, field)))
    calendar.full_clean()
    calendar.save(update_fields=_REVISABLE)
    return calendar


def _hand_over(calendar: Calendar, successor: Calendar, at: datetime) -> None:
    calendar.succeeded_by = successor
    calendar.save(update_fields=["succeeded_by"])
    for holiday in calendar.holidays.all():
        holiday.pk, holiday.calendar = None, successor
        holiday.save(force_insert=True)
    for team_id in _teams_working_by(calendar, at):
        CalendarAssignment.objects.create(team_id=team_id, calendar=successor, since=at)
    calendar.assignments.filter(since__gt=at).update(calendar=successor)


def _teams_working_by(calendar: Calendar, at: datetime) -> list[int | None]:
    latest: dict[int | None, int] = {}
    for assignment in CalendarAssignment.objects.filter(since__lte=at).order_by("since", "id"):
        latest[assignment.team_id] = assignment.calendar_id
    return [team_id for team_id, calendar_id in latest.items() if calendar_id == calendar.pk]


@transaction.atomic
def assign_calendar(
    *, calendar: Calendar, team: Team | None, since: datetime | None = None
) -> CalendarAssignment:
    """Let a team (None: everybody without their own) work by a calendar from `since` on.

    Only the very first calendar of a desk may reach back, to give an imported history its hours.
    Raises CalendarRefused otherwise.
    """
    refuse_assignment(calendar, since)
    since = since or timezone.now()
    assignment, _created = CalendarAssignment.objects.update_or_create(
        team=team, since=since, defaults={"calendar": calendar}
    )
    return assignment


def refuse_assignment(calendar: Calendar, since: datetime | None) -> None:
    """Raise when a calendar may not be given to a team from that moment on."""
    if calendar.succeeded_by_id:
        raise CalendarRefused(_("This calendar was replaced by a newer one. Choose that one."))
    if since and since < timezone.now() and CalendarAssignment.objects.exists():
        raise CalendarRefused(_("A team's calendar cannot be changed for the past."))


def add_holiday(
    *,
    calendar: Calendar,
    on: date,
    name: str = "",
    closed_from: time | None = None,
    closed_until: time | None = None,
) -> Holiday:
    """Close a calendar on a date, all day or between two clock times.

    Raises CalendarRefused when that time has begun and the calendar is in use.
    """
    refuse_past(calendar, on, closed_from)
    holiday = Holiday(
        calendar=calendar,
        date=on,
        name=name,
        closed_from=closed_from,
        closed_until=closed_until,
    )
    holiday.full_clean()
    holiday.save(force_insert=True)
    return holiday


def remove_holiday(*, holiday: Holiday) -> None:
    """Open a calendar again. Raises CalendarRefused when the holiday has begun."""
    refuse_past(holiday.calendar, holiday.date, holiday.closed_from)
    holiday.delete()


def refuse_past(calendar: Calendar, on: date, clock: time | None) -> None:
    """Raise when hours that have begun would change under a calendar in use."""
    begins = starts_at(on, clock, zoneinfo.ZoneInfo(calendar.time_zone))
    if begins <= timezone.now() and calendar.assignments.filter(since__lte=timezone.now()).exists():
        raise CalendarRefused(_("Hours that have passed cannot be changed."))
