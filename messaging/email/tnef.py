"""What Outlook packs into `winmail.dat` (MS-OXTNEF): the files, and the text where there is one.

A stream of attributes, some of which hold MAPI properties. All lengths come from a stranger: what
does not fit ends the reading, and what was read until then counts.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from messaging.email.charsets import decode_text
from messaging.email.rtf import rtf_text

_SIGNATURE = 0x223E9F78
_ATTACHMENT_LEVEL = 2
_BODY, _ATTACH_DATA, _ATTACH_TITLE = 0x800C, 0x800F, 0x8010
_NEW_ATTACHMENT, _MESSAGE_PROPERTIES, _ATTACHMENT_PROPERTIES, _CODE_PAGE = (
    0x9002,
    0x9003,
    0x9005,
    0x9007,
)
_TEXT, _RICH_TEXT, _HTML = 0x1000, 0x1009, 0x1013
_FILE, _DISPLAY_NAME, _SHORT_NAME, _LONG_NAME, _MIME_TYPE, _CONTENT_ID = (
    0x3701,
    0x3001,
    0x3704,
    0x3707,
    0x370E,
    0x3712,
)
_FIXED = {
    0x2: 4,
    0x3: 4,
    0x4: 4,
    0x5: 8,
    0x6: 8,
    0x7: 8,
    0xA: 4,
    0xB: 4,
    0x14: 8,
    0x40: 8,
    0x48: 16,
}
_STRING8, _UNICODE, _BINARY, _OBJECT = 0x1E, 0x1F, 0x102, 0xD
_SEVERAL = 0x1000
_NAMED = 0x8000
MAX_FILES = 200
_MAX_ATTRIBUTES = 5_000
_MAX_PROPERTIES = 5_000
_MAX_DEPTH = 3

Property = tuple[int, int, bytes]
"""Its id, its type and its first value."""


@dataclass
class TnefFile:
    name: str = ""
    content: bytes = b""
    content_type: str = ""
    content_id: str = ""


@dataclass
class Tnef:
    """`text` and `html` are "" where the stream has none."""

    text: str = ""
    html: str = ""
    files: list[TnefFile] = field(default_factory=list)


def read_tnef(content: bytes) -> Tnef | None:
    """The files and words inside; None where it is no such stream. Never raises."""
    return _read(content, depth=0)


def _read(content: bytes, depth: int) -> Tnef | None:
    if depth > _MAX_DEPTH or len(content) < 6 or _number(content, 0) != _SIGNATURE:
        return None
    found = Tnef()
    charset = "cp1252"
    try:
        for level, name, data in _attributes(content):
            if name == _CODE_PAGE and len(data) >= 4:
                charset = f"cp{_number(data, 0)}"
            elif level == _ATTACHMENT_LEVEL:
                _take_of_file(found, name, data, charset, depth)
            else:
                _take_of_message(found, name, data, charset)
    except struct.error:
        pass
    found.files = [file for file in found.files if file.content]
    return found


def _attributes(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    position = 6
    for _ in range(_MAX_ATTRIBUTES):
        if position + 9 > len(content):
            return
        level, name, _kind, length = struct.unpack_from("<BHHI", content, position)
        start = position + 9
        yield level, name, content[start : start + length]
        # A checksum of two bytes follows.
        position = start + length + 2


def _take_of_message(found: Tnef, name: int, data: bytes, charset: str) -> None:
    if name == _BODY:
        found.text = found.text or _words(data, _STRING8, charset)
    elif name == _MESSAGE_PROPERTIES:
        for identity, kind, value in _properties(data):
            if identity == _TEXT:
                found.text = _words(value, kind, charset)
            elif identity == _HTML:
                found.html = _words(value, kind, charset)
            elif identity == _RICH_TEXT:
                found.text = found.text or rtf_text(value)


def _take_of_file(found: Tnef, name: int, data: bytes, charset: str, depth: int) -> None:
    if name == _NEW_ATTACHMENT or not found.files:
        if len(found.files) >= MAX_FILES:
            return
        found.files.append(TnefFile())
    file = found.files[-1]
    if name == _ATTACH_TITLE:
        file.name = file.name or _words(data, _STRING8, charset)
    elif name == _ATTACH_DATA:
        file.content = data
    elif name == _ATTACHMENT_PROPERTIES:
        _take_properties(found, file, data, charset, depth)


def _take_properties(found: Tnef, file: TnefFile, data: bytes, charset: str, depth: int) -> None:
    names: dict[int, str] = {}
    for identity, kind, value in _properties(data):
        if identity == _FILE and kind == _OBJECT:
            # An attached message, after the 16 bytes that say so.
            if inner := _read(value[16:], depth + 1):
                found.files[:0] = inner.files[: MAX_FILES - len(found.files)]
        elif identity == _FILE:
            file.content = file.content or value
        elif identity == _MIME_TYPE:
            file.content_type = _words(value, kind, charset)
        elif identity == _CONTENT_ID:
            file.content_id = _words(value, kind, charset).strip("<>")
        elif identity in (_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME):
            names[identity] = _words(value, kind, charset)
    for identity in (_DISPLAY_NAME, _SHORT_NAME, _LONG_NAME):
        if names.get(identity) and (identity == _LONG_NAME or not file.name):
            file.name = names[identity]


def _properties(data: bytes) -> Iterator[Property]:
    count = _number(data, 0)
    position = 4
    for _ in range(min(count, _MAX_PROPERTIES)):
        kind, identity = struct.unpack_from("<HH", data, position)
        position += 4
        if identity >= _NAMED:
            position = _after_name(data, position)
        value, position = _value(data, position, kind)
        yield identity, kind & ~_SEVERAL, value


def _after_name(data: bytes, position: int) -> int:
    is_string = _number(data, position + 16) == 1
    if not is_string:
        return position + 24
    return position + 24 + _padded(_number(data, position + 20))


def _value(data: bytes, position: int, kind: int) -> tuple[bytes, int]:
    """The first value of a property, and where the next property begins."""
    size = _FIXED.get(kind & ~_SEVERAL)
    if size is not None and not kind & _SEVERAL:
        return data[position : position + size], position + size
    count = _number(data, position)
    position += 4
    if size is not None:
        return data[position : position + size], position + size * count
    first = b""
    for index in range(min(count, _MAX_PROPERTIES)):
        length = _number(data, position)
        if index == 0:
            first = data[position + 4 : position + 4 + length]
        position += 4 + _padded(length)
    return first, position


def _padded(length: int) -> int:
    return length + -length % 4


def _number(data: bytes, position: int) -> int:
    return int(struct.unpack_from("<I", data, position)[0])


def _words(value: bytes, kind: int, charset: str) -> str:
    is_wide = kind == _UNICODE
    text = value.decode("utf-16-le", "replace") if is_wide else decode_text(value, charset)
    return text.replace("\x00", "").replace("\r\n", "\n").strip()
