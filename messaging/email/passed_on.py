"""Mail of customers that agents pass on to the help desk."""

from dataclasses import replace

from django.utils.translation import gettext as _

from accounts.models import User
from messaging.email.agents import is_doubtful
from messaging.email.errors import UnreadableMail
from messaging.email.forwards import Forward, read_forward
from messaging.email.guard import parse_guarded
from messaging.routing import is_our_address
from tickets.inbound import Fate, Inbound, InboundAttachment, Receipt
from tickets.intake import receive
from tickets.models import Channel
from tickets.services import add_note
from tickets.subjects import is_passed_on

_DONE = (Fate.OPENED, Fate.ADDED, Fate.HELD)
_PLAIN = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"


def open_for_original_sender(inbound: Inbound, channel: Channel) -> Receipt | None:
    """An agent passes a customer's mail on: the ticket is the customer's, a note says by whom.

    What the agent wrote above it is for colleagues, so it stands in the note.
    """
    if not _may_be_passed_on(inbound):
        return None
    agent = User.objects.filter(email=inbound.sender.value.strip().lower(), is_active=True).first()
    if agent is None or is_doubtful(inbound, channel):
        return None
    found = _original(inbound)
    if found is None or is_our_address(found[0].sender.value):
        return None
    original, comment = found
    receipt = receive(_handed_in(original, inbound, agent), channel)
    if receipt.fate not in _DONE or receipt.ticket is None:
        return receipt
    reason = _("%(agent)s passed this mail on.") % {"agent": agent}
    add_note(ticket=receipt.ticket, by=agent, text=f"{reason}\n\n{comment}")
    return replace(receipt, reason=f"{reason} {receipt.reason}".strip())


def _may_be_passed_on(inbound: Inbound) -> bool:
    return (
        inbound.sender.kind == "email"
        and inbound.ticket_id is None
        and not inbound.is_auto_reply
        and (bool(_attached_mails(inbound)) or is_passed_on(inbound.subject))
    )


def _attached_mails(inbound: Inbound) -> list[InboundAttachment]:
    return [f for f in inbound.attachments if f.content_type.lower() == "message/rfc822"]


def _original(inbound: Inbound) -> tuple[Inbound, str] | None:
    """The mail that was passed on, as a mail of its own, and the words above it."""
    mails = _attached_mails(inbound)
    try:
        if len(mails) == 1:
            original = parse_guarded(mails[0].content)
            return (original, inbound.text.strip()) if original.sender.value else None
        found = read_forward(inbound.text)
        return (_as_mail(found, inbound), found.comment) if found else None
    except UnreadableMail:
        return None


def _as_mail(found: Forward, inbound: Inbound) -> Inbound:
    """Read anew: what is quoted in the original, and what is its signature?"""
    read = parse_guarded(_PLAIN + found.text.encode())
    return replace(
        read,
        sender=found.sender,
        subject=found.subject or _without_first_prefix(inbound.subject),
        attachments=inbound.attachments,
        sent_at=inbound.sent_at,
    )


def _without_first_prefix(subject: str) -> str:
    return subject.partition(":")[2].strip() or subject


def _handed_in(original: Inbound, inbound: Inbound, agent: User) -> Inbound:
    """Known again by the mail that brought it; whom the agent wrote to takes no part."""
    return replace(
        original,
        external_id=inbound.external_id,
        received_at=inbound.received_at,
        to=(),
        cc=(),
        reply_to=(),
        is_auto_reply=False,
        is_bounce=False,
        bounce=None,
        context={"passed_on_by": agent.pk},
    )
