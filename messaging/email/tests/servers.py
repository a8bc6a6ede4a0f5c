"""A mail server for tests: keeps what it takes, refuses what it is told to."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Keeper:
    """`refuse` maps a recipient to the answer it gets; `after_data` replaces the last answer."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.refuse: dict[str, str] = {}
        self.after_data = ""
        self.hang_up_after_data = 0

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.refuse.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.after_data:
            return self.after_data
        self.taken.append(envelope)
        if self.hang_up_after_data:
            self.hang_up_after_data -= 1
            server.transport.abort()
        return "250 OK taken"

    @property
    def mails(self) -> list[bytes]:
        return [bytes(envelope.content or b"") for envelope in self.taken]


@contextmanager
def mail_server() -> Iterator[tuple[Keeper, int]]:
    keeper, port = Keeper(), free_port()
    controller = Controller(keeper, hostname="127.0.0.1", port=port, server_hostname="mx.test")
    controller.start()
    try:
        yield keeper, port
    finally:
        controller.stop()
