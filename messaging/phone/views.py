"""The phone log in the agent's workspace."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from helpdesk.lib.times import Clock
from messaging.phone import selectors
from messaging.phone.forms import CallForm
from messaging.phone.rows import call_back_row, call_row
from messaging.phone.services import OtherCustomer, finish_call_back, log_call
from tickets.models import Ticket
from tickets.services import TicketRefused
from tickets.views.access import AgentRequest, agent_page, ticket_or_404


@require_safe
@agent_page
def calls(request: AgentRequest) -> HttpResponse:
    """Promised calls back, soonest first, and the last calls."""
    clock, now = Clock(), timezone.now()
    context = {
        "call_backs": [
            call_back_row(row, clock, now) for row in selectors.open_call_backs(request.user)
        ],
        "calls": [call_row(message, clock) for message in selectors.recent_calls(request.user)],
    }
    return render(request, "messaging/phone/calls.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page
def new_call(request: AgentRequest) -> HttpResponse:
    """Write down a call; `?ticket=12` says which ticket it belongs to."""
    about = _ticket_asked_for(request)
    if request.method != "POST":
        initial = {"number": request.GET["number"]} if request.GET.get("number") else {}
        return _form(request, CallForm(user=request.user, about=about, initial=initial))
    form = CallForm(request.POST, user=request.user, about=about)
    ticket = _log(form, request.user) if form.is_valid() else None
    if ticket is None:
        return _form(request, form, status=422)
    messages.success(request, _("The call is kept in #%(number)s.") % {"number": ticket.pk})
    return redirect("tickets:ticket", ticket.pk)


def _log(form: CallForm, user: User) -> Ticket | None:
    """The ticket; None with the reason among the form's errors."""
    try:
        return log_call(form.cleaned_data["line"], form.call(), by=user)
    except OtherCustomer as error:
        taken = _("This address belongs to another customer: %(name)s.") % {"name": error.owner}
        form.add_error("email", taken)
    except TicketRefused as error:
        form.add_error(None, str(error))
    return None


def _ticket_asked_for(request: AgentRequest) -> Ticket | None:
    asked = request.GET.get("ticket", "")
    if not asked:
        return None
    return ticket_or_404(request.user, int(asked[:18]) if asked.isdecimal() else 0)


def _form(request: AgentRequest, form: CallForm, status: int = 200) -> HttpResponse:
    number = str(form["number"].value() or "")
    context = {
        "form": form,
        "about": form.about,
        "caller": None if form.about else selectors.caller_with(number, request.user),
        "chosen": str(form["ticket"].value() or ""),
    }
    return render(request, "messaging/phone/new.html", context, status=status)


@require_safe
@agent_page
def callers(request: AgentRequest) -> HttpResponse:
    """Who has this number: filled in while the agent types."""
    caller = selectors.caller_with(request.GET.get("number", ""), request.user)
    return render(request, "messaging/phone/_caller.html", {"caller": caller, "chosen": ""})


@require_safe
@agent_page
def ticket_panel(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """The part of the ticket page that says what was said and promised on the phone."""
    return _panel(request, ticket_or_404(request.user, ticket_id))


def _panel(request: AgentRequest, ticket: Ticket) -> HttpResponse:
    clock, now = Clock(), timezone.now()
    context = {
        "ticket": ticket,
        "call_backs": [
            call_back_row(row, clock, now) for row in selectors.call_backs_of(request.user, ticket)
        ],
        "calls": [call_row(call, clock) for call in selectors.calls_in(request.user, ticket)],
        "has_lines": bool(selectors.lines_visible_to(request.user)),
    }
    return render(request, "messaging/phone/_ticket_panel.html", context)


@require_POST
@agent_page
def call_back_done(request: AgentRequest, call_back_id: int) -> HttpResponse:
    """We called: from the ticket page (htmx) the part comes back, else the list."""
    rows = selectors.call_backs_visible_to(request.user).select_related("ticket")
    call_back = finish_call_back(get_object_or_404(rows, pk=call_back_id), by=request.user)
    if request.htmx:
        return _panel(request, call_back.ticket)
    messages.success(request, _("The call back is done."))
    return redirect("messaging:phone")
