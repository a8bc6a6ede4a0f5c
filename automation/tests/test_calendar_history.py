"""Which calendar applied to a team at which moment."""

from datetime import UTC, datetime, timedelta

from automation.business_time import BusinessHours
from automation.calendars import NO_CALENDARS, CalendarChange, CalendarHistory

START = datetime(2024, 1, 1, tzinfo=UTC)
BERLIN, LIMA, TOKYO = (
    BusinessHours.around_the_clock(zone) for zone in ("Europe/Berlin", "America/Lima", "Asia/Tokyo")
)
HISTORY = CalendarHistory(
    [
        CalendarChange(7, START + timedelta(days=10), LIMA),
        CalendarChange(None, START, BERLIN),
        CalendarChange(7, START + timedelta(days=20), TOKYO),
    ]
)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def test_a_team_has_its_own_calendar_from_its_start_and_the_default_before() -> None:
    assert HISTORY.hours_at(7, day(-1)) is None
    assert HISTORY.hours_at(7, day(5)) is BERLIN
    assert HISTORY.hours_at(7, day(10)) is LIMA
    assert HISTORY.hours_at(7, day(30)) is TOKYO
    assert HISTORY.hours_at(None, day(30)) is BERLIN
    assert HISTORY.hours_at(8, day(30)) is BERLIN


def test_a_span_is_cut_where_the_hours_changed() -> None:
    assert [(spell.start, spell.hours) for spell in HISTORY.spells(7, day(-2), day(25))] == [
        (day(-2), None),
        (day(0), BERLIN),
        (day(10), LIMA),
        (day(20), TOKYO),
    ]


def test_an_empty_span_still_tells_the_hours_of_its_moment() -> None:
    assert [spell.hours for spell in HISTORY.spells(7, day(5), day(5))] == [BERLIN]


def test_a_desk_without_calendars_has_no_hours() -> None:
    assert NO_CALENDARS.hours_at(7, START) is None
