"""Managers write to many customers at once."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from notifications.audiences import customers_in
from notifications.forms import AnnouncementForm
from notifications.services import AnnouncementRefused, announce
from tickets.views.access import AgentRequest, agent_page


@require_http_methods(["GET", "HEAD", "POST"])
@agent_page
def new_announcement(request: AgentRequest) -> HttpResponse:
    """The form; its first button counts the audience, the second one promises the notices."""
    if not request.user.is_manager:
        raise PermissionDenied
    form = AnnouncementForm(request.POST or None)
    if not (request.method == "POST" and form.is_valid()):
        return _form(request, form)
    if "send" not in request.POST:
        return _form(request, form, count=customers_in(form.audience()).count())
    try:
        announcement = announce(
            by=request.user,
            audience=form.audience(),
            texts=form.texts(),
            key=form.cleaned_data["key"],
        )
    except AnnouncementRefused as refusal:
        form.add_error(None, str(refusal))
        return _form(request, form)
    count = announcement.notices.count()
    sentence = ngettext("%(n)d customer will be told.", "%(n)d customers will be told.", count)
    messages.success(request, sentence % {"n": count})
    return redirect("notifications:notices")


def _form(request: AgentRequest, form: AnnouncementForm, count: int | None = None) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "count": count}
    return render(request, "notifications/new_announcement.html", context, status=status)
