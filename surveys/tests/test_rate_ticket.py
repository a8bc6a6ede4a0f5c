"""Rating a solved ticket from its own page, asked or not."""

import pytest
from django.test import Client
from django.urls import reverse

from customers.services import customer_at
from surveys.models import Answer, Invitation, Survey
from surveys.services import send_due_invitations
from surveys.tests.times import when_due
from tickets.links import ticket_token
from tickets.models import Ticket
from tickets.services import mark_spam, reopen_ticket, resolve_ticket


@pytest.fixture
def address(resolved, dora) -> str:
    dora.language = "en"
    dora.save()
    Invitation.objects.update(language="en")
    return reverse("surveys:rate_ticket", args=[ticket_token(resolved, dora)])


def test_it_works(client, address, resolved, ana):
    assert 'value="4" required checked' in client.get(address, {"score": "4"}).text
    sent = client.post(address, {"score": "4", "comment": "Fine"}, follow=True)
    assert "You gave us 4 of 5: Good." in sent.text
    given = Answer.objects.get()
    assert (given.source, given.invitation.ticket, given.invitation.agent) == (
        "public_ticket",
        resolved,
        ana,
    )


def test_opening_it_changes_nothing(client, address):
    client.get(address, {"score": "5"})
    assert Invitation.objects.get().state == "scheduled"
    assert not Answer.objects.exists()


def test_who_rated_already_gets_no_mail(client, address):
    client.post(address, {"score": "5"})
    send_due_invitations(now=when_due())
    made = Invitation.objects.get()
    assert (made.state, made.sent_at, made.delivery) == ("answered", None, None)


def test_it_is_the_invitation_of_the_mail(client, address, resolved):
    send_due_invitations(now=when_due())
    client.post(address, {"score": "5"})
    client.post(address, {"score": "3"})
    made = Invitation.objects.get()
    assert list(made.answers.order_by("id").values_list("score", "is_current")) == [
        (5, False),
        (3, True),
    ]


def test_changing_it_starts_from_what_they_said(client, address):
    client.post(address, {"score": "2", "comment": "Slow"})
    shown = client.get(address)
    assert 'value="2" required checked' in shown.text
    assert "Slow</textarea>" in shown.text


def test_somebody_who_was_not_asked_may_rate(client, address):
    Invitation.objects.update(state="skipped", reason="asked_lately")
    client.post(address, {"score": "5"})
    made = Invitation.objects.get()
    assert (made.state, made.reason) == ("answered", "")


def test_a_ticket_from_before_the_survey_can_be_rated(client, address):
    Invitation.objects.all().delete()
    client.post(address, {"score": "5"})
    assert Answer.objects.get().invitation.event


def test_without_a_survey_there_is_nothing_to_rate(client, address):
    Invitation.objects.all().delete()
    Survey.objects.update(is_active=False)
    assert client.get(address).status_code == 404
    assert client.post(address, {"score": "5"}).status_code == 404


def _reopen(ticket: Ticket) -> None:
    reopen_ticket(ticket=ticket, by=ticket.requester)


def _spam(ticket: Ticket) -> None:
    mark_spam(ticket=ticket, by=None)


@pytest.mark.parametrize("change", [_reopen, _spam])
def test_only_solved_tickets_are_rated(client, address, resolved, change):
    change(resolved)
    assert client.post(address, {"score": "5"}).status_code == 404
    assert not Answer.objects.exists()


def test_only_the_requester_rates(client, resolved):
    leo = customer_at(kind="email", value="leo@example.org")
    address = reverse("surveys:rate_ticket", args=[ticket_token(resolved, leo)])
    assert client.get(address).status_code == 404
    assert client.post(address, {"score": "1"}).status_code == 404
    assert not Answer.objects.exists()


def test_a_forged_token_and_a_post_from_elsewhere_are_refused(client, address):
    assert client.get("/t/1.1:forged/rating/").status_code == 404
    foreign = Client(enforce_csrf_checks=True)
    assert foreign.post(address, {"score": "1"}).status_code == 403
    assert not Answer.objects.exists()


def test_resolved_again_is_rated_anew(client, address, resolved, ana):
    client.post(address, {"score": "1"})
    reopen_ticket(ticket=resolved, by=resolved.requester)
    resolve_ticket(ticket=resolved, by=ana)
    client.post(address, {"score": "5"})
    current = Answer.objects.filter(is_current=True).order_by("id")
    assert [a.score for a in current] == [1, 5]
