"""What the page of a ticket shows, read in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import User
from customers.models import Address, Order
from customers.selectors import recent_orders
from helpdesk.lib.prepared import Id, Prepared
from helpdesk.lib.text import initials
from helpdesk.lib.times import Clock
from tickets.menus_html import priorities_html, priority_html, status_html, statuses_html
from tickets.models import Tag, Ticket, TicketEvent
from tickets.recipients import People
from tickets.selectors import tickets_visible_to
from tickets.timeline import Timeline, timeline_of
from tickets.timeline_html import timeline_html
from tickets.words import CHANNEL_ICONS, sentences_of

EARLIER = 6
Status = Ticket.Status


@dataclass(frozen=True, slots=True)
class ShownOrder:
    number: str
    state: str
    is_late: bool
    promised: str
    promised_exact: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another ticket of the same requester."""

    id: int
    subject: str
    status: str
    status_label: str
    when: str
    exact: str


@dataclass(frozen=True)
class TicketPage:
    url: str
    number: str
    seen: str
    status: SafeString
    statuses: SafeString
    priority: SafeString
    priorities: SafeString
    timeline: Timeline
    name: str
    initials: str
    addresses: Sequence[Address]
    tags: Sequence[str]
    recipients: Mapping[str, Sequence[str]]
    created: str
    created_exact: str
    updated: str
    updated_exact: str

    channel_icon: str
    language: str
    waiting: str
    waiting_exact: str
    is_read_only: bool
    missed: Sequence[str] = ()

    @property
    def timeline_html(self) -> SafeString:
        return timeline_html(self.timeline, self.url)

    @property
    def has_failed(self) -> bool:
        return any(entry.state == "failed" for entry in self.timeline.messages)

    @property
    def has_held(self) -> bool:
        return any(entry.kind == "held" for entry in self.timeline.messages)

    @property
    def takes_replies(self) -> bool:
        return not self.is_read_only

    @property
    def to(self) -> str:
        return ", ".join(self.recipients["to"])

    @property
    def cc(self) -> str:
        return ", ".join(self.recipients["cc"])

    @property
    def tag_text(self) -> str:
        return ", ".join(self.tags)


def ticket_page(
    user: User,
    ticket: Ticket,
    *,
    everything: bool = False,
    missed: Sequence[TicketEvent] = (),
) -> TicketPage:
    """Read it all; `missed` are the events that came while the agent was writing."""
    clock = Clock()
    people = People(ticket)
    addresses = people.of_requester
    name = ticket.requester.name or (addresses[0].value if addresses else str(ticket.requester))
    known = {agent.pk: agent.name for agent in (user, ticket.assignee) if agent}
    timeline = timeline_of(ticket, reader=f"agent.{user.pk}", agents=known, everything=everything)
    return TicketPage(
        url=reverse("tickets:ticket", args=[ticket.pk]),
        number=str(ticket.pk),
        seen=str(ticket.version),
        status=status_html(ticket.status),
        statuses=statuses_html(ticket.status),
        priority=priority_html(ticket.priority),
        priorities=priorities_html(ticket.priority),
        timeline=timeline,
        name=name,
        initials=initials(name),
        addresses=addresses,
        tags=[tag for (tag,) in _TAGS.all(ticket=ticket.pk)],
        recipients=people.recipients(timeline.said),
        created=clock.ago(ticket.created_at),
        created_exact=clock.exact(ticket.created_at),
        updated=clock.ago(ticket.updated_at),
        updated_exact=clock.exact(ticket.updated_at),
        channel_icon=CHANNEL_ICONS.get(ticket.channel.kind, "inbox"),
        language=_language(ticket.requester.language or ticket.language),
        waiting=clock.ago(ticket.waiting_since) if ticket.waiting_since else "",
        waiting_exact=clock.exact(ticket.waiting_since) if ticket.waiting_since else "",
        is_read_only=ticket.status == Status.CLOSED or ticket.merged_into_id is not None,
        missed=sentences_of(ticket, missed),
    )


_TAGS = Prepared(
    lambda: Tag.objects.filter(tickets=Id("ticket")).order_by("name").values_list("name")
)


@dataclass(frozen=True)
class RequesterPanel:
    """What else we know of the requester: read when the ticket is already on the screen."""

    earlier: Sequence[Earlier]
    orders: Sequence[ShownOrder]


def requester_panel(user: User, ticket: Ticket) -> RequesterPanel:
    clock = Clock()
    return RequesterPanel(
        earlier=_earlier(user, ticket, clock),
        orders=[_order(order, clock) for order in recent_orders(ticket.requester, limit=5)],
    )


def _language(code: str) -> str:
    return str(dict(settings.LANGUAGES).get(code, code))


def _order(order: Order, clock: Clock) -> ShownOrder:
    promised = order.promised_at
    is_done = order.state == Order.State.DELIVERED
    return ShownOrder(
        number=order.number,
        state=order.get_state_display(),
        is_late=bool(promised and promised < clock.now and not is_done),
        promised=clock.day(promised) if promised else "",
        promised_exact=clock.exact(promised) if promised else "",
    )


def _earlier(user: User, ticket: Ticket, clock: Clock) -> list[Earlier]:
    others = (
        tickets_visible_to(user)
        .filter(requester=ticket.requester_id)
        .exclude(pk=ticket.pk)
        .order_by("-created_at", "-id")
        .values_list("pk", "subject", "status", "created_at")[:EARLIER]
    )
    return [
        Earlier(
            pk, subject, status, str(Ticket.Status(status).label), clock.short(at), clock.exact(at)
        )
        for pk, subject, status, at in others
    ]
