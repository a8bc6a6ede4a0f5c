"""Business time, exact to the second over clock changes, holidays, lunch and midnight."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.business_time import (
    BusinessHours,
    NeverOpenError,
    business_seconds_between,
    due_after,
    offset_changes,
)

HOUR = 3600
OFFICE = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
LUNCH = {day: [["08:30", "12:00"], ["13:00", "17:30"]] for day in OFFICE}
NIGHT = {day: [["22:00", "06:00"]] for day in ("mon", "tue", "wed", "thu")}
DAILY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def desk(
    zone: str = "Europe/Berlin",
    hours: Mapping[str, Sequence[Sequence[str]]] = OFFICE,
    holidays: Sequence[date] = (),
    breaks: Sequence[tuple[date, Sequence[Sequence[str]]]] = (),
) -> BusinessHours:
    return BusinessHours.build(zone=zone, hours=hours, holidays=holidays, breaks=breaks)


def local(text: str, zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("hours", "start", "end", "expected"),
    [
        pytest.param(desk(), "2024-05-06T10:00", "2024-05-06T11:30", 5400, id="inside one day"),
        pytest.param(desk(), "2024-05-06T07:00", "2024-05-06T20:00", 8 * HOUR, id="around one day"),
        pytest.param(desk(), "2024-05-10T16:59:59", "2024-05-13T09:00:01", 2, id="over a weekend"),
        pytest.param(desk(), "2024-05-11T10:00", "2024-05-12T10:00", 0, id="all closed"),
        pytest.param(desk(), "2024-05-07T10:00", "2024-05-06T10:00", 0, id="backwards"),
        pytest.param(desk(), "2024-05-06T09:00", "2024-07-01T09:00", 320 * HOUR, id="eight weeks"),
        pytest.param(
            desk(hours=LUNCH), "2024-05-06T11:30", "2024-05-06T13:30", HOUR, id="over lunch"
        ),
        pytest.param(
            desk(holidays=[date(2024, 5, 9)]),
            "2024-05-08T16:00",
            "2024-05-10T10:00",
            2 * HOUR,
            id="over a holiday",
        ),
        pytest.param(
            desk(breaks=[(date(2024, 12, 24), [["12:00", "18:00"]])]),
            "2024-12-24T08:00",
            "2024-12-24T20:00",
            3 * HOUR,
            id="closed early on one date",
        ),
        pytest.param(
            desk(hours=NIGHT), "2024-05-06T21:00", "2024-05-07T07:00", 8 * HOUR, id="past midnight"
        ),
        pytest.param(
            desk(hours=NIGHT, holidays=[date(2024, 5, 7)]),
            "2024-05-06T21:00",
            "2024-05-08T07:00",
            (2 + 6) * HOUR,
            id="a holiday closes its own date, midnight to midnight",
        ),
        pytest.param(
            desk(hours=DAILY), "2024-03-31T00:00", "2024-04-01T00:00", 23 * HOUR, id="short day"
        ),
        pytest.param(
            desk(hours=DAILY), "2024-10-27T00:00", "2024-10-28T00:00", 25 * HOUR, id="long day"
        ),
        pytest.param(
            desk(hours={"sun": [["01:00", "02:30"]]}),
            "2024-03-31T00:00",
            "2024-03-31T12:00",
            HOUR,
            id="closing inside the skipped hour",
        ),
        pytest.param(
            desk(hours={"sun": [["02:30", "04:00"]]}),
            "2024-03-31T00:00",
            "2024-03-31T12:00",
            HOUR,
            id="opening inside the skipped hour",
        ),
        pytest.param(
            desk(hours={"sun": [["02:15", "02:45"]]}),
            "2024-10-27T00:00",
            "2024-10-27T12:00",
            HOUR,
            id="the repeated hour is open twice",
        ),
    ],
)
def test_seconds_between(hours: BusinessHours, start: str, end: str, expected: int) -> None:
    assert business_seconds_between(hours, local(start), local(end)) == expected


def test_a_clock_change_at_midnight_repeats_the_last_hour_of_the_day() -> None:
    hours = desk("America/Sao_Paulo", {"sat": [["22:00", "24:00"]]})
    start = datetime(2018, 2, 17, 12, tzinfo=UTC)
    assert business_seconds_between(hours, start, start + timedelta(days=2)) == 3 * HOUR


def test_a_clock_change_one_minute_past_midnight_returns_to_the_day_before() -> None:
    hours = desk("America/St_Johns", {"sat": [["23:00", "24:00"]], "sun": [["00:00", "00:30"]]})
    start = datetime(2010, 11, 6, 12, tzinfo=UTC)
    expected = HOUR + 60 + 59 * 60 + 30 * 60
    assert business_seconds_between(hours, start, start + timedelta(days=2)) == expected


def test_a_calendar_date_that_never_was_lasts_no_time() -> None:
    hours = desk("Pacific/Apia", {"fri": [["09:00", "17:00"]]})
    start = datetime(2011, 12, 29, 12, tzinfo=UTC)
    assert business_seconds_between(hours, start, start + timedelta(days=2)) == 0


def test_around_the_clock_counts_every_second() -> None:
    start = datetime(2023, 1, 1, tzinfo=UTC)
    end = datetime(2025, 6, 1, 3, 4, 5, tzinfo=UTC)
    hours = BusinessHours.around_the_clock("America/New_York")
    assert business_seconds_between(hours, start, end) == (end - start).total_seconds()


@pytest.mark.parametrize(
    ("hours", "start", "seconds", "due"),
    [
        (desk(), "2024-05-06T10:00", HOUR, "2024-05-06T11:00"),
        (desk(), "2024-05-10T16:30", HOUR, "2024-05-13T09:30"),
        (desk(), "2024-05-11T16:30", HOUR, "2024-05-13T10:00"),
        (desk(), "2024-05-10T16:00", HOUR, "2024-05-10T17:00"),
        (desk(), "2024-05-11T16:00", 0, "2024-05-11T16:00"),
        (desk(hours=LUNCH), "2024-05-06T11:30", HOUR, "2024-05-06T13:30"),
        (desk(hours=NIGHT), "2024-05-06T23:00", 3 * HOUR, "2024-05-07T02:00"),
        (desk(holidays=[date(2024, 5, 13)]), "2024-05-10T16:30", HOUR, "2024-05-14T09:30"),
        (desk(), "2024-05-06T09:00", 400 * HOUR, "2024-07-12T17:00"),
        (desk(hours=DAILY), "2024-03-30T12:00", 24 * HOUR, "2024-03-31T13:00"),
    ],
)
def test_due_after(hours: BusinessHours, start: str, seconds: int, due: str) -> None:
    found = due_after(hours, local(start), seconds)
    assert found == local(due)
    assert found.tzinfo is UTC


def test_a_calendar_without_hours_has_no_due_time() -> None:
    with pytest.raises(NeverOpenError):
        due_after(desk(hours={}), local("2024-05-06T10:00"), 1)


@pytest.mark.parametrize(
    "hours",
    [{"monday": [["09:00", "17:00"]]}, {"mon": [["9", "17:00"]]}, {"mon": [["09:00", "24:01"]]}],
)
def test_bad_hours_are_refused(hours: Mapping[str, Sequence[Sequence[str]]]) -> None:
    with pytest.raises(ValueError, match=r"weekday|clock time"):
        desk(hours=hours)


def test_overlapping_intervals_count_once() -> None:
    hours = desk(hours={"mon": [["09:00", "12:00"], ["11:00", "13:00"]]})
    start = local("2024-05-06T00:00")
    assert business_seconds_between(hours, start, start + timedelta(days=1)) == 4 * HOUR


def test_offsets_of_a_zone_with_the_moments_they_begin() -> None:
    start, end = datetime(2024, 3, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC)
    summer, winter = (
        int(datetime(2024, month, day, 1, tzinfo=UTC).timestamp())
        for month, day in ((3, 31), (10, 27))
    )
    assert offset_changes("Europe/Berlin", start, end) == [
        (int(start.timestamp()), HOUR),
        (summer, 2 * HOUR),
        (winter, HOUR),
    ]


zones = st.sampled_from(
    ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "America/St_Johns"]
)
EPOCH = datetime(2008, 1, 1, tzinfo=UTC)
moments = st.integers(0, 20 * 365 * 86_400_000).map(lambda ms: EPOCH + timedelta(milliseconds=ms))
weekly = st.lists(
    st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 1440)), max_size=3),
    min_size=7,
    max_size=7,
)
dates = st.frozensets(st.dates(date(2008, 1, 1), date(2028, 1, 1)), max_size=30)


def hours_of(
    zone: str, week: list[list[tuple[int, int]]], holidays: frozenset[date]
) -> BusinessHours:
    def clock(minutes: int) -> str:
        return f"{minutes // 60:02}:{minutes % 60:02}"

    named = {
        name: [[clock(opens), clock(closes)] for opens, closes in intervals]
        for name, intervals in zip(DAILY, week, strict=True)
    }
    return desk(zone, named, sorted(holidays))


@given(zones, weekly, dates, moments, st.integers(1, 40_000_000))
def test_a_due_time_is_exactly_its_budget_away(
    zone: str,
    week: list[list[tuple[int, int]]],
    holidays: frozenset[date],
    start: datetime,
    seconds: int,
) -> None:
    hours = hours_of(zone, week, holidays)
    if not any(hours.weekly):
        return
    due = due_after(hours, start, seconds)
    assert business_seconds_between(hours, start, due) == seconds
    assert business_seconds_between(hours, start, due - timedelta(seconds=1)) == seconds - 1


@given(zones, weekly, dates, st.tuples(moments, moments, moments))
def test_the_parts_add_up_to_the_whole(
    zone: str,
    week: list[list[tuple[int, int]]],
    holidays: frozenset[date],
    ends: tuple[datetime, datetime, datetime],
) -> None:
    hours = hours_of(zone, week, holidays)
    first, middle, last = sorted(ends)
    whole = business_seconds_between(hours, first, last)
    parts = (
        business_seconds_between(hours, first, middle),
        business_seconds_between(hours, middle, last),
    )
    assert sum(parts) == whole


@settings(max_examples=40, deadline=None)
@given(zones, weekly, dates, moments, st.integers(0, 4 * 24 * 60))
def test_every_minute_is_judged_by_the_clock_on_the_wall(
    zone: str,
    week: list[list[tuple[int, int]]],
    holidays: frozenset[date],
    start: datetime,
    minutes: int,
) -> None:
    hours = hours_of(zone, week, holidays)
    start = start.replace(second=0, microsecond=0)
    opened = 0
    for minute in range(minutes):
        wall = (start + timedelta(minutes=minute)).astimezone(ZoneInfo(zone))
        second = wall.hour * 3600 + wall.minute * 60 + wall.second
        is_open = any(a <= second < b for a, b in hours.weekly[wall.weekday()])
        opened += 60 * (is_open and wall.date() not in hours.holidays)
    assert business_seconds_between(hours, start, start + timedelta(minutes=minutes)) == opened
