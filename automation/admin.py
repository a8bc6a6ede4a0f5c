"""Calendars in the admin: every change goes through the verbs that keep the past as it was."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from automation import services
from automation.business_time import WEEKDAYS
from automation.forms import CalendarForm
from automation.models import Calendar, CalendarAssignment, Holiday
from automation.selectors import current_calendars


class HolidayForm(ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Holiday
        fields = ("date", "name", "closed_from", "closed_until")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        on, calendar = cleaned.get("date"), self.instance.calendar
        if on and self.has_changed() and calendar.pk:
            try:
                services.refuse_past(calendar, on, cleaned.get("closed_from"))
            except services.CalendarRefused as refusal:
                raise ValidationError(str(refusal)) from refusal
        return cleaned


class HolidayInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Holiday
    form = HolidayForm
    extra = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Calendar)
class CalendarAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = CalendarForm
    inlines = (HolidayInline,)
    list_display = ("name", "time_zone", "is_around_the_clock", "is_in_force")
    list_filter = (("succeeded_by", admin.EmptyFieldListFilter),)
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "time_zone", "is_around_the_clock")}),
        (
            _("Opening hours"),
            {
                "fields": WEEKDAYS,
                "description": _(
                    "Clock times of that day; an interval may run past midnight (22:00–06:00). "
                    "Changes hold from now on: what is past keeps its hours."
                ),
            },
        ),
    )

    @admin.display(boolean=True, description=_("in force"))
    def is_in_force(self, calendar: Calendar) -> bool:
        return calendar.succeeded_by_id is None

    def has_change_permission(self, request: HttpRequest, obj: Calendar | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.succeeded_by_id is None)

    def has_delete_permission(self, request: HttpRequest, obj: Calendar | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and obj is not None and not obj.assignments.exists()

    def save_model(
        self, request: HttpRequest, obj: Calendar, form: CalendarForm, change: bool
    ) -> None:
        fields = {
            name: form.cleaned_data[name]
            for name in ("name", "time_zone", "is_around_the_clock", "weekly_hours")
        }
        if not change:
            obj.pk = services.create_calendar(**fields).pk
            obj.weekly_hours = fields["weekly_hours"]
            return
        revised = services.revise_calendar(calendar=obj, **fields)
        if revised.pk != obj.pk:
            obj.pk = revised.pk
            messages.info(
                request, _("The new hours hold from now on; the past keeps the old ones.")
            )


class AssignmentForm(ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = CalendarAssignment
        fields = ("team", "calendar", "since")
        help_texts = {"since": _("Empty: from now on.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.pop("since", None)
        self.fields["since"].required = False
        self.fields["since"].initial = None
        self.fields["calendar"].queryset = current_calendars()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if calendar := cleaned.get("calendar"):
            try:
                services.refuse_assignment(calendar, cleaned.get("since"))
            except services.CalendarRefused as refusal:
                raise ValidationError(str(refusal)) from refusal
        cleaned["since"] = cleaned.get("since") or timezone.now()
        return cleaned


@admin.register(CalendarAssignment)
class CalendarAssignmentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("team_name", "calendar", "since")
    list_select_related = ("team", "calendar")
    date_hierarchy = "since"
    form = AssignmentForm

    @admin.display(description=_("team"), ordering="team__name")
    def team_name(self, assignment: CalendarAssignment) -> object:
        return assignment.team or _("Every team")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: CalendarAssignment, form: Any, change: bool
    ) -> None:
        saved = services.assign_calendar(calendar=obj.calendar, team=obj.team, since=obj.since)
        obj.pk = saved.pk
