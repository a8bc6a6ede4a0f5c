"""Histories of tickets in a few words, for tests of the calculations."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from automation.business_time import BusinessHours
from automation.calendars import one_calendar
from reports.calculations.events import Event

ANA, BEN, CARLA = 1, 2, 3
SUPPORT, BILLING = 11, 12
MONDAY = datetime(2024, 5, 6, tzinfo=UTC)
OFFICE = BusinessHours.build(
    zone="UTC", hours={day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
)
OFFICE_CALENDAR = one_calendar(OFFICE, MONDAY - timedelta(days=1000))

AFTERWARDS = {
    "resolved": "resolved",
    "closed": "closed",
    "reopened": "open",
}
BY_SYSTEM = frozenset({"reply_sent", "reply_failed"})


def hour(hours: float) -> datetime:
    """So many hours after Monday, 00:00 UTC."""
    return MONDAY + timedelta(hours=hours)


def story(*steps: tuple[Any, ...]) -> list[Event]:
    """Build events from (hour, kind, changes) with the state carried along.

    A `reply` by an agent is followed by its `reply_sent` unless `sent=False`.
    """
    events: list[Event] = []
    state = Event("", MONDAY, status="new")
    for number, (at, kind, *rest) in enumerate(steps):
        changes = dict(rest[0]) if rest else {}
        sent = changes.pop("sent", True)
        actor = changes.pop("by", ANA)
        state = replace(
            state,
            kind=kind,
            at=hour(at),
            message_id=100 + number if kind in {"reply", "customer_message"} else None,
            data=changes.pop("data", {}),
            **_actor(kind, actor),
            **{"status": AFTERWARDS.get(kind, state.status), **changes},
        )
        events.append(state)
        if kind == "reply" and sent:
            handed = replace(state, kind="reply_sent", actor_kind="system", actor_id=None)
            events.append(handed)
    return events


def opened(at: float = 9, **changes: Any) -> tuple[Any, ...]:
    return (at, "opened", {"by": "customer", **changes})


def asked(at: float, **changes: Any) -> tuple[Any, ...]:
    return (at, "customer_message", {"by": "customer", **changes})


def replied(at: float, by: int | str = ANA, **changes: Any) -> tuple[Any, ...]:
    return (at, "reply", {"by": by, "status": "pending", **changes})


def resolved(at: float, by: int | str = ANA) -> tuple[Any, ...]:
    return (at, "resolved", {"by": by})


def reopened(at: float) -> tuple[Any, ...]:
    return (at, "reopened", {"by": "customer"})


def kinds(events: Iterable[Event]) -> list[str]:
    return [event.kind for event in events]


def _actor(kind: str, actor: int | str) -> dict[str, Any]:
    if actor == "customer":
        return {"actor_kind": "customer", "actor_id": None}
    if kind in BY_SYSTEM or actor == "system":
        return {"actor_kind": "system", "actor_id": None}
    return {"actor_kind": "agent", "actor_id": actor}
