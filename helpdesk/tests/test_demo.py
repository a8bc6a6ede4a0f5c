"""The demo's past: plausible, the same again, and the same rows that the verbs leave behind."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import call_command

from accounts.models import User
from customers.models import Customer, Order
from helpdesk.demo.load import SMALL, load_demo
from messaging.models import Delivery
from messaging.services import transmit
from reports.services import differences
from surveys.models import Answer
from tickets.models import Ticket, TicketEvent
from tickets.services import add_customer_message, open_ticket, reply_to_ticket

ANSWERED_AT_ONCE = [
    "opened",
    "customer_message",
    "reply",
    "assigned",
    "resolved",
    "reply_sent",
]
NOW = datetime(2026, 3, 11, 15, 0, tzinfo=UTC)


@pytest.fixture
def defaults(db) -> None:
    call_command("setup_defaults", verbosity=0)


def test_it_works(defaults):
    load_demo(now=NOW)
    assert Ticket.objects.count() == 60
    assert Customer.objects.count() == 20
    assert set(Customer.objects.values_list("language", flat=True)) == {"en", "es", "pt-br"}
    agents = User.objects.filter(role=User.Role.AGENT)
    assert agents.count() == 3
    assert set(agents.values_list("teams__name", flat=True)) == {"Support", "Billing"}
    assert Ticket.objects.filter(status__in=Ticket.UNSOLVED).count() >= 5
    assert Answer.objects.filter(kind="csat").count() >= 5
    assert Answer.objects.filter(kind="nps").exists()
    assert Delivery.objects.filter(state="sent").exists()
    assert not TicketEvent.objects.filter(at__gt=NOW).exists()
    assert list(differences()) == []
    late = Order.objects.filter(promised_at__lt=NOW).exclude(state=Order.State.DELIVERED)
    assert late.count() == 1


def test_the_same_seed_tells_the_same(defaults):
    def told() -> list[tuple[str, str]]:
        found = load_demo(tickets=SMALL, seed=3, now=NOW)
        return [(one.ticket.subject, one.ticket.status) for one in found]

    assert told() == told()


def test_it_is_left_alone_where_somebody_works(ana):
    call_command("demo", "--if-empty", verbosity=0)
    assert not Ticket.objects.exists()


def test_its_rows_are_those_of_the_verbs(defaults):
    """One story of the demo, told again by the verbs: the same events with the same states."""
    story = next(
        told
        for told in load_demo(now=NOW)
        if [event.kind for event in told.story.chronicle.events][:6] == ANSWERED_AT_ONCE
    )
    again = _told_by_verbs(story.ticket)
    kinds = _rows(story.ticket)[: len(again)]
    assert again == kinds


def _told_by_verbs(past: Ticket) -> list[tuple[str, str, int | None]]:
    messages = list(past.messages.order_by("created_at", "id"))
    first = messages[0]
    with time_machine.travel(first.created_at, tick=False):
        ticket, _message = open_ticket(
            channel=past.channel, requester=past.requester, subject=past.subject, text=first.text
        )
        type(ticket).objects.filter(pk=ticket.pk).update(team=past.team)
        ticket.events.update(team=past.team)
    for message in messages[1:]:
        if message.kind == "note":
            continue
        with time_machine.travel(message.created_at, tick=False):
            if message.kind == "customer":
                add_customer_message(
                    ticket=ticket,
                    customer=past.requester,
                    channel=past.channel,
                    text=message.text,
                )
            else:
                assert message.agent is not None
                status = "resolved" if message.asks_if_solved else "pending"
                reply = reply_to_ticket(
                    ticket=ticket, by=message.agent, text=message.text, status=status
                )
                transmit(reply.delivery.pk)
    return _rows(ticket)


def _rows(ticket: Ticket) -> list[tuple[str, str, int | None]]:
    events = ticket.events.exclude(kind__in=("note", "closed")).order_by("version")
    return list(events.values_list("kind", "status", "assignee_id"))
