"""Bytes of a mail to text, whatever charset they claim or hide."""

import codecs
import re
from functools import lru_cache

# Names as mails write them; the wider charset of each family reads what the narrow one cannot
# (the same choices as the WHATWG encoding standard).
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
_ALIASES = {
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "x-big5": "big5hkscs",
    "x-windows-949": "cp949",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "unicode": "utf-8",
}
# Their bytes are also valid ASCII or UTF-8, so the declaration has to come first.
_NOT_ASCII_COMPATIBLE = re.compile(r"(?:iso2022|hz|utf-7|utf-16|utf-32)")
_JAPANESE_SHIFT = re.compile(rb"\x1b\$[@B][!-~]{2,2000}\x1b\([BJ]")
_MULTIBYTE = frozenset({"gb18030", "cp949", "cp932", "big5hkscs", "euc_jp", "utf-8"})
# Python codecs that are not charsets and would do work an attacker chooses.
_NO_CHARSET = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)
_SAMPLE_BYTES = 4096
_REPLACEMENT_SHARE = 0.05
_WESTERN_SHARE = 0.5

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def decode_text(content: bytes, declared: str = "") -> str:
    """The text of `content`: as UTF-8, else as declared, else as a Western or guessed charset.

    Never raises; NUL and lone surrogates, which no database stores, are dropped.
    """
    charset = known_charset(declared)
    if _JAPANESE_SHIFT.search(content):
        # Seven bits that no other charset writes; the declaration is often lost on the way.
        charset = charset if charset.startswith("iso2022") else "iso2022_jp"
    if content.isascii() and not _NOT_ASCII_COMPATIBLE.match(charset):
        return content.decode("ascii").replace("\x00", "")
    return _UNSTORABLE.sub("", _decode(content, charset))


@lru_cache(maxsize=256)
def known_charset(declared: str) -> str:
    """The Python codec for a declared charset, or "" where there is none."""
    name = declared.strip().strip("\"'").lower()[:40]
    name = _ALIASES.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    if not found._is_text_encoding or found.name in _NO_CHARSET:
        return ""
    return _WIDER.get(found.name, found.name)


def _decode(content: bytes, charset: str) -> str:
    if charset and _NOT_ASCII_COMPATIBLE.match(charset):
        return content.decode(charset, "replace")
    for candidate in ("utf-8-sig", charset):
        decoded = _decode_strictly(content, candidate)
        if decoded is not None:
            return decoded
    if charset in _MULTIBYTE:
        decoded = content.decode(charset, "replace")
        if decoded.count("\ufffd") <= len(decoded) * _REPLACEMENT_SHARE:
            return decoded
    return _guess(content)


def _decode_strictly(content: bytes, charset: str) -> str | None:
    if not charset:
        return None
    try:
        return content.decode(charset)
    except UnicodeError:
        return None


def _guess(content: bytes) -> str:
    """Western text has few bytes above ASCII; only where there are many is a guess worth it.

    Statistical detection mistakes short Western texts for Central European or Asian ones.
    """
    sample = content[:_SAMPLE_BYTES]
    high = sum(byte > 0x7F for byte in sample)
    letters = sum(chr(byte).isalpha() for byte in sample if byte < 0x80)
    if high > (high + letters) * _WESTERN_SHARE:
        guessed = _detect(sample)
        if guessed:
            return content.decode(guessed, "replace")
    # cp1252 leaves five bytes undefined; they are replaced.
    return content.decode("cp1252", "replace")


def _detect(sample: bytes) -> str:
    from charset_normalizer import from_bytes  # slow to import and seldom needed

    best = from_bytes(sample).best()
    return known_charset(best.encoding) if best else ""
