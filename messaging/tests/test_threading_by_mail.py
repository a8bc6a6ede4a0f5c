"""Answers as mail programs write them, from the bytes to the ticket: `receive_mail`."""

import io
import json
from email.message import EmailMessage

import pytest
from django.core.management import call_command

from messaging.email.compose import compose
from messaging.models import Delivery, RawInbound
from messaging.services.outbound import outbound_of
from tickets.models import Ticket
from tickets.services import add_participants, close_ticket, reply_to_ticket, resolve_ticket

PHRASE = "Todavía no ha llegado nada."


@pytest.fixture
def receive(channel, monkeypatch):
    def run(raw: bytes) -> dict:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        output = io.StringIO()
        call_command("receive_mail", channel="support@example.com", stdout=output)
        return json.loads(output.getvalue())

    return run


@pytest.fixture
def sent(channel, ticket, ana) -> EmailMessage:
    """Our mail as it reached Dora."""
    channel.settings = {"plus_addresses": True}
    channel.save()
    reply_to_ticket(ticket=ticket, by=ana, text="Llega el martes.")
    return compose(outbound_of(Delivery.objects.get(message__kind="reply")))


def answer(
    sent: EmailMessage,
    *,
    sender: str = "Dora Gil <dora@example.net>",
    subject: str = "",
    to: str = "support@example.com",
    text: str = PHRASE,
    html: str = "",
    **headers: str,
) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, to
    mail["Subject"] = subject or f"RE: {sent['Subject']}"
    mail["Message-ID"] = "<answer@example.net>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    if html and not text:
        mail.set_content(html, subtype="html")
    else:
        mail.set_content(text)
        if html:
            mail.add_alternative(html, subtype="html")
    return mail.as_bytes()


def parts(sent: EmailMessage) -> tuple[str, str]:
    text, html = sent.get_body(("plain",)), sent.get_body(("html",))
    return text.get_content(), html.get_content()


def quoted(sent: EmailMessage) -> str:
    lines = "\n".join(f"> {line}" for line in parts(sent)[0].splitlines())
    return f"{PHRASE}\n\nEl lunes, Ana Ruiz (Support) <support@example.com> escribió:\n{lines}\n"


def test_it_works(receive, sent, ticket):
    """Gmail: headers of the thread, the signed address, a quote."""
    raw = answer(
        sent,
        to=str(sent["Reply-To"]),
        text=quoted(sent),
        In_Reply_To=str(sent["Message-ID"]),
        References=str(sent["Message-ID"]),
    )
    found = receive(raw)
    assert (found["fate"], found["ticket"]) == ("added", ticket.pk)
    message = ticket.messages.get(pk=found["message"])
    assert message.text == PHRASE
    ticket.refresh_from_db()
    assert (ticket.status, ticket.participants.count()) == ("open", 0)


def test_the_signed_address_is_enough(receive, sent, ticket):
    found = receive(answer(sent, to=str(sent["Reply-To"]), subject="RE: algo"))
    assert (found["fate"], found["ticket"]) == ("added", ticket.pk)


def test_a_quote_in_text_is_enough(receive, sent, ticket):
    found = receive(answer(sent, subject="Otra cosa", text=quoted(sent)))
    assert (found["fate"], found["ticket"]) == ("added", ticket.pk)


def test_a_quote_in_html_is_enough(receive, sent, ticket):
    html = f"<p>{PHRASE}</p><blockquote type='cite'>{parts(sent)[1]}</blockquote>"
    for text in ("", PHRASE):
        found = receive(answer(sent, subject=f"Otra cosa {text}", text=text, html=html))
        assert (found["fate"], found["ticket"]) == ("added", ticket.pk)


def test_outlook_s_quote_without_marks_is_enough(receive, sent, ticket):
    block = (
        f"{PHRASE}\r\n\r\n________________________________\r\nDe: Support <support@example.com>\r\n"
        f"Enviado: lunes\r\nPara: Dora\r\nAsunto: {sent['Subject']}\r\n\r\n{parts(sent)[0]}"
    )
    found = receive(answer(sent, subject="Otra cosa", text=block))
    assert (found["fate"], found["ticket"]) == ("added", ticket.pk)


def test_the_subject_is_enough_when_all_else_was_dropped(receive, sent, ticket):
    found = receive(answer(sent))
    assert (found["fate"], found["ticket"]) == ("added", ticket.pk)


def test_a_new_subject_without_a_quote_follows(receive, sent, ticket):
    parent = str(sent["Message-ID"])
    found = receive(answer(sent, subject="Una factura", In_Reply_To=parent))
    assert found["fate"] == "opened"
    assert Ticket.objects.get(pk=found["ticket"]).follow_up_of == ticket


def test_an_answer_to_a_closed_ticket_follows(receive, sent, ticket, ana):
    resolve_ticket(ticket=ticket, by=ana)
    close_ticket(ticket=ticket)
    found = receive(answer(sent, to=str(sent["Reply-To"])))
    assert found["fate"] == "opened"
    assert Ticket.objects.get(pk=found["ticket"]).follow_up_of == ticket


def test_who_is_no_part_of_it_waits_whatever_the_sign(receive, sent, ticket):
    found = receive(answer(sent, sender="leo@example.org", to=str(sent["Reply-To"])))
    assert (found["fate"], found["ticket"]) == ("held", ticket.pk)
    assert found["reason"] == "From somebody who is not part of this ticket."
    raw = RawInbound.objects.get(pk=found["raw"])
    assert (raw.fate, raw.message_id) == ("held", found["message"])


def test_who_takes_part_joins_by_any_sign(receive, sent, ticket):
    from customers.services import customer_at

    leo = customer_at(kind="email", value="leo@example.org")
    add_participants(ticket=ticket, customers=[leo])
    found = receive(answer(sent, sender="leo@example.org", text=quoted(sent)))
    assert (found["fate"], found["ticket"]) == ("added", ticket.pk)


def test_our_mails_carry_the_mark_in_both_bodies_and_ask_for_the_signed_address(sent, ticket):
    text, html = parts(sent)
    mark = text.strip().splitlines()[-1]
    assert mark.startswith(f"#{ticket.pk}-")
    assert mark in html
    assert f"support+{mark[1:]}@example.com" in sent["Reply-To"]
    assert sent["From"].endswith("<support@example.com>")
