"""Verbs on customers. The only writer of this app's tables (orders: `customers.orders`)."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.addresses import normalise_address
from customers.models import Address, Customer, OptOut


class AddressTaken(ValueError):
    """The address belongs to another customer; the text is a sentence for the agent."""

    def __init__(self, value: str) -> None:
        super().__init__(_("%(address)s belongs to another customer.") % {"address": value})


def customer_at(
    *, kind: str, value: str, name: str = "", language: str = "", wrote: bool = False
) -> Customer:
    """Return the customer who owns this address; make one for a new address.

    A name or language that we did not know yet is filled in; what is known is not overwritten.
    With `wrote` they just wrote from this address, so it works. Two callers at once get the same
    customer. Raises `InvalidAddress`.
    """
    value = normalise_address(kind, value)
    found = _owned_address(kind, value)
    if found is None:
        return _new_customer(kind, value, name, language)
    if wrote and found.unreachable_since:
        mark_reachable(kind=kind, value=value)
    return _fill_in(found.customer, name=name, language=language)


def _owned_address(kind: str, value: str) -> Address | None:
    found = Address.objects.select_related("customer").filter(kind=kind, value=value)
    return next(iter(found.order_by()), None)


def _new_customer(kind: str, value: str, name: str, language: str) -> Customer:
    try:
        with transaction.atomic():
            customer = Customer.objects.create(name=name[:200], language=language)
            Address.objects.create(customer=customer, kind=kind, value=value)
            return customer
    except IntegrityError:
        found = _owned_address(kind, value)
        if found is None:
            raise
        return found.customer


def _fill_in(customer: Customer, **known: str) -> Customer:
    missing = {f: value[:200] for f, value in known.items() if value and not getattr(customer, f)}
    if missing:
        for field, value in missing.items():
            setattr(customer, field, value)
        customer.save(update_fields=list(missing))
    return customer


@transaction.atomic
def create_customer(
    *, name: str, addresses: Iterable[tuple[str, str]], language: str = "", time_zone: str = ""
) -> Customer:
    """Make a customer with these addresses (kind, value), all new.

    Raises `AddressTaken` when one belongs to somebody, `InvalidAddress` when one is none.
    """
    customer = Customer.objects.create(name=name[:200], language=language, time_zone=time_zone)
    for kind, value in addresses:
        if add_address(customer=customer, kind=kind, value=value).customer_id != customer.pk:
            raise AddressTaken(value)
    return customer


def add_address(*, customer: Customer, kind: str, value: str) -> Address:
    """Give a customer one more way to be reached. Raises `InvalidAddress`.

    An address that already belongs to somebody stays with them and is returned as it is.
    """
    address, _made = Address.objects.get_or_create(
        kind=kind, value=normalise_address(kind, value), defaults={"customer": customer}
    )
    return address


def mark_unreachable(*, kind: str, value: str, reason: str) -> int:
    """Remember that mail to this address comes back for good; returns how many rows it met."""
    return Address.objects.filter(kind=kind, value=normalise_address(kind, value)).update(
        unreachable_since=timezone.now(), unreachable_reason=reason[:500]
    )


def mark_reachable(*, kind: str, value: str) -> None:
    """They wrote from this address, so it works."""
    Address.objects.filter(kind=kind, value=value, unreachable_since__isnull=False).update(
        unreachable_since=None, unreachable_reason=""
    )


def opt_out(*, customer: Customer, topic: str) -> OptOut:
    """Do not write to them about this topic any more; repeating it changes nothing."""
    row, _made = OptOut.objects.get_or_create(customer=customer, topic=topic)
    return row


def opt_in(*, customer: Customer, topic: str) -> None:
    """They want to hear about this topic again."""
    OptOut.objects.filter(customer=customer, topic=topic).delete()


def update_customer(*, customer: Customer, **fields: object) -> Customer:
    """Change name, language, time zone, organization or notes. Other fields raise `ValueError`."""
    unknown = set(fields) - {"name", "language", "time_zone", "organization", "notes"}
    if unknown:
        raise ValueError(f"not writable: {', '.join(sorted(unknown))}")
    for field, value in fields.items():
        setattr(customer, field, value)
    customer.save(update_fields=list(fields))
    return customer
