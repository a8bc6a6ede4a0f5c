"""A mailbox on a real server, with a client of its own."""

import imaplib
import uuid

from messaging.models import MailboxState
from tickets.models import Channel


class Account:
    """One user of the server, with a client of their own."""

    def __init__(self, server) -> None:
        self.server = server
        self.user = f"u{uuid.uuid4().hex[:10]}"
        self.client = imaplib.IMAP4(server.host, server.port)
        self.client.login(self.user, server.password)

    def put(self, raw: bytes, folder: str = "INBOX", date: str | None = None) -> None:
        status, answer = self.client.append(folder, "", date, raw)
        assert status == "OK", answer

    def delete(self, number: str) -> None:
        self.client.select("INBOX")
        self.client.store(number, "+FLAGS", "\\Deleted")
        self.client.expunge()

    def settings(self, **more: object) -> dict[str, object]:
        return {
            "imap_host": self.server.host,
            "imap_port": self.server.port,
            "imap_security": "none",
            "imap_user": self.user,
            "imap_password": self.server.password,
            **more,
        }


def due(channel: Channel) -> None:
    """As if the time to rest were over."""
    MailboxState.objects.filter(channel=channel).update(next_try_at=None, claimed_until=None)
