"""Ordinary mails to measure with: new ones, and answers with a quote, in three languages."""

import secrets
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from django.utils import timezone

from helpdesk.demo.texts import MATTERS

QUOTE = "\n\nOn Mon, 2 Nov 2026 at 10:02, Support <support@example.com> wrote:\n> {text}\n"


def mails(count: int) -> Iterator[bytes]:
    """`count` mails of different senders; every third answers the one before, from its sender."""
    run = secrets.token_hex(4)
    before: EmailMessage | None = None
    for n in range(count):
        matters = MATTERS[("en", "es", "pt-br")[n % 3]]
        matter = matters[n % len(matters)]
        answers = before if n % 3 == 2 else None
        message = EmailMessage()
        message["From"] = answers["From"] if answers else f"Customer {n} <c{n}.{run}@example.net>"
        message["To"] = "Support <support@example.com>"
        message["Subject"] = matter.subject.format(n=f"A{10000 + n}")
        message["Date"] = format_datetime(timezone.now())
        message["Message-ID"] = make_msgid(domain="example.net")
        text = matter.customer[0].format(n=f"A{10000 + n}", name="")
        if answers:
            message["In-Reply-To"] = message["References"] = answers["Message-ID"]
            text = matter.customer[1] + QUOTE.format(text=matter.agent[0][:60])
        message.set_content(text)
        paragraphs = text.replace("\n\n", "</p><p>").replace("\n", "<br>")
        message.add_alternative(f"<html><body><p>{paragraphs}</p></body></html>", subtype="html")
        before = message
        yield message.as_bytes()
