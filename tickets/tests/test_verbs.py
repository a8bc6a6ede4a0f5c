"""The verbs on a ticket: the state after each, and what was recorded."""

import pytest
from django.utils import timezone

from customers.services import add_address
from tickets.inbound import Inbound, Person
from tickets.intake import receive
from tickets.models import Message, Ticket, TicketEvent
from tickets.search import messages_with
from tickets.services import (
    TicketChanged,
    TicketRefused,
    add_customer_message,
    add_note,
    assign_ticket,
    close_ticket,
    confirm_solved,
    mark_reply_sent,
    mark_spam,
    merge_ticket,
    reopen_ticket,
    reply_to_ticket,
    resolve_ticket,
    set_priority,
    set_status,
    set_tags,
)

Status = Ticket.Status


def kinds(ticket: Ticket) -> list[str]:
    return list(ticket.events.order_by("version").values_list("kind", flat=True))


def say(ticket: Ticket, text: str = "¿Hay novedades?", **fields: object) -> Message:
    return add_customer_message(
        ticket=ticket, customer=ticket.requester, channel=ticket.channel, text=text, message=fields
    )


def test_it_works(ticket, ana):
    reply = reply_to_ticket(ticket=ticket, by=ana, text="Mañana llega.")
    ticket.refresh_from_db()
    assert ticket.status == Status.PENDING
    assert ticket.assignee == ana
    assert ticket.waiting_since is None
    assert reply.recipients == {"to": ["dora@example.net"], "cc": []}
    assert kinds(ticket) == [
        "opened", "customer_message", "reply", "assigned", "status_changed",
    ]  # fmt: skip
    assert reply.delivery.state == "queued"
    assert reply.delivery.in_reply_to == "<first@example.net>"
    assert reply.delivery.subject == "Re: ¿Dónde está mi pedido?"


def test_versions_count_events_without_a_gap(ticket, ana):
    reply_to_ticket(ticket=ticket, by=ana, text="Uno.")
    say(ticket)
    versions = list(ticket.events.order_by("version").values_list("version", flat=True))
    ticket.refresh_from_db()
    assert versions == list(range(1, ticket.version + 1))


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (Status.PENDING, Status.OPEN, "status_changed"),
        (Status.RESOLVED, Status.OPEN, "reopened"),
        (Status.ON_HOLD, Status.ON_HOLD, "customer_message"),
        (Status.OPEN, Status.OPEN, "customer_message"),
    ],
)
def test_a_customers_message_reopens(ticket, ana, before, after, kind):
    set_status(ticket=ticket, by=ana, status=Status.OPEN)
    set_status(ticket=ticket, by=ana, status=before)
    say(ticket)
    ticket.refresh_from_db()
    assert ticket.status == after
    assert kinds(ticket)[-1] == kind


def test_an_automatic_reply_reopens_nothing(ticket, ana):
    reply_to_ticket(ticket=ticket, by=ana, text="Mañana llega.")
    say(ticket, is_auto_reply=True)
    ticket.refresh_from_db()
    assert ticket.status == Status.PENDING
    assert ticket.waiting_since is None


def test_resolving_without_a_word_asks_the_customer_once(ticket, ana):
    resolve_ticket(ticket=ticket, by=ana)
    resolve_ticket(ticket=ticket, by=ana)
    asked = ticket.messages.filter(kind=Message.Kind.AUTOMATIC)
    assert [m.asks_if_solved for m in asked] == [True]
    assert "¿" in asked[0].delivery.text or "solved=no" in asked[0].delivery.text


def test_a_reply_that_resolves_asks_itself(ticket, ana):
    reply = reply_to_ticket(ticket=ticket, by=ana, text="Listo.", status=Status.RESOLVED)
    assert reply.asks_if_solved
    assert "solved=no" in reply.delivery.text
    assert not ticket.messages.filter(kind=Message.Kind.AUTOMATIC).exists()


def test_the_slower_agent_is_told(ticket, ana, mia):
    seen = ticket.version
    reply_to_ticket(ticket=ticket, by=ana, text="Mañana llega.", seen=seen)
    with pytest.raises(TicketChanged) as told:
        reply_to_ticket(ticket=ticket, by=mia, text="Hoy llega.", seen=seen)
    assert [e.kind for e in told.value.events] == ["reply"]
    assert ticket.messages.filter(kind=Message.Kind.REPLY).count() == 1


def test_a_note_meanwhile_is_no_conflict(ticket, ana, mia):
    seen = ticket.version
    add_note(ticket=ticket, by=mia, text="El transportista no contesta.")
    reply_to_ticket(ticket=ticket, by=ana, text="Mañana llega.", seen=seen)


def test_two_who_assign_at_once(ticket, ana, mia, team):
    seen = ticket.version
    assign_ticket(ticket=ticket, by=ana, assignee=ana, team=team, seen=seen)
    with pytest.raises(TicketChanged):
        assign_ticket(ticket=ticket, by=mia, assignee=mia, team=team, seen=seen)
    ticket.refresh_from_db()
    assert ticket.assignee == ana


def test_an_empty_reply_is_refused(ticket, ana):
    with pytest.raises(TicketRefused):
        reply_to_ticket(ticket=ticket, by=ana, text="  \n ")
    assert kinds(ticket) == ["opened", "customer_message"]


def test_a_closed_ticket_is_read_only_and_an_answer_opens_a_follow_up(ticket, ana, channel):
    resolve_ticket(ticket=ticket, by=ana)
    close_ticket(ticket=ticket)
    with pytest.raises(TicketRefused):
        reply_to_ticket(ticket=ticket, by=ana, text="Hola")
    receipt = receive(
        Inbound(
            sender=Person("dora@example.net"), text="Otra vez", in_reply_to="<first@example.net>"
        ),
        channel,
    )
    assert receipt.fate == "opened"
    assert receipt.ticket.follow_up_of == ticket


def test_confirming_counts_once_and_leaves_it_resolved(ticket, ana, dora):
    resolve_ticket(ticket=ticket, by=ana)
    ticket.events.filter(kind="reply").delete()
    confirm_solved(ticket=ticket, by=dora)
    confirm_solved(ticket=ticket, by=dora)
    ticket.refresh_from_db()
    assert ticket.status == Status.RESOLVED
    assert kinds(ticket).count("confirmed_solved") == 1


def test_reopening_by_the_customer(ticket, ana, dora):
    resolve_ticket(ticket=ticket, by=ana)
    reopen_ticket(ticket=ticket, by=dora)
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN
    assert ticket.resolved_at is None
    assert ticket.waiting_since is not None


def test_sent_is_recorded_once(ticket, ana):
    reply = reply_to_ticket(ticket=ticket, by=ana, text="Mañana llega.")
    mark_reply_sent(message=reply, at=timezone.now())
    mark_reply_sent(message=reply, at=timezone.now())
    assert kinds(ticket).count("reply_sent") == 1


def test_priority_tags_and_spam_are_recorded(ticket, ana):
    set_priority(ticket=ticket, by=ana, priority=Ticket.Priority.URGENT)
    set_tags(ticket=ticket, by=ana, names=["Envío", "urgent "])
    set_tags(ticket=ticket, by=ana, names=["urgent"])
    mark_spam(ticket=ticket, by=ana)
    assert kinds(ticket)[2:] == [
        "priority_changed", "tagged", "tagged", "untagged", "marked_spam",
    ]  # fmt: skip
    assert list(ticket.tags.values_list("name", flat=True)) == ["urgent"]


def test_later_mail_goes_to_the_ticket_merged_into(ticket, ana, dora, channel):
    from tickets.services import open_ticket

    target, _first = open_ticket(channel=channel, requester=dora, subject="Pedido", text="¿Y?")
    merge_ticket(ticket=ticket, into=target, by=ana)
    receipt = receive(
        Inbound(sender=Person("dora@example.net"), text="?", in_reply_to="<first@example.net>"),
        channel,
    )
    assert receipt.ticket == target


def test_events_carry_the_state_after(ticket, ana):
    resolve_ticket(ticket=ticket, by=ana)
    event = ticket.events.get(kind=TicketEvent.Kind.RESOLVED)
    assert (event.status, event.actor, event.data["from"]) == ("resolved", ana, "new")


@pytest.mark.parametrize("query", ["pedido", "PEDIDOS", "espero lunes", "lune", "donde esta"])
def test_search_finds_words_folded_and_stemmed(ticket, query):
    assert [m.ticket_id for m in messages_with(query)] == [ticket.pk]


@pytest.mark.parametrize("query", ["factura", "pedido factura", "", '"', "a:* & (", "' OR 1=1"])
def test_search_finds_nothing_else(ticket, query):
    assert not messages_with(query).exists()


def test_a_reply_goes_where_the_customer_wrote_from_however_they_spelled_it(ana, dora, ticket):
    add_address(customer=dora, kind="email", value="dora@work.example")
    say(ticket, sender_address="Dora@Work.Example")

    reply = reply_to_ticket(ticket=ticket, by=ana, text="Mañana llega.")

    assert reply.recipients["to"] == ["dora@work.example"]
