"""Promise to ask about a resolution."""

from surveys.models import Invitation, Survey
from tickets.models import TicketEvent

State = Invitation.State


def plan_invitation(*, survey: Survey, event: TicketEvent) -> Invitation:
    """Promise to ask the requester about a resolution, once; joins the caller's transaction.

    A promise about an earlier resolution of the ticket that was not kept yet is dropped: only the
    last one is asked about. Agent and team are those who resolved it.
    """
    ticket = event.ticket
    invitation, is_new = Invitation.objects.get_or_create(
        survey=survey,
        event=event,
        defaults={
            "ticket": ticket,
            "customer": ticket.requester,
            "agent_id": event.actor_id or event.assignee_id,
            "team_id": event.team_id,
            "language": ticket.requester.language or ticket.language,
            "due_at": event.at + survey.delay,
        },
    )
    if is_new:
        Invitation.objects.filter(survey=survey, ticket=ticket, state=State.SCHEDULED).exclude(
            pk=invitation.pk
        ).update(state=State.SKIPPED, reason=Invitation.Reason.RESOLVED_AGAIN)
    return invitation
