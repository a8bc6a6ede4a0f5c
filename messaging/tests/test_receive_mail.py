"""`receive_mail`: the pipe, the mbox and the Maildir."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from messaging.email.tests.samples import UNREADABLE, mail
from messaging.models import RawInbound
from tickets.models import Ticket


@pytest.fixture
def receive(channel, monkeypatch):
    def run(raw: bytes = b"", address: str = "support@example.com", **options) -> list[dict]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        output = io.StringIO()
        call_command("receive_mail", channel=address, stdout=output, **options)
        return [json.loads(line) for line in output.getvalue().splitlines()]

    return run


def test_it_works(receive):
    (answer,) = receive(mail("Hello", subject="Invoice"))
    raw = RawInbound.objects.get()
    ticket = Ticket.objects.get()
    assert answer == {
        "raw": raw.pk,
        "fate": "opened",
        "ticket": ticket.pk,
        "message": ticket.messages.get().pk,
        "reason": "",
    }
    assert ticket.subject == "Invoice"
    assert ticket.requester.name == "Leo Prado"


def test_the_same_mail_twice_is_one_message(receive):
    raw = mail()
    (first,), (again,) = receive(raw), receive(raw)
    assert (again["fate"], again["message"]) == ("duplicate", first["message"])
    assert again["reason"]
    assert again["raw"] != first["raw"]


def test_an_answer_is_added(receive):
    (first,) = receive(mail(message_id="<q@example.org>"))
    (answer,) = receive(mail("One more thing", in_reply_to="<q@example.org>"))
    assert (answer["fate"], answer["ticket"]) == ("added", first["ticket"])


def test_a_plus_address_is_the_same_mailbox(receive):
    assert receive(mail(), "Support+shop@Example.com")[0]["fate"] == "opened"


def test_an_unreadable_mail_is_kept_and_the_next_goes_through(receive, tmp_path):
    box = tmp_path / "box"
    mails = (UNREADABLE, mail(message_id="<a@example.org>"))
    box.write_bytes(b"".join(b"From x@y Thu Jan  1 00:00:00 1970\n" + m + b"\n" for m in mails))
    unreadable, opened, summary = receive(mbox=box)
    assert (unreadable["fate"], unreadable["ticket"]) == ("failed", None)
    assert "more than one sender" in unreadable["reason"]
    assert bytes(RawInbound.objects.get(pk=unreadable["raw"]).payload) == UNREADABLE
    assert opened["fate"] == "opened"
    assert summary["fates"] == {"failed": 1, "opened": 1}
    assert summary["mails_per_second"] > 0


def test_an_mbox_is_cut_at_whole_from_lines_only(receive, tmp_path):
    box = tmp_path / "box"
    text = "Dear all,\n\nFrom now on we close early.\n\n>From the office\n"
    box.write_bytes(
        b"From leo@example.org Thu Jan  1 00:00:00 1970\n" + mail(text) + b"\n"
        b"From - Thu Jan  1 00:00:00 1970\n" + mail("Two") + b"\n"
    )
    answers = receive(mbox=box)
    assert [answer.get("fate") for answer in answers] == ["opened", "opened", None]
    first = Ticket.objects.order_by("id")[0].messages.get()
    assert "From now on" in first.text
    assert "\nFrom the office" in first.text


def test_a_maildir_is_left_as_it_is(receive, tmp_path):
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "cur" / "1.a:2,S").write_bytes(mail("One"))
    (tmp_path / "new" / "2.b").write_bytes(mail("Two"))
    assert receive(maildir=tmp_path)[-1]["mails"] == 2
    assert (tmp_path / "new" / "2.b").exists()


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"address": "nobody@example.com"}, 67, "support@example.com"),
        ({"mbox": "/nowhere"}, 66, "not an mbox"),
        ({"maildir": "/nowhere"}, 66, "not a Maildir"),
    ],
)
def test_wrong_use_says_what_to_do(receive, options, code, words):
    from pathlib import Path

    for name in ("mbox", "maildir"):
        if name in options:
            options[name] = Path(options[name])
    with pytest.raises(CommandError) as refused:
        receive(b"", **options)
    assert refused.value.returncode == code
    assert words in str(refused.value)


def test_a_database_that_does_not_answer_is_a_temporary_failure(receive, monkeypatch):
    def broken(*args, **options):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("messaging.management.commands.receive_mail.take", broken)
    with pytest.raises(CommandError) as refused:
        receive(mail())
    assert refused.value.returncode == 75
