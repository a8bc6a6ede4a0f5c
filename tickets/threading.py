"""Which ticket a message belongs to: one small function a way to tell, in order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from customers.models import Customer
from tickets.inbound import Inbound
from tickets.models import Message, Ticket
from tickets.reply_tokens import ticket_in_address, ticket_in_words
from tickets.selectors import takes_part
from tickets.subjects import is_answer, normalised_subject, same_subject

MAX_MERGES = 20
# For so long after its last change a conversation is known again by its subject alone.
CONVERSATION_AGE = timedelta(days=30)
CONVERSATIONS = 50
# So many strangers' messages wait on one ticket: nobody can push its conversation off the page.
MAX_HELD = 20

Way = Callable[[Inbound, Customer], Ticket | None]


def by_proof(inbound: Inbound, _sender: Customer) -> Ticket | None:
    """The door has already proved it: a signed page, an agent's own screen."""
    return _ticket(inbound.ticket_id)


def by_reply_address(inbound: Inbound, _sender: Customer) -> Ticket | None:
    """It went to the signed address that our mails ask to be answered at."""
    return _ticket(ticket_in_address(inbound))


def by_reference(inbound: Inbound, _sender: Customer) -> Ticket | None:
    """It answers a message we know, by In-Reply-To or References (RFC 5322, 3.6.4)."""
    ids = inbound.thread_ids
    if not ids:
        return None
    known = {message.message_id: message.ticket for message in _known(ids)}
    return next((known[i] for i in ids if i in known), None)


def by_words(inbound: Inbound, _sender: Customer) -> Ticket | None:
    """Its subject holds our signed mark, or it quotes a mail of ours that does.

    A form and the API show who sent the words what became of them, and ask nobody who they are:
    there a mark that somebody got hold of would open the ticket to them.
    """
    return _ticket(ticket_in_words(inbound)) if inbound.is_mail else None


def by_conversation(inbound: Inbound, sender: Customer) -> Ticket | None:
    """It is marked as an answer or quotes us, and its sender has such a conversation going on.

    Apple Mail and Outlook overwrite the headers of a thread when a mail is edited or moved. Nothing
    here is secret, so a sender who failed the checks of the receiving server does not count.
    """
    if not inbound.is_mail or inbound.context.get("is_forged"):
        return None
    if not normalised_subject(inbound.subject):
        return None
    is_marked = is_answer(inbound.subject)
    if not is_marked and not inbound.quoted_text:
        return None
    for ticket in _going_on(sender):
        if same_subject(inbound.subject, ticket.subject) and (
            is_marked or _quotes_us(inbound, ticket)
        ):
            return ticket
    return None


WAYS: tuple[Way, ...] = (by_proof, by_reply_address, by_reference, by_words, by_conversation)


@dataclass(frozen=True)
class Place:
    """Where a message goes.

    `is_held`: its sender takes no part in the ticket, so it waits there for an agent.
    `is_new_matter`: they answered, but about something else: a ticket of its own follows this one.
    """

    ticket: Ticket
    is_held: bool = False
    is_new_matter: bool = False


def find_place(inbound: Inbound, sender: Customer) -> Place | None:
    """Where this message continues something, after merges; None: it begins something.

    Whoever is neither the requester nor a participant joins nothing, whatever they refer to. What
    they wrote waits on an open ticket, as long as not too much waits there; of a closed one and of
    spam it is no part at all.
    """
    found = next((t for way in WAYS if (t := way(inbound, sender))), None)
    if found is None:
        return None
    target = after_merges(found)
    if inbound.ticket_id is not None:
        return Place(target)
    if not any(takes_part(sender, ticket) for ticket in {found, target}):
        return Place(target, is_held=True) if _is_watched(target) else None
    return Place(target, is_new_matter=_is_new_matter(inbound, target))


def _is_watched(ticket: Ticket) -> bool:
    is_open = ticket.status != Ticket.Status.CLOSED and ticket.is_counted
    return is_open and ticket.held_count < MAX_HELD


def _is_new_matter(inbound: Inbound, ticket: Ticket) -> bool:
    """A new subject and no quote: they only took our address from an old mail."""
    subject = inbound.subject
    if inbound.is_auto_reply or not normalised_subject(subject) or is_answer(subject):
        return False
    if _is_about(subject, ticket.subject) or not normalised_subject(ticket.subject):
        return False
    if ticket_in_words(inbound) is not None or _quotes_us(inbound, ticket):
        return False
    # What they answer may have had a subject of its own.
    subjects = _known(inbound.thread_ids).values_list("subject", flat=True)
    return not any(_is_about(subject, known) for known in subjects)


def _is_about(subject: str, known: str) -> bool:
    """The same subject, be it behind a word for "answer" in a language we do not know."""
    about = normalised_subject(known)
    return same_subject(subject, known) or (
        bool(about) and normalised_subject(subject).endswith((f": {about}", f"： {about}"))
    )


def _quotes_us(inbound: Inbound, ticket: Ticket) -> bool:
    quoted = inbound.quoted_text
    return bool(quoted) and (
        quoted.lstrip().startswith(">")
        or "\n>" in quoted
        or ticket.channel.address.lower() in quoted.lower()
    )


def _known(message_ids: tuple[str, ...]) -> QuerySet[Message]:
    return (
        Message.objects.filter(message_id__in=message_ids)
        .exclude(kind=Message.Kind.NOTE)
        .select_related("ticket")
    )


def _ticket(ticket_id: int | None) -> Ticket | None:
    return None if ticket_id is None else Ticket.objects.filter(pk=ticket_id).first()


def _going_on(sender: Customer) -> Iterator[Ticket]:
    """The sender's unclosed tickets that something happened in lately, their own ones first."""
    lately = (
        Ticket.objects.filter(updated_at__gte=timezone.now() - CONVERSATION_AGE)
        .exclude(status=Ticket.Status.CLOSED)
        .select_related("channel")
        .order_by("-updated_at", "-id")
    )
    yield from lately.filter(requester=sender)[:CONVERSATIONS]
    yield from lately.filter(participants__customer=sender)[:CONVERSATIONS]


def after_merges(ticket: Ticket) -> Ticket:
    """The ticket itself, or the one that it was merged into in the end."""
    for _step in range(MAX_MERGES):
        if ticket.merged_into is None:
            return ticket
        ticket = ticket.merged_into
    return ticket
