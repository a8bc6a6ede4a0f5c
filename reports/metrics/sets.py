"""The tickets and events behind each figure: what is counted is what a click on it shows.

Tickets that were merged away or are spam are in none of them, except where the backlog is told
as it stood then.
"""

from django.db.models import Exists, OuterRef, QuerySet, Sum

from reports.calculations.lifecycle import WINDOW
from reports.metrics.scope import Scope
from reports.models import ReplyTime, TicketFlow, TicketMetrics, TicketResolution

MANY_TRANSFERS = 2


def counted(scope: Scope) -> QuerySet[TicketMetrics]:
    """All tickets that count, whenever they came."""
    return TicketMetrics.objects.filter(scope.matching(), is_counted=True)


def created(scope: Scope) -> QuerySet[TicketMetrics]:
    """Tickets created in the period."""
    return counted(scope).filter(scope.within("opened_at"))


def created_and_solved(scope: Scope) -> QuerySet[TicketMetrics]:
    """Tickets created in the period that are resolved or closed now."""
    return created(scope).filter(is_backlog=False)


def created_and_transferred(scope: Scope) -> QuerySet[TicketMetrics]:
    """Tickets created in the period that were transferred twice or more."""
    return created(scope).filter(transfers__gte=MANY_TRANSFERS)


def one_touch(scope: Scope) -> QuerySet[TicketMetrics]:
    """Tickets created in the period and solved with exactly one reply."""
    return created(scope).filter(one_touch=True)


def asked(scope: Scope) -> QuerySet[TicketMetrics]:
    """Tickets whose customer first wrote in the period."""
    return counted(scope).filter(scope.within("customer_wrote_at"))


def backlog(scope: Scope) -> QuerySet[TicketMetrics]:
    """Tickets in the backlog when the period ended, as it stood then."""
    end = min(scope.end, scope.now)
    inside = (
        TicketFlow.objects.filter(second__lt=int(end.timestamp()))
        .order_by()
        .values("metrics_id")
        .annotate(balance=Sum("change"))
        .filter(balance=1)
    )
    return TicketMetrics.objects.filter(scope.matching(), ticket__in=inside.values("metrics_id"))


def exchanges(scope: Scope) -> QuerySet[ReplyTime]:
    """Exchanges that a customer began in the period."""
    return ReplyTime.objects.filter(scope.of_ticket, scope.within("asked_at"), is_counted=True)


def resolved(scope: Scope) -> QuerySet[TicketResolution]:
    """Every time a ticket was resolved in the period."""
    return TicketResolution.objects.filter(scope.of_ticket, scope.within("at"), is_counted=True)


def reopened(scope: Scope) -> QuerySet[TicketFlow]:
    """Every time a ticket was reopened in the period."""
    return TicketFlow.objects.filter(
        scope.of_ticket,
        scope.within("at"),
        kind=TicketFlow.Kind.REOPENED,
        is_counted=True,
    )


def crossings(scope: Scope) -> QuerySet[TicketFlow]:
    """Everything that entered or left the backlog, ever, as it stood then."""
    return TicketFlow.objects.filter(scope.of_ticket)


def known(scope: Scope) -> QuerySet[TicketResolution]:
    """Resolutions in the period whose seven days are over."""
    return resolved(scope).filter(at__lte=scope.now - WINDOW)


def reopened_in_time(scope: Scope) -> QuerySet[TicketResolution]:
    """Known resolutions that did not hold for seven days."""
    return known(scope).filter(is_reopened=True)


def missed_first_contact(scope: Scope) -> QuerySet[TicketResolution]:
    """Known resolutions that were no first contact resolution.

    Until tickets have categories, any new ticket of the same customer within seven days counts
    as the customer coming back.
    """
    came_back = TicketMetrics.objects.filter(
        requester=OuterRef("metrics__requester"),
        is_counted=True,
        opened_at__gt=OuterRef("at"),
        opened_at__lt=OuterRef("at") + WINDOW,
    ).exclude(ticket=OuterRef("metrics_id"))
    return (
        known(scope)
        .annotate(came_back=Exists(came_back))
        .exclude(is_first_contact=True, came_back=False)
    )
