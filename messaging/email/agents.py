"""What agents answer from their own mail program: posted as from the help desk, or refused."""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from messaging.email.authentication import trusted_results, trusted_servers
from messaging.models import Delivery
from messaging.rendering import render_bodies
from messaging.services.outbound import send
from tickets.inbound import Fate, Inbound, InboundAttachment, Receipt
from tickets.models import Channel, Message, Ticket
from tickets.reply_tokens import AgentToken, agent_token_in
from tickets.selectors import tickets_visible_to
from tickets.services import TicketRefused, reply_to_ticket
from tickets.threading import after_merges

log = logging.getLogger(__name__)

_FAILED = frozenset({"fail", "softfail", "permerror"})
# Parts that belong to the agent's own program, not to the answer.
_SIGNATURES = frozenset(
    {
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-keys",
        "text/vcard",
        "text/x-vcard",
    }
)


def post_answer(inbound: Inbound, channel: Channel) -> Receipt | None:
    """An agent answers the mail that told them of a customer's: say it as the help desk, once.

    Only the token of that agent's own copy, sent from that agent's own address, speaks for them.
    Whoever else got hold of the copy is nobody we told anything and goes the ordinary way. An
    agent who may not answer any more is told so, and nothing is posted.
    """
    token = agent_token_in(inbound)
    agent = _agent_at(inbound, token) if token else None
    if token is None or agent is None:
        return None
    if inbound.is_auto_reply or inbound.is_list:
        return Receipt(Fate.IGNORED, reason=_("An automatic reply to a mail to an agent."))
    with translation.override(agent.language or None):
        try:
            return _post(inbound, _ticket_of(inbound, channel, agent, token), agent)
        except TicketRefused as refusal:
            _refuse(inbound, channel, agent, token, str(refusal))
            return Receipt(Fate.IGNORED, reason=_not_posted(str(refusal)))


def _agent_at(inbound: Inbound, token: AgentToken) -> User | None:
    """The agent of the token, active or not, if the mail is in their name."""
    sender = inbound.sender
    written = sender.value.strip().lower() if sender.kind == "email" else ""
    return User.objects.filter(pk=token.agent_id, email=written).first() if written else None


def _ticket_of(inbound: Inbound, channel: Channel, agent: User, token: AgentToken) -> Ticket:
    """The ticket to post in. Raises `TicketRefused` with what is in the way."""
    if is_doubtful(inbound, channel):
        raise TicketRefused(
            _("It could not be verified that the mail came from you (SPF, DKIM or DMARC failed).")
        )
    if not agent.is_active:
        raise TicketRefused(_("Your account is not active any more."))
    found = Ticket.objects.filter(pk=token.ticket_id).select_related("merged_into").first()
    target = after_merges(found) if found else None
    if target is None or not tickets_visible_to(agent).filter(pk=target.pk).exists():
        raise TicketRefused(_("You have no access to this ticket any more."))
    return target


def is_doubtful(inbound: Inbound, channel: Channel) -> bool:
    """Whether a check of the sender failed; DMARC alone vouches for the address that is shown."""
    results = inbound.context.get("authentication")
    if not isinstance(results, Mapping):
        claimed = inbound.context.get("authentication_results")
        servers = trusted_servers(channel.settings)
        results = trusted_results(claimed, servers) if isinstance(claimed, list) else {}
    return results.get("dmarc") != "pass" and not _FAILED.isdisjoint(results.values())


def _post(inbound: Inbound, ticket: Ticket, agent: User) -> Receipt:
    words, files = _words(inbound), _files(inbound)
    try:
        with transaction.atomic():
            message = reply_to_ticket(
                ticket=ticket, by=agent, text=words, files=files, external_id=inbound.external_id
            )
    except IntegrityError:
        seen = Message.objects.filter(external_id=inbound.external_id).first()
        if seen is None:
            raise
        return Receipt(Fate.DUPLICATE, seen.ticket, seen, _("The same message came before."))
    reason = _("Posted as the answer of %(agent)s.") % {"agent": agent}
    return Receipt(Fate.ADDED, message.ticket, message, reason)


def _words(inbound: Inbound) -> str:
    """What the agent wrote, never our mail that they quote. Raises `TicketRefused`."""
    has_rest = inbound.reply_text or inbound.quoted_text
    words = inbound.reply_text if has_rest else inbound.text
    if agent_token_in(replace(inbound, to=(), cc=(), subject="", text=words, html="")):
        raise TicketRefused(
            _("Your words could not be told from the mail you quoted. Write above the quoted mail.")
        )
    return words


def _files(inbound: Inbound) -> list[InboundAttachment]:
    """What was attached on purpose: neither the pictures of a signature nor its certificate."""
    return [
        file
        for file in inbound.attachments
        if not file.is_inline and file.content_type.lower() not in _SIGNATURES
    ]


def _refuse(
    inbound: Inbound, channel: Channel, agent: User, token: AgentToken, reason: str
) -> None:
    """Tell the agent that nothing was posted, and why: nothing of the ticket but its number."""
    log.warning(
        "an answer by mail of user %s in ticket %s was refused: %s",
        agent.pk,
        token.ticket_id,
        reason,
    )
    bodies = render_bodies(
        "messaging/mail/refusal", {"number": token.ticket_id, "reason": reason}, agent.language
    )
    send(
        key=f"refusal:{inbound.external_id or uuid.uuid4().hex}"[:100],
        purpose=Delivery.Purpose.AGENT,
        channel=channel,
        recipients={"to": [agent.email]},
        subject=_("Your answer to #%(number)s was not sent") % {"number": token.ticket_id},
        text=bodies.text,
        html=bodies.html,
        language=agent.language,
    )


def _not_posted(reason: str) -> str:
    return _("An agent's answer that was not posted. %(reason)s") % {"reason": reason}
