"""Past invitations and answers in bulk, for imports and the demo: nobody is asked anything."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from customers.models import Customer
from helpdesk.lib.bulk import insert_rows
from surveys.models import Answer, Invitation, Survey
from tickets.models import Ticket


@dataclass(frozen=True)
class PastInvitation:
    """One customer who was asked; `score` on the survey's scale, None when they did not answer.

    With a ticket it asked about its resolution, without one it was a periodic question.
    """

    customer: Customer
    sent_at: datetime
    language: str
    ticket: Ticket | None = None
    agent_id: int | None = None
    team_id: int | None = None
    score: int | None = None
    comment: str = ""
    answered_at: datetime | None = None


@transaction.atomic
def insert_past_invitations(
    survey: Survey, past: Iterable[PastInvitation], *, now: datetime
) -> None:
    """Insert invitations with their answers as they stand at `now`."""
    asked = list(past)
    rows = insert_rows([_invitation(survey, p, now) for p in asked])
    insert_rows(
        [
            Answer(
                invitation_id=row.pk,
                kind=survey.kind,
                score=p.score,
                comment=p.comment,
                source=Answer.Source.PAGE,
                language=p.language,
                answered_at=p.answered_at or p.sent_at,
            )
            for row, p in zip(rows, asked, strict=True)
            if p.score is not None
        ]
    )


def _invitation(survey: Survey, past: PastInvitation, now: datetime) -> Invitation:
    expires_at = past.sent_at + timedelta(days=survey.expires_after_days)
    state = Invitation.State.EXPIRED if expires_at < now else Invitation.State.SENT
    return Invitation(
        survey_id=survey.pk,
        customer_id=past.customer.pk,
        ticket_id=past.ticket.pk if past.ticket else None,
        period="" if past.ticket else past.sent_at.date().isoformat(),
        agent_id=past.agent_id,
        team_id=past.team_id,
        language=past.language,
        state=state if past.score is None else Invitation.State.ANSWERED,
        due_at=past.sent_at,
        sent_at=past.sent_at,
        expires_at=expires_at,
        created_at=past.sent_at,
    )
