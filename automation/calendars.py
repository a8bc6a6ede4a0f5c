"""Which opening hours applied, to which team, at which moment: values in, values out."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from automation.business_time import BusinessHours


class Spell(NamedTuple):
    """A stretch of time under one calendar; `hours` is None where none was in force."""

    start: datetime
    end: datetime
    hours: BusinessHours | None


@dataclass(frozen=True)
class CalendarChange:
    """From `since` on a team works by these hours; team None is everybody without their own."""

    team_id: int | None
    since: datetime
    hours: BusinessHours


class CalendarHistory:
    """All calendar changes of a desk, so that a later one never rewrites what is past."""

    def __init__(self, changes: Iterable[CalendarChange]) -> None:
        ordered = sorted(changes, key=lambda change: change.since)
        self._default = [change for change in ordered if change.team_id is None]
        self._own: dict[int, list[CalendarChange]] = {}
        for change in ordered:
            if change.team_id is not None:
                self._own.setdefault(change.team_id, []).append(change)

    def hours_at(self, team_id: int | None, at: datetime) -> BusinessHours | None:
        """The hours that applied to a team at a moment: its own, else the default, else None."""
        own = _latest(self._changes_of(team_id), at)
        found = own or _latest(self._default, at)
        return found.hours if found else None

    def spells(self, team_id: int | None, start: datetime, end: datetime) -> Iterator[Spell]:
        """Cut [start, end) where the team's hours changed; an empty span yields one spell."""
        changes = (*self._changes_of(team_id), *self._default)
        cuts = sorted({change.since for change in changes if start < change.since < end})
        for begins, ends in zip((start, *cuts), (*cuts, end), strict=True):
            yield Spell(begins, ends, self.hours_at(team_id, begins))

    def _changes_of(self, team_id: int | None) -> list[CalendarChange]:
        return self._own.get(team_id, []) if team_id is not None else []


def _latest(changes: list[CalendarChange], at: datetime) -> CalendarChange | None:
    number = bisect_right(changes, at, key=lambda change: change.since)
    return changes[number - 1] if number else None


NO_CALENDARS = CalendarHistory(())


def one_calendar(hours: BusinessHours, since: datetime) -> CalendarHistory:
    """A desk that has worked by one calendar since a moment."""
    return CalendarHistory((CalendarChange(None, since, hours),))
