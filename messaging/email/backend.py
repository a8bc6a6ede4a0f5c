"""Django's own mail (password resets, mail to administrators) by the same way out as all other."""

import uuid
from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation

from helpdesk.lib.html import clean_html
from messaging.models import Delivery
from messaging.routing import mailbox_at, mailbox_for
from messaging.services import send


class CannotSend(RuntimeError):
    """This mail cannot take the way out; it must not be lost without a word."""


class DeliveryLogBackend(BaseEmailBackend):
    """Promises a delivery for each mail: it shows in the log and is tried again like any other."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """The number of mails promised. Raises `CannotSend` unless `fail_silently`."""
        promised = 0
        for message in email_messages:
            try:
                promised += _promise(message)
            except CannotSend:
                if not self.fail_silently:
                    raise
        return promised


def _promise(message: EmailMessage) -> bool:
    if message.attachments:
        raise CannotSend("mail with attachments: send it through a ticket or a report")
    if not message.recipients():
        return False
    channel = mailbox_at(message.from_email) or mailbox_for()
    if channel is None:
        raise CannotSend("there is no active mail channel to write from")
    send(
        key=f"account:{uuid.uuid4().hex}",
        purpose=Delivery.Purpose.ACCOUNT,
        channel=channel,
        recipients={"to": message.to, "cc": message.cc, "bcc": message.bcc},
        subject=str(message.subject),
        text=str(message.body),
        html=_html(message),
        language=translation.get_language() or "",
    )
    return True


def _html(message: EmailMessage) -> str:
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    for content, kind in alternatives:
        if kind == "text/html":
            return clean_html(str(content))
    return render_to_string("messaging/mail/plain.html", {"text": message.body})
