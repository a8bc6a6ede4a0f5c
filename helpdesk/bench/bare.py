"""The bare views that everything is compared with: one indexed query, one plain template.

They pass the same middleware as every page. `signed_in` also loads the session and the user, as
every page of the workspace must.
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from tickets.models import Message, Ticket
from tickets.search import messages_with

PLAIN = engines["django"].from_string(
    "<!doctype html><title>Bare</title><table>{% for row in rows %}<tr><td>{{ row.0 }}</td>"
    "<td>{{ row.1 }}</td><td>{{ row.2 }}</td><td>{{ row.3 }}</td><td>{{ row.4 }}</td></tr>"
    "{% endfor %}</table>"
)
LIST_COLUMNS = ("id", "subject", "snippet", "status", "priority")
MESSAGE_COLUMNS = ("id", "kind", "text", "sender_address", "state")


def bare_list(request: HttpRequest, rows: int) -> HttpResponse:
    """`rows` tickets, latest first."""
    found = Ticket.objects.order_by("-updated_at", "-id").values_list(*LIST_COLUMNS)[:rows]
    return HttpResponse(PLAIN.render({"rows": list(found)}, request))


def bare_search(request: HttpRequest, rows: int) -> HttpResponse:
    """The latest `rows` messages that the text index finds: one indexed query, as for a list."""
    found = messages_with(request.GET["q"]).order_by("-id").values_list(*MESSAGE_COLUMNS)[:rows]
    return HttpResponse(PLAIN.render({"rows": list(found)}, request))


def bare_messages(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """The messages of one ticket."""
    found = Message.objects.filter(ticket=ticket_id).order_by("created_at", "id")
    return HttpResponse(PLAIN.render({"rows": list(found.values_list(*MESSAGE_COLUMNS))}, request))


urlpatterns = [
    path("bare/<int:rows>/", bare_list),
    path("bare/signed-in/<int:rows>/", login_required(bare_list)),
    path("bare/search/<int:rows>/", bare_search),
    path("bare/signed-in/search/<int:rows>/", login_required(bare_search)),
    path("bare/ticket/<int:ticket_id>/", bare_messages),
    path("bare/signed-in/ticket/<int:ticket_id>/", login_required(bare_messages)),
    path("", include("helpdesk.urls")),
]
