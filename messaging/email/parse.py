"""Raw bytes of a mail to the one shape that every channel speaks."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from helpdesk.lib.html import clean_html
from messaging.email.addresses import Mailbox, parse_addresses
from messaging.email.bodies import Bodies, read_bodies
from messaging.email.circumstances import circumstances
from messaging.email.errors import UnreadableMail
from messaging.email.headers import Headers, message_ids, sent_at
from messaging.email.machines import recognise_machine
from messaging.email.mime import Limits, read_parts
from messaging.email.protection import sealed_sentence, without_armor
from messaging.email.reply_text import split_reply
from tickets.inbound import Inbound, Person

MAX_SUBJECT = 998


def parse_mail(
    raw: bytes, *, received_at: datetime | None = None, limits: Limits | None = None
) -> Inbound:
    """The mail as an `Inbound`; `UnreadableMail` where it is over the limits or names two senders.

    Pure: no network, no database. For mail from outside call `guard.parse_guarded`.
    """
    limits = limits or Limits()
    root = read_parts(raw, limits)
    headers = root.headers
    sender = _sender(headers)
    bodies = read_bodies(root)
    machine = recognise_machine(root, sender=sender.value, text=bodies.text)
    reply_text, quoted_text = _words(bodies)
    ids = _thread_headers(headers, limits)
    return Inbound(
        sender=sender,
        external_id=_external_id(raw, headers, sender, bodies),
        subject=headers.text("subject")[:MAX_SUBJECT],
        text=bodies.text,
        html=clean_html(bodies.html) if bodies.html else "",
        reply_text=reply_text,
        quoted_text=quoted_text,
        message_id=ids.message_id,
        in_reply_to=ids.in_reply_to,
        references=ids.references,
        to=_people(headers, "to"),
        cc=_people(headers, "cc"),
        reply_to=_people(headers, "reply-to"),
        attachments=bodies.attachments,
        sent_at=sent_at(headers.raw("date")),
        received_at=received_at,
        is_auto_reply=machine.is_auto_reply,
        is_bounce=machine.is_bounce,
        is_list=machine.is_list,
        bounce=machine.bounce,
        context=circumstances(headers, machine, protection=bodies.protection),
    )


def _words(bodies: Bodies) -> tuple[str, str]:
    """What to show of the mail, and the rest of its text."""
    written, armor = without_armor(bodies.written_text)
    reply, rest = split_reply(written, bodies.html)
    above = bodies.invitation or ("" if bodies.text.strip() else sealed_sentence(bodies.protection))
    return "\n\n".join(filter(None, (above, reply))), "\n".join(filter(None, (armor, rest)))


@dataclass(frozen=True)
class _ThreadIds:
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]


def _thread_headers(headers: Headers, limits: Limits) -> _ThreadIds:
    """The last references are the nearest; the ones before the cap are dropped."""
    answered = message_ids(headers.raw("in-reply-to"))
    references = message_ids(headers.raw_end("references"))[-limits.references :]
    return _ThreadIds(
        message_id=next(iter(message_ids(headers.raw("message-id"))), ""),
        in_reply_to=next(iter(answered), ""),
        references=tuple(references),
    )


def _sender(headers: Headers) -> Person:
    """The one address in From, exactly as written; two of them are refused (RFC 5322 3.6.2).

    Which of two a program believes differs, and that difference is what forgers use.
    """
    written = headers.all_raw("from")
    mailboxes = _with_an_address([box for line in written for box in parse_addresses(line)])
    if len(written) > 1 or len({mailbox.address.lower() for mailbox in mailboxes}) > 1:
        raise UnreadableMail("several_senders")
    if not mailboxes and not written:
        mailboxes = parse_addresses(headers.raw("sender"))[:1]
    return _person(mailboxes[0]) if mailboxes else Person("")


def _with_an_address(mailboxes: list[Mailbox]) -> list[Mailbox]:
    """Without brackets around other words, as in `<Ana> <ana@example.com>`; else as they are."""
    addresses = [mailbox for mailbox in mailboxes if "@" in mailbox.address]
    return addresses if len(addresses) == 1 else mailboxes


def _people(headers: Headers, name: str) -> tuple[Person, ...]:
    found = [box for line in headers.all_raw(name)[:50] for box in parse_addresses(line)]
    unique = {mailbox.address.lower(): mailbox for mailbox in reversed(found)}
    return tuple(_person(mailbox) for mailbox in reversed(unique.values()))


def _person(mailbox: Mailbox) -> Person:
    return Person(value=mailbox.address, name=mailbox.name)


def _external_id(raw: bytes, headers: Headers, sender: Person, bodies: Bodies) -> str:
    """The same for the same mail by another way: what the servers on the way add does not count.

    A program that gives neither id nor date may say the same again tomorrow, and that is another
    mail: then the first server on its way tells them apart, and without one every byte counts.
    """
    names = [" ".join(headers.raw(name).split()) for name in ("message-id", "date")]
    if not any(names):
        names = [" ".join(hop.split()) for hop in headers.all_raw("received")[-1:]]
    if not names:
        return "email:" + hashlib.sha256(raw).hexdigest()
    facts = (
        *names,
        " ".join(headers.raw("subject").split()),
        sender.value,
        bodies.text,
        bodies.html,
        *(attachment.sha256 for attachment in bodies.attachments),
    )
    digest = hashlib.sha256()
    for fact in facts:
        content = fact.encode("utf-8", "replace")
        digest.update(len(content).to_bytes(8, "big") + content)
    return "email:" + digest.hexdigest()
