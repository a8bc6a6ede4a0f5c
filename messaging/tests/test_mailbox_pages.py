"""The customers' side of the demo, with the real mail listener behind it."""

import pytest
from django.urls import reverse

from customers.services import customer_at
from messaging.email.listener import smtp_listener
from messaging.email.tests.servers import free_port
from messaging.models import Delivery, RawInbound
from messaging.services import process_due, transmit
from tickets.models import Ticket
from tickets.services import reply_to_ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    settings.SMTP_LISTEN_PORT = free_port()
    return settings


@pytest.fixture
def listener(demo, channel):
    listener = smtp_listener("127.0.0.1", demo.SMTP_LISTEN_PORT)
    listener.start()
    yield listener
    listener.stop()


@pytest.fixture
def delivery(ticket, ana) -> Delivery:
    reply_to_ticket(ticket=ticket, by=ana, text="Mañana llega.")
    return transmit(Delivery.objects.get().pk)


def test_it_works(agent_client, listener, delivery, ticket, dora):
    page = agent_client.get(reverse("messaging:demo_mailbox")).content.decode()
    assert "Dora Gil" in page
    page = agent_client.get(reverse("messaging:demo_customer", args=[dora.pk])).content.decode()
    assert reverse("messaging:demo_preview", args=[delivery.pk]) in page
    answer = reverse("messaging:demo_answer", args=[delivery.pk])
    response = agent_client.post(answer, {"text": "¡Gracias!\nÉl lo tiene."})
    assert response.url == reverse("messaging:demo_customer", args=[dora.pk])
    process_due()
    raw = RawInbound.objects.get()
    assert (raw.source, raw.fate, raw.ticket) == ("smtp", "added", ticket)
    assert raw.message.text == "¡Gracias!\nÉl lo tiene."
    assert "Mañana llega." in raw.message.quoted_text
    assert raw.message.in_reply_to == delivery.rfc_message_id


def test_a_new_mail_as_a_customer(agent_client, listener, channel):
    response = agent_client.post(
        reverse("messaging:demo_new_mail"),
        {
            "name": "Zoë, the 1st\r\nBcc: evil@example.org",
            "address": "zoe@example.org",
            "channel": channel.pk,
            "subject": "Hello",
            "text": "Is it open on Sunday?",
        },
    )
    assert response.status_code == 302
    process_due()
    ticket = Ticket.objects.get()
    assert ticket.subject == "Hello"
    assert [a.value for a in ticket.requester.addresses.all()] == ["zoe@example.org"]
    assert b"\nBcc" not in bytes(RawInbound.objects.get().payload)


def test_nothing_is_lost_when_the_listener_is_down(agent_client, demo, delivery):
    answer = reverse("messaging:demo_answer", args=[delivery.pk])
    response = agent_client.post(answer, {"text": "¡Gracias!"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "¡Gracias!" in page
    assert "Does it run?" in page


@pytest.mark.parametrize("field", ["address", "text"])
def test_wrong_input_gets_a_sentence_and_keeps_the_rest(agent_client, demo, channel, field):
    filled = {
        "name": "Zoë",
        "address": "zoe@example.org",
        "channel": channel.pk,
        "subject": "Hello",
        "text": "Is it open?",
        field: "",
    }
    response = agent_client.post(reverse("messaging:demo_new_mail"), filled)
    assert response.status_code == 422
    assert "Zoë" in response.content.decode()


def test_mail_about_accounts_is_not_there(agent_client, demo, channel, ana):
    customer_at(kind="email", value="ana@example.com", name="Ana")
    from messaging.services import send

    secret = send(
        key="1",
        purpose="account",
        channel=channel,
        recipients={"to": ["ana@example.com"]},
        subject="Your password",
        text="http://x/reset",
    )
    transmit(secret.pk)
    address = reverse("messaging:demo_preview", args=[secret.pk])
    assert agent_client.get(address).status_code == 404
    assert "Your password" not in agent_client.get("/mailbox/").content.decode()


def test_outside_the_demo_there_is_no_mailbox(agent_client, settings, delivery, dora):
    settings.DEMO = False
    for name, arguments in (
        ("demo_mailbox", []),
        ("demo_new_mail", []),
        ("demo_customer", [dora.pk]),
        ("demo_preview", [delivery.pk]),
        ("demo_answer", [delivery.pk]),
    ):
        address = reverse(f"messaging:{name}", args=arguments)
        assert agent_client.get(address).status_code in (404, 405)
        assert agent_client.post(address, {"text": "x"}).status_code in (404, 405)
