"""Keep what came, then decide its fate. One raw message ends in exactly one fate."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from customers.addresses import InvalidAddress
from helpdesk.lib.hints import hint_on_commit
from messaging.adapters import Audited, Fetcher, Screener, Unreadable
from messaging.claims import claim
from messaging.models import RawInbound
from messaging.registry import adapter_for
from tickets.inbound import Fate, Inbound, Receipt
from tickets.models import Channel

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
BACKOFF = timedelta(seconds=10)
"""The first rest; each is twice as long as the one before: three quarters of an hour in all."""

InboundHandler = Callable[[Inbound, Channel], Receipt | None]


def accept(
    channel: Channel,
    payload: bytes,
    *,
    external_id: str,
    source: str,
    received_at: datetime | None = None,
) -> tuple[RawInbound, bool]:
    """Keep a raw message; the second value says whether it is new.

    The same `external_id` (unique per channel) keeps the first row. A worker is told on commit.
    """
    from messaging.tasks import process_received  # a hint, not a dependency

    raw, is_new = RawInbound.objects.get_or_create(
        channel=channel,
        external_id=external_id,
        defaults={
            "payload": payload,
            "size": len(payload),
            "source": source,
            "received_at": received_at or timezone.now(),
        },
    )
    if is_new:
        hint_on_commit(process_received, raw.pk)
    return raw, is_new


def fetch_due() -> int:
    """Ask the kinds of channel that have to be asked; returns how many messages were new."""
    adapters = (adapter_for(kind) for kind in settings.CHANNEL_ADAPTERS)
    return sum(adapter.fetch() for adapter in adapters if isinstance(adapter, Fetcher))


def ask_servers(day: date) -> int:
    """Ask the providers that can say it what they have for a day; returns how many answered."""
    adapters = (adapter_for(kind) for kind in settings.CHANNEL_ADAPTERS)
    return sum(adapter.ask_servers(day) for adapter in adapters if isinstance(adapter, Audited))


def take(channel: Channel, payload: bytes, *, external_id: str, source: str) -> RawInbound:
    """Keep a raw message, and once that is committed decide its fate here and now.

    Nobody else is told: a process that dies in between leaves the rest to the next sweep. The
    same `external_id` again raises `IntegrityError`.
    """
    raw = RawInbound.objects.create(
        channel=channel,
        external_id=external_id,
        payload=payload,
        size=len(payload),
        source=source,
        claimed_until=timezone.now() + claim(),
        attempts=1,
    )
    return _decide_claimed(raw)


def process(raw_id: int) -> RawInbound:
    """Decide the fate of one raw message; whoever comes second finds it decided or claimed.

    A message that cannot be understood, or that has killed its worker `MAX_ATTEMPTS` times, gets
    the fate `failed` and stays for an administrator to replay.
    """
    now = timezone.now()
    is_mine = (
        RawInbound.objects.filter(pk=raw_id, fate="")
        .filter(Q(claimed_until=None) | Q(claimed_until__lt=now))
        .update(claimed_until=now + claim(), attempts=F("attempts") + 1)
    )
    raw = RawInbound.objects.select_related("channel__default_team").get(pk=raw_id)
    if not is_mine:
        return raw
    if raw.attempts > MAX_ATTEMPTS:
        return _failed(raw, _("Reading this message ended the worker several times."))
    return _decide_claimed(raw)


def _decide_claimed(raw: RawInbound) -> RawInbound:
    try:
        return _decide(raw)
    except (Unreadable, InvalidAddress) as error:
        return _failed(raw, _sentence(error))
    except DatabaseError as error:
        return _rest(raw, error)
    except Exception as error:
        # Whatever one message breaks, the next must go through.
        log.exception("raw message %s", raw.pk)
        return _failed(raw, f"{type(error).__name__}: {error}")


def _decide(raw: RawInbound) -> RawInbound:
    inbounds = adapter_for(raw.channel.kind).parse(bytes(raw.payload))
    with transaction.atomic():
        if not _is_undecided(raw):
            return raw
        receipts = [_hand_over(_received(inbound, raw), raw.channel) for inbound in inbounds]
        last = receipts[-1] if receipts else Receipt(Fate.IGNORED, reason=_("Nothing was said."))
        return _save(raw, last)


def _is_undecided(raw: RawInbound) -> bool:
    """Hold the row until the transaction ends: whoever was slow finds what the other decided."""
    if RawInbound.objects.select_for_update().filter(pk=raw.pk, fate="").exists():
        return True
    raw.refresh_from_db()
    return False


def _received(inbound: Inbound, raw: RawInbound) -> Inbound:
    inbound = replace(inbound, received_at=inbound.received_at or raw.received_at)
    adapter = adapter_for(raw.channel.kind)
    return adapter.screened(inbound, raw.channel) if isinstance(adapter, Screener) else inbound


def _hand_over(inbound: Inbound, channel: Channel) -> Receipt:
    for handler in inbound_handlers():
        if receipt := handler(inbound, channel):
            return receipt
    raise LookupError("the last of INBOUND_HANDLERS must decide")


@cache
def inbound_handlers() -> tuple[InboundHandler, ...]:
    return tuple(import_string(path) for path in settings.INBOUND_HANDLERS)


def _save(raw: RawInbound, receipt: Receipt) -> RawInbound:
    raw.fate, raw.reason = receipt.fate, receipt.reason[:500]
    raw.ticket, raw.message = receipt.ticket, receipt.message
    raw.decided_at, raw.claimed_until = timezone.now(), None
    raw.save(update_fields=["fate", "reason", "ticket", "message", "decided_at", "claimed_until"])
    return raw


def _failed(raw: RawInbound, reason: str) -> RawInbound:
    with transaction.atomic():
        if not _is_undecided(raw):
            return raw
        return _save(raw, Receipt(Fate.FAILED, reason=reason))


def _sentence(error: Exception) -> str:
    if isinstance(error, InvalidAddress):
        return _("The sender has no usable address: %(address)s") % {"address": error}
    return str(error)


def _rest(raw: RawInbound, error: DatabaseError) -> RawInbound:
    """The database hiccuped: the message is fine, so it is tried again later."""
    log.warning("raw message %s rests: %s", raw.pk, error)
    raw.claimed_until = timezone.now() + BACKOFF * 2 ** max(raw.attempts - 1, 0)
    raw.reason = str(error)[:500]
    RawInbound.objects.filter(pk=raw.pk, fate="").update(
        claimed_until=raw.claimed_until, reason=raw.reason
    )
    return raw


def process_due(limit: int = 200) -> int:
    """Process what nobody has processed; returns how many were looked at."""
    due = (
        RawInbound.objects.filter(fate="")
        .filter(Q(claimed_until=None) | Q(claimed_until__lt=timezone.now()))
        .order_by("id")
        .values_list("pk", flat=True)[:limit]
    )
    for raw_id in due:
        process(raw_id)
    return len(due)


def replay(raw: RawInbound) -> RawInbound:
    """Decide again about a message that failed or was ignored; the others are left alone."""
    RawInbound.objects.filter(pk=raw.pk, fate__in=(Fate.FAILED, Fate.IGNORED)).update(
        fate="", reason="", attempts=0, claimed_until=None, decided_at=None
    )
    return process(raw.pk)
