"""Reads on customers."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import User
from customers.models import Address, Customer, OptOut, Order


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
    """Customers with these words in their name, or an address that begins so; newest first."""
    wanted = query.strip()
    by_address = Address.objects.filter(value__startswith=wanted.lower()).values("customer")
    found = Q(pk__in=by_address) | Q(name__icontains=wanted)
    return Customer.objects.filter(found).order_by("-pk") if wanted else Customer.objects.none()
