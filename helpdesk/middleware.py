"""Headers that every response carries, and requests that none may make."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from helpdesk.lib.text import file_size

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def security_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Add Permissions-Policy, and keep every page out of shared caches and of the history."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def refuse_large_bodies(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 413 (RFC 9110, 15.5.14) before a body fills the disk, whatever the address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if _length(request) <= settings.MAX_REQUEST_BYTES:
            return get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            size = file_size(settings.MAX_ATTACHMENT_BYTES)
            return render(request, "413.html", {"size": size}, status=413)

    return middleware


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0
