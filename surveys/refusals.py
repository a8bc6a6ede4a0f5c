"""Why an invitation is not sent: one small question a reason, asked again when it is due."""

from collections.abc import Callable
from datetime import datetime, timedelta

from customers.models import Address, OptOut
from customers.selectors import address_of, has_opted_out
from messaging.routing import mailbox_for, outgoing_channel
from surveys.models import Invitation
from surveys.selectors import asked_since, do_not_ask_period
from tickets.models import Channel, Ticket
from tickets.recipients import recipients_of

Reason = Invitation.Reason
SOLVED = (Ticket.Status.RESOLVED, Ticket.Status.CLOSED)


def why_not(invitation: Invitation, now: datetime) -> str:
    """The first reason that keeps an invitation back, or ""."""
    return next((reason for reason, holds in REFUSALS if holds(invitation, now)), "")


def _is_inactive(invitation: Invitation, now: datetime) -> bool:
    return not invitation.survey.is_active


def _is_too_late(invitation: Invitation, now: datetime) -> bool:
    """Had it gone out when it was due, its time to answer would be over by now."""
    return now - invitation.due_at > timedelta(days=invitation.survey.expires_after_days)


def _is_spam(invitation: Invitation, now: datetime) -> bool:
    return bool(invitation.ticket and invitation.ticket.is_spam)


def _is_merged(invitation: Invitation, now: datetime) -> bool:
    return bool(invitation.ticket and invitation.ticket.merged_into_id)


def _is_not_resolved(invitation: Invitation, now: datetime) -> bool:
    return bool(invitation.ticket and invitation.ticket.status not in SOLVED)


def _has_opted_out(invitation: Invitation, now: datetime) -> bool:
    return has_opted_out(invitation.customer_id, OptOut.Topic.SURVEYS)


def _has_no_channel(invitation: Invitation, now: datetime) -> bool:
    return mailbox_of(invitation) is None


def _has_no_address(invitation: Invitation, now: datetime) -> bool:
    return not recipient_of(invitation)


def _is_unreachable(invitation: Invitation, now: datetime) -> bool:
    return Address.objects.filter(
        value=recipient_of(invitation), unreachable_since__isnull=False
    ).exists()


def _was_asked_lately(invitation: Invitation, now: datetime) -> bool:
    since = now - do_not_ask_period()
    return asked_since(invitation.customer_id, since).exclude(pk=invitation.pk).exists()


REFUSALS: tuple[tuple[str, Callable[[Invitation, datetime], bool]], ...] = (
    (Reason.INACTIVE, _is_inactive),
    (Reason.SPAM, _is_spam),
    (Reason.MERGED, _is_merged),
    (Reason.NOT_RESOLVED, _is_not_resolved),
    (Reason.TOO_LATE, _is_too_late),
    (Reason.OPTED_OUT, _has_opted_out),
    (Reason.NO_ADDRESS, _has_no_address),
    (Reason.UNREACHABLE, _is_unreachable),
    (Reason.ASKED_LATELY, _was_asked_lately),
    (Reason.NO_CHANNEL, _has_no_channel),
)


def mailbox_of(invitation: Invitation) -> Channel | None:
    """Where the invitation goes out: the ticket's way out when that is a mailbox, else any."""
    if invitation.ticket:
        channel = outgoing_channel(invitation.ticket)
        if channel.is_mailbox and channel.is_active:
            return channel
    return mailbox_for(team_id=invitation.team_id)


def recipient_of(invitation: Invitation) -> str:
    """The customer's e-mail address, in a ticket the one they last wrote from; "" for none."""
    if invitation.ticket and invitation.ticket.requester_id == invitation.customer_id:
        found = recipients_of(invitation.ticket, requester_only=True)["to"]
        return found[0] if found else ""
    address = address_of(invitation.customer, "email")
    return address.value if address else ""
