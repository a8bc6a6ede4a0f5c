"""Plain text from outside, ready for a page or a list of files."""

import re
import unicodedata

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

MAX_FILE_NAME = 200
WORD = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")  # combining diacritical marks
_LINK = re.compile(r"https?://[^\s<>\"'\x00-\x1f]{3,2000}", re.IGNORECASE)
_TRAILING = ".,;:!?)]}»…"
_PATH = re.compile(r"[/\\]+")


def fold(text: str) -> str:
    """Lower case without accents, for comparing words."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", lowered))


def linked(text: str) -> SafeString:
    """Escaped text with its web addresses as links; line breaks are left to the style sheet.

    Linear in the length of the text. Links open apart and tell nothing about where they stood.
    """
    parts: list[str] = []
    end = 0
    for found in _LINK.finditer(text):
        address = found[0].rstrip(_TRAILING)
        parts.append(escape(text[end : found.start()]))
        parts.append(
            f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer nofollow">'
            f"{escape(address)}</a>"
        )
        end = found.start() + len(address)
    parts.append(escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308  each part is escaped


def initials(name: str) -> str:
    """One or two letters for an avatar; "?" for nothing."""
    words = [word for word in re.split(r"[\s@._-]+", name) if word[:1].isalnum()]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "") if words else "?"
    return letters.upper()[:2]


def file_size(size: int) -> str:
    """ "3 kB", "1.4 MB"."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{round(size / 1_000_000, 1):g} MB"


def one_line(text: str) -> str:
    """Single spaces and visible characters only: no line ends, controls or direction marks."""
    return " ".join(_visible(" ".join(text.split())).split())


def clean_file_name(name: str) -> str:
    """A name that is safe to show and to offer: no folders, controls, hidden marks or dot ends.

    "" when nothing is left of it. A long name keeps its ending.
    """
    last = _PATH.split(name.rstrip("/\\"))[-1]
    cleaned = one_line(last).strip(". ")
    stem, dot, ending = cleaned.rpartition(".")
    if not dot or len(ending) > 10:
        return cleaned[:MAX_FILE_NAME]
    return f"{stem[: MAX_FILE_NAME - len(ending) - 1]}.{ending}"


def _visible(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c)[0] != "C")
