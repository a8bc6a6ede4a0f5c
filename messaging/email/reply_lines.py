"""What the lines of an answer are: words, a quote, or the line that announces one."""

import re
from collections.abc import Sequence

from messaging.email.reply_markers import LABEL, LABELS, STARTS, WROTE, WROTE_WORDS

MAX_ATTRIBUTION_LINES = 4
_MAX_ATTRIBUTION = 400
_MAX_VERB = 40
_BOTH_GENDERS = re.compile(r"\(\w{1,3}\)\Z")
_MAX_HEADER_LINES = 12
_QUOTE = re.compile(r"\s{0,4}[>|](?![>\s]{0,20}\S{0,80}\s{0,3}<<)")
_QUOTE_MARKS = re.compile(r"[\s>]*")
# Marks of the reading direction, and other signs that take no space.
_INVISIBLE = dict.fromkeys(
    map(ord, "\u200b\u200c\u200e\u200f\u2060\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff\u00ad")
)
_SHARED = re.compile(r"\s(?=(?:On|Am|Le|El|Em|Il|Op|Den)\s[^\d\n]{0,20}\d)")
_ADDRESS = re.compile(r"[^\s<>()\[\]]@[^\s<>()\[\]]")
_NUMBER = re.compile(r"\d+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TIME = re.compile(r"\d{1,2}\s?[:.hH時时]\s?\d{2}")
_DATE_START = re.compile(r"(?:\w{2,10}[.,]{0,2}\s+)?\d{1,4}[./\-年\s]")
_ENDS = ":：>"
# Some programs set the announcement between dashes.
_BETWEEN_DASHES = re.compile(r"-{2,8}\s{0,2}(\S.{0,390}?)\s{0,2}-{2,8}\Z")
# Verbs that stand before the name: "Am … schrieb Ana:".
_VERBS_FIRST = re.compile(r"\b(?:schrieb|schreef|skrev|hat|heeft)\b", re.IGNORECASE)
# A person speaks of somebody; a program names them, be it Mia, Su or Mon.
_SPOKEN = re.compile(
    r"\b(?:I|you|he|she|they|we|my|your|his|our|their|someone|somebody|yo|usted|ella|ellos|mi|su|tu"
    r"|nuestr[oa]|vuestr[oa]|alguien|eu|você|ele|ela|eles|meu|minha|seu|sua|noss[oa]|alguém|je|il|elle"
    r"|vous|mon|ma|votre|notre|leur|quelqu['’]un|ich|er|sie|Sie|ihr|Ihr|Ihre|Ihrem|ihre|mein|meine|unser|unsere|jemand"
    r"|io|lui|lei|voi|mio|mia|suo|sua|vostro|vostra|nostro|nostra|qualcuno|ik|hij|zij|jullie|mijn|uw"
    r"|onze|iemand)\b",
)
_MAX_NAME_BEFORE_VERB = 60
# People do not put addresses into brackets.
_BRACKETED = re.compile(r"[<(\[][^<>()\[\]]{0,80}@[^<>()\[\]]{1,200}[>)\]]")


def is_quoted(line: str) -> bool:
    return bool(_QUOTE.match(line))


def without_marks(line: str) -> str:
    visible = line.translate(_INVISIBLE)
    match = _QUOTE_MARKS.match(visible)
    return visible[match.end() :] if match else visible


def split_shared_line(line: str) -> list[str]:
    """Some programs put "On … wrote:" behind the last words of the answer, on the same line."""
    if len(line) > _MAX_ATTRIBUTION or not ends_with_verb(line) or is_quoted(line):
        return [line]
    match = _SHARED.search(line)
    if not match or not line[: match.start()].strip():
        return [line]
    announcement = line[match.end() :]
    is_one = _is_attribution(announcement.strip(), followed_by_quote=False)
    return [line[: match.start()], announcement] if is_one else [line]


def attribution_lines(lines: Sequence[str], start: int) -> int:
    """How many lines from `start` say who wrote what follows ("On … wrote:"); 0 where none do."""
    joined = ""
    for count, line in enumerate(lines[start : start + MAX_ATTRIBUTION_LINES], 1):
        stripped = _bare(line)
        if not stripped or len(joined) + len(stripped) > _MAX_ATTRIBUTION:
            return 0
        joined = f"{joined} {stripped}" if joined else stripped
        if count == 1 and not _may_begin_attribution(joined):
            return 0
        is_set_off = count == 1 and bool(_BETWEEN_DASHES.match(line.strip()[:_MAX_ATTRIBUTION]))
        follows = _quote_follows(lines, start + count)
        if _is_attribution(joined, followed_by_quote=follows, is_set_off=is_set_off):
            return count
    return 0


def _bare(line: str) -> str:
    stripped = without_marks(line[:_MAX_ATTRIBUTION]).strip(" \t*_")
    match = _BETWEEN_DASHES.match(stripped)
    # What stands between dashes is announced as surely as by a colon.
    return f"{match[1]}:" if match and ends_with_verb(match[1]) else stripped


def ends_with_verb(text: str) -> bool:
    """Whether the last word says that somebody wrote, with or without "(a)" and a colon."""
    end = text[-_MAX_VERB:].lower().rstrip(" \t:：\u202c")
    return _BOTH_GENDERS.sub("", end).endswith(WROTE_WORDS)


def _may_begin_attribution(line: str) -> bool:
    return bool(_NUMBER.search(line) or _ADDRESS.search(line) or ends_with_verb(line))


def _quote_follows(lines: Sequence[str], start: int) -> bool:
    following = next((line for line in lines[start : start + 4] if line.strip()), "")
    return is_quoted(following)


def _is_attribution(text: str, *, followed_by_quote: bool, is_set_off: bool = False) -> bool:
    if text[-1] not in _ENDS and not ends_with_verb(text):
        return False
    numbers = len(_NUMBER.findall(text))
    is_dated = numbers >= 2 or bool(_YEAR.search(text))
    has_time = bool(_TIME.search(text))
    has_address = bool(_ADDRESS.search(text))
    begins_dated = bool(STARTS.match(text) and _NUMBER.search(text[:40])) or bool(
        _DATE_START.match(text)
    )
    has_verb = bool(WROTE.search(text))
    ends_well = text[-1] in ":：" or ends_with_verb(text)
    if begins_dated and is_dated and has_verb and ends_well:
        return followed_by_quote or ((has_address or has_time) and _names_somebody(text))
    if is_set_off and ends_with_verb(text) and not _SPOKEN.search(text):
        return True
    if is_dated and has_time and text[-1] in ":：" and _has_verb_before_date(text):
        return True
    is_complete = is_dated and has_time and has_address and text[-1] in ":："
    is_named = followed_by_quote or (
        bool(_BRACKETED.search(text) or ends_with_verb(text)) and not _speaks_after_date(text)
    )
    if is_complete and (begins_dated or has_verb) and is_named:
        return True
    if not followed_by_quote:
        return False
    # With a quote below, any language will do.
    if has_address and (is_complete or text.endswith((">:", "):", ">："))):
        return True
    if has_address and begins_dated:
        return True
    return (has_address and has_verb and ends_well) or (
        ends_with_verb(text) and len(text) <= 120 and (is_dated or ends_well)
    )


def _names_somebody(text: str) -> bool:
    """Not a sentence about somebody who wrote something at that time."""
    is_built_so = ends_with_verb(text) or _VERBS_FIRST.search(text) or _BRACKETED.search(text)
    if not is_built_so:
        return False
    return not _speaks_after_date(text)


def _speaks_after_date(text: str) -> bool:
    named = " ".join(word for word in text.split() if "@" not in word)
    last_number = max((match.end() for match in _NUMBER.finditer(named)), default=0)
    return bool(_SPOKEN.search(named, last_number))


def _has_verb_before_date(text: str) -> bool:
    """ "Ana schrieb am 16.11.2026 um 09:12:"."""
    verb = WROTE.search(text, 1, _MAX_NAME_BEFORE_VERB)
    if not verb or _SPOKEN.search(text, 0, verb.start()) or not text[0].isupper():
        return False
    return bool(_NUMBER.search(text, verb.end(), verb.end() + 25))


def header_block(lines: Sequence[str], start: int) -> int:
    """How many lines from `start` are the head of a quoted mail ("From: … Subject: …"); else 0."""
    kinds: set[str] = set()
    last = start
    has_address = False
    for index in range(start, min(start + _MAX_HEADER_LINES, len(lines))):
        line = lines[index][:500]
        kind = label_kind(line)
        if not kind:
            if not line.strip() and index == last + 1 and len(kinds) < 3:
                continue
            if not line.strip() or index - last > 2:
                break
            continue
        kinds.add(kind)
        last = index
        has_address = has_address or bool(_ADDRESS.search(line))
    if _is_head(kinds, has_address):
        return last - start + 1
    return 0


def label_kind(line: str) -> str:
    match = LABEL.match(line)
    return LABELS.get(" ".join(match[1].lower().split()), "") if match else ""


def _is_head(kinds: set[str], has_address: bool) -> bool:
    """A journey also has From, To and Date: a subject, "Sent" or an address makes a mail."""
    if "sender" in kinds and ("subject" in kinds or "sent" in kinds) and len(kinds) >= 3:
        return True
    dated = kinds & {"sent", "date"}
    return bool(has_address and dated and kinds & {"sender", "to"})
