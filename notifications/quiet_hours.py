"""When a customer may be written to without waking them. Pure: times in, a time out."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def next_allowed(now: datetime, zone: ZoneInfo, *, quiet_from: int, quiet_until: int) -> datetime:
    """`now`, or the end of the quiet hours that it falls into.

    The hours (0–23) are on the clock of `zone`; quiet runs from `quiet_from` up to, not including,
    `quiet_until`, over midnight when `quiet_from` is the later one. Equal hours mean never quiet.
    Where the clock skips the end (summer time begins), the first moment after it counts.
    """
    local = now.astimezone(zone)
    if not _is_quiet(local.hour, quiet_from, quiet_until):
        return now
    day = local.date() + timedelta(days=1 if local.hour >= quiet_until else 0)
    return datetime.combine(day, time(quiet_until), tzinfo=zone).astimezone(now.tzinfo)


def _is_quiet(hour: int, quiet_from: int, quiet_until: int) -> bool:
    if quiet_from <= quiet_until:
        return quiet_from <= hour < quiet_until
    return hour >= quiet_from or hour < quiet_until


def zone_of(name: str, default: str) -> ZoneInfo:
    """The zone of this name; for "" or a name that is none, the default one."""
    try:
        return ZoneInfo(name or default)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(default)
