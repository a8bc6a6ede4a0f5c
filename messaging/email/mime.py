"""The structure of a mail: bytes to parts, within limits (RFC 2045-2049, 2183, 2387, 5322).

The parts are cut from the raw bytes, so that an attached mail keeps its exact bytes (a signature
or a hash of it still holds) and the work grows with the size of the mail, not with its shape.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from messaging.email.charsets import decode_text
from messaging.email.errors import UnreadableMail
from messaging.email.headers import (
    Headers,
    decode_base64,
    decode_header,
    split_headers,
    value_and_parameters,
)

_DEFAULT_TYPE = "text/plain"
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+\Z", re.ASCII)
_GUESSED_BOUNDARY = re.compile(
    rb"^--([^\s-][^\r\n]{0,200}?|-[^\r\n]{5,200}?)[ \t]*\r?\nContent-",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Limits:
    """What a mail may be before it is refused; `size` in bytes."""

    size: int = 35 * 1024 * 1024
    depth: int = 50
    parts: int = 500
    references: int = 100


@dataclass(frozen=True)
class Part:
    """One node of the tree; a leaf has no `children` and keeps its still encoded `body`."""

    headers: Headers
    body: bytes = b""
    default_type: str = _DEFAULT_TYPE
    children: tuple["Part", ...] = ()

    @cached_property
    def _content_type(self) -> tuple[str, dict[str, str]]:
        value, parameters = value_and_parameters(self.headers.raw("content-type"))
        if not value:
            return self.default_type, parameters
        # RFC 2045 section 5.2: what cannot be read is plain text; a missing subtype is common.
        fallback = f"{value}/plain" if value == "text" else self.default_type
        return (value if _TYPE.match(value) else fallback), parameters

    @cached_property
    def _disposition(self) -> tuple[str, dict[str, str]]:
        return value_and_parameters(self.headers.raw("content-disposition"))

    @property
    def content_type(self) -> str:
        """A container without parts is shown as text rather than lost."""
        declared = self._content_type[0]
        is_empty = declared.startswith("multipart/") and not self.children
        return _DEFAULT_TYPE if is_empty else declared

    @property
    def parameters(self) -> dict[str, str]:
        return self._content_type[1]

    @property
    def disposition(self) -> str:
        return self._disposition[0]

    @property
    def file_name(self) -> str:
        """As the sender gave it, decoded but not cleaned; "" where none."""
        given = (
            self._disposition[1].get("filename", ""),
            self.parameters.get("name", ""),
            self._disposition[1].get("name", ""),
        )
        names = [decode_header(name) for name in given if name]
        # A program that could not write a letter wrote "?"; the other place may have it.
        whole = [name for name in names if "?" not in name and "\ufffd" not in name]
        return next(iter([*whole, *names]), "")

    @property
    def content_id(self) -> str:
        return "".join(self.headers.raw("content-id").split()).strip("<>")

    @property
    def claims_parts(self) -> bool:
        return self._content_type[0].startswith("multipart/")

    @cached_property
    def content(self) -> bytes:
        """The body with its transfer encoding undone."""
        encoding = self.headers.raw("content-transfer-encoding").partition(";")[0].strip().lower()
        if encoding == "base64":
            return decode_base64(self.body)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(self.body)
        if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
            return _first_uuencoded(self.body)
        return self.body

    @cached_property
    def text(self) -> str:
        """A text part decoded, with LF line ends."""
        text = decode_text(self.content, self.parameters.get("charset", ""))
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def walk(self) -> Iterator["Part"]:
        """This part and all below, in the order of the mail."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_parts(raw: bytes, limits: Limits | None = None) -> Part:
    """The tree of parts of a mail; `UnreadableMail` where it is over the limits."""
    limits = limits or Limits()
    if len(raw) > limits.size:
        raise UnreadableMail("too_large")
    if not raw.strip():
        raise UnreadableMail("empty")
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    return _Reader(limits).read(raw, _DEFAULT_TYPE, depth=0)


class _Reader:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.count = 0

    def read(self, raw: bytes, default_type: str, depth: int) -> Part:
        self.count += 1
        if self.count > self.limits.parts:
            raise UnreadableMail("too_many_parts")
        if depth > self.limits.depth:
            raise UnreadableMail("too_deep")
        part = Part(*split_headers(raw, skip_blank=depth == 0), default_type=default_type)
        if not part.claims_parts:
            return part
        boundary = part.parameters.get("boundary", "").encode("utf-8", "replace")
        sections = self._sections(part.body, boundary)
        inner = "message/rfc822" if part._content_type[0] == "multipart/digest" else _DEFAULT_TYPE
        children = tuple(self.read(section, inner, depth + 1) for section in sections)
        return Part(part.headers, b"", default_type, children) if children else part

    def _sections(self, body: bytes, boundary: bytes) -> list[bytes]:
        found = self._split(body, boundary.rstrip()) if boundary else []
        if not found and (guess := _GUESSED_BOUNDARY.search(body)):
            found = self._split(body, guess[1])
        return found

    def _split(self, body: bytes, boundary: bytes) -> list[bytes]:
        """The sections between boundary lines; without a closing line the last runs to the end."""
        sections: list[bytes] = []
        start = -1
        for line_start, line_end, is_closing in _boundary_lines(body, boundary):
            if start >= 0:
                sections.append(body[start : _without_line_end(body, start, line_start)])
            start = -1 if is_closing else line_end
            if is_closing:
                break
            if len(sections) > self.limits.parts:
                raise UnreadableMail("too_many_parts")
        if start >= 0 and body[start:].strip():
            sections.append(body[start:])
        return sections


def _boundary_lines(body: bytes, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    line = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
    for match in line.finditer(body):
        yield match.start(), match.end(), match[1] is not None


def _without_line_end(body: bytes, start: int, end: int) -> int:
    """The line end before a boundary belongs to the boundary (RFC 2046 section 5.1.1)."""
    if end > start and body[end - 1 : end] == b"\n":
        end -= 1
    if end > start and body[end - 1 : end] == b"\r":
        end -= 1
    return end


_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?$", re.MULTILINE)


def split_uuencoded(content: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """A text without the files that old programs put between `begin 644 name` and `end`."""
    files: list[tuple[str, bytes]] = []
    kept: list[bytes] = []
    position = 0
    for match in _UU_BEGIN.finditer(content):
        if match.start() >= position and (found := _uu_lines(content, match.end() + 1)):
            decoded, end = found
            kept.append(content[position : match.start()])
            files.append((decode_text(match[1]).strip(), decoded))
            position = end
    return b"".join([*kept, content[position:]]), files


def _uu_lines(content: bytes, position: int) -> tuple[bytes, int] | None:
    """The decoded lines up to `end` and where they end; None at the first line that is none."""
    pieces: list[bytes] = []
    while (newline := content.find(b"\n", position)) >= 0 or content[position:].strip() == b"end":
        line = content[position : newline if newline >= 0 else len(content)].strip(b"\r")
        position = newline + 1 if newline >= 0 else len(content)
        if line.rstrip() == b"end":
            return b"".join(pieces), position
        try:
            pieces.append(binascii.a2b_uu(line))
        except binascii.Error:
            return None
    return None


def _first_uuencoded(body: bytes) -> bytes:
    _, files = split_uuencoded(body)
    return files[0][1] if files else body
