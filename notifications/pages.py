"""What the pages of this app show: ready-made rows, one query a page."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpdesk.lib.times import Clock
from notifications.models import Notice
from notifications.selectors import OUTCOMES, outcome_of, why

PAGE_SIZE = 50
OUTCOME_NAMES: dict[str, str | Promise] = {
    "told": _("Told"),
    "coming": _("Still to come"),
    "not_told": _("Not told"),
}
CHIPS = {"told": "success", "coming": "accent", "not_told": "warning"}


class BadFilter(ValueError):
    """The address asks for something that the log cannot do."""


@dataclass(frozen=True)
class Row:
    pk: int
    customer: str
    kind: str
    about: str
    outcome: str | Promise
    chip: str
    reason: str
    when: str
    exact: str


@dataclass(frozen=True)
class Page:
    """`next` is the id to go on from, or "" at the end."""

    rows: list[Row]
    next: str


def notice_page(
    notices: QuerySet[Notice], *, outcome: str = "", kind: str = "", after: str = ""
) -> Page:
    """One page of the log, newest first. Raises `BadFilter`."""
    if outcome:
        if outcome not in OUTCOMES:
            raise BadFilter(outcome)
        notices = notices.filter(OUTCOMES[outcome])
    if kind:
        if kind not in Notice.Kind.values:
            raise BadFilter(kind)
        notices = notices.filter(kind=kind)
    if after:
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise BadFilter(after)
        notices = notices.filter(pk__lt=int(after))
    found = list(_with_names(notices)[: PAGE_SIZE + 1])
    clock = Clock()
    is_more = len(found) > PAGE_SIZE
    rows = [_row(notice, clock) for notice in found[:PAGE_SIZE]]
    return Page(rows, str(rows[-1].pk) if is_more else "")


def latest_rows(notices: QuerySet[Notice], limit: int = 5) -> list[Row]:
    clock = Clock()
    return [_row(notice, clock) for notice in _with_names(notices)[:limit]]


def _with_names(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    return notices.select_related("customer", "order", "delivery", "announcement").order_by("-pk")


def _row(notice: Notice, clock: Clock) -> Row:
    outcome, at = outcome_of(notice), _moment(notice)
    return Row(
        pk=notice.pk,
        customer=str(notice.customer),
        kind=notice.get_kind_display(),
        about=str(notice.order or notice.announcement or ""),
        outcome=OUTCOME_NAMES[outcome],
        chip=CHIPS[outcome],
        reason=why(notice),
        when=clock.exact(at) if at > clock.now else clock.short(at),
        exact=clock.exact(at),
    )


def _moment(notice: Notice) -> datetime:
    """When it was told or is to be told, else when it was promised."""
    if notice.state in Notice.OPEN:
        return notice.due_at
    return notice.told_at or notice.created_at
