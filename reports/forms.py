"""The filter bar: what a report is about, kept in its address."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from reports.metrics.scope import Scope
from tickets.models import Channel

LONGEST = 366 * 3
DEFAULT_PERIOD = "30"
PERIODS = [
    ("1", _("Today")),
    ("7", _("Last 7 days")),
    ("30", _("Last 30 days")),
    ("90", _("Last 90 days")),
    ("365", _("Last 365 days")),
    ("month", _("This month")),
    ("last-month", _("Last month")),
    ("custom", _("Other days")),
]
BASES = [("business", _("Business hours")), ("calendar", _("Calendar hours"))]


class DayInput(forms.DateInput):
    """The browser's own date picker, which wants ISO dates whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ScopeForm(forms.Form):
    """Period, team, assignee, channel and hours. Anything wrong falls back to the default."""

    period = forms.ChoiceField(label=_("Period"), choices=PERIODS, required=False)
    first = forms.DateField(label=_("From"), widget=DayInput, required=False)
    last = forms.DateField(label=_("To and including"), widget=DayInput, required=False)
    team = forms.ModelChoiceField(
        Team.objects.all(), label=_("Team"), required=False, empty_label=_("All teams")
    )
    agent = forms.ModelChoiceField(
        User.objects.order_by("name", "id"),
        label=_("Assignee"),
        required=False,
        empty_label=_("All agents"),
    )
    channel = forms.ModelChoiceField(
        Channel.objects.all(), label=_("Channel"), required=False, empty_label=_("All channels")
    )
    basis = forms.ChoiceField(label=_("Hours"), choices=BASES, required=False)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if cleaned.get("period") == "custom":
            if not first or not last:
                raise ValidationError(_("Choose the first and the last day."))
            if last < first:
                raise ValidationError(_("The last day lies before the first."))
            if (last - first).days > LONGEST:
                raise ValidationError(_("Choose three years at most."))
        return cleaned

    def scope(self, now: datetime, zone: ZoneInfo) -> Scope:
        """The report that the bar asks for, in the reader's zone."""
        chosen = self.cleaned_data if self.is_valid() else {}
        today = now.astimezone(zone).date()
        first, last = self._days(chosen, today)
        team, agent, channel = (chosen.get(name) for name in ("team", "agent", "channel"))
        return Scope(
            first=first,
            last=last,
            zone=zone,
            now=now,
            basis=chosen.get("basis") or BASES[0][0],
            team_id=team.pk if team else None,
            agent_id=agent.pk if agent else None,
            channel_id=channel.pk if channel else None,
        )

    def _days(self, chosen: dict[str, object], today: date) -> tuple[date, date]:
        period = str(chosen.get("period") or DEFAULT_PERIOD)
        if period == "custom":
            first, last = chosen["first"], chosen["last"]
            assert isinstance(first, date)
            assert isinstance(last, date)
            return first, last
        if period == "month":
            return today.replace(day=1), today
        if period == "last-month":
            last = today.replace(day=1) - timedelta(days=1)
            return last.replace(day=1), last
        return today - timedelta(days=int(period) - 1), today
