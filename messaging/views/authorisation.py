"""Connecting a mailbox with its provider: the authorisation code flow, for administrators."""

import hmac

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.fresh_sign_in import needs_fresh_sign_in
from helpdesk.lib.hints import hint_on_commit
from messaging.email.sign_in import NotAuthorised, first_step, keep_code, provider_of
from messaging.models import MailboxState
from messaging.tasks import fetch_mailboxes
from messaging.views.intake import admins_only
from tickets.models import Channel
from tickets.views.access import AgentRequest, agent_page

SESSION_KEY = "mailbox_authorisation"


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page
@admins_only  # type: ignore[arg-type]
@needs_fresh_sign_in
def begin(request: AgentRequest, channel_id: int) -> HttpResponse:
    """Say what will happen, then show the way: a form may not lead to another site itself."""
    channel = get_object_or_404(Channel, pk=channel_id, kind="email")
    context = {"channel": channel, "provider": provider_of(channel.settings)}
    if request.method != "POST" and context["provider"]:
        return render(request, "messaging/intake/connect.html", context)
    try:
        step = first_step(channel)
    except NotAuthorised as error:
        messages.error(request, str(error))
        return redirect("admin:tickets_channel_change", channel.pk)
    request.session[SESSION_KEY] = {
        "channel": channel.pk,
        "state": step.state,
        "verifier": step.verifier,
    }
    return render(request, "messaging/intake/connect.html", {**context, "url": step.url})


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page
@admins_only
def authorised(request: AgentRequest) -> HttpResponse:
    """Where the provider sends the administrator back to, with a code for us.

    Only the session that began it may end it, once, by the button of this page: an address alone
    writes nothing. A worker exchanges the code for tokens.
    """
    begun = request.session.get(SESSION_KEY)
    answer = request.POST if request.method == "POST" else request.GET
    state, code = answer.get("state", ""), answer.get("code", "")[:2000]
    if not begun or not hmac.compare_digest(begun["state"].encode(), state.encode()):
        reason = _("This is no answer to a question of ours. Connect the mailbox again.")
        return render(request, "400.html", {"reason": reason}, status=400)
    channel = get_object_or_404(Channel, pk=begun["channel"], kind="email")
    if not code:
        problem = answer.get("error_description") or answer.get("error") or "?"
        messages.error(request, _("The provider said no: %s") % problem[:300])
        return redirect("admin:tickets_channel_change", channel.pk)
    if request.method != "POST":
        context = {"channel": channel, "provider": provider_of(channel.settings)}
        answer_back = {"code": code, "state": state}
        return render(request, "messaging/intake/connect.html", {**context, **answer_back})
    del request.session[SESSION_KEY]
    return _connect(request, channel, code=code, verifier=begun["verifier"])


def _connect(request: AgentRequest, channel: Channel, *, code: str, verifier: str) -> HttpResponse:
    keep_code(channel, code=code, verifier=verifier, by=request.user)
    MailboxState.objects.filter(channel=channel).update(next_try_at=None)
    hint_on_commit(fetch_mailboxes)
    messages.success(request, _("The mailbox is being connected. Look again in a moment."))
    return redirect("admin:tickets_channel_change", channel.pk)
