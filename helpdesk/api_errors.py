"""Every refusal of the REST API in one shape: a sentence in `detail`, or sentences per field."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.response import Response
from rest_framework.views import exception_handler

from customers.addresses import InvalidAddress
from customers.orders import EventConflict
from customers.services import AddressTaken
from helpdesk.lib.api.bodies import BodyTooLarge
from tickets.models import TicketEvent
from tickets.services import TicketChanged, TicketRefused


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """A verb's refusal as an answer; DRF's own errors as DRF does; anything else stays a bug."""
    for kind, answer in _ANSWERS:
        if isinstance(error, kind):
            return answer(error)
    return exception_handler(error, context)


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
