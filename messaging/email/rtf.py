"""Outlook's rich text inside its packages: unpacked (MS-OXRTFCP) and read as plain text."""

import re
import struct

from messaging.email.charsets import decode_text

_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_PACKED, _PLAIN = 0x75465A4C, 0x414C454D
_RING = 4096
MAX_BYTES = 1_000_000
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.DOTALL,
)
_SILENT = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer themedata datastore".split()
)
_SIGNS = {
    b"par": "\n", b"line": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t", b"emdash": "—",
    b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•",
}  # fmt: skip


def rtf_text(packed: bytes) -> str:
    """The words of a packed rich text; "" where it is none. Never raises."""
    try:
        return _words(_unpacked(packed))
    except (struct.error, IndexError):
        return ""


def _unpacked(packed: bytes) -> bytes:
    _size, raw_size, kind, _crc = struct.unpack_from("<IIII", packed)
    if kind == _PLAIN:
        return packed[16 : 16 + min(raw_size, MAX_BYTES)]
    if kind != _PACKED:
        return b""
    ring = bytearray(_DICTIONARY.ljust(_RING, b"\0"))
    write, position = len(_DICTIONARY), 16
    found = bytearray()
    while position < len(packed) and len(found) < min(raw_size, MAX_BYTES):
        control = packed[position]
        position += 1
        for bit in range(8):
            if control >> bit & 1:
                pair = packed[position] << 8 | packed[position + 1]
                position += 2
                read, length = pair >> 4, (pair & 15) + 2
                if read == write:
                    return bytes(found)
                piece = [(read + n) % _RING for n in range(length)]
            else:
                ring[write] = packed[position]
                position += 1
                piece = [write]
            for place in piece:
                letter = ring[place]
                found.append(letter)
                ring[write] = letter
                write = (write + 1) % _RING
            if position >= len(packed):
                break
    return bytes(found)


def _words(rtf: bytes) -> str:
    charset = "cp1252"
    if found := re.search(rb"\\ansicpg(\d{3,5})", rtf[:1000]):
        charset = f"cp{found[1].decode()}"
    pieces: list[str] = []
    silent: list[bool] = [False]
    skip = 0
    for match in _TOKEN.finditer(rtf):
        word, number, code, sign, brace, text = match.groups()
        if brace:
            if brace == b"{":
                silent.append(silent[-1])
            elif len(silent) > 1:
                silent.pop()
        elif sign == b"*" or word in _SILENT:
            silent[-1] = True
        elif silent[-1]:
            continue
        elif word == b"u" and number:
            pieces.append(chr(int(number) % 0x10000))
            skip = 1
        elif code or text or sign:
            shown = _shown(code, text, sign, charset)
            pieces.append(shown[skip:])
            skip = 0
        else:
            pieces.append(_SIGNS.get(word or b"", ""))
    text_found = "".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text_found.replace("\x00", "").strip()


def _shown(code: bytes | None, text: bytes | None, sign: bytes | None, charset: str) -> str:
    if code:
        return decode_text(bytes([int(code, 16)]), charset)
    if sign:
        return {b"~": "\u00a0", b"_": "-", b"-": ""}.get(sign, decode_text(sign, charset))
    return decode_text(text or b"", charset)
