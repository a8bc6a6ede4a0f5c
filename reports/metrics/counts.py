"""Counts, rates and the backlog of a period."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from automation.business_time import DAY, offset_changes
from reports.calculations import rates
from reports.calculations.backlog import BacklogDay, adds_up, daily_backlog
from reports.metrics import sets
from reports.metrics.scope import Scope
from reports.models import StaleTicket, TicketFlow, TicketMetrics, TicketResolution
from surveys.statistics import Share
from tickets.models import Ticket


@dataclass(frozen=True)
class Backlog:
    """The backlog day by day; `counted` is the number of tickets found there, for the proof."""

    opening: int
    days: list[BacklogDay]
    counted: int
    created_then_removed: int

    @property
    def closing(self) -> int:
        return self.days[-1].backlog if self.days else self.opening

    @property
    def adds_up(self) -> bool:
        return adds_up(self.days, opening=self.opening, counted=self.counted)

    @property
    def total(self) -> dict[str, int]:
        """The sums of the period by way in or out."""
        return {
            kind: sum(getattr(day, kind) for day in self.days) for kind in TicketFlow.Kind.values
        }


def created(scope: Scope) -> int:
    """Tickets created in the period."""
    return sets.created(scope).count()


def resolved(scope: Scope) -> int:
    """How often a ticket was resolved in the period."""
    return sets.resolved(scope).count()


def reopened(scope: Scope) -> int:
    """How often a ticket was reopened in the period."""
    return sets.reopened(scope).count()


def resolution_rate(scope: Scope) -> Share:
    """Of the tickets created in the period, the share now resolved or closed."""
    found = sets.created(scope).aggregate(
        created=Count("pk"), solved=Count("pk", filter=Q(is_backlog=False))
    )
    return rates.resolution_rate(created=found["created"], resolved_now=found["solved"])


def throughput_ratio(scope: Scope) -> float | None:
    """Resolved in the period per created in the period."""
    return rates.throughput_ratio(resolved=resolved(scope), created=created(scope))


def one_touch_rate(scope: Scope) -> Share:
    """Of the tickets created in the period and solved, the share with exactly one reply."""
    found = sets.created_and_solved(scope).aggregate(
        solved=Count("pk"), once=Count("pk", filter=Q(one_touch=True))
    )
    return rates.one_touch_rate(solved=found["solved"], one_touch=found["once"])


def transfer_rate(scope: Scope) -> Share:
    """Of the tickets created in the period, the share with two transfers or more."""
    return rates.transfer_rate(
        tickets=created(scope), transferred=sets.created_and_transferred(scope).count()
    )


def reopen_rate(scope: Scope) -> rates.KnownShare:
    """Of the tickets resolved in the period, the share reopened within seven days."""
    known = _tickets(sets.known(scope))
    return rates.known_share(
        part=_tickets(sets.reopened_in_time(scope)),
        known=known,
        tickets=_tickets(sets.resolved(scope)),
    )


def first_contact_resolution(scope: Scope) -> rates.KnownShare:
    """Of the tickets resolved in the period, the share solved by one reply for good."""
    known = _tickets(sets.known(scope))
    return rates.known_share(
        part=known - _tickets(sets.missed_first_contact(scope)),
        known=known,
        tickets=_tickets(sets.resolved(scope)),
    )


def _tickets(resolutions: QuerySet[TicketResolution]) -> int:
    found = resolutions.order_by().aggregate(tickets=Count("metrics_id", distinct=True))
    return int(found["tickets"])


def backlog(scope: Scope) -> Backlog:
    """The backlog at the end of each day, and whether it adds up to the tickets found there."""
    crossings = sets.crossings(scope).order_by()
    end = min(scope.end, scope.now)
    in_period = crossings.filter(second__gte=_second(scope.start), second__lt=_second(end))
    opening = _change(crossings.filter(second__lt=_second(scope.start)))
    later = _change(crossings.filter(second__gte=_second(end)))
    by_day = in_period.annotate(day=_day(scope)).values_list("day", "kind")
    flows = {
        (EPOCH + timedelta(days=day), kind): number
        for day, kind, number in by_day.annotate(number=Count("pk"))
    }
    removed = in_period.filter(kind=TicketFlow.Kind.CREATED, metrics__is_counted=False)
    return Backlog(
        opening=opening,
        days=daily_backlog(opening=opening, days=scope.days, flows=flows),
        counted=_in_backlog_now(scope) - later,
        created_then_removed=removed.count(),
    )


EPOCH = date(1970, 1, 1)


def _second(moment: datetime) -> int:
    return int(moment.timestamp())


def _change(crossings: QuerySet[TicketFlow]) -> int:
    return int(crossings.aggregate(change=Sum("change"))["change"] or 0)


def _day(scope: Scope) -> Combinable:
    """The day of a crossing in the reader's zone, counted from 1970."""
    changes = offset_changes(scope.zone.key, scope.start, scope.end)
    offsets = [When(second__gte=second, then=Value(offset)) for second, offset in reversed(changes)]
    offset = Case(*offsets, default=Value(changes[0][1]), output_field=BigIntegerField())
    return (F("second") + offset) / DAY


def _in_backlog_now(scope: Scope) -> int:
    """Counted from the tickets themselves, not from what was calculated about them."""
    return Ticket.objects.filter(
        scope.matching(), status__in=Ticket.UNSOLVED, is_spam=False, merged_into=None
    ).count()


def waiting_for_calculation() -> int:
    """Tickets that changed and whose figures follow with the next sweep."""
    found = StaleTicket.objects.aggregate(tickets=Count("ticket_id", distinct=True))
    return int(found["tickets"])


def has_figures() -> bool:
    """Whether anything was calculated yet."""
    return TicketMetrics.objects.exists()
