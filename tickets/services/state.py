"""Verbs that change where a ticket stands: who has it, how far it is, how urgent."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from tickets.events import Actor, Change, record
from tickets.models import Ticket, TicketEvent
from tickets.services.locking import TicketRefused, locked, refuse_closed

Kind = TicketEvent.Kind
Status = Ticket.Status
STATUS_FIELDS = ("status", "resolved_at", "resolved_by", "waiting_since")
# What an agent may set by hand; resolving, reopening and closing are verbs of their own.
WORKING = (Status.OPEN, Status.PENDING, Status.ON_HOLD)


def assign_ticket(
    *,
    ticket: Ticket,
    by: Actor,
    assignee: User | None,
    team: Team | None,
    seen: int | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Give the ticket to an agent and a team; None means nobody."""
    with locked(ticket, seen=seen, verb="assign") as ticket:
        refuse_closed(ticket)
        if assignee and not assignee.is_active:
            raise TicketRefused(_("%(agent)s does not work here any more.") % {"agent": assignee})
        changes = []
        if ticket.team_id != (team.pk if team else None):
            data = {"from": ticket.team_id, "to": team.pk if team else None}
            changes.append(Change(Kind.TEAM_CHANGED, data=data))
            ticket.team = team
        if ticket.assignee_id != (assignee.pk if assignee else None):
            data = {"from": ticket.assignee_id, "to": assignee.pk if assignee else None}
            changes.append(Change(Kind.ASSIGNED, data=data))
            ticket.assignee = assignee
        if changes:
            record(ticket, *changes, by=by, at=at, changed=("team", "assignee"))
        return ticket


def set_status(
    *, ticket: Ticket, by: Actor, status: str, seen: int | None = None, at: datetime | None = None
) -> Ticket:
    """Move the ticket to `open`, `pending`, `on_hold` or, by their own verbs, to `resolved`.

    From `resolved` this is a reopening.
    """
    if status == Status.RESOLVED:
        return resolve_ticket(ticket=ticket, by=by, seen=seen, at=at)
    if status not in WORKING:
        raise TicketRefused(_("This status cannot be set by hand."))
    with locked(ticket, seen=seen, verb="status") as ticket:
        refuse_closed(ticket)
        if ticket.status != status:
            _move(ticket, status, by, at)
        return ticket


def resolve_ticket(
    *, ticket: Ticket, by: Actor, seen: int | None = None, at: datetime | None = None
) -> Ticket:
    """The matter is solved; the customer is asked whether it is. Repeating it changes nothing."""
    with locked(ticket, seen=seen, verb="status") as ticket:
        refuse_closed(ticket)
        if ticket.status != Status.RESOLVED:
            ticket.waiting_since = None
            _move(ticket, Status.RESOLVED, by, at)
        return ticket


def reopen_ticket(*, ticket: Ticket, by: Actor, at: datetime | None = None) -> Ticket:
    """A resolved ticket is open again; an unsolved one stays as it is, a closed one is refused."""
    with locked(ticket) as ticket:
        refuse_closed(ticket)
        if ticket.status == Status.RESOLVED:
            ticket.waiting_since = at or timezone.now()
            _move(ticket, Status.OPEN, by, at)
        return ticket


def _move(ticket: Ticket, status: str, by: Actor, at: datetime | None) -> None:
    at = at or timezone.now()
    before, ticket.status = ticket.status, status
    is_resolved = status == Status.RESOLVED
    ticket.resolved_at = at if is_resolved else None
    ticket.resolved_by = by if is_resolved and isinstance(by, User) else None
    kind = Kind.STATUS_CHANGED
    if is_resolved:
        kind = Kind.RESOLVED
    elif before == Status.RESOLVED:
        kind = Kind.REOPENED
    change = Change(kind, data={"from": before, "to": status})
    record(ticket, change, by=by, at=at, changed=STATUS_FIELDS)


def confirm_solved(*, ticket: Ticket, by: Actor) -> Ticket:
    """The customer says that it is solved: remembered once for each resolution."""
    with locked(ticket) as ticket:
        last = ticket.events.filter(kind__in=(Kind.RESOLVED, Kind.CONFIRMED_SOLVED)).last()
        if ticket.status == Status.RESOLVED and last and last.kind == Kind.RESOLVED:
            record(ticket, Change(Kind.CONFIRMED_SOLVED), by=by)
        return ticket


def close_ticket(*, ticket: Ticket, by: Actor = None, at: datetime | None = None) -> Ticket:
    """Make a resolved ticket read-only; an unsolved one is left alone."""
    with locked(ticket) as ticket:
        if ticket.status == Status.RESOLVED:
            before, ticket.status = ticket.status, Status.CLOSED
            change = Change(Kind.CLOSED, data={"from": before, "to": ticket.status})
            record(ticket, change, by=by, at=at, changed=("status",))
        return ticket


def close_resolved(*, days: int, limit: int = 500) -> int:
    """Close tickets that have been resolved for `days`; returns how many."""
    due = Ticket.objects.filter(
        status=Status.RESOLVED, resolved_at__lte=timezone.now() - timedelta(days=days)
    ).order_by("resolved_at")[:limit]
    for ticket in due:
        close_ticket(ticket=ticket)
    return len(due)


def set_priority(
    *, ticket: Ticket, by: Actor, priority: int, seen: int | None = None, at: datetime | None = None
) -> Ticket:
    """How urgent it is: one of `Ticket.Priority`."""
    if priority not in Ticket.Priority.values:
        raise TicketRefused(_("There is no such priority."))
    with locked(ticket, seen=seen, verb="priority") as ticket:
        refuse_closed(ticket)
        if ticket.priority != priority:
            data = {"from": ticket.priority, "to": priority}
            ticket.priority = priority
            change = Change(Kind.PRIORITY_CHANGED, data=data)
            record(ticket, change, by=by, at=at, changed=("priority",))
        return ticket


def mark_spam(*, ticket: Ticket, by: Actor, at: datetime | None = None) -> Ticket:
    """Take the ticket out of lists and figures."""
    return _set_spam(ticket, True, Kind.MARKED_SPAM, by, at)


def unmark_spam(*, ticket: Ticket, by: Actor, at: datetime | None = None) -> Ticket:
    """It was no spam after all."""
    return _set_spam(ticket, False, Kind.UNMARKED_SPAM, by, at)


def _set_spam(
    ticket: Ticket, is_spam: bool, kind: TicketEvent.Kind, by: Actor, at: datetime | None
) -> Ticket:
    with locked(ticket) as ticket:
        if ticket.is_spam != is_spam:
            ticket.is_spam = is_spam
            record(ticket, Change(kind), by=by, at=at, changed=("is_spam",))
        return ticket
