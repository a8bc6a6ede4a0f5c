"""Channels in the admin: settings by kind, secrets that go in and never come out."""

import pytest
from django.urls import reverse

from messaging.models import MailboxState
from tickets.models import Channel


def sign_in(client, user) -> None:
    """With a password given just now."""
    client.logout()
    client.post("/accounts/login/", {"login": user.email, "password": "correct horse"})


@pytest.fixture
def admin(client, admin_user):
    sign_in(client, admin_user)
    return client


@pytest.fixture
def mailbox(channel) -> Channel:
    channel.settings = {
        "imap_host": "imap.example.com",
        "imap_user": "support",
        "imap_password": "hunter2-secret",
        "something_else": 1,
    }
    channel.save()
    return channel


def url(channel: Channel) -> str:
    return reverse("admin:tickets_channel_change", args=[channel.pk])


def filled(channel: Channel, **fields: object) -> dict[str, object]:
    return {
        "name": channel.name,
        "address": channel.address,
        "default_team": channel.default_team_id,
        "is_active": "on",
        "imap_host": "imap.example.com",
        "imap_user": "support",
        "imap_security": "ssl",
        "smtp_security": "starttls",
        **fields,
    }


def saved(admin, channel: Channel, **fields: object) -> dict[str, object]:
    response = admin.post(url(channel), filled(channel, **fields))
    assert response.status_code == 302, response.context["adminform"].form.errors
    channel.refresh_from_db()
    return channel.settings


def test_it_works(admin, mailbox):
    page = admin.get(url(mailbox)).content.decode()
    assert "imap.example.com" in page
    settings = saved(admin, mailbox, smtp_host="smtp.example.com", smtp_port="587")
    assert (settings["smtp_host"], settings["smtp_port"]) == ("smtp.example.com", 587)
    assert settings["something_else"] == 1


def test_a_secret_is_never_shown_and_kept_when_left_empty(admin, mailbox):
    assert "hunter2" not in admin.get(url(mailbox)).content.decode()
    assert saved(admin, mailbox)["imap_password"] == "hunter2-secret"
    refused = admin.post(url(mailbox), filled(mailbox, name="", imap_password="new-secret"))
    assert "new-secret" not in refused.content.decode()
    assert saved(admin, mailbox, imap_password="new-secret")["imap_password"] == "new-secret"


def test_a_secret_is_never_handed_to_another_server(admin, mailbox):
    response = admin.post(url(mailbox), filled(mailbox, imap_host="evil.example.org"))
    assert "give the password again" in response.content.decode()
    mailbox.refresh_from_db()
    assert mailbox.settings["imap_host"] == "imap.example.com"
    settings = saved(admin, mailbox, imap_host="new.example.com", imap_password="other")
    assert settings["imap_password"] == "other"


def test_without_a_server_its_password_is_forgotten(admin, mailbox):
    assert "imap_password" not in saved(admin, mailbox, imap_host="")


@pytest.mark.parametrize(
    "fields",
    [
        {"imap_user": "a\r\nb"},
        {"brand_color": "red;x"},
        {"imap_port": "70000"},
        {"address": "no address"},
        {"address": "taken@example.com"},
    ],
)
def test_wrong_settings_get_a_sentence(admin, mailbox, fields):
    Channel.objects.create(kind="email", name="Taken", address="taken@example.com")
    response = admin.post(url(mailbox), filled(mailbox, **fields))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors


def test_an_address_is_kept_in_one_spelling(admin, mailbox):
    saved(admin, mailbox, address=" Help@Example.COM ")
    assert mailbox.address == "help@example.com"


def test_a_new_channel_leads_to_its_settings(admin, team):
    response = admin.post(
        reverse("admin:tickets_channel_add"),
        {"kind": "email", "name": "Sales", "address": "sales@example.com", "is_active": "on"},
    )
    channel = Channel.objects.get()
    assert response.url == url(channel)


def test_the_list_says_what_is_wrong_with_a_mailbox(admin, mailbox):
    MailboxState.objects.create(channel=mailbox, last_error="It could not be reached")
    page = admin.get(reverse("admin:tickets_channel_changelist")).content.decode()
    assert "It could not be reached" in page


def test_only_administrators_with_a_fresh_password(client, mailbox, mia, ana, admin_user):
    for user, status in ((ana, 302), (mia, 403), (admin_user, 200)):
        sign_in(client, user)
        assert client.get(url(mailbox)).status_code == status
    client.logout()
    client.force_login(admin_user)
    assert "reauthenticate" in client.get(url(mailbox)).url


def test_channels_are_not_deleted(admin, mailbox):
    address = reverse("admin:tickets_channel_delete", args=[mailbox.pk])
    assert admin.post(address, {"post": "yes"}).status_code == 403
