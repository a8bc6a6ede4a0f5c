"""The header lines of a mail or of one part: split, unfolded, decoded, safe to show."""

import binascii
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from itertools import islice
from urllib.parse import unquote_to_bytes

from messaging.email.charsets import decode_text
from messaging.email.errors import UnreadableMail

MAX_HEADER_BYTES = 1_000_000
MAX_HEADERS = 2_000
MAX_VALUE = 100_000
_NAME = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_KNOWN_NAME = re.compile(
    rb"(?:received|return-path|delivered-to|from|to|cc|subject|date|message-id|mime-version"
    rb"|reply-to|references|in-reply-to|content-[a-z-]+|x-[a-z0-9-]+|dkim-signature|arc-[a-z-]+"
    rb"|authentication-results|sender|list-[a-z-]+|auto-submitted|envelope-to)[ \t]*:",
    re.IGNORECASE,
)
_BROKEN_LINES = 10
_FOLD = re.compile(r"[\r\n]+[ \t]?")
# Controls, line separators and the marks that turn the reading direction: they forge lines.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]+")
_ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_ONLY_SPACE = re.compile(r"\s*\Z")
_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MESSAGE_ID = re.compile(r"<([^<>]{1,900})>")
_CONTINUED = re.compile(r"(?P<name>[^*]+)(?:\*(?P<index>\d{1,3}))?(?P<encoded>\*)?\Z")
_BASE64_LETTERS = (string.ascii_letters + string.digits + "+/").encode()
_BASE64_NOISE = bytes(set(range(256)) - set(_BASE64_LETTERS))


@dataclass(frozen=True)
class Headers:
    """Header lines in their order; names are lower case, values raw bytes, still folded."""

    lines: tuple[tuple[str, bytes], ...] = ()

    @cached_property
    def _first(self) -> dict[str, bytes]:
        return dict(reversed(self.lines))

    def __contains__(self, name: str) -> bool:
        return name in self._first

    def raw(self, name: str) -> str:
        """The first value: unfolded, its encoded words not yet decoded."""
        return unfold(self._first.get(name, b""))

    def raw_end(self, name: str) -> str:
        """As `raw`, but where the value is too long its end is kept."""
        return unfold(self._first.get(name, b"")[-MAX_VALUE:])

    def all_raw(self, name: str) -> list[str]:
        return [unfold(value) for found, value in self.lines if found == name]

    def text(self, name: str) -> str:
        """The first value decoded for people, on one line without controls."""
        return decode_header(self.raw(name))


def split_headers(raw: bytes, *, skip_blank: bool = False) -> tuple[Headers, bytes]:
    """Header lines and body. A line that is no header ends them, unless a header follows it.

    A whole mail may begin with blank lines or a byte order mark (`skip_blank`); in a part a blank
    first line says that it has no headers.
    """
    found: list[tuple[str, int, int]] = []
    first = end = len(raw) - len(raw.lstrip(b"\r\n\xef\xbb\xbf")) if skip_blank else 0
    for start, end in _lines(raw, first):
        if not raw[start:end].strip(b"\r\n"):
            break
        if raw[start : start + 1] in (b" ", b"\t"):
            if found:
                found[-1] = (*found[-1][:2], end)
        elif match := _NAME.match(raw, start, end):
            name = match.group()[:-1].strip().decode("ascii").lower()
            found.append((name, match.end(), end))
        elif (start > first or not skip_blank) and not _headers_go_on(raw, end):
            end = start
            break
        if end - first > MAX_HEADER_BYTES or len(found) > MAX_HEADERS:
            raise UnreadableMail("headers_too_large")
    lines = tuple((name, raw[start:stop]) for name, start, stop in found)
    return Headers(lines), raw[end:]


def _headers_go_on(raw: bytes, position: int) -> bool:
    """Whether a well-known header follows soon: a line between was broken on its way."""
    for start, end in islice(_lines(raw, position), _BROKEN_LINES):
        if not raw[start:end].strip():
            return False
        if _KNOWN_NAME.match(raw, start):
            return True
    return False


def _lines(raw: bytes, position: int) -> Iterator[tuple[int, int]]:
    while position < len(raw):
        newline = raw.find(b"\n", position)
        end = len(raw) if newline < 0 else newline + 1
        yield position, end
        position = end


def unfold(value: bytes) -> str:
    return _FOLD.sub(" ", decode_text(value[:MAX_VALUE])).strip()


def decode_header(value: str) -> str:
    """Encoded words (RFC 2047, also the broken ones) decoded, on one line, controls dropped."""
    return " ".join(_TURNING.sub("", _CONTROLS.sub(" ", decode_words(value))).split())


def decode_words(value: str) -> str:
    """Neighbouring words of one charset are joined before decoding: some cut letters in two."""
    if "=?" not in value:
        return value
    pieces: list[str] = []
    pending: list[tuple[str, bytes, str]] = []
    position = 0
    for match in _ENCODED_WORD.finditer(value):
        between = value[position : match.start()]
        if not pending or not _ONLY_SPACE.match(between):
            pieces += [_decode_run(pending), between]
            pending = []
        pending.append((match[1].lower(), _word_bytes(match[2], match[3]), match[0]))
        position = match.end()
    return "".join([*pieces, _decode_run(pending), value[position:]])


def _word_bytes(encoding: str, encoded: str) -> bytes:
    content = encoded.encode("utf-8")
    if encoding in "bB":
        return decode_base64(content)
    return binascii.a2b_qp(content.replace(b" ", b"_"), header=True)


def _decode_run(words: list[tuple[str, bytes, str]]) -> str:
    pieces: list[str] = []
    start = 0
    for index in range(1, len(words) + 1):
        if index == len(words) or words[index][0] != words[start][0]:
            run = words[start:index]
            decoded = decode_text(b"".join(word[1] for word in run), run[0][0])
            # What decodes to control characters was never text: better to show it as written.
            readable = not _BINARY.search(decoded) and (decoded or not run[0][1])
            pieces.append(decoded if readable else " ".join(word[2] for word in run))
            start = index
    return "".join(pieces)


def decode_base64(content: bytes) -> bytes:
    """Base64 with line ends, noise and missing padding forgiven; never raises."""
    alphabet, _, _ = content.partition(b"=")
    letters = alphabet.translate(None, _BASE64_NOISE)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def message_ids(value: str) -> list[str]:
    """The ids in a header, with their angle brackets, in order, without repeats or spaces."""
    found = ["".join(inner.split()) for inner in _MESSAGE_ID.findall(value)]
    if not found:
        # Some senders forget the brackets.
        found = [word.strip("<>,;") for word in value.split() if "@" in word][:1000]
    return [f"<{inner}>" for inner in dict.fromkeys(found) if inner]


def sent_at(value: str) -> datetime | None:
    """A Date header in UTC; without a zone it is taken as UTC; None where it is no date."""
    try:
        moment = parsedate_to_datetime(value[:200])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def value_and_parameters(header: str) -> tuple[str, dict[str, str]]:
    """`text/plain; charset=x` split and decoded; the value is lower case (RFC 2045, 2231, 2047)."""
    value, _, rest = header.partition(";")
    raw: dict[str, str] = {}
    for name, content in _parameters(rest):
        raw.setdefault(name, content)
    return "".join(value.split()).lower(), _join_continued(raw)


def _parameters(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    for _ in range(200):
        equals = text.find("=", position)
        if equals < 0:
            return
        name = text[position:equals].rpartition(";")[2].strip().lower()
        value, position = _parameter_value(text, equals + 1)
        yield name, value


def _parameter_value(text: str, start: int) -> tuple[str, int]:
    while start < len(text) and text[start] in " \t":
        start += 1
    if text.startswith('"', start):
        return _quoted(text, start + 1)
    if word := _ENCODED_WORD.match(text, start):
        end = word.end()
        while following := _ENCODED_WORD.match(text, end + _spaces(text, end)):
            end = following.end()
        return text[start:end], end
    end = text.find(";", start)
    end = len(text) if end < 0 else end
    return text[start:end].strip(), end


def _spaces(text: str, start: int) -> int:
    return len(text[start : start + 80]) - len(text[start : start + 80].lstrip())


def _quoted(text: str, start: int) -> tuple[str, int]:
    pieces: list[str] = []
    while True:
        end = text.find('"', start)
        if end < 0:
            return "".join([*pieces, text[start:]]), len(text)
        if end > start and text[end - 1] == "\\" and not text.startswith("\\\\", end - 2):
            pieces.append(text[start : end - 1] + '"')
            start = end + 1
            continue
        return "".join([*pieces, text[start:end]]).replace("\\\\", "\\"), end + 1


def _join_continued(raw: dict[str, str]) -> dict[str, str]:
    parts: dict[str, dict[int, tuple[str, bool]]] = {}
    for key, value in raw.items():
        if match := _CONTINUED.match(key):
            index = int(match["index"] or 0)
            segments = parts.setdefault(match["name"], {})
            if index not in segments or match["encoded"]:
                segments[index] = (value, bool(match["encoded"]))
    return {name: _decode_segments(segments) for name, segments in parts.items()}


def _decode_segments(segments: dict[int, tuple[str, bool]]) -> str:
    ordered = [segments[index] for index in sorted(segments)]
    if not any(encoded for _, encoded in ordered):
        return decode_words("".join(value for value, _ in ordered))
    charset = ""
    first = ordered[0][0]
    if ordered[0][1] and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
        ordered[0] = (first, True)
    content = b"".join(
        unquote_to_bytes(value) if encoded else value.encode("utf-8") for value, encoded in ordered
    )
    return decode_text(content, charset)
