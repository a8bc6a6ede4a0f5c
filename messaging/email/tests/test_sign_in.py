"""Mailboxes that want a provider's leave, against a local provider and a real Dovecot."""

import tempfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.urls import reverse
from django.utils import timezone

from helpdesk.testing.servers import dovecot_binary, dovecot_server
from messaging.adapters import DeliveryError, Outbound
from messaging.email import providers
from messaging.email.adapter import EmailAdapter
from messaging.email.fetch import fetch_mailbox
from messaging.email.sign_in import NotAuthorised, access_token, account_for
from messaging.email.tests.mailboxes import Account, due
from messaging.email.tests.oauth import oauth_provider
from messaging.email.tests.samples import mail
from messaging.email.tests.servers import Keeper, free_port
from messaging.models import MailboxGrant, MailboxState
from tickets.inbound import Person

WAY_BACK = "/authorisations/mail/"


@pytest.fixture
def provider(monkeypatch):
    # The library wants https, and this provider listens on loopback.
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with oauth_provider() as provider:
        known = replace(
            providers.PROVIDERS["google"],
            authorize_url=f"{provider.url}/authorize",
            token_url=f"{provider.url}/token",
            imap_host="127.0.0.1",
            smtp_host="127.0.0.1",
        )
        monkeypatch.setitem(providers.PROVIDERS, "google", known)
        yield provider


@pytest.fixture
def mailbox(channel):
    channel.settings = {
        "sign_in": "google",
        "oauth_client_id": "client-id",
        "oauth_client_secret": "client-secret",
        "imap_host": "127.0.0.1",
        "imap_security": "none",
        "imap_user": "support@example.com",
        "smtp_host": "127.0.0.1",
        "smtp_security": "none",
        "smtp_user": "support@example.com",
        "fetch_existing": True,
    }
    channel.save()
    return channel


@pytest.fixture
def admin(client, admin_user):
    client.post("/accounts/login/", {"login": admin_user.email, "password": "correct horse"})
    return client


def connect(admin, provider, channel, user="support@example.com"):
    """As an administrator does it: the button, the provider's page, the way back."""
    page = admin.post(reverse("messaging:authorise_mailbox", args=[channel.pk]))
    back = provider.consent(page.context["url"], user)
    page = admin.get(back.removeprefix("http://127.0.0.1:8000"))
    return admin.post(
        WAY_BACK, {name: page.context[name] for name in ("code", "state")}, follow=True
    )


@pytest.mark.django_db
def test_it_works(admin, provider, mailbox, admin_user):
    page = connect(admin, provider, mailbox).content.decode()
    assert "The mailbox is being connected" in page
    token = access_token(mailbox)
    assert provider.access[token] == "support@example.com"
    assert access_token(mailbox) == token
    assert len(provider.asked) == 1
    grant = MailboxGrant.objects.get()
    assert grant.granted_by == admin_user
    page = admin.get(reverse("admin:tickets_channel_change", args=[mailbox.pk])).content.decode()
    assert "Connected by" in page
    for name in ("access_token", "refresh_token"):
        assert grant.secret[name] not in page


@pytest.mark.django_db
def test_tokens_are_encrypted_where_they_are_kept(admin, provider, mailbox):
    from django.db import connection

    connect(admin, provider, mailbox)
    access_token(mailbox)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM messaging_mailboxgrant")
        [(kept,)] = cursor.fetchall()
    assert "at-" not in kept
    assert "rt-" not in kept


@pytest.mark.django_db
def test_a_token_is_renewed_before_it_ends(admin, provider, mailbox):
    provider.lasts = 60
    connect(admin, provider, mailbox)
    first = access_token(mailbox)
    second = access_token(mailbox)
    assert first != second
    assert [form["grant_type"] for form in provider.asked] == [
        "authorization_code",
        "refresh_token",
    ]


@pytest.mark.django_db
def test_a_refusal_names_its_reason(admin, provider, mailbox):
    provider.lasts = 0
    connect(admin, provider, mailbox)
    access_token(mailbox)
    provider.refusal = {"error": "invalid_grant", "error_description": "Token has been revoked."}
    with pytest.raises(NotAuthorised, match=r"invalid_grant: Token has been revoked\. Connect"):
        access_token(mailbox)
    page = admin.get(reverse("admin:tickets_channel_change", args=[mailbox.pk])).content.decode()
    assert "Token has been revoked." in page
    fetch_mailbox(mailbox)
    state = MailboxState.objects.get()
    assert "Token has been revoked." in state.last_error
    # Connected anew it goes on.
    provider.refusal = {}
    connect(admin, provider, mailbox)
    access_token(mailbox)
    assert MailboxGrant.objects.get().problem == ""


@pytest.mark.django_db
def test_a_provider_that_is_away_is_asked_again(admin, provider, mailbox, monkeypatch):
    connect(admin, provider, mailbox)
    gone = replace(providers.PROVIDERS["google"], token_url=f"http://127.0.0.1:{free_port()}/")
    with monkeypatch.context() as patch:
        patch.setitem(providers.PROVIDERS, "google", gone)
        with pytest.raises(NotAuthorised, match="could not be asked"):
            access_token(mailbox)
    assert access_token(mailbox)


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"state": "wrong"}, {"state": ""}, {"again": True}])
def test_only_the_session_that_asked_is_answered(admin, provider, mailbox, change):
    page = admin.post(reverse("messaging:authorise_mailbox", args=[mailbox.pk]))
    back = provider.consent(page.context["url"], "support@example.com")
    answer = dict(parse_qsl(urlsplit(back).query))
    assert admin.get(WAY_BACK, answer).status_code == 200
    assert not MailboxGrant.objects.exists()
    if "again" in change:
        admin.post(WAY_BACK, answer)
        MailboxGrant.objects.all().delete()
    else:
        answer |= change
    assert admin.get(WAY_BACK, answer).status_code == 400
    assert admin.post(WAY_BACK, answer).status_code == 400
    assert not MailboxGrant.objects.exists()


@pytest.mark.django_db
def test_a_no_of_the_provider_is_told(admin, provider, mailbox):
    page = admin.post(reverse("messaging:authorise_mailbox", args=[mailbox.pk]))
    state = admin.session["mailbox_authorisation"]["state"]
    assert page.status_code == 200
    where = reverse("messaging:mailbox_authorised")
    response = admin.get(where, {"error": "access_denied", "state": state}, follow=True)
    assert "access_denied" in response.content.decode()


@pytest.mark.django_db
def test_a_token_goes_to_its_provider_alone(admin, provider, mailbox):
    connect(admin, provider, mailbox)
    mailbox.settings["imap_host"] = "imap.evil.example"
    with pytest.raises(NotAuthorised, match=r"is not shown to imap\.evil\.example"):
        account_for(mailbox)
    assert provider.asked == []


@pytest.mark.django_db
def test_what_one_provider_gave_is_not_shown_to_another(admin, provider, mailbox, monkeypatch):
    connect(admin, provider, mailbox)
    access_token(mailbox)
    other = replace(providers.PROVIDERS["google"], name="Other")
    monkeypatch.setitem(providers.PROVIDERS, "other", other)
    mailbox.settings["sign_in"] = "other"
    with pytest.raises(NotAuthorised, match="Nobody has connected"):
        access_token(mailbox)
    assert len(provider.asked) == 1


@pytest.mark.django_db
def test_without_a_client_id_there_is_a_sentence(admin, provider, mailbox):
    mailbox.settings.pop("oauth_client_id")
    mailbox.save()
    where = reverse("messaging:authorise_mailbox", args=[mailbox.pk])
    assert "client id" in admin.post(where, follow=True).content.decode()


@pytest.mark.imap
@pytest.mark.django_db(transaction=True)
def test_fetching_by_xoauth2(admin, provider, mailbox):
    if not dovecot_binary():
        pytest.skip("Dovecot is not installed")
    with tempfile.TemporaryDirectory(prefix="helpdesk-test-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        info = f"{provider.url}/tokeninfo?access_token="
        with dovecot_server(folder, token_info_url=info) as server:
            account = Account(server)
            account.put(mail(subject="By leave"))
            mailbox.settings |= {"imap_port": server.port, "imap_user": account.user}
            mailbox.save()
            fetch_mailbox(mailbox)
            assert "Nobody has connected" in MailboxState.objects.get().last_error
            due(mailbox)
            connect(admin, provider, mailbox, user=account.user)
            assert fetch_mailbox(mailbox) == 1
            provider.access.clear()  # taken back before its time
            due(mailbox)
            fetch_mailbox(mailbox)
            assert "did not accept" in MailboxState.objects.get().last_error
            account.client.logout()


class _Handler(Keeper):
    def __init__(self, provider) -> None:
        super().__init__()
        self.provider = provider
        self.said = ""

    async def auth_XOAUTH2(self, server, args):  # noqa: N802
        import base64

        self.said = base64.b64decode(args[1]).decode()
        token = self.said.partition("Bearer ")[2].strip("\1")
        return AuthResult(success=token in self.provider.access, handled=False)


@pytest.mark.django_db
def test_sending_by_xoauth2(admin, provider, mailbox):
    handler, port = _Handler(provider), free_port()
    controller = Controller(
        handler, hostname="127.0.0.1", port=port, auth_require_tls=False, auth_required=True
    )
    controller.start()
    try:
        outbound = Outbound(
            channel_address=mailbox.address,
            channel_name="Support",
            channel_settings={**mailbox.settings, "smtp_port": port},
            to=(Person("dora@example.net"),),
            subject="Hello",
            text="Hi",
            message_id="<1@example.com>",
        )
        with pytest.raises(DeliveryError, match="Nobody has connected") as refused:
            EmailAdapter().send(outbound)
        assert not refused.value.permanent
        connect(admin, provider, mailbox)
        EmailAdapter().send(outbound)
        assert len(handler.taken) == 1
        token = access_token(mailbox)
        assert handler.said == f"user=support@example.com\1auth=Bearer {token}\1\1"
        provider.access.clear()
        with pytest.raises(DeliveryError, match="did not accept"):
            EmailAdapter().send(outbound)
    finally:
        controller.stop()
    assert timezone.now() < MailboxGrant.objects.get().expires_at
