"""Address lists of mail headers: linear on any input, never more than was written.

The grammar is RFC 5322 section 3.4 as mails really use it. Encoded words are decoded only in
display names and after splitting: an address is exactly what stands there, so that no sender can
write one that decodes to somebody else's.
"""

import re
from dataclasses import dataclass, field

from messaging.email.headers import decode_header

MAX_ADDRESSES = 500
_TOKEN = re.compile(
    r"""(?P<word>=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=)"""
    r"""|(?P<quoted>"(?:[^"\\]|\\.)*"?)"""
    r"""|(?P<special>[()<>,;:])"""
    r"""|(?P<space>\s+)"""
    r"""|(?P<text>[^"()<>,;:\s=]+|=)""",
    re.DOTALL,
)


@dataclass(frozen=True)
class Mailbox:
    """One address as written, with the name shown beside it."""

    address: str
    name: str = ""


@dataclass
class _Reader:
    found: list[Mailbox] = field(default_factory=list)
    phrase: list[str] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)
    angle: list[str] | None = None
    comment_depth: int = 0
    has_angle: bool = False

    def take(self, kind: str, piece: str) -> None:
        if self.comment_depth or piece == "(":
            self._take_comment(piece)
        elif self.angle is not None:
            self._take_angle(piece)
        elif piece == "<":
            self.angle = []
        elif piece in {",", ";"}:
            self.finish()
        elif piece == ":":
            # A group's name ends here; "user:tag@host" does not occur outside quotes.
            self.phrase = []
        else:
            self.phrase.append(" " if kind == "space" else piece)

    def _take_comment(self, piece: str) -> None:
        self.comment_depth += (piece == "(") - (piece == ")")
        if piece not in {"(", ")"}:
            self.comment.append(piece)

    def _take_angle(self, piece: str) -> None:
        if piece in {">", ","}:
            self._close_angle()
        elif piece == "<":
            self.angle = []
        elif self.angle is not None:
            self.angle.append(piece)

    def _close_angle(self) -> None:
        inside = "".join(self.angle or ())
        # "<@relay,@relay:user@host>" is the obsolete route syntax.
        address = _bare_address(inside.rpartition(":")[2] if inside.startswith("@") else inside)
        name = _display_name("".join(self.phrase)) or _display_name("".join(self.comment))
        self._add(address, name)
        self.angle, self.phrase, self.comment, self.has_angle = None, [], [], True

    def finish(self) -> None:
        if self.angle is not None:
            self._close_angle()
        phrase = "".join(self.phrase).strip()
        if phrase and not self.has_angle:
            address = _bare_address(phrase)
            if address:
                self._add(address, _display_name("".join(self.comment)))
        self.phrase, self.comment, self.has_angle = [], [], False

    def _add(self, address: str, name: str) -> None:
        if address:
            # A name that is another address only deceives.
            self.found.append(Mailbox(address, "" if _is_other_address(name, address) else name))


def parse_addresses(value: str) -> list[Mailbox]:
    """The mailboxes of an address header, at most `MAX_ADDRESSES`; groups are opened."""
    reader = _Reader()
    for match in _TOKEN.finditer(value):
        reader.take(match.lastgroup or "", match.group())
        if len(reader.found) >= MAX_ADDRESSES:
            return reader.found
    reader.finish()
    return reader.found


def _bare_address(text: str) -> str:
    words = text.split()
    if len(words) > 1 and not text.lstrip().startswith('"'):
        words = [word for word in words if "@" in word.strip("@")][-1:]
    address = " ".join(words).removeprefix("mailto:").strip(",;'")
    local, at, domain = address.rpartition("@")
    return address if not at or (local and domain) else ""


def _display_name(phrase: str) -> str:
    name = decode_header(phrase.strip())
    if len(name) > 1 and name[0] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:].removesuffix('"'))
    return " ".join(name.strip("' ").split())[:200] if name else ""


def _is_other_address(name: str, address: str) -> bool:
    return "@" in name and " " not in name and name.lower() != address.lower()
