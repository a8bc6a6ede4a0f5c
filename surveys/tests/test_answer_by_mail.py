"""Answering the survey mail itself: raw mail in, one fate out."""

from itertools import count

import pytest

from customers.services import add_address
from messaging.email.tests.samples import mail
from messaging.models import Delivery, RawInbound
from messaging.services import accept, process
from surveys.models import Answer, Invitation
from surveys.services import expire_invitations
from surveys.tests.times import when_due
from tickets.models import Message, Ticket
from tickets.services import close_ticket

_numbers = count(1)
QUOTED = """
El lun, 3 ago 2026 a las 10:02, Support <support@example.com> escribió:
> How satisfied are you with our help?
> 5 - Very good
> http://127.0.0.1:8000/s/xyz/?score=5
> 1 - Very bad
"""


def answer(delivery: Delivery, text: str, *, sender: str = "dora@example.net", **headers: str):
    """Send a mail in answer to the survey and decide its fate."""
    headers.setdefault("in_reply_to", delivery.rfc_message_id)
    raw = mail(text, sender=sender, subject=f"Re: {delivery.subject}", **headers)
    return take(delivery, raw)


def take(delivery: Delivery, raw: bytes) -> RawInbound:
    kept, _is_new = accept(
        delivery.channel, raw, external_id=f"smtp:{next(_numbers)}", source="smtp"
    )
    return process(kept.pk)


def test_it_works(delivery, invitation):
    raw = answer(delivery, "5, muy bien")
    assert (raw.fate, raw.ticket, raw.message) == ("survey_answer", invitation.ticket, None)
    assert raw.reason == "Score 5 of 5."
    given = Answer.objects.get()
    assert (given.score, given.comment, given.source) == (5, "muy bien", "mail")
    ticket = Ticket.objects.get()
    assert ticket.status == "resolved"
    assert ticket.messages.filter(kind=Message.Kind.CUSTOMER).count() == 1


def test_the_quoted_survey_is_not_the_answer(delivery):
    answer(delivery, "2\n\nTardó mucho.\n" + QUOTED)
    given = Answer.objects.get()
    assert (given.score, given.comment) == (2, "Tardó mucho.")


def test_only_a_quoted_survey_is_no_answer(delivery):
    answer(delivery, QUOTED)
    assert not Answer.objects.exists()


def test_references_will_do(delivery):
    raw = answer(
        delivery, "4", in_reply_to="<other@x.org>", references=f"{delivery.rfc_message_id} <b@x>"
    )
    assert raw.fate == "survey_answer"


@pytest.mark.parametrize("text", ["I still need help.", "5 minutes late, as always", "10"])
def test_words_without_a_score_go_to_the_ticket(delivery, invitation, text):
    raw = answer(delivery, text)
    assert (raw.fate, raw.ticket) == ("added", invitation.ticket)
    assert raw.message.text == text
    ticket = Ticket.objects.get()
    assert ticket.status == "open"
    assert not Answer.objects.exists()


def test_words_about_a_closed_ticket_open_a_follow_up(delivery, invitation):
    close_ticket(ticket=invitation.ticket)
    raw = answer(delivery, "I still need help.")
    assert (raw.fate, raw.ticket.follow_up_of) == ("opened", invitation.ticket)


def test_a_score_leaves_a_closed_ticket_closed(delivery, invitation):
    close_ticket(ticket=invitation.ticket)
    assert answer(delivery, "5").fate == "survey_answer"
    assert Ticket.objects.get().status == "closed"


def test_a_second_mail_changes_the_answer(delivery, invitation):
    answer(delivery, "2")
    answer(delivery, "4, better")
    assert list(
        invitation.answers.order_by("id").values_list("score", "comment", "is_current")
    ) == [(2, "", False), (4, "better", True)]


def test_the_same_mail_twice_counts_once(delivery):
    raw = mail("5, thanks", sender="dora@example.net", in_reply_to=delivery.rfc_message_id)
    assert [take(delivery, raw).fate for _time in range(2)] == ["survey_answer", "duplicate"]
    assert Answer.objects.count() == 1


def test_somebody_elses_answer_does_not_count(delivery):
    raw = answer(delivery, "1, terrible", sender="mallory@example.org")
    assert raw.fate == "opened"
    assert raw.ticket.requester.addresses.get().value == "mallory@example.org"
    assert not Answer.objects.exists()


def test_another_address_of_the_same_customer_counts(delivery, dora):
    add_address(customer=dora, kind="email", value="dora.work@example.com")
    assert answer(delivery, "5", sender="Dora <Dora.Work@Example.com>").fate == "survey_answer"


@pytest.mark.parametrize(
    "header",
    [{"auto_submitted": "auto-replied"}, {"x_autoreply": "yes"}, {"precedence": "auto_reply"}],
)
def test_an_absence_notice_never_counts(delivery, header):
    raw = answer(delivery, "5\nI am away until Monday.", **header)
    assert raw.fate == "ignored"
    assert not Answer.objects.exists()
    assert Ticket.objects.get().status == "resolved"


def test_after_the_end_words_are_kept_and_a_bare_score_is_not(delivery, invitation):
    Invitation.objects.update(expires_at=when_due(days=-40))
    expire_invitations(now=when_due())
    late = answer(delivery, "5")
    assert (late.fate, late.reason) == (
        "ignored",
        "This survey has ended. Thank you for wanting to answer.",
    )
    assert answer(delivery, "1. It broke again, please help").fate == "added"
    assert not Answer.objects.exists()


def test_a_bad_score_is_noted_and_the_ticket_stays_resolved(delivery):
    answer(delivery, "1, nobody called me back")
    ticket = Ticket.objects.get()
    note = ticket.messages.get(kind=Message.Kind.NOTE)
    assert "nobody called me back" in note.text
    assert ticket.status == "resolved"


def test_files_beside_a_score_are_kept_as_a_note(delivery):
    raw = (
        f"From: dora@example.net\r\nTo: support@example.com\r\nSubject: Re: x\r\n"
        f"Message-ID: <file@example.net>\r\nIn-Reply-To: {delivery.rfc_message_id}\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\n4, see the picture\r\n"
        '--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="a.png"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n"
    ).encode()
    assert take(delivery, raw).fate == "survey_answer"
    note = Message.objects.get(kind=Message.Kind.NOTE)
    assert [file.name for file in note.attachments.all()] == ["a.png"]


def test_an_answer_about_no_ticket_with_words_only_opens_one(nps, ticket):
    made = Invitation.objects.create(
        survey=nps, customer=ticket.requester, period="2026-01-01", language="en", due_at=when_due()
    )
    from surveys.services import send_due_invitations

    send_due_invitations(now=when_due())
    made.refresh_from_db()
    assert answer(made.delivery, "9, gracias, muy rápido").fate == "survey_answer"
    assert Answer.objects.get().kind == "nps"
    raw = answer(made.delivery, "Where is my order?")
    assert raw.fate == "opened"
    assert raw.ticket != ticket


def test_an_answer_to_a_later_reply_is_no_survey_answer(delivery, invitation, ana):
    """The nearest of our mails that it names decides."""
    first = invitation.ticket.messages.order_by("id").last()
    assert first.message_id
    raw = answer(
        delivery,
        "5",
        in_reply_to=first.message_id,
        references=f"{delivery.rfc_message_id} {first.message_id}",
    )
    assert raw.fate == "added"
    assert not Answer.objects.exists()
