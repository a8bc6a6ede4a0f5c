"""What was said and what happened in a ticket, oldest first, ready to be printed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, When
from django.urls import reverse
from django.utils.safestring import SafeString

from helpdesk.lib.text import file_size, initials, linked
from helpdesk.lib.times import Clock
from tickets.links import attachment_token
from tickets.models import Attachment, Message, Ticket
from tickets.words import CHANNEL_ICONS, names_for, sentence_of, told_events

SHOWN_CHARACTERS = 20_000
SHOWN_MESSAGES = 60
RASTER = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


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
    state: str
    state_reason: str
    is_auto_reply: bool
    files: Sequence[File]
    is_message: bool = True


@dataclass(frozen=True, slots=True)
class EventEntry:
    """Something that happened, in a sentence."""

    at: datetime
    order: int
    icon: str
    what: str
    when: str
    exact: str
    is_message: bool = False


Entry = MessageEntry | EventEntry


@dataclass(frozen=True)
class Timeline:
    entries: Sequence[Entry]
    hidden: int


def timeline_of(
    ticket: Ticket, *, reader: str, agents: Mapping[int, str], everything: bool = False
) -> Timeline:
    """The newest 60 messages and what happened between them, or everything.

    `reader` is for whom the links to files are made; `agents` are names that are known already.
    Queries: messages, files, events, and names that are not known.
    """
    messages = (
        ticket.messages.select_related("agent", "customer", "channel")
        .annotate(has_html=Case(When(html="", then=False), default=True))
        .defer("search_text", "html", "channel__settings")
        .order_by("-created_at", "-id")
    )
    shown = list(messages if everything else messages[:SHOWN_MESSAGES])
    hidden = max(0, ticket.message_count - len(shown))
    clock = Clock()
    files = files_of([message.pk for message in shown], reader)
    entries: list[Entry] = [_message(m, files.get(m.pk, ()), clock) for m in shown]
    since = shown[-1].created_at if hidden else None
    entries += _events(ticket, since, agents, clock)
    return Timeline(sorted(entries, key=lambda entry: (entry.at, entry.order)), hidden)


def files_of(message_ids: Iterable[int], reader: str) -> Mapping[int, list[File]]:
    """The files of some messages, each with a link for this reader alone."""
    files: dict[int, list[File]] = defaultdict(list)
    for attachment in Attachment.objects.filter(message__in=list(message_ids)).order_by("id"):
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


def _message(message: Message, files: Sequence[File], clock: Clock) -> MessageEntry:
    author = author_of(message)
    return MessageEntry(
        at=message.created_at,
        order=0,
        id=message.pk,
        kind=message.kind,
        author=author,
        initials=initials(author),
        is_agent=message.agent_id is not None,
        address=message.sender_address,
        channel=message.channel.name,
        channel_icon=CHANNEL_ICONS.get(message.channel.kind, "inbox"),
        when=clock.ago(message.created_at),
        exact=clock.exact(message.created_at),
        text=linked(message.text[:SHOWN_CHARACTERS]),
        is_cut=len(message.text) > SHOWN_CHARACTERS,
        quoted=message.quoted_text[:SHOWN_CHARACTERS],
        has_html=bool(message.has_html),  # type: ignore[attr-defined]
        to=", ".join(message.recipients.get("to", ())),
        cc=", ".join(message.recipients.get("cc", ())),
        state=message.state,
        state_reason=message.state_reason,
        is_auto_reply=message.is_auto_reply,
        files=files,
    )


def author_of(message: Message) -> str:
    """Who said it, by name, else by address."""
    if message.agent:
        return str(message.agent)
    if message.customer:
        return message.customer.name or message.sender_address or str(message.customer)
    return ""


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
