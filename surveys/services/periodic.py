"""Promise to ask customers once a period, a few every day."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from customers.models import Customer, Order
from surveys.models import Invitation, Survey
from surveys.schedule import PERIODS, Slot, latest_slot, slot_for
from tickets.models import Ticket

# A turn that nobody took, for want of a running planner, is still taken for so long.
CATCH_UP = timedelta(days=14)
BATCH = 1000


def plan_periodic_surveys(*, now: datetime | None = None) -> int:
    """Promise invitations to the customers whose turn has come; returns how many are new.

    Everybody who ever had a ticket or an order has one turn a period. Repeating it, or running it
    twice at once, changes nothing: a customer's turn is a row once.
    """
    now = now or timezone.now()
    surveys = Survey.objects.filter(is_active=True, trigger__in=Survey.PERIODIC).order_by("id")
    return sum(_plan(survey, now) for survey in surveys)


def _plan(survey: Survey, now: datetime) -> int:
    asked = _had_their_turn(survey, now)
    rows = [
        _promise(survey, customer, slot)
        for customer, slot in _whose_turn_came(survey, now)
        if customer.pk not in asked
    ]
    before = Invitation.objects.filter(survey=survey).count() if rows else 0
    Invitation.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    return Invitation.objects.filter(survey=survey).count() - before if rows else 0


def _had_their_turn(survey: Survey, now: datetime) -> set[int]:
    """Most of a period must lie between two invitations, also after the survey started anew."""
    since = now - PERIODS[survey.trigger] * 0.9
    return set(
        Invitation.objects.filter(survey=survey, due_at__gt=since).values_list(
            "customer_id", flat=True
        )
    )


def _whose_turn_came(survey: Survey, now: datetime) -> Iterator[tuple[Customer, Slot]]:
    period = PERIODS[survey.trigger]
    for customer in _eligible().iterator(chunk_size=BATCH):
        turn = latest_slot(
            survey_id=survey.pk,
            customer_id=customer.pk,
            start=survey.started_at,
            period=period,
            now=now,
        )
        if turn and max(now - CATCH_UP, customer.created_at) <= turn:
            yield customer, slot_for(turn, _zone_of(customer), customer.pk)


def _eligible() -> QuerySet[Customer]:
    tickets = Ticket.objects.filter(requester=OuterRef("pk"), is_spam=False)
    orders = Order.objects.filter(customer=OuterRef("pk"))
    return (
        Customer.objects.filter(Q(Exists(tickets)) | Q(Exists(orders)))
        .only("id", "created_at", "time_zone", "language")
        .order_by("id")
    )


def _zone_of(customer: Customer) -> ZoneInfo:
    try:
        return ZoneInfo(customer.time_zone or settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _promise(survey: Survey, customer: Customer, slot: Slot) -> Invitation:
    return Invitation(
        survey=survey,
        customer=customer,
        period=slot.period,
        language=customer.language,
        due_at=slot.due_at,
    )
