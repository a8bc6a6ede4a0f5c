"""Mail providers that are signed in to by OAuth 2.0 (RFC 6749) with PKCE (RFC 7636)."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Provider:
    """Where leave is asked, and the servers that a token of theirs may be handed to.

    `{tenant}` in an address is the organisation, where the provider knows several.
    """

    name: str
    authorize_url: str
    token_url: str
    scope: str
    imap_host: str
    smtp_host: str
    # What the provider needs to give a token that outlives the hour.
    extra: Mapping[str, str] = field(default_factory=dict)
    tenant: str = ""


PROVIDERS: dict[str, Provider] = {
    # https://developers.google.com/workspace/gmail/imap/xoauth2-protocol
    "google": Provider(
        name="Google",
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106  an address
        scope="https://mail.google.com/",
        imap_host="imap.gmail.com",
        smtp_host="smtp.gmail.com",
        extra={"access_type": "offline", "prompt": "consent"},
    ),
    # https://learn.microsoft.com/exchange/client-developer/legacy-protocols
    "microsoft": Provider(
        name="Microsoft 365",
        authorize_url="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
        token_url="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",  # noqa: S106
        scope=(
            "offline_access https://outlook.office.com/IMAP.AccessAsUser.All"
            " https://outlook.office.com/SMTP.Send"
        ),
        imap_host="outlook.office365.com",
        smtp_host="smtp.office365.com",
        extra={"prompt": "select_account"},
        tenant="organizations",
    ),
}
