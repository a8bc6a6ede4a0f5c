"""The built-in mail server, spoken to by a real client."""

import smtplib

import pytest
from django.db import OperationalError

from messaging.email.listener import MAX_RECIPIENTS, lmtp_listener, smtp_listener
from messaging.email.tests.samples import mail
from messaging.email.tests.servers import free_port
from messaging.models import RawInbound
from messaging.services import process_due
from tickets.models import Channel, Ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def port(channel):
    listener = smtp_listener("127.0.0.1", free_port())
    listener.start()
    yield listener.port
    listener.stop()


@pytest.fixture
def smtp(port):
    with smtplib.SMTP("127.0.0.1", port, local_hostname="client.test", timeout=10) as client:
        client.ehlo()
        yield client


def test_it_works(smtp):
    smtp.sendmail("leo@example.org", ["support@example.com"], mail())
    raw = RawInbound.objects.get()
    assert (raw.source, raw.fate) == ("smtp", "")
    assert bytes(raw.payload).startswith(
        b"Return-Path: <leo@example.org>\r\nDelivered-To: support@example.com\r\n"
    )
    process_due()
    assert Ticket.objects.get().subject == "My order"


def test_an_unknown_recipient_is_refused(smtp):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        smtp.sendmail("leo@example.org", ["nobody@example.com"], mail())
    assert refused.value.recipients["nobody@example.com"][0] == 550


def test_several_channels_get_one_copy_each(smtp, team):
    Channel.objects.create(kind="email", name="Billing", address="billing@example.com")
    smtp.sendmail(
        "leo@example.org",
        ["support@example.com", "support+shop@example.com", "Billing@example.com"],
        mail(),
    )
    assert sorted(raw.channel.name for raw in RawInbound.objects.all()) == ["Billing", "Support"]


def test_a_plus_address_of_its_own_wins(smtp):
    Channel.objects.create(kind="email", name="Shop", address="support+shop@example.com")
    smtp.sendmail("leo@example.org", ["support+shop@example.com"], mail())
    assert RawInbound.objects.get().channel.name == "Shop"


def test_too_large_a_mail_is_refused_and_the_next_goes_through(settings, channel):
    settings.MAX_MAIL_BYTES = 10_000
    listener = smtp_listener("127.0.0.1", free_port())
    listener.start()
    try:
        with smtplib.SMTP("127.0.0.1", listener.port, "client.test", timeout=10) as smtp:
            smtp.ehlo()
            smtp.mail("leo@example.org")
            smtp.rcpt("support@example.com")
            assert smtp.data(mail("y\n" * 20_000))[0] == 552
            smtp.sendmail("leo@example.org", ["support@example.com"], mail())
    finally:
        listener.stop()
    assert RawInbound.objects.count() == 1


def test_very_long_lines_are_kept(smtp):
    smtp.sendmail(
        "leo@example.org", ["support@example.com"], b"From: a@b.org\r\n\r\n" + b"x" * 90_000
    )
    assert RawInbound.objects.get().size > 90_000


def test_an_empty_sender_is_taken(smtp):
    smtp.sendmail("", ["support@example.com"], mail())
    assert bytes(RawInbound.objects.get().payload).startswith(b"Return-Path: <>\r\n")


def test_too_many_recipients_are_put_off(smtp):
    smtp.mail("leo@example.org")
    codes = [smtp.rcpt(f"support+{n}@example.com")[0] for n in range(MAX_RECIPIENTS + 1)]
    assert set(codes[:-1]) == {250}
    assert codes[-1] == 452


@pytest.mark.parametrize("place", ["mailbox_at", "accept"])
def test_a_broken_database_puts_the_sender_off(smtp, monkeypatch, place):
    calls = []

    def broken(*args, **options):
        calls.append(args)
        raise OperationalError("gone")

    monkeypatch.setattr(f"messaging.email.listener.{place}", broken)
    smtp.mail("leo@example.org")
    code, _words = smtp.rcpt("support@example.com")
    if place == "accept":
        assert code == 250
        code, _words = smtp.data(mail())
    assert code == 451
    assert calls
    monkeypatch.undo()
    smtp.rset()
    smtp.sendmail("leo@example.org", ["support@example.com"], mail())
    assert RawInbound.objects.count() == 1


def test_the_answer_comes_after_the_commit(smtp, monkeypatch):
    """Everything in one transaction: a second channel that cannot be kept undoes the first."""
    from messaging import services
    from messaging.email import listener

    Channel.objects.create(kind="email", name="Billing", address="billing@example.com")
    kept = []

    def accept_once(*args, **options):
        if kept:
            raise OperationalError("gone")
        kept.append(services.accept(*args, **options))

    monkeypatch.setattr(listener, "accept", accept_once)
    smtp.mail("leo@example.org")
    smtp.rcpt("support@example.com")
    smtp.rcpt("billing@example.com")
    assert smtp.data(mail())[0] == 451
    assert not RawInbound.objects.exists()


def test_lmtp_answers_for_each_recipient(channel):
    Channel.objects.create(kind="email", name="Billing", address="billing@example.com")
    listener = lmtp_listener("127.0.0.1", free_port())
    listener.start()
    try:
        with smtplib.LMTP("127.0.0.1", listener.port, "client.test") as lmtp:
            lmtp.ehlo()
            lmtp.mail("leo@example.org")
            lmtp.rcpt("support@example.com")
            lmtp.rcpt("billing@example.com")
            code, _words = lmtp.data(mail())
            second, _words = lmtp.getreply()
            assert (code, second) == (250, 250)
            assert lmtp.noop()[0] == 250
    finally:
        listener.stop()
    assert RawInbound.objects.filter(source="lmtp").count() == 2
