"""A printed report is shown again only while nothing that it counts has changed."""

import pytest
from django.test import Client
from django.utils import timezone

from reports.services import refresh_stale
from surveys.models import Answer, Invitation, Survey
from tickets.services import resolve_ticket

URL = "/admin/reports/report/"


@pytest.fixture
def manager(client: Client, mia) -> Client:
    client.force_login(mia)
    return client


def test_it_is_printed_once(manager, ticket, django_assert_max_num_queries):
    refresh_stale()
    first = manager.get(URL)
    with django_assert_max_num_queries(12):
        again = manager.get(URL)
    assert (
        again.content.decode().split("</header>")[-1]
        == (first.content.decode().split("</header>")[-1])
    )


def test_a_calculation_prints_it_again(manager, ticket, ana):
    refresh_stale()
    before = manager.get(URL).content
    resolve_ticket(ticket=ticket, by=ana)
    refresh_stale()
    assert manager.get(URL).content != before


def test_an_answer_prints_it_again(manager, ticket, dora):
    refresh_stale()
    before = manager.get(URL).content
    survey = Survey.objects.create(kind="csat", name="CSAT", trigger="on_resolution")
    invitation = Invitation.objects.create(
        survey=survey,
        customer=dora,
        ticket=ticket,
        state="answered",
        due_at=timezone.now(),
        sent_at=timezone.now(),
        expires_at=timezone.now(),
    )
    Answer.objects.create(invitation=invitation, kind="csat", score=5, source="page")
    assert manager.get(URL).content != before


def test_another_language_is_printed_apart(manager, mia, ticket):
    refresh_stale()
    english = manager.get(URL).content
    mia.language = "es"
    mia.save()
    assert "Informes" in manager.get(URL).content.decode()
    assert manager.get(URL).content != english
