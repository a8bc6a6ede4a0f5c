"""Calendars: what is past keeps the hours it had."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from automation.business_time import business_seconds_between
from automation.models import Calendar, CalendarAssignment
from automation.selectors import calendar_history, hours_at
from automation.services import (
    CalendarRefused,
    add_holiday,
    assign_calendar,
    create_calendar,
    remove_holiday,
    revise_calendar,
)

NOW = datetime(2024, 5, 8, 12, tzinfo=UTC)
HOUR = 3600
OFFICE = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office() -> Calendar:
    return create_calendar(name="Office", time_zone="UTC", weekly_hours=OFFICE)


def opened(team_id: int | None, days: int) -> int:
    """Open hours of a team in the day that began so many days ago."""
    start = NOW.replace(hour=0) - timedelta(days=days)
    seconds = 0
    for spell in calendar_history().spells(team_id, start, start + timedelta(days=1)):
        if spell.hours:
            seconds += business_seconds_between(spell.hours, spell.start, spell.end)
    return seconds // HOUR


def test_a_desk_without_a_calendar_has_no_hours(team):
    assert hours_at(team.pk, NOW) is None


def test_a_team_has_its_own_calendar_or_the_default(office, team, billing):
    night = create_calendar(name="Always", time_zone="UTC", is_around_the_clock=True)
    assign_calendar(calendar=office, team=None, since=NOW - timedelta(days=100))
    assign_calendar(calendar=night, team=billing)
    assert hours_at(team.pk, NOW) == office.hours
    assert hours_at(None, NOW) == office.hours
    assert hours_at(billing.pk, NOW) == night.hours
    assert opened(billing.pk, days=1) == 8


def test_revising_a_calendar_in_use_leaves_the_past(office, team):
    assign_calendar(calendar=office, team=None, since=NOW - timedelta(days=100))
    add_holiday(calendar=office, on=date(2024, 5, 9))
    revised = revise_calendar(calendar=office, is_around_the_clock=True)
    assert revised.pk != office.pk
    assert opened(None, days=1) == 8
    assert opened(None, days=0) == 3 + 12
    assert opened(None, days=-1) == 0
    office.refresh_from_db()
    assert office.succeeded_by == revised
    with pytest.raises(CalendarRefused):
        revise_calendar(calendar=office, name="Again")


def test_revising_a_calendar_nobody_uses_changes_it_in_place(office):
    assert revise_calendar(calendar=office, name="Shop").pk == office.pk
    office.refresh_from_db()
    assert office.name == "Shop"


def test_saving_a_calendar_without_a_change_makes_no_copy(office):
    assign_calendar(calendar=office, team=None)
    assert revise_calendar(calendar=office, name="Office", weekly_hours=OFFICE).pk == office.pk
    assert Calendar.objects.count() == 1


def test_only_the_first_calendar_of_a_desk_may_reach_back(office, team):
    assign_calendar(calendar=office, team=None, since=NOW - timedelta(days=100))
    with pytest.raises(CalendarRefused):
        assign_calendar(calendar=office, team=team, since=NOW - timedelta(days=1))
    assign_calendar(calendar=office, team=team, since=NOW + timedelta(days=1))
    assert CalendarAssignment.objects.count() == 2


@pytest.mark.parametrize(
    ("on", "closed_from", "allowed"),
    [
        (date(2024, 5, 9), None, True),
        (date(2024, 5, 8), time(15), True),
        (date(2024, 5, 8), time(11), False),
        (date(2024, 5, 8), None, False),
        (date(2024, 5, 7), None, False),
    ],
)
def test_a_holiday_cannot_rewrite_hours_that_have_begun(office, on, closed_from, allowed):
    assign_calendar(calendar=office, team=None, since=NOW - timedelta(days=100))
    closed_until = time(17) if closed_from else None
    if not allowed:
        with pytest.raises(CalendarRefused):
            add_holiday(calendar=office, on=on, closed_from=closed_from, closed_until=closed_until)
        return
    holiday = add_holiday(
        calendar=office, on=on, closed_from=closed_from, closed_until=closed_until
    )
    assert opened(None, days=(NOW.date() - on).days) == (6 if closed_from else 0)
    remove_holiday(holiday=holiday)
    assert opened(None, days=(NOW.date() - on).days) == 8


def test_a_past_holiday_may_be_added_before_the_calendar_is_used(office):
    add_holiday(calendar=office, on=date(2024, 5, 1))
    assign_calendar(calendar=office, team=None, since=NOW - timedelta(days=100))
    assert opened(None, days=7) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Mars/Olympus"},
        {"weekly_hours": {"mon": [["9", "10"]]}},
        {"weekly_hours": {"monday": []}},
        {"weekly_hours": ["mon"]},
    ],
)
def test_bad_hours_and_zones_are_refused(wrong):
    with pytest.raises(ValidationError):
        create_calendar(**{"name": "Office", "time_zone": "UTC", **wrong})


def test_the_number_of_queries_does_not_grow_with_the_calendars(office, django_assert_num_queries):
    assign_calendar(calendar=office, team=None, since=NOW - timedelta(days=100))
    for number in range(1, 5):
        another = create_calendar(name=str(number), time_zone="UTC", weekly_hours=OFFICE)
        assign_calendar(calendar=another, team=None, since=NOW + timedelta(days=number))
    with django_assert_num_queries(2):
        calendar_history()
