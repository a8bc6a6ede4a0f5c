"""Verbs on a ticket's tags."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from tickets.events import Actor, Change, record
from tickets.models import Tag, Ticket, TicketEvent
from tickets.services.locking import TicketRefused, locked, refuse_closed

Kind = TicketEvent.Kind
MAX_TAGS = 30


def tag_name(name: str) -> str:
    """One spelling: lower case, single spaces, at most 50 characters. Raises `TicketRefused`."""
    clean = " ".join(name.lower().replace(",", " ").split())
    if not clean or len(clean) > 50:
        raise TicketRefused(_("A tag needs between 1 and 50 characters."))
    return clean


def set_tags(
    *, ticket: Ticket, by: Actor, names: Iterable[str], at: datetime | None = None
) -> Ticket:
    """Make these the ticket's tags; records only what was added and removed."""
    wanted = {tag_name(name) for name in names}
    with locked(ticket) as ticket:
        present = set(ticket.tags.values_list("name", flat=True))
        return _change(ticket, by, wanted - present, present - wanted, at)


def tag_ticket(
    *, ticket: Ticket, by: Actor, names: Iterable[str], at: datetime | None = None
) -> Ticket:
    """Add tags and leave the others."""
    wanted = {tag_name(name) for name in names}
    with locked(ticket) as ticket:
        present = set(ticket.tags.values_list("name", flat=True))
        return _change(ticket, by, wanted - present, set(), at)


def _change(
    ticket: Ticket, by: Actor, added: set[str], removed: set[str], at: datetime | None
) -> Ticket:
    refuse_closed(ticket)
    if ticket.tags.count() + len(added) - len(removed) > MAX_TAGS:
        raise TicketRefused(_("A ticket can have at most 30 tags."))
    Tag.objects.bulk_create([Tag(name=name) for name in added], ignore_conflicts=True)
    ticket.tags.add(*Tag.objects.filter(name__in=added))
    ticket.tags.remove(*Tag.objects.filter(name__in=removed))
    changes = [Change(Kind.TAGGED, data={"tag": name}) for name in sorted(added)]
    changes += [Change(Kind.UNTAGGED, data={"tag": name}) for name in sorted(removed)]
    if changes:
        record(ticket, *changes, by=by, at=at)
    return ticket
