"""An agent writes first."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customers.services import customer_at
from tickets import services
from tickets.forms import NewTicketForm
from tickets.models import Ticket
from tickets.views.access import AgentRequest, agent_page


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page
def new_ticket(request: AgentRequest) -> HttpResponse:
    form = NewTicketForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "GET":
        form = NewTicketForm(user=request.user, initial={"address": request.GET.get("to", "")})
    elif form.is_valid():
        try:
            ticket = _start(request, form)
        except services.TicketRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your message is on its way."), extra_tags="new-ticket")
            return redirect("tickets:ticket", ticket.pk)
    status = 422 if form.is_bound else 200
    return render(request, "tickets/new.html", {"form": form}, status=status)


@transaction.atomic
def _start(request: AgentRequest, form: NewTicketForm) -> Ticket:
    chosen = form.cleaned_data
    customer = customer_at(kind="email", value=chosen["address"], name=chosen["name"])
    ticket, _message = services.start_ticket(
        channel=chosen["channel"],
        requester=customer,
        subject=chosen["subject"],
        text=chosen["text"],
        by=request.user,
        to=chosen["address"],
        files=form.attachments(),
    )
    return ticket
