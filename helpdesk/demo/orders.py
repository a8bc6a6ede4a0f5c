"""What the demo's customers bought, told by the same verb that the shop's events go through."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from customers.models import CustomerEvent, Order
from customers.orders import OrderNews, record_customer_event
from helpdesk.demo.cast import Person

Kind = CustomerEvent.Kind
# For each order: how many days ago it was placed, after how many days it was promised, and what
# happened to it after how many days.
ORDERS: tuple[tuple[int, int, tuple[tuple[str, int], ...]], ...] = (
    (40, 6, ((Kind.ORDER_SHIPPED, 2), (Kind.ORDER_DELIVERED, 5))),
    (21, 7, ((Kind.ORDER_SHIPPED, 3), (Kind.ORDER_DELIVERED, 6))),
    (9, 12, ((Kind.ORDER_SHIPPED, 4),)),
    (3, 8, ()),
    (8, 7, ((Kind.ORDER_SHIPPED, 3),)),  # late since yesterday: its customer will be told
    (4, 10, ()),
)


def load_orders(people: Sequence[Person], now: datetime) -> None:
    """One order for each of the first customers; the late one is still to be noticed."""
    first = 70_001 + Order.objects.count()  # a second past has orders of its own
    for n, ((placed, promised, steps), person) in enumerate(zip(ORDERS, people, strict=False)):
        at = now - timedelta(days=placed)
        number = f"A{first + n}"
        promised_at = at + timedelta(days=promised)
        _tell(person, number, Kind.ORDER_PLACED, at, promised_at)
        for kind, days in steps:
            _tell(person, number, kind, at + timedelta(days=days))


def _tell(
    person: Person, number: str, kind: str, at: datetime, promised_at: datetime | None = None
) -> None:
    record_customer_event(
        OrderNews(
            event_id=f"demo-{number}-{kind}",
            kind=kind,
            occurred_at=at,
            email=person.address,
            number=number,
            promised_at=promised_at,
        )
    )
