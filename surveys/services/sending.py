"""Keep the promises that are due, or say why not."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from customers.models import Customer
from messaging.models import Delivery
from messaging.services import send
from surveys.mails import invitation_mail
from surveys.models import Invitation
from surveys.refusals import mailbox_of, recipient_of, why_not

log = logging.getLogger(__name__)

State = Invitation.State


def send_due_invitations(*, now: datetime | None = None, limit: int = 500) -> int:
    """Send or skip what is due, and end what expired; returns how many were looked at.

    Each invitation is decided in a transaction of its own, so that one that cannot be sent does
    not hold up the others.
    """
    now = now or timezone.now()
    expire_invitations(now=now)
    due = list(
        Invitation.objects.filter(state=State.SCHEDULED, due_at__lte=now)
        .order_by("due_at", "id")
        .values_list("pk", flat=True)[:limit]
    )
    for invitation_id in due:
        try:
            send_invitation(invitation_id, now=now)
        except Exception:
            # It stays promised; the next sweep tries again, and the others must go out now.
            log.exception("invitation %s could not be sent", invitation_id)
    return len(due)


@transaction.atomic
def send_invitation(invitation_id: int, *, now: datetime | None = None) -> Invitation:
    """Send one scheduled invitation, or skip it with the reason; any other is left alone.

    Whoever comes second waits for the row and finds it sent. The customer's row is held as well:
    two surveys for one person are decided one after the other, so the second finds the first.
    """
    now = now or timezone.now()
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("survey", "ticket__requester", "ticket__channel")
        .get(pk=invitation_id)
    )
    if invitation.state != State.SCHEDULED:
        return invitation
    invitation.customer = Customer.objects.select_for_update().get(pk=invitation.customer_id)
    if reason := why_not(invitation, now):
        invitation.state, invitation.reason = State.SKIPPED, reason
        invitation.save(update_fields=["state", "reason"])
        return invitation
    return _send(invitation, now)


def _send(invitation: Invitation, now: datetime) -> Invitation:
    invitation.sent_at = now
    invitation.expires_at = now + timedelta(days=invitation.survey.expires_after_days)
    mail = invitation_mail(invitation)
    channel = mailbox_of(invitation)
    if channel is None:
        raise LookupError("why_not() lets nothing through without a mailbox")
    invitation.delivery = send(
        key=f"invitation:{invitation.pk}",
        purpose=Delivery.Purpose.SURVEY,
        channel=channel,
        recipients={"to": [recipient_of(invitation)], "cc": []},
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        customer=invitation.customer,
        language=invitation.language,
        headers=mail.headers,
    )
    invitation.state = State.SENT
    invitation.save(update_fields=["state", "sent_at", "expires_at", "delivery"])
    return invitation


def expire_invitations(*, now: datetime | None = None) -> int:
    """End what was sent and not answered in time; returns how many."""
    return Invitation.objects.filter(
        state=State.SENT, expires_at__lte=now or timezone.now()
    ).update(state=State.EXPIRED)
