"""One ticket: its page, its mail as sent, the original words."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.selectors import agents_visible_to, teams_visible_to
from tickets.forms import ReplyForm
from tickets.mail_frame import FRAME_POLICY, mail_document
from tickets.models import Ticket
from tickets.pages import requester_panel, ticket_page
from tickets.recipients import Surprise, recipients_of
from tickets.selectors import messages_visible_to
from tickets.views.access import AgentRequest, agent_page, ticket_or_404

framing: Callable[[Any], Any] = csp_update({"frame-src": [SELF]})


@require_safe
@framing
@agent_page
def ticket(request: AgentRequest, ticket_id: int) -> HttpResponse:
    return show(request, ticket_or_404(request.user, ticket_id))


@require_safe
@agent_page
def requester(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """A fragment: the requester's orders and other tickets."""
    panel = requester_panel(request.user, ticket_or_404(request.user, ticket_id))
    return render(request, "tickets/_requester.html", {"panel": panel})


@require_safe
@agent_page
def assignment_form(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """A fragment: to whom the ticket can be given."""
    choices = {
        "ticket": ticket_or_404(request.user, ticket_id),
        "agents": agents_visible_to(request.user).values_list("pk", "name"),
        "teams": teams_visible_to(request.user).values_list("pk", "name"),
    }
    return render(request, "tickets/_assignment.html", choices)


@require_safe
@agent_page
def recipients(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """A fragment: whom the agent did well to look at again, while the addresses are typed."""
    ticket = ticket_or_404(request.user, ticket_id)
    form = ReplyForm({**request.GET.dict(), "text": "-"}, computed=recipients_of(ticket))
    found = form.surprises(ticket) if form.is_valid() else []
    return render(request, "tickets/_surprises.html", surprise_context(found))


def surprise_context(found: Sequence[Surprise]) -> dict[str, Any]:
    """Unexpected recipients, and what confirms that the agent has seen each of them."""
    return {"surprises": found, "confirming": ",".join(surprise.address for surprise in found)}


def show(request: AgentRequest, ticket: Ticket, status: int = 200, **forms: Any) -> HttpResponse:
    """The ticket's page, or for htmx the ticket alone; `forms` are those to show again."""
    everything = request.GET.get("all") == "1"
    missed = forms.get("missed", ())
    page = ticket_page(request.user, ticket, everything=everything, missed=missed)
    context: Mapping[str, Any] = {
        "page": page,
        "ticket": ticket,
        "list_query": _list_query(request),
        **forms,
    }
    template = "tickets/_ticket.html" if request.htmx else "tickets/ticket.html"
    return render(request, template, context, status=status)


def _list_query(request: AgentRequest) -> str:
    """The list that the ticket was opened from: carried along in the address."""
    parameters = request.GET.copy()
    parameters.pop("all", None)
    return parameters.urlencode()


@require_safe
@xframe_options_sameorigin
@agent_page
def message_html(request: AgentRequest, ticket_id: int, message_id: int) -> HttpResponse:
    """A mail as its sender laid it out, in a frame that runs nothing; images only when asked."""
    message = _message(request, ticket_id, message_id)
    with_images = request.GET.get("images") == "1"
    document = mail_document(message, reader=f"agent.{request.user.pk}", with_images=with_images)
    response = HttpResponse(document)
    response["Content-Security-Policy"] = FRAME_POLICY[with_images]
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@agent_page
def message_original(request: AgentRequest, ticket_id: int, message_id: int) -> HttpResponse:
    """Everything that was sent, as plain text."""
    message = _message(request, ticket_id, message_id)
    return render(request, "tickets/original.html", {"message": message, "ticket": message.ticket})


def _message(request: AgentRequest, ticket_id: int, message_id: int) -> Any:
    messages = messages_visible_to(request.user).select_related("ticket", "customer", "agent")
    return get_object_or_404(messages, pk=message_id, ticket=ticket_id)
