"""How we get into a mailbox: with its password, or with a provider's leave (OAuth 2.0).

The refresh token is kept encrypted; an access token is used until shortly before it ends. Two
processes that renew at once both get a token that is good: the later one is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from messaging.email.header_lines import one_line
from messaging.email.imap import Account, account_of
from messaging.email.providers import PROVIDERS, Provider
from messaging.models import MailboxGrant
from tickets.models import Channel

TIMEOUT = 20
"""Seconds for one answer of the provider."""
MARGIN = timedelta(minutes=2)
"""A token that ends sooner is renewed first."""


class NotAuthorised(Exception):
    """The provider does not let us into the mailbox; the text is a sentence for administrators."""


@dataclass(frozen=True)
class Step:
    """Where to send the administrator, and what only their session may know meanwhile."""

    url: str
    state: str
    verifier: str


def provider_of(channel_settings: Mapping[str, object]) -> Provider | None:
    """The provider whose leave the mailbox needs; None where it has a password."""
    return PROVIDERS.get(str(channel_settings.get("sign_in") or ""))


def account_for(channel: Channel) -> Account | None:
    """The mailbox of a channel, ready to be opened; None when it is not fetched.

    Raises `NotAuthorised`. May ask the provider for a new token.
    """
    account = account_of(channel.settings)
    provider = provider_of(channel.settings)
    if account is None or provider is None:
        return account
    _refuse_other_server(provider, account.host, provider.imap_host)
    return replace(account, access_token=access_token(channel))


def sending_token(channel_settings: Mapping[str, object], address: str, host: str) -> str:
    """The access token to send with as this mailbox, "" where it has a password."""
    provider = provider_of(channel_settings)
    if provider is None or not channel_settings.get("smtp_host"):
        return ""
    _refuse_other_server(provider, host, provider.smtp_host)
    return access_token(Channel.objects.get(kind="email", address=address))


def _refuse_other_server(provider: Provider, host: str, theirs: str) -> None:
    if host.lower() != theirs:
        facts = {"provider": provider.name, "host": host, "theirs": theirs}
        raise NotAuthorised(
            _("The permission of %(provider)s is for %(theirs)s and is not shown to %(host)s.")
            % facts
        )


def first_step(channel: Channel) -> Step:
    """Begin to ask the provider of a channel; raises `NotAuthorised` without a client id."""
    provider = provider_of(channel.settings)
    if provider is None or not channel.settings.get("oauth_client_id"):
        raise NotAuthorised(_("Choose the provider and give the client id first, and save."))
    state, verifier = _secret(), _secret()
    url, _state = _client(channel).create_authorization_url(
        _address(provider.authorize_url, channel),
        state=state,
        code_verifier=verifier,
        login_hint=str(channel.settings.get("imap_user") or channel.address),
        **provider.extra,
    )
    return Step(url, state, verifier)


def keep_code(channel: Channel, *, code: str, verifier: str, by: User) -> MailboxGrant:
    """Keep the provider's answer; the next use of the mailbox exchanges it for tokens."""
    grant, _made = MailboxGrant.objects.update_or_create(
        channel=channel,
        defaults={
            "secret": {"code": code, "verifier": verifier, **_whose(channel)},
            "expires_at": None,
            "problem": "",
            "granted_by": by,
            "granted_at": timezone.now(),
        },
    )
    return grant


def access_token(channel: Channel) -> str:
    """A token that opens the mailbox now, renewed when needed. Raises `NotAuthorised`."""
    grant = MailboxGrant.objects.filter(channel=channel).first()
    # What one provider gave is never shown to another.
    if grant is None or not _whose(channel).items() <= grant.secret.items():
        raise NotAuthorised(_("Nobody has connected this mailbox with its provider yet."))
    if grant.expires_at and grant.expires_at > timezone.now() + MARGIN:
        return str(grant.secret["access_token"])
    return _renewed(channel, grant)


def forget_access_token(channel: Channel) -> None:
    """The server did not accept it: the next time a new one is asked for."""
    MailboxGrant.objects.filter(channel=channel).update(expires_at=None)


def _whose(channel: Channel) -> dict[str, str]:
    names = ("sign_in", "oauth_client_id")
    return {name: str(channel.settings.get(name) or "") for name in names}


def _renewed(channel: Channel, grant: MailboxGrant) -> str:
    provider = provider_of(channel.settings)
    assert provider, "asked only of channels with a provider"
    try:
        token = _asked(_client(channel), _address(provider.token_url, channel), grant.secret)
        lasts = timedelta(seconds=min(max(int(token.get("expires_in", 3600)), 0), 86_400))
        access, refresh = str(token["access_token"]), str(token.get("refresh_token") or "")
    except AuthlibBaseError as error:
        said = _("%(provider)s refused: %(problem)s. Connect the mailbox again.")
        raise _failed(grant, provider, said, f"{error.error}: {error.description}") from error
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        said = _("%(provider)s could not be asked for a token: %(problem)s")
        raise _failed(grant, provider, said, str(error) or type(error).__name__) from error
    grant.secret = {"access_token": access, "refresh_token": refresh, **_whose(channel)}
    grant.expires_at, grant.problem = timezone.now() + lasts, ""
    if not refresh:
        grant.problem = _("It gave no refresh token: the mailbox has to be connected every hour.")
    grant.save(update_fields=["secret", "expires_at", "problem"])
    return access


def _asked(client: OAuth2Session, url: str, secret: Mapping[str, str]) -> Mapping[str, Any]:
    if code := secret.get("code"):
        token = client.fetch_token(
            url,
            grant_type="authorization_code",
            code=code,
            code_verifier=secret.get("verifier", ""),
            timeout=TIMEOUT,
        )
    else:
        refresh = secret.get("refresh_token", "")
        token = client.refresh_token(url, refresh_token=refresh, timeout=TIMEOUT)
    found: Mapping[str, Any] = token
    return found


def _failed(grant: MailboxGrant, provider: Provider, said: str, problem: str) -> NotAuthorised:
    sentence = said % {"provider": provider.name, "problem": one_line(problem)[:300].rstrip(".")}
    grant.problem = sentence[:500]
    grant.save(update_fields=["problem"])
    return NotAuthorised(sentence)


def redirect_address() -> str:
    """The address to enter at the provider."""
    return settings.SITE_URL + reverse("messaging:mailbox_authorised")


def _client(channel: Channel) -> OAuth2Session:
    provider = provider_of(channel.settings)
    return OAuth2Session(
        str(channel.settings.get("oauth_client_id") or ""),
        str(channel.settings.get("oauth_client_secret") or "") or None,
        token_endpoint_auth_method="client_secret_post",  # noqa: S106  the name of a method
        scope=provider.scope if provider else "",
        redirect_uri=redirect_address(),
        code_challenge_method="S256",
    )


def _address(pattern: str, channel: Channel) -> str:
    provider = provider_of(channel.settings)
    tenant = str(channel.settings.get("oauth_tenant") or (provider.tenant if provider else ""))
    return pattern.replace("{tenant}", tenant)


def _secret() -> str:
    return token_urlsafe(48)
