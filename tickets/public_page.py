"""What a customer sees of a ticket, and how they answer there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Customer
from customers.selectors import address_of
from helpdesk.lib.text import linked
from helpdesk.lib.times import Clock
from tickets.inbound import Inbound, InboundAttachment, Person, Receipt
from tickets.intake import receive
from tickets.models import Message, Ticket
from tickets.selectors import public_messages
from tickets.timeline import SHOWN_CHARACTERS, File, files_of

NONCE = re.compile(r"[0-9a-f]{32}")
Status = Ticket.Status
Words = str | Promise


@dataclass(frozen=True)
class State:
    """How a ticket stands, in the customer's words."""

    title: Words
    text: Words
    mark: str


_WITH_US = State(
    gettext_lazy("We're on it"),
    gettext_lazy("We have your request and will write to you."),
    "open",
)
STATES: Mapping[str, State] = {
    Status.NEW: _WITH_US,
    Status.OPEN: _WITH_US,
    Status.PENDING: State(
        gettext_lazy("Waiting for you"),
        gettext_lazy("We have answered. Write below if something is missing."),
        "pending",
    ),
    Status.ON_HOLD: State(
        gettext_lazy("We're on it"),
        gettext_lazy("We are waiting for somebody else and will write to you as soon as we know."),
        "on_hold",
    ),
    Status.RESOLVED: State(
        gettext_lazy("Solved"),
        gettext_lazy("We think this is solved. Is it?"),
        "resolved",
    ),
    Status.CLOSED: State(
        gettext_lazy("Solved"),
        gettext_lazy(
            "This request is closed. If you write again, we open a new one that follows it."
        ),
        "closed",
    ),
}

_CONFIRMED = State(
    gettext_lazy("Solved"),
    gettext_lazy("If something comes up, write below and we take it up again."),
    "resolved",
)


@dataclass(frozen=True, slots=True)
class PublicMessage:
    is_ours: bool
    author: str
    text: SafeString
    when: str
    exact: str
    files: Sequence[File]


@dataclass(frozen=True)
class PublicPage:
    state: State
    messages: Sequence[PublicMessage]
    asks: bool
    was_confirmed: bool


def public_page(ticket: Ticket, customer: Customer) -> PublicPage:
    rows = list(public_messages(ticket).prefetch_related(None))
    files = files_of([row.pk for row in rows], f"customer.{customer.pk}")
    clock = Clock()
    last = ticket.events.filter(kind__in=("resolved", "confirmed_solved")).last()
    is_resolved = ticket.status == Status.RESOLVED
    was_confirmed = bool(last and last.kind == "confirmed_solved" and is_resolved)
    return PublicPage(
        state=_CONFIRMED if was_confirmed else STATES[ticket.status],
        messages=[_message(row, customer, files.get(row.pk, ()), clock) for row in rows],
        asks=is_resolved and not was_confirmed,
        was_confirmed=was_confirmed,
    )


def _message(
    message: Message, reader: Customer, files: Sequence[File], clock: Clock
) -> PublicMessage:
    return PublicMessage(
        is_ours=message.kind != Message.Kind.CUSTOMER,
        author=_author(message, reader),
        text=linked(_words(message)[:SHOWN_CHARACTERS]),
        when=clock.ago(message.created_at),
        exact=clock.exact(message.created_at),
        files=files,
    )


def _words(message: Message) -> str:
    """Without what leads to this page: it is open already, and a link is its reader's own."""
    if message.kind != Message.Kind.AUTOMATIC:
        return message.text
    here = reverse("tickets:public", args=[f"{message.ticket_id}."]).removesuffix("/")
    paragraphs = message.text.split("\n\n")
    return "\n\n".join(paragraph for paragraph in paragraphs if here not in paragraph)


def _author(message: Message, reader: Customer) -> str:
    if message.kind != Message.Kind.CUSTOMER:
        return message.agent.get_short_name() if message.agent else ""
    if message.customer_id == reader.pk:
        return _("You")
    return (message.customer.name if message.customer else "") or message.sender_address


def answer_ticket(
    ticket: Ticket,
    customer: Customer,
    *,
    text: str,
    files: Iterable[InboundAttachment],
    once: str,
) -> Receipt:
    """Take the customer's words in by the one way in; the same `once` again changes nothing."""
    address = address_of(customer, "email") or customer.addresses.first()
    kind, value = (address.kind, address.value) if address else ("", "")
    inbound = Inbound(
        sender=Person(value=value, name=customer.name, kind=kind),
        external_id=f"page:{ticket.pk}:{once}" if NONCE.fullmatch(once) else "",
        subject=ticket.subject,
        text=text,
        reply_text=text,
        attachments=tuple(files),
        language=customer.language,
        ticket_id=ticket.pk,
    )
    return receive(inbound, ticket.channel)
