"""Bodies of the REST API: fields that cannot be written, wrong types, odd bytes."""

import pytest

from tickets.models import Ticket
from tickets.tests.api_client import LIST, api, send

__all__ = ["api"]

FORBIDDEN = (
    "id", "version", "created_at", "updated_at", "requester", "is_spam", "merged_into", "snippet",
    "channel", "resolved_at", "resolved_by", "language", "subject", "message_count", "internal",
    "waiting_since", "ignore_permissions", "first_response_due", "__proto__",
)  # fmt: skip


@pytest.mark.parametrize("field", FORBIDDEN)
def test_other_fields_cannot_be_written(api, ticket, field):
    before = Ticket.objects.values().get()
    response = send(api, "patch", f"{LIST}{ticket.pk}/", {"priority": "low", field: 1})
    assert response.status_code == 400
    assert field in response.json()
    assert Ticket.objects.values().get() == before


WRONG = [None, True, 7, 7.5, "x", "", [], {}, [1], {"a": 1}, [None], "0e1", "٣", 10**30, -1]


@pytest.mark.parametrize("path", [
    "replies", "notes", "resolution", "reopening", "assignment", "tags", "spam-mark",
])  # fmt: skip
@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_wrong_types_are_refused_never_a_crash(api, ticket, path, value):
    fields = {
        "replies": "text", "notes": "text", "assignment": "team", "tags": "tags",
        "resolution": "seen", "reopening": "seen", "spam-mark": "seen",
    }  # fmt: skip
    allowed = {
        "replies": ["x", "0e1", "٣"], "notes": ["x", "0e1", "٣"], "assignment": [None],
        "tags": [[]], "resolution": [7],
    }  # fmt: skip
    response = send(api, "post", f"{LIST}{ticket.pk}/{path}/", {fields[path]: value})
    fine = any(value == v and type(value) is type(v) for v in allowed.get(path, []))
    assert (response.status_code < 300) if fine else (response.status_code == 400), value


@pytest.mark.parametrize("value", [v for v in WRONG if v != {}], ids=repr)
def test_a_body_is_an_object(api, ticket, value):
    for method, path in (("patch", f"{ticket.pk}/"), ("post", f"{ticket.pk}/resolution/")):
        assert send(api, method, f"{LIST}{path}", value).status_code == 400


@pytest.mark.parametrize("status", WRONG, ids=repr)
@pytest.mark.parametrize("field", ["status", "priority", "assignee", "tags", "team"])
def test_patch_refuses_wrong_types(api, ticket, field, status):
    harmless = (field in ("assignee", "team") and status is None) or (field, status) == ("tags", [])
    response = send(api, "patch", f"{LIST}{ticket.pk}/", {field: status})
    assert response.status_code == (200 if harmless else 400)


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"text": NaN}', "application/json", 400),
        (b'{"text": "\\ud800"}', "application/json", 400),
        (b'{"text": "\\u0000"}', "application/json", 400),
        (b"text=x", "application/x-www-form-urlencoded", 415),
        (b'{"text": "x"}', "text/plain", 415),
        (b'{"text": "' + b"x" * 6_000_000 + b'"}', "application/json", 413),
    ],
)
def test_odd_bodies(api, ticket, body, kind, code):
    response = api.post(f"{LIST}{ticket.pk}/notes/", body, content_type=kind)
    assert response.status_code == code
    assert ticket.messages.count() == 1
