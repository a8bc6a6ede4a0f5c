"""Reads on notices."""

from collections.abc import Mapping

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from accounts.models import User
from customers.selectors import customers_visible_to
from messaging.models import Delivery
from notifications.models import Notice

State = Notice.State
NOT_DELIVERED = (Delivery.State.FAILED, Delivery.State.SUPPRESSED)

# What became of a notice, its delivery included.
OUTCOMES: Mapping[str, Q] = {
    "coming": Q(state__in=Notice.OPEN),
    "told": Q(state=State.SENT) & ~Q(delivery__state__in=NOT_DELIVERED),
    "not_told": Q(state=State.SKIPPED) | Q(state=State.SENT, delivery__state__in=NOT_DELIVERED),
}


def notices_visible_to(user: User) -> QuerySet[Notice]:
    """Notices to customers that this user may see."""
    if user.is_manager or user.access != User.Access.ASSIGNED:
        return Notice.objects.all() if user.is_active else Notice.objects.none()
    return Notice.objects.filter(customer__in=customers_visible_to(user).values("pk"))


def outcome_of(notice: Notice) -> str:
    """`coming`, `told` or `not_told`: the same answer as `OUTCOMES` gives in the database."""
    if notice.state in Notice.OPEN:
        return "coming"
    is_lost = notice.delivery is not None and notice.delivery.state in NOT_DELIVERED
    return "not_told" if notice.state == State.SKIPPED or is_lost else "told"


def why(notice: Notice) -> str:
    """The sentence that says why it was not told, or not yet; "" when it was."""
    reason = notice.reason
    if not reason and notice.delivery and notice.delivery.state in NOT_DELIVERED:
        reason = notice.delivery.reason
    return gettext(reason) if reason else ""
