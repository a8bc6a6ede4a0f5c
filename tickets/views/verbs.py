"""The doors to the verbs: each takes a POST, calls one verb and shows the ticket again."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tickets import services
from tickets.forms import (
    AssignmentForm,
    NoteForm,
    PriorityForm,
    ReplyForm,
    SeenForm,
    StatusForm,
    TagsForm,
)
from tickets.models import Ticket
from tickets.recipients import recipients_of
from tickets.selectors import tickets_visible_to
from tickets.views.access import AgentRequest, agent_page, ticket_or_404
from tickets.views.tickets import framing, show, surprise_context

Door = Callable[[AgentRequest, Ticket], HttpResponse | None]


def door(verb: Door) -> Callable[..., HttpResponseBase]:
    """Load the ticket for a POST; when the verb refuses, say so and keep the page as it was."""

    @require_POST
    @framing
    @agent_page
    @wraps(verb)
    def view(request: AgentRequest, ticket_id: int) -> HttpResponse:
        ticket = ticket_or_404(request.user, ticket_id)
        try:
            shown_again = verb(request, ticket)
        except services.TicketRefused as refusal:
            return refused(request, ticket_id, refusal)
        return shown_again or back_to(request, ticket)

    return view


def refused(
    request: AgentRequest, ticket_id: int, refusal: services.TicketRefused, **forms: object
) -> HttpResponse:
    """The ticket as it is now, with what happened meanwhile and everything that was typed."""
    ticket = ticket_or_404(request.user, ticket_id)
    missed = getattr(refusal, "events", ())
    return show(request, ticket, status=409, refusal=refusal, missed=missed, **forms)


def back_to(request: AgentRequest, ticket: Ticket) -> HttpResponse:
    response = redirect("tickets:ticket", ticket.pk)
    query = request.GET.urlencode()
    if query:
        response["Location"] += f"?{query}"
    return response


@door
def replies(request: AgentRequest, ticket: Ticket) -> HttpResponse | None:
    form = ReplyForm(request.POST, request.FILES, computed=recipients_of(ticket))
    if not form.is_valid():
        return show(request, ticket, status=422, reply=form)
    if found := form.unconfirmed(ticket):
        return show(request, ticket, status=422, reply=form, **surprise_context(found))
    chosen = form.cleaned_data
    try:
        services.reply_to_ticket(
            ticket=ticket,
            by=request.user,
            text=chosen["text"],
            status=chosen["status"] or Ticket.Status.PENDING,
            files=form.attachments(),
            recipients=form.recipients(),
            seen=chosen["seen"],
        )
    except services.TicketRefused as refusal:
        return refused(request, ticket.pk, refusal, reply=form)
    sent = _("Your reply is on its way.")
    messages.success(request, sent, extra_tags=f"reply-{ticket.pk}")
    return None


@door
def notes(request: AgentRequest, ticket: Ticket) -> HttpResponse | None:
    form = NoteForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, ticket, status=422, note=form)
    try:
        services.add_note(
            ticket=ticket, by=request.user, text=form.cleaned_data["text"], files=form.attachments()
        )
    except services.TicketRefused as refusal:
        return refused(request, ticket.pk, refusal, note=form)
    messages.success(request, _("Your note is saved."), extra_tags=f"note-{ticket.pk}")
    return None


@door
def assignment(request: AgentRequest, ticket: Ticket) -> HttpResponse | None:
    form = AssignmentForm(request.POST, user=request.user)
    if not form.is_valid():
        raise services.TicketRefused(_("Choose an agent and a team from the list."))
    services.assign_ticket(ticket=ticket, by=request.user, **form.cleaned_data)
    return _leave_if_invisible(request, ticket)


def _leave_if_invisible(request: AgentRequest, ticket: Ticket) -> HttpResponse | None:
    """Whoever hands a ticket to another team may lose sight of it: then the list is shown."""
    if tickets_visible_to(request.user).filter(pk=ticket.pk).exists():
        return None
    messages.success(request, _("You have handed over #%(number)s.") % {"number": ticket.pk})
    return redirect("tickets:list")


@door
def status(request: AgentRequest, ticket: Ticket) -> HttpResponse | None:
    form = StatusForm(request.POST)
    if not form.is_valid():
        raise services.TicketRefused(_("There is no such status."))
    services.set_status(ticket=ticket, by=request.user, **form.cleaned_data)
    return None


@door
def priority(request: AgentRequest, ticket: Ticket) -> HttpResponse | None:
    form = PriorityForm(request.POST)
    if not form.is_valid():
        raise services.TicketRefused(_("There is no such priority."))
    services.set_priority(ticket=ticket, by=request.user, **form.cleaned_data)
    return None


@door
def tags(request: AgentRequest, ticket: Ticket) -> HttpResponse | None:
    form = TagsForm(request.POST)
    if not form.is_valid():
        raise services.TicketRefused(_("These are too many tags at once."))
    services.set_tags(ticket=ticket, by=request.user, names=form.cleaned_data["tags"])
    return None


@door
def resolution(request: AgentRequest, ticket: Ticket) -> HttpResponse | None:
    form = SeenForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else None
    services.resolve_ticket(ticket=ticket, by=request.user, seen=seen)
    messages.success(request, _("Resolved. The customer is asked whether it is."))
    return None


@door
def reopening(request: AgentRequest, ticket: Ticket) -> HttpResponse | None:
    services.reopen_ticket(ticket=ticket, by=request.user)
    return None


@door
def spam_mark(request: AgentRequest, ticket: Ticket) -> HttpResponse | None:
    """Set the mark, or with `remove` take it off."""
    if "remove" in request.POST:
        services.unmark_spam(ticket=ticket, by=request.user)
    else:
        services.mark_spam(ticket=ticket, by=request.user)
    return None
