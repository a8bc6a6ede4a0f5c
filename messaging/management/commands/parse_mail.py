"""Show what the parser makes of a mail; stores nothing."""

import base64
import binascii
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from messaging.email.errors import UnreadableMail
from messaging.email.guard import parse_guarded
from tickets.inbound import Inbound, InboundAttachment, Person


class Command(BaseCommand):
    help = "Print what the mail parser makes of a mail, as JSON. Stores nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", default="-", help='A mail, or "-" for standard input.'
        )
        parser.add_argument(
            "--jsonl",
            action="store_true",
            help='Read lines {"id": …, "raw_base64": …} and print one JSON line for each.',
        )

    def handle(self, *args: Any, file: str, jsonl: bool, **options: Any) -> None:
        with _open(file) as stream:
            if not jsonl:
                self._print_one(stream.read())
                return
            for answer in answers(stream):
                self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _print_one(self, raw: bytes) -> None:
        try:
            parsed = parse_guarded(raw)
        except UnreadableMail as error:
            raise CommandError(f"{error} ({error.code})") from error
        self.stdout.write(json.dumps(as_json(parsed), ensure_ascii=False, indent=2))


def _open(file: str) -> BinaryIO:
    if file == "-":
        return sys.stdin.buffer
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise CommandError(str(error)) from error


def answers(lines: Iterable[bytes]) -> Iterable[dict[str, object]]:
    """One answer for each line that is not blank; a bad line gets an `error`, the next goes on."""
    for line in lines:
        if line.strip():
            yield _answer(line)


def _answer(line: bytes) -> dict[str, object]:
    identifier: object = None
    try:
        row = json.loads(line)
        identifier = row.get("id")
        raw = base64.b64decode(row["raw_base64"], validate=True)
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError, binascii.Error):
        return {"id": identifier, "error": _("The line is not of the form id, raw_base64.")}
    try:
        return {"id": identifier, **as_json(parse_guarded(raw))}
    except UnreadableMail as error:
        return {"id": identifier, "error": str(error), "code": error.code}


def as_json(parsed: Inbound) -> dict[str, object]:
    return {
        "from": _person(parsed.sender),
        "to": [_person(person) for person in parsed.to],
        "cc": [_person(person) for person in parsed.cc],
        "reply_to": [_person(person) for person in parsed.reply_to],
        "subject": parsed.subject,
        "message_id": parsed.message_id,
        "in_reply_to": parsed.in_reply_to,
        "references": list(parsed.references),
        "date": parsed.sent_at.isoformat() if parsed.sent_at else None,
        "text": parsed.text,
        "html": parsed.html,
        "reply_text": parsed.reply_text,
        "quoted_text": parsed.quoted_text,
        "attachments": [_attachment(attachment) for attachment in parsed.attachments],
        "flags": {
            "auto_reply": parsed.is_auto_reply,
            "bounce": parsed.is_bounce,
            "list": parsed.is_list,
        },
    }


def _person(person: Person) -> dict[str, str]:
    return {"name": person.name, "address": person.value}


def _attachment(attachment: InboundAttachment) -> dict[str, object]:
    return {
        "name": attachment.name,
        "type": attachment.content_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
        "content_id": attachment.content_id,
        "inline": attachment.is_inline,
    }
