"""Reads a score and the words beside it out of what a customer wrote: text in, value out.

A wrong score is worse than none: a number counts only where the text leaves no doubt that it is
the answer. Everything else is handed on as words.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from surveys.scales import Scale

MAX_CHARACTERS = 5000
MAX_LINES = 6

WORDS = {
    word: number
    for number, words in enumerate(
        (
            "zero cero",
            "one uno",
            "two dos dois",
            "three tres três",
            "four cuatro quatro",
            "five cinco",
            "six seis",
            "seven siete sete",
            "eight ocho oito",
            "nine nueve nove",
            "ten diez dez",
        )
    )
    for word in words.split()
}
_STARS = "★⭐🌟"
_NO_STARS = "☆✩"
_DROPPED = "\ufe0e\ufe0f\u20e3\u200d\u200b\u200e\u200f\u2060\ufeff"
_KEYCAP_TEN = "\U0001f51f"

_NUMBER = rf"(?P<number>\d{{1,3}}|{'|'.join(sorted(WORDS, key=len, reverse=True))})(?!\w)"
# Possessive: three of them in a row stay linear.
_QUOTE = r"[\s\"'“”‘’«»*_(\[¡¿>-]*+"
# What may stand before a score at the start of a line.
_GREETING = (
    r"(?:(?:hi|hello|hey|dear|hola|buenas|buen(?:os)? d[ií]as?|buenas tardes|ol[áa]|oi|bom dia|"
    r"boa tarde|boa noite|good (?:morning|afternoon))(?: \w+){0,2}\s*[,.!:]\s*)?"
)
_NAMED = (
    r"(?:(?:and |y |e )?(?:(?:my|the|our|your|mi|la|tu|su|minha|a|sua) )?"
    r"(?:score|rating|rate|grade|mark|vote|answer|note|nota|puntuaci[oó]n|puntaje|calificaci[oó]n|"
    r"valoraci[oó]n|respuesta|avalia[cç][aã]o|pontua[cç][aã]o|resposta|voto)"
    r"(?: (?:is|was|would be|es|ser[ií]a|é|seria|final))?(?: (?:de|of))?\s*[:=]?\s*(?:a |un |um )?)"
)
_GIVEN = (
    r"(?:(?:i(?:'d| would|'ll| will)? (?:say|give|rate|score)|i(?:'d| would) go (?:for|with)|"
    r"(?:it'?s |that'?s |it is )|"
    r"(?:yo )?(?:(?:le|les|te|os|lo|la) )?(?:doy|dar[ií]a|pongo|pondr[ií]a|califico|dir[ií]a)|"
    r"(?:eu )?(?:(?:lhe|te|vos) )?(?:dou|daria|diria|avalio))"
    r"(?: (?:you|it|this|that|him|her|them|your service|the service|your team|que|con|com|nota))?"
    r"\s*:?\s*(?:(?:a|an|un|um|o|el)(?: solid| clear)? )?)"
)
_ARTICLE = r"(?:(?:a|an|un|um) )?"
_START = re.compile(
    rf"{_QUOTE}{_GREETING}{_QUOTE}(?:{_NAMED}|{_GIVEN}|{_ARTICLE}){_QUOTE}{_NUMBER}", re.IGNORECASE
)
# The same clearly announced score further on.
_ANNOUNCED = re.compile(rf"(?<!\w)(?:{_NAMED}|{_GIVEN}){_QUOTE}{_NUMBER}", re.IGNORECASE)
_OUT_OF = re.compile(
    rf"(?<![\w#$€£/.,:+-]){_NUMBER}\s*(?:out of|sobre)\s*(?P<highest>\d{{1,3}}|{'|'.join(WORDS)})"
    r"(?!\w)",
    re.IGNORECASE,
)
_SCALE_OF = re.compile(
    rf"\s*(?:/|out of|of|de|sobre)\s*(?P<highest>\d{{1,3}}|{'|'.join(WORDS)})(?!\w)", re.IGNORECASE
)
_UNIT = re.compile(
    r"\s*(?:stars?|points?|estrellas?|puntos?|estrelas?|pontos?)(?!\w)", re.IGNORECASE
)
_HALF = re.compile(r"\s*(?:½|(?:and a|y|e) (?:half|medio|media|meio|meia)\b)", re.IGNORECASE)
_GRADE = (
    r"(?:(?:muy|very|muito|so|really|super|todo|tudo|all|pretty|bastante) )*"
    r"(?:bien|bem|buen[oa]?|bo[ma]|good|great|excelente|excellent|perfect[oa]?|perfeit[oa]|genial|"
    r"[oó]tim[oa]|fant[aá]stic[oa]?|amazing|awesome|r[aá]pid[oa]|fast|quick|mal|malo|mala|bad|ruim|"
    r"terrible|terr[ií]vel|p[eé]ssim[oa]|horrible|horr[ií]vel|poor|awful|regular|ok|okay|happy|"
    r"satisfied|satisfech[oa]|satisfeit[oa])"
)
_GOES_ON = re.compile(
    rf"\s*(?:thanks|thank you|thx|gracias|muchas gracias|obrigad[oa]|muito obrigad[oa]|valeu|"
    rf"because|since|porque|pues|pois|but|pero|mas|por (?:la|el|su|tu|lo)|pel[oa]s?|"
    rf"(?:{_GRADE})\s*(?:[.,;!…]|$))(?!\w)",
    re.IGNORECASE,
)
_GOES_ON_GRADE = re.compile(rf"\s*{_GRADE}\s*(?=[.,;!…\n]|$)", re.IGNORECASE)
# A number glued to one of these is a part of something else: a price, a time, a date, a phone.
_GLUED = re.compile(
    r"[%€$£°/:#@&+=?]|[.,:/-]\d|\s*[-–—/x×]\s*\d|\s*,\s*\d|\s*[%€$£°]|\s*\?"
    r"|\s+(?:o|or|ou|to|a|y|e|and)\s+\d"
)
_DECORATION = " \t\n\r.,;:!…-–—*_\"'“”‘’«»()[]"


@dataclass(frozen=True)
class Reading:
    """A score on the scale, and what else was said ("" for nothing)."""

    score: int
    comment: str


def read_answer(text: str, scale: Scale) -> Reading | None:
    """The score that a text gives on a scale with its words, or None without a clear one."""
    plain = _plain(text)[:MAX_CHARACTERS]
    found = _stars(plain, scale) or _number(plain, scale)
    if found is None:
        return None
    score, begin, end = found
    return Reading(score, _comment(plain, begin, end)) if scale.holds(score) else None


Found = tuple[int, int, int]
"""A number as written, and where in the text it stands."""


def _plain(text: str) -> str:
    """One spelling for digits in full width, in keycaps and in circles."""
    folded = unicodedata.normalize("NFKC", text.replace(_KEYCAP_TEN, "10"))
    return folded.translate(dict.fromkeys(map(ord, _DROPPED))).replace("\r\n", "\n").strip()


def _stars(text: str, scale: Scale) -> Found | None:
    if scale.highest > 7:
        return None
    match = re.match(rf"\s*([{_STARS}](?:\s?[{_STARS}])*)(?:\s?[{_NO_STARS}])*", text)
    if match is None:
        return None
    return sum(match[1].count(star) for star in _STARS), match.start(), match.end()


def _number(text: str, scale: Scale) -> Found | None:
    scores = {found[0]: found for found in reversed(list(_candidates(text, scale)))}
    if len(scores) > 1:
        return None  # two different answers are none
    return next(iter(scores.values()), None)


def _candidates(text: str, scale: Scale) -> Iterator[Found]:
    start = _START.match(text)
    if start and not _is_list(text, start) and _stands_alone(text, start, scale):
        yield _found(text, start, scale)
    yield from _lines_of_their_own(text, scale)
    for pattern in (_ANNOUNCED, _OUT_OF):
        for match in pattern.finditer(text):
            if pattern is _OUT_OF and not _is_highest(match["highest"], scale):
                continue
            if _stands_alone(text, match, scale, at=match.end("number")):
                yield _found(text, match, scale)
    yield from _last_word(text, scale)


def _lines_of_their_own(text: str, scale: Scale) -> Iterator[Found]:
    """A line that holds nothing but the score, below a greeting or above a name."""
    offset = 0
    for line in text.split("\n")[:MAX_LINES]:
        match = _START.match(line)
        if match and _is_last(line, match, scale) and _stands_alone(line, match, scale):
            score, begin, end = _found(line, match, scale)
            yield score, begin + offset, end + offset
        offset += len(line) + 1


def _last_word(text: str, scale: Scale) -> Iterator[Found]:
    """ "Todo perfecto. Un 10!": a short text that ends with the score as a sentence."""
    if len(text.split()) > 12:
        return
    match = re.search(
        rf"(?:[.!…:;]\s|\s[-–—]\s|\n)\s*(?:(?:so|an?|un|um|entonces|ent[aã]o)\s+)*{_NUMBER}",
        text,
        re.IGNORECASE,
    )
    if match and _is_last(text, match, scale) and _stands_alone(text, match, scale):
        yield _found(text, match, scale)


def _is_last(text: str, match: re.Match[str], scale: Scale) -> bool:
    return not text[_end(text, match, scale) :].strip(_DECORATION)


def _found(text: str, match: re.Match[str], scale: Scale) -> Found:
    return _value(match["number"]), match.start("number"), _end(text, match, scale)


def _end(text: str, match: re.Match[str], scale: Scale) -> int:
    """Where the score ends, with its "/5" and its "stars"."""
    end = match.end("number")
    of = _SCALE_OF.match(text, end)
    if of and _is_highest(of["highest"], scale):
        end = of.end()
    unit = _UNIT.match(text, end)
    return unit.end() if unit else end


def _stands_alone(text: str, match: re.Match[str], scale: Scale, at: int | None = None) -> bool:
    """Whether the number is the answer itself and not "5 minutes", "5/12" or "5 %"."""
    if match["number"] != "0" and match["number"].startswith("0"):
        return False
    before = text[: match.start("number")].rstrip(" \"'“”‘’«»*_([¡¿")[-1:]
    if (before and before in "#+$€£№") or text[: match.start("number")][-1:] in ("-", "–", "−"):
        return False
    end = _end(text, match, scale)
    rest = text[end:]
    if _GLUED.match(rest) or _HALF.match(rest):
        return False
    if end > match.end("number"):
        return _ends_or_goes_on(rest, is_marked=True)
    return _ends_or_goes_on(rest, is_marked=False)


def _ends_or_goes_on(rest: str, *, is_marked: bool) -> bool:
    following = rest.lstrip(" \t*_\"'“”‘’«»)]")
    if not following or following[0] == "\n":
        return True
    if not (following[0].isalnum()):
        return True
    if _GOES_ON.match(rest) or _GOES_ON_GRADE.match(rest):
        return True
    return is_marked and not re.match(r"\s*\w+s\b", rest)


def _is_list(text: str, match: re.Match[str]) -> bool:
    """ "1. The box was open 2. …" counts reasons and is no score."""
    after = text[match.end("number") :][:1]
    if after not in (".", ")", "-", ":"):
        return False
    following = _value(match["number"]) + 1
    return bool(re.search(rf"(?<![\w.,]){following}\s?{re.escape(after)}(?!\d)", text))


def _value(number: str) -> int:
    return WORDS[number.lower()] if number.lower() in WORDS else int(number)


def _is_highest(number: str, scale: Scale) -> bool:
    return _value(number) == scale.highest


def _comment(text: str, begin: int, end: int) -> str:
    """All words; a score that opens the text is taken off."""
    if text[:begin].strip(_DECORATION):
        return "" if not re.search(r"\w", text[:begin] + text[end:]) else text
    return text[end:].lstrip(_DECORATION.replace("(", "")).rstrip()
