"""Where the words end and the signature, the device's advertisement or the disclaimer begins."""

import re

from messaging.email.disclaimers import is_disclaimer
from messaging.email.reply_markers import SENT_FROM, SENT_FROM_AT_END

_MAX_BARE_DASHES_LINES = 25
_MAX_SIGNATURE_LINES = 300
_MAX_LINE = 120
_DASHES = re.compile(r"(?:--|—{1,3}|––|__)\s*\Z")
# A rule above a name and an address; alone it may part anything.
_RULE = re.compile(r"([-_=*~#])\1{2,}\s*\Z")
_CONTACT = re.compile(
    r"[^\s@]@[\w-]|\bwww\.|https?://|\+\d[\d\s().-]{6,}|\b(?:tel|phone|mobile|móvil|fax|mob|tfno)\b[\s.:]",
    re.IGNORECASE,
)
_MAX_CARD_LINES = 10
_MAX_CARD_LINE = 80
_POSTSCRIPT = re.compile(r"p\.?\s?[sd]\b\.?[\s:.]", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:\S+\s+){3,}\S+[.!…]\s*\Z")
# "-Ann Other", not "- an item of a list".
_SIGNED_NAME = re.compile(r"[-–—]{1,2}[^\W\d_][\w.'’]+(?:\s[^\W\d_][\w.'’]*){1,3}\Z")
_LIST_RULE = re.compile(r"_{20,}\s*\Z")
_LIST_FOOTER = re.compile(
    r"mailing[- ]list|listinfo|to unsubscribe|unsubscribe from", re.IGNORECASE
)
_DEVICE = re.compile(
    r"iphon|ipad|ipod|android|mobile|mobil|phone|samsung|galaxy|huawei|xiaomi|nokia|motorola|moto"
    r"|htc|sony|xperia|oneplus|oppo|wiko|redmi|pixel|blackberry|outlook|mail|yahoo|gmail|proton"
    r"|tablet|handy|gerät|device|dispositivo|appareil|móvil|celular|téléphone|telefon|windows"
    r"|sparrow|thunderbird|smartphone|spark|typeapp|edison|airmail|k-9|superhuman|tuta"
    r"|correo|courrier|correio|posta|mensajería|messagerie",
    re.IGNORECASE,
)
# "Sent from my …" names anything; a short line that says nothing else is about a device.
_MINE = re.compile(r"\b(?:my|mi|meu|minha|mon|meinem|mio|mijn|min|моего|我的)\b", re.IGNORECASE)
_MAX_UNKNOWN_DEVICE = 45
# A line with more words, or with a second sentence, says something.
_MAX_DEVICE_WORDS = 13
_MAX_SENT_FROM_WORDS = 10
_LINK = re.compile(r"[<(\[]?\s?https?://[^\s>)\]]{1,300}\s?[>)\]]?")
_MARKUP = str.maketrans("", "", "[]*_")
_SAYING = re.compile(r"[?;!]")
_EXCUSE = re.compile(
    r"excus|typo|brevity|brief|disculp|perdon|descul|tippfehler|kürze|scus|refusi|brièveté|fautes"
    r"|typefout|kortheid",
    re.IGNORECASE,
)


def split_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """The sender's words, and the signature and the like; what follows a device's line stays."""
    words: list[str] = []
    rest: list[str] = []
    while True:
        count = words_before_signature(lines)
        words += lines[:count]
        remainder = lines[count:]
        after = _after_device(remainder)
        if not after or not _speaks(remainder[after:]):
            return words, rest + remainder
        rest += remainder[:after]
        words.append("")
        lines = remainder[after:]


def _after_device(lines: list[str]) -> int:
    """How many lines of `lines` a device's line ends, if one begins them; else 0."""
    first = next((i for i, line in enumerate(lines) if line.strip()), len(lines))
    return first + 1 if first < len(lines) and is_sent_from(lines[first].strip()) else 0


def _speaks(lines: list[str]) -> bool:
    """Whether something is asked or added; other text below may be a quote that nothing marks."""
    said = [line.strip() for line in lines[: words_before_signature(lines)]]
    return any(line.endswith(("?", "？")) or _POSTSCRIPT.match(line) for line in said)


def words_before_signature(lines: list[str]) -> int:
    """How many of `lines` are the sender's words; the signature and the like begin after them."""
    end = _without_trailing_blanks(lines, len(lines))
    for index in range(max(0, end - _MAX_SIGNATURE_LINES), end):
        if _begins_signature(lines, index, end):
            end = _without_rule(lines, _without_trailing_blanks(lines, index))
            break
    end = _before_signed_name(lines, end)
    return _without_trailing_blanks(lines, end)


def _begins_signature(lines: list[str], index: int, end: int) -> bool:
    line = lines[index].strip()
    if not line:
        return False
    if line[0] in "-—–_" and _DASHES.match(line):
        return _is_signature_rule(lines, index, end)
    starts_paragraph = index == 0 or not lines[index - 1].strip()
    if line == "-----BEGIN PGP SIGNATURE-----":
        return True
    if is_sent_from(line):
        return starts_paragraph or index == end - 1
    if _LIST_RULE.match(line) and _LIST_FOOTER.search(" ".join(lines[index + 1 : index + 4])):
        return True
    if _RULE.match(line):
        return _is_card(lines, index + 1, end)
    if starts_paragraph and index:
        return is_disclaimer(lines, index, end)
    return False


def _is_signature_rule(lines: list[str], index: int, end: int) -> bool:
    """RFC 3676 wants "-- "; where the space is lost, a long rest is no signature but more words."""
    if lines[index] == "-- ":
        return True
    rest = lines[index + 1 : end]
    is_short = sum(bool(line.strip()) for line in rest) <= _MAX_BARE_DASHES_LINES
    return is_short and not _says_sentences(rest)


def _says_sentences(lines: list[str]) -> bool:
    said = [line.strip()[: _MAX_LINE * 4] for line in lines]
    return sum(bool(_SENTENCE.match(line)) for line in said) >= 2 and any(
        line.endswith("?") for line in said
    )


def _is_card(lines: list[str], start: int, end: int) -> bool:
    """A name and how to reach it, and nothing else, down to the end."""
    above = next((line for line in reversed(lines[: start - 1]) if line.strip()), "")
    notice = (i for i in range(start, end) if _is_notice(lines, i, end))
    said = [line.strip() for line in lines[start : next(notice, end)] if line.strip()]
    return (
        0 < len(said) <= _MAX_CARD_LINES
        and not above.rstrip().endswith(":")
        and all(len(line) <= _MAX_CARD_LINE and not line.endswith(("?", ":")) for line in said)
        and any(_CONTACT.search(line) for line in said[1:])
        and not any(_SENTENCE.match(line) for line in said)
    )


def _is_notice(lines: list[str], index: int, end: int) -> bool:
    starts_paragraph = bool(lines[index].strip()) and not lines[index - 1].strip()
    return starts_paragraph and is_disclaimer(lines, index, end)


def is_sent_from(line: str) -> bool:
    """A line such as "Sent from my phone", in many languages."""
    bare = _LINK.sub(" ", line[:400]).translate(_MARKUP).strip()
    if len(bare) > _MAX_LINE or not _is_one_statement(bare):
        return False
    if SENT_FROM_AT_END.match(bare):
        return True
    if not SENT_FROM.match(bare) or _says_more(bare):
        return False
    is_unknown_device = len(bare) <= _MAX_UNKNOWN_DEVICE and bool(_MINE.search(bare))
    return is_unknown_device or bool(_DEVICE.search(bare))


def _is_one_statement(line: str) -> bool:
    first, _dot, second = line.partition(". ")
    if _EXCUSE.search(line):
        return "?" not in line
    is_short = len(first.split()) <= _MAX_DEVICE_WORDS
    return is_short and not second.strip() and not _SAYING.search(first)


def _says_more(line: str) -> bool:
    return len(line.split()) > _MAX_SENT_FROM_WORDS and not _EXCUSE.search(line)


def _before_signed_name(lines: list[str], end: int) -> int:
    if end >= 2 and _SIGNED_NAME.match(lines[end - 1].strip()) and not lines[end - 2].strip():
        return end - 1
    return end


def _without_rule(lines: list[str], end: int) -> int:
    """The rule that some programs draw above what they add belongs to it."""
    is_rule = end > 1 and bool(_RULE.match(lines[end - 1].strip()[:_MAX_LINE]))
    return _without_trailing_blanks(lines, end - 1) if is_rule else end


def _without_trailing_blanks(lines: list[str], end: int) -> int:
    while end and not lines[end - 1].strip():
        end -= 1
    return end
