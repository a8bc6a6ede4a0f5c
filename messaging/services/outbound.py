"""The one way out: a promise that a message will be handed over, and its keeping."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Address, Customer, OptOut
from customers.selectors import address_of, has_opted_out
from customers.services import mark_reachable
from helpdesk.lib.hints import hint_on_commit
from messaging.adapters import LOG, DeliveryError, Outbound
from messaging.claims import claim
from messaging.models import Delivery
from messaging.registry import adapter_for
from messaging.routing import signed_address
from tickets.inbound import InboundAttachment, Person
from tickets.message_ids import new_message_id
from tickets.models import Channel, Message
from tickets.reply_tokens import reply_token
from tickets.services import mark_reply_failed, mark_reply_queued, mark_reply_sent

log = logging.getLogger(__name__)

State = Delivery.State
Purpose = Delivery.Purpose
# Seconds until the next try after each failure; after the last one we give up.
RETRIES = (60, 300, 900, 3600, 4 * 3600, 12 * 3600, 24 * 3600)

REPLY_TO = "Reply-To"
# What a customer may have asked us not to send.
OPT_OUT_TOPICS = {Purpose.SURVEY: OptOut.Topic.SURVEYS, Purpose.NOTICE: OptOut.Topic.NOTICES}


def send(
    *,
    key: str,
    purpose: str,
    channel: Channel,
    recipients: Mapping[str, list[str]],
    subject: str,
    text: str,
    html: str = "",
    customer: Customer | None = None,
    message: Message | None = None,
    sender_name: str = "",
    language: str = "",
    in_reply_to: str = "",
    references: Iterable[str] = (),
    headers: Mapping[str, str] | None = None,
    reply_to: str = "",
    not_before: datetime | None = None,
) -> Delivery:
    """Promise to hand a message over, with recipients and words frozen now.

    The same `key` again returns the first delivery and sends nothing. `html` is a safe fragment;
    the channel puts its frame around it. `reply_to` is an address of ours to answer to. Opt-outs
    and unreachable addresses are looked at when it is handed over, not now.
    """
    from messaging.tasks import transmit_delivery  # a hint, not a dependency

    delivery, is_new = Delivery.objects.get_or_create(
        key=key,
        defaults={
            "purpose": purpose,
            "channel": channel,
            "recipients": dict(recipients),
            "subject": " ".join(subject.split())[:300],
            "text": text,
            "html": html,
            "customer": customer,
            "message": message,
            "sender_name": sender_name[:150],
            "language": language,
            "rfc_message_id": message.message_id if message else new_message_id(settings.SITE_URL),
            "in_reply_to": in_reply_to,
            "references": list(references),
            "headers": {**(headers or {}), **({REPLY_TO: reply_to} if reply_to else {})},
            "due_at": not_before or timezone.now(),
        },
    )
    if is_new and purpose not in Delivery.BULK:
        hint_on_commit(transmit_delivery, delivery.pk)
    return delivery


def transmit(delivery_id: int) -> Delivery:
    """Hand one delivery over if it is due and nobody else does.

    Whoever claims it holds it for `claim()`; a worker that dies meanwhile leaves it to the next
    sweep, which sends it again with the same Message-ID.
    """
    now = timezone.now()
    is_mine = (
        Delivery.objects.filter(pk=delivery_id)
        .filter(
            Q(state=State.QUEUED, due_at__lte=now) | Q(state=State.SENDING, claimed_until__lt=now)
        )
        .update(state=State.SENDING, claimed_until=now + claim(), attempts=F("attempts") + 1)
    )
    delivery = Delivery.objects.select_related("channel", "message__ticket").get(pk=delivery_id)
    if not is_mine:
        return delivery
    if reason := _why_not(delivery):
        return _finish(delivery, State.SUPPRESSED, reason)
    try:
        provider_id = adapter_for(delivery.channel.kind).send(outbound_of(delivery))
    except DeliveryError as error:
        return _not_taken(delivery, error)
    delivery.provider_id = provider_id[:250]
    if delivery.purpose == Purpose.ACCOUNT and provider_id != LOG:
        _forget_words(delivery)
    return _finish(delivery, State.SENT, "")


def _forget_words(delivery: Delivery) -> None:
    """A link that opens an account is not kept once it is on its way."""
    delivery.text, delivery.html = _("(Not kept: mail about an account.)"), ""
    delivery.save(update_fields=["text", "html"])


def _why_not(delivery: Delivery) -> str:
    """The sentence that keeps a delivery back, or ""."""
    if not delivery.recipients.get("to"):
        return _no_address(delivery.customer)
    topic = OPT_OUT_TOPICS.get(Purpose(delivery.purpose))
    if topic and delivery.customer_id and has_opted_out(delivery.customer_id, topic):
        return _("The customer asked us not to write about this.")
    if _unreachable(delivery.recipients["to"]):
        return _("Mail to this address came back for good.")
    return ""


def _no_address(customer: Customer | None) -> str:
    phone = address_of(customer, Address.Kind.PHONE) if customer else None
    if phone is None:
        return _("The customer has no address that this channel can write to.")
    return _("The customer has no e-mail address: call them at %(number)s.") % {"number": phone}


def _unreachable(values: list[str]) -> bool:
    known = Address.objects.filter(value__in=values, unreachable_since__isnull=False)
    return known.count() == len(values)


def outbound_of(delivery: Delivery) -> Outbound:
    """What the channel's adapter is given for a delivery, and what pages show of it."""
    channel, message = delivery.channel, delivery.message
    files = message.attachments.all() if message else ()
    return Outbound(
        channel_address=channel.address,
        channel_name=channel.name,
        channel_settings=channel.settings,
        to=_people(delivery, "to"),
        cc=_people(delivery, "cc"),
        bcc=_people(delivery, "bcc"),
        sender_name=delivery.sender_name,
        reply_to=_reply_to(delivery),
        subject=delivery.subject,
        text=delivery.text,
        html=delivery.html,
        message_id=delivery.rfc_message_id,
        in_reply_to=delivery.in_reply_to,
        references=tuple(delivery.references),
        headers=delivery.headers,
        language=delivery.language,
        is_automatic=delivery.purpose != Purpose.REPLY,
        attachments=tuple(
            InboundAttachment(
                name=file.name,
                content_type=file.content_type,
                content=file.file.read(),
                content_id=file.content_id,
                is_inline=file.is_inline,
            )
            for file in files
        ),
    )


def _reply_to(delivery: Delivery) -> str:
    """The signed address of the ticket, where the mailbox's host delivers such addresses."""
    if chosen := delivery.headers.get(REPLY_TO):
        return str(chosen)
    if delivery.message is None:
        return ""
    return signed_address(delivery.channel, reply_token(delivery.message.ticket_id))


def _people(delivery: Delivery, field: str) -> tuple[Person, ...]:
    kind = adapter_for(delivery.channel.kind).address_kind
    return tuple(Person(value, kind=kind) for value in delivery.recipients.get(field, []))


def _not_taken(delivery: Delivery, error: DeliveryError) -> Delivery:
    if error.permanent or delivery.attempts > len(RETRIES):
        return _finish(delivery, State.FAILED, str(error))
    wait = timedelta(seconds=RETRIES[delivery.attempts - 1])
    log.info("delivery %s is tried again in %s: %s", delivery.pk, wait, error)
    delivery.state, delivery.reason = State.QUEUED, str(error)[:500]
    delivery.due_at, delivery.claimed_until = timezone.now() + wait, None
    delivery.save(update_fields=["state", "reason", "due_at", "claimed_until"])
    return delivery


@transaction.atomic
def _finish(delivery: Delivery, state: str, reason: str) -> Delivery:
    delivery.state, delivery.reason, delivery.claimed_until = state, reason[:500], None
    if state == State.SENT:
        delivery.sent_at = timezone.now()
    delivery.save(update_fields=["state", "reason", "claimed_until", "sent_at", "provider_id"])
    if delivery.message is None:
        return delivery
    if state == State.SENT:
        mark_reply_sent(message=delivery.message, at=delivery.sent_at)
    else:
        mark_reply_failed(message=delivery.message, reason=reason)
    return delivery


def fail_after_bounce(delivery: Delivery, reason: str) -> Delivery:
    """A mail that was taken over came back for good; repeating it changes nothing."""
    if delivery.state == State.FAILED:
        return delivery
    return _finish(delivery, State.FAILED, reason)


@transaction.atomic
def retry_delivery(delivery: Delivery) -> Delivery:
    """Try a failed or suppressed delivery again, now; the others are left alone.

    Somebody decided that the address works after all: a bounce of the past is forgotten.
    """
    from messaging.tasks import transmit_delivery  # a hint, not a dependency

    is_again = Delivery.objects.filter(
        pk=delivery.pk, state__in=(State.FAILED, State.SUPPRESSED)
    ).update(state=State.QUEUED, reason="", attempts=0, due_at=timezone.now(), claimed_until=None)
    if is_again:
        for value in delivery.recipients.get("to", []):
            mark_reachable(kind=adapter_for(delivery.channel.kind).address_kind, value=value)
        if delivery.message:
            mark_reply_queued(message=delivery.message)
        hint_on_commit(transmit_delivery, delivery.pk)
    delivery.refresh_from_db()
    return delivery


def deliver_due(*, bulk: bool = False, limit: int = 200) -> int:
    """Hand over what is due and was not; returns how many were looked at.

    Surveys and notices (`bulk`) have a sweep of their own, so that they never delay a reply.
    """
    now = timezone.now()
    due = Delivery.objects.filter(
        Q(state=State.QUEUED, due_at__lte=now) | Q(state=State.SENDING, claimed_until__lt=now)
    )
    due = due.filter(purpose__in=Delivery.BULK) if bulk else due.exclude(purpose__in=Delivery.BULK)
    ids = list(due.order_by("due_at").values_list("pk", flat=True)[:limit])
    for delivery_id in ids:
        transmit(delivery_id)
    return len(ids)
