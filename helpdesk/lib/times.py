"""Times as people read them: short and relative, with the exact one beside.

Made for lists: one `Clock` a page, no template filter and no format parsing a row.
"""

import zoneinfo
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from django.utils import dates, timezone, translation
from django.utils.translation import gettext, gettext_noop, ngettext

# Django's names of the months, here to be translated as each language writes them in a sentence.
MONTHS = (
    gettext_noop("January"), gettext_noop("February"), gettext_noop("March"),
    gettext_noop("April"), gettext_noop("May"), gettext_noop("June"), gettext_noop("July"),
    gettext_noop("August"), gettext_noop("September"), gettext_noop("October"),
    gettext_noop("November"), gettext_noop("December"),
)  # fmt: skip
MINUTE, HOUR, DAY, WEEK = 60, 3_600, 86_400, 604_800


@dataclass(frozen=True)
class Clock:
    """Formats times (aware) for one reader, in the active zone and language unless told."""

    now: datetime = field(default_factory=timezone.now)
    zone: tzinfo = field(default_factory=timezone.get_current_timezone)
    language: str = field(default_factory=lambda: translation.get_language() or "en")

    def short(self, at: datetime) -> str:
        """For a narrow column: "now", "5m", "3h", "2d", "12 Oct", "12 Oct 2024"."""
        seconds = int((self.now - at).total_seconds())
        minute, hour, day, now = _units(self.language)
        if seconds < MINUTE:
            return now if seconds > -MINUTE else self.day(at)
        if seconds < HOUR:
            return minute % {"n": seconds // MINUTE}
        if seconds < DAY:
            return hour % {"n": seconds // HOUR}
        if seconds < WEEK:
            return day % {"n": seconds // DAY}
        return self.day(at)

    def ago(self, at: datetime) -> str:
        """For a sentence: "just now", "5 minutes ago", "12 Oct 2024"."""
        seconds = int((self.now - at).total_seconds())
        if seconds >= WEEK or seconds <= -MINUTE:
            return self.day(at)
        for size in (DAY, HOUR, MINUTE):
            if seconds >= size:
                return _ago(self.language, size, seconds // size)
        return _ago(self.language, 1, 0)

    def day(self, at: datetime) -> str:
        """ "12 Oct", with the year when it is another one."""
        local = at.astimezone(self.zone)
        text = f"{local.day} {_months(self.language)[local.month - 1]}"
        return text if local.year == self.now.astimezone(self.zone).year else f"{text} {local.year}"

    def exact(self, at: datetime) -> str:
        """ "12 Oct 2024, 09:05" in the reader's zone."""
        local = at.astimezone(self.zone)
        month = _months(self.language)[local.month - 1]
        return f"{local.day} {month} {local.year}, {local.hour:02d}:{local.minute:02d}"


def zones(*, empty: str | None = None) -> list[tuple[str, str]]:
    """The IANA time zones as choices of a form; `empty` names what choosing none means."""
    names = [(name, name) for name in sorted(zoneinfo.available_timezones())]
    return names if empty is None else [("", empty), *names]


def iso(at: datetime) -> str:
    """For the `datetime` attribute: UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=16)
def _months(language: str) -> tuple[str, ...]:
    with translation.override(language):
        names = [str(dates.MONTHS_3[n]) for n in range(1, 13)]
    # English writes them with a capital, Spanish and Portuguese do not.
    return tuple(name.capitalize() for name in names) if language[:2] == "en" else tuple(names)


@lru_cache(maxsize=16)
def _units(language: str) -> tuple[str, str, str, str]:
    with translation.override(language):
        # Translators: very short, for a narrow column: minutes, hours, days
        return gettext("%(n)dm"), gettext("%(n)dh"), gettext("%(n)dd"), gettext("now")


@lru_cache(maxsize=1024)
def _ago(language: str, size: int, n: int) -> str:
    """`n` days, hours or minutes ago: fewer than a hundred sentences a language."""
    with translation.override(language):
        if size == DAY:
            words = ngettext("%(n)d day ago", "%(n)d days ago", n)
        elif size == HOUR:
            words = ngettext("%(n)d hour ago", "%(n)d hours ago", n)
        elif size == MINUTE:
            words = ngettext("%(n)d minute ago", "%(n)d minutes ago", n)
        else:
            return gettext("just now")
        return words % {"n": n}
