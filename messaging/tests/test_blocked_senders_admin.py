"""The list of blocked senders: administrators keep it, nobody else sees it."""

from django.urls import reverse

from messaging.models import BlockedSender

LIST = "admin:messaging_blockedsender_changelist"
ADD = "admin:messaging_blockedsender_add"


def test_it_works(client, admin_user):
    client.force_login(admin_user)
    answer = client.post(reverse(ADD), {"value": "Evil.example", "note": "Parcels of bricks"})
    assert answer.status_code == 302
    assert BlockedSender.objects.get().value == "evil.example"
    assert "evil.example" in client.get(reverse(LIST)).content.decode()


def test_an_entry_that_is_none_is_refused(client, admin_user):
    client.force_login(admin_user)
    answer = client.post(reverse(ADD), {"value": "everybody"})
    assert answer.status_code == 200
    assert not BlockedSender.objects.exists()


def test_agents_and_managers_have_no_access(client, ana, mia):
    for user in (ana, mia):
        client.force_login(user)
        assert client.get(reverse(LIST)).status_code in (302, 403)
        assert client.post(reverse(ADD), {"value": "evil.example"}).status_code in (302, 403)
    assert not BlockedSender.objects.exists()
