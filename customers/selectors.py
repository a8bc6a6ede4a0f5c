"""Reads on customers."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import User
from customers.models import Address, Customer, OptOut, Order
from helpdesk.lib.text import WORD, fold

NAME_WORDS = 6


def customers_visible_to(user: User) -> QuerySet[Customer]:
    """Whom an agent may see: everybody, or with access "assigned" those of their own tickets."""
    if not user.is_active:
        return Customer.objects.none()
    if user.is_manager or user.access != User.Access.ASSIGNED:
        return Customer.objects.all()
    return Customer.objects.filter(Q(tickets__assignee=user)).distinct()


def address_of(customer: Customer, kind: str) -> Address | None:
    """The address to write to: the newest that works, else the newest of that kind."""
    return best_address(customer.addresses.all(), kind)


def best_address(addresses: Iterable[Address], kind: str) -> Address | None:
    """The one to write to among the addresses of a customer."""
    rows = (a for a in addresses if a.kind == kind)
    return max(rows, key=lambda a: (a.unreachable_since is None, a.pk), default=None)


def has_opted_out(customer_id: int, topic: str) -> bool:
    return OptOut.objects.filter(customer_id=customer_id, topic=topic).exists()


def recent_orders(customer: Customer, limit: int = 10) -> list[Order]:
    return list(customer.orders.all()[:limit])


def customers_found(query: str) -> QuerySet[Customer]:
    """Customers whose name has words that begin so, or an address that does; newest first."""
    words = WORD.findall(fold(query))[:NAME_WORDS]
    if not words:
        return Customer.objects.none()
    by_name = Customer.objects.all()
    for word in words:
        by_name = by_name.filter(name_words__contains=f" {word}")
    found = Q(pk__in=by_name.order_by().values("pk"))
    address = query.strip().lower()
    if len(address.split()) == 1:
        by_address = Address.objects.filter(value__startswith=address)
        found |= Q(pk__in=by_address.order_by().values("customer"))
    return Customer.objects.filter(found).order_by("-pk")
