"""Who was told, who was not, and why."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.selectors import customers_visible_to, recent_orders
from notifications.models import Notice
from notifications.pages import OUTCOME_NAMES, BadFilter, latest_rows, notice_page
from notifications.selectors import notices_visible_to
from tickets.views.access import AgentRequest, agent_page, ticket_or_404

PARAMETERS = ("outcome", "kind", "after")


@require_safe
@agent_page
def notices(request: AgentRequest) -> HttpResponse:
    asked = request.GET.dict()
    try:
        if set(asked) - set(PARAMETERS):
            raise BadFilter
        page = notice_page(notices_visible_to(request.user), **asked)
    except BadFilter:
        reason = _("This list does not know one of the filters in the address.")
        return render(request, "400.html", {"reason": reason}, status=400)
    kept = {name: value for name, value in asked.items() if value and name != "after"}
    context = {
        "page": page,
        "filters": [
            (_("Outcome"), _choices("outcome", OUTCOME_NAMES.items(), kept)),
            (_("Kind"), _choices("kind", Notice.Kind.choices, kept)),
        ],
        "next": urlencode({**kept, "after": page.next}) if page.next else "",
    }
    return render(request, "notifications/notices.html", context)


def _choices(
    name: str, options: Iterable[tuple[str, object]], kept: Mapping[str, str]
) -> list[dict[str, object]]:
    """One chip for each value of a filter; the chosen one leads back to all."""
    others = {key: value for key, value in kept.items() if key != name}
    return [
        {
            "title": title,
            "is_chosen": kept.get(name) == value,
            "address": urlencode(others if kept.get(name) == value else {**others, name: value}),
        }
        for value, title in options
    ]


@require_safe
@agent_page
def customer_orders(request: AgentRequest, customer_id: int) -> HttpResponse:
    """A fragment: the customer's orders, and what we told them."""
    customer = get_object_or_404(customers_visible_to(request.user), pk=customer_id)
    rows = latest_rows(notices_visible_to(request.user).filter(customer=customer))
    context = {"orders": recent_orders(customer), "rows": rows}
    return render(request, "notifications/_orders.html", context)


@require_safe
@agent_page
def ticket_panel(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """A fragment of the ticket page: what we told the requester of our own accord."""
    ticket = ticket_or_404(request.user, ticket_id)
    rows = latest_rows(Notice.objects.filter(customer=ticket.requester_id))
    return render(request, "notifications/_notices.html", {"rows": rows})
