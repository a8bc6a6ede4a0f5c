"""The backlog day by day, and the proof that it adds up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from reports.calculations.lifecycle import FlowKind


@dataclass(frozen=True, slots=True)
class BacklogDay:
    """One day in the reader's zone: what came in, what went out, what stood at its end."""

    day: date
    created: int
    reopened: int
    restored: int
    resolved: int
    removed: int
    backlog: int

    @property
    def change(self) -> int:
        return self.created + self.reopened + self.restored - self.resolved - self.removed


def daily_backlog(
    *, opening: int, days: Iterable[date], flows: Mapping[tuple[date, str], int]
) -> list[BacklogDay]:
    """Carry the backlog over the days, oldest first.

    backlog(d) = backlog(d-1) + created(d) + reopened(d) + restored(d) - resolved(d) - removed(d);
    `opening` is what stood at the end of the day before the first.
    """
    found: list[BacklogDay] = []
    for day in days:
        of_day = {kind.value: flows.get((day, kind.value), 0) for kind in FlowKind}
        before = found[-1].backlog if found else opening
        found.append(BacklogDay(day, **of_day, backlog=before + _net(of_day)))
    return found


def adds_up(days: Iterable[BacklogDay], *, opening: int, counted: int) -> bool:
    """Whether the days lead from the opening stand to the tickets counted at the end."""
    return opening + sum(day.change for day in days) == counted


def _net(of_day: Mapping[str, int]) -> int:
    came = of_day["created"] + of_day["reopened"] + of_day["restored"]
    return came - of_day["resolved"] - of_day["removed"]
