"""Summaries of stored durations: one read of a metric serves every team, agent and channel."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from reports.calculations.percentiles import TimeSummary, summarize
from reports.metrics import sets
from reports.metrics.scope import Scope

NOTHING = summarize(())
COLUMNS: Mapping[str, int] = {"team": 0, "agent": 1, "channel": 2, "business": 3, "calendar": 4}
IS_RUNNING = 5


@dataclass(frozen=True)
class Readings:
    """All durations of one metric: (team, credited agent, channel, business, calendar, running).

    Durations are seconds; the business one is None where no calendar applied.
    """

    rows: list[tuple[Any, ...]]

    def overall(self, basis: str) -> TimeSummary:
        """The summary of all of them, by business or by calendar hours."""
        return _summary(self.rows, COLUMNS[basis])

    def count_by(self, group: str) -> Counter[Hashable]:
        """How many there are for each team, agent or channel."""
        return Counter(row[COLUMNS[group]] for row in self.rows)

    def by(self, group: str, basis: str) -> dict[Hashable, TimeSummary]:
        """A summary for each team, agent or channel."""
        column = COLUMNS[group]
        groups: dict[Hashable, list[tuple[Any, ...]]] = {}
        for row in self.rows:
            groups.setdefault(row[column], []).append(row)
        return {key: _summary(rows, COLUMNS[basis]) for key, rows in groups.items()}


Metric = Callable[[Scope], Readings]


def first_response_time(scope: Scope) -> Readings:
    """From the customer's first message to the first public reply of an agent; by first message."""
    return _clock(sets.asked(scope), "first_response_time", agent="first_responder_id")


def next_reply_time(scope: Scope) -> Readings:
    """From each first unanswered message to the next public reply of an agent."""
    columns = ("ticket_team_id", "agent_id", "channel_id", "business", "calendar")
    return _readings(sets.exchanges(scope), columns, "running_since")


def full_resolution_time(scope: Scope) -> Readings:
    """From creation to the last time it was resolved; by creation."""
    return _clock(sets.created(scope), "full_resolution_time", agent="resolved_by_id")


def requester_wait_time(scope: Scope) -> Readings:
    """Total time that the customer waited for us; by creation."""
    return _clock(sets.created(scope), "requester_wait_time", agent="assignee_id")


def _clock(tickets: QuerySet[Any], name: str, agent: str) -> Readings:
    columns = ("team_id", agent, "channel_id", f"{name}_business", f"{name}_calendar")
    return _readings(tickets, columns, f"{name}_running_since")


def _readings(rows: QuerySet[Any], columns: tuple[str, ...], running: str) -> Readings:
    is_running = Case(
        When(**{f"{running}__isnull": False}, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    marked = rows.order_by().annotate(still=is_running)
    return Readings(list(marked.values_list(*columns, "still").iterator(20_000)))


def _summary(rows: Iterable[tuple[Any, ...]], column: int) -> TimeSummary:
    return summarize([(row[column], row[IS_RUNNING]) for row in rows if row[column] is not None])
