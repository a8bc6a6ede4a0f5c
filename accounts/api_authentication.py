"""REST API sign-in by `Authorization: Token hd_…`."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from accounts.models import ApiToken, User

READ_METHODS = ("GET", "HEAD", "OPTIONS")


class TokenAuthentication(BaseAuthentication):
    """The token's owner, as long as token and owner are alive; a read token only reads.

    A token is looked up by its SHA-256, so nothing about it is learnt from timing.
    """

    keyword = "Token"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if len(parts) != 2 or parts[0].lower() != self.keyword.lower().encode():
            return None
        token = self._alive(parts[1].decode("latin-1"))
        if token.scope == ApiToken.Scope.READ and request.method not in READ_METHODS:
            raise exceptions.PermissionDenied(_("This token may only read."))
        _mark_used(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword

    def _alive(self, secret: str) -> ApiToken:
        token = (
            ApiToken.objects.select_related("user")
            .filter(digest=ApiToken.digest_of(secret), revoked_at=None, user__is_active=True)
            .first()
        )
        if token is None or (token.expires_at and token.expires_at <= timezone.now()):
            raise exceptions.AuthenticationFailed(_("This token is not valid (any more)."))
        return token


def _mark_used(token: ApiToken) -> None:
    """Remember the use, at most once a minute."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
