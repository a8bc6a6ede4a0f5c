"""No more surveys: by a page, or by the mail program itself (RFC 8058)."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from customers.models import OptOut
from surveys.tests.times import when_due


@pytest.fixture
def address(invitation) -> str:
    return reverse("surveys:unsubscribe", args=[invitation.token])


def test_it_works(client, address, dora):
    assert "Do not ask me any more" in client.get(address).text
    assert "Done: no more surveys" in client.post(address).text
    assert OptOut.objects.get().customer == dora
    assert "You get no surveys" in client.get(address).text


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_does_nothing(client, address, method):
    getattr(client, method)(address)
    assert not OptOut.objects.exists()


def test_a_mail_program_does_it_with_one_post(address):
    """RFC 8058 section 3.1: no cookies, no token, and the answer is no redirect."""
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
    assert OptOut.objects.get().topic == "surveys"


def test_doing_it_twice_is_doing_it_once(client, address):
    client.post(address)
    client.post(address)
    assert OptOut.objects.count() == 1


def test_it_can_be_taken_back(client, address):
    client.post(address)
    assert "Good to have you back" in client.post(address, {"again": "1"}).text
    assert not OptOut.objects.exists()


def test_it_works_after_the_survey_has_ended(client, address):
    with time_machine.travel(when_due(days=90), tick=False):
        client.post(address)
    assert OptOut.objects.exists()


def test_an_unknown_token_changes_nothing(client, db):
    assert client.post("/s/" + "a" * 32 + "/unsubscribe/").status_code == 404
    assert not OptOut.objects.exists()
