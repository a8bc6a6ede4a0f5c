"""How sign-in behaves: nobody registers themselves, agents are invited by an administrator."""

import logging
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.known_devices import DEVICE_COOKIE, DEVICE_SECONDS, device_of, new_device_cookie

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only this host: `next=` leads nowhere else."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, {request.get_host()}, require_https=request.is_secure()
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """A link whose host comes from the settings, never from the request."""
        parts = {"uidb36": "UID", "key": "KEY"}
        address = reverse("account_reset_password_from_key", kwargs=parts)
        return settings.SITE_URL + address.replace("UID-KEY", quote(key))

    def set_password(self, user: Any, password: str) -> None:
        """Whoever could choose a new password is the owner: earlier guesses lock nobody out."""
        super().set_password(user, password)
        self._delete_login_attempts_cached_email(context.request, email=user.email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Known and unknown addresses get the same page, also when no mail can be sent."""
        try:
            super().send_mail(template_prefix, email, context)
        except RuntimeError:
            log.exception("mail %s was not sent", template_prefix)

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """The password again. Users have one address, so there is no table of addresses to ask."""
        known = self.authenticate(context.request, email=user.get_username(), password=password)
        return known is not None and known.pk == user.pk

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **options)
        response.set_cookie(
            DEVICE_COOKIE,
            new_device_cookie(user.email),
            max_age=DEVICE_SECONDS,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
            path=reverse("account_login"),
        )
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth has no public hook for the key that failed attempts are counted by. A browser
        # that has signed in to this account before has a count of its own, so that a stranger
        # who keeps guessing does not lock the owner out.
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        device = device_of(request, str(credentials.get("email", "")))
        return f"{key}:{device}" if device else key
