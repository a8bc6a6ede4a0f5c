from customers.models import CustomerEvent
from tickets.inbound import Inbound, Receipt
from tickets.models import Channel


def tell_about_order(event: CustomerEvent) -> None: ...


def answer_to_notice(inbound: Inbound, channel: Channel) -> Receipt | None:
    return None
