"""Lists of tickets: the built-in views, search, and pages by key instead of by number."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from customers.selectors import customers_found
from helpdesk.lib.among import Among
from tickets.models import Ticket
from tickets.search import messages_with
from tickets.selectors import listed_tickets, spam_tickets

PAGE_SIZE = 50
FOUND_MESSAGES = 1_000
FOUND_CUSTOMERS = 200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Status = Ticket.Status


@dataclass(frozen=True)
class View:
    """One built-in view: which tickets, and what to say when there are none."""

    title: str | Promise
    condition: Callable[[User], Q]
    empty_title: str | Promise
    empty_text: str | Promise
    tickets: Callable[[User], QuerySet[Ticket]] = listed_tickets


def _unsolved(_user: User) -> Q:
    return Q(status__in=Ticket.UNSOLVED)


VIEWS: Mapping[str, View] = {
    "mine": View(
        _("My tickets"),
        lambda user: Q(assignee=user, status__in=Ticket.UNSOLVED),
        _("Nothing on your desk"),
        _("Take the next ticket from “Unassigned”, or enjoy the quiet."),
    ),
    "unassigned": View(
        _("Unassigned"),
        lambda _user: Q(assignee=None, status__in=Ticket.UNSOLVED),
        _("Every ticket has somebody"),
        _("New requests that nobody has taken yet appear here."),
    ),
    "team": View(
        _("My team"),
        lambda user: Q(team__in=user.teams.values("id"), status__in=Ticket.UNSOLVED),
        _("Your team is done"),
        _("Unsolved tickets of the teams you belong to appear here."),
    ),
    "open": View(
        _("All open"),
        lambda _user: Q(status__in=Ticket.WITH_US),
        _("No open tickets"),
        _("When a customer writes, the ticket appears here."),
    ),
    "pending": View(
        _("Pending"),
        lambda _user: Q(status=Status.PENDING),
        _("Nobody owes us an answer"),
        _("Tickets that wait for the customer appear here."),
    ),
    "on_hold": View(
        _("On hold"),
        lambda _user: Q(status=Status.ON_HOLD),
        _("Nothing is on hold"),
        _("Tickets that wait for somebody else, a carrier or a supplier, appear here."),
    ),
    "resolved": View(
        _("Recently resolved"),
        lambda _user: Q(status=Status.RESOLVED),
        _("Nothing resolved lately"),
        _("Resolved tickets stay here until they are closed for good."),
    ),
    "waiting": View(
        _("Waiting messages"),
        lambda _user: Q(held_count__gt=0),
        _("No message waits"),
        _(
            "When somebody who is not part of a ticket writes to it, the ticket appears here until "
            "an agent has decided."
        ),
    ),
    "spam": View(
        _("Spam"),
        lambda _user: Q(),
        _("No spam"),
        _("Tickets that are marked as spam, by rules or by an agent, wait here to be looked at."),
        tickets=spam_tickets,
    ),
    "all": View(
        _("All tickets"),
        lambda _user: Q(),
        _("Nothing found"),
        _("Try fewer words, another spelling, or take a filter away."),
    ),
}


def tickets_in_view(user: User, key: str) -> QuerySet[Ticket]:
    view = VIEWS[key]
    return view.tickets(user).filter(view.condition(user))


def count_views(user: User) -> Mapping[str, int]:
    """How many tickets each view holds that asks for work, in two queries."""
    counted = {
        key: Count("pk", filter=VIEWS[key].condition(user))
        for key in ("mine", "unassigned", "team", "open", "pending", "on_hold")
    }
    unsolved = listed_tickets(user).filter(_unsolved(user)).order_by().aggregate(**counted)
    return {**unsolved, "waiting": tickets_in_view(user, "waiting").order_by().count()}


def search_tickets(tickets: QuerySet[Ticket], query: str) -> QuerySet[Ticket]:
    """Those with this number, these words in subject or messages, or such a requester.

    Words are looked for in the newest 1,000 messages that hold them: a common word finds what is
    recent instead of reading everything.
    """
    wanted = query.strip().lstrip("#")
    by_words = messages_with(query).order_by("-pk").values_list("ticket_id", flat=True)
    by_words = by_words[:FOUND_MESSAGES]
    customers = list(customers_found(query).values_list("pk", flat=True)[:FOUND_CUSTOMERS])
    is_number = wanted.isascii() and wanted.isdigit() and len(wanted) < 19
    if not customers and not is_number:
        return tickets.filter(pk__in=by_words)
    # Read first: no database follows an index through an "or" of three tables.
    found = Q(Among("pk", set(by_words))) | Q(Among("requester_id", customers))
    return tickets.filter(found | Q(pk=int(wanted)) if is_number else found)


class BadCursor(ValueError):
    """The place in the list was not written by us."""


@dataclass(frozen=True)
class Cursor:
    """Where a page ends: the last row's time of change and id."""

    updated_at: datetime
    pk: int

    def __str__(self) -> str:
        microseconds = (self.updated_at - EPOCH) // timedelta(microseconds=1)
        return f"{microseconds}.{self.pk}"

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Raises `BadCursor`."""
        microseconds, _dot, pk = text.partition(".")
        if not (text.isascii() and microseconds.isdigit() and pk.isdigit() and len(text) < 40):
            raise BadCursor(text)
        try:
            at = EPOCH + timedelta(microseconds=int(microseconds))
        except OverflowError as error:
            raise BadCursor(text) from error
        return cls(at, min(int(pk), 2**63 - 1))


def page_after(tickets: QuerySet[Ticket], cursor: Cursor | None) -> QuerySet[Ticket]:
    """The next page and one row more, which only says that there is another page."""
    if cursor:
        # The first condition is implied by the second; it is there for the index.
        tickets = tickets.filter(updated_at__lte=cursor.updated_at).filter(
            Q(updated_at__lt=cursor.updated_at) | Q(pk__lt=cursor.pk)
        )
    return tickets[: PAGE_SIZE + 1]
