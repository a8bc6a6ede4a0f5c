"""Business time against the public samples, where they are at hand."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from automation.business_time import BusinessHours, business_seconds_between, due_after

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "business_hours.jsonl"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not SAMPLES.exists(), reason="the public samples are not here"),
]


def samples() -> Iterator[dict[str, Any]]:
    with SAMPLES.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def hours_of(schedule: dict[str, Any]) -> BusinessHours:
    return BusinessHours.build(
        zone=schedule["zone"],
        hours=schedule["hours"],
        holidays=[date.fromisoformat(day) for day in schedule["holidays"]],
        breaks=[(date.fromisoformat(day), closed) for day, closed in schedule["breaks"]],
    )


def is_right(sample: dict[str, Any]) -> bool:
    hours = hours_of(sample["schedule"])
    start = datetime.fromisoformat(sample["start"])
    if sample["op"] == "business_seconds_between":
        end = datetime.fromisoformat(sample["end"])
        return business_seconds_between(hours, start, end) == sample["expect_seconds"]
    due = due_after(hours, start, sample["minutes"] * 60)
    accepted = (sample["expect_due"], sample.get("expect_due_at_closing"))
    return due in [datetime.fromisoformat(text) for text in accepted if text]


def test_every_sample_is_right() -> None:
    judged = {sample["id"]: is_right(sample) for sample in samples()}
    assert judged
    assert [sample_id for sample_id, right in judged.items() if not right] == []
