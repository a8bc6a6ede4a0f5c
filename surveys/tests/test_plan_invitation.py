"""A resolution promises an invitation, in the transaction of the verb."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from messaging.models import Delivery
from surveys.models import Answer, Invitation, Survey
from surveys.scales import SurveyKind
from tickets.models import TicketEvent
from tickets.services import assign_ticket, reopen_ticket, reply_to_ticket, resolve_ticket


def test_it_works(resolved, csat, dora, ana, team):
    made = Invitation.objects.get()
    event = resolved.events.get(kind=TicketEvent.Kind.RESOLVED)
    assert (made.survey, made.ticket, made.customer, made.event) == (csat, resolved, dora, event)
    assert (made.state, made.agent, made.team, made.language) == ("scheduled", ana, team, "es")
    assert made.due_at == event.at + timedelta(hours=24)
    assert made.sent_at is None
    assert not Delivery.objects.filter(purpose="survey").exists()


def test_a_reply_that_resolves_promises_it_too(csat, ticket, ana):
    reply_to_ticket(ticket=ticket, by=ana, text="Listo.", status="resolved")
    assert Invitation.objects.get().agent == ana


def test_resolving_twice_promises_once(resolved, ana):
    resolve_ticket(ticket=resolved, by=ana)
    assert Invitation.objects.count() == 1


def test_the_delay_follows_the_setting_until_somebody_chose(csat, ticket, ana, settings):
    settings.SURVEY_DELAY_MINUTES = 1
    resolve_ticket(ticket=ticket, by=ana)
    made = Invitation.objects.get()
    assert made.due_at - made.event.at == timedelta(minutes=1)
    csat.delay_minutes = 0
    csat.save()
    assert csat.delay == timedelta(0)


def test_only_the_last_resolution_is_asked_about(resolved, ana, mia):
    reopen_ticket(ticket=resolved, by=resolved.requester)
    resolve_ticket(ticket=resolved, by=mia)
    first, second = Invitation.objects.order_by("id")
    assert (first.state, first.reason) == ("skipped", "resolved_again")
    assert (second.state, second.agent) == ("scheduled", mia)


def test_credit_stays_with_who_resolved_it(resolved, ana, bruno, team, billing):
    assign_ticket(ticket=resolved, by=ana, assignee=bruno, team=billing)
    made = Invitation.objects.get()
    assert (made.agent, made.team) == (ana, team)


def test_a_rule_that_resolves_credits_the_assignee(csat, ticket, ana, team):
    assign_ticket(ticket=ticket, by=ana, assignee=ana, team=team)
    resolve_ticket(ticket=ticket, by=None)
    assert Invitation.objects.get().agent == ana


def test_a_survey_that_is_off_promises_nothing(csat, ticket, ana):
    Survey.objects.update(is_active=False)
    resolve_ticket(ticket=ticket, by=ana)
    assert not Invitation.objects.exists()


def test_a_rolled_back_resolution_leaves_no_promise(csat, ticket, ana):
    with transaction.atomic():
        resolve_ticket(ticket=ticket, by=ana)
        transaction.set_rollback(True)
    assert not Invitation.objects.exists()


def test_tokens_are_long_random_and_different(resolved):
    made = Invitation.objects.get()
    other = Invitation(survey=made.survey)
    assert len(made.token) == 32  # 192 bits
    assert made.token != other.token


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "skipped"},
        {"reason": "spam"},
        {"state": "sent"},
        {"state": "answered"},
        {"state": "lost"},
        {"ticket": None},
        {"period": "2026-01-01"},
    ],
)
def test_the_database_refuses_what_makes_no_sense(resolved, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(**wrong)


@pytest.mark.parametrize(
    ("kind", "score"), [("csat", 0), ("csat", 6), ("nps", 11), ("ces", 0), ("ces", 8), ("x", 1)]
)
def test_the_database_refuses_a_score_off_its_scale(resolved, kind, score):
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(
            invitation=Invitation.objects.get(), kind=kind, score=score, source="page"
        )


def test_one_answer_counts_and_one_survey_a_kind_is_active(resolved, csat):
    made = Invitation.objects.get()
    Answer.objects.create(invitation=made, kind=SurveyKind.CSAT, score=5, source="page")
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(invitation=made, kind=SurveyKind.CSAT, score=4, source="page")
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.create(name="Another", kind="csat", trigger="on_resolution")
    assert made.created_at <= timezone.now()
