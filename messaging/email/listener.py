"""The built-in mail server: takes mail for our mailboxes over SMTP (RFC 5321) or LMTP (RFC 2033).

It says 250 only when the raw mail is committed, and nothing about a mail is decided here.
"""

import asyncio
import logging
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction

from messaging.email.header_lines import one_line
from messaging.routing import mailbox_at
from messaging.services import accept
from tickets.models import Channel

log = logging.getLogger(__name__)

MAX_RECIPIENTS = 50
DATABASE_THREADS = 4
LINE_LIMIT = 1 << 20
"""Bytes in one line of a mail. RFC 5321 allows 998; what many programs send must not be lost."""
LATER = "451 4.3.0 Cannot take mail just now, try again later"

Answer = TypeVar("Answer")


class _Smtp(SMTP):
    line_length_limit = LINE_LIMIT


class _Lmtp(LMTP):
    line_length_limit = LINE_LIMIT


class Intake:
    """The answers of the server; database work runs in threads of its own."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.threads = ThreadPoolExecutor(DATABASE_THREADS, thread_name_prefix=f"{source}-database")

    async def handle_RCPT(  # noqa: N802  a name of aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            channel = await self._in_thread(lambda: mailbox_at(address))
        except DatabaseError:
            log.exception("recipient not looked up")
            return LATER
        if channel is None:
            return "550 5.1.1 There is no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802  a name of aiosmtpd
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        try:
            answer = await self._in_thread(lambda: self._keep(envelope))
        except Exception:
            # Whatever it was: the sender keeps the mail and comes again.
            log.exception("mail not kept")
            answer = LATER
        # LMTP answers once for each recipient.
        copies = len(envelope.rcpt_tos) if isinstance(server, LMTP) else 1
        return "\r\n".join([answer] * copies)

    def _keep(self, envelope: Envelope) -> str:
        by_channel: dict[Channel, str] = {}
        for address in envelope.rcpt_tos:
            if channel := mailbox_at(address):
                by_channel.setdefault(channel, address)
        if not by_channel:
            return "550 5.1.1 There is no such mailbox here"
        name = uuid.uuid4().hex
        with transaction.atomic():
            for channel, address in by_channel.items():
                mail = _trace(envelope.mail_from or "", address) + (
                    envelope.original_content or b""
                )
                accept(channel, mail, external_id=f"{self.source}:{name}", source=self.source)
        return f"250 2.0.0 OK, kept as {name}"

    def close(self) -> None:
        """End the threads, each with its connection."""
        all_here = threading.Barrier(DATABASE_THREADS, timeout=5)
        for _thread in range(DATABASE_THREADS):
            self.threads.submit(_disconnect, all_here)
        self.threads.shutdown(wait=True)

    async def _in_thread(self, work: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self.threads, _connected, work)


def _connected(work: Callable[[], Answer]) -> Answer:
    """Run database work on a connection that lives; a broken one is not used again."""
    close_old_connections()
    try:
        return work()
    except DatabaseError:
        connection.close()
        raise


def _disconnect(all_here: threading.Barrier) -> None:
    """Only the thread itself can close its connection: each waits until all have their turn."""
    connection.close()
    all_here.wait()


def _trace(sender: str, recipient: str) -> bytes:
    """What the server of final delivery writes on top (RFC 5321 section 4.4)."""
    path = one_line(sender).strip("<>")
    lines = f"Return-Path: <{path}>\r\nDelivered-To: {one_line(recipient)}\r\n"
    return lines.encode("utf-8", "replace")


class Listener(Controller):
    """Listens in a thread of its own between `start()` and `stop()`."""

    def __init__(self, protocol: type[SMTP], source: str, host: str, port: int) -> None:
        super().__init__(
            Intake(source),
            hostname=host,
            port=port,
            server_hostname=settings.DEFAULT_FROM_EMAIL.rpartition("@")[2] or "localhost",
            ident="help desk",
            data_size_limit=settings.MAX_MAIL_BYTES,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
        )
        self.protocol = protocol

    def factory(self) -> SMTP:
        return self.protocol(self.handler, **self.SMTP_kwargs)

    def stop(self, no_assert: bool = False) -> None:
        super().stop(no_assert)
        self.handler.close()


def smtp_listener(host: str, port: int) -> Listener:
    return Listener(_Smtp, "smtp", host, port)


def lmtp_listener(host: str, port: int) -> Listener:
    return Listener(_Lmtp, "lmtp", host, port)
