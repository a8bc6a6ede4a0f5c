"""From the tree of parts: what the sender wrote, as text and HTML, and the files beside it."""

import mimetypes
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from urllib.parse import unquote

from helpdesk.lib.html_text import html_to_text
from helpdesk.lib.text import clean_file_name
from messaging.email.charsets import decode_text
from messaging.email.headers import split_headers
from messaging.email.invitations import read_invitation
from messaging.email.mime import Part, split_uuencoded
from messaging.email.protection import protection_of
from messaging.email.tnef import Tnef, TnefFile, read_tnef
from tickets.inbound import InboundAttachment

# A longer body is kept whole as a file; nobody reads it in a page, and cleaning it takes seconds.
MAX_BODY_BYTES = 1_000_000
_BODY_TYPES = frozenset({"text/plain", "text/html", "text/enriched"})
# The same words for other readers; an agent needs neither.
_SILENT_ALTERNATIVES = frozenset({"text/x-amp-html", "text/watch-html"})
_PACKED = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_CALENDARS = frozenset({"text/calendar", "application/ics"})
_WORD = re.compile(r"[^\W\d_]{3,}")
_MAX_STUB = 300
_STUB_SHARE = 0.4
_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}")
_SHOWN = re.compile(r"cid:([^\s\"'<>)]{1,300})", re.IGNORECASE)


@dataclass(frozen=True)
class Segment:
    """One stretch of the body, in plain text, HTML, or both saying the same."""

    text: str = ""
    html: str = ""

    @cached_property
    def as_text(self) -> str:
        return self.text if self.text.strip() or not self.html else html_to_text(self.html)

    @cached_property
    def as_html(self) -> str:
        return self.html or f'<div style="white-space: pre-wrap">{escape(self.text)}</div>'


@dataclass(frozen=True)
class Bodies:
    """`html` is as the sender wrote it, not cleaned; "" where the mail has none.

    `written_text` is "" where `text` had to be made from the HTML. `invitation` is the appointment
    that the mail is about, in one line; `protection` says how it is signed or encrypted, or "".
    """

    text: str
    html: str
    written_text: str
    attachments: tuple[InboundAttachment, ...]
    invitation: str = ""
    protection: str = ""


def read_bodies(root: Part) -> Bodies:
    collector = _Collector()
    collector.visit(root)
    if not collector.segments:
        collector.segments += collector.packed
    segments = collector.segments
    has_html = any(segment.html for segment in segments)
    text = "\n".join(segment.as_text.strip("\n") for segment in segments)
    return Bodies(
        text=text,
        written_text=text if any(segment.text.strip() for segment in segments) else "",
        html="\n".join(segment.as_html for segment in segments) if has_html else "",
        attachments=tuple(_with_places(collector.attachments, segments)),
        invitation=collector.invitation,
        protection=protection_of(root, text),
    )


def _with_places(
    attachments: list[InboundAttachment], segments: list[Segment]
) -> Iterator[InboundAttachment]:
    """Inline is what the HTML shows in its place; programs give a Content-ID to all files alike."""
    shown = {
        unquote(content_id).lower()
        for segment in segments
        for content_id in _SHOWN.findall(segment.html)
    }
    for attachment in attachments:
        yield replace(attachment, is_inline=attachment.content_id.lower() in shown)


class _Collector:
    def __init__(self) -> None:
        self.segments: list[Segment] = []
        self.attachments: list[InboundAttachment] = []
        self.packed: list[Segment] = []
        self.invitation = ""

    def visit(self, part: Part) -> None:
        if part.content_type == "multipart/alternative" and part.children:
            self._visit_alternative(part)
        elif part.children:
            for child in part.children:
                self.visit(child)
        elif _is_body(part):
            self._take_body(part)
        else:
            self._attach(part)

    def _visit_alternative(self, part: Part) -> None:
        """All branches say the same: their text and their HTML make one segment (RFC 2046)."""
        branches: list[list[Segment]] = []
        spoken = [c for c in part.children if c.content_type not in _SILENT_ALTERNATIVES]
        for child in spoken:
            before = len(self.segments)
            self.visit(child)
            branches.append(self.segments[before:])
            del self.segments[before:]
        text = _longest("\n".join(s.text for s in branch if s.text) for branch in branches)
        html = _longest(_branch_html(branch) for branch in branches)
        if text.strip() or html:
            self.segments.append(Segment("" if _is_stub(text, html) else text, html))

    def _take_body(self, part: Part) -> None:
        if len(part.content) > MAX_BODY_BYTES:
            self._attach(part)
        elif part.content_type == "text/html":
            self.segments.append(Segment(html=part.text))
        else:
            text, files = _without_uuencoded(part)
            self.attachments += files
            if text:
                self.segments.append(Segment(text=text))

    def _attach(self, part: Part) -> None:
        if part.content_type in _CALENDARS:
            self.invitation = self.invitation or read_invitation(part.content)
        if _is_packed(part) and (packed := read_tnef(part.content)):
            self._unpack(packed)
        else:
            self.attachments.append(_attachment(part, len(self.attachments) + 1))

    def _unpack(self, packed: Tnef) -> None:
        """Outlook's own package; its words count where the mail has no others."""
        if packed.text or packed.html:
            self.packed.append(Segment(packed.text, packed.html))
        for file in packed.files:
            self.attachments.append(
                InboundAttachment(
                    name=clean_file_name(file.name) or f"attachment-{len(self.attachments) + 1}",
                    content_type=_type_of(file),
                    content=file.content,
                    content_id=file.content_id[:200],
                )
            )


def _is_stub(text: str, html: str) -> bool:
    """ "Your program cannot show this": a plain text that says nothing of what the HTML says."""
    words = set(_WORD.findall(text.lower())) if html and len(text) <= _MAX_STUB else set()
    if not words or len(html) < len(text):
        return False
    shown = html_to_text(html)
    same = words & set(_WORD.findall(shown.lower()))
    return len(shown) > len(text) and len(same) < len(words) * _STUB_SHARE


def _is_packed(part: Part) -> bool:
    return part.content_type in _PACKED or part.file_name.lower() == "winmail.dat"


def _type_of(file: TnefFile) -> str:
    named = file.content_type.lower()
    if _TYPE.fullmatch(named):
        return named
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def _is_body(part: Part) -> bool:
    if part.content_type not in _BODY_TYPES or part.disposition == "attachment":
        return False
    # Apple Mail marks its own text inline, without a name; a named text is a file.
    return not part.file_name


def _longest(candidates: Iterable[str]) -> str:
    return max(candidates, key=lambda text: len(text.strip()), default="")


def _branch_html(branch: list[Segment]) -> str:
    return "\n".join(s.as_html for s in branch) if any(s.html for s in branch) else ""


def _without_uuencoded(part: Part) -> tuple[str, list[InboundAttachment]]:
    if b"\nend" not in part.content:
        return _unflow(part.text, part.parameters), []
    rest, files = split_uuencoded(part.content)
    text = decode_text(rest, part.parameters.get("charset", "")).replace("\r\n", "\n")
    return text, [
        InboundAttachment(
            name=clean_file_name(name) or "attachment",
            content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
            content=content,
        )
        for name, content in files
    ]


def _unflow(text: str, parameters: dict[str, str]) -> str:
    """Soft line breaks joined (RFC 3676); quoted lines are left as they are."""
    if parameters.get("format", "").lower() != "flowed":
        return text
    keep_space = parameters.get("delsp", "").lower() != "yes"
    pieces: list[str] = []
    for line in text.split("\n"):
        line = line.removeprefix(" ") if not line.startswith(" >") else line
        is_soft = line.endswith(" ") and line.rstrip() != "--" and not line.startswith(">")
        pieces.append((line if keep_space else line[:-1]) if is_soft else line + "\n")
    return "".join(pieces).removesuffix("\n")


def _attachment(part: Part, number: int) -> InboundAttachment:
    return InboundAttachment(
        name=clean_file_name(part.file_name) or _invented_name(part, number),
        content_type=part.content_type,
        content=part.content,
        content_id=part.content_id[:200],
    )


def _invented_name(part: Part, number: int) -> str:
    if part.content_type == "message/rfc822":
        inner, _ = split_headers(part.content[:100_000])
        return f"{clean_file_name(inner.text('subject')) or f'message-{number}'}.eml"
    extension = mimetypes.guess_extension(part.content_type) or ""
    return f"attachment-{number}{extension}"
