"""What a customer's shop tells us about their orders, in whatever order it arrives."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.dateparse import parse_datetime
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from customers.models import CustomerEvent, Order
from customers.services import customer_at, update_customer

Kind = CustomerEvent.Kind
State = Order.State
STATES = {
    Kind.ORDER_PLACED: State.PLACED,
    Kind.ORDER_DELAYED: State.DELAYED,
    Kind.ORDER_SHIPPED: State.SHIPPED,
    Kind.ORDER_DELIVERED: State.DELIVERED,
}
# Which of two events of the same moment came last.
_STEPS = tuple(STATES)

Handler = Callable[[CustomerEvent], None]


class EventConflict(ValueError):
    """The event id was used for something else; the text is a sentence for the sender."""


@dataclass(frozen=True)
class OrderNews:
    """One event as the shop tells it. Times are aware; `promised_at` None says nothing new."""

    event_id: str
    kind: str
    occurred_at: datetime
    email: str
    number: str
    name: str = ""
    language: str = ""
    time_zone: str = ""
    promised_at: datetime | None = None
    tracking_url: str = ""


@dataclass(frozen=True)
class Standing:
    """Where an order stands after all that was told about it."""

    state: str
    state_at: datetime
    promised_at: datetime | None
    first_promised_at: datetime | None
    tracking_url: str


def record_customer_event(news: OrderNews) -> tuple[CustomerEvent, bool]:
    """Keep an event and what it makes of the order; the second value says whether it is new.

    One transaction with the order locked; `settings.CUSTOMER_EVENT_HANDLERS` run in it. The same
    event id with the same content returns the first event and has no second effect, also when two
    processes take it at once. Raises `EventConflict` for the same id with other content and
    `InvalidAddress` for an e-mail that is none.
    """
    if earlier := _earlier(news):
        return earlier, False
    try:
        with transaction.atomic():
            return _record(news), True
    except IntegrityError:
        if earlier := _earlier(news):
            return earlier, False
        raise


def _earlier(news: OrderNews) -> CustomerEvent | None:
    event = (
        CustomerEvent.objects.filter(event_id=news.event_id)
        .select_related("customer", "order")
        .first()
    )
    if event and event.data["news"] != _plain(news):
        raise EventConflict(_("An event with this id and other content came before."))
    return event


def _plain(news: OrderNews) -> dict[str, Any]:
    return {name: _iso(v) if isinstance(v, datetime) else v for name, v in asdict(news).items()}


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _record(news: OrderNews) -> CustomerEvent:
    customer = customer_at(kind="email", value=news.email, name=news.name, language=news.language)
    if news.time_zone and news.time_zone != customer.time_zone:
        update_customer(customer=customer, time_zone=news.time_zone)
    Order.objects.get_or_create(
        number=news.number, defaults={"customer": customer, "state_at": news.occurred_at}
    )
    order = Order.objects.select_for_update().get(number=news.number)
    event = CustomerEvent.objects.create(
        event_id=news.event_id,
        kind=news.kind,
        customer=customer,
        order=order,
        occurred_at=news.occurred_at,
        data={"news": _plain(news)},
    )
    _bring_up_to_date(order)
    event.data["result"] = describe_order(order)
    event.save(update_fields=["data"])
    for handler in handlers():
        handler(event)
    return event


def _bring_up_to_date(order: Order) -> None:
    """The order after all its events: an event that comes late changes only what was unknown."""
    events = sorted(order.events.select_related("customer"), key=_place)
    known = {field: value for field, value in asdict(standing_after(events)).items() if value}
    for field, value in known.items():
        setattr(order, field, value)
    order.customer = events[-1].customer  # the shop knows best whose order it is
    order.save(update_fields=[*known, "customer"])


def _place(event: CustomerEvent) -> tuple[datetime, int, int]:
    return event.occurred_at, _STEPS.index(Kind(event.kind)), event.pk


def standing_after(events: Iterable[CustomerEvent]) -> Standing:
    """Fold events, oldest first: the last state, the first and the last promise."""
    events = list(events)
    promises = [at for e in events if (at := _promise(e.data["news"]))]
    addresses = [url for e in events if (url := e.data["news"].get("tracking_url"))]
    last = events[-1]
    return Standing(
        state=STATES[Kind(last.kind)],
        state_at=last.occurred_at,
        promised_at=promises[-1] if promises else None,
        first_promised_at=promises[0] if promises else None,
        tracking_url=addresses[-1] if addresses else "",
    )


def _promise(news: Mapping[str, Any]) -> datetime | None:
    text = news.get("promised_at")
    return parse_datetime(text) if text else None


def describe_order(order: Order) -> dict[str, Any]:
    """An order as the API tells it (times in ISO 8601)."""
    times = ("promised_at", "first_promised_at", "state_at")
    return {
        "number": order.number,
        "state": str(order.state),
        "tracking_url": order.tracking_url,
        **{name: _iso(at) if (at := getattr(order, name)) else None for name in times},
    }


@cache
def handlers() -> tuple[Handler, ...]:
    """The reactions to what happens to a customer, in the order of the settings table."""
    return tuple(import_string(path) for path in settings.CUSTOMER_EVENT_HANDLERS)
