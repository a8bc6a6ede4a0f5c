"""What happens when a form is sent."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from helpdesk.lib.language import detect_language
from helpdesk.lib.limits import Limit, Use, seconds_to_wait
from helpdesk.lib.text import clean_file_name
from messaging.webform.once import submission_id
from tickets.inbound import Inbound, InboundAttachment, Person, Receipt
from tickets.intake import receive
from tickets.models import Channel

PER_VISITOR = Limit("webform.visitor", most=20, seconds=600)
PER_FORM = Limit("webform.form", most=2000, seconds=600)
PER_ADDRESS = Limit("webform.address", most=6, seconds=3600)
# In megabytes: what may fill the disk.
SIZE_PER_VISITOR = Limit("webform.visitor.mb", most=150, seconds=3600)
SIZE_PER_FORM = Limit("webform.form.mb", most=2000, seconds=3600)

_TYPE = re.compile(r"[\w.+-]{1,70}/[\w.+-]{1,70}", re.ASCII)


class Upload(Protocol):
    """A file as Django's forms give it."""

    name: str | None
    content_type: str | None

    def read(self) -> bytes: ...


@dataclass(frozen=True)
class Submission:
    """A form as it was filled in, already checked; `mark` names the form shown (`once`)."""

    name: str
    email: str
    subject: str
    message: str
    mark: str
    language: str = ""
    files: Sequence[Upload] = ()


def submit(channel: Channel, submission: Submission) -> Receipt:
    """Open a ticket for what a visitor wrote; the same form sent twice opens one.

    Whoever fills in a form has proved nothing about the address: it never joins a ticket.
    """
    files = tuple(_attachment(file) for file in submission.files)
    words = (submission.name, submission.email, submission.subject, submission.message)
    inbound = Inbound(
        sender=Person(submission.email, submission.name),
        external_id=submission_id(submission.mark, (*words, *(file.sha256 for file in files))),
        subject=submission.subject,
        text=submission.message,
        language=detect_language(submission.message) or submission.language,
        attachments=files,
    )
    return receive(inbound, channel)


def _attachment(file: Upload) -> InboundAttachment:
    stated = (file.content_type or "").lower()
    return InboundAttachment(
        name=clean_file_name(file.name or "") or "file",
        content_type=stated if _TYPE.fullmatch(stated) else "application/octet-stream",
        content=file.read(),
    )


def wait_of_visitor(channel: Channel, network: str, *, size: int) -> int:
    """Count an attempt with files of `size` bytes; the seconds until it may be made, or 0."""
    megabytes = -(-size // 1_000_000)
    form = str(channel.pk)
    return seconds_to_wait(
        (
            Use(PER_VISITOR, network),
            Use(PER_FORM, form),
            Use(SIZE_PER_VISITOR, network, megabytes),
            Use(SIZE_PER_FORM, form, megabytes),
        )
    )


def wait_of_address(email: str) -> int:
    """Count a message of this address; the seconds until it may be taken, or 0."""
    return seconds_to_wait((Use(PER_ADDRESS, email),))
