"""Pages speak the signed-in user's language and show their time zone."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

LANGUAGE_CODES = {code for code, _name in settings.LANGUAGES}


def speak_the_users_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Activate the user's language and zone; for others what their browser asks for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        chosen = getattr(user, "language", "") or request.COOKIES.get(
            settings.LANGUAGE_COOKIE_NAME, ""
        )
        language = (
            chosen if chosen in LANGUAGE_CODES else translation.get_language_from_request(request)
        )
        with translation.override(language), timezone.override(_zone(user)):
            request.LANGUAGE_CODE = language
            response = get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response = response.render()
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def _zone(user: object) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(getattr(user, "time_zone", "") or settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
