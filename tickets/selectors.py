"""Reads on tickets. Every queryset that a page or the API uses starts at `…_visible_to(user)`."""

from collections.abc import Iterable
from enum import StrEnum

from django.db.models import Q, QuerySet

from accounts.models import Team, User
from customers.models import Customer
from helpdesk.lib.prepared import Id
from tickets.models import Attachment, Channel, Message, Tag, Ticket


class Scope(StrEnum):
    """Which tickets somebody sees."""

    NONE = "none"
    ALL = "all"
    TEAMS = "teams"
    ASSIGNED = "assigned"


def scope_of(user: User) -> Scope:
    if not user.is_active:
        return Scope.NONE
    if user.is_manager or user.access == User.Access.ALL:
        return Scope.ALL
    return Scope.TEAMS if user.access == User.Access.TEAMS else Scope.ASSIGNED


def tickets_in_scope(scope: Scope, user_id: int | Id) -> QuerySet[Ticket]:
    if scope == Scope.NONE:
        return Ticket.objects.none()
    if scope == Scope.ALL:
        return Ticket.objects.all()
    own = Q(assignee=user_id)
    if scope == Scope.TEAMS:
        own |= Q(team__in=Team.objects.filter(members=user_id).values("id")) | Q(team=None)
    return Ticket.objects.filter(own)


def tickets_visible_to(user: User) -> QuerySet[Ticket]:
    """The tickets this user may see and work on; merged and spam tickets among them."""
    return tickets_in_scope(scope_of(user), user.pk)


def listed_tickets(user: User) -> QuerySet[Ticket]:
    """What belongs in a list: visible, not merged away, no spam; latest first."""
    return _in_order(tickets_visible_to(user).filter(is_spam=False, merged_into=None))


def spam_tickets(user: User) -> QuerySet[Ticket]:
    """What was marked as spam, for whoever looks whether it is; latest first."""
    return _in_order(tickets_visible_to(user).filter(is_spam=True, merged_into=None))


def _in_order(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return tickets.order_by("-updated_at", "-id")


def messages_visible_to(user: User) -> QuerySet[Message]:
    return Message.objects.filter(ticket__in=tickets_visible_to(user))


def attachments_visible_to(user: User) -> QuerySet[Attachment]:
    return Attachment.objects.filter(message__ticket__in=tickets_visible_to(user))


def tags_visible_to(user: User) -> QuerySet[Tag]:
    return Tag.objects.all() if user.is_active else Tag.objects.none()


def channels_visible_to(user: User) -> QuerySet[Channel]:
    return Channel.objects.filter(is_active=True) if user.is_active else Channel.objects.none()


def public_messages(ticket: Ticket) -> QuerySet[Message]:
    """What the customer may read: never a note."""
    return (
        ticket.messages.filter(kind__in=Message.PUBLIC)
        .select_related("agent", "customer")
        .prefetch_related("attachments")
        .order_by("created_at", "id")
    )


def takes_part(customer: Customer, ticket: Ticket) -> bool:
    """Whether they asked, or are in copy: they may read and answer it."""
    return (
        ticket.requester_id == customer.pk or ticket.participants.filter(customer=customer).exists()
    )


def our_addresses_among(values: Iterable[str]) -> set[str]:
    """Those that lead to a channel of ours (lower case); `support+x@` is `support@`."""
    plain = {value: without_tag(value) for value in values}
    wanted = {*plain, *plain.values()}
    ours = set(
        Channel.objects.filter(address__in=wanted).order_by().values_list("address", flat=True)
    )
    return {value for value, bare in plain.items() if value in ours or bare in ours}


def without_tag(address: str) -> str:
    """`support@example.com` for `support+shop@example.com` (RFC 5233)."""
    local, at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"
