"""The one way in: opened, added, duplicate, and who may join."""

import pytest

from customers.models import Customer
from tickets.inbound import Inbound, InboundAttachment, Person
from tickets.intake import receive
from tickets.models import Ticket


def mail(sender: str = "leo@example.org", **fields: object) -> Inbound:
    return Inbound(**{"sender": Person(sender, "Leo Prado"), "text": "Hello there", **fields})


def test_it_works(channel, team):
    receipt = receive(mail(subject="Invoice", external_id="email:1"), channel)
    assert receipt.fate == "opened"
    assert receipt.ticket.team == team
    assert receipt.ticket.status == Ticket.Status.NEW
    assert receipt.ticket.requester.name == "Leo Prado"
    assert receipt.message.text == "Hello there"


def test_the_same_mail_twice_makes_one_message(channel):
    first = receive(mail(external_id="email:1"), channel)
    again = receive(mail(external_id="email:1"), channel)
    assert (again.fate, again.ticket, again.message) == ("duplicate", first.ticket, first.message)
    assert first.ticket.messages.count() == 1


def test_an_answer_joins_by_reference(ticket, channel):
    answer = mail("Dora@Example.net", in_reply_to="<x@y>", references=("<first@example.net>",))
    receipt = receive(answer, channel)
    assert (receipt.fate, receipt.ticket) == ("added", ticket)


def test_what_a_stranger_writes_by_reference_waits(ticket, channel):
    receipt = receive(mail(in_reply_to="<first@example.net>"), channel)
    assert (receipt.fate, receipt.ticket) == ("held", ticket)
    assert receipt.message.kind == "held"


def test_people_in_copy_take_part(ticket, channel):
    receive(
        mail(
            "dora@example.net",
            in_reply_to="<first@example.net>",
            to=(Person("support@example.com"),),
            cc=(Person("leo@example.org"),),
        ),
        channel,
    )
    assert [p.customer.addresses.get().value for p in ticket.participants.all()] == [
        "leo@example.org"
    ]
    assert receive(mail(in_reply_to="<first@example.net>"), channel).ticket == ticket


def test_language_is_found_and_kept(channel):
    text = "Hola, todavía no he recibido mi pedido y quiero saber cuándo llega."
    receipt = receive(mail(text=text), channel)
    assert receipt.ticket.language == "es"
    assert Customer.objects.get().language == "es"


def test_attachments_are_kept_under_random_names(channel):
    file = InboundAttachment("../../evil.php", "text/html", b"<script>")
    receipt = receive(mail(attachments=(file,)), channel)
    kept = receipt.message.attachments.get()
    assert kept.name == "../../evil.php"
    assert "evil" not in kept.file.name
    assert kept.file.read() == b"<script>"


def test_an_absence_notice_to_nothing_is_ignored(channel):
    receipt = receive(mail(is_auto_reply=True, in_reply_to="<gone@example.com>"), channel)
    assert receipt.fate == "ignored"


def test_an_alert_from_a_machine_is_a_ticket(channel):
    assert receive(mail(is_auto_reply=True), channel).fate == "opened"


def test_intake_takes_few_queries(channel, django_assert_max_num_queries):
    with django_assert_max_num_queries(22):
        receive(mail(external_id="email:1", subject="Invoice"), channel)


@pytest.mark.parametrize("sender", ["", "no address", "a@", "@b", "a b@c.d"])
def test_a_sender_without_address_is_refused(channel, sender):
    from customers.addresses import InvalidAddress

    with pytest.raises(InvalidAddress):
        receive(mail(sender), channel)
