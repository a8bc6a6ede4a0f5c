"""Subjects of mails, whatever the program and language that put something before them. Pure."""

import re

# What mail programs put before the subject of an answer and of a mail passed on, in the languages
# they come in. Outlook's Italian uses a single letter. Some count: "Re[2]:", "RE(3):", "Re^2:".
_REPLY = """re res aw antw antwort ant sv vs bls odp odpoveď odpověď odpowiedź ynt rif r
ré rép réf resp respuesta risposta resposta sub svar válasz vá ats atb
απ απάντηση ответ отв відп 回复 答复 回覆 返信 답장 회신 תגובה השב رد"""
_FORWARD = """fwd fw rv enc tr wg i doorst vb fs vl ilt iletilen pd przek továbbítás továbbított fyr
reenv reenviado encaminhado inoltro weitergeleitet videresendt vidarebefordrat πρθ переслать
пересл 转发 轉寄 轉發 転送 전달 הועבר إعادة-توجيه"""


def _prefix(words: str) -> str:
    alternatives = "|".join(re.escape(word) for word in sorted(words.split(), key=len)[::-1])
    return rf"(?:{alternatives})\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]"


# What gateways and lists put there: "[EXTERNAL]", "[Support]".
_LABEL = r"\[[^\[\]]{1,40}\]"
_ANSWER = re.compile(rf"\s*(?:{_LABEL}\s*)?{_prefix(_REPLY)}", re.IGNORECASE)
_PASSED_ON = re.compile(rf"\s*(?:{_LABEL}\s*)?{_prefix(_FORWARD)}", re.IGNORECASE)
_BEFORE = re.compile(rf"\s*(?:{_LABEL}|{_prefix(_REPLY)}|{_prefix(_FORWARD)})\s*", re.IGNORECASE)
_MARK = re.compile(r"[\[(]?#\d{1,18}(?:-[a-z2-7]{16})?[\])]?", re.IGNORECASE)


def is_answer(subject: str) -> bool:
    """Whether a mail program marked it as an answer."""
    return bool(_ANSWER.match(subject))


def is_passed_on(subject: str) -> bool:
    """Whether a mail program marked it as forwarded."""
    return bool(_PASSED_ON.match(subject))


def bare_subject(subject: str) -> str:
    """Without anything that programs, gateways and lists put before it."""
    rest = subject[:1000]
    while found := _BEFORE.match(rest):
        rest = rest[found.end() :]
    return " ".join(rest.split())


def same_subject(one: str, other: str) -> bool:
    """Whether two subjects say the same; one that says nothing equals none."""
    first = normalised_subject(one)
    return bool(first) and first == normalised_subject(other)


def normalised_subject(subject: str) -> str:
    """The bare subject to compare: without our marks, case and spacing."""
    return " ".join(_MARK.sub(" ", bare_subject(subject)).casefold().split())[:300]
