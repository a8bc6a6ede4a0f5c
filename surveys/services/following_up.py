"""A bad score, or a question beside a good one, comes back to somebody who cares."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from surveys.models import Answer, Invitation
from tickets.models import Ticket
from tickets.services import add_note


def tell_who_cares(answer: Answer) -> None:
    """Put a bad score, or words that ask something, as a note on the ticket.

    An answer about no ticket goes to the customer's latest one, where the people who know them
    work. The ticket's state stays as it is.
    """
    if not (answer.is_bad or _asks(answer.comment)):
        return
    ticket = answer.invitation.ticket or _latest_ticket(answer.invitation)
    if ticket is None:
        return
    with translation.override(_language_of_reader(answer.invitation, ticket)):
        add_note(ticket=ticket, by=None, text=_note(answer), at=answer.answered_at)


def _asks(comment: str) -> bool:
    return any(mark in comment for mark in "?¿？؟")


def _latest_ticket(invitation: Invitation) -> Ticket | None:
    tickets = Ticket.objects.filter(requester=invitation.customer_id)
    return tickets.filter(is_spam=False, merged_into=None).order_by("-created_at", "-id").first()


def _language_of_reader(invitation: Invitation, ticket: Ticket) -> str:
    reader = ticket.assignee or invitation.agent
    return (reader.language if reader else "") or settings.LANGUAGE_CODE


def _note(answer: Answer) -> str:
    invitation = answer.invitation
    facts = {
        "customer": invitation.customer,
        "score": answer.score,
        "highest": invitation.scale.highest,
        "survey": invitation.survey,
    }
    line = _("%(customer)s gave %(score)s of %(highest)s in the survey “%(survey)s”.") % facts
    advice = (
        _("Please get in touch and see what can be put right.")
        if answer.is_bad
        else _("They seem to ask something. The ticket itself was left as it is.")
    )
    return "\n\n".join(part for part in (line, answer.comment, advice) if part)
