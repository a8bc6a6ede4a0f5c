"""The REST API of customers, and what their shop tells us."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from accounts.models import User
from accounts.services import create_api_token
from customers.models import Customer, CustomerEvent, Order
from customers.services import customer_at

LIST = "/api/v1/customers/"
EVENTS = "/api/v1/customer-events"


@pytest.fixture
def api(client, ana):
    _token, secret = create_api_token(user=ana, name="shop", scope="write")
    client.defaults["HTTP_AUTHORIZATION"] = f"Token {secret}"
    return client


def send(client, method: str, url: str, body: object):
    return getattr(client, method)(url, json.dumps(body), content_type="application/json")


def told(event_id: str = "e1", kind: str = "order_placed", at: str = "09", **order: object):
    return {
        "event_id": event_id,
        "kind": kind,
        "occurred_at": f"2026-03-01T{at}:00:00Z",
        "customer": {"email": "Leo@example.org", "name": "Leo", "language": "es",
                     "time_zone": "America/Bogota"},
        "order": {"number": "A-1", **order},
    }  # fmt: skip


def tell(api, *args: str, **order: object):
    return send(api, "post", EVENTS, told(*args, **order))


def test_it_works(api, dora):
    row = api.get(f"{LIST}?q=dora").json()["results"][0]
    assert (row["name"], row["language"]) == ("Dora Gil", "es")
    assert row["addresses"][0]["value"] == "dora@example.net"
    made = send(api, "post", LIST, {
        "name": "Leo", "language": "pt-br", "time_zone": "America/Sao_Paulo",
        "addresses": [{"kind": "email", "value": "Leo@Example.org"}],
    })  # fmt: skip
    assert made.status_code == 201
    assert made.json()["addresses"][0]["value"] == "leo@example.org"
    assert api.get(f"{LIST}?email=LEO@example.org").json()["results"][0]["id"] == made.json()["id"]


def test_patch_name_language_and_zone_only(api, dora):
    url = f"{LIST}{dora.pk}/"
    patched = send(api, "patch", url, {"name": "Dora", "language": "en", "time_zone": "UTC"})
    assert patched.json()["time_zone"] == "UTC"
    for field in ("id", "notes", "organization", "created_at", "addresses", "opt_outs"):
        assert send(api, "patch", url, {field: 1}).status_code == 400
    for wrong in ({"language": "xx"}, {"time_zone": "Mars/Base"}, {"name": 5}, {"language": None}):
        assert send(api, "patch", url, wrong).status_code == 400


def test_an_address_belongs_to_one(api, dora):
    leo = customer_at(kind="email", value="leo@example.org")
    theirs = {"kind": "email", "value": "dora@example.net"}
    assert send(api, "post", f"{LIST}{leo.pk}/addresses/", theirs).status_code == 409
    body = {"name": "x", "addresses": [{"kind": "phone", "value": "+34600000000"}, theirs]}
    assert send(api, "post", LIST, body).status_code == 409
    assert Customer.objects.count() == 2
    phone = {"kind": "phone", "value": "600 000 000"}
    assert send(api, "post", f"{LIST}{leo.pk}/addresses/", phone).json()["value"] == "+34600000000"
    wrong = {"kind": "email", "value": "nobody"}
    assert send(api, "post", f"{LIST}{leo.pk}/addresses/", wrong).status_code == 400


def test_who_sees_assigned_tickets_only_sees_their_customers(api, ana, ticket, dora):
    leo = customer_at(kind="email", value="leo@example.org")
    User.objects.filter(pk=ana.pk).update(access="assigned")
    assert api.get(LIST).json()["results"] == []
    for path in (f"{dora.pk}/", f"{dora.pk}/orders/", f"{leo.pk}/"):
        assert api.get(f"{LIST}{path}").status_code == 404
    assert send(api, "patch", f"{LIST}{leo.pk}/", {"name": "x"}).status_code == 404
    assert tell(api).status_code == 403


# What happened to an order


def test_an_event_makes_customer_and_order(api):
    response = tell(api, promised_at="2026-03-05T12:00:00+01:00")
    assert response.status_code == 201
    assert response.json()["order"]["promised_at"] == "2026-03-05T11:00:00+00:00"
    order = Order.objects.get()
    assert (order.state, order.customer.language) == ("placed", "es")
    assert order.customer.time_zone == "America/Bogota"
    listed = api.get(f"{LIST}{order.customer_id}/orders/").json()["results"]
    assert listed[0]["number"] == "A-1"


def test_the_same_event_again_gives_the_first_result(api):
    first = tell(api, promised_at="2026-03-05T12:00:00Z")
    tell(api, "e2", "order_shipped", "10")
    again = tell(api, promised_at="2026-03-05T13:00:00+01:00")
    assert again.status_code == 200
    assert again.json() == first.json()
    assert Order.objects.get().state == "shipped"
    assert CustomerEvent.objects.count() == 2


def test_with_a_slash_it_works_too(api):
    assert send(api, "post", f"{EVENTS}/", told()).status_code == 201


def test_the_same_id_for_something_else_is_a_conflict(api):
    tell(api)
    assert tell(api, "e1", "order_shipped").status_code == 409
    assert Order.objects.get().state == "placed"


def test_events_out_of_order_end_where_they_would_in_order(api):
    tell(api, "e3", "order_delivered", "12")
    tell(api, "e2", "order_delayed", "11", promised_at="2026-03-08T12:00:00Z")
    tell(api, "e1", "order_placed", "10", promised_at="2026-03-05T12:00:00Z")
    order = Order.objects.get()
    assert order.state == "delivered"
    assert order.state_at.hour == 12
    assert (order.first_promised_at.day, order.promised_at.day) == (5, 8)


def test_an_event_that_says_nothing_new_takes_nothing_away(api, dora):
    Order.objects.create(
        customer=dora, number="A-1", promised_at="2026-03-05T12:00:00Z",
        state_at="2026-03-01T08:00:00Z",
    )  # fmt: skip
    tell(api, "e1", "order_shipped", tracking_url="https://track.example/1")
    order = Order.objects.get()
    assert (order.state, order.promised_at.day) == ("shipped", 5)


@pytest.mark.django_db(transaction=True)
def test_two_processes_with_the_same_event(api):
    def post(_n: int) -> int:
        try:
            from customers.api import CustomerEventBody
            from customers.orders import record_customer_event

            body = CustomerEventBody(data=told())
            body.is_valid(raise_exception=True)
            return int(record_customer_event(body.news())[1])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(post, range(4))) == 1
    assert CustomerEvent.objects.count() == Order.objects.count() == 1


WRONG = [None, True, 7, "x", "", [], {}, "2026-03-01", "2026-03-01T09:00:00"]


@pytest.mark.parametrize("value", WRONG, ids=repr)
@pytest.mark.parametrize("field", ["occurred_at", "kind", "customer", "order"])
def test_wrong_values_are_refused(api, field, value):
    assert send(api, "post", EVENTS, {**told(), field: value}).status_code == 400
    assert not CustomerEvent.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"extra": 1},
        {"customer": {"email": "nobody"}},
        {"customer": {"email": "a@b.example", "id": 1}},
        {"order": {"number": ""}},
        {"order": {"number": "1", "price": 5}},
        {"order": {"number": "1", "tracking_url": "javascript:alert(1)"}},
        {"order": {"number": 1}},
        {"event_id": "x" * 201},
        {"event_id": "\x00"},
    ],
)
def test_unknown_and_odd_fields_are_refused(api, change):
    assert send(api, "post", EVENTS, {**told(), **change}).status_code == 400
    assert not Order.objects.exists()


def test_reading_events_is_not_offered(api):
    assert api.get(EVENTS).status_code == 405


def test_a_wrong_choice_is_answered_with_the_right_ones(api):
    refused = tell(api, "e1", "placed").json()
    assert refused["kind"] == [
        "Write one of: order_placed, order_shipped, order_delayed, order_delivered."
    ]


def test_an_address_that_is_not_there_is_said_in_json(api):
    answer = api.get("/api/v1/nonsense/")
    assert answer.status_code == 404
    assert answer.json() == {"detail": "There is nothing at this address."}
