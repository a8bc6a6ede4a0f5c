"""Our mail must be no weapon: whom we answer without a person, how often, and with what words."""

import threading
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from customers.services import customer_at
from messaging.email.circumstances import is_machine_address
from messaging.email.compose import compose
from messaging.email.tests.samples import mail
from messaging.models import Delivery
from messaging.services import take
from messaging.services.outbound import outbound_of
from messaging.webform.services import Submission, submit
from tickets.models import Channel, Message, Ticket
from tickets.services import reply_to_ticket, resolve_ticket

THREAT = "Pay now at https://evil.example or else"


@pytest.fixture
def talking(channel) -> Channel:
    """A mailbox that confirms new requests."""
    channel.settings = {"acknowledge": True}
    channel.save()
    return channel


@pytest.fixture
def form(team) -> Channel:
    return Channel.objects.create(
        kind="webform", name="Form", address="form", default_team=team,
        settings={"acknowledge": True},
    )  # fmt: skip


def arrive(channel: Channel, payload: bytes, number: int = 0) -> Any:
    """The ticket it came to, or None."""
    number = number or Ticket.objects.count() + 1_000
    return take(channel, payload, external_id=str(number), source="test").ticket


def automatic() -> list[Delivery]:
    return list(Delivery.objects.filter(purpose=Delivery.Purpose.AUTOMATIC).order_by("pk"))


def pass_an_hour() -> None:
    earlier = F("created_at") - timedelta(hours=1, minutes=1)
    Delivery.objects.update(created_at=earlier)
    Message.objects.update(created_at=earlier)


def test_it_works(talking):
    ticket = arrive(talking, mail())
    [delivery] = automatic()
    assert f"#{ticket.pk}" in delivery.subject
    assert delivery.recipients["to"] == ["leo@example.org"]
    sent = message_from_bytes(compose(outbound_of(delivery)).as_bytes())
    assert sent["Auto-Submitted"] == "auto-replied"
    assert sent["In-Reply-To"]
    assert sent["X-Helpdesk-Delivery"]


def test_a_channel_says_nothing_unless_it_is_set_to(channel):
    arrive(channel, mail())
    assert automatic() == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hola, mi pedido no ha llegado y ya lo he pagado, ¿dónde está?", "solicitud"),
        ("Olá, o meu pedido não chegou e já paguei. Onde está?", "solicitação"),
    ],
)
def test_it_speaks_the_language_of_the_customer(talking, text, words):
    arrive(talking, mail(text))
    assert words in automatic()[0].text


def test_a_follow_up_message_is_not_answered(talking):
    ticket = arrive(talking, mail(message_id="<one@example.org>"))
    pass_an_hour()
    again = arrive(
        talking, mail("And?", subject="Re: My order", in_reply_to="<one@example.org>"), 7
    )
    assert again == ticket
    assert len(automatic()) == 1


MACHINES = {
    "an answering machine": {"auto_submitted": "auto-replied"},
    "a program": {"auto_submitted": "auto-generated"},
    "an absence": {"subject": "Out of office: My order"},
    "a list": {"list_id": "<users.example.org>"},
    "a newsletter": {"list_unsubscribe": "<https://example.org/u>"},
    "bulk": {"precedence": "bulk"},
    "junk": {"precedence": "junk"},
    "a list of old": {"precedence": "list"},
    "exchange": {"x_auto_response_suppress": "All"},
    "a null sender": {"return_path": "<>"},
    "a loop": {"x_loop": "help@example.org"},
    "noreply": {"sender": "noreply@example.org"},
    "no-reply": {"sender": "no-reply@example.org"},
    "do not reply": {"sender": "Shop <do_not_reply@example.org>"},
    "postmaster": {"sender": "postmaster@example.org"},
    "a daemon": {"sender": "Mail Delivery <MAILER-DAEMON@example.org>"},
    "an owner": {"sender": "owner-users@example.org"},
    "a request address": {"sender": "users-request@example.org"},
    "a bounce address": {"sender": "bounces+123@mailer.example.org"},
    "spam": {"x_spam_flag": "YES"},
}


@pytest.mark.parametrize("headers", MACHINES.values(), ids=MACHINES.keys())
def test_machines_are_not_answered(talking, headers):
    arrive(talking, mail(**headers))
    assert automatic() == []


@pytest.mark.parametrize(
    "address", ["ana@example.org", "info@example.org", "rootbeer@example.org", "reply@example.org",
                "daemonico@example.org", "noretta@example.org", "bouncer@example.org"]
)  # fmt: skip
def test_people_have_addresses_too(address):
    assert not is_machine_address(address)


def test_our_own_mailboxes_are_not_answered(talking, form, team):
    Channel.objects.create(kind="email", name="Sales", address="sales@example.com")
    submit(form, Submission("x", "sales@example.com", "Hi", "Hello there", "m1"))
    arrive(talking, mail(sender="sales@example.com"))
    assert automatic() == []


def test_our_own_mail_come_back_is_not_answered(talking):
    arrive(talking, mail())
    back = compose(outbound_of(automatic()[0])).as_bytes()
    assert arrive(talking, back, 5) is None
    assert len(automatic()) == 1


def test_a_form_sent_five_hundred_times_confirms_once(form):
    for number in range(500):
        submit(form, Submission("x", "stranger@example.net", THREAT, THREAT, f"mark-{number}"))
    assert Ticket.objects.count() == 500
    [delivery] = automatic()
    assert delivery.recipients["to"] == ["stranger@example.net"]
    assert "evil.example" not in delivery.subject + delivery.text + delivery.html


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_processes_at_once_confirm_once(form):
    # Known before: nobody has to wait for anybody to make the row of the address.
    customer_at(kind="email", value="stranger@example.net", name="x", language="en")
    start = threading.Barrier(8)

    def post(number: int) -> None:
        start.wait()
        try:
            submit(
                form, Submission("x", "stranger@example.net", "Hi", f"Hello {number}", str(number))
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Ticket.objects.count() == 8
    assert len(automatic()) == 1


def test_a_stranger_is_told_once_an_hour_and_not_in_their_own_words(talking):
    arrive(talking, mail(subject=THREAT))
    arrive(talking, mail("Another", subject=THREAT))
    assert len(automatic()) == 1
    pass_an_hour()
    arrive(talking, mail("A third", subject=THREAT))
    assert len(automatic()) == 2
    assert not any("evil" in d.subject + d.text + d.html for d in automatic())


def test_the_sender_of_another_mailbox_is_the_same_sender(talking, team):
    other = Channel.objects.create(
        kind="email", name="Other", address="other@example.com", settings={"acknowledge": True}
    )
    arrive(talking, mail())
    arrive(other, mail("Again"))
    assert len(automatic()) == 1


def test_whom_an_agent_answered_hears_their_subject(talking, ana):
    first = arrive(talking, mail())
    reply_to_ticket(ticket=first, by=ana, text="It is on its way.")
    pass_an_hour()
    for number in range(8):
        arrive(talking, mail(f"Question {number}", subject=f"Question {number}"))
    told = automatic()[1:]
    assert len(told) == 5
    assert told[0].subject.endswith(": Question 0")


def test_two_help_desks_stop_after_five(talking):
    """The other one confirms each of ours as a new request, without a word that it is a machine."""
    for number in range(30):
        arrive(
            talking,
            mail(f"We have received your mail. Number {number}", sender="help@other.example",
                 subject=f"[{number}] Received"),
        )  # fmt: skip
        pass_an_hour()
    # An hour and a minute each: within a day no more than five, and they are spread over it.
    last_day = [d for d in automatic() if d.created_at > timezone.now() - timedelta(days=1)]
    assert len(last_day) <= 5
    arrive(talking, mail("Quick", sender="help@quick.example", subject="A"))
    for number in range(30):
        arrive(talking, mail(f"Quick {number}", sender="help@quick.example", subject=f"B{number}"))
    assert len([d for d in automatic() if d.recipients["to"] == ["help@quick.example"]]) == 1


def test_a_loop_with_somebody_an_agent_answered_stops_too(talking, ana):
    first = arrive(talking, mail(sender="help@other.example"))
    reply_to_ticket(ticket=first, by=ana, text="Hello")
    Delivery.objects.filter(purpose=Delivery.Purpose.AUTOMATIC).delete()
    for number in range(40):
        arrive(talking, mail(f"Got it {number}", sender="help@other.example", subject=f"N{number}"))
        if number % 4 == 3:
            pass_an_hour()
    last_day = [d for d in automatic() if d.created_at > timezone.now() - timedelta(days=1)]
    assert len(last_day) == 5


def test_people_in_copy_hear_nothing_before_an_agent_acts(talking):
    copies = ", ".join(f"person{n}@example.net" for n in range(50))
    arrive(talking, mail(cc=copies))
    [delivery] = automatic()
    assert delivery.recipients["to"] == ["leo@example.org"]
    assert not delivery.recipients.get("cc")
    assert not delivery.recipients.get("bcc")


def test_an_absence_reopens_nothing_and_is_no_answer(talking, ana):
    ticket = arrive(talking, mail(message_id="<one@example.org>"))
    reply = reply_to_ticket(ticket=ticket, by=ana, text="Solved?", status="resolved")
    ticket.refresh_from_db()
    away = mail("I am away", subject="Out of office: Re: My order", in_reply_to=reply.message_id)
    assert arrive(talking, away, 9) == ticket
    ticket.refresh_from_db()
    assert ticket.status == "resolved"
    assert ticket.waiting_since is None
    assert len(automatic()) == 1


def test_an_alert_is_a_ticket_and_its_machine_is_not_asked(talking, ana):
    alert = mail("Disk full on db1", sender="alerts@monitor.example", subject="Disk full",
                 auto_submitted="auto-generated")  # fmt: skip
    ticket = arrive(talking, alert)
    assert ticket.status == "new"
    resolve_ticket(ticket=ticket, by=ana)
    assert automatic() == []


def test_an_alert_that_follows_another_is_a_ticket_too(talking):
    alert = mail(
        "Disk full again",
        sender="alerts@monitor.example",
        subject="Disk full",
        auto_submitted="auto-generated",
        references="<before@monitor.example>",
    )
    assert arrive(talking, alert).status == "new"


@pytest.mark.parametrize(
    "headers",
    [
        {"subject": "Automatic reply: Hello"},
        {"auto_submitted": "auto-replied"},
        {"subject": "Read: Hi"},
    ],
)
def test_an_answer_of_a_machine_to_nothing_we_know_is_only_kept(talking, headers):
    raw = take(talking, mail("I am away", **headers), external_id="1", source="test")
    assert (raw.fate, raw.ticket) == ("ignored", None)


def test_a_person_is_asked_whether_it_is_solved(talking, ana):
    ticket = arrive(talking, mail())
    resolve_ticket(ticket=ticket, by=ana)
    assert ticket.messages.filter(kind=Message.Kind.AUTOMATIC, asks_if_solved=True).exists()
