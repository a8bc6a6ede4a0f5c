"""Mail that comes back: whom it silences, and whom it must not."""

import pytest

from customers.models import Address
from customers.services import customer_at
from messaging.email.adapter import EmailAdapter
from messaging.email.tests.samples import mail
from messaging.handlers import record_bounce
from messaging.models import Delivery
from messaging.services import retry_delivery, send, take, transmit
from tickets.inbound import BounceReport, Inbound, Person
from tickets.services import add_participants, reply_to_ticket


@pytest.fixture
def delivery(ticket, ana) -> Delivery:
    reply_to_ticket(ticket=ticket, by=ana, text="Mañana llega.")
    delivery = Delivery.objects.get()
    return transmit(delivery.pk)


def bounce(delivery: Delivery, *recipients: str, permanent: bool = True) -> Inbound:
    return Inbound(
        sender=Person("mailer-daemon@example.net"),
        is_bounce=True,
        bounce=BounceReport(
            recipients=recipients,
            original_message_id=delivery.rfc_message_id,
            is_permanent=permanent,
            status="5.1.1" if permanent else "4.2.2",
            reason="No such person",
        ),
    )


def unreachable() -> list[str]:
    return list(
        Address.objects.filter(unreachable_since__isnull=False).values_list("value", flat=True)
    )


def test_it_works(delivery, channel, ticket):
    receipt = record_bounce(bounce(delivery, "Dora@example.net"), channel)
    assert (receipt.fate, receipt.ticket) == ("bounce", ticket)
    assert unreachable() == ["dora@example.net"]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("failed", "No such person")
    assert delivery.message.state == "failed"
    assert ticket.events.filter(kind="reply_failed").count() == 1


def test_the_same_bounce_twice_changes_nothing(delivery, channel, ticket):
    record_bounce(bounce(delivery, "dora@example.net"), channel)
    record_bounce(bounce(delivery, "dora@example.net"), channel)
    assert ticket.events.filter(kind="reply_failed").count() == 1


def test_a_full_mailbox_is_not_for_good(delivery, channel):
    receipt = record_bounce(bounce(delivery, "dora@example.net", permanent=False), channel)
    assert receipt.fate == "bounce"
    assert unreachable() == []
    delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_a_forged_bounce_silences_nobody(delivery, channel, ticket, ana):
    leo = customer_at(kind="email", value="leo@example.org")
    add_participants(ticket=ticket, customers=[leo])
    reply_to_ticket(ticket=ticket, by=ana, text="Otra cosa.")
    to_both = Delivery.objects.latest("id")
    customer_at(kind="email", value="boss@example.org")
    record_bounce(bounce(to_both, "boss@example.org"), channel)
    assert unreachable() == []
    to_both.refresh_from_db()
    assert to_both.state == "queued"


def test_a_bounce_of_an_unknown_mail_silences_nobody(dora, channel):
    unknown = Delivery(rfc_message_id="<unknown@example.com>")
    assert record_bounce(bounce(unknown, "dora@example.net"), channel).fate == "bounce"
    assert unreachable() == []


def test_a_lost_copy_does_not_fail_the_reply(delivery, channel, ticket, ana):
    leo = customer_at(kind="email", value="leo@example.org")
    add_participants(ticket=ticket, customers=[leo])
    reply_to_ticket(ticket=ticket, by=ana, text="Otra cosa.")
    to_both = transmit(Delivery.objects.latest("id").pk)
    record_bounce(bounce(to_both, "leo@example.org"), channel)
    to_both.refresh_from_db()
    assert (unreachable(), to_both.state) == (["leo@example.org"], "sent")


def test_what_came_back_is_not_written_to_again_until_somebody_says_so(
    delivery, channel, ticket, ana
):
    record_bounce(bounce(delivery, "dora@example.net"), channel)
    reply_to_ticket(ticket=ticket, by=ana, text="¿Hola?")
    kept_back = transmit(Delivery.objects.latest("id").pk)
    assert (kept_back.state, kept_back.attempts) == ("suppressed", 1)
    assert "came back" in kept_back.reason
    retry_delivery(kept_back)
    assert transmit(kept_back.pk).state == "sent"


def test_who_writes_again_is_reachable_again(delivery, channel):
    record_bounce(bounce(delivery, "dora@example.net"), channel)
    take(channel, mail(sender="dora@example.net"), external_id="x:1", source="pipe")
    assert unreachable() == []


def test_an_ordinary_mail_is_none(channel):
    assert record_bounce(Inbound(sender=Person("leo@example.org")), channel) is None


DSN = """\
From: MAILER-DAEMON@mx.example.net
To: support@example.com
Subject: Undelivered Mail Returned to Sender
Message-ID: <b1@mx.example.net>
Date: Sat, 14 Nov 2026 10:00:00 +0000
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver your message.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; dora@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown
--b
Content-Type: text/rfc822-headers

From: support@example.com
To: dora@example.net
Subject: Re: x
X-Helpdesk-Delivery: forged <x@y>
Message-ID: {message_id}
--b--
"""


def test_a_report_in_its_standard_form(delivery, channel):
    """RFC 3464, through the whole way in."""
    raw = DSN.format(message_id=delivery.rfc_message_id).encode()
    assert EmailAdapter().parse(raw)[0].is_bounce
    taken = take(channel, raw, external_id="x:1", source="pipe")
    assert (taken.fate, taken.ticket_id) == ("bounce", delivery.message.ticket_id)
    assert unreachable() == ["dora@example.net"]


def test_opting_out_holds_surveys_and_notices_back_but_no_reply(channel, dora):
    from customers.services import opt_out

    opt_out(customer=dora, topic="surveys")
    states = {}
    for purpose in ("survey", "reply", "notice", "order_notice"):
        delivery = send(
            key=purpose,
            purpose=purpose,
            channel=channel,
            recipients={"to": ["dora@example.net"]},
            subject="x",
            text="x",
            customer=dora,
        )
        states[purpose] = transmit(delivery.pk).state
    assert states == {
        "survey": "suppressed",
        "reply": "sent",
        "notice": "sent",
        "order_notice": "sent",
    }
