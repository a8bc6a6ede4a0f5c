"""What may be asked of the lists of the REST API: these parameters and nothing else."""

import django_filters
from django.db.models import QuerySet

from tickets.api.rows import PRIORITIES
from tickets.filters import TicketFilter
from tickets.listing import search_tickets
from tickets.models import Message, Ticket
from tickets.search import messages_with


class TicketApiFilter(TicketFilter):
    """The filters of the pages' list, and times, requester and words."""

    priority = django_filters.ChoiceFilter(
        choices=[(name, name) for name in PRIORITIES], method="by_priority"
    )
    requester = django_filters.NumberFilter(
        field_name="requester_id", min_value=1, decimal_places=0
    )
    language = django_filters.CharFilter(max_length=10)
    created_after = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")
    updated_after = django_filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")
    updated_before = django_filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="lt")
    q = django_filters.CharFilter(method="search", max_length=200)

    def by_priority(self, tickets: QuerySet[Ticket], _name: str, value: str) -> QuerySet[Ticket]:
        return tickets.filter(priority=PRIORITIES[value])

    def search(self, tickets: QuerySet[Ticket], _name: str, words: str) -> QuerySet[Ticket]:
        return search_tickets(tickets, words)


class MessageFilter(django_filters.FilterSet):
    ticket = django_filters.NumberFilter(field_name="ticket_id", min_value=1, decimal_places=0)
    kind = django_filters.ChoiceFilter(choices=Message.Kind.choices)
    state = django_filters.ChoiceFilter(choices=Message.State.choices)
    created_after = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")
    q = django_filters.CharFilter(method="search", max_length=200)

    def search(self, messages: QuerySet[Message], _name: str, words: str) -> QuerySet[Message]:
        return messages.filter(pk__in=messages_with(words).values("pk"))


class NameFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(max_length=100)
