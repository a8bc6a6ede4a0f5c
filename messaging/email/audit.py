"""Asking a mail server how many mails of a day it has, to compare with what was kept."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from messaging.email import uid_sets
from messaging.email.fetch import was_there_before_us
from messaging.email.imap import TROUBLE, Arrival, Folder, is_fetched, opened, sentence
from messaging.email.sign_in import NotAuthorised, account_for
from messaging.models import MailboxDay, MailboxState
from tickets.models import Channel


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day of `TIME_ZONE`, and that of the next."""
    zone = ZoneInfo(settings.TIME_ZONE)
    return (
        datetime.combine(day, time(), zone),
        datetime.combine(day + timedelta(days=1), time(), zone),
    )


def ask_servers(day: date) -> int:
    """Ask every mailbox for its mails of a day; returns how many answered."""
    active = Channel.objects.filter(kind="email", is_active=True).order_by("id")
    answers = [ask_server(channel, day) for channel in active if is_fetched(channel)]
    return sum(1 for answer in answers if answer and not answer.problem)


def ask_server(channel: Channel, day: date) -> MailboxDay | None:
    """Note which mails of a day the server of a mailbox has; None where nothing is fetched.

    Where it cannot be asked, what it said before stays and `problem` says why.
    """
    try:
        account = account_for(channel)
    except NotAuthorised as error:
        return _noted(channel, day, problem=str(error)[:500])
    if account is None:
        return None
    try:
        with opened(account) as folder:
            facts = _facts(channel, folder, day)
    except TROUBLE as error:
        return _noted(channel, day, problem=sentence(error, account)[:500])
    return _noted(channel, day, **facts, fingerprint=account.fingerprint)


def _facts(channel: Channel, folder: Folder, day: date) -> dict[str, object]:
    first, following = bounds(day)
    place, asked_at = folder.place(), timezone.now()
    arrivals = [a for a in folder.arrivals(first, following) if first <= a.at < following]
    return {
        "uid_validity": place.uid_validity,
        "next_uid": place.next_uid,
        "uids": uid_sets.written(arrival.uid for arrival in arrivals),
        "before_us": uid_sets.written(_before_us(channel, arrivals)),
        "asked_at": asked_at,
        "problem": "",
    }


def _before_us(channel: Channel, arrivals: list[Arrival]) -> list[int]:
    state = MailboxState.objects.filter(channel=channel).first()
    if state is None:
        return []
    return [
        arrival.uid
        for arrival in arrivals
        if arrival.uid <= state.skipped_to or was_there_before_us(arrival, state)
    ]


def _noted(channel: Channel, day: date, **facts: object) -> MailboxDay:
    noted, _made = MailboxDay.objects.update_or_create(channel=channel, day=day, defaults=facts)
    return noted
