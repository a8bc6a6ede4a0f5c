"""Verbs on agents, teams and API tokens."""

import logging
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ApiToken, User

log = logging.getLogger(__name__)

MAX_TOKENS = 20


class TooManyTokens(ValueError):
    """The user has enough tokens; the text is a sentence for them."""


def create_user(*, user: User, password: str | None, by: User) -> User:
    """Save a new user; without a password they cannot sign in until they choose one."""
    user.email = user.email.strip().lower()
    user.set_password(password)
    user.save(force_insert=True)
    log.warning("user %s was made with role %s by user %s", user.pk, user.role, by.pk)
    return user


def log_role_change(*, before: User, after: User, by: User) -> None:
    """Leave a line in the log when somebody's rights changed."""
    for field in ("role", "access", "is_active", "email"):
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            log.warning(
                "%s of user %s was changed from %s to %s by user %s",
                field, after.pk, old, new, by.pk,
            )  # fmt: skip


def choose_mail(*, user: User, on_answers: bool) -> User:
    """Whether they are mailed what customers write in their tickets."""
    user.mail_on_answers = on_answers
    user.save(update_fields=["mail_on_answers"])
    return user


def create_api_token(
    *,
    user: User,
    name: str,
    scope: ApiToken.Scope = ApiToken.Scope.READ,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Make a token; the second value is the secret, which cannot be read again.

    Raises `TooManyTokens` at the twenty-first that is not revoked.
    """
    if user.api_tokens.filter(revoked_at=None).count() >= MAX_TOKENS:
        raise TooManyTokens(_("You have 20 tokens. Revoke one that you do not need first."))
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
