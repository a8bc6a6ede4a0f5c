"""What was said and what happened in a ticket, oldest first, ready to be printed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Case, Exists, OuterRef, QuerySet, When
from django.urls import reverse
from django.utils.safestring import SafeString

from helpdesk.lib.prepared import Id, Prepared
from helpdesk.lib.text import file_size, initials, linked
from helpdesk.lib.times import Clock
from tickets.links import attachment_token
from tickets.mail_facts import MailFacts, facts_of
from tickets.models import Attachment, Message, Ticket
from tickets.words import CHANNEL_ICONS, names_for, sentence_of, told_events

SHOWN_CHARACTERS = 20_000
SHOWN_MESSAGES = 60
RASTER = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class Row(NamedTuple):
    """The columns of a message that its entry needs."""

    id: int
    kind: str
    agent_id: int | None
    agent__name: str | None
    agent__email: str | None
    customer_id: int | None
    customer__name: str | None
    sender_address: str
    channel__name: str
    channel__kind: str
    created_at: datetime
    text: str
    quoted_text: str
    recipients: Mapping[str, list[str]]
    state: str
    state_reason: str
    is_auto_reply: bool
    details: Mapping[str, object]
    has_html: bool
    has_files: bool


@dataclass(frozen=True, slots=True)
class File:
    name: str
    size: str
    url: str
    icon: str
    is_picture: bool
    content_id: str


@dataclass(frozen=True, slots=True)
class MessageEntry:
    """A message as the timeline shows it; `at` and `order` place it among the events."""

    at: datetime
    order: int
    id: int
    kind: str
    author: str
    initials: str
    is_agent: bool
    address: str
    channel: str
    channel_icon: str
    when: str
    exact: str
    text: SafeString
    is_cut: bool
    quoted: str
    has_html: bool
    to: str
    cc: str
    bcc: str
    state: str
    state_reason: str
    is_auto_reply: bool
    facts: MailFacts
    files: Sequence[File]


@dataclass(frozen=True, slots=True)
class EventEntry:
    """Something that happened, in a sentence."""

    at: datetime
    order: int
    icon: str
    what: str
    when: str
    exact: str


Entry = MessageEntry | EventEntry


@dataclass(frozen=True)
class Timeline:
    entries: Sequence[Entry]
    hidden: int
    # Newest first: what tells who talks to whom.
    said: Sequence[Row] = ()

    @property
    def messages(self) -> Sequence[MessageEntry]:
        return [entry for entry in self.entries if isinstance(entry, MessageEntry)]


def timeline_of(
    ticket: Ticket, *, reader: str, agents: Mapping[int, str], everything: bool = False
) -> Timeline:
    """The newest 60 messages and what happened between them, or everything.

    `reader` is for whom the links to files are made; `agents` are names that are known already.
    Queries: messages, files, events, and names that are not known.
    """
    messages = _EVERY_MESSAGE if everything else _NEWEST_MESSAGES
    shown = [Row(*row) for row in messages.all(ticket=ticket.pk)]
    hidden = max(0, ticket.message_count + ticket.held_count - len(shown))
    clock = Clock()
    wrote = {row.agent_id: row.agent__name or "" for row in shown if row.agent_id is not None}
    files = files_of([row.id for row in shown if row.has_files], reader)
    entries: list[Entry] = [_message(row, files.get(row.id, ()), clock) for row in shown]
    since = shown[-1].created_at if hidden else None
    entries += _events(ticket, since, {**wrote, **agents}, clock)
    return Timeline(sorted(entries, key=lambda entry: (entry.at, entry.order)), hidden, shown)


def _messages() -> QuerySet[Message, tuple[Any, ...]]:
    return (
        Message.objects.filter(ticket=Id("ticket"))
        .annotate(
            has_html=Case(When(html="", then=False), default=True),
            has_files=Exists(Attachment.objects.filter(message=OuterRef("pk"))),
        )
        .order_by("-created_at", "-id")
        # Rows, not objects: a page of ten messages would make forty of them.
        .values_list(*Row._fields)
    )


_EVERY_MESSAGE = Prepared(_messages)
_NEWEST_MESSAGES = Prepared(lambda: _messages()[:SHOWN_MESSAGES])


def files_of(message_ids: Iterable[int], reader: str) -> Mapping[int, list[File]]:
    """The files of some messages, each with a link for this reader alone."""
    files: dict[int, list[File]] = defaultdict(list)
    wanted = list(message_ids)
    if not wanted:
        return files
    for attachment in Attachment.objects.filter(message__in=wanted).order_by("id"):
        files[attachment.message_id].append(_file(attachment, reader))
    return files


def _file(attachment: Attachment, reader: str) -> File:
    is_picture = attachment.content_type.lower() in RASTER
    return File(
        name=attachment.name,
        size=file_size(attachment.size),
        url=reverse("tickets:attachment", args=[attachment_token(attachment.pk, reader)]),
        icon="image" if is_picture else "file-text",
        is_picture=is_picture,
        content_id=attachment.content_id,
    )


def _message(row: Row, files: Sequence[File], clock: Clock) -> MessageEntry:
    author = row.agent__name or row.agent__email or row.customer__name or row.sender_address
    author = author or (f"#{row.customer_id}" if row.customer_id else "")
    return MessageEntry(
        at=row.created_at,
        order=0,
        id=row.id,
        kind=row.kind,
        author=author,
        initials=initials(author),
        is_agent=row.agent_id is not None,
        address=row.sender_address,
        channel=row.channel__name,
        channel_icon=CHANNEL_ICONS.get(row.channel__kind, "inbox"),
        when=clock.ago(row.created_at),
        exact=clock.exact(row.created_at),
        text=linked(row.text[:SHOWN_CHARACTERS]),
        is_cut=len(row.text) > SHOWN_CHARACTERS,
        quoted=row.quoted_text[:SHOWN_CHARACTERS],
        has_html=row.has_html,
        to=", ".join(row.recipients.get("to", ())),
        cc=", ".join(row.recipients.get("cc", ())),
        bcc=", ".join(row.recipients.get("bcc", ())),
        state=row.state,
        state_reason=row.state_reason,
        is_auto_reply=row.is_auto_reply,
        facts=facts_of(row.details),
        files=files,
    )


def _events(
    ticket: Ticket, since: datetime | None, agents: Mapping[int, str], clock: Clock
) -> list[EventEntry]:
    events = told_events(ticket, since)
    names = names_for(ticket, events, agents)
    return [
        EventEntry(
            at=event.at,
            order=event.version,
            icon=icon,
            what=sentence_of(event, names),
            when=clock.ago(event.at),
            exact=clock.exact(event.at),
        )
        for event, icon in events
    ]
