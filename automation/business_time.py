"""Business time: how long a desk was open between two moments, and when a promise falls due.

One rule: a moment is business time when the clock on the wall of the calendar's zone shows a time
inside the opening hours of that date. Everything follows from it. When the clock is turned back,
the repeated hour is open twice if its hours are; when it is turned forward, the skipped hour
lasts no time. A holiday closes one date from midnight to midnight, so a night shift that began
the evening before ends at midnight.

Fractions of a second are dropped from every moment first, so that the parts of a span add up to
the whole. Nothing here loops over minutes: the cost grows with the years in a span, not with the
days.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

Interval = tuple[int, int]
"""Opening and closing, in seconds of the wall clock since midnight, half-open."""

Week = tuple[tuple[Interval, ...], ...]
"""The intervals of each weekday, Monday first."""

DAY = 86_400
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ORIGIN = datetime(1, 1, 1, tzinfo=UTC)  # a Monday, so that day numbers modulo 7 are weekdays
_EPOCH = (datetime(1970, 1, 1, tzinfo=UTC) - _ORIGIN).days * DAY


class NeverOpenError(ValueError):
    """A due time was asked of a calendar without a single opening hour."""


@dataclass(frozen=True)
class BusinessHours:
    """Opening hours in one IANA zone; `breaks` are exceptional closed intervals on one date."""

    zone: str
    weekly: Week
    holidays: frozenset[date] = frozenset()
    breaks: tuple[tuple[date, tuple[Interval, ...]], ...] = field(default=())

    def __post_init__(self) -> None:
        ZoneInfo(self.zone)
        if len(self.weekly) != len(WEEKDAYS):
            raise ValueError("Opening hours need all seven weekdays.")
        for intervals in (*self.weekly, *(closed for _, closed in self.breaks)):
            for opens, closes in intervals:
                if not 0 <= opens < closes <= DAY:
                    raise ValueError("An interval must lie within one day and end after it starts.")

    @classmethod
    def build(
        cls,
        *,
        zone: str,
        hours: Mapping[str, Iterable[Sequence[str]]],
        holidays: Iterable[date] = (),
        breaks: Iterable[tuple[date, Iterable[Sequence[str]]]] = (),
    ) -> "BusinessHours":
        """Build hours from clock times, `{"mon": [["09:00", "12:00"], ["13:00", "24:00"]]}`.

        An interval that ends at or before its start runs past midnight into the next weekday.
        Raises ValueError on an unknown weekday, a bad clock time or an unknown zone.
        """
        if unknown := set(hours) - set(WEEKDAYS):
            raise ValueError(f"Unknown weekday: {', '.join(sorted(unknown))}")
        week: list[list[Interval]] = [[] for _ in WEEKDAYS]
        for number, weekday in enumerate(WEEKDAYS):
            for day, interval in _split_at_midnight(hours.get(weekday, ())):
                week[(number + day) % 7].append(interval)
        closed: dict[date, list[Interval]] = {}
        for on, intervals in breaks:
            for day, interval in _split_at_midnight(intervals):
                closed.setdefault(on + timedelta(days=day), []).append(interval)
        return cls(
            zone=zone,
            weekly=tuple(_merged(intervals) for intervals in week),
            holidays=frozenset(holidays),
            breaks=tuple((on, _merged(closed[on])) for on in sorted(closed)),
        )

    @classmethod
    def around_the_clock(cls, zone: str = "UTC") -> "BusinessHours":
        """24 hours on 7 days, without holidays."""
        return cls(zone=zone, weekly=(((0, DAY),),) * len(WEEKDAYS))

    @cached_property
    def _wall(self) -> "_WallClock":
        return _WallClock.of(self)


def business_seconds_between(hours: BusinessHours, start: datetime, end: datetime) -> int:
    """Count the open seconds in [start, end); 0 when `end` is not after `start`."""
    first, last = _seconds(start), _seconds(end)
    if last <= first:
        return 0
    opened_before = hours._wall.opened_before
    total = 0
    for begins, ends, offset in _offsets_from(hours.zone, first):
        if begins >= last:
            break
        total += opened_before(min(ends, last) + offset) - opened_before(begins + offset)
    return total


def due_after(hours: BusinessHours, start: datetime, business_seconds: int) -> datetime:
    """Find the earliest moment (UTC) with `business_seconds` open seconds since `start`.

    A budget that is used up exactly at closing time is due at closing time, not at the next
    opening. Raises NeverOpenError when the budget can never be used up.
    """
    begin = _seconds(start)
    if business_seconds <= 0:
        return _moment(begin)
    wall = hours._wall
    if not wall.week_total:
        raise NeverOpenError(f"A calendar in {hours.zone} has no opening hours.")
    left = business_seconds
    for begins, ends, offset in _offsets_from(hours.zone, begin):
        opened = wall.opened_before(begins + offset)
        available = wall.opened_before(ends + offset) - opened
        if available >= left:
            return _moment(wall.first_with(opened + left, begins + offset, ends + offset) - offset)
        left -= available
    raise NeverOpenError("The due time lies beyond the calendar's last year.")


def offset_changes(zone: str, start: datetime, end: datetime) -> list[tuple[int, int]]:
    """The zone's offsets from UTC during [start, end), as (from when, offset).

    Both in seconds, the moments since 1970; the first begins at `start`.
    """
    found: list[tuple[int, int]] = []
    for begins, _ends, offset in _offsets_from(zone, _seconds(start)):
        if begins >= _seconds(end) and found:
            break
        if not found or found[-1][1] != offset:
            found.append((begins - _EPOCH, offset))
    return found


@dataclass(frozen=True)
class _WallClock:
    """Opening hours on an endless wall clock without jumps, in seconds since 0001-01-01."""

    weekly: Week
    week_total: int
    before_weekday: tuple[int, ...]
    special: Mapping[int, tuple[Interval, ...]]
    special_days: tuple[int, ...]
    lost_before: tuple[int, ...]

    @classmethod
    def of(cls, hours: BusinessHours) -> "_WallClock":
        per_weekday = [_length(intervals) for intervals in hours.weekly]
        special = {
            _day(on): _without(hours.weekly[on.weekday()], closed) for on, closed in hours.breaks
        }
        special |= {_day(on): () for on in hours.holidays}
        days = tuple(sorted(special))
        lost = (per_weekday[day % 7] - _length(special[day]) for day in days)
        return cls(
            weekly=hours.weekly,
            week_total=sum(per_weekday),
            before_weekday=tuple(accumulate(per_weekday, initial=0)),
            special=special,
            special_days=days,
            lost_before=tuple(accumulate(lost, initial=0)),
        )

    def opened_before(self, wall: int) -> int:
        """Open seconds from the origin up to a wall time."""
        day, second = divmod(wall, DAY)
        total = self._opened_before_day(day)
        for opens, closes in self._intervals(day):
            if second > opens:
                total += min(second, closes) - opens
        return total

    def first_with(self, opened: int, low: int, high: int) -> int:
        """The first wall time in [low, high] with that many open seconds before it."""
        days = range(low // DAY, high // DAY + 1)
        after = bisect_left(days, opened, key=lambda day: self._opened_before_day(day + 1))
        day = days[after]
        left = opened - self._opened_before_day(day)
        for opens, closes in self._intervals(day):
            if left <= closes - opens:
                return day * DAY + opens + left
            left -= closes - opens
        raise AssertionError("the day was chosen because it is open long enough")

    def _opened_before_day(self, day: int) -> int:
        week, weekday = divmod(day, 7)
        lost = self.lost_before[bisect_left(self.special_days, day)]
        return week * self.week_total + self.before_weekday[weekday] - lost

    def _intervals(self, day: int) -> tuple[Interval, ...]:
        special = self.special.get(day)
        return self.weekly[day % 7] if special is None else special


def _offsets_from(zone: str, begin: int) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, offset of the zone), in UTC seconds, from `begin` onwards."""
    for year in range(_moment(begin).year, MAXYEAR):
        for begins, ends, offset in _offsets_in_year(zone, year):
            if ends > begin:
                yield max(begins, begin), ends, offset


@lru_cache(maxsize=4096)
def _offsets_in_year(zone: str, year: int) -> tuple[tuple[int, int, int], ...]:
    """The spells of constant offset in one UTC year; zoneinfo does not tell its transitions."""
    first = _seconds(datetime(year, 1, 1, tzinfo=UTC))
    end = _seconds(datetime(year + 1, 1, 1, tzinfo=UTC))
    info = ZoneInfo(zone)
    spells = []
    begins, offset = first, _offset(info, first)
    for next_day in range(first + DAY, end + DAY, DAY):
        sample = min(next_day, end - 1)
        if _offset(info, sample) != offset:
            change = _change(info, sample - DAY, sample)
            spells.append((begins, change, offset))
            begins, offset = change, _offset(info, change)
    spells.append((begins, end, offset))
    return tuple(spells)


def _change(info: ZoneInfo, low: int, high: int) -> int:
    """The second in (low, high] from which the offset is the one at `high`."""
    after = _offset(info, high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _offset(info, middle) == after else (middle, high)
    return high


def _offset(info: ZoneInfo, seconds: int) -> int:
    offset = _moment(seconds).astimezone(info).utcoffset()
    assert offset is not None
    return offset.days * DAY + offset.seconds


def _seconds(moment: datetime) -> int:
    elapsed = moment.astimezone(UTC) - _ORIGIN
    return elapsed.days * DAY + elapsed.seconds


def _moment(seconds: int) -> datetime:
    return _ORIGIN + timedelta(seconds=seconds)


def _day(on: date) -> int:
    return on.toordinal() - 1


def _split_at_midnight(intervals: Iterable[Sequence[str]]) -> Iterator[tuple[int, Interval]]:
    """Yield (0 for the same day or 1 for the next, interval)."""
    for opening, closing in intervals:
        opens, closes = _clock_time(opening), _clock_time(closing)
        if opens == DAY:
            raise ValueError("Opening hours cannot start at 24:00.")
        if closes > opens:
            yield 0, (opens, closes)
            continue
        yield 0, (opens, DAY)
        if closes:
            yield 1, (0, closes)


def _clock_time(text: str) -> int:
    parts = [int(part) for part in text.split(":")]
    if len(parts) not in (2, 3):
        raise ValueError(f"Not a clock time: {text}")
    hour, minute, second = (*parts, 0)[:3]
    total = hour * 3600 + minute * 60 + second
    if not (0 <= minute < 60 and 0 <= second < 60 and hour >= 0 and total <= DAY):
        raise ValueError(f"Not a clock time: {text}")
    return total


def _merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for opens, closes in sorted(intervals):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(closes, merged[-1][1]))
        else:
            merged.append((opens, closes))
    return tuple(merged)


def _without(intervals: Iterable[Interval], closed: Iterable[Interval]) -> tuple[Interval, ...]:
    left = list(intervals)
    for start, end in closed:
        left = [
            part
            for opens, closes in left
            for part in ((opens, min(closes, start)), (max(opens, end), closes))
            if part[0] < part[1]
        ]
    return tuple(left)


def _length(intervals: Iterable[Interval]) -> int:
    return sum(closes - opens for opens, closes in intervals)
