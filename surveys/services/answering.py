"""What a customer's answer sets down, by whatever door it comes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer
from surveys.models import Answer, Invitation
from surveys.scales import SurveyKind
from surveys.selectors import active_survey, current_answer, is_open, rating_invitation
from surveys.services.following_up import tell_who_cares
from surveys.services.planning import plan_invitation
from tickets.models import Ticket, TicketEvent

MAX_COMMENT = 5000
# Whoever changes their mind more often than this is a machine.
MAX_ANSWERS = 20
SOLVED = (Ticket.Status.RESOLVED, Ticket.Status.CLOSED)


class InvitationClosed(Exception):
    """The invitation cannot be answered (any more); the text is a sentence for the customer."""

    def __init__(self) -> None:
        super().__init__(_("This survey has ended. Thank you for wanting to answer."))


class ScoreRefused(ValueError):
    """The score is not on the scale of the survey."""


@transaction.atomic
def record_answer(
    *,
    invitation: Invitation,
    score: int,
    comment: str = "",
    source: str,
    language: str = "",
    external_id: str = "",
    at: datetime | None = None,
) -> Answer:
    """Set down an answer; until the invitation expires a later one replaces it and both are kept.

    The same score and words again change nothing. A bad score comes back to whoever looked after
    the customer. Raises `InvitationClosed` and `ScoreRefused`.
    """
    at = at or timezone.now()
    invitation = _locked(invitation)
    if not is_open(invitation, at):
        raise InvitationClosed
    if not invitation.scale.holds(score):
        raise ScoreRefused(score)
    comment = comment.replace("\x00", "").strip()[:MAX_COMMENT]
    before = current_answer(invitation)
    if before and (before.score, before.comment) == (score, comment):
        return before
    if invitation.answers.count() >= MAX_ANSWERS:
        raise InvitationClosed
    invitation.answers.filter(is_current=True).update(is_current=False)
    answer = Answer.objects.create(
        invitation=invitation,
        kind=invitation.survey.kind,
        score=score,
        comment=comment,
        source=source,
        language=language or invitation.language,
        external_id=external_id,
        answered_at=at,
    )
    invitation.state, invitation.reason = Invitation.State.ANSWERED, ""
    invitation.save(update_fields=["state", "reason"])
    tell_who_cares(answer)
    return answer


def _locked(invitation: Invitation) -> Invitation:
    return (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("survey", "customer", "ticket", "agent")
        .get(pk=invitation.pk)
    )


@transaction.atomic
def rate_ticket(
    *,
    ticket: Ticket,
    customer: Customer,
    score: int,
    comment: str = "",
    language: str = "",
    at: datetime | None = None,
) -> Answer:
    """The requester rates a solved ticket on its page, whether or not a mail has asked them.

    An invitation that was only planned is answered by this and will not be sent. Raises
    `InvitationClosed` where there is nothing (more) to rate and `ScoreRefused`.
    """
    at = at or timezone.now()
    if customer.pk != ticket.requester_id or ticket.status not in SOLVED or not ticket.is_counted:
        raise InvitationClosed
    invitation = rating_invitation(ticket) or _unasked(ticket)
    invitation = _locked(invitation)
    if invitation.expires_at is None:
        invitation.expires_at = at + timedelta(days=invitation.survey.expires_after_days)
        invitation.save(update_fields=["expires_at"])
    return record_answer(
        invitation=invitation,
        score=score,
        comment=comment,
        source=Answer.Source.PUBLIC_TICKET,
        language=language,
        at=at,
    )


def _unasked(ticket: Ticket) -> Invitation:
    """Solved before there was a survey: the invitation is made now."""
    survey = active_survey(SurveyKind.CSAT)
    event = ticket.events.filter(kind=TicketEvent.Kind.RESOLVED).order_by("version").last()
    if survey is None or event is None:
        raise InvitationClosed
    return plan_invitation(survey=survey, event=event)
