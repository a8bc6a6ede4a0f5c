"""The rows of a list, made ready in Python: the template only prints them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from customers.models import Address
from helpdesk.lib.icons import icon, mark
from helpdesk.lib.text import initials
from helpdesk.lib.times import Clock
from tickets.listing import PAGE_SIZE, Cursor, page_after
from tickets.models import Ticket
from tickets.words import CHANNEL_ICONS

COLUMNS = (
    "pk",
    "subject",
    "snippet",
    "status",
    "priority",
    "updated_at",
    "waiting_since",
    "requester_id",
    "requester__name",
    "assignee__name",
    "channel__kind",
    "channel__name",
)
NOBODY = SafeString('<span class="avatar nobody"></span>')


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket in a list; every text is escaped already."""

    id: int
    url: str
    css: str
    mark: SafeString
    subject: SafeString
    snippet: SafeString
    who: SafeString
    when: str
    exact: str
    avatar: SafeString


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row]
    next: Cursor | None


def page_of(tickets: QuerySet[Ticket], cursor: Cursor | None, query_string: str = "") -> Page:
    """One page of rows in three queries; `query_string` is carried on to the tickets."""
    found = list(page_after(tickets, cursor).values_list(*COLUMNS))
    shown = found[:PAGE_SIZE]
    last = shown[-1] if len(found) > PAGE_SIZE else None
    names = _names([(row[7], row[8]) for row in shown])
    tags = _tags([row[0] for row in shown])
    clock, base = Clock(), reverse("tickets:list")
    end = f"?{escape(query_string)}" if query_string else ""
    rows = [_row(row, names, tags, clock, base, end) for row in shown]
    return Page(rows, Cursor(last[5], last[0]) if last else None)


def _names(requesters: Iterable[tuple[int, str]]) -> Mapping[int, str]:
    names = dict(requesters)
    nameless = [pk for pk, name in names.items() if not name]
    if nameless:
        addresses = Address.objects.filter(customer__in=nameless).order_by("-pk")
        names.update(addresses.values_list("customer_id", "value"))
    return names


def _tags(ticket_ids: Sequence[int]) -> Mapping[int, list[str]]:
    tags: dict[int, list[str]] = defaultdict(list)
    links = Ticket.tags.through.objects.filter(ticket__in=ticket_ids).order_by("tag__name")
    for ticket_id, name in links.values_list("ticket_id", "tag__name"):
        tags[ticket_id].append(name)
    return tags


def _row(
    found: tuple[Any, ...],
    names: Mapping[int, str],
    tags: Mapping[int, list[str]],
    clock: Clock,
    base: str,
    end: str,
) -> Row:
    (
        pk,
        subject,
        snippet,
        status,
        priority,
        updated_at,
        waiting_since,
        requester,
        _name,
        assignee,
        kind,
        channel,
    ) = found
    return Row(
        id=pk,
        url=f"{base}{pk}/{end}",
        css="row waits" if waiting_since else "row",
        mark=mark(status, str(Ticket.Status(status).label)),
        subject=escape(subject),
        snippet=escape(snippet),
        who=_who(pk, names[requester], kind, channel, priority, tags.get(pk, ())),
        when=clock.short(updated_at),
        exact=clock.exact(updated_at),
        avatar=_avatar(assignee),
    )


def _who(
    pk: int, name: str, kind: str, channel: str, priority: int, tags: Iterable[str]
) -> SafeString:
    parts = [
        f'<span class="name">{escape(name)}</span>',
        icon(CHANNEL_ICONS.get(kind, "inbox"), channel),
    ]
    if priority > Ticket.Priority.NORMAL:
        level = Ticket.Priority(priority)
        parts.append(mark(f"priority-{level.name.lower()}", str(level.label)))
    parts.append(f'<span class="faint tabular">#{pk}</span>')
    parts += [f'<span class="tag">{escape(tag)}</span>' for tag in tags]
    return mark_safe("".join(parts))  # noqa: S308  each part is escaped


def _avatar(assignee: str | None) -> SafeString:
    if not assignee:
        return NOBODY
    return format_html(
        '<span class="avatar agent" title="{}">{}</span>', assignee, initials(assignee)
    )
