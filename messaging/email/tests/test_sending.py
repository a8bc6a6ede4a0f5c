"""Handing mail over to a real server that takes, refuses and breaks off."""

import email
from email.policy import default

import pytest
from django.utils import timezone

from messaging.email.smtp import Server, server_at
from messaging.email.tests.servers import free_port, mail_server
from messaging.models import Delivery
from messaging.services import send, transmit


@pytest.fixture
def server():
    with mail_server() as (keeper, port):
        yield keeper, port


@pytest.fixture
def delivery(channel, dora, server):
    _keeper, port = server
    channel.settings = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
    channel.save()
    return a_delivery(channel, dora)


def a_delivery(channel, customer, **fields):
    return send(
        **{
            "key": "test:1",
            "purpose": Delivery.Purpose.REPLY,
            "channel": channel,
            "recipients": {"to": ["dora@example.net"], "cc": ["leo@example.org"], "bcc": []},
            "subject": "Re: ¿Dónde?",
            "text": "Mañana.",
            "html": "<p>Mañana.</p>",
            "customer": customer,
            **fields,
        }
    )


def again(delivery: Delivery) -> Delivery:
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now())
    return transmit(delivery.pk)


def test_it_works(delivery, server):
    sent = transmit(delivery.pk)
    assert (sent.state, sent.reason, sent.provider_id) == ("sent", "", "OK taken")
    (envelope,) = server[0].taken
    assert envelope.mail_from == "support@example.com"
    assert envelope.rcpt_tos == ["dora@example.net", "leo@example.org"]
    mail = email.message_from_bytes(envelope.content, policy=default)
    assert mail["Message-ID"] == delivery.rfc_message_id
    assert mail.get_body(("plain",)).get_content().strip() == "Mañana."


def test_sent_once(delivery, server):
    transmit(delivery.pk)
    transmit(delivery.pk)
    assert len(server[0].taken) == 1


def test_a_temporary_refusal_is_tried_again(delivery, server):
    keeper, _port = server
    keeper.after_data = "451 4.7.1 Greylisted, come back"
    waiting = transmit(delivery.pk)
    assert (waiting.state, waiting.attempts) == ("queued", 1)
    assert waiting.due_at > timezone.now()
    assert "Greylisted, come back" in waiting.reason
    keeper.after_data = ""
    assert again(delivery).state == "sent"


def test_a_permanent_refusal_fails_with_the_servers_words(delivery, server):
    server[0].after_data = "554 5.7.1 Message\x1b[31m refused as spam"
    failed = transmit(delivery.pk)
    assert failed.state == "failed"
    assert "refused as spam" in failed.reason
    assert "\x1b" not in failed.reason


def test_the_connection_lost_after_the_mail_repeats_it_with_the_same_id(delivery, server):
    keeper, _port = server
    keeper.hang_up_after_data = 1
    assert transmit(delivery.pk).state == "queued"
    assert again(delivery).state == "sent"
    ids = [email.message_from_bytes(mail)["Message-ID"] for mail in keeper.mails]
    assert ids == [delivery.rfc_message_id] * 2


def test_a_recipient_refused_for_now_holds_it_back_for_all(delivery, server):
    server[0].refuse["leo@example.org"] = "450 4.2.1 Mailbox busy"
    assert transmit(delivery.pk).state == "queued"
    assert server[0].taken == []


def test_a_recipient_refused_for_good_is_named_and_the_others_get_it(delivery, server):
    server[0].refuse["leo@example.org"] = "550 5.1.1 No such person"
    failed = transmit(delivery.pk)
    assert failed.state == "failed"
    assert "leo@example.org (5.1.1 No such person)" in failed.reason
    assert [e.rcpt_tos for e in server[0].taken] == [["dora@example.net"]]


def test_nobody_listens(channel, dora):
    channel.settings = {"smtp_host": "127.0.0.1", "smtp_port": free_port(), "smtp_security": "none"}
    channel.save()
    waiting = transmit(a_delivery(channel, dora).pk)
    assert waiting.state == "queued"
    assert "could not be reached" in waiting.reason


def test_a_server_without_tls_is_not_told_the_password(channel, dora, server):
    channel.settings = {"smtp_host": "127.0.0.1", "smtp_port": server[1], "smtp_user": "u"}
    channel.save()
    assert transmit(a_delivery(channel, dora).pk).state == "queued"
    assert server[0].taken == []


def test_without_a_server_mail_ends_in_the_log(channel, dora, settings):
    settings.SMTP_URL = ""
    sent = transmit(a_delivery(channel, dora).pk)
    assert (sent.state, sent.provider_id) == ("sent", "log")


def test_the_products_own_server_is_used_where_the_channel_has_none(
    channel, dora, settings, server
):
    settings.SMTP_URL = f"smtp://127.0.0.1:{server[1]}"
    assert transmit(a_delivery(channel, dora).pk).state == "sent"
    assert len(server[0].taken) == 1


def test_an_address_that_is_none_fails_with_a_sentence(channel, dora):
    delivery = a_delivery(channel, dora, recipients={"to": ["dora@example.net", "x"], "cc": []})
    assert transmit(delivery.pk).reason == "This is not an e-mail address: x"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", None),
        ("smtp://mail", Server("mail", 25)),
        ("smtp://u:p%40w@mail:587", Server("mail", 587, "starttls", "u", "p@w")),
        ("smtps://u:p@mail", Server("mail", 465, "ssl", "u", "p")),
        ("smtp+starttls://mail:2500", Server("mail", 2500, "starttls")),
    ],
)
def test_the_address_of_a_server(url, expected):
    assert server_at(url) == expected
