"""The account of a day: what each server has, what was kept of it, and what became of that.

The comparison is pure; the sums agree, or a sentence names the difference.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging.email import uid_sets
from messaging.email.audit import ask_server, bounds
from messaging.email.imap import is_fetched
from messaging.models import MailboxDay, MailboxState, RawInbound
from tickets.inbound import Fate
from tickets.models import Channel, Message

CHUNK = 500
"""Names in one question to the database."""


@dataclass(frozen=True)
class Server:
    """What an IMAP server said of a day; `last_uid` is how far we have fetched."""

    uids: frozenset[int]
    before_us: frozenset[int]
    next_uid: int
    last_uid: int


@dataclass(frozen=True)
class Difference:
    """Numbers of mails for which server and intake differ, by the reason."""

    not_fetched_yet: frozenset[int] = frozenset()
    before_us: frozenset[int] = frozenset()
    missing: frozenset[int] = frozenset()
    gone_from_server: frozenset[int] = frozenset()
    came_since: frozenset[int] = frozenset()


def compare(server: Server, kept: frozenset[int], kept_elsewhen: frozenset[int]) -> Difference:
    """Why the server's mails of a day and those that were kept are not the same.

    `kept_elsewhen` are mails that the server counts for this day and we for another.
    """
    absent = server.uids - kept - kept_elsewhen
    not_fetched_yet = frozenset(uid for uid in absent if uid > server.last_uid)
    before_us = (absent - not_fetched_yet) & server.before_us
    came_since = frozenset(uid for uid in kept - server.uids if uid >= server.next_uid)
    return Difference(
        not_fetched_yet=not_fetched_yet,
        before_us=before_us,
        missing=absent - not_fetched_yet - before_us,
        gone_from_server=kept - server.uids - came_since,
        came_since=came_since,
    )


@dataclass(frozen=True)
class DayOfChannel:
    """One channel and day. `on_server` is None where no mailbox is fetched, or none could be."""

    channel: Channel
    day: date
    doors: dict[str, int]
    fates: dict[str, int]
    on_server: int | None = None
    asked_at: datetime | None = None
    difference: Difference = field(default_factory=Difference)
    notes: tuple[str, ...] = ()
    problem: str = ""

    @property
    def kept(self) -> int:
        return sum(self.doors.values())

    @property
    def waiting(self) -> int:
        return self.fates.get("", 0)

    @property
    def is_explained(self) -> bool:
        """Whether every message of the day is accounted for."""
        return not self.problem and not self.difference.missing

    @property
    def sentences(self) -> list[str]:
        """The differences in words; empty where all sums agree."""
        problem = [_("The server could not be asked: %s") % self.problem] if self.problem else []
        waiting = [_waiting_words(self.waiting)] if self.waiting else []
        return [*problem, *_in_words(self.difference), *self.notes, *waiting]


def today() -> date:
    """The day it is in `TIME_ZONE`, whatever the reader's own zone."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def days_of(day: date, *, ask: bool = False) -> list[DayOfChannel]:
    """Every channel's account of a day, mailboxes first; with `ask` the servers are asked now.

    A channel that is switched off is shown as long as something came by it on that day.
    """
    channels = Channel.objects.order_by("-is_active", "kind", "address")
    reports = (_day_of(channel, day, ask=ask) for channel in channels)
    return [report for report in reports if report.channel.is_active or report.kept]


def _day_of(channel: Channel, day: date, *, ask: bool) -> DayOfChannel:
    is_asked = channel.is_active and channel.kind == "email" and is_fetched(channel)
    noted = None
    if is_asked:
        found = MailboxDay.objects.filter(channel=channel, day=day)
        noted = ask_server(channel, day) if ask else found.first()
    rows = _rows(channel, day)
    doors, fates = _counts(rows, "source"), _counts(rows, "fate")
    if not channel.is_mailbox:
        said = _said_at_once(channel, day)
        doors[channel.kind] = said.total()
        fates = dict(said + Counter(fates))
    report = DayOfChannel(
        channel=channel,
        day=day,
        doors={door: n for door, n in doors.items() if n},
        fates=fates,
        problem=noted.problem if noted else "",
    )
    if noted is None or noted.asked_at is None:
        return report
    return _compared(report, noted)


def _said_at_once(channel: Channel, day: date) -> Counter[str]:
    """What came by a form or a call: decided while the customer waits, so nothing is kept raw."""
    first, following = bounds(day)
    messages = Message.objects.filter(
        channel=channel,
        kind=Message.Kind.CUSTOMER,
        created_at__gte=first,
        created_at__lt=following,
        raw_inbound=None,
    )
    earlier = Message.objects.filter(ticket=OuterRef("ticket"), pk__lt=OuterRef("pk"))
    added = messages.filter(Exists(earlier)).count()
    said = Counter({Fate.ADDED.value: added, Fate.OPENED.value: messages.count() - added})
    return +said


def _rows(channel: Channel, day: date) -> QuerySet[RawInbound]:
    first, following = bounds(day)
    return RawInbound.objects.filter(
        channel=channel, received_at__gte=first, received_at__lt=following
    )


def _counts(rows: QuerySet[RawInbound], column: str) -> dict[str, int]:
    counted = rows.order_by(column).values_list(column).annotate(n=Count("pk"))
    return dict(counted)


def _compared(report: DayOfChannel, noted: MailboxDay) -> DayOfChannel:
    numbering = f"imap:{noted.uid_validity}:", f":{noted.fingerprint}"
    rows = _rows(report.channel, report.day).filter(source="imap")
    kept, others = _kept(rows.values_list("external_id", flat=True), *numbering)
    uids, before = uid_sets.read(noted.uids), uid_sets.read(noted.before_us)
    server = Server(uids, before, noted.next_uid, _last_uid(noted))
    elsewhen = _kept_elsewhen(report.channel, uids - kept, *numbering)
    return replace(
        report,
        on_server=len(uids),
        asked_at=noted.asked_at,
        difference=compare(server, kept, elsewhen),
        notes=tuple(_notes(others, len(elsewhen))),
    )


def _last_uid(noted: MailboxDay) -> int:
    state = MailboxState.objects.filter(
        channel=noted.channel_id, uid_validity=noted.uid_validity
    ).first()
    # Another numbering than the one we know: nothing of it was fetched.
    return state.last_uid if state else 0


def _kept(names: Iterable[str], start: str, end: str) -> tuple[frozenset[int], int]:
    """The numbers kept under this numbering, and how many were kept under another."""
    found: set[int] = set()
    others = 0
    for name in names:
        if name.startswith(start) and name.endswith(end):
            found.add(int(name[len(start) : -len(end)]))
        else:
            others += 1
    return frozenset(found), others


def _kept_elsewhen(channel: Channel, uids: frozenset[int], start: str, end: str) -> frozenset[int]:
    found: set[int] = set()
    numbers = sorted(uids)
    for first in range(0, len(numbers), CHUNK):
        names = [f"{start}{uid}{end}" for uid in numbers[first : first + CHUNK]]
        rows = RawInbound.objects.filter(channel=channel, external_id__in=names)
        kept, _others = _kept(rows.values_list("external_id", flat=True), start, end)
        found |= kept
    return frozenset(found)


def _notes(under_another_numbering: int, elsewhen: int) -> Iterable[str]:
    if n := under_another_numbering:
        yield (
            ngettext(
                "%d was fetched before the mailbox was renumbered or changed.",
                "%d were fetched before the mailbox was renumbered or changed.",
                n,
            )
            % n
        )
    if n := elsewhen:
        yield (
            ngettext(
                "%d was kept, and is counted for another day.",
                "%d were kept, and are counted for another day.",
                n,
            )
            % n
        )


def _in_words(difference: Difference) -> Iterable[str]:
    if n := len(difference.missing):
        words = ngettext(
            "%(n)d is on the server and was not fetched, and nobody knows why: number %(uids)s.",
            "%(n)d are on the server and were not fetched, and nobody knows why: numbers %(uids)s.",
            n,
        )
        yield words % {"n": n, "uids": uid_sets.written(difference.missing)[:200]}
    if n := len(difference.not_fetched_yet):
        yield (
            ngettext(
                "%d is on the server and not fetched yet.",
                "%d are on the server and not fetched yet.",
                n,
            )
            % n
        )
    if n := len(difference.before_us):
        yield (
            ngettext(
                "%d was on the server before this mailbox was connected, and was left.",
                "%d were on the server before this mailbox was connected, and were left.",
                n,
            )
            % n
        )
    if n := len(difference.gone_from_server):
        yield (
            ngettext(
                "%d was fetched and is not on the server any more: deleted or moved there.",
                "%d were fetched and are not on the server any more: deleted or moved there.",
                n,
            )
            % n
        )
    if n := len(difference.came_since):
        yield (
            ngettext(
                "%d came since the server was asked.", "%d came since the server was asked.", n
            )
            % n
        )


def _waiting_words(n: int) -> str:
    return ngettext("%d has no fate yet.", "%d have no fate yet.", n) % n
