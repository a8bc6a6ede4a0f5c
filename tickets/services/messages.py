"""How a message row is made: shared by every verb that says something."""

from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile

from tickets.inbound import InboundAttachment
from tickets.models import Attachment, Message, Ticket
from tickets.search import searchable

SNIPPET_LENGTH = 160


def write_message(
    ticket: Ticket, *, kind: Message.Kind, files: Iterable[InboundAttachment] = (), **fields: Any
) -> Message:
    """Insert a message with its files and keep the ticket's snippet and count (not saved here)."""
    files = list(files)
    return keep_message(new_message(ticket, kind=kind, files=files, **fields), files)


def new_message(
    ticket: Ticket, *, kind: Message.Kind, files: Iterable[InboundAttachment] = (), **fields: Any
) -> Message:
    """A message that is not inserted yet, counted in its ticket, which may not be either."""
    message = Message(ticket=ticket, kind=kind, **fields)
    is_first = ticket.message_count == 0
    message.search_text = searchable(
        ticket.subject if is_first else "",
        message.text,
        message.sender_address,
        *(file.name for file in files),
        language=ticket.language,
    )
    if message.kind != Message.Kind.HELD:
        ticket.message_count += 1
    if message.kind in (Message.Kind.CUSTOMER, Message.Kind.REPLY):
        ticket.snippet = snippet_of(message.text)
    return message


def keep_message(message: Message, files: Iterable[InboundAttachment]) -> Message:
    """Insert a message with its files."""
    message.save(force_insert=True)
    attach(message, files)
    return message


def snippet_of(text: str) -> str:
    """The first words of a text on one line."""
    return " ".join(text[: SNIPPET_LENGTH * 3].split())[:SNIPPET_LENGTH]


MESSAGE_FIELDS = ("message_count", "snippet")


def attach(message: Message, files: Iterable[InboundAttachment]) -> list[Attachment]:
    """Keep the files of a message.

    They are written before the rows are committed: a rolled back transaction may leave a file
    without a row, never a row without its file.
    """
    rows = []
    for file in files:
        row = Attachment(
            message=message,
            name=file.name[:255],
            content_type=file.content_type[:150],
            size=file.size,
            sha256=file.sha256,
            content_id=file.content_id[:250],
            is_inline=file.is_inline,
        )
        row.file.save("", ContentFile(file.content, name="file"), save=False)
        rows.append(row)
    return Attachment.objects.bulk_create(rows) if rows else []
