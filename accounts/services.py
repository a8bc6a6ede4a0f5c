"""Verbs on agents, teams and API tokens."""

from datetime import datetime

from django.utils import timezone

from accounts.models import ApiToken, User


def create_api_token(
    *,
    user: User,
    name: str,
    scope: ApiToken.Scope = ApiToken.Scope.READ,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Make a token; the second value is the secret, which cannot be read again."""
    secret = ApiToken.new_secret()
    token = ApiToken.objects.create(
        user=user,
        name=name,
        scope=scope,
        expires_at=expires_at,
        prefix=secret[:8],
        digest=ApiToken.digest_of(secret),
    )
    return token, secret


def revoke_api_token(*, token: ApiToken) -> ApiToken:
    """End a token at once; repeating it keeps the first time."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
    return token
