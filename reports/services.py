"""Verbs that calculate figures from the event log and keep them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Model
from django.utils import timezone

from automation.calendars import CalendarHistory
from automation.selectors import calendar_history
from helpdesk.lib.bulk import insert_rows
from reports.calculations.clocks import TicketClocks, ticket_clocks
from reports.calculations.events import Event
from reports.freshness import figures_have_changed
from reports.models import (
    CLOCKS,
    ReplyTime,
    StaleTicket,
    TicketFlow,
    TicketMetrics,
    TicketResolution,
)
from tickets.models import Ticket, TicketEvent

# Few enough that a writer on SQLite hardly waits for a batch.
BATCH = 200
ADVISORY_LOCK = 7_240_811
RUNNING_AGE = timedelta(minutes=10)
CHILDREN: tuple[type[Model], ...] = (TicketFlow, TicketResolution, ReplyTime)


@dataclass(frozen=True)
class Figures:
    """The rows of one ticket, ready to be kept or compared."""

    metrics: TicketMetrics
    children: tuple[Model, ...]


@dataclass(frozen=True)
class Difference:
    """What is stored for a ticket and what the event log says, where they are not the same."""

    ticket_id: int
    field: str
    stored: Any
    calculated: Any


def refresh_stale(*, limit: int = BATCH, now: datetime | None = None) -> int:
    """Calculate tickets that changed, oldest note first; return how many notes were done."""
    with _alone() as is_alone:
        if not is_alone:
            return 0
        notes = list(StaleTicket.objects.order_by("id").values_list("id", "ticket_id")[:limit])
        _refresh({ticket_id for _note_id, ticket_id in notes}, now or timezone.now())
        StaleTicket.objects.filter(id__in=[note_id for note_id, _ticket_id in notes]).delete()
        return len(notes)


def refresh_running(*, limit: int = BATCH, now: datetime | None = None) -> int:
    """Read the clocks that still run again when they were read some minutes ago."""
    now = now or timezone.now()
    with _alone() as is_alone:
        if not is_alone:
            return 0
        due = TicketMetrics.objects.filter(is_running=True, as_of__lt=now - RUNNING_AGE)
        ticket_ids = set(due.order_by("as_of").values_list("ticket_id", flat=True)[:limit])
        _refresh(ticket_ids, now)
        return len(ticket_ids)


def rebuild(*, now: datetime | None = None) -> Iterator[int]:
    """Calculate every ticket again; yield the number done so far."""
    calendars, now, done = calendar_history(), now or timezone.now(), 0
    last_note = StaleTicket.objects.aggregate(last=Max("id"))["last"] or 0
    for ticket_ids in _batches_of_tickets():
        with _alone(wait=True):
            _keep(list(calculate(ticket_ids, calendars, now)), set(ticket_ids))
        done += len(ticket_ids)
        yield done
    StaleTicket.objects.filter(id__lte=last_note).delete()


@contextmanager
def _alone(*, wait: bool = False) -> Iterator[bool]:
    """One transaction in which nobody else calculates; yields whether that was to be had.

    Two at a time could each read the events of a ticket and the slower one keep the older figures.
    SQLite's immediate transactions see to it by themselves.
    """
    with transaction.atomic():
        if connection.vendor != "postgresql":
            yield True
            return
        name = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {name}(%s)", [ADVISORY_LOCK])
            found = cursor.fetchone()
        yield wait or bool(found and found[0])


def _refresh(ticket_ids: set[int], now: datetime) -> None:
    if ticket_ids:
        _keep(list(calculate(ticket_ids, calendar_history(), now)), ticket_ids)


def differences() -> Iterator[Difference]:
    """Compare what is stored with what the event log says, each ticket as of its calculation.

    Tickets with a note that they changed are left out: they are known to be out of date.
    """
    calendars = calendar_history()
    for ticket_ids in _batches_of_tickets():
        stale = set(
            StaleTicket.objects.filter(ticket_id__in=ticket_ids).values_list("ticket_id", flat=True)
        )
        ids = [ticket_id for ticket_id in ticket_ids if ticket_id not in stale]
        stored = TicketMetrics.objects.in_bulk(ids)
        moments = {ticket_id: metrics.as_of for ticket_id, metrics in stored.items()}
        children = _stored_children(ids)
        for figures in calculate(ids, calendars, timezone.now(), moments):
            ticket_id = figures.metrics.ticket_id
            yield from _compare(figures, stored.get(ticket_id), children.get(ticket_id, ()))


def calculate(
    ticket_ids: Iterable[int],
    calendars: CalendarHistory,
    now: datetime,
    moments: dict[int, datetime] | None = None,
) -> Iterator[Figures]:
    """Calculate tickets from their events, as of `now` or of each ticket's own moment."""
    tickets = Ticket.objects.filter(id__in=ticket_ids).values_list(
        "id", "channel_id", "team_id", "assignee_id", "requester_id", "version"
    )
    events = _events_of(ticket_ids)
    for ticket in tickets:
        if ticket[0] in events:
            as_of = (moments or {}).get(ticket[0], now)
            yield _figures(ticket, ticket_clocks(events[ticket[0]], calendars, as_of))


def _events_of(ticket_ids: Iterable[int]) -> dict[int, list[Event]]:
    rows = (
        TicketEvent.objects.filter(ticket_id__in=ticket_ids)
        .order_by("ticket_id", "version")
        .values_list(
            "ticket_id",
            "kind",
            "at",
            "status",
            "team_id",
            "assignee_id",
            "actor_kind",
            "actor_id",
            "message_id",
            "data",
        )
    )
    return {
        ticket_id: [Event(*row[1:]) for row in of_ticket]
        for ticket_id, of_ticket in groupby(rows.iterator(5000), key=lambda row: row[0])
    }


def _figures(ticket: Sequence[Any], clocks: TicketClocks) -> Figures:
    ticket_id, channel_id, team_id, assignee_id, requester_id, version = ticket
    last = clocks.resolutions[-1] if clocks.resolutions and clocks.is_resolved else None
    metrics = TicketMetrics(
        ticket_id=ticket_id,
        as_of=clocks.as_of,
        version=version,
        is_counted=clocks.is_counted,
        is_backlog=clocks.is_counted and not clocks.is_resolved,
        is_running=clocks.is_counted and not clocks.is_resolved,
        channel_id=channel_id,
        team_id=team_id,
        assignee_id=assignee_id,
        requester_id=requester_id,
        first_responder_id=clocks.first_responder_id,
        resolved_by_id=last.agent_id if last else None,
        opened_at=clocks.opened_at,
        customer_wrote_at=clocks.customer_wrote_at,
        resolved_at=last.at if last else None,
        transfers=clocks.transfers,
        human_replies=clocks.human_replies,
        reopenings=len(clocks.reopened_at),
        one_touch=clocks.one_touch,
        **_clock_fields(clocks),
    )
    return Figures(metrics, tuple(_children(metrics, clocks)))


def _clock_fields(clocks: TicketClocks) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name in CLOCKS:
        clock = getattr(clocks, name)
        for part in ("calendar", "business", "running_since"):
            fields[f"{name}_{part}"] = getattr(clock, part) if clock else None
    return fields


def _children(metrics: TicketMetrics, clocks: TicketClocks) -> Iterator[Model]:
    shared = {
        "metrics_id": metrics.ticket_id,
        "is_counted": metrics.is_counted,
        "ticket_team_id": metrics.team_id,
        "ticket_assignee_id": metrics.assignee_id,
        "channel_id": metrics.channel_id,
    }
    for number, flow in enumerate(clocks.flows, 1):
        yield TicketFlow(
            **shared,
            number=number,
            kind=flow.kind.value,
            at=flow.at,
            second=int(flow.at.timestamp()),
            change=flow.change,
            team_id=flow.team_id,
            agent_id=flow.agent_id,
        )
    for number, resolution in enumerate(clocks.resolutions, 1):
        yield TicketResolution(
            **shared,
            number=number,
            at=resolution.at,
            team_id=resolution.team_id,
            agent_id=resolution.agent_id,
            human_replies=resolution.human_replies,
            reopened_at=resolution.reopened_at,
            is_reopened=resolution.is_reopened_within_window,
            is_first_contact=resolution.is_first_contact,
        )
    for number, exchange in enumerate(clocks.next_reply_times, 1):
        yield ReplyTime(
            **shared,
            number=number,
            asked_at=exchange.asked_at,
            answered_at=exchange.answered_at,
            agent_id=exchange.agent_id,
            calendar=exchange.clock.calendar,
            business=exchange.clock.business,
            running_since=exchange.clock.running_since,
        )


_METRIC_FIELDS = [field.attname for field in TicketMetrics._meta.concrete_fields][1:]


def _keep(figures: Sequence[Figures], ticket_ids: set[int]) -> None:
    for model in CHILDREN:
        model._default_manager.filter(metrics_id__in=ticket_ids).delete()
    kept = set(TicketMetrics.objects.filter(pk__in=ticket_ids).values_list("ticket_id", flat=True))
    insert_rows([one.metrics for one in figures if one.metrics.pk not in kept])
    TicketMetrics.objects.bulk_create(
        [one.metrics for one in figures if one.metrics.pk in kept],
        update_conflicts=True,
        unique_fields=["ticket_id"],
        update_fields=[name.removesuffix("_id") for name in _METRIC_FIELDS],
    )
    for model in CHILDREN:
        insert_rows([row for one in figures for row in one.children if isinstance(row, model)])
    transaction.on_commit(figures_have_changed)


def _batches_of_tickets() -> Iterator[list[int]]:
    ticket_ids = iter(list(Ticket.objects.order_by("id").values_list("id", flat=True)))
    while batch := list(islice(ticket_ids, BATCH)):
        yield batch


def _stored_children(ticket_ids: Sequence[int]) -> dict[int, list[Model]]:
    found: dict[int, list[Model]] = {}
    for model in CHILDREN:
        rows = model._default_manager.filter(metrics_id__in=ticket_ids)
        for row in rows.order_by("metrics_id", "number"):
            found.setdefault(row.metrics_id, []).append(row)  # type: ignore[attr-defined]
    return found


def _compare(
    figures: Figures, stored: TicketMetrics | None, stored_children: Iterable[Model]
) -> Iterator[Difference]:
    ticket_id = figures.metrics.ticket_id
    if stored is None:
        yield Difference(ticket_id, "figures", None, "calculated")
        return
    for name in _METRIC_FIELDS:
        before, after = getattr(stored, name), getattr(figures.metrics, name)
        if before != after:
            yield Difference(ticket_id, name, before, after)
    for model in CHILDREN:
        before, after = _values(model, stored_children), _values(model, figures.children)
        if before != after:
            yield Difference(ticket_id, model._meta.model_name or "", before, after)


def _values(model: type[Model], rows: Iterable[Model]) -> list[tuple[Any, ...]]:
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    return [tuple(getattr(row, name) for name in names) for row in rows if isinstance(row, model)]
