"""Rows in bulk are the rows that single inserts would leave."""

import pytest
from django.db import IntegrityError, transaction

from customers.models import Customer, CustomerEvent
from customers.services import customer_at
from helpdesk.lib.bulk import insert_rows, insert_values


def test_it_works(db):
    made = insert_rows([Customer(name="Ana\tRuiz\n\\N"), Customer(name="")])
    assert [Customer.objects.get(pk=row.pk).name for row in made] == ["Ana\tRuiz\n\\N", ""]
    assert Customer.objects.create(name="Later").pk > made[-1].pk


def test_nothing_is_no_trouble(db):
    assert insert_rows([]) == []


def test_values_keep_json_and_nothing(dora):
    names = ("event_id", "kind", "customer_id", "order_id", "occurred_at", "received_at", "data")
    at = dora.created_at
    row = ("one", "order_placed", dora.pk, None, at, at, {"note": "¿cuándo?", "n": [1, None]})
    insert_values(CustomerEvent, names, [row])
    kept = CustomerEvent.objects.get()
    assert (kept.event_id, kept.order, kept.data) == ("one", None, row[-1])
    assert kept.occurred_at == at


def test_a_constraint_holds(dora):
    address = dora.addresses.get()
    again = type(address)(customer=dora, kind=address.kind, value=address.value)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([again])
    assert customer_at(kind="email", value=address.value) == dora
