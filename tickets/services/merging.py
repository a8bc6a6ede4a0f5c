"""Verbs that say two tickets are one matter."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tickets.events import Actor, Change, record
from tickets.models import Ticket, TicketEvent
from tickets.services.holding import move_held
from tickets.services.locking import TicketRefused, locked

Kind = TicketEvent.Kind


@transaction.atomic
def merge_ticket(*, ticket: Ticket, into: Ticket, by: Actor, at: datetime | None = None) -> Ticket:
    """Mark `ticket` as merged into another; later messages of its requester go there.

    Raises `TicketRefused` for itself, for a target that is merged away, and for a loop.
    """
    if ticket.pk == into.pk:
        raise TicketRefused(_("A ticket cannot be merged into itself."))
    with locked(into) as into, locked(ticket) as ticket:
        if into.merged_into_id:
            raise TicketRefused(_("The other ticket was merged away itself."))
        if ticket.merged_into_id == into.pk:
            return ticket
        ticket.merged_into = into
        move_held(ticket=ticket, into=into)
        change = Change(Kind.MERGED, data={"into": into.pk})
        record(ticket, change, by=by, at=at, changed=("merged_into",))
        return ticket


def unmerge_ticket(*, ticket: Ticket, by: Actor, at: datetime | None = None) -> Ticket:
    """Undo a merge; a ticket that is not merged stays as it is."""
    with locked(ticket) as ticket:
        if ticket.merged_into_id:
            change = Change(Kind.UNMERGED, data={"from": ticket.merged_into_id})
            ticket.merged_into = None
            record(ticket, change, by=by, at=at, changed=("merged_into",))
        return ticket
