"""Only in the demo: what each customer received, and a way to answer as that customer.

It stands in for the mail programs of the demo's customers, so whoever is signed in reads all of
it; an answer takes the same way in as any mail of the world.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers.addresses import InvalidAddress
from customers.models import Customer
from helpdesk.lib.times import Clock
from messaging.email.customer_mail import NotTaken, answer_delivery, mail_as_customer
from messaging.email.preview import preview as previewed
from messaging.forms import AnswerForm, NewMailForm
from messaging.logs import moment
from messaging.models import Delivery
from messaging.selectors import customers_with_mail, mail_of_customers
from messaging.services.outbound import outbound_of
from tickets.inbound import Person
from tickets.selectors import channels_visible_to
from tickets.views.access import AgentRequest, agent_page

MAILS = 30
P = ParamSpec("P")


def _demo_only(
    view: Callable[Concatenate[AgentRequest, P], HttpResponse],
) -> Callable[Concatenate[AgentRequest, P], HttpResponse]:
    @wraps(view)
    def guarded(request: AgentRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@_demo_only
@agent_page
def mailboxes(request: AgentRequest) -> HttpResponse:
    """The customers who got mail last."""
    return render(request, "messaging/mailbox/list.html", {"people": _people()})


def _people() -> list[dict[str, object]]:
    clock = Clock()
    return [
        {"customer": customer, "when": moment(last_mail_at, clock)}
        for customer, last_mail_at in customers_with_mail()
    ]


@require_safe
@_demo_only
@agent_page
def mailbox(request: AgentRequest, customer_id: int) -> HttpResponse:
    return _mailbox(request, get_object_or_404(Customer, pk=customer_id))


def _mailbox(
    request: AgentRequest,
    customer: Customer,
    answered: Delivery | None = None,
    form: AnswerForm | None = None,
) -> HttpResponse:
    clock = Clock()
    deliveries = mail_of_customers().filter(customer=customer).order_by("-id")[:MAILS]
    mails = [
        {
            "delivery": delivery,
            "when": moment(delivery.sent_at, clock),
            "form": form if delivery == answered else AnswerForm(auto_id=f"%s-{delivery.pk}"),
            "is_open": delivery == answered,
        }
        for delivery in deliveries
    ]
    context = {"customer": customer, "mails": mails, "people": _people()}
    status = 422 if form else 200
    return render(request, "messaging/mailbox/mailbox.html", context, status=status)


@require_safe
@_demo_only
@agent_page
def preview(request: AgentRequest, delivery_id: int) -> HttpResponse:
    return previewed(outbound_of(_mail_or_404(delivery_id)))


@require_POST
@_demo_only
@agent_page
def answer(request: AgentRequest, delivery_id: int) -> HttpResponse:
    delivery = _mail_or_404(delivery_id)
    form = AnswerForm(request.POST, auto_id=f"%s-{delivery.pk}")
    if form.is_valid():
        try:
            answer_delivery(delivery, form.cleaned_data["text"])
        except NotTaken as error:
            form.add_error("text", str(error))
    if not form.is_valid():
        return _mailbox(request, _customer_of(delivery), delivery, form)
    messages.success(request, _("The answer is on its way and arrives in a few seconds."))
    return redirect("messaging:demo_customer", delivery.customer_id)


def _customer_of(delivery: Delivery) -> Customer:
    assert delivery.customer is not None, "mail_of_customers holds no other"
    return delivery.customer


@require_http_methods(["GET", "HEAD", "POST"])
@_demo_only
@agent_page
def new_mail(request: AgentRequest) -> HttpResponse:
    """Write to us as somebody new or somebody known."""
    channels = channels_visible_to(request.user).filter(kind="email")
    form = NewMailForm(request.POST or None, channels=channels)
    if request.method == "POST" and form.is_valid():
        try:
            _send(form)
        except NotTaken as error:
            form.add_error(None, str(error))
        except InvalidAddress:
            form.add_error("address", _("This is not an e-mail address that mail can go to."))
        else:
            messages.success(request, _("The mail is on its way and arrives in a few seconds."))
            return redirect("messaging:demo_mailbox")
    status = 422 if form.is_bound else 200
    return render(request, "messaging/mailbox/new.html", {"form": form}, status=status)


def _send(form: NewMailForm) -> None:
    mail_as_customer(
        Person(form.cleaned_data["address"], form.cleaned_data["name"]),
        to=form.cleaned_data["channel"].address,
        subject=form.cleaned_data["subject"],
        text=form.cleaned_data["text"],
    )


def _mail_or_404(delivery_id: int) -> Delivery:
    rows = mail_of_customers().select_related("channel", "customer", "message__ticket")
    return get_object_or_404(rows, pk=delivery_id)
