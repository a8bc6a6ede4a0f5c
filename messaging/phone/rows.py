"""Calls and promises as a page shows them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from helpdesk.lib.times import Clock
from messaging.phone.models import CallBack
from messaging.phone.services import Direction
from tickets.models import Message


@dataclass(frozen=True, slots=True)
class CallBackRow:
    pk: int
    ticket_id: int
    subject: str
    who: str
    number: str
    due: str
    promised_by: str
    done: str
    done_by: str
    is_overdue: bool


def call_back_row(row: CallBack, clock: Clock, now: datetime) -> CallBackRow:
    return CallBackRow(
        pk=row.pk,
        ticket_id=row.ticket_id,
        subject=row.ticket.subject,
        who=str(row.ticket.requester),
        number=row.number,
        due=clock.exact(row.due_at),
        promised_by=str(row.by or ""),
        done=clock.exact(row.done_at) if row.done_at else "",
        done_by=str(row.done_by or "") if row.done_at else "",
        is_overdue=row.is_overdue(now),
    )


@dataclass(frozen=True, slots=True)
class CallRow:
    ticket_id: int
    subject: str
    who: str
    number: str
    is_outgoing: bool
    direction: str
    duration: str
    when: str
    exact: str


def call_row(message: Message, clock: Clock) -> CallRow:
    facts = message.details
    direction = facts.get("direction", Direction.IN)
    return CallRow(
        ticket_id=message.ticket_id,
        subject=message.ticket.subject,
        who=str(message.customer or ""),
        number=str(facts.get("number", "")),
        is_outgoing=direction == Direction.OUT,
        direction=str(Direction(direction).label) if direction in Direction.values else "",
        duration=duration(int(facts.get("seconds") or 0)),
        when=clock.ago(message.created_at),
        exact=clock.exact(message.created_at),
    )


def duration(seconds: int) -> str:
    """ "4 min 10 s", "45 s", "" for nothing."""
    minutes, rest = divmod(seconds, 60)
    if not seconds:
        return ""
    if not minutes:
        return _("%(seconds)d s") % {"seconds": rest}
    return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
