"""When a desk works: calendars, their holidays, and which team works by which since when."""

import zoneinfo
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from automation.business_time import BusinessHours


def validate_zone(name: str) -> None:
    """Refuse what is not an IANA time zone."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValidationError(_("“%(zone)s” is not a time zone."), params={"zone": name}) from error


def validate_weekly_hours(hours: Any) -> None:
    """Refuse what is not `{"mon": [["09:00", "17:00"], …], …}`."""
    try:
        BusinessHours.build(zone="UTC", hours=hours)
    except (ValueError, TypeError, AttributeError) as error:
        raise ValidationError(
            _("Write opening hours as intervals of clock times, such as 09:00–17:00.")
        ) from error


class Calendar(models.Model):
    """Opening hours of one zone. Once in use it is never changed, only succeeded by another.

    `weekly_hours` is `{"mon": [["09:00", "12:00"], ["13:00", "24:00"]], …}`; an interval that
    ends at or before its start runs past midnight.
    """

    name = models.CharField(_("name"), max_length=100)
    time_zone = models.CharField(
        _("time zone"), max_length=50, default="UTC", validators=[validate_zone]
    )
    is_around_the_clock = models.BooleanField(_("around the clock, every day"), default=False)
    weekly_hours = models.JSONField(
        _("weekly hours"), default=dict, blank=True, validators=[validate_weekly_hours]
    )
    succeeded_by = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="predecessor",
        verbose_name=_("succeeded by"),
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def hours(self) -> BusinessHours:
        """The opening hours for the calculations, holidays included."""
        closures = list(self.holidays.all())
        week = BusinessHours.around_the_clock(self.time_zone).weekly
        built = BusinessHours.build(
            zone=self.time_zone,
            hours=self.weekly_hours,
            holidays=[closure.date for closure in closures if closure.is_whole_day],
            breaks=[(closure.date, [closure.interval]) for closure in closures],
        )
        if not self.is_around_the_clock:
            return built
        return BusinessHours(built.zone, week, built.holidays, built.breaks)


class Holiday(models.Model):
    """A date on which a calendar is closed, all day or from one clock time to another."""

    calendar = models.ForeignKey(
        Calendar, on_delete=models.CASCADE, related_name="holidays", verbose_name=_("calendar")
    )
    date = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=100, blank=True)
    closed_from = models.TimeField(_("closed from"), null=True, blank=True)
    closed_until = models.TimeField(_("closed until"), null=True, blank=True)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ("date", "closed_from", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(closed_from=None, closed_until=None)
                | models.Q(closed_from__isnull=False, closed_until__isnull=False),
                name="holiday_from_and_until",
                violation_error_message=_("Give both times, or none for the whole day."),
            ),
        )

    def __str__(self) -> str:
        return self.name or self.date.isoformat()

    @property
    def is_whole_day(self) -> bool:
        return self.closed_from is None

    @property
    def interval(self) -> tuple[str, str]:
        """The closed clock times; "00:00" to "24:00" for the whole day."""
        if self.closed_from is None or self.closed_until is None:
            return ("00:00", "24:00")
        until = self.closed_until
        return (
            self.closed_from.isoformat("seconds"),
            "24:00" if until == time(0) else until.isoformat("seconds"),
        )

    @property
    def starts_at(self) -> datetime:
        """The moment from which it changes the opening hours."""
        zone = zoneinfo.ZoneInfo(self.calendar.time_zone)
        return starts_at(self.date, self.closed_from, zone)


def starts_at(on: date, clock: time | None, zone: zoneinfo.ZoneInfo) -> datetime:
    """A clock time of a date in a zone; midnight without one."""
    return datetime.combine(on, clock or time(0), tzinfo=zone)


class CalendarAssignment(models.Model):
    """From `since` on a team works by a calendar; without a team, every team without its own."""

    team = models.ForeignKey(
        Team,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="calendar_assignments",
        verbose_name=_("team"),
        help_text=_("Empty: every team without a calendar of its own."),
    )
    calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("calendar")
    )
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("calendar of a team")
        verbose_name_plural = _("calendars of teams")
        ordering = ("-since", "-id")
        constraints = (
            models.UniqueConstraint(fields=["team", "since"], name="calendar_of_team_once"),
            models.UniqueConstraint(
                fields=["since"], name="default_calendar_once", condition=models.Q(team=None)
            ),
        )

    def __str__(self) -> str:
        return f"{self.team or _('Every team')}: {self.calendar}"
