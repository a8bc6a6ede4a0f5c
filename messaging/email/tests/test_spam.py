"""Spam by rules: what is marked and why, who is blocked, and what ordinary mail must not suffer."""

import base64
import json
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from messaging.email.parse import parse_mail
from messaging.email.spam import ENOUGH, screened, signs_of_spam
from messaging.email.tests.samples import mail
from messaging.models import Delivery, RawInbound
from messaging.senders import BlockedSender, block_of
from messaging.services import replay, take
from tickets.inbound import Fate
from tickets.models import Ticket
from tickets.services import reply_to_ticket, unmark_spam

SPAM = mail(
    "Dear friend, you have won 2 million dollars. We also offer SEO services.",
    sender="Prize <prize@evil.example>",
    subject="CONGRATULATIONS LUCKY WINNER !!!",
)
CORPUS = Path(settings.BASE_DIR).parent / "shared" / "corpus"


def arrive(channel, payload: bytes) -> RawInbound:
    number = RawInbound.objects.count()
    return take(channel, payload, external_id=str(number), source="test")


def ticket_of(raw: RawInbound) -> Ticket:
    assert raw.fate == Fate.OPENED
    return Ticket.objects.get(pk=raw.ticket_id or 0)


def test_it_works(channel):
    ticket = ticket_of(arrive(channel, SPAM))
    assert ticket.is_spam
    assert "offers" in str(ticket.messages.get().details["spam"])
    assert ticket.events.filter(kind="marked_spam", actor_kind="system").exists()


def test_somebody_takes_the_mark_off(channel, ana):
    ticket = ticket_of(arrive(channel, SPAM))
    unmark_spam(ticket=ticket, by=ana)
    ticket.refresh_from_db()
    assert not ticket.is_spam


def test_ordinary_mail_is_not_marked(channel):
    ticket = ticket_of(arrive(channel, mail("My parcel has not come. Could you look?")))
    assert not ticket.is_spam
    assert "spam" not in ticket.messages.get().details


def test_spam_is_never_answered(channel):
    channel.settings = {"acknowledge": True}
    channel.save()
    arrive(channel, SPAM)
    assert Delivery.objects.count() == 0


def test_what_a_server_calls_spam_is_believed(channel):
    assert ticket_of(arrive(channel, mail(x_spam_flag="YES"))).is_spam


def test_an_answer_in_a_ticket_is_not_marked(channel, ticket, ana):
    reply = reply_to_ticket(ticket=ticket, by=ana, text="Mañana.")
    answer = mail(
        "Gracias", sender="dora@example.net", subject=f"Re: {ticket.subject}",
        in_reply_to=reply.message_id, x_spam_flag="YES",
    )  # fmt: skip
    assert arrive(channel, answer).fate == Fate.ADDED
    ticket.refresh_from_db()
    assert not ticket.is_spam


def test_who_was_answered_before_has_some_points_to_spare(channel, ticket, ana):
    reply_to_ticket(ticket=ticket, by=ana, text="Mañana.")
    again = mail("Otra cosa", sender="dora@example.net", subject="Otra", x_spam_flag="YES")
    assert not ticket_of(arrive(channel, again)).is_spam


def authenticated(channel, said: str, **headers: str):
    channel.settings = {"trusted_servers": "mx.example.net"}
    raw = f"Authentication-Results: {said}\r\n".encode() + mail(**headers)
    return screened(parse_mail(raw), channel)


def test_only_trusted_results_are_kept(channel):
    ours = authenticated(channel, "mx.example.net; dmarc=fail")
    theirs = authenticated(channel, "mx.evil.example; dmarc=pass")
    assert ours.context["authentication"] == {"dmarc": "fail"}
    assert "authentication" not in theirs.context
    assert "authentication_results" not in theirs.context


def test_a_forged_sender_is_a_sign_and_not_enough(channel):
    forged = authenticated(channel, "mx.example.net; dmarc=fail")
    assert [sign.points for sign in signs_of_spam(forged)] == [3]
    assert "spam" not in forged.context


def test_a_list_may_change_mails(channel):
    passed_on = authenticated(channel, "mx.example.net; dmarc=fail", list_id="<a.example.com>")
    assert signs_of_spam(passed_on) == []


@pytest.mark.parametrize(
    "value", ["leo@example.org", "example.org", "org.example", "sub.example.org"]
)
def test_the_list_names_addresses_and_domains(db, value):
    BlockedSender.objects.create(value=value)
    assert (block_of("Leo@Example.ORG") is not None) is (
        value in {"leo@example.org", "example.org"}
    )


def test_mail_of_blocked_senders_stays_in_the_intake(channel):
    entry = BlockedSender.objects.create(value="example.org")
    raw = arrive(channel, mail())
    assert raw.fate == Fate.IGNORED
    assert "example.org" in raw.reason
    assert not Ticket.objects.exists()
    entry.delete()
    assert replay(raw).fate == Fate.OPENED


@pytest.mark.parametrize("value", ["", "nothing", "a b@example.org", "@", "example.org, b.org"])
def test_an_entry_has_to_be_an_address_or_a_domain(db, value):
    with pytest.raises(ValidationError):
        BlockedSender(value=value).full_clean()


def test_an_entry_is_kept_in_lower_case_and_once(db):
    entry = BlockedSender(value=" @Example.ORG ")
    with pytest.raises(ValidationError):
        entry.full_clean()
    entry = BlockedSender(value="Example.ORG")
    entry.full_clean()
    entry.save()
    assert entry.value == "example.org"


def test_a_link_that_lies_is_a_sign():
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.com", "Hi"
    message.set_content("Hi")
    message.add_alternative('<a href="https://evil.example/x">www.bank.example</a>', subtype="html")
    assert [sign.points for sign in signs_of_spam(parse_mail(message.as_bytes()))] == [2]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no sample mails")
def test_no_ordinary_mail_of_the_collection_is_marked():
    marked = []
    for name in ("reply_strip", "mime_parse"):
        for line in (CORPUS / f"{name}.jsonl").read_text().splitlines():
            row = json.loads(line)
            if row["kind"] == "rfc822":
                found = signs_of_spam(parse_mail(base64.b64decode(row["raw_base64"])))
                if sum(sign.points for sign in found) >= ENOUGH:
                    marked.append((row["id"], [str(sign.sentence) for sign in found]))
    assert marked == []


def test_spam_in_a_ticket_that_goes_on_does_not_take_it_out_of_the_lists(channel, ticket):
    """Somebody in the requester's name could hide the ticket otherwise."""
    raw = mail(
        "x",
        sender="dora@example.net",
        subject=f"Re: {ticket.subject}",
        in_reply_to="<first@example.net>",
        x_spam_flag="YES",
    )
    kept = take(channel, raw, external_id="spam", source="pipe")
    ticket.refresh_from_db()
    assert (kept.fate, kept.ticket, ticket.is_spam) == ("added", ticket, False)
