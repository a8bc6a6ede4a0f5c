"""Mail that wants into somebody else's ticket: every way to point at it, by everybody else.

Whatever it says of itself, it opens a ticket of its sender's own or waits for an agent. Nothing
that the requester or the others see or get changes, and nobody is spoken for.
"""

import itertools
import uuid
from email.utils import make_msgid

import pytest
from django.utils.html import strip_tags

from accounts.models import User
from messaging.email.tests.samples import mail
from messaging.models import Delivery, RawInbound
from messaging.senders import BlockedSender
from messaging.services import take
from tickets.links import ticket_token
from tickets.models import Channel, Message, Ticket
from tickets.recipients import recipients_of
from tickets.reply_tokens import agent_token, reply_token
from tickets.services import (
    add_customer_message,
    add_participants,
    assign_ticket,
    open_ticket,
    reply_to_ticket,
)

SECRET = "SESAME-4711"
WRONG = "aaaaaaaaaaaaaaaa"


@pytest.fixture
def mailbox(channel) -> Channel:
    channel.settings = {"plus_addresses": True, "acknowledge": True}
    channel.save()
    return channel


@pytest.fixture
def victim(mailbox, ticket, ana, dora) -> Ticket:
    """Dora's ticket, which Ana has answered and was mailed about."""
    ana.mail_on_answers = True
    ana.save()
    assign_ticket(ticket=ticket, by=ana, assignee=ana, team=ticket.team)
    fields = {"message_id": "<second@example.net>"}
    add_customer_message(
        ticket=ticket, customer=dora, channel=mailbox, text="¿Y ahora?", message=fields
    )
    return reply_to_ticket(ticket=ticket, by=ana, text="Ya llega.").ticket


@pytest.fixture
def neighbour(mailbox) -> Ticket:
    """A ticket of a customer of another company."""
    from customers.services import customer_at

    leo = customer_at(kind="email", value="leo@example.org", name="Leo Prado")
    return open_ticket(channel=mailbox, requester=leo, subject="Mine", text="x")[0]


def taken(mailbox: Channel, raw: bytes) -> RawInbound:
    return take(mailbox, raw, external_id=uuid.uuid4().hex, source="pipe")


def _to(token: str) -> dict[str, str]:
    return {"to": f"support+{token}@example.com"}


# Each gives the headers and text by which a mail points at the ticket.
POINTERS = {
    "the customer's id": lambda t: {"in_reply_to": "<first@example.net>"},
    "our reply's id": lambda t: {"in_reply_to": _reply(t).message_id},
    "references": lambda t: {"references": f"<x@y> <second@example.net> {_reply(t).message_id}"},
    "the agents' id": lambda t: {"in_reply_to": _copy().rfc_message_id},
    "number in the subject": lambda t: {"subject": f"[#{t.pk}] Hello"},
    "number in a word": lambda t: {"subject": f"Ticket {t.pk}: #{t.pk}", "text": f"#{t.pk}"},
    "number in the address": lambda t: _to(str(t.pk)),
    "wrong token in the subject": lambda t: {"subject": f"Re: #{t.pk}-{WRONG}"},
    "wrong token in the address": lambda t: _to(f"{t.pk}-{WRONG}"),
    "token of another number": lambda t: _to(f"{t.pk}-{reply_token(t.pk + 1).partition('-')[2]}"),
    "half a token": lambda t: _to(reply_token(t.pk)[:-4]),
    "the same subject": lambda t: {"subject": f"Re: {t.subject}"},
    "the same subject, quoted": lambda t: {
        "subject": t.subject,
        "text": f"{SECRET}\n\nSupport <support@example.com> wrote:\n> Ya llega.",
    },
    "right token in the address": lambda t: _to(reply_token(t.pk)),
    "right token in capitals": lambda t: _to(reply_token(t.pk).upper()),
    "right token in the subject": lambda t: {"subject": f"#{reply_token(t.pk)}"},
    "right token in the words": lambda t: {"text": f"{SECRET}\n> #{reply_token(t.pk)}"},
    "an agent's token": lambda t: _to(agent_token(t.pk, User.objects.get(name="Ana Ruiz").pk)),
    "our mark": lambda t: {"x_helpdesk_delivery": f"{WRONG} {_reply(t).message_id}"},
    "orders to help desks": lambda t: {
        "x_zammad_ticket_id": str(t.pk),
        "x_otrs_followup_state_new": "closed",
        "x_helpdesk_ticket": str(t.pk),
        "thread_index": "x",
        "list_id": f"<ticket-{t.pk}.example.com>",
    },
}
# Whoever is no part of it, also with every other header in the requester's or the agent's name.
SENDERS = {
    "a stranger": {"sender": "Eve <eve@example.com.evil.example>"},
    "a customer of another company": {"sender": "Leo <leo@example.org>"},
    "the requester's address as a name": {"sender": '"dora@example.net" <eve@evil.example>'},
    "the agent's address as a name": {"sender": '"ana@example.com" <eve@evil.example>'},
    "the requester as Reply-To": {"sender": "eve@evil.example", "reply_to": "dora@example.net"},
    "the agent as Sender": {"sender": "eve@evil.example", "_sender": "ana@example.com"},
    "an address that looks alike": {"sender": "Dora <d\u043era@example.net>"},
    "an encoded address": {"sender": "=?utf-8?q?dora=40example.net?= <eve@evil.example>"},
    "a no-reply of a service": {"sender": "no-reply@service.example"},
    "an agent without a token": {"sender": "Bruno <bruno@example.com>"},
}  # fmt: skip


def _reply(ticket: Ticket) -> Message:
    return ticket.messages.filter(kind="reply").get()


def _copy() -> Delivery:
    return Delivery.objects.filter(purpose="agent").latest("id")


def pointing(victim: Ticket, pointer: str, sender: str) -> bytes:
    fields = {"text": SECRET, "message_id": make_msgid(), **SENDERS[sender]}
    fields |= POINTERS[pointer](victim)
    header = fields.pop("_sender", "")
    raw = mail(**fields)
    return f"Sender: {header}\n".encode() + raw if header else raw


def seen_from_outside(ticket: Ticket, client) -> dict[str, object]:
    """All that the requester and the others see and get, and all that figures count."""
    ticket = Ticket.objects.get(pk=ticket.pk)
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    for name in ("version", "updated_at", "held_count"):
        del row[name]
    page = client.get(f"/t/{ticket_token(ticket, ticket.requester)}/")
    assert page.status_code == 200
    read = _read(page.content.decode())
    assert "Ya llega." in read
    return {
        **row,
        "page": read,
        "recipients": recipients_of(ticket),
        "participants": list(ticket.participants.values_list("customer", flat=True)),
        "messages": list(ticket.messages.exclude(kind="held").values_list("pk", "text")),
        "events": list(ticket.events.exclude(kind="held").values_list("kind", flat=True)),
        "mails": list(
            Delivery.objects.filter(message__ticket=ticket).values_list("pk", "recipients")
        ),
    }


def _read(page: str) -> str:
    """What is read on the page: forms have a secret of their own each time."""
    return " ".join(strip_tags(page.partition("<main")[2].partition("</main>")[0]).split())


@pytest.mark.parametrize(("pointer", "sender"), list(itertools.product(POINTERS, SENDERS)))
def test_nobody_else_gets_into_a_ticket(mailbox, victim, neighbour, bruno, client, pointer, sender):
    before = seen_from_outside(victim, client)
    raw = taken(mailbox, pointing(victim, pointer, sender))
    assert (raw.fate, raw.reason) in [
        ("opened", ""),
        ("held", "From somebody who is not part of this ticket."),
        ("failed", raw.reason),
    ]
    if raw.fate == "opened":
        assert raw.ticket != victim
        assert raw.ticket.follow_up_of is None
    if raw.fate == "failed":
        assert "look" in sender or "address" in raw.reason
    assert seen_from_outside(victim, client) == before
    assert not Message.objects.filter(kind="reply", text__contains=SECRET).exists()


@pytest.mark.parametrize("pointer", [name for name in POINTERS if name.startswith("right")])
def test_the_right_token_of_a_stranger_waits_and_a_reply_does_not_reach_them(
    mailbox, victim, ana, client, pointer
):
    raw = taken(mailbox, pointing(victim, pointer, "a stranger"))
    assert (raw.fate, raw.ticket) == ("held", victim)
    reply = reply_to_ticket(ticket=victim, by=ana, text="Una cosa más.")
    reached = [address for values in reply.recipients.values() for address in values]
    assert reached == ["dora@example.net"]
    said = reply.delivery.text + reply.delivery.html + str(reply.delivery.references)
    assert SECRET not in said
    assert raw.message.message_id not in said


def test_mail_of_a_service_to_a_ticket_s_address_is_not_read_in_the_portal(mailbox, victim, client):
    """The requester signs up elsewhere with the ticket's address, to read the code here."""
    code = mail(
        f"Your code is {SECRET}",
        sender="Service <verify@service.example>",
        subject="Confirm your address",
        to=f"support+{reply_token(victim.pk)}@example.com",
    )
    assert taken(mailbox, code).fate == "held"
    page = client.get(f"/t/{ticket_token(victim, victim.requester)}/").content.decode()
    assert SECRET not in page


def test_whoever_takes_part_no_more_waits_like_everybody(mailbox, victim, neighbour, client):
    add_participants(ticket=victim, customers=[neighbour.requester])
    victim.participants.all().delete()
    before = seen_from_outside(victim, client)
    pointed = pointing(victim, "right token in the address", "a customer of another company")
    assert taken(mailbox, pointed).fate == "held"
    assert seen_from_outside(victim, client) == before


def test_a_blocked_customer_s_answer_goes_no_further(mailbox, victim, client):
    BlockedSender.objects.create(value="dora@example.net")
    before = seen_from_outside(victim, client)
    raw = mail(SECRET, sender="dora@example.net", to=_to(reply_token(victim.pk))["to"])
    kept = taken(mailbox, raw)
    assert kept.fate == "ignored"
    assert kept.reason
    assert seen_from_outside(victim, client) == before
