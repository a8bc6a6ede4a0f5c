"""What may stand in the address of a list. Everything else is refused."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from accounts.models import User
from tickets.models import Ticket

OTHER_PARAMETERS = frozenset({"view", "q", "after"})


class _Reference(django_filters.Filter):
    """An id, "none", or where it makes sense "me"."""

    field_class = forms.RegexField

    def __init__(self, pattern: str = r"\A(?:[0-9]{1,18}|none)\Z", **options: object) -> None:
        super().__init__(regex=pattern, **options)

    def filter(self, tickets: QuerySet[Ticket], value: str) -> QuerySet[Ticket]:
        if not value:
            return tickets
        if value == "me":
            return tickets.filter(**{self.field_name: self.parent.request.user})
        return tickets.filter(**{self.field_name: None if value == "none" else int(value)})


class TicketFilter(django_filters.FilterSet):
    """The allow-list: these six, by exact value."""

    status = django_filters.ChoiceFilter(choices=Ticket.Status.choices)
    priority = django_filters.ChoiceFilter(choices=Ticket.Priority.choices)
    team = _Reference()
    assignee = _Reference(pattern=r"\A(?:[0-9]{1,18}|none|me)\Z")
    channel = _Reference(pattern=r"\A[0-9]{1,18}\Z")
    tag = django_filters.CharFilter(field_name="tags__name", max_length=50)

    class Meta:
        model = Ticket
        fields = ("status", "priority", "team", "assignee", "channel", "tag")


NAMES = TicketFilter.Meta.fields


class BadFilter(ValueError):
    """The address asks for something that a list cannot do."""


def filter_tickets(
    tickets: QuerySet[Ticket], parameters: QueryDict, user: User
) -> QuerySet[Ticket]:
    """Apply the filters of an address; raises `BadFilter` for an unknown name or a wrong value."""
    if set(parameters) - OTHER_PARAMETERS - set(NAMES):
        raise BadFilter(sorted(parameters))
    if not any(parameters.get(name) for name in NAMES):
        return tickets
    chosen = TicketFilter(parameters, queryset=tickets, request=_Asking(user))
    if not chosen.is_valid():
        raise BadFilter(chosen.errors)
    return chosen.qs


class _Asking:
    """What a filter may know of the request: who asks."""

    def __init__(self, user: User) -> None:
        self.user = user
