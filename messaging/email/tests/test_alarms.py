"""A mailbox that stays silent: who hears of it, and how often."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from messaging.email.adapter import EmailAdapter
from messaging.email.alarms import late_mailboxes, raise_alarms
from messaging.email.tests.servers import free_port
from messaging.models import Delivery, MailboxState
from tickets.models import Channel

pytestmark = pytest.mark.django_db


def ago(**time: int):
    return timezone.now() - timezone.timedelta(**time)


@pytest.fixture
def broken(channel) -> MailboxState:
    """Silent for an hour; its server is away."""
    channel.settings = {
        "imap_host": "127.0.0.1",
        "imap_port": free_port(),
        "imap_security": "none",
        "imap_user": "x",
        "imap_password": "x",
    }
    channel.save()
    return MailboxState.objects.create(
        channel=channel,
        last_success_at=ago(hours=1),
        watched_since=ago(days=9),
        failures=5,
        last_error="It could not be reached.",
    )


def alarms():
    return Delivery.objects.filter(purpose=Delivery.Purpose.ALARM).order_by("id")


def test_it_works(broken, admin_user, ana, mia):
    MailboxState.objects.update(next_try_at=None)
    EmailAdapter().fetch()
    [alarm] = alarms()
    assert alarm.recipients["to"] == [admin_user.email]
    assert "support@example.com" in alarm.subject
    assert "could not be reached" in alarm.text
    assert reverse("messaging:intake_days") in alarm.text


def test_once_an_outage(broken, admin_user):
    other = User.objects.create_superuser("zoe@example.com", "correct horse", name="Zoe")
    assert raise_alarms() == 2
    assert raise_alarms() == 0
    other.is_active = False
    other.save()
    broken.last_success_at = ago(minutes=40)  # it worked meanwhile, and stopped again
    broken.save()
    assert raise_alarms() == 1
    assert alarms().count() == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"last_success_at": ago(minutes=20)},
        {"last_success_at": None, "watched_since": ago(minutes=20)},
        {"watched_since": ago(minutes=5)},
    ],
)
def test_a_short_silence_is_none(broken, admin_user, fields):
    MailboxState.objects.update(**fields)
    assert late_mailboxes() == []
    assert raise_alarms() == 0


def test_one_that_never_worked(broken, admin_user):
    MailboxState.objects.update(last_success_at=None)
    assert raise_alarms() == 1


def test_a_mailbox_that_is_switched_off_is_not_late(broken, admin_user, channel):
    channel.is_active = False
    channel.save()
    assert late_mailboxes() == []


def test_written_from_a_mailbox_that_works(broken, admin_user):
    other = Channel.objects.create(kind="email", name="Z", address="z@example.com")
    raise_alarms()
    assert alarms().get().channel == other


def test_in_the_language_of_each(broken, admin_user):
    admin_user.language = "es"
    admin_user.save()
    raise_alarms()
    assert not re.search(r"could not be fetched since", alarms().get().text)


def test_the_intake_says_so(broken, admin_user, client):
    client.force_login(admin_user)
    for name in ("intake", "intake_days"):
        page = client.get(reverse(f"messaging:{name}")).content.decode()
        assert "It could not be reached." in page


def test_readiness_says_so_without_failing(broken, client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.content == b"ready\nmail is late\n"
    MailboxState.objects.update(last_success_at=timezone.now())
    assert client.get("/readyz").content == b"ready\n"
