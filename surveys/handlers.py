"""What surveys do when a ticket is resolved, and with answers that come by mail."""

from dataclasses import replace

from django.utils.translation import gettext as _

from customers.addresses import InvalidAddress, normalise_address
from customers.models import Address
from messaging.selectors import delivery_answered_by
from surveys.models import Answer, Invitation
from surveys.reading import Reading, read_answer
from surveys.selectors import answer_by_mail, invitation_of_delivery, surveys_on_resolution
from surveys.services import InvitationClosed, plan_invitation
from surveys.services import record_answer as record
from tickets.inbound import Fate, Inbound, InboundAttachment, Receipt
from tickets.intake import receive
from tickets.models import Channel, TicketEvent
from tickets.services import add_note


def plan_invitations(event: TicketEvent) -> None:
    """A ticket was resolved: promise to ask its requester."""
    for survey in surveys_on_resolution():
        plan_invitation(survey=survey, event=event)


def record_answer(inbound: Inbound, channel: Channel) -> Receipt | None:
    """Claim a mail that answers a survey: its score and words are set down, the ticket rests.

    Words without a score are the customer's next message in the ticket that was asked about:
    that they come from the person we wrote to, in answer to our mail, proves that they belong
    there. Machines and other people are not claimed.
    """
    if inbound.is_auto_reply or inbound.is_bounce or inbound.is_list:
        return None
    invitation = _invitation_answered_by(inbound)
    if invitation is None:
        return None
    if answer_by_mail(inbound.external_id):
        return Receipt(Fate.DUPLICATE, invitation.ticket, reason=_("The same answer came before."))
    reading = read_answer(_words(inbound), invitation.scale)
    if reading is None or (_files(inbound) and invitation.ticket is None):
        return _hand_on(inbound, channel, invitation)
    try:
        return _record(inbound, invitation, reading)
    except InvitationClosed as closed:
        if reading.comment:
            return _hand_on(inbound, channel, invitation)
        return Receipt(Fate.IGNORED, invitation.ticket, reason=str(closed))


def _invitation_answered_by(inbound: Inbound) -> Invitation | None:
    delivery = delivery_answered_by(inbound)
    invitation = invitation_of_delivery(delivery) if delivery else None
    return invitation if invitation and _is_from(inbound, invitation) else None


def _is_from(inbound: Inbound, invitation: Invitation) -> bool:
    sender = inbound.sender
    try:
        value = normalise_address(sender.kind, sender.value)
    except InvalidAddress:
        return False
    return Address.objects.filter(
        kind=sender.kind, value=value, customer=invitation.customer_id
    ).exists()


def _words(inbound: Inbound) -> str:
    """What the person wrote: never the quoted survey, which holds every score."""
    if inbound.reply_text or inbound.quoted_text:
        return inbound.reply_text
    return inbound.text


def _files(inbound: Inbound) -> tuple[InboundAttachment, ...]:
    """What was attached on purpose; pictures in the text are signatures and buttons."""
    return tuple(file for file in inbound.attachments if not file.is_inline)


def _record(inbound: Inbound, invitation: Invitation, reading: Reading) -> Receipt:
    answer = record(
        invitation=invitation,
        score=reading.score,
        comment=reading.comment,
        source=Answer.Source.MAIL,
        external_id=inbound.external_id[:250],
    )
    if invitation.ticket and (files := _files(inbound)):
        text = _("The customer sent this with their answer to the survey.")
        add_note(ticket=invitation.ticket, by=None, text=text, files=files)
    return Receipt(
        Fate.SURVEY_ANSWER,
        invitation.ticket,
        reason=_("Score %(score)s of %(highest)s.")
        % {"score": answer.score, "highest": invitation.scale.highest},
    )


def _hand_on(inbound: Inbound, channel: Channel, invitation: Invitation) -> Receipt:
    return receive(replace(inbound, ticket_id=invitation.ticket_id), channel)
