"""The verbs on surveys: the only writers of this app's tables."""

from surveys.services.answering import InvitationClosed, ScoreRefused, rate_ticket, record_answer
from surveys.services.periodic import plan_periodic_surveys
from surveys.services.planning import plan_invitation
from surveys.services.sending import expire_invitations, send_due_invitations, send_invitation
from surveys.services.setup import create_default_surveys, start_survey
from surveys.services.unsubscribing import resubscribe, unsubscribe

__all__ = [
    "InvitationClosed",
    "ScoreRefused",
    "create_default_surveys",
    "expire_invitations",
    "plan_invitation",
    "plan_periodic_surveys",
    "rate_ticket",
    "record_answer",
    "resubscribe",
    "send_due_invitations",
    "send_invitation",
    "start_survey",
    "unsubscribe",
]
