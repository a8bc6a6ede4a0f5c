"""What an agent decides about a message of somebody who is not part of the ticket."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tickets.models import Message, Ticket
from tickets.selectors import messages_visible_to
from tickets.services import TicketRefused, let_in, make_own_ticket
from tickets.views.access import AgentRequest, agent_page, ticket_or_404
from tickets.views.tickets import framing
from tickets.views.verbs import back_to, refused

Decision = Callable[[AgentRequest, Message], None]


def decision(verb: Decision) -> Callable[..., HttpResponseBase]:
    """Load the message for a POST, call the verb, and show the ticket again."""

    @require_POST
    @framing
    @agent_page
    @wraps(verb)
    def view(request: AgentRequest, ticket_id: int, message_id: int) -> HttpResponse:
        ticket = ticket_or_404(request.user, ticket_id)
        message = _message(request, ticket, message_id)
        if not message.is_held:
            messages.info(request, _("A colleague has decided about this message already."))
            return back_to(request, ticket)
        try:
            verb(request, message)
        except TicketRefused as refusal:
            return refused(request, ticket_id, refusal)
        return back_to(request, ticket)

    return view


def _message(request: AgentRequest, ticket: Ticket, message_id: int) -> Message:
    """The message of this ticket; or, when somebody was faster, wherever it is by now."""
    visible = messages_visible_to(request.user).select_related("ticket", "customer", "channel")
    is_here_or_decided = Q(ticket=ticket) | ~Q(kind=Message.Kind.HELD)
    return get_object_or_404(visible, is_here_or_decided, pk=message_id)


@decision
def admission(request: AgentRequest, message: Message) -> None:
    let_in(message=message, by=request.user)
    sentence = _("%(customer)s is part of this ticket now.") % {"customer": message.customer}
    messages.success(request, sentence)


@decision
def own_ticket(request: AgentRequest, message: Message) -> None:
    opened = make_own_ticket(message=message, by=request.user)
    messages.success(request, _("The message is ticket #%(number)s now.") % {"number": opened.pk})
