"""Counts, rates and the backlog of a period."""

from collections import Counter
from collections.abc import Hashable
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
from reports.calculations.lifecycle import WINDOW
from reports.metrics import sets
from reports.metrics.scope import Scope
from reports.models import StaleTicket, TicketFlow
from surveys.statistics import Share
from tickets.models import Ticket


@dataclass(frozen=True)
class Backlog:
    """The backlog day by day; `counted` is the number of tickets found there, for the proof."""

    opening: int
    days: list[BacklogDay]
    counted: int

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


@dataclass(frozen=True)
class Cohort:
    """The tickets created in a period, and what has become of them since."""

    created: int
    solved: int
    one_touch: int
    transferred: int

    @property
    def resolution_rate(self) -> Share:
        """Of the tickets created in the period, the share now resolved or closed."""
        return rates.resolution_rate(created=self.created, resolved_now=self.solved)

    @property
    def one_touch_rate(self) -> Share:
        """Of the tickets created in the period and solved, the share with exactly one reply."""
        return rates.one_touch_rate(solved=self.solved, one_touch=self.one_touch)

    @property
    def transfer_rate(self) -> Share:
        """Of the tickets created in the period, the share with two transfers or more."""
        return rates.transfer_rate(tickets=self.created, transferred=self.transferred)


@dataclass(frozen=True)
class Solutions:
    """The resolutions of a period, and whether they held.

    `tickets` were resolved `times` in all; of the `known` ones the seven days are over.
    """

    times: int
    tickets: int
    known: int
    reopened: int
    missed_first_contact: int

    @property
    def reopen_rate(self) -> rates.KnownShare:
        """Of the tickets resolved in the period, the share reopened within seven days."""
        return rates.known_share(part=self.reopened, known=self.known, tickets=self.tickets)

    @property
    def first_contact_resolution(self) -> rates.KnownShare:
        """Of the tickets resolved in the period, the share solved by one reply for good."""
        first = self.known - self.missed_first_contact
        return rates.known_share(part=first, known=self.known, tickets=self.tickets)


def cohort(scope: Scope) -> Cohort:
    """Count the tickets created in the period and what has become of them."""
    found = sets.created(scope).aggregate(
        created=Count("pk"),
        solved=Count("pk", filter=Q(is_backlog=False)),
        one_touch=Count("pk", filter=Q(one_touch=True)),
        transferred=Count("pk", filter=Q(transfers__gte=sets.MANY_TRANSFERS)),
    )
    return Cohort(**found)


def solutions(scope: Scope) -> Solutions:
    """Count the resolutions of the period and whether they held."""
    is_known = Q(at__lte=scope.now - WINDOW)
    found = sets.resolved(scope).aggregate(
        times=Count("pk"),
        tickets=Count("metrics_id", distinct=True),
        known=Count("metrics_id", distinct=True, filter=is_known),
        reopened=Count("metrics_id", distinct=True, filter=is_known & Q(is_reopened=True)),
    )
    missed = sets.missed_first_contact(scope).order_by()
    tickets = missed.aggregate(missed=Count("metrics_id", distinct=True))
    return Solutions(**found, missed_first_contact=tickets["missed"])


def reopened(scope: Scope) -> int:
    """How often a ticket was reopened in the period."""
    return sets.reopened(scope).count()


def throughput_ratio(cohort: Cohort, solutions: Solutions) -> float | None:
    """Resolved in the period per created in the period."""
    return rates.throughput_ratio(resolved=solutions.times, created=cohort.created)


def credits(scope: Scope) -> dict[str, Counter[Hashable]]:
    """How often each team, agent and channel resolved a ticket in the period."""
    columns = ("team_id", "agent_id", "channel_id")
    found: dict[str, Counter[Hashable]] = {name: Counter() for name in ("team", "agent", "channel")}
    rows = sets.resolved(scope).order_by().values_list(*columns)
    for *keys, number in rows.annotate(number=Count("pk")):
        for name, key in zip(found, keys, strict=True):
            found[name][key] += number
    return found


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
    return Backlog(
        opening=opening,
        days=daily_backlog(opening=opening, days=scope.days, flows=flows),
        counted=_in_backlog_now(scope) - later,
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
