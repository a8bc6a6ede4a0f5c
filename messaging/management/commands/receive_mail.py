"""Take mail from a pipe, an mbox file or a Maildir through the one way in."""

import json
import sys
import time
import uuid
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from messaging.email.boxes import mails_in_maildir, mails_in_mbox
from messaging.models import RawInbound
from messaging.routing import mailbox_at
from messaging.services import take
from tickets.models import Channel

# What a mail server understands when this runs in a pipe (sysexits.h).
EX_NOINPUT, EX_NOUSER, EX_TEMPFAIL = 66, 67, 75


class Command(BaseCommand):
    help = (
        "Take mail for a channel: one mail from standard input, or many with --mbox or --maildir."
        " Prints one JSON object a mail. Exit code 75: try again later, nothing was kept."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--channel", required=True, help="The address the mail was sent to.")
        many = parser.add_mutually_exclusive_group()
        many.add_argument("--mbox", type=Path, metavar="FILE", help="Take every mail of an mbox.")
        many.add_argument("--maildir", type=Path, metavar="DIR", help="Take those of a Maildir.")

    def handle(
        self, *args: Any, channel: str, mbox: Path | None, maildir: Path | None, **options: Any
    ) -> None:
        try:
            self._handle(_mailbox(channel), mbox, maildir)
        except DatabaseError as error:
            sentence = f"The database does not answer, try again later: {error}".strip()
            raise CommandError(sentence, returncode=EX_TEMPFAIL) from error

    def _handle(self, channel: Channel, mbox: Path | None, maildir: Path | None) -> None:
        if mbox:
            with _existing(mbox).open("rb") as lines:
                self._take_many(channel, mails_in_mbox(lines), "mbox")
        elif maildir:
            self._take_many(channel, mails_in_maildir(_existing(maildir, "new", "cur")), "maildir")
        else:
            self._take(channel, sys.stdin.buffer.read(), "pipe")

    def _take_many(self, channel: Channel, mails: Iterable[bytes], source: str) -> None:
        fates: Counter[str] = Counter()
        start = time.perf_counter()
        for mail in mails:
            fates[self._take(channel, mail, source).fate or "waiting"] += 1
        seconds = time.perf_counter() - start
        self._print(
            {
                "mails": fates.total(),
                "fates": dict(sorted(fates.items())),
                "seconds": round(seconds, 2),
                "mails_per_second": round(fates.total() / max(seconds, 1e-6), 1),
            }
        )

    def _take(self, channel: Channel, mail: bytes, source: str) -> RawInbound:
        raw = take(channel, mail, external_id=f"{source}:{uuid.uuid4().hex}", source=source)
        self._print(
            {
                "raw": raw.pk,
                "fate": raw.fate,
                "ticket": raw.ticket_id,
                "message": raw.message_id,
                "reason": raw.reason,
            }
        )
        return raw

    def _print(self, answer: dict[str, object]) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _mailbox(address: str) -> Channel:
    if channel := mailbox_at(address):
        return channel
    known = Channel.objects.filter(kind="email", is_active=True).order_by("address")
    names = ", ".join(known.values_list("address", flat=True)) or "none"
    raise CommandError(
        f"There is no active mail channel {address}. Mail channels: {names}.",
        returncode=EX_NOUSER,
    )


def _existing(path: Path, *folders: str) -> Path:
    """The path, when it is there and holds one of the folders."""
    if not path.exists() or (folders and not any((path / name).is_dir() for name in folders)):
        what = "a Maildir (it needs a folder new or cur)" if folders else "an mbox file"
        raise CommandError(f"{path} is not {what}.", returncode=EX_NOINPUT)
    return path
