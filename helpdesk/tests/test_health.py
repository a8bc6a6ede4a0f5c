"""Probes of load balancers: answered under any host name, without detail."""

import pytest
from django.db import DatabaseError

from helpdesk import health


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_it_works_under_any_name(client, db, path):
    response = client.get(path, headers={"host": "10.0.0.7:8000"})
    assert response.status_code == 200
    assert response.content in (b"ok\n", b"ready\n")


def test_a_lost_database_makes_it_not_ready(client, monkeypatch):
    def lost():
        raise DatabaseError("password of postgres at 10.0.0.7 refused")

    monkeypatch.setattr(health.connection, "cursor", lost)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.content == b"not ready\n"


def test_missing_migrations_make_it_not_ready(client, db, monkeypatch):
    monkeypatch.setattr(health, "_migrations_seen", False)
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: ["one"])
    assert client.get("/readyz").status_code == 503


def test_a_lost_cache_makes_it_not_ready(client, db, monkeypatch):
    def lost(*args):
        raise ConnectionError

    monkeypatch.setattr(health.cache, "set", lost)
    assert client.get("/readyz").status_code == 503


def test_only_reading_is_answered(client, db):
    assert client.post("/healthz").status_code == 405
