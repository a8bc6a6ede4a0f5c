"""The form that anybody may fill in, and the page that thanks for it."""

from collections.abc import Callable, Sequence
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.lib.clients import client_network
from helpdesk.lib.forms import MAX_FILES
from helpdesk.lib.limits import try_again_in
from helpdesk.lib.text import file_size
from messaging.webform.forms import ContactForm
from messaging.webform.once import new_mark
from messaging.webform.services import Submission, submit, wait_of_address, wait_of_visitor
from tickets.links import BadToken, read_ticket_token, ticket_token, ticket_url
from tickets.models import Channel, Ticket

LANGUAGES = dict(settings.LANGUAGES)
View = Callable[..., HttpResponse]


def in_the_visitors_language(view: View) -> View:
    """`?lang=es` goes before what the browser asks for."""

    @wraps(view)
    def chosen(request: HttpRequest, **kwargs: str) -> HttpResponse:
        language = request.GET.get("lang", "")
        if language not in LANGUAGES:
            return view(request, **kwargs)
        with translation.override(language):
            response = view(request, **kwargs)
        response.headers["Content-Language"] = language
        return response

    return chosen


@require_http_methods(["GET", "HEAD", "POST"])
@in_the_visitors_language
def contact(request: HttpRequest, slug: str) -> HttpResponse:
    channel = _channel(slug)
    if request.method == "POST":
        return _receive(request, channel)
    return _page(request, channel, ContactForm(initial={"mark": new_mark()}))


def _channel(slug: str) -> Channel:
    return get_object_or_404(Channel, kind="webform", address=slug, is_active=True)


def _receive(request: HttpRequest, channel: Channel) -> HttpResponse:
    size = sum(file.size or 0 for file in request.FILES.getlist("files"))
    if wait := wait_of_visitor(channel, client_network(request), size=size):
        return _not_yet(request, channel, wait, _("Many messages came from you in a short time."))
    form = ContactForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, channel, form, status=422)
    if wait := wait_of_address(form.cleaned_data["email"]):
        why = _("Many messages came with this address in a short time.")
        return _not_yet(request, channel, wait, why)
    receipt = submit(channel, _submission(form))
    if receipt.ticket is None:
        return _page(request, channel, form, banner=receipt.reason, status=422)
    return redirect(_thanks_url(request, channel, receipt.ticket))


def _submission(form: ContactForm) -> Submission:
    fields = {name: form.cleaned_data[name] for name in ("name", "email", "subject", "message")}
    return Submission(
        **fields,
        mark=form.cleaned_data["mark"],
        files=form.cleaned_data["files"],
        language=translation.get_language() or "",
    )


def _not_yet(request: HttpRequest, channel: Channel, wait: int, why: str) -> HttpResponse:
    """429 (RFC 6585) with everything that was typed still in the form."""
    form = ContactForm(initial=request.POST.dict())
    response = _page(request, channel, form, banner=f"{why} {try_again_in(wait)}", status=429)
    response["Retry-After"] = str(wait)
    return response


def _page(
    request: HttpRequest,
    channel: Channel,
    form: ContactForm,
    *,
    banner: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "channel": channel,
        "form": form,
        "is_one_of_many": Channel.objects.filter(kind="webform", is_active=True).count() > 1,
        "banner": banner,
        "lost_files": _lost_files(request.FILES.getlist("files")),
        "most_files": MAX_FILES,
        "most_bytes": file_size(settings.MAX_ATTACHMENT_BYTES),
        "languages": LANGUAGES if request.method == "GET" else {},
    }
    return render(request, "messaging/webform/form.html", context, status=status)


def _lost_files(files: Sequence[object]) -> str:
    if not files:
        return ""
    return ngettext(
        "Please choose your file again: browsers do not keep it.",
        "Please choose your files again: browsers do not keep them.",
        len(files),
    )


def _thanks_url(request: HttpRequest, channel: Channel, ticket: Ticket) -> str:
    token = ticket_token(ticket, ticket.requester)
    url = reverse("messaging:webform_thanks", args=[channel.address, token])
    language = request.GET.get("lang", "")
    return f"{url}?lang={language}" if language in LANGUAGES else url


@require_safe
@in_the_visitors_language
def thanks(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The number and the link; nothing else that we know about the owner of the address."""
    channel = _channel(slug)
    try:
        ticket_id, customer_id = read_ticket_token(token)
    except BadToken as error:
        raise Http404(_("This link is not one of ours.")) from error
    ticket = get_object_or_404(Ticket, pk=ticket_id, channel=channel, requester=customer_id)
    context = {"channel": channel, "ticket": ticket, "url": ticket_url(ticket, ticket.requester)}
    return render(request, "messaging/webform/thanks.html", context)
