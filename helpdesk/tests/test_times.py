"""Times as people read them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from django.utils.formats import date_format

from helpdesk.lib.times import Clock, zones

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "short", "long"),
    [
        ("en", "3 Oct", "Oct. 3, 2026"),
        ("es", "3 oct", "3 de octubre de 2026"),
        ("pt-br", "3 out", "3 de outubro de 2026"),
    ],
)
def test_months_are_written_as_in_a_sentence(language: str, short: str, long: str) -> None:
    with translation.override(language):
        assert Clock(now=NOON, zone=UTC).short(datetime(2026, 10, 3, 9, tzinfo=UTC)) == short
        assert date_format(date(2026, 10, 3)) == long


@pytest.mark.parametrize(
    ("since", "short"),
    [(0, "now"), (59, "now"), (60, "1m"), (3_600, "1h"), (86_400, "1d"), (604_800, "14 Nov")],
)
def test_short_times_say_the_largest_unit(since: int, short: str) -> None:
    with translation.override("en"):
        assert Clock(now=NOON, zone=UTC).short(NOON - timedelta(seconds=since)) == short


def test_another_year_is_named() -> None:
    with translation.override("en"):
        assert Clock(now=NOON, zone=UTC).day(datetime(2024, 10, 12, tzinfo=UTC)) == "12 Oct 2024"


def test_zones_are_choices_of_a_form() -> None:
    assert ("Europe/Madrid", "Europe/Madrid") in zones()
    assert zones(empty="unknown")[0] == ("", "unknown")
