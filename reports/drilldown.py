"""The tickets behind a figure: exactly those that were counted."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import F, Q, QuerySet

from reports.metrics import satisfaction, sets
from reports.metrics.scope import Scope
from reports.models import TicketMetrics
from reports.tables import DIMENSIONS
from surveys.scales import SurveyKind

Behind = Callable[[Scope, Q], QuerySet[TicketMetrics]]


def _tickets(find: Callable[[Scope], QuerySet[TicketMetrics]]) -> Behind:
    return lambda scope, narrowed: find(scope).filter(narrowed)


def _of_rows(find: Callable[[Scope], QuerySet[Any]], column: str = "metrics_id") -> Behind:
    def behind(scope: Scope, narrowed: Q) -> QuerySet[TicketMetrics]:
        rows = find(scope).filter(narrowed).order_by()
        return TicketMetrics.objects.filter(ticket__in=rows.values(column))

    return behind


def _first_contact(scope: Scope, narrowed: Q) -> QuerySet[TicketMetrics]:
    missed = sets.missed_first_contact(scope).order_by().values("metrics_id")
    return _of_rows(sets.known)(scope, narrowed).exclude(ticket__in=missed)


def _timed(metric: str, find: Callable[[Scope], QuerySet[TicketMetrics]]) -> Behind:
    def behind(scope: Scope, narrowed: Q) -> QuerySet[TicketMetrics]:
        column = f"{metric}_{scope.basis}"
        return find(scope).filter(narrowed).exclude(**{column: None})

    return behind


def _answered(kind: str) -> Behind:
    return _of_rows(lambda scope: satisfaction.answers(scope, kind), "invitation__ticket_id")


def _sent(kind: str) -> Behind:
    return _of_rows(lambda scope: satisfaction.sent(scope, kind).exclude(ticket=None), "ticket_id")


BEHIND: Mapping[str, Behind] = {
    "created": _tickets(sets.created),
    "resolved": _of_rows(sets.resolved),
    "reopened": _of_rows(sets.reopened),
    "backlog": _tickets(sets.backlog),
    "resolution_rate": _tickets(sets.created_and_solved),
    "throughput_ratio": _of_rows(sets.resolved),
    "first_response_time": _timed("first_response_time", sets.asked),
    "next_reply_time": _of_rows(lambda scope: sets.exchanges(scope).exclude(**{scope.basis: None})),
    "full_resolution_time": _timed("full_resolution_time", sets.created),
    "requester_wait_time": _timed("requester_wait_time", sets.created),
    "one_touch": _tickets(sets.one_touch),
    "first_contact_resolution": _first_contact,
    "reopen_rate": _of_rows(sets.reopened_in_time),
    "transfer_rate": _tickets(sets.created_and_transferred),
    "csat": _answered(SurveyKind.CSAT),
    "nps": _answered(SurveyKind.NPS),
    "csat_response_rate": _sent(SurveyKind.CSAT),
    "nps_response_rate": _sent(SurveyKind.NPS),
}


def tickets_behind(
    metric: str, scope: Scope, *, group: str = "", key: int | None = None
) -> QuerySet[TicketMetrics]:
    """The tickets of a figure, newest first; `group` and `key` choose one row of a table.

    Raises KeyError for an unknown figure or group.
    """
    narrowed = Q()
    if group:
        narrowed = Q(**{getattr(DIMENSIONS[group], metric): key})
    found = BEHIND[metric](scope, narrowed)
    return found.select_related("ticket", "requester", "team", "assignee", "channel").order_by(
        F("opened_at").desc(), "-ticket"
    )
