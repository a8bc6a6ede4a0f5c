"""The delivery log: what went out, what became of it, and the mail as the customer sees it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from helpdesk.lib.times import Clock
from messaging import logs
from messaging.email.preview import header_lines
from messaging.email.preview import preview as previewed
from messaging.models import Delivery
from messaging.selectors import deliveries_visible_to
from messaging.services import retry_delivery
from messaging.services.outbound import outbound_of
from tickets.views.access import AgentRequest, agent_page

FILTERS = {"state": logs.STATES, "purpose": logs.PURPOSES}


@require_safe
@agent_page
def delivery_list(request: AgentRequest) -> HttpResponse:
    """Newest first; managers see all, agents what went out in their tickets."""
    asked = request.GET.dict()
    rows = deliveries_visible_to(request.user).select_related("channel", "message")
    try:
        shown, older = logs.page(logs.narrowed(rows.defer("html", "text"), asked, FILTERS), asked)
    except logs.BadFilter:
        reason = _("This list does not know one of the filters in the address.")
        return render(request, "400.html", {"reason": reason}, status=400)
    context = {
        "rows": logs.delivery_rows(shown),
        "older": older,
        "is_filtered": any(asked.values()),
        "states": logs.choices(asked, "state", logs.titles(Delivery.State)),
        "purposes": logs.choices(asked, "purpose", logs.titles(Delivery.Purpose)),
    }
    return render(request, "messaging/deliveries/list.html", context)


@require_safe
@agent_page
def delivery_page(request: AgentRequest, delivery_id: int) -> HttpResponse:
    delivery = _delivery_or_404(request.user, delivery_id)
    outbound, clock = outbound_of(delivery), Clock()
    context = {
        "delivery": delivery,
        "chip": logs.CHIPS.get(delivery.state, ""),
        "created": logs.moment(delivery.created_at, clock),
        "sent": logs.moment(delivery.sent_at, clock),
        "due": logs.moment(delivery.due_at, clock) if delivery.state == "queued" else None,
        "can_retry": delivery.state in (Delivery.State.FAILED, Delivery.State.SUPPRESSED),
        "headers": header_lines(outbound, at=delivery.sent_at),
        "files": outbound.attachments,
    }
    return render(request, "messaging/deliveries/delivery.html", context)


@require_safe
@agent_page
def preview(request: AgentRequest, delivery_id: int) -> HttpResponse:
    return previewed(outbound_of(_delivery_or_404(request.user, delivery_id)))


@require_POST
@agent_page
def retry(request: AgentRequest, delivery_id: int) -> HttpResponse:
    return _retry(request, _delivery_or_404(request.user, delivery_id))


@require_POST
@agent_page
def retry_message(request: AgentRequest, message_id: int) -> HttpResponse:
    """The same from the ticket page, which knows the message."""
    rows = deliveries_visible_to(request.user)
    return _retry(request, get_object_or_404(rows, message=message_id))


def _retry(request: AgentRequest, delivery: Delivery) -> HttpResponse:
    if retry_delivery(delivery).state == Delivery.State.QUEUED:
        messages.success(request, _("It is being sent again."))
    else:
        messages.info(request, _("There is nothing to send again."))
    there = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure()):
        return redirect(there)
    return redirect("messaging:delivery", delivery.pk)


def _delivery_or_404(user: User, delivery_id: int) -> Delivery:
    rows = deliveries_visible_to(user).select_related("channel", "customer", "message__ticket")
    return get_object_or_404(rows, pk=delivery_id)
