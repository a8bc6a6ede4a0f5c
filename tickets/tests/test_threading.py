"""Which ticket a message belongs to: each way by itself, and who may join."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tickets.inbound import Inbound, Person
from tickets.intake import receive
from tickets.models import Ticket
from tickets.reply_tokens import agent_token, reply_address, reply_token
from tickets.services import close_ticket, mark_spam, merge_ticket, open_ticket, resolve_ticket
from tickets.tests.test_intake import mail
from tickets.threading import MAX_HELD

WRONG = "aaaaaaaaaaaaaaaa"


def answer(**fields: object) -> Inbound:
    """A mail of the requester of the fixture `ticket`."""
    return mail("dora@example.net", **{"message_id": "<answer@example.net>", **fields})


def test_it_works(ticket, channel):
    receipt = receive(answer(in_reply_to="<first@example.net>"), channel)
    assert (receipt.fate, receipt.ticket) == ("added", ticket)


def test_by_the_reply_address(ticket, channel):
    to = (Person(reply_address("support@example.com", reply_token(ticket.pk))),)
    receipt = receive(answer(to=to), channel)
    assert (receipt.fate, receipt.ticket) == ("added", ticket)
    assert not ticket.participants.exists()


def test_by_the_reply_address_in_capitals(ticket, channel):
    address = reply_address("support@example.com", reply_token(ticket.pk)).upper()
    assert receive(answer(cc=(Person(address),)), channel).ticket == ticket


def test_an_address_that_would_be_too_long_is_not_used():
    assert reply_address(f"{'x' * 60}@example.com", reply_token(1)) == ""


@pytest.mark.parametrize("field", ["subject", "text", "html"])
def test_by_a_token_in_the_words(ticket, channel, field):
    receipt = receive(answer(**{field: f"> > (#{reply_token(ticket.pk)})"}), channel)
    assert (receipt.fate, receipt.ticket) == ("added", ticket)


def wrong_tokens(ticket: Ticket, ana) -> list[str]:
    right = reply_token(ticket.pk)
    number, signature = right.split("-")
    return [
        f"#{number}",
        f"{number}-{WRONG}",
        f"{number}-",
        f"{ticket.pk + 1}-{signature}",
        f"{right}a",
        f"a{right}",
        right[:-1],
        f"{number}-a{ana.pk}-{signature}",
        agent_token(ticket.pk, ana.pk),
        signature,
    ]


def test_the_right_number_with_a_wrong_token_proves_nothing(ticket, channel, ana):
    for token in wrong_tokens(ticket, ana):
        to = (Person(f"support+{token}@example.com"),)
        receipt = receive(answer(to=to, subject=f"New {token}", text=token), channel)
        assert receipt.fate == "opened", token


def test_a_token_of_a_ticket_that_is_gone_opens_one(ticket, channel):
    text = f"#{reply_token(10**17)}"
    assert receive(answer(text=text), channel).fate == "opened"


def test_a_token_signed_by_the_key_before_still_holds(ticket, channel, settings):
    token = reply_token(ticket.pk)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of at least fifty characters, long enough"
    assert receive(answer(text=token), channel).ticket == ticket


@pytest.mark.parametrize(
    "subject",
    [
        "Re: ¿Dónde está mi pedido?",
        "RES: ¿Dónde  está mi pedido?",
        "AW: WG: ¿dónde está mi pedido?",
        "Antw: [EXTERNAL] Re[2]: ¿Dónde está mi pedido?",
        "[EXT] Sv: ¿Dónde está mi pedido?",
        "回复：¿Dónde está mi pedido?",
        "R: ¿Dónde está mi pedido?",
    ],
)
def test_by_the_conversation_when_the_program_dropped_the_headers(ticket, channel, subject):
    receipt = receive(answer(subject=subject), channel)
    assert (receipt.fate, receipt.ticket) == ("added", ticket)


def test_by_the_conversation_when_it_quotes_us(ticket, channel):
    quoted = "Support <support@example.com> schrieb:\nIt is on its way."
    fields = {"subject": "¿Dónde está mi pedido?", "quoted_text": quoted}
    assert receive(answer(**fields), channel).ticket == ticket


def test_the_references_of_the_program_s_own_do_not_hide_the_conversation(ticket, channel):
    fields = {"subject": "RE: ¿Dónde está mi pedido?", "in_reply_to": "<made-up@outlook.example>"}
    assert receive(answer(**fields), channel).ticket == ticket


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "¿Dónde está mi pedido?"},
        {"subject": "¿Dónde está mi pedido?", "quoted_text": "-- \nDora, dora@example.net"},
        {"subject": "Re: ¿Dónde está mi factura?"},
        {"subject": "Re:"},
        {"subject": ""},
    ],
)
def test_without_a_sign_of_an_answer_it_is_a_new_ticket(ticket, channel, fields):
    assert receive(answer(**fields), channel).fate == "opened"


def test_a_conversation_of_somebody_else_is_not_joined(ticket, channel):
    fields = {"subject": "Re: ¿Dónde está mi pedido?", "message_id": "<x@example.org>"}
    assert receive(mail(**fields), channel).fate == "opened"


def test_a_forged_sender_has_no_conversation(ticket, channel):
    forged = answer(subject="Re: ¿Dónde está mi pedido?", context={"is_forged": True})
    assert receive(forged, channel).fate == "opened"


def test_a_conversation_ends_with_its_ticket_and_with_time(ticket, channel, ana, dora):
    old = timezone.now() - timedelta(days=31)
    Ticket.objects.filter(pk=ticket.pk).update(updated_at=old)
    assert receive(answer(subject="Re: ¿Dónde está mi pedido?"), channel).fate == "opened"
    closed, _message = open_ticket(channel=channel, requester=dora, subject="Factura", text="x")
    resolve_ticket(ticket=closed, by=ana)
    close_ticket(ticket=closed)
    assert receive(answer(subject="Re: Factura"), channel).fate == "opened"


def test_a_participant_s_conversation_is_known_too(ticket, channel):
    receive(answer(in_reply_to="<first@example.net>", cc=(Person("leo@example.org"),)), channel)
    fields = {"subject": "Re: ¿Dónde está mi pedido?", "message_id": "<x@example.org>"}
    assert receive(mail(**fields), channel).ticket == ticket


def test_words_of_the_api_and_of_forms_begin_something(ticket, channel):
    """Whoever fills a form in gets a link to the ticket: it must never be another one."""
    token = f"#{reply_token(ticket.pk)}"
    for words in (
        {"subject": "Re: ¿Dónde está mi pedido?"},
        {"subject": token, "text": f"{token}\n> {token}", "html": token},
    ):
        for sender in ("dora@example.net", "eve@evil.example"):
            assert receive(mail(sender, **words), channel).fate == "opened"


def test_a_new_subject_without_a_quote_opens_a_linked_ticket(ticket, channel):
    receipt = receive(answer(in_reply_to="<first@example.net>", subject="Factura"), channel)
    assert (receipt.fate, receipt.ticket.follow_up_of) == ("opened", ticket)
    assert receipt.ticket.requester == ticket.requester
    assert ticket.messages.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "Re: Factura"},
        {"subject": "Vastaus: ¿Dónde está mi pedido?"},
        {"subject": "Factura", "quoted_text": "El lunes escribió:\n> Ya llega."},
        {"subject": "Automatic reply: Factura", "is_auto_reply": True},
        {"subject": ""},
    ],
)
def test_an_answer_stays_an_answer_under_another_subject(ticket, channel, fields):
    receipt = receive(answer(in_reply_to="<first@example.net>", **fields), channel)
    assert (receipt.fate, receipt.ticket) == ("added", ticket)


def test_the_subject_of_the_very_mail_that_is_answered_is_not_new(ticket, channel):
    receive(
        answer(
            in_reply_to="<first@example.net>",
            subject="RE: Otra cosa",
            message_id="<other@example.net>",
        ),
        channel,
    )
    again = answer(
        in_reply_to="<other@example.net>", subject="Otra cosa", message_id="<again@example.net>"
    )
    assert receive(again, channel).fate == "added"


def test_an_answer_to_a_closed_ticket_opens_a_linked_one(ticket, channel, ana):
    resolve_ticket(ticket=ticket, by=ana)
    close_ticket(ticket=ticket)
    receipt = receive(answer(text=f"> {reply_token(ticket.pk)}"), channel)
    assert (receipt.fate, receipt.ticket.follow_up_of) == ("opened", ticket)


def test_a_stranger_opens_their_own_ticket_where_nobody_looks(ticket, channel, ana):
    mark_spam(ticket=ticket, by=ana)
    receipt = receive(mail(in_reply_to="<first@example.net>"), channel)
    assert (receipt.fate, receipt.ticket.follow_up_of) == ("opened", None)


def test_a_flood_of_strangers_messages_does_not_hide_a_conversation(ticket, channel):
    fates = [
        receive(mail(f"eve{n}@evil.example", in_reply_to="<first@example.net>"), channel).fate
        for n in range(MAX_HELD + 2)
    ]
    assert fates == ["held"] * MAX_HELD + ["opened"] * 2


def test_a_merged_ticket_leads_to_its_target(ticket, channel, dora, ana):
    other, _message = open_ticket(channel=channel, requester=dora, subject="Other", text="x")
    merge_ticket(ticket=ticket, into=other, by=ana)
    receipt = receive(answer(text=f"> {reply_token(ticket.pk)}"), channel)
    assert (receipt.fate, receipt.ticket) == ("added", other)


def test_a_mail_of_nothing_but_tokens_is_read_quickly(channel, ticket):
    text = f"{ticket.pk}-{WRONG} " * 100_000
    receipt = receive(answer(text=text, reply_text="x"), channel)
    assert receipt.fate == "opened"


def test_an_answer_and_a_new_mail_take_no_more_queries(
    ticket, channel, django_assert_max_num_queries
):
    with django_assert_max_num_queries(21):
        receive(
            mail(external_id="email:1", subject="Invoice", message_id="<n@example.org>"), channel
        )
    with django_assert_max_num_queries(14):
        receive(answer(external_id="email:2", in_reply_to="<first@example.net>"), channel)
    with django_assert_max_num_queries(14):
        token = f"> {reply_token(ticket.pk)}"
        receive(answer(external_id="email:3", quoted_text=token, text=token), channel)
