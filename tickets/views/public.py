"""The customer's page of one ticket, opened by the signed link in our mails."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from customers.models import Customer
from helpdesk.lib.clients import client_network
from helpdesk.lib.limits import Limit, Use, seconds_to_wait, try_again_in
from tickets import services
from tickets.forms import AnswerForm
from tickets.links import BadToken, read_ticket_token, ticket_token
from tickets.models import Ticket
from tickets.public_page import answer_ticket, public_page
from tickets.selectors import takes_part

Page = Callable[[HttpRequest, Ticket, Customer], HttpResponse]
# A link may be passed on: what one ticket takes is counted, and what one visitor sends.
ANSWERS_PER_TICKET = Limit("answers.ticket", most=20, seconds=600)
ANSWERS_PER_VISITOR = Limit("answers.visitor", most=40, seconds=600)
# In megabytes: what may fill the disk.
SIZE_PER_TICKET = Limit("answers.ticket.mb", most=150, seconds=3600)


def customer_page(view: Page) -> Callable[..., HttpResponse]:
    """Find whom the link is for, and speak their language."""

    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        try:
            ticket_id, customer_id = read_ticket_token(token)
        except BadToken as error:
            raise Http404 from error
        tickets = Ticket.objects.select_related("channel", "requester", "merged_into")
        ticket = get_object_or_404(tickets, pk=ticket_id, is_spam=False)
        customer = get_object_or_404(Customer, pk=customer_id)
        if not takes_part(customer, ticket):
            raise Http404
        with translation.override(_language(request, customer, ticket)):
            return view(request, ticket, customer)

    return opened


def _language(request: HttpRequest, customer: Customer, ticket: Ticket) -> str | None:
    known = dict(settings.LANGUAGES)
    wishes = (request.GET.get("language"), customer.language, ticket.language)
    return next((wish for wish in wishes if wish in known), translation.get_language())


@require_safe
@customer_page
def public_ticket(request: HttpRequest, ticket: Ticket, customer: Customer) -> HttpResponse:
    return _show(request, ticket, customer, AnswerForm())


def _show(
    request: HttpRequest, ticket: Ticket, customer: Customer, form: AnswerForm, status: int = 200
) -> HttpResponse:
    context = {
        "page": public_page(ticket, customer),
        "ticket": ticket,
        "token": ticket_token(ticket, customer),
        "form": form,
        "solved": request.GET.get("solved", ""),
        "nonce": uuid.uuid4().hex,
    }
    return render(request, "tickets/public.html", context, status=status)


def _back(ticket: Ticket, customer: Customer) -> HttpResponse:
    return redirect("tickets:public", ticket_token(ticket, customer))


@require_POST
@customer_page
def public_answer(request: HttpRequest, ticket: Ticket, customer: Customer) -> HttpResponse:
    """Words of the customer: they reopen what was solved, and continue what was closed."""
    form = AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, ticket, customer, form, status=422)
    if wait := _wait(request, ticket):
        return _not_yet(request, ticket, customer, form, wait)
    receipt = answer_ticket(
        ticket,
        customer,
        text=form.cleaned_data["text"],
        files=form.attachments(),
        once=request.POST.get("nonce", ""),
    )
    messages.success(request, _("Thank you, we have received your answer."))
    return _back(receipt.ticket or ticket, customer)


def _wait(request: HttpRequest, ticket: Ticket) -> int:
    size = sum(file.size or 0 for file in request.FILES.getlist("files"))
    which = str(ticket.pk)
    return seconds_to_wait(
        (
            Use(ANSWERS_PER_TICKET, which),
            Use(ANSWERS_PER_VISITOR, client_network(request)),
            Use(SIZE_PER_TICKET, which, -(-size // 1_000_000)),
        )
    )


def _not_yet(
    request: HttpRequest, ticket: Ticket, customer: Customer, form: AnswerForm, wait: int
) -> HttpResponse:
    """429 (RFC 6585) with the words still in the form."""
    why = _("Many messages came from you in a short time.")
    form.add_error("text", f"{why} {try_again_in(wait)}")
    response = _show(request, ticket, customer, form, status=429)
    response["Retry-After"] = str(wait)
    return response


@require_POST
@customer_page
def public_confirmation(request: HttpRequest, ticket: Ticket, customer: Customer) -> HttpResponse:
    """It is solved."""
    services.confirm_solved(ticket=ticket, by=customer)
    messages.success(request, _("Thank you for telling us. We are glad it is solved."))
    return _back(ticket, customer)


@require_POST
@customer_page
def public_reopening(request: HttpRequest, ticket: Ticket, customer: Customer) -> HttpResponse:
    """It is not: with words they are an answer, without them the ticket opens all the same."""
    form = AnswerForm(request.POST, request.FILES)
    try:
        if form.is_valid():
            return public_answer(request, token=ticket_token(ticket, customer))
        services.reopen_ticket(ticket=ticket, by=customer)
    except services.TicketRefused:
        closed = _("This request is closed for good. Write what is missing and we open a new one.")
        messages.warning(request, closed)
        return _back(ticket, customer)
    messages.success(request, _("We are on it again and will write to you."))
    return _back(ticket, customer)
