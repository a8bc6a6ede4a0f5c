"""Fetching mailboxes: every mail is kept before the place moves on, so none is lost or doubled."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from messaging.claims import claim
from messaging.email.header_lines import one_line
from messaging.email.imap import (
    TROUBLE,
    Account,
    Arrival,
    Folder,
    Mail,
    Place,
    TokenRefused,
    Withheld,
    is_fetched,
    opened,
    sentence,
)
from messaging.email.sign_in import NotAuthorised, account_for, forget_access_token
from messaging.email.watched import is_watched
from messaging.models import MailboxState
from messaging.services import accept
from tickets.models import Channel

log = logging.getLogger(__name__)

BATCH = 500
"""Mails of one mailbox in one go; the rest comes with the next."""
BACKOFF = timedelta(seconds=60)
MAX_BACKOFF = timedelta(hours=1)
CLOCK_SKEW = timedelta(hours=1)
PATIENCE = 3
"""Failures in a row before a mail that the server withholds is passed over."""
PLACE = ("last_uid", "reread_to", "skipped_to", "taken_since")


def fetch_mailboxes() -> int:
    """Fetch every active mailbox that is due and that nobody watches; returns how many were new.

    One that cannot be reached rests and says why in its `MailboxState`; the next goes on.
    """
    channels = Channel.objects.filter(kind="email", is_active=True).order_by("id")
    return sum(fetch_mailbox(channel) for channel in channels if not is_watched(channel.pk))


def fetch_mailbox(channel: Channel) -> int:
    """Keep what is new in one mailbox, unless it rests or somebody else is at it."""
    if not is_fetched(channel):
        return 0
    state = _claimed(channel)
    if state is None:
        return 0
    try:
        fetched = _fetch_claimed(channel, state)
    except Unfetched as trouble:
        _rest(state, str(trouble))
        return 0
    _release(state)
    return fetched


class Unfetched(Exception):
    """What keeps a mailbox from being fetched, as a sentence."""


def _fetch_claimed(channel: Channel, state: MailboxState) -> int:
    try:
        account = account_for(channel)
    except NotAuthorised as error:
        raise Unfetched(str(error)) from error
    if account is None:
        return 0
    try:
        with opened(account) as folder:
            return _fetch(channel, state, folder, account)
    except TROUBLE as error:
        if isinstance(error, TokenRefused):
            forget_access_token(channel)
        raise Unfetched(sentence(error, account)) from error


def _claimed(channel: Channel) -> MailboxState | None:
    state, _made = MailboxState.objects.get_or_create(channel=channel)
    now = timezone.now()
    is_mine = (
        MailboxState.objects.filter(pk=state.pk)
        .filter(Q(claimed_until=None) | Q(claimed_until__lt=now))
        .filter(Q(next_try_at=None) | Q(next_try_at__lte=now))
        .update(claimed_until=now + claim())
    )
    if not is_mine:
        return None
    state.refresh_from_db()
    return state


def _fetch(channel: Channel, state: MailboxState, folder: Folder, account: Account) -> int:
    place = folder.place()
    if (state.account, state.uid_validity) != (account.label, place.uid_validity):
        _start(channel, state, place, account)
    fetched = 0
    for uid in _waiting(state, folder)[:BATCH]:
        mail = _taken(folder, uid, state)
        if mail and not was_there_before_us(mail, state):
            _raw, is_new = accept(
                channel,
                mail.raw,
                external_id=f"imap:{place.uid_validity}:{uid}:{account.fingerprint}",
                source="imap",
                received_at=mail.arrived_at,
            )
            fetched += is_new
        if not _move_on(state, uid):
            break
    return fetched


def _taken(folder: Folder, uid: int, state: MailboxState) -> Mail | None:
    """One mail; an empty one stands for what the server withheld `PATIENCE` times.

    So the next go on, and the intake shows it. The last failure had the same words.
    """
    try:
        return folder.fetch(uid, settings.MAX_MAIL_BYTES + 1)
    except Withheld as error:
        is_repeated = one_line(str(error))[:100] in state.last_error
        if state.failures < PATIENCE or not is_repeated:
            raise
        log.warning("mailbox %s: mail %s is withheld: %s", state.channel_id, uid, error)
        return Mail(uid, b"", None)


def _start(channel: Channel, state: MailboxState, place: Place, account: Account) -> None:
    """Begin at the end of a mailbox that is new to us, at the beginning of one that was renumbered.

    After renumbering (a new UIDVALIDITY) everything that came since we first looked is read again;
    what is known already is recognised by its content and becomes `duplicate`.
    """
    if state.account == account.label:
        state.last_uid, state.reread_to = 0, place.next_uid - 1
        state.skipped_to = 0
    elif channel.settings.get("fetch_existing"):
        state.last_uid, state.reread_to, state.taken_since = 0, 0, None
        state.skipped_to = 0
    else:
        state.last_uid, state.reread_to = place.next_uid - 1, 0
        state.skipped_to, state.taken_since = state.last_uid, timezone.now()
    state.account, state.uid_validity = account.label, place.uid_validity
    state.save(update_fields=["account", "uid_validity", *PLACE])


def _waiting(state: MailboxState, folder: Folder) -> list[int]:
    if state.last_uid < state.reread_to:
        again = folder.uids_after(state.last_uid, since=_first_moment(state))
        if early := [uid for uid in again if uid <= state.reread_to]:
            return early
    return folder.uids_after(max(state.last_uid, state.reread_to))


def was_there_before_us(mail: Mail | Arrival, state: MailboxState) -> bool:
    """Only asked where a mailbox is read again: a clock must never hide a mail that is new."""
    since = _first_moment(state)
    at = mail.at if isinstance(mail, Arrival) else mail.arrived_at
    return bool(mail.uid <= state.reread_to and since and at and at < since)


def _first_moment(state: MailboxState) -> datetime | None:
    return state.taken_since - CLOCK_SKEW if state.taken_since else None


def _move_on(state: MailboxState, uid: int) -> bool:
    """Move the place and hold the claim longer; False when somebody else took over meanwhile."""
    held, until = state.claimed_until, timezone.now() + claim()
    is_mine = MailboxState.objects.filter(pk=state.pk, claimed_until=held).update(
        last_uid=uid, claimed_until=until
    )
    state.last_uid, state.claimed_until = uid, until
    return bool(is_mine)


def _release(state: MailboxState) -> None:
    MailboxState.objects.filter(pk=state.pk, claimed_until=state.claimed_until).update(
        claimed_until=None,
        last_success_at=timezone.now(),
        last_error="",
        failures=0,
        next_try_at=None,
    )


def _rest(state: MailboxState, reason: str) -> None:
    log.warning("mailbox %s: %s", state.channel_id, reason)
    wait = min(BACKOFF * 2 ** min(state.failures, 10), MAX_BACKOFF)
    MailboxState.objects.filter(pk=state.pk, claimed_until=state.claimed_until).update(
        claimed_until=None,
        last_error=reason[:500] or _("It could not be fetched."),
        failures=state.failures + 1,
        next_try_at=timezone.now() + wait,
    )
