"""Where customers answer, and where agents read what they said.

No GET changes anything: mail scanners open every link.
"""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from customers.models import Customer, OptOut
from customers.selectors import has_opted_out
from surveys import services
from surveys.forms import AnswerForm
from surveys.models import Answer, Invitation
from surveys.scales import SCALES, Scale, Step, SurveyKind
from surveys.selectors import (
    active_survey,
    current_answer,
    invitation_with,
    invitations_visible_to,
    is_open,
    rating_invitation,
    with_current_answer,
)
from tickets.links import BadToken, read_ticket_token, ticket_url
from tickets.models import Ticket
from tickets.selectors import tickets_visible_to

PageOfInvitation = Callable[[HttpRequest, Invitation], HttpResponse]
SOLVED = (Ticket.Status.RESOLVED, Ticket.Status.CLOSED)


def with_invitation(page: PageOfInvitation) -> Callable[..., HttpResponse]:
    """Look up the invitation of a token, and speak its customer's language.

    A token that we did not make and an invitation that is over get the same answer.
    """

    @wraps(page)
    def view(request: HttpRequest, token: str) -> HttpResponse:
        invitation = invitation_with(token)
        if invitation is None:
            return _gone(request)
        return _speaking(request, invitation.language, lambda: page(request, invitation))

    return view


def _speaking(
    request: HttpRequest, language: str, page: Callable[[], HttpResponse]
) -> HttpResponse:
    """The language they chose on the page goes first, then the customer's, then the browser's."""
    known = dict(settings.LANGUAGES)
    wishes = (request.GET.get("language"), language)
    spoken = next((wish for wish in wishes if wish in known), translation.get_language())
    with translation.override(spoken):
        response = page()
    response.headers["Content-Language"] = spoken or settings.LANGUAGE_CODE
    return response


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "surveys/gone.html", status=404)


@require_http_methods(["GET", "HEAD", "POST"])
@with_invitation
def answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The page of an invitation: the scale, after an answer the thanks; only POST counts."""
    if not is_open(invitation, timezone.now()):
        return _gone(request)
    form = AnswerForm(request.POST or None, scale=invitation.scale)
    if request.method == "POST" and form.is_valid():
        return _record(request, invitation, form)
    given = current_answer(invitation)
    if given and request.method != "POST" and "score" not in request.GET:
        return _thanks(request, invitation, given)
    return _ask(request, invitation.scale, form, given=given, ticket=invitation.ticket)


def _record(request: HttpRequest, invitation: Invitation, form: AnswerForm) -> HttpResponse:
    try:
        services.record_answer(
            invitation=invitation,
            score=form.cleaned_data["score"],
            comment=form.cleaned_data["comment"],
            source=Answer.Source.PAGE,
            language=translation.get_language() or "",
        )
    except services.InvitationClosed:
        return _gone(request)
    return _to_thanks(request, invitation)


def _to_thanks(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """After a POST a fresh GET, in the language the page was read in."""
    language = request.GET.get("language", "")
    chosen = f"?language={language}" if language in dict(settings.LANGUAGES) else ""
    return redirect(reverse("surveys:answer", args=[invitation.token]) + chosen)


def _ask(
    request: HttpRequest,
    scale: Scale,
    form: AnswerForm,
    *,
    given: Answer | None,
    ticket: Ticket | None,
) -> HttpResponse:
    before = (str(given.score), given.comment) if given else ("", "")
    offered = form.data.get("score", "") if form.is_bound else request.GET.get("score", before[0])
    words = form.data.get("comment", "") if form.is_bound else before[1]
    steps = [(step, str(step.score) == offered) for step in scale.steps]
    return render(
        request,
        "surveys/answer.html",
        {"scale": scale, "steps": steps, "form": form, "words": words, "ticket": ticket},
        status=400 if form.is_bound else 200,
    )


def _thanks(request: HttpRequest, invitation: Invitation, given: Answer) -> HttpResponse:
    ticket = invitation.ticket
    return render(
        request,
        "surveys/thanks.html",
        {
            "invitation": invitation,
            "given": given,
            "scale": invitation.scale,
            "ticket": ticket,
            "ticket_url": ticket_url(ticket, invitation.customer) if ticket else "",
        },
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@with_invitation
def unsubscription(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """No more surveys: GET asks, POST does it.

    Mail programs post here by themselves, without cookies (RFC 8058 section 3.1): the token is
    the secret, and the answer is no redirect. It works after the survey has ended, too.
    """
    if request.method == "POST":
        verb = services.resubscribe if "again" in request.POST else services.unsubscribe
        verb(invitation=invitation)
    return render(
        request,
        "surveys/unsubscribe.html",
        {
            "invitation": invitation,
            "is_out": has_opted_out(invitation.customer_id, OptOut.Topic.SURVEYS),
            "has_changed": request.method == "POST",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def rate_ticket(request: HttpRequest, token: str) -> HttpResponse:
    """The requester rates a solved ticket from its own page, by that page's token."""
    ticket, customer = _ticket_and_customer(token)
    if ticket is None or customer is None:
        return _gone(request)
    return _speaking(
        request, customer.language or ticket.language, lambda: _rate(request, ticket, customer)
    )


def _ticket_and_customer(token: str) -> tuple[Ticket | None, Customer | None]:
    try:
        ticket_id, customer_id = read_ticket_token(token)
    except BadToken:
        return None, None
    ticket = Ticket.objects.filter(pk=ticket_id, requester=customer_id, status__in=SOLVED).first()
    return ticket, Customer.objects.filter(pk=customer_id).first()


def _rate(request: HttpRequest, ticket: Ticket, customer: Customer) -> HttpResponse:
    invitation = rating_invitation(ticket)
    if invitation is None and active_survey(SurveyKind.CSAT) is None:
        return _gone(request)
    scale = SCALES[SurveyKind.CSAT]
    form = AnswerForm(request.POST or None, scale=scale)
    if request.method == "POST" and form.is_valid():
        try:
            given = services.rate_ticket(
                ticket=ticket,
                customer=customer,
                score=form.cleaned_data["score"],
                comment=form.cleaned_data["comment"],
                language=translation.get_language() or "",
            )
        except services.InvitationClosed:
            return _gone(request)
        return _to_thanks(request, given.invitation)
    given_before = current_answer(invitation) if invitation else None
    return _ask(request, scale, form, given=given_before, ticket=ticket)


@login_required
@require_safe
def ticket_panel(request: HttpRequest, ticket_id: int) -> HttpResponse:
    """Fragment for the ticket page: who was asked, what they said, or why nobody was."""
    user = cast("User", request.user)
    ticket = get_object_or_404(tickets_visible_to(user), pk=ticket_id)
    invitations = (
        with_current_answer(invitations_visible_to(user))
        .filter(ticket=ticket)
        .select_related("survey", "agent")
        .order_by("-id")[:10]
    )
    results = [(invitation, _step_of(invitation)) for invitation in invitations]
    if not results:
        return HttpResponse()
    return render(request, "surveys/_ticket_panel.html", {"results": results})


def _step_of(invitation: Invitation) -> Step | None:
    """The step of the scale that an invitation of `with_current_answer` was answered with."""
    score = getattr(invitation, "score", None)
    return None if score is None else invitation.scale.step(score)
