"""A mail of ours as its reader sees it, for a frame without rights."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.utils.html import escape

from customers.addresses import InvalidAddress
from messaging.adapters import Outbound
from messaging.email.compose import TooManyRecipients, compose, framed
from tickets.inbound import InboundAttachment

# No script, no form, nothing fetched; links open apart, outside the sandbox.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
RASTER = frozenset({"image/png", "image/gif", "image/jpeg", "image/webp"})
_CONTENT_ID = re.compile(r'(src=["\'])cid:([^"\']+)', re.IGNORECASE)
_PLAIN = (
    '<!doctype html><html><head><meta charset="utf-8"><style>:root{{color-scheme:light dark}}'
    "body{{margin:16px;font:15px/1.5 system-ui,sans-serif;white-space:pre-wrap;"
    "overflow-wrap:anywhere}}</style></head><body>{text}</body></html>"
)


def preview(outbound: Outbound) -> HttpResponse:
    """The HTML part, or the text where there is none; pictures of the mail are in it."""
    document = _with_images(framed(outbound), outbound) if outbound.html else _text(outbound)
    response = HttpResponse(document.replace("<head>", '<head><base target="_blank">', 1))
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _with_images(document: str, outbound: Outbound) -> str:
    images = {
        file.content_id: _data_url(file)
        for file in outbound.attachments
        if file.is_inline and file.content_type in RASTER
    }
    return _CONTENT_ID.sub(lambda found: _source(found, images), document)


def _data_url(file: InboundAttachment) -> str:
    return f"data:{file.content_type};base64,{base64.b64encode(file.content).decode()}"


def _source(found: re.Match[str], images: Mapping[str, str]) -> str:
    return found[1] + images.get(found[2], "data:,")


def _text(outbound: Outbound) -> str:
    return _PLAIN.format(text=escape(outbound.text))


@dataclass(frozen=True)
class HeaderLine:
    name: str
    value: str


def header_lines(outbound: Outbound, *, at: datetime | None) -> list[HeaderLine]:
    """The headers as they go out (went out `at`), decoded; nothing where no mail can be made."""
    try:
        mail = compose(outbound, at=at)
    except (InvalidAddress, TooManyRecipients):
        return []
    hidden = {"mime-version", "content-type", "content-transfer-encoding"}
    return [
        HeaderLine(name, str(value)) for name, value in mail.items() if name.lower() not in hidden
    ]
