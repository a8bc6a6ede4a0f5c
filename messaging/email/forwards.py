"""A mail that somebody passed on: who wrote it, and what. Pure.

Mail programs put the headers of the original above it, in their language and their order:

    ---------- Forwarded message ---------
    From: Dora Gil <dora@example.net>
    Date: Mon, 2 Mar 2026 at 10:12
    Subject: My order
    To: Ana <ana@example.com>
"""

import re
from dataclasses import dataclass

from messaging.email.addresses import parse_addresses
from tickets.inbound import Person

_FROM = """from de von da van från fra lähettäjä od kimden gönderen от від feladó από remitente
expediteur expéditeur mittente afzender absender avsändare afsender nadawca odesílatel
отправитель 发件人 寄件者 差出人 보낸사람 보낸\u00a0사람 מאת من"""
_SUBJECT = """subject asunto assunto betreff oggetto objet sujet onderwerp ämne emne aihe temat konu
тема tárgy θέμα předmět predmet 主题 主旨 件名 제목 נושא الموضوع"""


def _header(words: str) -> re.Pattern[str]:
    names = "|".join(re.escape(word) for word in words.split(None))
    return re.compile(rf"(?:{names})[ \t*_]{{0,4}}[:：](.*)", re.IGNORECASE | re.DOTALL)


_FROM_LINE, _SUBJECT_LINE = _header(_FROM), _header(_SUBJECT)
# A name, a colon and something behind; no sentence and no web address.
_ANY_HEADER = re.compile(r"[^\W\d_][\w .'’()-]{0,24}?[ \t*_]{0,4}[:：](?!//)")
_RULE = re.compile(r"[-_=*]{2}")
_AROUND = " \t\r\xa0>*_"
_LOOKED_AT = 2_000
_LONGEST_LINE = 500
_LONGEST_ANNOUNCEMENT = 80
_MOST_HEADERS = 12
_FEWEST_HEADERS = 2


@dataclass(frozen=True)
class Forward:
    """The original: its sender, subject ("" where none was given) and words; and what the one who
    passed it on wrote above."""

    sender: Person
    subject: str
    text: str
    comment: str


def read_forward(text: str) -> Forward | None:
    """The topmost mail that was passed on within a mail's text, if there is one."""
    lines = text.splitlines()
    for index, line in enumerate(lines[:_LOOKED_AT]):
        found = _FROM_LINE.match(_bare(line))
        if not found:
            continue
        first, last = _block(lines, index)
        sender = _sender(found[1], lines[index + 1 : index + 2])
        if sender and last - first + 1 > _FEWEST_HEADERS:
            return Forward(
                sender=sender,
                subject=_subject(lines[first : last + 1]),
                text=_unquoted(lines[last + 1 :], line),
                comment=_comment(lines[:first]),
            )
    return None


def _bare(line: str) -> str:
    """A line without quote marks, asterisks and spaces around it, and of bounded length."""
    return line[:_LONGEST_LINE].strip(_AROUND)


def _block(lines: list[str], index: int) -> tuple[int, int]:
    """The first and last line of the headers around a line."""
    first = last = index
    while first > 0 and index - first < _MOST_HEADERS and _is_header(lines[first - 1]):
        first -= 1
    while last + 1 < len(lines) and last - index < _MOST_HEADERS and _is_header(lines[last + 1]):
        last += 1
    return first, last


def _is_header(line: str) -> bool:
    return bool(_ANY_HEADER.match(_bare(line))) and not _announces(line)


def _announces(line: str) -> bool:
    """A rule, or a sentence that ends in a colon: "Begin forwarded message:"."""
    words = line[:_LONGEST_LINE].strip(" \t\r\xa0>")
    is_sentence = len(words) <= _LONGEST_ANNOUNCEMENT and words.endswith((":", "："))
    return bool(_RULE.match(words)) or is_sentence


def _sender(value: str, following: list[str]) -> Person | None:
    # Some programs break the line before the address.
    for written in (value, " ".join([value, *(line[:_LONGEST_LINE] for line in following)])):
        text = re.sub(r"[\[<(]mailto:([^\]>)\s]+)[\]>)]", r"<\1>", written)
        for mailbox in parse_addresses(text.strip(_AROUND.replace(">", ""))):
            if "@" in mailbox.address:
                return Person(value=mailbox.address, name=mailbox.name)
    return None


def _subject(headers: list[str]) -> str:
    for line in headers:
        if found := _SUBJECT_LINE.match(_bare(line)):
            return found[1].strip(_AROUND)
    return ""


def _unquoted(lines: list[str], sample: str) -> str:
    """Apple Mail quotes what it passes on."""
    if sample.lstrip().startswith(">"):
        lines = [line.lstrip().removeprefix(">").removeprefix(" ") for line in lines]
    return "\n".join(lines).strip()


def _comment(lines: list[str]) -> str:
    """Without the line that announces the original."""
    end = len(lines)
    while end and (not lines[end - 1].strip(" \t>") or _announces(lines[end - 1])):
        end -= 1
    return "\n".join(lines[:end]).strip()
