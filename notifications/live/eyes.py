"""Which hints somebody may have: those about tickets they see."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypedDict

from accounts.models import User
from accounts.selectors import team_ids_of
from tickets.models import Ticket, TicketEvent
from tickets.selectors import Scope, scope_of, tickets_visible_to

Kind = TicketEvent.Kind


class Hint(TypedDict):
    """A ticket changed; `teams` and `users` have it now or had it before (None: nobody)."""

    ticket: int
    version: int
    teams: list[int | None]
    users: list[int | None]


def hint_of(event: TicketEvent) -> Hint:
    """What everybody who sees the ticket is told of an event, and nothing of what it says."""
    ticket: Ticket = event.ticket
    moved = [event.data.get("from"), event.data.get("to")]
    return {
        "ticket": ticket.pk,
        "version": event.version,
        "teams": _each([ticket.team_id, *(moved if event.kind == Kind.TEAM_CHANGED else ())]),
        "users": _each([ticket.assignee_id, *(moved if event.kind == Kind.ASSIGNED else ())]),
    }


def _each(ids: Iterable[Any]) -> list[int | None]:
    return list(dict.fromkeys(ids))


@dataclass(frozen=True)
class Eyes:
    """What `tickets.selectors.tickets_in_scope` lets this user see, as it was when they came."""

    scope: Scope
    user_id: int
    team_ids: frozenset[int]

    def see(self, hint: Hint) -> bool:
        """Whether the ticket of a hint is, or just was, one of theirs."""
        if self.scope in (Scope.ALL, Scope.NONE):
            return self.scope == Scope.ALL
        if self.user_id in hint["users"]:
            return True
        if self.scope == Scope.ASSIGNED:
            return False
        return any(team is None or team in self.team_ids for team in hint["teams"])


def eyes_of(user: User) -> Eyes:
    return Eyes(scope_of(user), user.pk, frozenset(team_ids_of(user)))


def sees(user: User, ticket_id: int) -> bool:
    return tickets_visible_to(user).filter(pk=ticket_id).exists()
