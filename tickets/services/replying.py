"""Verbs by which we say something: to the customer, or to ourselves."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from customers.services import customer_at
from tickets.events import Change, record
from tickets.inbound import InboundAttachment
from tickets.message_ids import new_message_id
from tickets.models import Message, Ticket, TicketEvent
from tickets.recipients import recipients_of
from tickets.services.locking import TicketRefused, locked, refuse_closed
from tickets.services.messages import MESSAGE_FIELDS, write_message
from tickets.services.opening import add_participants

Kind = TicketEvent.Kind
Status = Ticket.Status
AFTER_REPLY = (Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.RESOLVED)


def reply_to_ticket(
    *,
    ticket: Ticket,
    by: User,
    text: str,
    status: str = Status.PENDING,
    files: Iterable[InboundAttachment] = (),
    recipients: Mapping[str, list[str]] | None = None,
    external_id: str = "",
    seen: int | None = None,
    at: datetime | None = None,
) -> Message:
    """An agent answers the customer; the ticket then waits in `status`.

    A ticket that nobody holds becomes the answering agent's. With `status` "resolved" the mail
    asks whether this solved it. Raises `TicketRefused` for an empty text or a closed ticket,
    `TicketChanged` when something newer arrived after version `seen`.
    """
    if status not in AFTER_REPLY:
        raise TicketRefused(_("A reply cannot set this status."))
    _refuse_empty(text, files)
    at = at or timezone.now()
    with locked(ticket, seen=seen, verb="reply") as ticket:
        refuse_closed(ticket)
        message = _outgoing(
            ticket,
            Message.Kind.REPLY,
            text,
            at,
            files,
            agent=by,
            recipients=dict(recipients or recipients_of(ticket)),
            asks_if_solved=status == Status.RESOLVED,
            external_id=external_id,
        )
        if recipients:
            _let_in(ticket, recipients)
        changes = [Change(Kind.REPLY, message, {"message": message.pk})]
        if ticket.assignee_id is None:
            ticket.assignee = by
            changes.append(Change(Kind.ASSIGNED, data={"from": None, "to": by.pk}))
        changes += _after_reply(ticket, status, by, at)
        ticket.waiting_since = None
        record(
            ticket,
            *changes,
            by=by,
            at=at,
            changed=(
                *MESSAGE_FIELDS,
                "status",
                "assignee",
                "waiting_since",
                "resolved_at",
                "resolved_by",
            ),
        )
        return message


def _let_in(ticket: Ticket, recipients: Mapping[str, list[str]]) -> None:
    """Whom an agent openly writes to takes part from now on: their answers belong here."""
    named = (*recipients.get("to", ()), *recipients.get("cc", ()))
    people = [customer_at(kind="email", value=value) for value in named]
    if others := [person for person in people if person.pk != ticket.requester_id]:
        add_participants(ticket=ticket, customers=others)


def _after_reply(ticket: Ticket, status: str, by: User, at: datetime) -> list[Change]:
    before = ticket.status
    if before == status:
        return []
    ticket.status = status
    change = {"from": before, "to": status}
    if status == Status.RESOLVED:
        ticket.resolved_at, ticket.resolved_by = at, by
        return [Change(Kind.RESOLVED, data={**change, "asked": True})]
    if before == Status.RESOLVED:
        ticket.resolved_at = ticket.resolved_by = None
        return [Change(Kind.REOPENED, data=change)]
    return [Change(Kind.STATUS_CHANGED, data=change)]


def post_to_ticket(
    *,
    ticket: Ticket,
    text: str,
    subject: str = "",
    asks_if_solved: bool = False,
    at: datetime | None = None,
) -> Message:
    """Say something to the requester automatically; the state stays as it is.

    With a `subject` of its own it is not an answer to the ticket's.
    """
    at = at or timezone.now()
    with locked(ticket) as ticket:
        message = _outgoing(
            ticket,
            Message.Kind.AUTOMATIC,
            text,
            at,
            (),
            recipients=dict(recipients_of(ticket, requester_only=True)),
            subject=subject or ticket.subject,
            asks_if_solved=asks_if_solved,
        )
        record(
            ticket,
            Change(Kind.REPLY, message, {"message": message.pk, "automatic": True}),
            by=None,
            at=at,
            changed=MESSAGE_FIELDS,
        )
        return message


def _outgoing(
    ticket: Ticket,
    kind: Message.Kind,
    text: str,
    at: datetime,
    files: Iterable[InboundAttachment],
    **fields: object,
) -> Message:
    return write_message(
        ticket,
        kind=kind,
        files=files,
        channel=ticket.channel,
        text=text.strip(),
        message_id=new_message_id(settings.SITE_URL),
        state=Message.State.QUEUED,
        created_at=at,
        **{"subject": ticket.subject, **fields},
    )


def add_note(
    *,
    ticket: Ticket,
    by: User | None,
    text: str,
    files: Iterable[InboundAttachment] = (),
    at: datetime | None = None,
) -> Message:
    """Write something that only colleagues read; `by` None is the product itself.

    Allowed on closed tickets too.
    """
    _refuse_empty(text, files)
    at = at or timezone.now()
    with locked(ticket) as ticket:
        note = write_message(
            ticket,
            kind=Message.Kind.NOTE,
            files=files,
            channel=ticket.channel,
            agent=by,
            text=text.strip(),
            created_at=at,
        )
        record(ticket, Change(Kind.NOTE, note), by=by, at=at, changed=MESSAGE_FIELDS)
        return note


def mark_reply_sent(*, message: Message, at: datetime | None = None) -> None:
    """The channel took the message over; repeating it changes nothing."""
    _outcome(message, Message.State.SENT, "", Kind.REPLY_SENT, at)


def mark_reply_failed(*, message: Message, reason: str, at: datetime | None = None) -> None:
    """The message could not be delivered for good; `reason` is a sentence for the agent."""
    _outcome(message, Message.State.FAILED, reason, Kind.REPLY_FAILED, at)


def _outcome(
    message: Message, state: str, reason: str, kind: TicketEvent.Kind, at: datetime | None
) -> None:
    with locked(message.ticket) as ticket:
        message.refresh_from_db(fields=["state"])
        if message.state == state:
            return
        message.state, message.state_reason = state, reason[:500]
        message.save(update_fields=["state", "state_reason"])
        data = {
            "message": message.pk,
            "automatic": message.kind != Message.Kind.REPLY,
            "agent": message.agent_id,
            "reason": reason,
        }
        record(ticket, Change(kind, message, data), by=None, at=at)


def mark_reply_queued(*, message: Message) -> None:
    """A failed message is being tried again."""
    Message.objects.filter(pk=message.pk).update(state=Message.State.QUEUED, state_reason="")


def _refuse_empty(text: str, files: Iterable[InboundAttachment]) -> None:
    if not text.strip() and not files:
        raise TicketRefused(_("Write something first."))
