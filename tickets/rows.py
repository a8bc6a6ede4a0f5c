"""The rows of a list, made ready in Python: the template only prints them.

A row through the template language costs ten times as much as one f-string, and a page has fifty.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
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
NOBODY = '<span class="avatar nobody"></span>'


@dataclass(frozen=True)
class Page:
    """The rows as they go into an `<ol>`, the ids they show, and where the next page begins."""

    html: SafeString
    ids: Sequence[int]
    next: Cursor | None


def page_of(tickets: QuerySet[Ticket], cursor: Cursor | None, query_string: str = "") -> Page:
    """One page of rows in three queries; `query_string` is carried on to the tickets."""
    found = list(page_after(tickets, cursor).values_list(*COLUMNS))
    shown = found[:PAGE_SIZE]
    last = shown[-1] if len(found) > PAGE_SIZE else None
    ids = [row[0] for row in shown]
    printer = _Printer(
        names=_names((row[7], row[8]) for row in shown),
        tags=_tags(ids),
        end=f"?{escape(query_string)}" if query_string else "",
    )
    html = "".join(map(printer.row, shown))
    # Each text was escaped on its way in.
    page = mark_safe(html)  # noqa: S308
    return Page(page, ids, Cursor(last[5], last[0]) if last else None)


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


@dataclass
class _Printer:
    """Prints rows for one reader; what repeats from row to row is made once."""

    names: Mapping[int, str]
    tags: Mapping[int, list[str]]
    end: str
    clock: Clock = field(default_factory=Clock)
    base: str = field(default_factory=lambda: reverse("tickets:list"))
    channels: dict[tuple[str, str], str] = field(default_factory=dict)
    avatars: dict[str | None, str] = field(default_factory=lambda: {None: NOBODY, "": NOBODY})

    @cached_property
    def statuses(self) -> Mapping[str, str]:
        return {status.value: mark(status.value, str(status.label)) for status in Ticket.Status}

    @cached_property
    def priorities(self) -> Mapping[int, str]:
        """Marks of what is urgent; the others are not worth a sign."""
        high = (Ticket.Priority.HIGH, Ticket.Priority.URGENT)
        return {p.value: mark(f"priority-{p.name.lower()}", str(p.label)) for p in high}

    def row(self, found: tuple[Any, ...]) -> str:
        (
            pk, subject, snippet, status, priority, updated_at, waiting_since,
            requester, _name, assignee, kind, channel,
        ) = found  # fmt: skip
        tags = "".join(f'<span class="tag">{escape(tag)}</span>' for tag in self.tags.get(pk, ()))
        return (
            f'<li class="row{" waits" if waiting_since else ""}" data-id="{pk}">'
            f'<a href="{self.base}{pk}/{self.end}">{self.statuses[status]}'
            f'<span class="line"><span class="subject">{escape(subject)}</span>'
            f'<span class="snippet">{escape(snippet)}</span></span>'
            f'<span class="when" title="{self.clock.exact(updated_at)}">'
            f"{self.clock.short(updated_at)}</span>"
            f'<span class="who"><span class="name">{escape(self.names[requester])}</span>'
            f"{self._channel(kind, channel)}{self.priorities.get(priority, '')}"
            f'<span class="faint tabular">#{pk}</span>{tags}</span>'
            f"{self._avatar(assignee)}</a></li>\n"
        )

    def _channel(self, kind: str, name: str) -> str:
        known = self.channels.get((kind, name))
        if known is None:
            known = self.channels[kind, name] = icon(CHANNEL_ICONS.get(kind, "inbox"), name)
        return known

    def _avatar(self, name: str | None) -> str:
        known = self.avatars.get(name)
        if known is None:
            known = self.avatars[name] = (
                f'<span class="avatar agent" title="{escape(name or "")}">'
                f"{escape(initials(name or ''))}</span>"
            )
        return known
