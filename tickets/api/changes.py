"""Several verbs on one ticket in one transaction: all happen, or none."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from customers.models import Customer
from tickets.api.rows import PRIORITIES
from tickets.inbound import Fate, Inbound, Person, Receipt
from tickets.intake import receive
from tickets.models import Channel, Ticket
from tickets.selectors import channels_visible_to
from tickets.services import TicketRefused, assign_ticket, set_priority, set_status, set_tags


@transaction.atomic
def change_ticket(
    *, ticket: Ticket, by: User, wanted: Mapping[str, Any], seen: int | None = None
) -> Ticket:
    """Do what `wanted` names of team, assignee, priority, tags and, last, status.

    Raises what the verbs raise.
    """
    if "team" in wanted or "assignee" in wanted:
        team = wanted.get("team", ticket.team)
        assignee = wanted.get("assignee", ticket.assignee)
        ticket = assign_ticket(ticket=ticket, by=by, team=team, assignee=assignee, seen=seen)
    if "priority" in wanted:
        priority = PRIORITIES[wanted["priority"]]
        ticket = set_priority(ticket=ticket, by=by, priority=priority, seen=seen)
    if "tags" in wanted:
        ticket = set_tags(ticket=ticket, by=by, names=wanted["tags"])
    if "status" in wanted:
        ticket = set_status(ticket=ticket, by=by, status=wanted["status"], seen=seen)
    return ticket


@transaction.atomic
def open_by_api(*, by: User, wanted: Mapping[str, Any]) -> Receipt:
    """Bring a customer's request in as any channel does, then set what the caller knows of it.

    The same `external_id` again gives the first ticket and changes nothing.
    """
    channel = wanted.get("channel") or _default_channel(by)
    external_id = wanted.get("external_id", "")
    receipt = receive(
        Inbound(
            sender=_sender(wanted["requester"]),
            subject=wanted["subject"],
            text=wanted["text"],
            reply_text=wanted["text"],
            language=wanted["requester"].get("language", ""),
            external_id=f"api:{external_id}" if external_id else "",
            context={"by": by.pk},
        ),
        channel,
    )
    if receipt.fate == Fate.OPENED and receipt.ticket:
        change_ticket(ticket=receipt.ticket, by=by, wanted=wanted)
    return receipt


def _sender(requester: Mapping[str, Any]) -> Person:
    customer: Customer | None = requester.get("id")
    if customer is None:
        return Person(requester["email"], name=requester.get("name", ""))
    address = min(customer.addresses.all(), key=lambda a: (a.kind != "email", a.pk), default=None)
    if address is None:
        raise TicketRefused(_("This customer has no address yet. Add one first."))
    return Person(address.value, name=customer.name, kind=address.kind)


def _default_channel(by: User) -> Channel:
    """The oldest mailbox, else the oldest channel of any kind."""
    channels = list(channels_visible_to(by))
    if not channels:
        raise TicketRefused(_("There is no channel yet. Set one up first."))
    return min(channels, key=lambda c: (not c.is_mailbox, c.pk))
