"""The one way in for a customer's words, whatever the channel."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from customers.addresses import InvalidAddress, is_no_reply
from customers.models import Customer
from customers.services import customer_at
from helpdesk.lib.language import detect_language
from tickets.inbound import Fate, Inbound, Person, Receipt
from tickets.models import Channel, Message, Ticket
from tickets.selectors import our_addresses_among
from tickets.services import add_customer_message, add_participants, hold_message, open_ticket
from tickets.services.opening import MAX_PARTICIPANTS
from tickets.threading import find_place

# What machines write because they got a mail; their alerts are something else.
_ANSWERS = frozenset({"auto_reply", "receipt", "delivered"})


def receive(inbound: Inbound, channel: Channel) -> Receipt:
    """Turn an inbound message into a new ticket or a message of the ticket it belongs to.

    The same content again gives `duplicate` with the message it repeats, also when two processes
    take it at once: the loser of the unique constraint on `external_id` finds the winner's row.
    Joins the caller's transaction. Raises `InvalidAddress` when the sender has no usable address.
    """
    # Rows of a repeat are rolled back, files are not: only those are worth looking first.
    if inbound.attachments and (seen := _seen(inbound)):
        return seen
    try:
        with transaction.atomic():
            return _store(inbound, channel)
    except IntegrityError:
        if seen := _seen(inbound):
            return seen
        raise


def _seen(inbound: Inbound) -> Receipt | None:
    if not inbound.external_id:
        return None
    found = Message.objects.filter(external_id=inbound.external_id).select_related("ticket")
    message = found.first()
    if message is None:
        return None
    return Receipt(Fate.DUPLICATE, message.ticket, message, _("The same message came before."))


def _store(inbound: Inbound, channel: Channel) -> Receipt:
    language = inbound.language or detect_language(inbound.reply_text or inbound.text)
    sender = inbound.sender
    customer = customer_at(
        kind=sender.kind, value=sender.value, name=sender.name, language=language, wrote=True
    )
    place = find_place(inbound, customer)
    if place is None:
        return _open(inbound, channel, customer)
    if place.is_held:
        return _hold(inbound, channel, customer, place.ticket)
    if place.is_new_matter or place.ticket.status == Ticket.Status.CLOSED:
        return _open(inbound, channel, customer, follow_up_of=place.ticket)
    ticket = place.ticket
    message = add_customer_message(
        ticket=ticket,
        customer=customer,
        channel=channel,
        text=_words(inbound),
        at=inbound.received_at,
        files=inbound.attachments,
        message=_fields(inbound),
        by=_agent(inbound),
    )
    _add_cc(ticket, inbound, channel)
    return Receipt(Fate.ADDED, message.ticket, message)


def _hold(inbound: Inbound, channel: Channel, customer: Customer, ticket: Ticket) -> Receipt:
    """Whoever sent it takes no part: agents alone see it, until one of them decides."""
    if inbound.is_auto_reply and _only_answers(inbound):
        return Receipt(
            Fate.IGNORED, reason=_("An automatic reply of somebody who is not part of the ticket.")
        )
    held = hold_message(
        ticket=ticket,
        customer=customer,
        channel=channel,
        text=_words(inbound),
        at=inbound.received_at,
        files=inbound.attachments,
        message=_fields(inbound),
    )
    return Receipt(Fate.HELD, held.ticket, held, _("From somebody who is not part of this ticket."))


def _open(
    inbound: Inbound, channel: Channel, customer: Customer, follow_up_of: Ticket | None = None
) -> Receipt:
    if inbound.is_auto_reply and _only_answers(inbound):
        # An absence notice to something that is gone: kept raw, but nobody asked us anything.
        return Receipt(Fate.IGNORED, reason=_("An automatic reply that belongs to no open ticket."))
    ticket, message = open_ticket(
        channel=channel,
        requester=customer,
        subject=inbound.subject or _("(no subject)"),
        text=_words(inbound),
        by=_agent(inbound),
        at=inbound.received_at or timezone.now(),
        language=customer.language,
        follow_up_of=follow_up_of,
        files=inbound.attachments,
        message=_fields(inbound),
    )
    _add_cc(ticket, inbound, channel)
    return Receipt(Fate.OPENED, ticket, message)


def _only_answers(inbound: Inbound) -> bool:
    """Not an alert: what a machine says of its own accord is somebody's work."""
    machine = inbound.context.get("machine")
    return machine in _ANSWERS or (not machine and bool(inbound.thread_ids))


def _agent(inbound: Inbound) -> User | None:
    return User.objects.get(pk=inbound.agent_id) if inbound.agent_id else None


def _words(inbound: Inbound) -> str:
    return inbound.reply_text or inbound.text


def _fields(inbound: Inbound) -> dict[str, object]:
    return {
        "subject": inbound.subject[:300],
        "sender_address": inbound.sender.value[:254],
        "recipients": {"to": _values(inbound.to), "cc": _values(inbound.cc)},
        "quoted_text": inbound.quoted_text,
        "html": inbound.html,
        "message_id": inbound.message_id[:250],
        "in_reply_to": inbound.in_reply_to[:250],
        "external_id": inbound.external_id,
        "is_auto_reply": inbound.is_auto_reply,
        "details": dict(inbound.context),
    }


def _values(people: Sequence[Person]) -> list[str]:
    return [person.value[:254] for person in people[:MAX_PARTICIPANTS]]


def _add_cc(ticket: Ticket, inbound: Inbound, channel: Channel) -> None:
    """People the customer wrote to besides us take part from now on; our own addresses do not."""
    people = {
        p.value.strip().lower(): p
        for p in (*inbound.to, *inbound.cc)
        if p.kind == "email" and not is_no_reply(p.value)
    }
    for value in (inbound.sender.value.strip().lower(), channel.address):
        people.pop(value, None)
    if not people:
        return
    ours = our_addresses_among(people)
    customers = []
    for value, person in list(people.items())[:MAX_PARTICIPANTS]:
        if value in ours:
            continue
        try:
            customers.append(customer_at(kind="email", value=value, name=person.name))
        except InvalidAddress:
            continue
    if customers:
        add_participants(ticket=ticket, customers=customers)
