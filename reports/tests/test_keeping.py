"""Figures are kept beside the event log, and can always be calculated again from it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command

from automation.services import assign_calendar, create_calendar
from customers.services import customer_at
from reports import services
from reports.models import ReplyTime, StaleTicket, TicketFlow, TicketMetrics, TicketResolution
from reports.tasks import refresh_metrics
from tickets.services import (
    add_customer_message,
    hold_message,
    let_in,
    make_own_ticket,
    mark_reply_sent,
    mark_spam,
    merge_ticket,
    open_ticket,
    reply_to_ticket,
    resolve_ticket,
    unmerge_ticket,
)

pytestmark = pytest.mark.django_db

START = datetime(2024, 5, 6, 9, tzinfo=UTC)
HOUR = 3600


def hours(number: float) -> datetime:
    return START + timedelta(hours=number)


@pytest.fixture(autouse=True)
def _later():
    with time_machine.travel(hours(48), tick=False):
        yield


@pytest.fixture
def office():
    week = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    calendar = create_calendar(name="Office", time_zone="UTC", weekly_hours=week)
    return assign_calendar(calendar=calendar, team=None, since=hours(-1000))


def opened(channel, dora, at: float = 0):
    ticket, _message = open_ticket(
        channel=channel, requester=dora, subject="Hello", text="Hello", at=hours(at)
    )
    return ticket


def answered(ticket, by, at: float, status: str = "pending"):
    message = reply_to_ticket(ticket=ticket, by=by, text="Hi", status=status, at=hours(at))
    mark_reply_sent(message=message, at=hours(at))


def test_it_works(channel, dora, ana, office):
    ticket = opened(channel, dora)
    answered(ticket, ana, at=2)
    add_customer_message(ticket=ticket, customer=dora, channel=channel, text="And?", at=hours(24))
    answered(ticket, ana, at=25, status="resolved")
    refresh_metrics()
    metrics = TicketMetrics.objects.get()
    assert metrics.first_response_time_calendar == metrics.first_response_time_business == 2 * HOUR
    assert (metrics.agent_wait_time_calendar, metrics.agent_wait_time_business) == (
        22 * HOUR,
        6 * HOUR,
    )
    assert (metrics.full_resolution_time_calendar, metrics.full_resolution_time_business) == (
        25 * HOUR,
        9 * HOUR,
    )
    assert metrics.first_responder == metrics.resolved_by == ana
    assert (metrics.human_replies, metrics.one_touch, metrics.is_backlog) == (2, False, False)
    assert [flow.kind for flow in TicketFlow.objects.all()] == ["created", "resolved"]
    assert [one.calendar for one in ReplyTime.objects.all()] == [2 * HOUR, HOUR]
    assert TicketResolution.objects.get().human_replies == 2


def test_without_a_calendar_business_time_is_null(channel, dora):
    opened(channel, dora)
    refresh_metrics()
    metrics = TicketMetrics.objects.get()
    assert metrics.first_response_time_business is None
    assert metrics.on_hold_time_business is None
    assert metrics.first_response_time_running_since == hours(0)


def test_an_event_costs_one_insert_and_is_calculated_by_the_sweep(channel, dora, ana):
    ticket = opened(channel, dora)
    refresh_metrics()
    assert not StaleTicket.objects.exists()
    resolve_ticket(ticket=ticket, by=ana)
    assert StaleTicket.objects.exists()
    assert TicketMetrics.objects.get().is_backlog
    refresh_metrics()
    assert not TicketMetrics.objects.get().is_backlog
    assert not StaleTicket.objects.exists()


def test_repeating_the_sweep_changes_nothing(channel, dora):
    ticket = opened(channel, dora)
    StaleTicket.objects.create(ticket=ticket)
    refresh_metrics()
    refresh_metrics()
    assert TicketMetrics.objects.count() == TicketFlow.objects.count() == 1


def test_running_clocks_are_read_again(channel, dora, office):
    opened(channel, dora)
    refresh_metrics()
    before = TicketMetrics.objects.get()
    with time_machine.travel(hours(49), tick=False):
        refresh_metrics()
    after = TicketMetrics.objects.get()
    assert after.full_resolution_time_calendar == before.full_resolution_time_calendar + HOUR


def test_a_merge_removes_from_the_backlog_and_its_reverse_restores(channel, dora, ana):
    ticket, other = opened(channel, dora), opened(channel, dora)
    merge_ticket(ticket=ticket, into=other, by=ana)
    refresh_metrics()
    assert not TicketMetrics.objects.get(ticket=ticket).is_counted
    assert TicketMetrics.objects.get(ticket=other).is_counted
    unmerge_ticket(ticket=ticket, by=ana)
    refresh_metrics()
    assert TicketMetrics.objects.get(ticket=ticket).is_backlog
    kinds = TicketFlow.objects.filter(metrics_id=ticket.pk).values_list("kind", flat=True)
    assert list(kinds) == ["created", "removed", "restored"]


def test_the_check_agrees_after_a_rebuild_and_at_any_later_time(channel, dora, ana, office, capsys):
    for number in range(4):
        ticket = opened(channel, dora, at=number)
        answered(ticket, ana, at=number + 1, status="resolved" if number % 2 else "pending")
    mark_spam(ticket=ticket, by=ana)
    call_command("rebuild_metrics")
    assert not StaleTicket.objects.exists()
    with time_machine.travel(hours(1000), tick=False):
        call_command("rebuild_metrics", "--check")
    assert "4 tickets" in capsys.readouterr().out


@pytest.mark.parametrize(
    "damage",
    [
        lambda: TicketMetrics.objects.update(transfers=9),
        lambda: TicketFlow.objects.filter(kind="created").update(at=START),
        lambda: ReplyTime.objects.all().delete(),
        lambda: TicketMetrics.objects.all().delete(),
    ],
)
def test_the_check_finds_what_does_not_agree(channel, dora, capsys, damage):
    opened(channel, dora, at=1)
    call_command("rebuild_metrics")
    damage()
    with pytest.raises(SystemExit) as stopped:
        call_command("rebuild_metrics", "--check")
    assert stopped.value.code == 1
    assert "≠" in capsys.readouterr().out


def test_the_number_of_queries_does_not_grow_with_the_tickets(
    channel, dora, django_assert_max_num_queries
):
    for number in range(20):
        opened(channel, dora, at=number)
    with django_assert_max_num_queries(20):
        services.refresh_stale()
    assert TicketMetrics.objects.count() == 20


def test_a_waiting_message_counts_once_it_is_let_in(channel, dora, ana, office):
    ticket = opened(channel, dora)
    answered(ticket, ana, at=1, status="resolved")
    leo = customer_at(kind="email", value="leo@example.org")
    refresh_metrics()
    before = figures()
    held = hold_message(ticket=ticket, customer=leo, channel=channel, text="Me too", at=hours(2))
    refresh_metrics()
    assert figures() == before
    let_in(message=held, by=ana, at=hours(4))
    answered(ticket, ana, at=5)
    refresh_metrics()
    assert [flow.kind for flow in TicketFlow.objects.order_by("at")][-1] == "reopened"
    assert ReplyTime.objects.latest("answered_at").calendar == HOUR
    other = hold_message(ticket=ticket, customer=dora, channel=channel, text="New", at=hours(6))
    make_own_ticket(message=other, by=ana, at=hours(7))
    refresh_metrics()
    own = TicketMetrics.objects.exclude(ticket=ticket).get()
    assert own.first_response_time_running_since == hours(6)
    call_command("rebuild_metrics", check=True)


def figures() -> list[list[tuple[object, ...]]]:
    models = (TicketMetrics, TicketFlow, ReplyTime, TicketResolution)
    return [_values(model) for model in models]


def _values(model) -> list[tuple[object, ...]]:
    passing = ("id", "as_of", "calculated_at", "version")
    names = [f.attname for f in model._meta.concrete_fields if f.attname not in passing]
    return list(model.objects.order_by("pk").values_list(*names))
