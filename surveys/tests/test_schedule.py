"""On which day a periodic survey meets a customer."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from surveys.schedule import PERIODS, latest_slot, slot_for

START = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = PERIODS["yearly"]


def turn(customer: int, now: datetime) -> datetime | None:
    return latest_slot(survey_id=1, customer_id=customer, start=START, period=YEAR, now=now)


def test_everybody_has_one_turn_a_period_and_always_the_same():
    end = START + YEAR - timedelta(seconds=1)
    for customer in range(200):
        first = turn(customer, end)
        assert first
        assert START <= first < START + YEAR
        assert turn(customer, first - timedelta(seconds=1)) is None
        assert turn(customer, first + YEAR) == first + YEAR
        assert turn(customer, first + YEAR - timedelta(seconds=1)) == first


def test_turns_are_spread_over_the_days():
    end = START + YEAR
    weeks = Counter((turn(customer, end) - START).days // 7 for customer in range(1, 5201))
    assert len(weeks) >= 52
    assert max(weeks.values()) < 150  # 100 would be even


@pytest.mark.parametrize("zone", ["UTC", "Europe/Madrid", "America/Sao_Paulo", "Asia/Tokyo"])
def test_they_are_asked_by_day_where_they_live(zone):
    for customer in range(100):
        slot = slot_for(START + timedelta(hours=customer), ZoneInfo(zone), customer)
        assert 9 <= slot.due_at.astimezone(ZoneInfo(zone)).hour < 17
        assert slot.due_at.utcoffset() == timedelta(0)
