"""Mail that no person wrote: bounces, automatic answers, receipts, complaints, lists."""

import json
import re
from dataclasses import dataclass

from customers.addresses import is_no_reply
from messaging.email.bounces import (
    Failure,
    delivery_failures,
    report,
    says_delivered,
    told_failures,
)
from messaging.email.headers import Headers
from messaging.email.machine_markers import (
    ABSENCE_SUBJECT,
    ALERT_HEADERS,
    ANSWERED,
    AUTO_HEADERS,
    AUTO_SUBJECT,
    BOUNCE_SUBJECT,
    BOUNCE_TEXT,
    BULK,
    COMPLAINT_SUBJECT,
    DAEMON,
    LIST_HEADERS,
    READ_RECEIPT_SUBJECT,
    TRANSCRIPT,
)
from messaging.email.mime import Part
from tickets.inbound import BounceReport

_ENCLOSED = frozenset({"message/rfc822", "text/rfc822-headers"})
_SURE = 3
_TEXT_START = 4_000
_MAX_ABSENCE = 200


@dataclass(frozen=True)
class MachineMail:
    """`kind` is "" for a person's mail.

    Else "bounce", "delivered", "receipt", "complaint", "auto_reply" for what answers a mail, or
    "automatic" for what a program says of its own accord.
    """

    kind: str = ""
    is_list: bool = False
    bounce: BounceReport | None = None

    @property
    def is_bounce(self) -> bool:
        return self.bounce is not None

    @property
    def is_auto_reply(self) -> bool:
        return bool(self.kind) and not self.is_bounce


def recognise_machine(root: Part, *, sender: str, text: str) -> MachineMail:
    """What kind of machine wrote this mail, if one did; `text` is its body as plain text."""
    headers = root.headers
    is_list = _is_list(headers)
    kind = _reported_kind(root, headers)
    if kind:
        return MachineMail(kind, is_list)
    if failures := delivery_failures(root, text):
        if says_delivered(failures):
            return MachineMail("delivered", is_list)
        return MachineMail("bounce", is_list, report(root, text, failures))
    if notice := _cloud_notice(text):
        return _from_cloud_notice(notice)
    if _is_told_bounce(root, sender, text):
        return MachineMail("bounce", is_list, report(root, text, told_failures(root, text)))
    return MachineMail(_automatic_kind(headers), is_list)


def _is_list(headers: Headers) -> bool:
    return any(name in headers for name in LIST_HEADERS) or any(
        BULK.match(headers.raw(name)) for name in ("precedence", "x-precedence")
    )


def _reported_kind(root: Part, headers: Headers) -> str:
    types = {part.content_type for part in root.walk()}
    if root.content_type == "multipart/report":
        types.add(f"report/{root.parameters.get('report-type', '').lower()}")
    if types & {"message/feedback-report", "report/feedback-report"}:
        return "complaint"
    if types & {"message/disposition-notification", "report/disposition-notification"}:
        return "receipt"
    subject = headers.text("subject")
    if COMPLAINT_SUBJECT.match(subject) and "message/rfc822" in types:
        return "complaint"
    return ""


def _is_told_bounce(root: Part, sender: str, text: str) -> bool:
    """Several weak signs together: one alone also occurs in mails that people write."""
    headers = root.headers
    if "x-failed-recipients" in headers:
        return True
    subject = headers.text("subject")
    returned_to_nobody = headers.raw("return-path") in {"<>", "<MAILER-DAEMON>"}
    encloses = any(part.content_type in _ENCLOSED for part in root.walk())
    signs = (
        2 * bool(DAEMON.search(sender) or DAEMON.search(headers.text("from")))
        + 2 * bool(BOUNCE_SUBJECT.search(subject))
        + returned_to_nobody
        + (returned_to_nobody and encloses)
    )
    if not signs or AUTO_SUBJECT.match(subject):
        return False
    is_by_program = (
        returned_to_nobody
        or signs > _SURE
        or bool(DAEMON.search(sender))
        or (encloses and is_no_reply(sender))
    )
    if not is_by_program and (ANSWERED.match(subject) or not TRANSCRIPT.search(text[:_TEXT_START])):
        # People whose parcel was not delivered write "delivery failed" too.
        return False
    return signs >= _SURE or signs + bool(BOUNCE_TEXT.search(text[:_TEXT_START])) >= _SURE


def _automatic_kind(headers: Headers) -> str:
    """An answer to a mail, or something that a program says of its own accord: an alert."""
    subject = headers.text("subject")
    if READ_RECEIPT_SUBJECT.match(subject):
        return "receipt"
    if AUTO_SUBJECT.match(subject) or _is_absence(headers, subject):
        return "auto_reply"
    found = {
        name
        for name, pattern in AUTO_HEADERS
        if name in headers and (pattern is None or pattern.search(headers.raw(name)))
    }
    if "auto-submitted" in found and "replied" in headers.raw("auto-submitted").lower():
        return "auto_reply"
    if found - ALERT_HEADERS:
        return "auto_reply"
    return "automatic" if found else ""


def _is_absence(headers: Headers, subject: str) -> bool:
    absence = ABSENCE_SUBJECT.match(subject)
    if absence is None or len(subject) > _MAX_ABSENCE:
        return False
    # "Holidays: …" may be anybody's question; as an answer to us it is nobody's.
    return bool(absence["answered"]) or "in-reply-to" in headers or "references" in headers


_NOTICE = re.compile(r'\{\s{0,9}"notificationType"\s{0,9}:')


def _cloud_notice(text: str) -> dict[str, object]:
    """Mail services also report by a mail whose text is JSON; {} for all others."""
    if not _NOTICE.match(text.lstrip()[:100]):
        return {}
    try:
        notice, _ = json.JSONDecoder(strict=False).raw_decode(text.lstrip())
    except (ValueError, RecursionError):
        return {}
    return notice if isinstance(notice, dict) else {}


def _from_cloud_notice(notice: dict[str, object]) -> MachineMail:
    kind = str(notice.get("notificationType", "")).lower()
    bounce = notice.get("bounce")
    if kind != "bounce" or not isinstance(bounce, dict):
        return MachineMail("complaint" if kind == "complaint" else "delivered")
    named = bounce.get("bouncedRecipients")
    entries = (
        [entry for entry in named if isinstance(entry, dict)] if isinstance(named, list) else []
    )
    failures = [
        Failure(
            recipient=str(entry.get("emailAddress", ""))[:320],
            status=str(entry.get("status", ""))[:11],
            diagnostic=str(entry.get("diagnosticCode", ""))[:2000],
        )
        for entry in entries[:100]
    ]
    return MachineMail("bounce", bounce=report(Part(Headers()), "", failures))
