"""The page behind the links of a survey mail: only a person's POST counts."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from surveys.models import Answer, Invitation
from surveys.services.answering import MAX_ANSWERS
from surveys.tests.times import when_due
from tickets.models import Message


def page(invitation: Invitation) -> str:
    return reverse("surveys:answer", args=[invitation.token])


def send(client: Client, invitation: Invitation, score: object, comment: str = "", **options):
    return client.post(page(invitation), {"score": score, "comment": comment}, **options)


def scores(invitation: Invitation) -> list[tuple[int, bool]]:
    return list(invitation.answers.order_by("id").values_list("score", "is_current"))


def test_it_works(client, invitation):
    shown = client.get(page(invitation), {"score": "5"})
    assert shown.status_code == 200
    assert 'value="5" required checked' in shown.text
    sent = send(client, invitation, 5, "Muy rápido", follow=True)
    assert sent.redirect_chain == [(page(invitation), 302)]
    assert "You gave us 5 of 5: Very good." in sent.text
    assert "You can change your answer until" in sent.text
    given = Answer.objects.get()
    assert (given.kind, given.score, given.comment, given.source) == (
        "csat",
        5,
        "Muy rápido",
        "page",
    )
    invitation.refresh_from_db()
    assert invitation.state == "answered"
    invitation.ticket.refresh_from_db()
    assert invitation.ticket.status == "resolved"


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_mail_scanner_that_opens_every_link_casts_no_vote(client, invitation, method):
    for score in range(1, 6):
        open_link = getattr(client, method)
        assert open_link(page(invitation), {"score": score, "comment": "x"}).status_code == 200
    assert not Answer.objects.exists()
    invitation.refresh_from_db()
    assert invitation.state == "sent"


def test_a_post_from_elsewhere_is_refused(invitation):
    assert send(Client(enforce_csrf_checks=True), invitation, 1).status_code == 403
    assert not Answer.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client, invitation, method):
    assert getattr(client, method)(page(invitation)).status_code == 405


def test_the_last_answer_counts_and_earlier_ones_are_kept(client, invitation):
    send(client, invitation, 2, "slow")
    send(client, invitation, 4, "better now")
    assert scores(invitation) == [(2, False), (4, True)]


def test_sending_twice_is_one_answer(client, invitation):
    send(client, invitation, 4, "ok")
    send(client, invitation, 4, "ok")
    assert scores(invitation) == [(4, True)]


def test_changing_it_starts_from_what_they_said(client, invitation):
    send(client, invitation, 4, "Almost <perfect>")
    shown = client.get(page(invitation), {"score": "5"})
    assert "Almost &lt;perfect&gt;</textarea>" in shown.text
    assert 'value="5" required checked' in shown.text


@pytest.mark.parametrize(
    "score", ["", "0", "6", "5.0", "５", "five", "-1", "1e0", "[]", "999999999999999999999", " "]
)
def test_a_score_off_the_scale_is_told_and_the_words_stay(client, invitation, score):
    shown = send(client, invitation, score, "Keep these words")
    assert shown.status_code == 400
    assert "Keep these words</textarea>" in shown.text
    assert 'role="alert"' in shown.text
    assert not Answer.objects.exists()


def test_a_wrong_score_in_the_link_chooses_nothing(client, invitation):
    for score in ("9", "x", "<script>", ""):
        shown = client.get(page(invitation), {"score": score})
        assert shown.status_code == 200
        assert " checked" not in shown.text
        assert "<script>" not in shown.text


def test_a_null_byte_and_a_novel_are_told(client, invitation):
    assert send(client, invitation, 5, "a\x00b").status_code == 400
    assert send(client, invitation, 5, "a" * 5001).status_code == 400
    assert not Answer.objects.exists()


def test_a_hostile_comment_stays_text_everywhere(agent_client, invitation):
    hostile = "<img src=x onerror=alert(1)><script>alert(1)</script>"
    thanks = send(agent_client, invitation, 1, hostile, follow=True)
    panel = agent_client.get(f"/tickets/{invitation.ticket_id}/surveys/")
    for shown in (thanks.text, panel.text):
        assert "<img src=x" not in shown
        assert "<script>alert" not in shown
        assert "&lt;img src=x" in shown


@pytest.mark.parametrize(
    "token", ["nope", "a" * 32, "%00" * 32, "é" * 32, "0", "true", "[]", "A" * 5000]
)
def test_an_unknown_token_and_an_ended_survey_look_the_same(client, invitation, token):
    unknown = client.get(f"/s/{token}/")
    with time_machine.travel(when_due(days=31), tick=False):
        ended = client.get(page(invitation))
        assert send(client, invitation, 5).status_code == 404
    assert (unknown.status_code, ended.status_code) == (404, 404)
    assert "This survey is not open" in unknown.text
    assert "This survey is not open" in ended.text
    assert not Answer.objects.exists()


def test_the_token_is_compared_exactly(client, invitation):
    for wrong in (invitation.token.swapcase(), f"{invitation.token[:-1]}", invitation.token + "="):
        assert client.get(f"/s/{wrong}/").status_code == 404


def test_a_bad_score_comes_back_to_the_team(client, invitation):
    send(client, invitation, 2, "Nobody called me back.")
    note = invitation.ticket.messages.filter(kind=Message.Kind.NOTE).get()
    assert "Dora Gil gave 2 of 5" in note.text
    assert "Nobody called me back." in note.text
    assert note.agent is None
    invitation.ticket.refresh_from_db()
    assert invitation.ticket.status == "resolved"


def test_the_note_is_in_the_language_of_who_holds_the_ticket(client, invitation, ana):
    ana.language = "es"
    ana.save()
    send(client, invitation, 1)
    assert invitation.ticket.messages.filter(kind=Message.Kind.NOTE).count() == 1


def test_a_good_score_disturbs_nobody_unless_it_asks(client, invitation):
    send(client, invitation, 5, "Gracias")
    assert not invitation.ticket.messages.filter(kind=Message.Kind.NOTE).exists()
    send(client, invitation, 5, "Gracias. ¿Y la factura?")
    assert invitation.ticket.messages.filter(kind=Message.Kind.NOTE).count() == 1


def test_somebody_unhappy_gets_a_way_back_to_their_ticket(client, invitation):
    assert "solved=no" in send(client, invitation, 1, follow=True).text
    assert "solved=no" not in send(client, invitation, 5, follow=True).text


def test_a_machine_that_answers_without_end_is_stopped(client, invitation):
    for number in range(MAX_ANSWERS + 3):
        send(client, invitation, 5, f"{number}")
    assert invitation.answers.count() == MAX_ANSWERS


def test_the_page_speaks_the_customers_language_and_can_change(client, invitation):
    Invitation.objects.update(language="es")
    shown = client.get(page(invitation), headers={"accept-language": "en"})
    assert shown.headers["Content-Language"] == "es"
    assert '<html lang="es">' in shown.text
    changed = client.get(page(invitation), {"language": "pt-br", "score": "4"})
    assert '<html lang="pt-br">' in changed.text
    assert "language=es&amp;score=4" in changed.text or "score=4&amp;language=es" in changed.text


def test_an_nps_page_has_eleven_scores(client, nps, dora):
    made = Invitation.objects.create(
        survey=nps,
        customer=dora,
        period="2026-01-01",
        language="en",
        due_at=when_due(),
        sent_at=when_due(),
        expires_at=when_due(days=30),
        state="sent",
    )
    assert client.get(page(made)).text.count('type="radio"') == 11
    assert "You gave us 0 of 10." in send(client, made, 0, "Never", follow=True).text
    assert Answer.objects.get().kind == "nps"


def test_a_bad_nps_reaches_their_latest_ticket(client, nps, ticket):
    made = Invitation.objects.create(
        survey=nps,
        customer=ticket.requester,
        period="2026-01-01",
        language="en",
        due_at=when_due(),
        sent_at=when_due(),
        expires_at=when_due(days=30),
        state="sent",
    )
    send(client, made, 6)
    assert ticket.messages.filter(kind=Message.Kind.NOTE).count() == 1
