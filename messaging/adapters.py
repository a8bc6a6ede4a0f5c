"""What a channel has to know: how to read what comes in, and how to hand over what goes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Protocol, runtime_checkable

from tickets.inbound import Inbound, InboundAttachment, Person
from tickets.models import Channel

__all__ = [
    "LOG",
    "Adapter",
    "Audited",
    "DeliveryError",
    "Fetcher",
    "Inbound",
    "Outbound",
    "Screener",
    "Unreadable",
]

LOG = "log"
"""The provider's id of a message that went no further than our own delivery log."""


class Unreadable(ValueError):
    """What came in cannot be understood. The text is a sentence for the administrator."""


class DeliveryError(Exception):
    """The channel did not take a message over.

    `permanent` means that trying again is useless; otherwise it is tried again later. The text is
    a sentence for the agent.
    """

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


@dataclass(frozen=True)
class Outbound:
    """One message to hand over: everything the provider needs, nothing that needs the database.

    `html` is a safe fragment without the frame of a mail; `text` says the same in plain text.
    `message_id` stays the same however often it is handed over. `reply_to` is the address to answer
    to, where it is not the channel's. `is_automatic` says that no person wrote it just now, so that
    no machine answers it.
    """

    channel_address: str
    channel_name: str
    channel_settings: Mapping[str, object]
    to: tuple[Person, ...]
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    sender_name: str = ""
    reply_to: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    is_automatic: bool = False
    attachments: tuple[InboundAttachment, ...] = ()


@runtime_checkable
class Fetcher(Protocol):
    """An adapter whose provider does not tell us when something came: it has to be asked."""

    def fetch(self) -> int:
        """Keep what is new in every channel of this kind that is due; returns how much it was."""
        ...


@runtime_checkable
class Screener(Protocol):
    """An adapter that knows more of what came once it is known by which channel."""

    def screened(self, inbound: Inbound, channel: Channel) -> Inbound:
        """The same message with what the channel's own servers and rules say about it."""
        ...


@runtime_checkable
class Audited(Protocol):
    """An adapter whose provider can say what it has, to compare with what was kept."""

    def ask_servers(self, day: date) -> int:
        """Note what each provider has for a day; returns how many answered."""
        ...


class Adapter(Protocol):
    """One class a channel kind, named in `settings.CHANNEL_ADAPTERS`.

    `address_kind` is the kind of `customers.Address` it writes to. A channel that cannot carry an
    answer (`sends` is False: a web form, a call) answers by e-mail.
    """

    address_kind: ClassVar[str]
    sends: ClassVar[bool]

    def parse(self, raw: bytes) -> list[Inbound]:
        """Read what came; pure. Raises `Unreadable`."""
        ...

    def send(self, outbound: Outbound) -> str:
        """Hand one message over and return the provider's id. Raises `DeliveryError`."""
        ...
