"""Every address, every role: who may, that reading changes nothing, that writing needs a token."""

from collections.abc import Iterator
from copy import deepcopy
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from tests.routes.table import EVERYBODY, ROWS
from tests.routes.walk import Route, address_of, routes, row_of
from tests.routes.world import World, build

ROUTES = tuple(routes())
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
READING = ("GET", "HEAD")
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
# Written by looking too: who is signed in, and when a token was used last.
NOTICED = ("django_session", "last_used_at")
TICKET_TOKENS = {"ticket", "solved", "form"}
# The world is built within the first test, and a busy machine takes its time.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(240)]
by_name = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
by_name_without_models = pytest.mark.parametrize(
    "route", [r for r in ROUTES if not r.is_admin_model], ids=lambda route: route.name
)


@pytest.fixture(scope="module")
def world(django_db_setup: Any, django_db_blocker: Any) -> Iterator[World]:
    """Built once; each request below is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def ask(client: Client, method: str, address: str, **options: Any) -> Any:
    """One request of which nothing stays, with the headers that every answer must have.

    Fails when reading wrote something, and when somebody was refused after something was written.
    """
    cache.clear()
    cookies = deepcopy(client.cookies)
    is_api = address.startswith("/api/")
    client.raise_request_exception = False
    written: list[str] = []
    with transaction.atomic(), connection.execute_wrapper(partial(_watch, written)):
        response = client.generic(
            method,
            address,
            "{}" if is_api else "",
            content_type="application/json" if is_api else "application/x-www-form-urlencoded",
            **options,
        )
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    client.cookies = cookies  # signing out was rolled back as well
    assert response.status_code < 500, f"{method} {address}: {response.status_code}"
    has_safe_headers(response)
    if method in READING or is_refused(response):
        assert not written, f"{method} {address}: {response.status_code} {written}"
    return response


def _watch(written: list[str], run: Any, sql: str, *rest: Any) -> Any:
    statement = sql.lstrip().upper()
    if statement.startswith(WRITES) and not any(word in sql for word in NOTICED):
        written.append(sql[:200])
    return run(sql, *rest)


def has_safe_headers(response: Any) -> None:
    policy = response.headers["Content-Security-Policy"]
    scripts = policy.partition("script-src")[2].partition(";")[0]
    assert "unsafe" not in scripts
    # A customer's mail and a file stand in a sandbox, our own pages in no frame at all.
    assert "frame-ancestors 'none'" in policy or "sandbox" in policy, policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"]
    assert "camera=()" in response.headers["Permissions-Policy"]
    cached = response.headers["Cache-Control"]
    assert "private" in cached or "no-store" in cached, cached


def is_refused(response: Any) -> bool:
    if response.status_code in (401, 403, 404, 405):
        return True
    where = response.headers.get("Location", "") + response.headers.get("HX-Redirect", "")
    # The admin sends whoever asks for what is not there, or signs out unsigned, to its index.
    return where.startswith(("/accounts/login/?next=", "/admin/login/")) or where == "/admin/"


def test_every_address_has_a_row():
    missing = [f"{route.name} {route.path}" for route in ROUTES if row_of(route) is None]
    assert not missing, f"say in tests/routes/table.py who may: {missing}"


def test_every_row_has_an_address():
    assert not set(ROWS) - {route.name for route in ROUTES}


@by_name
def test_who_may(world: World, route: Route):
    row = row_of(route)
    address = address_of(route, row, world)
    for role, client in world.clients.items():
        for method in METHODS:
            if (route.is_admin_model or row.any_method) and method not in ("GET", "POST"):
                continue
            may = role in row.may.get("GET" if method == "HEAD" else method, ())
            response = ask(client, method, address)
            # What a model allows in the admin is its own affair; that nobody else gets there, ours.
            if not (may and route.is_admin_model):
                assert is_refused(response) != may, (
                    f"{route.name} {method} {role}: {response.status_code}"
                )


@by_name
def test_writing_needs_a_csrf_token(world: World, route: Route):
    row = row_of(route)
    is_exempt = getattr(route.view, "csrf_exempt", False)
    # The REST API asks for the token itself, and only where a session signed the caller in.
    assert is_exempt == (not row.csrf or route.name.startswith("api:"))
    if is_exempt and not row.csrf:
        return
    for role in () if route.is_admin_model else ("own", "admin", "out"):
        client = Client(enforce_csrf_checks=True)
        client.cookies = world.clients[role].cookies
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            address = address_of(route, row, world)
            response = ask(client, method, address, headers={"origin": "https://evil.example"})
            assert is_refused(response), f"{route.name} {method} as {role}"


@by_name_without_models
def test_what_is_foreign_looks_like_what_is_not_there(world: World, route: Route):
    row = row_of(route)
    numbers = [name for name in route.parameters if name.endswith("_id") and name in world.ids]
    for role in ("other", "assigned"):
        for method, who in row.may.items():
            if not numbers or role in who:
                continue
            theirs = ask(world.clients[role], method, address_of(route, row, world))
            nothing = address_of(route, row, world, **dict.fromkeys(numbers, 987654))
            gone = ask(world.clients[role], method, nothing)
            assert theirs.status_code == gone.status_code in (403, 404)
            assert len(theirs.content) == len(gone.content) or "csp-nonce" in str(theirs.content)


@by_name_without_models
def test_a_token_for_something_else_opens_nothing(world: World, route: Route):
    row = row_of(route)
    if not row.token:
        return
    alike = TICKET_TOKENS if row.token in TICKET_TOKENS else set()
    wrong = [t for name, t in world.tokens.items() if name not in {row.token, *alike}]
    right = world.tokens[row.token]
    wrong += [
        "x",
        "0",
        "null",
        right[:-1],
        right + "x",
        right.swapcase(),
        "é",
        right.replace("1", "2", 1),
    ]
    for token in wrong:
        if token == right:
            continue
        for method, who in row.may.items():
            if "out" in who:
                address = address_of(route, row, world, token=token)
                assert ask(world.clients["out"], method, address).status_code == 404, address


def test_a_child_of_another_parent_is_not_found(world: World):
    """A message by the number of a ticket that one may see, but that it is not part of."""
    from tickets.models import Message

    mine = Message.objects.exclude(ticket=world.ids["ticket_id"]).earliest("id").ticket_id
    for page in ("html", "original"):
        address = f"/tickets/{mine}/messages/{world.ids['message_id']}/{page}/"
        assert ask(world.clients["own"], "GET", address).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "setup/", "install/", "admin/setup/", "__debug__/", "silk/", "metrics", "health/",
        "media/", ".env", ".git/config", "static/js/workspace.js.map", "static/../.env",
        "accounts/email/", "var/secret_key", "api/", "api/v1/", "api/v1/users/", "api/v2/tickets/",
    ],
)  # fmt: skip
def test_nothing_else_answers(world: World, path: str):
    """After set-up there is no installer, no debug page, no folder to look into."""
    for role in EVERYBODY:
        response = ask(world.clients[role], "GET", f"/{path}")
        assert response.status_code == 404 or is_refused(response), path
        assert b"Traceback" not in response.content
        assert b"urlpatterns" not in response.content
