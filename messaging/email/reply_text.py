"""The words of this mail, apart from what it quotes, its signature and its disclaimer.

Every line of the mail ends in one of the two texts returned; where it is not certain that a line is
quoted, it counts as the sender's. All work is linear in the length of the mail: each line is looked
at together with a bounded number of its neighbours.
"""

import re
from dataclasses import dataclass
from enum import Enum

from messaging.email.reply_html import (
    HEAD_MARK,
    SIGNATURE_MARK,
    has_quote_signal,
    html_to_quoted_text,
    is_surely_quoted,
)
from messaging.email.reply_lines import (
    attribution_lines,
    header_block,
    is_quoted,
    label_kind,
    split_shared_line,
    without_marks,
)
from messaging.email.reply_markers import (
    ANSWERS_BELOW,
    DELIMITER,
    DIVIDER,
    FORWARDED,
    ORIGINAL,
)
from messaging.email.signatures import split_signature, words_before_signature

# Nobody writes more above a quote; further down only ">" is looked at.
_MAX_EXAMINED_LINES = 5_000
_LONG_QUOTED_LINE = 60
_MIN_UNANNOUNCED_QUOTE = 3
# "My answers are below" is short.
_MAX_POINTER = 500


# Programs move the links of a quoted mail to lines of their own.
_ONLY_LINK = re.compile(r"[(<\[]?\s?(?:https?://|mailto:)\S+\s?[)>\]]?\s?>?\Z", re.IGNORECASE)


class Kind(Enum):
    WORDS = "words"
    QUOTE = "quote"
    BLANK = "blank"


@dataclass(frozen=True)
class Block:
    """Neighbouring lines of one kind; blank lines belong to the block before them."""

    kind: Kind
    lines: list[str]


def split_reply(text: str, html: str = "") -> tuple[str, str]:
    """The words of this mail and the rest: quotes, signature, disclaimer.

    `html` is the same mail as HTML, or all there is of it when `text` is empty; its markup tells
    what is quoted where the plain text does not. Answers between quotes stay together with them.
    """
    if text.strip():
        reply, rest = _split(text)
        if rest or not has_quote_signal(html):
            return reply, rest
    if not html:
        return text.strip(), ""
    reply, rest = _split(html_to_quoted_text(html), announced=is_surely_quoted(html))
    return (reply, rest) if reply or not text.strip() else (text.strip(), "")


def _split(text: str, *, announced: bool = False) -> tuple[str, str]:
    """`announced`: the marks are known to be those of quotes."""
    written = text.replace("\r\n", "\n").replace("\u00a0", " ").split("\n")
    lines = [part for line in written for part in split_shared_line(line)]
    kinds, end = _classify(lines, announced)
    blocks = _blocks(lines[:end], kinds)
    remainder = lines[end:]
    reply, rest = _reply_of(blocks)
    if not reply and remainder and not _has_quote(blocks):
        # Nothing stands above the quote, so it is what the sender wants us to read.
        return _text(lines), ""
    words = _text(reply)
    if remainder and len(words) <= _MAX_POINTER and ANSWERS_BELOW.search(words):
        # The answers stand in the quote, in a colour or in capitals that no text shows.
        return _text(lines), ""
    return words, _text([*rest, *remainder])


def _classify(lines: list[str], announced: bool) -> tuple[list[Kind], int]:
    """The kind of each line, and where the quote begins that runs to the end of the mail."""
    kinds: list[Kind] = []
    while len(kinds) < len(lines):
        index = len(kinds)
        line = lines[index]
        if index > _MAX_EXAMINED_LINES:
            kinds.append(_plain_kind(line))
        elif DELIMITER.match(without_marks(line)[:200]):
            return _settle(lines, kinds, True), index
        elif is_quoted(line) or line.startswith(SIGNATURE_MARK):
            announced = announced or _announces(lines, index)
            kinds.append(Kind.QUOTE)
        elif not line.strip():
            kinds.append(Kind.BLANK)
        elif FORWARDED.match(line[:200]):
            kinds += [Kind.WORDS] * (len(lines) - index)
        elif _begins_quote_to_end(lines, index):
            return _settle(lines, kinds, announced), _with_divider(lines, index)
        elif count := attribution_lines(lines, index):
            if not _is_followed_by_marks(lines, index + count):
                return _settle(lines, kinds, announced), index
            announced = True
            kinds += [Kind.QUOTE] * count
        else:
            kinds.append(Kind.WORDS)
    return _settle(lines, kinds, announced), len(lines)


def _plain_kind(line: str) -> Kind:
    if not line.strip():
        return Kind.BLANK
    return Kind.QUOTE if is_quoted(line) else Kind.WORDS


def _announces(lines: list[str], index: int) -> bool:
    """Programs that mark the announcement too: "> On … wrote:", "> From: …"."""
    line = lines[index]
    if line.startswith(SIGNATURE_MARK):
        return True
    if label_kind(line):
        return header_block(lines, index) > 0
    return line.rstrip().endswith(":") and attribution_lines(lines, index) > 0


def _begins_quote_to_end(lines: list[str], index: int) -> bool:
    line = lines[index]
    if line == HEAD_MARK or ORIGINAL.match(line[:200]):
        return True
    return bool(label_kind(line)) and header_block(lines, index) > 0


def _with_divider(lines: list[str], index: int) -> int:
    """The start of the quote, with the rule that some programs draw above it."""
    above = index - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    return above if above >= 0 and DIVIDER.match(lines[above][:200]) else index


def _is_followed_by_marks(lines: list[str], index: int) -> bool:
    following = next((line for line in lines[index : index + 6] if line.strip()), "")
    return is_quoted(following)


def _settle(lines: list[str], kinds: list[Kind], announced: bool) -> list[Kind]:
    """Marks corrected by their neighbours: lines cut in two, and ">" that quotes nobody."""
    quoted = sum(kind is Kind.QUOTE for kind in kinds)
    if not announced and (quoted < _MIN_UNANNOUNCED_QUOTE or _is_introduced(lines, kinds)):
        return [Kind.WORDS if kind is Kind.QUOTE else kind for kind in kinds]
    settled = list(kinds)
    for index in range(1, len(kinds) - 1):
        if kinds[index] is Kind.WORDS and _is_wrapped_quote(lines, settled, index):
            settled[index] = Kind.QUOTE
    return settled


def _is_introduced(lines: list[str], kinds: list[Kind]) -> bool:
    """ "I see this:" before marked lines: the sender shows something and quotes nobody."""
    first = kinds.index(Kind.QUOTE) if Kind.QUOTE in kinds else 0
    above = next((line for line in reversed(lines[max(0, first - 3) : first]) if line.strip()), "")
    return above.rstrip().endswith((":", "："))


def _is_wrapped_quote(lines: list[str], kinds: list[Kind], index: int) -> bool:
    """The tail of a quoted line that was too long for the program that sent it on."""
    if kinds[index - 1] is not Kind.QUOTE or not is_quoted(lines[index + 1]):
        return False
    above, line = lines[index - 1].rstrip(), lines[index].strip()
    if _ONLY_LINK.match(line):
        return True
    if len(above) < _LONG_QUOTED_LINE or len(line) > _LONG_QUOTED_LINE:
        return False
    return not above.endswith(("?", "!", ":")) and (line[0].islower() or above[-1] not in ".…")


def _blocks(lines: list[str], kinds: list[Kind]) -> list[Block]:
    blocks: list[Block] = []
    for line, kind in zip(lines, kinds, strict=False):
        if blocks and kind in (Kind.BLANK, blocks[-1].kind):
            blocks[-1].lines.append(line)
        elif kind is not Kind.BLANK:
            blocks.append(Block(kind, [line]))
    return blocks


def _reply_of(blocks: list[Block]) -> tuple[list[str], list[str]]:
    reply: list[str] = []
    rest: list[str] = []
    first, last = _answered_stretch(blocks)
    for index, block in enumerate(blocks):
        is_inside = first <= index <= last
        if block.kind is Kind.QUOTE and not is_inside:
            rest += block.lines
        elif is_inside and index < last:
            reply += block.lines
        else:
            words, others = split_signature(block.lines)
            reply += [*words, ""]
            rest += others
    return reply, rest


def _answered_stretch(blocks: list[Block]) -> tuple[int, int]:
    """From the first quote that is answered below it to the last answer, when there are several.

    An answer between two quotes makes no sense without them.
    """
    words = [index for index, block in enumerate(blocks) if _has_words(block)]
    quotes = [index for index, block in enumerate(blocks) if block.kind is Kind.QUOTE]
    between = [index for index in words if quotes and quotes[0] < index < quotes[-1]]
    if not between:
        return len(blocks), -1
    return quotes[0], max(words)


def _has_words(block: Block) -> bool:
    return block.kind is Kind.WORDS and words_before_signature(block.lines) > 0


def _has_quote(blocks: list[Block]) -> bool:
    return any(block.kind is Kind.QUOTE for block in blocks)


def _text(lines: list[str]) -> str:
    shown = (line.removeprefix(SIGNATURE_MARK).rstrip() for line in lines if line != HEAD_MARK)
    return "\n".join(shown).strip("\n")
