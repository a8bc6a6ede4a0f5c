"""A customer's HTML mail as a document of its own, for a frame without rights."""

import re
from collections.abc import Mapping

from django.utils.html import escape

from tickets.models import Message
from tickets.timeline import files_of

_SANDBOX = "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
_BASE = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    f"frame-ancestors 'self'; {_SANDBOX}; img-src 'self' data:"
)
# Styles cannot fetch anything: `default-src 'none'` holds for fonts and imports, and image
# addresses in styles were taken out by the cleaner. With images asked for, any web image may load.
FRAME_POLICY: Mapping[bool, str] = {False: _BASE, True: f"{_BASE} https: http:"}
_CONTENT_ID = re.compile(r'data-cid="([^"]*)"')
_DOCUMENT = (
    '<!doctype html><html><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
    "<style>html{{color-scheme:light}}body{{margin:12px;background:#fff;color:#1a1e26;"
    "font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}}img{{max-width:100%;height:auto}}"
    "table{{max-width:100%}}blockquote{{margin:0 0 0 8px;padding-left:12px;"
    "border-left:2px solid #ccd2da}}</style></head><body>{body}</body></html>"
)


def mail_document(message: Message, *, reader: str, with_images: bool) -> str:
    """The cleaned HTML with its own images in place, and remote ones when asked for."""
    files = files_of([message.pk], reader).get(message.pk, ())
    pictures = {f.content_id: f.url for f in files if f.content_id and f.is_picture}
    body = _CONTENT_ID.sub(lambda found: _source(found, pictures), message.html)
    if with_images:
        body = body.replace('data-remote-src="', 'src="')
    return _DOCUMENT.format(title=escape(message.subject), body=body)


def _source(found: re.Match[str], pictures: Mapping[str, str]) -> str:
    url = pictures.get(found[1])
    return f'src="{escape(url)}"' if url else found[0]


def has_remote_images(html: str) -> bool:
    return 'data-remote-src="' in html
