"""A survey of each kind, a ticket that was resolved, and the invitation about it."""

import pytest

from messaging.models import Delivery
from surveys.models import Invitation, Survey
from surveys.services import create_default_surveys, send_due_invitations, start_survey
from surveys.tests.times import when_due
from tickets.models import Ticket
from tickets.services import resolve_ticket


@pytest.fixture
def csat(db) -> Survey:
    create_default_surveys()
    return Survey.objects.get(kind="csat")


@pytest.fixture
def nps(db) -> Survey:
    create_default_surveys()
    return start_survey(survey=Survey.objects.get(kind="nps"))


@pytest.fixture
def resolved(csat, ticket, ana) -> Ticket:
    """Resolved by Ana; the survey about it is promised."""
    return resolve_ticket(ticket=ticket, by=ana)


@pytest.fixture
def invitation(resolved) -> Invitation:
    """The invitation about it, sent in English."""
    resolved.requester.language = "en"
    resolved.requester.save()
    Invitation.objects.update(language="en")
    send_due_invitations(now=when_due())
    return Invitation.objects.get()


@pytest.fixture
def delivery(invitation) -> Delivery:
    assert invitation.delivery
    return invitation.delivery
