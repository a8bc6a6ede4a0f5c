"""Mail that would go round for ever."""

import pytest

from messaging.adapters import Outbound
from messaging.email.compose import compose
from messaging.email.tests.samples import mail
from messaging.models import Delivery
from messaging.services import take, transmit
from tickets.inbound import Person
from tickets.models import Ticket
from tickets.services import reply_to_ticket


def fate(channel, raw: bytes) -> tuple[str, str]:
    number = Delivery.objects.count() + Ticket.objects.count() * 100
    raw_inbound = take(channel, raw, external_id=f"x:{number}:{hash(raw)}", source="pipe")
    return raw_inbound.fate, raw_inbound.reason


def ours(**fields: object) -> bytes:
    return compose(
        Outbound(
            **{
                "channel_address": "other@example.com",
                "channel_name": "Support",
                "channel_settings": {},
                "to": (Person("support@example.com"),),
                "text": "Hello",
                "message_id": "<9.ticket@127.0.0.1>",
                **fields,
            }
        )
    ).as_bytes()


def test_mail_with_our_mark_is_ignored(channel):
    assert fate(channel, ours()) == ("ignored", "This is a mail of our own that came back.")
    assert not Ticket.objects.exists()


def test_the_mark_survives_a_server_that_changes_the_message_id(channel):
    raw = ours().replace(b"Message-ID: <9.ticket@127.0.0.1>", b"Message-ID: <new@mx>")
    assert fate(channel, raw)[0] == "ignored"


@pytest.mark.parametrize(
    "mark", ["x", "", "AAAAAAAAAAAAAAAAAAAAAA <9.ticket@127.0.0.1>", "1 2 3", "é"]
)
def test_a_mark_that_is_not_ours_commands_nothing(channel, mark):
    raw = f"X-Helpdesk-Delivery: {mark}\r\n".encode() + mail()
    assert fate(channel, raw)[0] == "opened"


def test_a_mail_with_the_id_of_a_delivery_is_ignored(channel, ticket, ana):
    reply_to_ticket(ticket=ticket, by=ana, text="Mañana.")
    delivery = transmit(Delivery.objects.get().pk)
    assert fate(channel, mail(message_id=delivery.rfc_message_id))[0] == "ignored"


def test_mail_in_the_name_of_our_mailbox_is_ignored(channel):
    assert fate(channel, mail(sender="Support <SUPPORT@example.com>")) == (
        "ignored",
        "The sender is one of our own mailboxes.",
    )


def test_the_answer_of_a_customer_is_not_ours(channel, ticket, ana):
    reply_to_ticket(ticket=ticket, by=ana, text="Mañana.")
    delivery = transmit(Delivery.objects.get().pk)
    parent, subject = delivery.rfc_message_id, delivery.subject
    answer = mail(sender="dora@example.net", subject=subject, in_reply_to=parent)
    assert fate(channel, answer)[0] == "added"


def test_our_own_plus_address_takes_no_part(channel):
    raw = mail(to="support+shop@example.com, Leo <leo2@example.org>")
    assert fate(channel, raw)[0] == "opened"
    names = [str(p.customer) for p in Ticket.objects.get().participants.all()]
    assert names == ["Leo"]


def test_a_plus_address_of_ours_as_sender_is_ignored(channel):
    assert fate(channel, mail(sender="support+x@example.com"))[0] == "ignored"
