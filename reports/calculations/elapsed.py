"""Spans of a ticket's life, measured in calendar seconds and in business seconds."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, reduce
from itertools import groupby
from operator import add
from typing import NamedTuple, Protocol

from automation.business_time import business_seconds_between
from automation.calendars import Spell
from reports.calculations.events import Event, HumanReply, customer_messages, human_replies, states
from reports.calculations.lifecycle import Flow, Resolution, flows, resolutions


class Calendars(Protocol):
    """Knows which hours applied to a team at each moment (`automation.calendars`)."""

    def spells(self, team_id: int | None, start: datetime, end: datetime) -> Iterable[Spell]:
        """Cut [start, end) where the hours changed; an empty span yields one spell."""


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Seconds; `business` is None as soon as any part had no calendar, never 0 instead."""

    calendar: int
    business: int | None

    def __add__(self, other: "Elapsed") -> "Elapsed":
        known = self.business is not None and other.business is not None
        business = (self.business or 0) + (other.business or 0) if known else None
        return Elapsed(self.calendar + other.calendar, business)


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds on a clock. A running one shows what it read at the time of calculation: "at least".

    `running_since` is where the running stretch began; None once the clock has stopped.
    """

    calendar: int
    business: int | None
    running_since: datetime | None = None

    @property
    def is_running(self) -> bool:
        return self.running_since is not None


class Span(NamedTuple):
    """A stretch of a ticket's life between two events, with its state during it."""

    start: datetime
    end: datetime
    status: str
    team_id: int | None
    assignee_id: int | None
    is_backlog: bool


class Track:
    """The life of one ticket up to `now`; what several figures need is worked out once."""

    def __init__(self, events: Sequence[Event], calendars: Calendars, now: datetime) -> None:
        self.events = events
        self.now = max(now, events[-1].at)
        self._calendars = calendars

    @property
    def opened_at(self) -> datetime:
        return self.events[0].at

    @cached_property
    def asked_at(self) -> tuple[datetime, ...]:
        """When the customer wrote, oldest first."""
        return tuple(message.at for message in customer_messages(self.events))

    @cached_property
    def replies(self) -> tuple[HumanReply, ...]:
        """The replies of agents that reached the channel, oldest first."""
        return tuple(human_replies(self.events))

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """Every crossing of the backlog's border, oldest first."""
        return tuple(flows(self.events))

    @cached_property
    def resolutions(self) -> tuple[Resolution, ...]:
        """Every time the ticket was resolved, oldest first."""
        return tuple(resolutions(self.flows, self.replies))

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Every stretch between two events, and the last one up to `now`."""
        ends = (*(event.at for event in self.events[1:]), self.now)
        return tuple(
            Span(
                state.event.at,
                end,
                state.event.status,
                state.event.team_id,
                state.event.assignee_id,
                state.is_backlog,
            )
            for state, end in zip(states(self.events), ends, strict=True)
        )

    @cached_property
    def watched_until(self) -> datetime:
        """Now while the ticket is in the backlog, else the moment it left."""
        return max((span.end for span in self.spans if span.is_backlog), default=self.opened_at)

    def measure(self, start: datetime, end: datetime) -> Elapsed:
        """Time [start, end) under the calendars of the teams that had the ticket."""
        calendar = max(0, _whole_seconds(start, end))
        business = 0
        for team_id, begins, ends in self._stays_between(start, end):
            for spell in self._calendars.spells(team_id, begins, ends):
                if spell.hours is None:
                    return Elapsed(calendar, None)
                business += business_seconds_between(spell.hours, spell.start, spell.end)
        return Elapsed(calendar, business)

    def clock(self, start: datetime, end: datetime | None) -> Clock:
        """A clock from `start` to `end`; without an end it runs while the ticket is watched."""
        elapsed = self.measure(start, max(start, self.watched_until) if end is None else end)
        return Clock(elapsed.calendar, elapsed.business, start if end is None else None)

    def total(self, belongs: Callable[[Span], bool]) -> Clock:
        """A clock over all spans that belong; it is running when the ticket is in one now."""
        runs = self._runs(belongs)
        if not runs:
            nothing = self.measure(self.opened_at, self.opened_at)
            return Clock(nothing.calendar, nothing.business)
        measured = [self.measure(start, end) for start, end in runs]
        elapsed = reduce(add, measured)
        running_since = runs[-1][0] if belongs(self.spans[-1]) else None
        return Clock(elapsed.calendar, elapsed.business, running_since)

    def _runs(self, belongs: Callable[[Span], bool]) -> list[tuple[datetime, datetime]]:
        runs: list[tuple[datetime, datetime]] = []
        for span in filter(belongs, self.spans):
            if runs and runs[-1][1] == span.start:
                runs[-1] = (runs[-1][0], span.end)
            else:
                runs.append((span.start, span.end))
        return runs

    @cached_property
    def _stays(self) -> tuple[tuple[int | None, datetime, datetime], ...]:
        """The (team, from, to) of the ticket's life, neighbouring spans of one team joined."""
        return tuple(
            (team_id, stay[0].start, stay[-1].end)
            for team_id, stay in (
                (team_id, list(spans))
                for team_id, spans in groupby(self.spans, key=lambda span: span.team_id)
            )
        )

    def _stays_between(
        self, start: datetime, end: datetime
    ) -> Iterator[tuple[int | None, datetime, datetime]]:
        """The stays cut to [start, end); an empty span lies in the stay of its moment."""
        if start >= end:
            team_id = next((stay[0] for stay in reversed(self._stays) if stay[1] <= start), None)
            yield team_id, start, start
            return
        for team_id, begins, ends in self._stays:
            if begins < end and ends > start:
                yield team_id, max(begins, start), min(ends, end)


def _whole_seconds(start: datetime, end: datetime) -> int:
    return int(end.timestamp()) - int(start.timestamp())
