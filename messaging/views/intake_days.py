"""The account of a day, for administrators: what came by each channel and what became of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk.lib.hints import hint_on_commit
from helpdesk.lib.times import Clock
from messaging import logs
from messaging.auditing import DayOfChannel, days_of, today
from messaging.email.alarms import late_mailboxes
from messaging.email.audit import bounds
from messaging.models import MailboxState
from messaging.tasks import ask_mail_servers
from messaging.views.intake import admins_only
from tickets.inbound import Fate
from tickets.views.access import AgentRequest, agent_page


@dataclass(frozen=True)
class Sum:
    """How many of a day had one fate, as a link to them."""

    title: str
    chip: str
    number: int
    address: str


@dataclass(frozen=True)
class Card:
    report: DayOfChannel
    sums: list[Sum]
    asked: logs.Moment | None
    succeeded: logs.Moment | None
    state: MailboxState | None
    is_late: bool


@require_safe
@agent_page
@admins_only
def day_list(request: AgentRequest) -> HttpResponse:
    try:
        day = _day(request.GET.get("day", ""))
    except ValueError:
        reason = _("The address asks for a day that does not exist.")
        return render(request, "400.html", {"reason": reason}, status=400)
    late = {state.channel_id for state in late_mailboxes()}
    states = {s.channel_id: s for s in MailboxState.objects.all()}
    clock = Clock()
    context = {
        "day": day,
        "title": Clock(zone=timezone.get_default_timezone()).day(bounds(day)[0]),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today() else None,
        "cards": [_card(r, states.get(r.channel.pk), late, clock) for r in days_of(day)],
    }
    return render(request, "messaging/intake/days.html", context)


def _day(text: str) -> date:
    day = date.fromisoformat(text) if text else today()
    if not 2000 <= day.year <= 2200:
        raise ValueError(text)
    return day


def _card(report: DayOfChannel, state: MailboxState | None, late: set[int], clock: Clock) -> Card:
    return Card(
        report=report,
        sums=_sums(report),
        asked=logs.moment(report.asked_at, clock),
        succeeded=logs.moment(state.last_success_at, clock) if state else None,
        state=state,
        is_late=report.channel.pk in late,
    )


def _sums(report: DayOfChannel) -> list[Sum]:
    titles = {"": _("Waiting"), **logs.titles(Fate)}
    here = {"day": str(report.day), "channel": str(report.channel.pk)}
    return [
        Sum(
            title=title,
            chip="danger" if fate == Fate.FAILED else logs.CHIPS.get(fate, ""),
            number=report.fates[fate],
            address=urlencode({**here, "fate": fate or logs.WAITING}),
        )
        for fate, title in titles.items()
        if report.fates.get(fate)
    ]


@require_POST
@agent_page
@admins_only
def ask(request: AgentRequest) -> HttpResponse:
    """Have the servers asked about a day; a worker does it."""
    try:
        day = _day(request.POST.get("day", ""))
    except ValueError:
        reason = _("The address asks for a day that does not exist.")
        return render(request, "400.html", {"reason": reason}, status=400)
    hint_on_commit(ask_mail_servers, str(day))
    messages.success(request, _("The mail servers are being asked. Look again in a moment."))
    return redirect(f"{reverse('messaging:intake_days')}?day={day}")
