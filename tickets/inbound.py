"""What comes in: the one shape that every channel translates to, and what became of it.

Adapters in `messaging` make an `Inbound` out of raw bytes; `tickets.intake.receive` and the
other handlers in `settings.INBOUND_HANDLERS` decide its fate. Nothing here touches a database.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from tickets.models import Message, Ticket


class Fate(models.TextChoices):
    """The one visible end of every raw message."""

    OPENED = "opened", _("Ticket opened")
    ADDED = "added", _("Added to a ticket")
    HELD = "held", _("Waits on a ticket")
    DUPLICATE = "duplicate", _("Duplicate")
    SURVEY_ANSWER = "survey_answer", _("Answer to a survey")
    BOUNCE = "bounce", _("Bounce")
    IGNORED = "ignored", _("Ignored")
    FAILED = "failed", _("Could not be read")


@dataclass(frozen=True)
class Person:
    """Somebody at an address of one kind (`email`, `phone`, …); `name` may be empty."""

    value: str
    name: str = ""
    kind: str = "email"


@dataclass(frozen=True)
class InboundAttachment:
    """One file as it came; `content_id` without angle brackets, `name` cleaned for display."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    is_inline: bool = False

    @property
    def size(self) -> int:
        return len(self.content)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class BounceReport:
    """What a bounce says: whom it is about, for which of our messages, and whether for good.

    `original_message_id` includes the angle brackets; `status` is an RFC 3463 code ("5.1.1") or "".
    """

    recipients: tuple[str, ...] = ()
    original_message_id: str = ""
    is_permanent: bool = False
    status: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Inbound:
    """One message from outside, parsed and cleaned.

    `external_id` is the same whenever the same content comes again, whatever the door, and ""
    where that cannot be known. `html` is already cleaned by the allow-list. `text` is the whole
    body as plain text, `reply_text` the words of this message, `quoted_text` the rest. Message ids
    include their angle brackets. `ticket_id` is set only by a door that has proved it (a signed
    token, an agent's page), never from anything the sender wrote. `agent_id` names the agent who
    took the words down (a call): they neither wait for a reply nor reopen the ticket, as the agent
    says where it stands.
    """

    sender: Person
    external_id: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    reply_text: str = ""
    quoted_text: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    reply_to: tuple[Person, ...] = ()
    attachments: tuple[InboundAttachment, ...] = ()
    sent_at: datetime | None = None
    received_at: datetime | None = None
    language: str = ""
    is_auto_reply: bool = False
    is_bounce: bool = False
    is_list: bool = False
    bounce: BounceReport | None = None
    ticket_id: int | None = None
    agent_id: int | None = None
    context: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_mail(self) -> bool:
        """Whether it came as a mail: pages, calls and the API have neither id nor date."""
        return bool(self.message_id or self.sent_at)

    @property
    def thread_ids(self) -> tuple[str, ...]:
        """Message ids this one answers, nearest first, without repeats."""
        return tuple(dict.fromkeys(i for i in (self.in_reply_to, *reversed(self.references)) if i))


@dataclass(frozen=True)
class Receipt:
    """What became of an inbound message; `reason` is a sentence for a person, or ""."""

    fate: Fate
    ticket: "Ticket | None" = None
    message: "Message | None" = None
    reason: str = ""
