"""An invitation to an appointment (iCalendar, RFC 5545) as one line that people read."""

from datetime import date, datetime

_MAX_BYTES = 200_000
_MAX_TEXT = 200
_MAX_GUESTS = 5
_CONTROL_METHODS = {"REPLY": "↩", "CANCEL": "✕"}


def read_invitation(content: bytes) -> str:
    """What, when, where and who, such as "Review · 2026-11-16 09:00-10:00 (Europe/Madrid) · …".

    "" where it is no invitation that can be read.
    """
    if len(content) > _MAX_BYTES or b"BEGIN:VEVENT" not in content:
        return ""
    from icalendar import Calendar, Event  # slow to import and seldom needed

    try:
        calendar = Calendar.from_ical(content)
        event = next((e for e in calendar.walk("VEVENT") if isinstance(e, Event)), None)
        if event is None:
            return ""
        sign = _CONTROL_METHODS.get(str(calendar.get("METHOD", "")).upper(), "📅")
        facts = (
            _plain(event.get("SUMMARY")),
            _when(event),
            _plain(event.get("LOCATION")),
            _who(event),
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, LookupError):
        # Whatever a program wrote there: the file itself is attached.
        return ""
    said = " · ".join(fact for fact in facts if fact)
    return f"{sign} {said}" if said else ""


def _plain(value: object) -> str:
    return " ".join(str(value).split())[:_MAX_TEXT] if value else ""


def _when(event: "object") -> str:
    start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
    if start is None:
        return ""
    if not isinstance(start, datetime):
        return start.isoformat()
    said = f"{start:%Y-%m-%d %H:%M}"
    if isinstance(end, datetime):
        said += f"-{end:%H:%M}" if end.date() == start.date() else f" - {end:%Y-%m-%d %H:%M}"
    zone = _zone(event) or start.tzname()
    return f"{said} ({zone})" if start.tzinfo and zone else said


def _zone(event: "object") -> str:
    """As the sender calls it; a zone that they describe themselves has no other name."""
    start = getattr(event, "get", lambda _name: None)("DTSTART")
    return _plain(getattr(start, "params", {}).get("TZID"))


def _moment(event: "object", name: str) -> date | None:
    found = getattr(event, "get", lambda _name: None)(name)
    value = getattr(found, "dt", None)
    return value if isinstance(value, date) else None


def _who(event: "object") -> str:
    get = getattr(event, "get", lambda _name: None)
    guests = get("ATTENDEE") or []
    people = [get("ORGANIZER"), *(guests if isinstance(guests, list) else [guests])]
    names = dict.fromkeys(_address(person) for person in people[: _MAX_GUESTS + 1] if person)
    more = " …" if len(people) > _MAX_GUESTS + 1 else ""
    return ", ".join(name for name in names if name) + more


def _address(person: object) -> str:
    value = _plain(person)
    return value[7:] if value.lower().startswith("mailto:") else value
