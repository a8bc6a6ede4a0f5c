"""Raw mails for tests."""

import itertools
from email.message import EmailMessage
from email.utils import format_datetime

from django.utils import timezone

_numbers = itertools.count(1)


def mail(
    text: str = "Where is my order?",
    *,
    sender: str = "Leo Prado <leo@example.org>",
    to: str = "support@example.com",
    subject: str = "My order",
    message_id: str | None = None,
    **headers: str,
) -> bytes:
    """An ordinary mail; a keyword like `in_reply_to` is a header of that name."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(timezone.now())
    message["Message-ID"] = message_id or f"<{next(_numbers)}.sample@example.org>"
    for name, value in headers.items():
        message[name.replace("_", "-").title()] = value
    message.set_content(text)
    return message.as_bytes()


UNREADABLE = b"From: a@example.org\r\nFrom: b@example.org\r\nSubject: Two senders\r\n\r\nWho?\r\n"
