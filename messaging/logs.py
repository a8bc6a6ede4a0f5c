"""The delivery log and the intake as pages: filters by allow-list, newest first, pages by key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet, TextChoices

from helpdesk.lib.times import Clock
from messaging.models import Delivery, MailboxState, RawInbound
from tickets.inbound import Fate

PAGE_SIZE = 50
WAITING = "waiting"
"""The fate of a raw message that nobody has decided yet, in an address."""
CHIPS: Mapping[str, str] = {
    "sent": "success",
    "failed": "danger",
    "suppressed": "warning",
    "sending": "accent",
    "queued": "accent",
    Fate.OPENED: "success",
    Fate.ADDED: "success",
    Fate.SURVEY_ANSWER: "success",
    Fate.HELD: "warning",
    Fate.BOUNCE: "warning",
}
Row = TypeVar("Row", bound=Model)


class BadFilter(ValueError):
    """The address asks for a filter or a page that does not exist."""


@dataclass(frozen=True)
class Choice:
    """One way to narrow a list, as a link."""

    title: str
    address: str
    is_chosen: bool


@dataclass(frozen=True)
class Moment:
    """A time, short and exact, in the reader's zone."""

    short: str
    exact: str


def moment(at: datetime | None, clock: Clock) -> Moment | None:
    return Moment(clock.short(at), clock.exact(at)) if at else None


def narrowed(
    rows: QuerySet[Row], asked: Mapping[str, str], allowed: Mapping[str, Mapping[str, Any]]
) -> QuerySet[Row]:
    """The rows that fit the filters asked for; raises `BadFilter` for any not `allowed`."""
    for name, value in asked.items():
        if name == "before":
            if not value.isdecimal() or len(value) > 18:
                raise BadFilter(value)
            rows = rows.filter(pk__lt=int(value))
        elif value:
            try:
                rows = rows.filter(**{name: allowed[name][value]})
            except KeyError as error:
                raise BadFilter(name) from error
    return rows


def page(rows: QuerySet[Row], asked: Mapping[str, str]) -> tuple[Sequence[Row], str]:
    """Up to `PAGE_SIZE` rows and the address of the next page, "" after the last."""
    found = list(rows.order_by("-pk")[: PAGE_SIZE + 1])
    if len(found) <= PAGE_SIZE:
        return found, ""
    shown = found[:PAGE_SIZE]
    return shown, urlencode({**asked, "before": shown[-1].pk})


def choices(asked: Mapping[str, str], name: str, titles: Mapping[str, str]) -> list[Choice]:
    """The links of one filter; the chosen one takes itself away."""
    others = {key: value for key, value in asked.items() if key not in (name, "before") and value}
    chosen = asked.get(name, "")
    return [
        Choice(
            title,
            urlencode(others if value == chosen else {**others, name: value}),
            value == chosen,
        )
        for value, title in titles.items()
    ]


def titles(kinds: type[TextChoices]) -> dict[str, str]:
    return {str(value): str(title) for value, title in kinds.choices}


STATES = {value: str(value) for value in Delivery.State.values}
PURPOSES = {value: str(value) for value in Delivery.Purpose.values}
FATES = {WAITING: "", **{value: str(value) for value in Fate.values}}


@dataclass(frozen=True)
class DeliveryRow:
    delivery: Delivery
    to: str
    chip: str
    when: Moment | None


def delivery_rows(deliveries: Sequence[Delivery]) -> list[DeliveryRow]:
    clock = Clock()
    return [
        DeliveryRow(
            delivery,
            ", ".join(delivery.recipients.get("to", [])),
            CHIPS.get(delivery.state, ""),
            moment(delivery.sent_at or delivery.created_at, clock),
        )
        for delivery in deliveries
    ]


@dataclass(frozen=True)
class LateRow:
    """A mailbox that could not be fetched for long."""

    state: MailboxState
    succeeded: Moment | None


def late_rows(states: Sequence[MailboxState]) -> list[LateRow]:
    clock = Clock()
    return [LateRow(state, moment(state.last_success_at, clock)) for state in states]


@dataclass(frozen=True)
class IntakeRow:
    raw: RawInbound
    fate: str
    chip: str
    when: Moment | None


def intake_rows(raws: Sequence[RawInbound], waiting: str) -> list[IntakeRow]:
    clock = Clock()
    return [
        IntakeRow(
            raw,
            raw.get_fate_display() or waiting,
            "danger" if raw.fate == Fate.FAILED else CHIPS.get(raw.fate, ""),
            moment(raw.received_at, clock),
        )
        for raw in raws
    ]
