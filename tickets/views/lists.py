"""The list of tickets, its filters, and the counts beside the views."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tickets.filter_choices import chips_of, choices_for
from tickets.filters import BadFilter, filter_tickets
from tickets.listing import (
    VIEWS,
    BadCursor,
    Cursor,
    count_views,
    search_tickets,
    tickets_in_view,
)
from tickets.rows import Page, page_of
from tickets.views.access import AgentRequest, agent_page


@require_safe
@agent_page
def ticket_list(request: AgentRequest) -> HttpResponse:
    """One page of one view; for htmx only the rows (the next page) or the pane beside a ticket."""
    key = _view_key(request)
    try:
        page = _page(request, key)
    except (BadFilter, BadCursor):
        reason = _("This list does not know one of the filters in the address.")
        return render(request, "400.html", {"reason": reason}, status=400)
    template = _TEMPLATES.get(request.htmx.target or "", "tickets/list.html")
    context = {
        "page": page,
        "view": VIEWS[key],
        "view_key": key,
        "query": _query(request),
        "address": _address(request),
        "next": _address(request, after=str(page.next)) if page.next else "",
    }
    if template == "tickets/list.html":
        context["chips"] = chips_of(request.user, request.GET)
    return render(request, template, context)


_TEMPLATES: Mapping[str, str] = {"list-pane": "tickets/_pane.html", "more": "tickets/_rows.html"}


def _view_key(request: AgentRequest) -> str:
    """The view asked for; a search or a filter without a view looks everywhere."""
    asked = set(request.GET) - {"after"}
    key = request.GET.get("view") or ("all" if asked else "open")
    return key if key in VIEWS else "all"


def _page(request: AgentRequest, key: str) -> Page:
    if request.GET.get("view", key) not in ("", key):
        raise BadFilter(key)
    tickets = filter_tickets(tickets_in_view(request.user, key), request.GET, request.user)
    if query := _query(request):
        tickets = search_tickets(tickets, query)
    after = request.GET.get("after")
    return page_of(tickets, Cursor.parse(after) if after else None, _address(request))


def _query(request: AgentRequest) -> str:
    """The words searched for, without characters that no database stores."""
    typed = request.GET.get("q", "")[:200]
    return "".join(c for c in typed if c.isprintable()).strip()


def _address(request: AgentRequest, **changes: str) -> str:
    """The query string of this list, from its first page on."""
    kept = {name: value for name, value in request.GET.items() if value and name != "after"}
    return urlencode({**kept, **changes})


@require_safe
@agent_page
def filters(request: AgentRequest) -> HttpResponse:
    """The form with every filter, as a page of its own or inside the list."""
    context = {"choices": choices_for(request.user, request.GET), "parameters": request.GET}
    template = "tickets/_filters.html" if request.htmx else "tickets/filters.html"
    return render(request, template, context)


@require_safe
@agent_page
def counts(request: AgentRequest) -> HttpResponse:
    return render(request, "tickets/_counts.html", {"counts": count_views(request.user)})
