"""A mail as a customer's own program writes it: for trying the product out without one."""

import smtplib
import uuid
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime

from django.conf import settings
from django.utils.translation import gettext as _

from messaging.email.header_lines import address_line, header_address, message_id_line, text_line
from messaging.models import Delivery
from tickets.inbound import Person

TIMEOUT = 10.0


class NotTaken(Exception):
    """Our own mail server did not take it; the text is a sentence."""


def answer_delivery(delivery: Delivery, text: str) -> None:
    """Answer a mail of ours as the person it went to, with the mail quoted. Raises `NotTaken`."""
    customer = Person(delivery.recipients["to"][0], str(delivery.customer or ""))
    subject = delivery.subject
    quoted = "\n".join(f"> {line}" for line in delivery.text.splitlines())
    written = _("%(who)s wrote:") % {"who": f"{delivery.channel.name} <{delivery.channel.address}>"}
    mail_as_customer(
        customer,
        to=delivery.channel.address,
        subject=subject if subject.lower().startswith("re:") else f"Re: {subject}",
        text=f"{text}\n\n{_on(delivery)} {written}\n{quoted}\n",
        answers=(*delivery.references, delivery.rfc_message_id),
    )


def _on(delivery: Delivery) -> str:
    return _("On %(day)s,") % {"day": f"{(delivery.sent_at or delivery.created_at):%Y-%m-%d %H:%M}"}


def mail_as_customer(
    customer: Person, *, to: str, subject: str, text: str, answers: tuple[str, ...] = ()
) -> None:
    """Hand a customer's mail to our own mail server, like any other in the world.

    `answers` are the Message-IDs of the thread, the answered one last. Raises `NotTaken`, and
    `InvalidAddress` for a sender that is none.
    """
    mail = EmailMessage(policy=SMTP.clone(refold_source="none", cte_type="7bit"))
    sender = header_address(customer.value)
    for name, value in (
        ("From", address_line([customer])),
        ("To", to),
        ("Subject", text_line("Subject", subject)),
        ("Message-ID", f"<{uuid.uuid4()}@{sender.rpartition('@')[2]}>"),
        ("In-Reply-To", message_id_line(answers[-1:])),
        ("References", message_id_line(answers)),
    ):
        if value:
            mail.set_raw(name, value)
    mail["Date"] = localtime()
    mail.set_content(text)
    try:
        with smtplib.SMTP(
            settings.SMTP_LISTEN_HOST, settings.SMTP_LISTEN_PORT, "localhost", timeout=TIMEOUT
        ) as server:
            server.sendmail(sender, [to], mail.as_bytes())
    except (smtplib.SMTPException, OSError) as error:
        raise NotTaken(
            _("The mail listener did not take it. Does it run? %(problem)s") % {"problem": error}
        ) from error
