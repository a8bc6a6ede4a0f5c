"""What a bounce says: whom it is about, why, whether for good, and for which of our mails.

Reports by RFC 3464 are read field by field. The many programs that write prose are read by the
codes of RFC 5321 and 3463 and by the words around them.
"""

# ruff: noqa: E501 - a row of a table stays on its line

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes

from flufl.bounce import all_failures

from messaging.email.bounce_reasons import is_permanent
from messaging.email.charsets import decode_text
from messaging.email.headers import Headers, message_ids, split_headers
from messaging.email.mime import Part
from tickets.inbound import BounceReport

# It tells of each of its rules, and with a traceback of each that a broken mail upsets.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)

_MAX_TEXT = 60_000
_MAX_RECIPIENTS = 100
_MAX_REASON = 500
# The second is how one widespread program sorts its failures.
_REASONS = ("diagnostic-code", "x-powermta-bouncecategory")
_RECIPIENT_FIELDS = ("final-recipient", "original-recipient", "action", "status")
_DELIVERED = frozenset({"delivered", "relayed", "expanded"})
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,200}[A-Za-z0-9]")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-#:;.])(?!\.\d)")
_LISTED = re.compile(
    r"^[ \t>*]{0,6}(?:[45]\d\d )?<?([^\s<>@]{1,64}@[^\s<>:]{1,200})>?[ \t]*:?", re.MULTILINE
)
_ORIGINAL_ID = re.compile(r"^[ \t>]{0,8}message-id:\s{0,4}(<[^<>\s]{3,250}>)", re.MULTILINE | re.I)
# Below such a line stands a copy of our own mail: its words are no reason for anything.
_COPY_BELOW = re.compile(
    r"^.{0,40}(?:copy of (?:the|your) (?:message|mail)|original (?:message|mail)|returned message"
    r"|message headers?|unsent message|your message follows|message is returned|message text follows"
    r"|headers? of the (?:undelivered|original)|received: from|message header follow|元のメール).{0,80}$"
    r"|^\s?(?:received|return-path):\s",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Failure:
    """One recipient that a mail did not reach; codes are "" where none is given."""

    recipient: str = ""
    action: str = "failed"
    status: str = ""
    diagnostic: str = ""
    told: str = ""

    @property
    def is_permanent(self) -> bool:
        if self.action == "delayed":
            return False
        return is_permanent(self.status, self.diagnostic, self.told)


def delivery_failures(root: Part, text: str) -> list[Failure]:
    """The failures that a delivery report names (RFC 3464), without those it calls delivered."""
    failures = [
        failure
        for part in root.walk()
        if part.content_type in {"message/delivery-status", "message/global-delivery-status"}
        for failure in _reported(part.content)
    ]
    if not failures:
        return []
    told = _told(text)
    recipients = list(dict.fromkeys(failure.recipient for failure in failures[:_MAX_RECIPIENTS]))
    own = dict(_sections(told, recipients)) if len(recipients) > 1 else {}
    return [_completed(f, own.get(f.recipient, told)) for f in failures[:_MAX_RECIPIENTS]]


def says_delivered(failures: Iterable[Failure]) -> bool:
    actions = {failure.action for failure in failures}
    return bool(actions) and actions <= _DELIVERED


def _reported(content: bytes) -> Iterator[Failure]:
    for group in re.split(rb"\r?\n[ \t]*\r?\n", content)[: 2 * _MAX_RECIPIENTS]:
        headers, _ = split_headers(group + b"\n", skip_blank=True)
        for own in _groups(headers):
            if any(name in own for name in _RECIPIENT_FIELDS):
                yield _failure(own)


def _groups(headers: Headers) -> Iterator[Headers]:
    """Some programs forget the blank line between two recipients."""
    group: list[tuple[str, bytes]] = []
    for name, value in headers.lines:
        if name == "final-recipient" and any(name == earlier for earlier, _ in group):
            yield Headers(tuple(group))
            group = []
        group.append((name, value))
    yield Headers(tuple(group))


def _failure(headers: Headers) -> Failure:
    recipient = _typed(headers.text("original-recipient")) or _typed(
        headers.text("final-recipient")
    )
    return Failure(
        recipient=recipient,
        action=headers.text("action").lower().split(" ")[0] or "failed",
        status=_precise_status(headers),
        diagnostic=" ".join(headers.text(name)[:2000] for name in _REASONS).strip(),
    )


def _precise_status(headers: Headers) -> str:
    """What the last server said is closer to the truth than the summary "5.0.0"."""
    summary = _STATUS.search(headers.text("status"))
    said = _STATUS.findall(headers.text("diagnostic-code")[:2000])
    if summary and not summary[1].endswith(".0.0"):
        return summary[1]
    return next(reversed(said), summary[1] if summary else "")


def _typed(value: str) -> str:
    """`rfc822; user@host` without its type."""
    found = _ADDRESS.search(value.rpartition(";")[2])
    return found[0] if found else ""


def _completed(failure: Failure, told: str) -> Failure:
    """Many reports leave the reason to the text for people."""
    diagnostic = failure.diagnostic
    if not _says_why(diagnostic):
        diagnostic = f"{diagnostic} {_around(told, failure.recipient)}"
    return replace(failure, diagnostic=diagnostic.strip(), told=told)


def _says_why(diagnostic: str) -> bool:
    return len(re.sub(r"[\d.;\s-]|smtp|x-\w+", "", diagnostic, flags=re.IGNORECASE)) > 8


def _around(text: str, recipient: str) -> str:
    position = text.lower().find(recipient.lower()) if recipient else -1
    return text[:1500] if position < 0 else text[max(0, position - 200) : position + 1300]


def _told(text: str) -> str:
    """What the machine itself says, without the copy of our mail below."""
    start = text[:_MAX_TEXT]
    copy = _COPY_BELOW.search(start, 40)
    return start[: copy.start()] if copy else start


def told_failures(root: Part, text: str) -> list[Failure]:
    """The failures in a bounce that is written in prose."""
    told = _told(text)
    named = root.headers.raw("x-failed-recipients")
    recipients = [*_ADDRESS.findall(named), *_listed(told)] or _found_by_library(root)
    unique = list(dict.fromkeys(recipients))[:_MAX_RECIPIENTS]
    subject = root.headers.text("subject")
    sections = _sections(told, unique)
    if len(unique) < 2:
        return [_told_failure(told, next(iter(unique), ""), subject)]
    return [_told_failure(own, recipient, subject) for recipient, own in sections]


def _listed(told: str) -> list[str]:
    own_line = [match[1].strip("\"'.,;") for match in _LISTED.finditer(told)]
    return own_line or _ADDRESS.findall(told)[:1]


def _sections(told: str, recipients: list[str]) -> Iterator[tuple[str, str]]:
    """What is said from each recipient to the next; below all of them what is said to all."""
    starts = sorted((told.find(recipient), recipient) for recipient in recipients)
    ends = [start for start, _ in starts[1:]] + [len(told)]
    for (start, recipient), end in zip(starts, ends, strict=True):
        yield recipient, told[max(0, start) : end]


def _found_by_library(root: Part) -> list[str]:
    """Last, a collection of rules for programs of the past."""
    if len(root.body) > _MAX_TEXT:
        return []
    lines = [name.encode() + b":" + value for name, value in root.headers.lines]
    message = message_from_bytes(b"".join(lines) + b"\n" + root.body)
    try:
        found = all_failures(message)
    except (ValueError, LookupError, TypeError, AttributeError):
        # It trusts the headers and charsets of the mail, which may be anything.
        return []
    return sorted(address.decode("ascii", "replace") for group in found for address in group)


def _told_failure(told: str, recipient: str, subject: str) -> Failure:
    around = _around(told, recipient)
    status = _STATUS.search(around)
    code = status[1] if status else ""
    return Failure(recipient=recipient, status=code, diagnostic=around, told=subject)


def report(root: Part, text: str, failures: list[Failure]) -> BounceReport:
    """One report for all; where some failed for good, it is about those only."""
    permanent = [failure for failure in failures if failure.is_permanent]
    concerned = permanent or [f for f in failures if f.action not in _DELIVERED] or failures
    recipients = dict.fromkeys(f.recipient.lower() for f in concerned if f.recipient)
    first = concerned[0] if concerned else Failure()
    return BounceReport(
        recipients=tuple(recipients),
        original_message_id=_original_message_id(root, text),
        is_permanent=bool(permanent),
        status=first.status,
        reason=" ".join(first.diagnostic.split())[:_MAX_REASON],
    )


def _original_message_id(root: Part, text: str) -> str:
    for part in root.walk():
        if part.content_type in {"message/rfc822", "text/rfc822-headers", "message/global"}:
            headers, _ = split_headers(part.content[:200_000] + b"\n", skip_blank=True)
            if found := message_ids(headers.raw("message-id")):
                return found[0]
    tail = decode_text(root.body[:200_000]) if not root.children else text[:200_000]
    if match := _ORIGINAL_ID.search(tail):
        return match[1]
    answered = message_ids(root.headers.raw("in-reply-to"))
    referred = message_ids(root.headers.raw("references"))
    return next(iter([*answered, *reversed(referred)]), "")
