"""How opening hours are typed: `09:00–12:00, 13:00–17:30`, one field for each weekday."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from automation.business_time import WEEKDAYS
from automation.models import Calendar, validate_weekly_hours
from helpdesk.lib.times import zones

INTERVAL = re.compile(r"^(\d{1,2}:\d{2})\s*[-–—]\s*(\d{1,2}:\d{2})$")


class IntervalsField(forms.CharField):
    """Opening hours of one weekday; empty means closed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.widget.attrs["placeholder"] = "09:00–12:00, 13:00–17:30"

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(f"{opens}–{closes}" for opens, closes in value)
        return value

    def clean(self, value: Any) -> list[list[str]]:
        intervals = []
        for part in filter(None, (part.strip() for part in str(value or "").split(","))):
            found = INTERVAL.match(part)
            if not found:
                raise ValidationError(
                    _("“%(text)s” is not an interval such as 09:00–17:00."), params={"text": part}
                )
            intervals.append([found[1], found[2]])
        validate_weekly_hours({"mon": intervals})
        return intervals


class CalendarForm(forms.ModelForm):  # type: ignore[type-arg]
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones, initial="UTC")
    mon = IntervalsField(label=_("Monday"))
    tue = IntervalsField(label=_("Tuesday"))
    wed = IntervalsField(label=_("Wednesday"))
    thu = IntervalsField(label=_("Thursday"))
    fri = IntervalsField(label=_("Friday"))
    sat = IntervalsField(label=_("Saturday"))
    sun = IntervalsField(label=_("Sunday"))

    class Meta:
        model = Calendar
        fields = ("name", "time_zone", "is_around_the_clock")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday in WEEKDAYS:
            self.fields[weekday].initial = self.instance.weekly_hours.get(weekday, [])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        hours = {day: cleaned.get(day) for day in WEEKDAYS if cleaned.get(day)}
        cleaned["weekly_hours"] = hours
        if not hours and not cleaned.get("is_around_the_clock") and not self.errors:
            raise ValidationError(_("Give opening hours for one day at least."))
        return cleaned
