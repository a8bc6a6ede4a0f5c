"""Answers that no person wrote (RFC 3834): to whom, how often, and what they may repeat."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from customers.models import Address
from customers.selectors import address_of
from messaging.email.circumstances import is_machine_address
from messaging.models import Delivery
from messaging.routing import is_our_address
from messaging.senders import was_answered
from tickets.links import ticket_url
from tickets.models import Message, Ticket, TicketEvent
from tickets.services import post_to_ticket

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
UNVERIFIED_PER_HOUR = 1
LOOP_STOPS_AFTER = 5
"""Automatic answers from one mailbox to one address in a day, without a person in between."""
# What a mail says about itself that forbids an answer.
_FORBIDDING = ("machine", "list", "no_answer", "spam")


def acknowledge(event: TicketEvent) -> None:
    """Tell the requester their number, where the channel is set to."""
    ticket, message = event.ticket, event.message
    if message is None or event.actor_kind != TicketEvent.ActorKind.CUSTOMER:
        return
    if ticket.message_count > 1 or not ticket.channel.settings.get("acknowledge"):
        return
    address = _address(ticket, message)
    if not address or not wants_answers(message, address):
        return
    is_verified = was_answered(address)
    if is_within_limits(ticket, address, is_verified=is_verified):
        _tell_number(ticket, with_subject=is_verified)


def _address(ticket: Ticket, message: Message) -> str:
    if "@" in message.sender_address:
        return message.sender_address.strip().lower()
    owned = address_of(ticket.requester, Address.Kind.EMAIL)
    return owned.value if owned else ""


def wants_answers(message: Message, address: str) -> bool:
    """Whether a person reads at this address, as far as their mail tells."""
    if message.is_auto_reply or any(message.details.get(key) for key in _FORBIDDING):
        return False
    return not is_machine_address(address) and not is_our_address(address)


def is_within_limits(ticket: Ticket, address: str, *, is_verified: bool) -> bool:
    """Count under a lock: many processes that answer one address at once send one answer.

    Whom no agent ever answered proved nothing about the address: one answer an hour. Everybody
    else gets `AUTOMATIC_ANSWERS_PER_HOUR`; and two programs that answer each other stop after
    `LOOP_STOPS_AFTER`.
    """
    # The row of the address is the lock; somebody without one is not written to anyway.
    owned = Address.objects.select_for_update().filter(kind=Address.Kind.EMAIL, value=address)
    customers = {row.customer_id for row in owned.order_by()}
    if not customers:
        return False
    now = timezone.now()
    times = list(
        Delivery.objects.filter(
            customer__in=customers,
            purpose=Delivery.Purpose.AUTOMATIC,
            created_at__gt=now - DAY,
        )
        .order_by("-created_at")
        .values_list("created_at", flat=True)[: LOOP_STOPS_AFTER * 20]
    )
    per_hour = settings.AUTOMATIC_ANSWERS_PER_HOUR if is_verified else UNVERIFIED_PER_HOUR
    if sum(at > now - HOUR for at in times) >= per_hour:
        return False
    return sum(at > _last_word_of_a_person(customers, now) for at in times) < LOOP_STOPS_AFTER


def _last_word_of_a_person(customers: set[int], now: datetime) -> datetime:
    last = (
        Message.objects.filter(
            kind=Message.Kind.REPLY,
            ticket__requester__in=customers,
            created_at__gt=now - DAY,
        )
        .order_by("-created_at")
        .values_list("created_at", flat=True)
    )
    return last.first() or now - DAY


def _tell_number(ticket: Ticket, *, with_subject: bool) -> None:
    """Without their subject a stranger cannot make us write his words to somebody else."""
    with translation.override(ticket.language or None):
        text = _(
            "We have received your request. Its number is #%(number)s.\n\n"
            "You can read it, add to it and see how it stands here:\n%(url)s"
        ) % {"number": ticket.pk, "url": ticket_url(ticket, ticket.requester)}
        subject = _("We have received your request #%(number)s") % {"number": ticket.pk}
    if with_subject:
        subject = f"{subject}: {ticket.subject}"
    post_to_ticket(ticket=ticket, text=text, subject=subject[:300])


def ask_if_solved(event: TicketEvent) -> None:
    """Resolved without a word: a short mail asks whether it is; a reply that resolves does so."""
    if event.data.get("asked") or event.actor_kind == TicketEvent.ActorKind.CUSTOMER:
        return
    ticket = event.ticket
    first = ticket.messages.filter(kind=Message.Kind.CUSTOMER).order_by("created_at", "id").first()
    if first and not wants_answers(first, _address(ticket, first)):
        # An alert that is dealt with: no machine can say whether it is.
        return
    with translation.override(ticket.language or None):
        text = _("We have marked your request as solved.")
    post_to_ticket(ticket=ticket, text=text, asks_if_solved=True)
