"""What can be downloaded: each table of the report, numbers plain and durations in seconds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from reports import tables
from reports.calculations.percentiles import TimeSummary
from reports.definitions import DEFINITIONS
from reports.exports import csv_response
from reports.metrics import counts, satisfaction, sets
from reports.metrics.scope import Scope
from reports.metrics.times import requester_wait_time
from reports.models import CLOCKS, TicketFlow
from reports.tiles import TIMED
from surveys.scales import SurveyKind
from surveys.statistics import Share

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words

Rows = Iterator[Sequence[Any]]
TIME_COLUMNS = ("n", "running", "median", "p75", "p90", "mean", "at_least")


@dataclass(frozen=True)
class Download:
    """One table: its name, its columns and where its rows come from."""

    name: str
    label: "Words"
    header: tuple[str, ...]
    rows: Callable[[Scope], Rows]

    def response(self, scope: Scope) -> StreamingHttpResponse:
        """The table as CSV, named after its period."""
        name = f"{self.name}-{scope.first.isoformat()}-{scope.last.isoformat()}"
        return csv_response(name, self.header, self.rows(scope))


def figures(scope: Scope) -> Rows:
    """Every figure with what it rests on, its interval and its definition."""
    cohort, solutions = counts.cohort(scope), counts.solutions(scope)
    for key, value in (
        ("created", cohort.created),
        ("resolved", solutions.times),
        ("reopened", counts.reopened(scope)),
        ("backlog", counts.backlog(scope).closing),
        ("throughput_ratio", counts.throughput_ratio(cohort, solutions)),
    ):
        yield (key, value, "", "", "", DEFINITIONS[key].text)
    for key, share in _shares(scope, cohort, solutions):
        yield (key, share.percent, share.n, share.low, share.high, DEFINITIONS[key].text)
    nps = satisfaction.nps(scope)
    low = nps.score - nps.margin if nps.score is not None and nps.margin is not None else None
    high = nps.score + nps.margin if nps.score is not None and nps.margin is not None else None
    yield ("nps", nps.score, nps.n, low, high, DEFINITIONS["nps"].text)


def _shares(
    scope: Scope, cohort: counts.Cohort, solutions: counts.Solutions
) -> Iterator[tuple[str, Share]]:
    yield "resolution_rate", cohort.resolution_rate
    yield "one_touch", cohort.one_touch_rate
    yield "first_contact_resolution", solutions.first_contact_resolution.share
    yield "reopen_rate", solutions.reopen_rate.share
    yield "transfer_rate", cohort.transfer_rate
    yield "csat", satisfaction.csat(scope).satisfied
    yield "csat_response_rate", satisfaction.response_rate(scope, SurveyKind.CSAT)
    yield "nps_response_rate", satisfaction.response_rate(scope, SurveyKind.NPS)


def times(scope: Scope) -> Rows:
    """Every time figure by business and by calendar hours, in seconds."""
    readings = {
        **{key: metric(scope) for key, metric in TIMED.items()},
        "requester_wait_time": requester_wait_time(scope),
    }
    for row in tables.time_rows(readings):
        yield (row.key, row.basis, *_summary(row.summary))


def days(scope: Scope) -> Rows:
    """The backlog day by day."""
    for day in counts.backlog(scope).days:
        yield (
            day.day,
            *(getattr(day, kind) for kind in TicketFlow.Kind.values),
            day.backlog,
        )


def _by(name: str) -> Callable[[Scope], Rows]:
    def rows(scope: Scope) -> Rows:
        readings = {key: metric(scope) for key, metric in TIMED.items()}
        for row in tables.table(scope, name, readings, counts.credits(scope)[name]).rows:
            yield (
                row.name,
                row.created,
                row.resolved,
                *_summary(row.first_response_time),
                *_summary(row.full_resolution_time),
                row.csat.satisfied.percent,
                row.csat.n,
                row.csat.satisfied.low,
                row.csat.satisfied.high,
            )

    return rows


def tickets(scope: Scope) -> Rows:
    """Every ticket created in the period with all its clocks, in seconds."""
    found = sets.created(scope).select_related("ticket", "channel", "team", "assignee")
    for metrics in found.order_by("ticket").iterator(2000):
        yield (
            metrics.ticket_id,
            metrics.ticket.subject,
            metrics.ticket.status,
            metrics.channel.name,
            metrics.team.name if metrics.team else "",
            metrics.assignee.name if metrics.assignee else "",
            metrics.opened_at.astimezone(scope.zone),
            metrics.resolved_at.astimezone(scope.zone) if metrics.resolved_at else "",
            *(getattr(metrics, column) for column in CLOCK_COLUMNS),
            metrics.human_replies,
            metrics.transfers,
            metrics.reopenings,
            metrics.one_touch,
        )


CLOCK_COLUMNS = tuple(
    f"{name}_{part}" for name in CLOCKS for part in ("calendar", "business", "running_since")
)
_ROW_HEADER = (
    "name",
    "created",
    "resolved",
    *(f"first_response_time_{column}" for column in TIME_COLUMNS),
    *(f"full_resolution_time_{column}" for column in TIME_COLUMNS),
    "csat",
    "csat_n",
    "csat_low",
    "csat_high",
)

TABLES: Mapping[str, Download] = {
    table.name: table
    for table in (
        Download(
            "figures", _("Figures"), ("metric", "value", "n", "low", "high", "definition"), figures
        ),
        Download("times", _("Times"), ("metric", "hours", *TIME_COLUMNS), times),
        Download("days", _("Days"), ("day", *TicketFlow.Kind.values, "backlog"), days),
        Download("teams", _("Teams"), _ROW_HEADER, _by("team")),
        Download("agents", _("Agents"), _ROW_HEADER, _by("agent")),
        Download("channels", _("Channels"), _ROW_HEADER, _by("channel")),
        Download(
            "tickets",
            _("Tickets created in the period"),
            (
                *("ticket", "subject", "status", "channel", "team", "assignee"),
                *("created", "resolved"),
                *CLOCK_COLUMNS,
                *("human_replies", "transfers", "reopenings", "one_touch"),
            ),
            tickets,
        ),
    )
}


def _summary(summary: TimeSummary) -> tuple[Any, ...]:
    estimates = {name: getattr(summary, name) for name in ("median", "p75", "p90", "mean")}
    at_least = " ".join(name for name, value in estimates.items() if value.is_at_least)
    seconds = (value.seconds for value in estimates.values())
    return (summary.n, summary.running, *seconds, at_least)
