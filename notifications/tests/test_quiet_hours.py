"""Nobody is woken: a table of times."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from notifications.quiet_hours import next_allowed, zone_of


@pytest.mark.parametrize(
    ("zone", "now", "allowed"),
    [
        ("UTC", "2026-03-04 12:00", "2026-03-04 12:00"),
        ("UTC", "2026-03-04 08:00", "2026-03-04 08:00"),
        ("UTC", "2026-03-04 07:59", "2026-03-04 08:00"),
        ("UTC", "2026-03-04 20:59", "2026-03-04 20:59"),
        ("UTC", "2026-03-04 21:00", "2026-03-05 08:00"),
        ("America/Bogota", "2026-03-04 12:00", "2026-03-04 13:00"),
        ("America/Bogota", "2026-03-04 03:00", "2026-03-04 13:00"),
        ("Asia/Tokyo", "2026-03-04 12:00", "2026-03-04 23:00"),
        ("Pacific/Auckland", "2026-03-04 09:00", "2026-03-04 19:00"),
        # The night in which summer time begins is an hour shorter.
        ("Europe/Madrid", "2026-03-28 21:30", "2026-03-29 06:00"),
        ("Europe/Madrid", "2026-03-27 21:30", "2026-03-28 07:00"),
        ("Europe/Madrid", "2026-10-24 20:30", "2026-10-25 07:00"),
        ("Asia/Kathmandu", "2026-03-04 16:00", "2026-03-05 02:15"),
    ],
)
def test_night_is_from_21_to_8_where_the_customer_lives(zone, now, allowed):
    got = next_allowed(_utc(now), ZoneInfo(zone), quiet_from=21, quiet_until=8)
    assert got == _utc(allowed)


@pytest.mark.parametrize(
    ("hours", "now", "allowed"),
    [
        ((0, 0), "03:00", "03:00"),
        ((1, 6), "00:30", "00:30"),
        ((1, 6), "05:59", "06:00"),
        ((1, 6), "06:00", "06:00"),
    ],
)
def test_other_hours(hours, now, allowed):
    got = next_allowed(
        _utc(f"2026-03-04 {now}"), ZoneInfo("UTC"), quiet_from=hours[0], quiet_until=hours[1]
    )
    assert got == _utc(f"2026-03-04 {allowed}")


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "x" * 300, "\x00"])
def test_an_unknown_zone_is_the_accounts(name):
    assert zone_of(name, "Europe/Madrid") == ZoneInfo("Europe/Madrid")


def _utc(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
