"""An order of Leo's, as his shop tells it."""

from datetime import UTC, datetime, timedelta

import pytest

from customers.models import Customer, CustomerEvent
from customers.orders import OrderNews, record_customer_event
from tickets.models import Channel

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def shop(channel: Channel):
    """Tells what happened to order A-1: `shop("order_placed", promised_at=…)`."""
    count = 0

    def tell(kind: str, *, at: datetime = NOON, **more: object) -> CustomerEvent:
        nonlocal count
        count += 1
        news = OrderNews(
            event_id=f"e{count}",
            kind=kind,
            occurred_at=at + timedelta(seconds=count),
            **{
                "email": "leo@example.org",
                "number": "A-1",
                "name": "Leo",
                "language": "es",
                **more,
            },
        )
        return record_customer_event(news)[0]

    return tell


@pytest.fixture
def leo(shop) -> Customer:
    """A customer with an order promised for Thursday noon."""
    return shop("order_placed", promised_at=NOON + timedelta(days=1)).customer
