"""The intake: every raw message with its fate, for administrators."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk.lib.times import Clock
from messaging import logs
from messaging.adapters import Screener, Unreadable
from messaging.email.alarms import late_mailboxes
from messaging.email.audit import bounds
from messaging.email.errors import UnreadableMail
from messaging.email.headers import decode_header, split_headers, unfold
from messaging.models import RawInbound
from messaging.registry import adapter_for
from messaging.selectors import raw_inbound_visible_to
from messaging.services import replay as replayed
from tickets.inbound import Fate
from tickets.models import Channel
from tickets.views.access import AgentRequest, agent_page

SHOWN_BYTES = 200_000
"""Of a raw message on its page; the rest is in the download."""
REPLAYABLE = (Fate.FAILED, Fate.IGNORED)

P = ParamSpec("P")


def admins_only(
    view: Callable[Concatenate[AgentRequest, P], HttpResponse],
) -> Callable[Concatenate[AgentRequest, P], HttpResponse]:
    @wraps(view)
    def guarded(request: AgentRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_admin:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@agent_page
@admins_only
def intake_list(request: AgentRequest) -> HttpResponse:
    asked = request.GET.dict()
    rows = raw_inbound_visible_to(request.user).select_related("channel", "message")
    others = {name: value for name, value in asked.items() if name != "day"}
    try:
        rows = _of_day(rows.defer("payload"), asked.get("day", ""))
        shown, older = logs.page(logs.narrowed(rows, others, _filters()), asked)
    except logs.BadFilter:
        reason = _("This list does not know one of the filters in the address.")
        return render(request, "400.html", {"reason": reason}, status=400)
    titles = {logs.WAITING: _("Waiting"), **logs.titles(Fate)}
    context = {
        "rows": logs.intake_rows(shown, _("Waiting")),
        "older": older,
        "is_filtered": any(asked.values()),
        "fates": logs.choices(asked, "fate", titles),
        "late": logs.late_rows(late_mailboxes()),
    }
    return render(request, "messaging/intake/list.html", context)


def _of_day(rows: QuerySet[RawInbound], day: str) -> QuerySet[RawInbound]:
    if not day:
        return rows
    try:
        first, following = bounds(date.fromisoformat(day))
    except (ValueError, OverflowError) as error:
        raise logs.BadFilter(day) from error
    return rows.filter(received_at__gte=first, received_at__lt=following)


def _filters() -> dict[str, dict[str, Any]]:
    channels = {str(pk): pk for pk in Channel.objects.values_list("pk", flat=True)}
    return {"fate": logs.FATES, "channel": channels}


@require_safe
@agent_page
@admins_only
def raw_page(request: AgentRequest, raw_id: int) -> HttpResponse:
    raw = _raw_or_404(request, raw_id)
    payload, clock = bytes(raw.payload), Clock()
    context = {
        "row": logs.intake_rows([raw], _("Waiting"))[0],
        "decided": logs.moment(raw.decided_at, clock),
        "source": payload[:SHOWN_BYTES].decode("utf-8", "replace"),
        "is_cut": len(payload) > SHOWN_BYTES,
        "headers": _header_lines(raw.channel, payload),
        "can_replay": raw.fate in REPLAYABLE,
    }
    return render(request, "messaging/intake/raw.html", context)


def _header_lines(channel: Channel, payload: bytes) -> list[tuple[str, str]]:
    """Name and decoded value of each header of a mail; none where they cannot be told apart."""
    if not channel.is_mailbox:
        return []
    try:
        headers, _body = split_headers(payload, skip_blank=True)
    except UnreadableMail:
        return []
    return [(name.title(), decode_header(unfold(value))) for name, value in headers.lines]


@require_safe
@agent_page
@admins_only
def parsed(request: AgentRequest, raw_id: int) -> HttpResponse:
    """What the channel's adapter makes of it now; nothing is stored."""
    raw = _raw_or_404(request, raw_id)
    try:
        adapter = adapter_for(raw.channel.kind)
        inbounds = adapter.parse(bytes(raw.payload))
        if isinstance(adapter, Screener):
            inbounds = [adapter.screened(inbound, raw.channel) for inbound in inbounds]
    except Unreadable as error:
        return render(request, "messaging/intake/_parsed.html", {"problem": str(error)})
    return render(request, "messaging/intake/_parsed.html", {"inbounds": inbounds})


@require_safe
@agent_page
@admins_only
def download(request: AgentRequest, raw_id: int) -> HttpResponse:
    raw = _raw_or_404(request, raw_id)
    response = HttpResponse(bytes(raw.payload), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="message-{raw.pk}.eml"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
@agent_page
@admins_only
def replay(request: AgentRequest, raw_id: int) -> HttpResponse:
    raw = replayed(_raw_or_404(request, raw_id))
    fate = {"fate": raw.get_fate_display() or _("Waiting"), "reason": raw.reason and _(raw.reason)}
    if raw.fate in REPLAYABLE:
        messages.warning(request, _("Read again: %(fate)s. %(reason)s") % fate)
    else:
        messages.success(request, _("Read again: %(fate)s.") % fate)
    return redirect("messaging:raw", raw.pk)


def _raw_or_404(request: AgentRequest, raw_id: int) -> RawInbound:
    rows = raw_inbound_visible_to(request.user).select_related("channel", "ticket", "message")
    return get_object_or_404(rows, pk=raw_id)
