"""Mails for the soak: what customers and their programs send, also wrongly and twice.

Every mail carries a word of its own (`soak000123x`), by which it is found again.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

KINDS = {
    "new": 48,
    "reply": 20,
    "duplicate": 12,
    "early_reply": 8,
    "reused_id": 4,
    "without_id": 2,
    "malformed": 6,
}
WORDS = "order parcel invoice refund blue jacket size late courier address account thanks".split()


@dataclass(frozen=True)
class Mail:
    """`word` is "" where nothing readable is expected; a duplicate has the word of the first."""

    kind: str
    raw: bytes
    word: str


class Writer:
    """Writes mails from one seed: the same number gives the same mails."""

    def __init__(self, seed: int, mailbox: str) -> None:
        self.random = random.Random(seed)  # noqa: S311  test data
        self.mailbox = mailbox
        self.number = 0
        self.began = datetime.now(UTC) - timedelta(hours=1)
        self.sent: list[tuple[str, str, Mail]] = []

    def mails(self, count: int) -> list[Mail]:
        """So many, in the order in which they arrive."""
        found: list[Mail] = []
        while len(found) < count:
            found += self._some()
        return found[:count]

    def _some(self) -> Iterator[Mail]:
        kind = self.random.choices(list(KINDS), list(KINDS.values()))[0]
        if kind in ("reply", "duplicate", "reused_id") and not self.sent:
            kind = "new"
        yield from getattr(self, f"_{kind}")()

    def _new(self) -> Iterator[Mail]:
        yield self._written("new", sender=self._sender())

    def _reply(self) -> Iterator[Mail]:
        sender, message_id, _mail = self.random.choice(self.sent)
        yield self._written("reply", sender=sender, answers=message_id)

    def _early_reply(self) -> Iterator[Mail]:
        """The answer comes before what it answers."""
        sender = self._sender()
        first = self._written("new", sender=sender)
        yield self._written("early_reply", sender=sender, answers=self.sent[-1][1])
        yield first

    def _duplicate(self) -> Iterator[Mail]:
        """The same mail by another way: the servers on it wrote other things on top."""
        _sender, _id, mail = self.random.choice(self.sent)
        trace = f"Received: from relay{self.random.randrange(99)}.example.net by mx\r\n".encode()
        yield Mail("duplicate", trace + mail.raw, mail.word)

    def _reused_id(self) -> Iterator[Mail]:
        """A program that gives two mails one Message-ID."""
        sender, message_id, _mail = self.random.choice(self.sent)
        yield self._written("reused_id", sender=sender, message_id=message_id)

    def _without_id(self) -> Iterator[Mail]:
        yield self._written("without_id", sender=self._sender(), message_id="")

    def _malformed(self) -> Iterator[Mail]:
        self.number += 1
        mark = f"malformed {self.number}".encode()
        broken = (
            b"From: a@example.org\r\nFrom: b@example.org\r\nSubject: " + mark + b"\r\n\r\nx\r\n",
            b"Subject: " + mark + b"\r\n\r\nNobody wrote this.\r\n",
            b"\r\n\r\n" + mark + b"\r\n",
            mark + b" \x80\x81\xfe\xff without any header\r\n",
            b"From: <@>\r\nSubject: " + mark + b"\r\nContent-Type: multipart/mixed\r\n\r\n--\r\n",
        )
        yield Mail("malformed", self.random.choice(broken), "")

    def _written(
        self, kind: str, *, sender: str, answers: str = "", message_id: str | None = None
    ) -> Mail:
        self.number += 1
        word = f"soak{self.number:06d}x"
        mail = EmailMessage()
        mail["From"], mail["To"] = f"Customer {sender[1:5]} <{sender}>", self.mailbox
        mail["Subject"] = f"{'Re: ' if answers else ''}{self._words(3)} {word}"
        mail["Date"] = format_datetime(self.began + timedelta(seconds=self.number / 10))
        if message_id is None:
            message_id = f"<{self.number}.soak@example.net>"
        if message_id:
            mail["Message-ID"] = message_id
        if answers:
            mail["In-Reply-To"] = mail["References"] = answers
        mail.set_content(f"{self._words(12)}.\n{word}\n{self._words(8)}.\n")
        written = Mail(kind, mail.as_bytes().replace(b"\n", b"\r\n"), word)
        if message_id and kind != "reused_id":
            self.sent.append((sender, message_id, written))
        return written

    def _sender(self) -> str:
        return f"c{self.random.randrange(5_000):04d}@example.net"

    def _words(self, count: int) -> str:
        return " ".join(self.random.choices(WORDS, k=count)).capitalize()
