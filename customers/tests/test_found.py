"""Whom a search finds: by the beginnings of words in a name, or of an address."""

import pytest

from customers.models import Customer
from customers.selectors import customers_found
from customers.services import create_customer, customer_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return {
        "ana": create_customer(name="Ana José Núñez-Peña", addresses=[("email", "ana@acme.com")]),
        "joao": create_customer(
            name="João Conceição", addresses=[("email", "jc@x.pt"), ("phone", "+351912345678")]
        ),
        "nameless": create_customer(name="", addresses=[("email", "nobody_1%@x.pt")]),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ana", {"ana"}),
        ("JOSE nunez", {"ana"}),
        ("nuñ pe", {"ana"}),
        ("conceicao", {"joao"}),
        ("Conceição João", {"joao"}),
        ("ana@ac", {"ana"}),
        (" JC@X.PT ", {"joao"}),
        ("+3519", {"joao"}),
        ("nobody_1%", {"nameless"}),
        ("nobody%", set()),
        ("n_body", set()),
        ("ose", set()),
        ("ana conceicao", set()),
        ("ana@acme.com ana", set()),
        ("", set()),
        ("  %_ ", set()),
    ],
)
def test_found_by_beginnings(people, query, found):
    names = {customer.pk: key for key, customer in people.items()}
    assert {names[c.pk] for c in customers_found(query)} == found


def test_a_name_learned_later_is_found():
    customer_at(kind="email", value="eva@example.com")
    customer_at(kind="email", value="eva@example.com", name="Eva Quiñones")
    assert [c.name for c in customers_found("quinones")] == ["Eva Quiñones"]


def test_a_changed_name_is_found_and_the_old_one_is_not(people):
    ana = Customer.objects.get(pk=people["ana"].pk)
    ana.name = "Ana Pérez"
    ana.save(update_fields=["name"])
    assert list(customers_found("perez")) == [ana]
    assert not customers_found("nunez").exists()


def test_newest_first(people):
    other = create_customer(name="Ana", addresses=[])
    assert list(customers_found("ana")) == [other, people["ana"]]
