"""A user's own API tokens, and what they are mailed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import user_of
from accounts.forms import ApiTokenForm, MailForm
from accounts.models import ApiToken
from accounts.selectors import api_tokens_of
from accounts.services import (
    TooManyTokens,
    choose_mail,
    create_api_token,
    revoke_api_token,
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def api_tokens(request: HttpRequest) -> HttpResponse:
    """The list and the form; after making one the secret is shown, this once."""
    form = ApiTokenForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        try:
            _token, secret = create_api_token(
                user=user_of(request),
                name=form.cleaned_data["name"],
                scope=ApiToken.Scope(form.cleaned_data["scope"]),
                expires_at=form.expires_at(),
            )
            form = ApiTokenForm()
        except TooManyTokens as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "secret": secret, "tokens": api_tokens_of(user_of(request))}
    status = 422 if form.errors else 200
    return render(request, "accounts/api_tokens.html", context, status=status)


@require_POST
@login_required
def api_token_revocation(request: HttpRequest, token_id: int) -> HttpResponse:
    revoke_api_token(token=get_object_or_404(api_tokens_of(user_of(request)), pk=token_id))
    return redirect("api_tokens")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def mail_to_me(request: HttpRequest) -> HttpResponse:
    """What the user is mailed, as they like it."""
    user = user_of(request)
    form = MailForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        choose_mail(user=user, on_answers=form.cleaned_data["on_answers"])
        messages.success(request, _("Saved."))
        return redirect("mail_to_me")
    form.initial = {"on_answers": user.mail_on_answers}
    return render(request, "accounts/mail.html", {"form": form})
