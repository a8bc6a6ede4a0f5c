"""One outgoing message as a mail (RFC 5322, 2045-2049): values in, value out."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime

import css_inline
from django.template.loader import render_to_string

from messaging.adapters import Outbound
from messaging.email.header_lines import (
    address_line,
    header_address,
    message_id_line,
    one_line,
    text_line,
)
from messaging.email.marks import HEADER as MARK
from messaging.email.marks import mark_of
from tickets.inbound import InboundAttachment, Person

MAX_RECIPIENTS = 50
"""In each of To, Cc and Bcc."""
DEFAULT_COLOR = "#4f46e5"

# 7 bits: no server on the way has a reason to change anything. Lines are folded here.
_POLICY = SMTP.clone(cte_type="7bit", refold_source="none")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_OURS = frozenset(
    """from sender reply-to to cc bcc subject date message-id in-reply-to references
    mime-version content-type content-transfer-encoding content-disposition content-id
    return-path received auto-submitted""".split()
)
_TYPE = re.compile(r"([a-z0-9][a-z0-9!#$&^_.+-]*)/([a-z0-9][a-z0-9!#$&^_.+-]*)", re.IGNORECASE)
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)


class TooManyRecipients(ValueError):
    """More people than one mail may go to."""


def compose(outbound: Outbound, *, at: datetime | None = None) -> EmailMessage:
    """The mail; Bcc is not in it. `at` (UTC) is its Date.

    Raises `TooManyRecipients`, and `InvalidAddress` for an address that cannot be written.
    """
    message = EmailMessage(policy=_POLICY)
    for name, value in _header_lines(outbound, at or datetime.now(UTC)):
        if value:
            message.set_raw(name, value)
    _add_bodies(message, outbound)
    return message


def envelope_recipients(outbound: Outbound) -> list[str]:
    """Everybody the server has to deliver to, Bcc among them, each once."""
    for people in (outbound.to, outbound.cc, outbound.bcc):
        if len(people) > MAX_RECIPIENTS:
            raise TooManyRecipients(len(people))
    everybody = (*outbound.to, *outbound.cc, *outbound.bcc)
    return list(dict.fromkeys(header_address(person.value) for person in everybody))


def _header_lines(outbound: Outbound, at: datetime) -> Iterable[tuple[str, str]]:
    envelope_recipients(outbound)
    yield "From", address_line([Person(outbound.channel_address, _sender_name(outbound))])
    if outbound.reply_to:
        yield "Reply-To", address_line([Person(outbound.reply_to, _sender_name(outbound))])
    yield "To", address_line(outbound.to)
    yield "Cc", address_line(outbound.cc)
    yield "Subject", text_line("Subject", outbound.subject)
    yield "Date", format_datetime(at)
    yield "Message-ID", message_id_line([outbound.message_id])
    yield "In-Reply-To", message_id_line([outbound.in_reply_to])
    yield "References", message_id_line(outbound.references)
    if outbound.is_automatic:
        # RFC 3834: no answering machine shall answer this. Exchange reads the second one.
        yield "Auto-Submitted", "auto-replied" if outbound.in_reply_to else "auto-generated"
        yield "X-Auto-Response-Suppress", "OOF, AutoReply"
    yield MARK, text_line(MARK, mark_of(outbound.message_id))
    for name, value in outbound.headers.items():
        if _HEADER_NAME.fullmatch(name) and name.lower() not in _OURS:
            yield name, text_line(name, value)


def _sender_name(outbound: Outbound) -> str:
    brand, agent = one_line(outbound.channel_name), one_line(outbound.sender_name)
    return f"{agent} ({brand})" if agent and brand else agent or brand


def _add_bodies(message: EmailMessage, outbound: Outbound) -> None:
    message.set_content(outbound.text or "\n", charset="utf-8")
    files = list(outbound.attachments)
    if outbound.html:
        message.add_alternative(framed(outbound), subtype="html", charset="utf-8")
        inline = [file for file in files if file.is_inline and file.content_id]
        html = message.get_body(("html",))
        for file in inline:
            _add_related(html, file)
        files = [file for file in files if file not in inline]
    for file in files:
        main, sub, name = _kind_and_name(file)
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=name)


def _add_related(html: MIMEPart | None, file: InboundAttachment) -> None:
    main, sub, name = _kind_and_name(file)
    if html is not None:
        cid = f"<{one_line(file.content_id)}>"
        html.add_related(file.content, maintype=main, subtype=sub, filename=name, cid=cid)


def _kind_and_name(file: InboundAttachment) -> tuple[str, str, str]:
    found = _TYPE.fullmatch(file.content_type.partition(";")[0].strip())
    main, sub = found.groups() if found else ("application", "octet-stream")
    if main.lower() in {"multipart", "message", "text"}:
        # Its bytes go as they are: a part of these types would be read and changed on the way.
        main, sub = "application", "octet-stream"
    return main, sub, one_line(file.name) or "file"


def framed(outbound: Outbound) -> str:
    """The HTML fragment inside the frame of a mail, its styles inlined."""
    color = str(outbound.channel_settings.get("brand_color") or "")
    page = render_to_string(
        "messaging/mail/frame.html",
        {
            "fragment": outbound.html,
            "language": outbound.language or "en",
            "brand": outbound.channel_settings.get("brand_name") or outbound.channel_name,
            "color": color if _COLOR.fullmatch(color) else DEFAULT_COLOR,
            "subject": outbound.subject,
            "unsubscribe_url": _unsubscribe_url(outbound),
        },
    )
    return _inliner.inline(page)


def _unsubscribe_url(outbound: Outbound) -> str:
    value = next((v for k, v in outbound.headers.items() if k.lower() == "list-unsubscribe"), "")
    found = re.search(r"<(https?://[^>\s]+)>", value)
    return found[1] if found else ""
