"""A mail server that takes everything, as slowly as a test wants."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from helpdesk.testing.ports import free_port


@dataclass
class Sink:
    """What was handed over, in order; while held, nobody is told that a mail was taken.

    `contents` are the whole mails by Message-ID. `hold_at` (0: never) holds by itself as soon as
    so many mails have come.
    """

    port: int
    mails: list[tuple[str, str]] = field(default_factory=list)
    contents: dict[str, EmailMessage] = field(default_factory=dict)
    hold_at: int = 0
    _open: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def hold(self) -> None:
        """From now on mails are taken and not acknowledged."""
        self._open.clear()

    def release(self) -> None:
        self.hold_at = 0
        self._open.set()

    def ids_to(self, address: str) -> list[str]:
        """The Message-IDs of the mails to an address, one for each time they were handed over."""
        return [message_id for to, message_id in self.mails if to == address]

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.contents[str(mail["Message-ID"])] = mail
        self.mails += [(to, str(mail["Message-ID"])) for to in envelope.rcpt_tos]
        if self.hold_at and len(self.mails) >= self.hold_at:
            self.hold()
        while not self._open.is_set():
            await asyncio.sleep(0.05)
        return "250 OK"


@contextmanager
def mail_sink() -> Iterator[Sink]:
    """Run one on 127.0.0.1 for the length of the block, open at first."""
    sink = Sink(free_port())
    sink.release()
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        sink.release()
        controller.stop()
