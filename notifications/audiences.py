"""Whom an announcement is for."""

from dataclasses import asdict, dataclass

from django.conf import settings
from django.db.models import Q, QuerySet

from customers.models import Customer
from tickets.models import Ticket


@dataclass(frozen=True)
class Audience:
    """Customers who meet everything that is set; "" and None ask for nothing.

    `tag`: they have an unsolved ticket with this tag. `language`: a code of ours; customers whose
    language is unknown count as speaking the account's.
    """

    tag: str = ""
    language: str = ""
    organization: int | None = None

    @property
    def is_everybody(self) -> bool:
        return not any(asdict(self).values())


def customers_in(audience: Audience) -> QuerySet[Customer]:
    """The customers of an audience, each once, by id."""
    customers = Customer.objects.order_by("id")
    if audience.tag:
        tagged = Ticket.objects.filter(
            tags__name=audience.tag,
            status__in=Ticket.UNSOLVED,
            is_spam=False,
            merged_into=None,
        )
        customers = customers.filter(pk__in=tagged.values("requester"))
    if audience.language:
        speaks = Q(language=audience.language)
        if audience.language == settings.LANGUAGE_CODE:
            speaks |= Q(language="")
        customers = customers.filter(speaks)
    if audience.organization:
        customers = customers.filter(organization=audience.organization)
    return customers
