"""NPS: a few customers every day, nobody twice a period."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from customers.models import Customer, Order
from customers.services import customer_at
from surveys import tasks
from surveys.models import Invitation, Survey
from surveys.schedule import PERIODS
from surveys.services import plan_periodic_surveys, start_survey
from tickets.services import open_ticket


@pytest.fixture
def customers(channel) -> list[Customer]:
    """Thirty people with a ticket each."""
    people = [
        customer_at(kind="email", value=f"p{n}@example.org", name=f"P{n}", language="en")
        for n in range(30)
    ]
    for person in people:
        open_ticket(channel=channel, requester=person, subject="x", text="x")
    return people


def run(days: int, *, step: int = 1, start: int = 0) -> int:
    now = timezone.now()
    return sum(
        plan_periodic_surveys(now=now + timedelta(days=day)) for day in range(start, days, step)
    )


def test_it_works(nps, customers):
    assert plan_periodic_surveys() == 0  # nobody on the day it is switched on
    assert run(366) == 30
    made = Invitation.objects.all()
    assert {(i.ticket, i.event, i.state) for i in made} == {(None, None, "scheduled")}
    assert len({i.due_at.date() for i in made}) > 20


def test_everybody_once_a_period_however_often_it_runs(nps, customers):
    run(366)
    assert run(366) == 0
    assert run(2 * 365 + 1, start=366) == 30
    for person in customers:
        first, second = person.survey_invitations.order_by("due_at")
        assert abs(second.due_at - first.due_at - PERIODS["yearly"]) <= timedelta(days=1)


def test_missed_runs_are_made_up_for(nps, customers):
    run(380, step=10)
    assert Invitation.objects.values("customer").distinct().count() == 30


def test_a_long_silence_asks_nobody_at_once(nps, customers):
    now = timezone.now()
    made = plan_periodic_surveys(now=now + timedelta(days=364))
    assert made <= 5  # those of the last two weeks, not all thirty


def test_starting_anew_asks_nobody_again_soon(nps, customers):
    run(366)
    start_survey(survey=nps, at=timezone.now() + timedelta(days=300))
    assert run(400, start=366) < 15
    for person in customers:
        days = sorted(i.due_at for i in person.survey_invitations.all())
        assert all(b - a > timedelta(days=300) for a, b in pairwise(days))


def test_a_quarter_is_shorter(nps, customers):
    Survey.objects.filter(pk=nps.pk).update(trigger="quarterly")
    assert run(92) == 30


def test_only_people_we_dealt_with(nps, db):
    customer_at(kind="email", value="nobody@example.org")
    buyer = customer_at(kind="email", value="buyer@example.org")
    Order.objects.create(customer=buyer, number="1")
    assert run(366) == 1
    assert Invitation.objects.get().customer == buyer


def test_one_that_is_off_asks_nobody(nps, customers):
    Survey.objects.update(is_active=False)
    assert run(366, step=7) == 0


def test_the_beat_task(nps, customers):
    Survey.objects.update(started_at=timezone.now() - timedelta(days=365))
    Customer.objects.update(created_at=timezone.now() - timedelta(days=400))
    assert tasks.plan_periodic_surveys() == Invitation.objects.count()
