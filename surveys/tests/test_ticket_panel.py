"""What agents see of surveys beside their ticket, and who sees what."""

import pytest
from django.test import Client

from surveys.models import Invitation
from surveys.selectors import (
    answers_visible_to,
    invitations_sent_between,
    invitations_visible_to,
)
from surveys.services import record_answer, send_due_invitations
from surveys.tests.times import when_due
from tickets.services import mark_spam


@pytest.fixture
def answered(invitation) -> Invitation:
    record_answer(invitation=invitation, score=2, comment="Too slow", source="page")
    return invitation


def panel(client: Client, ticket_id: int):
    return client.get(f"/tickets/{ticket_id}/surveys/")


def test_it_works(agent_client, answered):
    shown = panel(agent_client, answered.ticket_id)
    assert shown.status_code == 200
    for words in ("2 of 5", "Bad", "Too slow", "Ana Ruiz"):
        assert words in shown.text


def test_it_says_why_nobody_was_asked(agent_client, resolved):
    assert "Planned" in panel(agent_client, resolved.pk).text
    resolved.requester.addresses.all().delete()
    send_due_invitations(now=when_due())
    assert "We have no e-mail address of the customer." in panel(agent_client, resolved.pk).text


def test_it_never_shows_the_customers_link(agent_client, answered):
    assert answered.token not in panel(agent_client, answered.ticket_id).text


def test_a_ticket_without_surveys_leaves_no_trace(agent_client, ticket):
    assert panel(agent_client, ticket.pk).content == b""


def test_others_do_not_see_it(client, answered, bruno):
    assert panel(client, answered.ticket_id).status_code == 302
    client.force_login(bruno)
    assert panel(client, answered.ticket_id).status_code == 404
    assert not answers_visible_to(bruno).exists()
    assert not invitations_visible_to(bruno).exists()


def test_it_takes_few_queries(agent_client, answered, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        panel(agent_client, answered.ticket_id)


def test_managers_see_every_answer_that_counts(answered, mia, ana):
    assert [a.score for a in answers_visible_to(mia)] == [2]
    assert [a.score for a in answers_visible_to(ana)] == [2]
    mark_spam(ticket=answered.ticket, by=mia)
    assert not answers_visible_to(mia).exists()


def test_the_cohort_has_the_answers_that_count(answered):
    record_answer(invitation=answered, score=4, source="page")
    row = invitations_sent_between(when_due(hours=-2), when_due(hours=2), kind="csat").get()
    assert (row.score, row.comment) == (4, "")
    assert not invitations_sent_between(when_due(hours=2), when_due(hours=3)).exists()
    assert not invitations_sent_between(when_due(hours=-2), when_due(hours=2), kind="nps").exists()


def test_mail_that_never_arrived_is_not_in_the_cohort(answered):
    answered.delivery.state = "failed"
    answered.delivery.save()
    assert not invitations_sent_between(when_due(hours=-2), when_due(hours=2)).exists()
