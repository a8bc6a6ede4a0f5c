"""Summaries of stored durations: the database orders, `calculations.percentiles` interpolates."""

from collections.abc import Callable, Hashable
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from reports.calculations.percentiles import Observation, TimeSummary, summarize, summarize_ranks
from reports.metrics import sets
from reports.metrics.scope import Scope

NOTHING = summarize(())
EVERYTHING = None
Summaries = dict[Hashable, TimeSummary]
Metric = Callable[[Scope], Summaries]


def first_response_time(scope: Scope, group: str | None = None) -> Summaries:
    """From the customer's first message to the first public reply of an agent; by first message."""
    return _summaries(
        sets.asked(scope),
        value=f"first_response_time_{scope.basis}",
        running="first_response_time_running_since",
        group=group,
    )


def next_reply_time(scope: Scope, group: str | None = None) -> Summaries:
    """From each first unanswered message to the next public reply of an agent."""
    return _summaries(
        sets.exchanges(scope), value=scope.basis, running="running_since", group=group
    )


def full_resolution_time(scope: Scope, group: str | None = None) -> Summaries:
    """From creation to the last time it was resolved; by creation."""
    return _summaries(
        sets.created(scope),
        value=f"full_resolution_time_{scope.basis}",
        running="full_resolution_time_running_since",
        group=group,
    )


def requester_wait_time(scope: Scope, group: str | None = None) -> Summaries:
    """Total time that the customer waited for us; by creation."""
    return _summaries(
        sets.created(scope),
        value=f"requester_wait_time_{scope.basis}",
        running="requester_wait_time_running_since",
        group=group,
    )


def overall(summaries: Summaries) -> TimeSummary:
    """The summary over everything, of summaries without a group."""
    return summaries.get(EVERYTHING, NOTHING)


def _summaries(rows: QuerySet[Any], *, value: str, running: str, group: str | None) -> Summaries:
    rows = rows.filter(**{f"{value}__isnull": False})
    ranks = _ranks(rows, value, running, group)
    return {
        key: summarize_ranks(ranks[key], n=n, running=still, total=float(total))
        for key, n, still, total in _totals(rows, value, running, group)
        if n
    }


def _totals(
    rows: QuerySet[Any], value: str, running: str, group: str | None
) -> list[tuple[Hashable, int, int, int]]:
    figures = {
        "n": Count("pk"),
        "still": Count("pk", filter=Q(**{f"{running}__isnull": False})),
        "total": Sum(value),
    }
    if group is None:
        found = rows.order_by().aggregate(**figures)
        return [(EVERYTHING, found["n"], found["still"], found["total"] or 0)]
    grouped = rows.order_by().values(group).annotate(**figures)
    return list(grouped.values_list(group, "n", "still", "total"))


def _ranks(
    rows: QuerySet[Any], value: str, running: str, group: str | None
) -> dict[Hashable, dict[int, Observation]]:
    """The observations that median, p75 and p90 of each group rest on (`needed_ranks`)."""
    partition = [F(group)] if group else None
    order = [F(value).asc(), F(running).asc(nulls_first=True)]
    last = F("size") - 1
    ranked = rows.order_by().annotate(
        rank=Window(RowNumber(), order_by=order, partition_by=partition) - 1,
        size=Window(Count("*"), partition_by=partition),
    )
    wanted = Q()
    for part, whole in ((1, 2), (3, 4), (9, 10)):
        wanted |= Q(rank=last * part / whole) | Q(rank=(last * part + whole - 1) / whole)
    columns = ("rank", value, running, *([group] if group else []))
    found: dict[Hashable, dict[int, Observation]] = {}
    for rank, seconds, since, *key in ranked.filter(wanted).values_list(*columns):
        of_group = found.setdefault(key[0] if key else EVERYTHING, {})
        of_group[rank] = Observation(seconds, since is not None)
    return found
