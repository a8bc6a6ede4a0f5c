"""Mails that agents pass on become tickets of whoever wrote them."""

import uuid
from email.message import EmailMessage

import pytest

from messaging.email.forwards import read_forward
from messaging.email.tests.samples import mail
from messaging.services import take
from tickets.models import Ticket

GMAIL = """Please look at this, he is angry.

---------- Forwarded message ---------
From: Leo Prado <leo@example.org>
Date: Mon, 2 Mar 2026 at 10:12
Subject: My order
To: Ana Ruiz <ana@example.com>


Where is my order?
Leo
"""
OUTLOOK_ES = """Para vosotros

________________________________
De: Leo Prado <leo@example.org>
Enviado: lunes, 2 de marzo de 2026 10:12
Para: Ana Ruiz <ana@example.com>
Asunto: My order

Where is my order?
Leo
"""
OUTLOOK_DE = """Bitte.

Von: Leo Prado [mailto:leo@example.org]
Gesendet: Montag, 2. März 2026 10:12
An: Ana Ruiz
Betreff: My order

Where is my order?
Leo
"""
OUTLOOK_PT = """Segue.

De: Leo Prado <leo@example.org>
Enviada em: segunda-feira, 2 de março de 2026 10:12
Para: Ana Ruiz <ana@example.com>
Assunto: My order

Where is my order?
Leo
"""
APPLE = """Look.

> Begin forwarded message:
>
> From: Leo Prado <leo@example.org>
> Subject: My order
> Date: 2 March 2026 at 10:12:00 CET
> To: ana@example.com
>
> Where is my order?
> Leo
"""
THUNDERBIRD = """Voilà

-------- Message transféré --------
Sujet : \tMy order
Date : \tMon, 2 Mar 2026 10:12:00 +0100
De : \tLeo Prado <leo@example.org>
Pour : \tana@example.com

Where is my order?
Leo
"""
BOLD = """fyi

*From:* Leo Prado <leo@example.org>
*Sent:* Monday, March 2, 2026 10:12 AM
*To:* Ana Ruiz
*Subject:* My order

Where is my order?
Leo
"""
SAMPLES = (GMAIL, OUTLOOK_ES, OUTLOOK_DE, OUTLOOK_PT, APPLE, THUNDERBIRD, BOLD)


@pytest.mark.parametrize("text", SAMPLES)
def test_it_reads_the_headers_of_every_program(text):
    found = read_forward(text)
    assert (found.sender.value, found.sender.name) == ("leo@example.org", "Leo Prado")
    assert (found.subject, found.text) == ("My order", "Where is my order?\nLeo")
    assert found.comment == text.splitlines()[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "From: me",
        "From: Leo <leo@example.org>\n\nonly one header",
        "De: nada\nDel lunes\nhablamos",
        "From: nobody\nDate: now\nSubject: x\n\nno address",
    ],
)
def test_other_texts_are_no_forward(text):
    assert read_forward(text) is None


def test_hostile_texts_are_read_quickly():
    wide = " " * 5_000
    for text in (
        "From: " * 200_000,
        "From:\n" * 100_000,
        "> " * 500_000,
        "-" * 1_000_000,
        f"From: {wide}x\n" * 3_000,
        f"{wide}\n" * 3_000,
        f"{'*' * 5_000}From\n" * 3_000,
        "a: b\n" * 100_000 + "From: x\n" * 2_000,
    ):
        assert read_forward(text) is None
    assert read_forward("\n" * 1_990 + "\n".join(GMAIL.splitlines()[3:]))


def test_umlauts_and_quotes_of_the_original_are_read(taken, ana):
    said = "Where is my order?\nLeo\n"
    answer = "Wo ist mein Päckchen?\n\nOn Monday, Support wrote:\n> we wrote\n"
    text = GMAIL.replace(said, answer)
    taken(mail(text, sender="Ana <ana@example.com>", subject="WG: My order"))
    said = Ticket.objects.get().messages.first()
    assert "Wo ist mein Päckchen?" in said.text
    assert "we wrote" in said.quoted_text


@pytest.fixture
def taken(channel):
    return lambda raw: take(channel, raw, external_id=uuid.uuid4().hex, source="pipe")


@pytest.mark.parametrize("prefix", ["Fwd: ", "RV: ", "ENC: ", "TR: ", "WG: ", "[EXT] FW: "])
def test_the_ticket_is_the_original_sender_s(taken, ana, prefix):
    raw = taken(mail(GMAIL, sender="Ana <ana@example.com>", subject=f"{prefix}My order"))
    ticket = Ticket.objects.get()
    assert (raw.fate, raw.ticket, str(ticket.requester)) == ("opened", ticket, "Leo Prado")
    assert (ticket.subject, ticket.status) == ("My order", "new")
    said, note = ticket.messages.all()
    assert (said.kind, said.text, said.sender_address) == (
        "customer",
        "Where is my order?\nLeo",
        "leo@example.org",
    )
    assert (note.kind, note.agent) == ("note", ana)
    assert "Ana Ruiz passed this mail on." in note.text
    assert "angry" in note.text
    assert not ticket.participants.exists()


def test_the_customer_reads_nothing_of_who_passed_it_on(taken, ana, client):
    from tickets.links import ticket_token

    taken(mail(GMAIL, sender="Ana <ana@example.com>", subject="Fwd: My order"))
    ticket = Ticket.objects.get()
    page = client.get(f"/t/{ticket_token(ticket, ticket.requester)}/").content.decode()
    assert "Where is my order?" in page
    assert "angry" not in page
    assert "ana@example.com" not in page


def attached(sender: str) -> bytes:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "Leo Prado <leo@example.org>", "My order"
    inner["Message-ID"] = "<original@example.org>"
    inner.set_content("Where is my order?")
    inner.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="order.pdf")
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"] = sender, "support@example.com", "A mail"
    outer["Message-ID"] = "<outer@example.com>"
    outer.set_content("For you")
    outer.add_attachment(inner)
    return outer.as_bytes()


def test_an_attached_mail_is_opened_with_its_files(taken, ana):
    assert taken(attached("ana@example.com")).fate == "opened"
    ticket = Ticket.objects.get()
    said, note = ticket.messages.all()
    assert (str(ticket.requester), said.text.strip()) == ("Leo Prado", "Where is my order?")
    assert said.message_id == "<original@example.org>"
    assert [file.name for file in said.attachments.all()] == ["order.pdf"]
    assert "For you" in note.text


def test_the_same_mail_twice_opens_one_ticket_with_one_note(taken, ana):
    raw = mail(GMAIL, sender="Ana <ana@example.com>", subject="Fwd: My order")
    assert [taken(raw).fate, taken(raw).fate] == ["opened", "duplicate"]
    assert Ticket.objects.get().messages.count() == 2


@pytest.mark.parametrize("sender", ["dora@example.net", "former@example.com"])
def test_what_customers_and_former_agents_pass_on_is_their_own(taken, ana, sender):
    from accounts.models import User

    User.objects.create_user("former@example.com", name="Former", is_active=False)
    taken(mail(GMAIL, sender=sender, subject="Fwd: My order"))
    taken(attached(sender))
    for ticket in Ticket.objects.all():
        assert ticket.requester.addresses.get().value == sender


def test_a_mail_in_an_agent_s_name_that_fails_the_checks_is_not_unpacked(taken, ana, channel):
    channel.settings = {"trusted_servers": "mx.example.com"}
    channel.save()
    results = b"Authentication-Results: mx.example.com; dmarc=fail\n"
    taken(results + mail(GMAIL, sender="ana@example.com", subject="Fwd: My order"))
    assert Ticket.objects.get().requester.addresses.get().value == "ana@example.com"


def test_our_own_mail_passed_on_is_nobody_s_ticket(taken, ana):
    text = GMAIL.replace("leo@example.org", "support@example.com")
    taken(mail(text, sender="ana@example.com", subject="Fwd: My order"))
    assert Ticket.objects.get().requester.addresses.get().value == "ana@example.com"
