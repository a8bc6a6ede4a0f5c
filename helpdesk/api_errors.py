"""Every refusal of the REST API in one shape: a sentence in `detail`, or sentences per field."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from customers.addresses import InvalidAddress
from customers.orders import EventConflict
from customers.services import AddressTaken
from helpdesk.lib.api.bodies import BodyTooLarge
from helpdesk.lib.clients import client_network
from helpdesk.lib.limits import Limit, Use, seconds_to_wait
from tickets.models import TicketEvent
from tickets.services import TicketChanged, TicketRefused

STRANGERS = Limit("api-strangers", most=60, seconds=60)


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """A verb's refusal as an answer; DRF's own errors as DRF does; anything else stays a bug."""
    if isinstance(error, NotAuthenticated | AuthenticationFailed):
        error = _slowed_down(error, context["request"])
    for kind, answer in _ANSWERS:
        if isinstance(error, kind):
            return answer(error)
    return exception_handler(error, context)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Programs get a 404 in the same shape, people a page."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": _("There is nothing at this address.")}, status=404)
    return page_not_found(request, exception)


def _slowed_down(error: Exception, request: Request) -> Exception:
    """Who is nobody is counted by network: DRF counts only those who got as far as the view."""
    wait = seconds_to_wait([Use(STRANGERS, client_network(request._request))])
    return Throttled(wait) if wait else error


def _changed(error: TicketChanged) -> Response:
    """409 with what happened meanwhile, so that the caller can show it and decide again."""
    body = {
        "detail": str(error),
        "version": error.ticket.version,
        "events": [_happened(event) for event in error.events],
    }
    return Response(body, status=409)


def _happened(event: TicketEvent) -> dict[str, Any]:
    return {
        "version": event.version,
        "kind": event.kind,
        "at": event.at.isoformat(),
        "by": str(event.actor) if event.actor else event.get_actor_kind_display(),
        "message": event.message_id,
    }


def _refused(error: Exception) -> Response:
    return Response({"detail": str(error)}, status=400)


def _conflict(error: Exception) -> Response:
    return Response({"detail": str(error)}, status=409)


def _no_address(error: Exception) -> Response:
    return Response({"detail": _("“%(value)s” is not an address.") % {"value": error}}, status=400)


def _too_large(_error: Exception) -> Response:
    return Response({"detail": BodyTooLarge.default_detail}, status=BodyTooLarge.status_code)


_ANSWERS: tuple[tuple[type[Exception], Callable[[Any], Response]], ...] = (
    (RequestDataTooBig, _too_large),
    (TicketChanged, _changed),
    (TicketRefused, _refused),
    (EventConflict, _conflict),
    (AddressTaken, _conflict),
    (InvalidAddress, _no_address),
)
