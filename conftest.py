"""The small shared cast. State beyond it is built by the same verbs the product uses."""

import pytest
from django.core.cache import cache

from accounts.models import Team, User
from customers.models import Customer
from customers.services import customer_at
from tickets.models import Channel, Ticket
from tickets.services import open_ticket


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """No test inherits another's counters of requests and attempts."""
    cache.clear()


@pytest.fixture
def team(db) -> Team:
    return Team.objects.create(name="Support")


@pytest.fixture
def billing(db) -> Team:
    return Team.objects.create(name="Billing")


@pytest.fixture
def channel(team) -> Channel:
    return Channel.objects.create(
        kind="email", name="Support", address="support@example.com", default_team=team
    )


@pytest.fixture
def ana(team) -> User:
    """An agent of Support."""
    user = User.objects.create_user("ana@example.com", "correct horse", name="Ana Ruiz")
    user.teams.add(team)
    return user


@pytest.fixture
def bruno(billing) -> User:
    """An agent of Billing: does not see Support's tickets."""
    user = User.objects.create_user("bruno@example.com", "correct horse", name="Bruno Costa")
    user.teams.add(billing)
    return user


@pytest.fixture
def mia(db) -> User:
    """A manager."""
    return User.objects.create_user(
        "mia@example.com", "correct horse", name="Mia Weber", role=User.Role.MANAGER
    )


@pytest.fixture
def admin_user(db) -> User:
    """An administrator."""
    return User.objects.create_superuser("root@example.com", "correct horse", name="Root")


@pytest.fixture
def dora(db) -> Customer:
    """A customer who writes Spanish."""
    return customer_at(kind="email", value="dora@example.net", name="Dora Gil", language="es")


@pytest.fixture
def ticket(channel, dora) -> Ticket:
    ticket, _message = open_ticket(
        channel=channel,
        requester=dora,
        subject="¿Dónde está mi pedido?",
        text="Lo espero desde el lunes.",
        message={
            "message_id": "<first@example.net>",
            "sender_address": "dora@example.net",
        },
    )
    return ticket


@pytest.fixture
def agent_client(client, ana):
    client.force_login(ana)
    return client
