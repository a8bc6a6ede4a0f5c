"""The customer's way out of mails that are not about their own order."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from customers.links import BadUnsubscribeToken, read_unsubscribe_token
from customers.models import Customer, OptOut
from customers.selectors import has_opted_out
from customers.services import opt_in, opt_out


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST does it: from the page, or by the mail program (RFC 8058 one-click).

    Without CSRF protection on purpose: a mail program has no cookie of ours, the token in the
    address is the proof, and all that can happen is one mail less.
    """
    customer, topic = _read(token)
    if request.method == "POST":
        opt_out(customer=customer, topic=topic)
        if "List-Unsubscribe" in request.POST:
            return HttpResponse(status=200)
        return redirect("notifications:unsubscribe", token=token)
    return _page(request, token, customer, topic)


@require_POST
def resubscription(request: HttpRequest, token: str) -> HttpResponse:
    """They changed their mind."""
    customer, topic = _read(token)
    opt_in(customer=customer, topic=topic)
    return redirect("notifications:unsubscribe", token=token)


def _read(token: str) -> tuple[Customer, str]:
    try:
        customer_id, topic = read_unsubscribe_token(token)
    except BadUnsubscribeToken:
        customer_id, topic = 0, ""
    return get_object_or_404(Customer, pk=customer_id), topic


def _page(request: HttpRequest, token: str, customer: Customer, topic: str) -> HttpResponse:
    context = {
        "token": token,
        "topic": OptOut.Topic(topic).label,
        "is_out": has_opted_out(customer.pk, topic),
    }
    with translation.override(customer.language or settings.LANGUAGE_CODE):
        return render(request, "notifications/unsubscribe.html", context)
