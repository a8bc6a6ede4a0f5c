"""Queries that are kept: the same answers as the queryset, and only the ids change."""

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Team, User
from helpdesk.lib.prepared import Id, Prepared

pytestmark = pytest.mark.django_db

MEMBERS = Prepared(
    lambda: (
        User.objects.filter(teams=Id("team"))
        .select_related()
        .order_by("email")
        .values_list("email", "is_active", "date_joined")
    )
)


@pytest.fixture
def teams():
    made = [Team.objects.create(name=name) for name in ("Billing", "Support")]
    for n in range(4):
        made[n % 2].members.add(User.objects.create_user(f"a{n}@example.com", name=f"A{n}"))
    return made


def test_rows_are_those_of_the_queryset(teams):
    for team in [*teams, *teams, *teams, *teams]:
        wanted = team.members.order_by("email").values_list("email", "is_active", "date_joined")
        assert [tuple(row) for row in MEMBERS.all(team=team.pk)] == list(wanted)


def test_objects_come_with_what_was_joined(teams, django_assert_num_queries):
    user = Prepared(lambda: User.objects.filter(pk=Id("user")).defer("password"))
    ana = teams[0].members.first()
    with django_assert_num_queries(1):
        found = user.first(user=ana.pk)
        assert (found, found.name, found._state.adding) == (ana, ana.name, False)
    assert found.get_deferred_fields() == {"password"}


def test_nothing_found(teams):
    assert MEMBERS.first(team=10**9) is None
    assert MEMBERS.all(team=10**9) == []


def test_a_number_too_large_for_an_id_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert MEMBERS.all(team=2**63) == []


def test_an_id_must_be_given():
    with pytest.raises(KeyError):
        MEMBERS.all()


def test_a_log_of_queries_holds_the_values(teams):
    MEMBERS.all(team=teams[1].pk)
    with CaptureQueriesContext(connection) as captured:
        MEMBERS.all(team=teams[1].pk)
    assert f"{teams[1].pk}" in captured.captured_queries[0]["sql"]


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_by_its_own_connection(teams):
    found = []

    def ask():
        found.append(len(MEMBERS.all(team=teams[0].pk)))
        connection.close()

    MEMBERS.all(team=teams[0].pk)
    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2, 2, 2]


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_knows_the_query_again(teams):
    for _ in range(3):
        MEMBERS.all(team=teams[0].pk)
        connection.close()
    assert len(MEMBERS.all(team=teams[0].pk)) == 2


@pytest.mark.skipif("connection.vendor != 'postgresql'")
@pytest.mark.django_db(transaction=True)
def test_a_column_that_a_migration_changed_is_read_with_a_new_plan():
    names = Prepared(lambda: Team.objects.filter(pk=Id("team")).values_list("name"))
    team = Team.objects.create(name="Support")
    for _ in range(3):
        assert names.first(team=team.pk) == ("Support",)
    for kind in ("text", "varchar(100)"):
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE accounts_team ALTER COLUMN name TYPE {kind}")
        assert names.first(team=team.pk) == ("Support",)


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_postgresql_keeps_the_plan(teams):
    for _ in range(3):
        MEMBERS.all(team=teams[0].pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        assert any("accounts_user" in statement for (statement,) in cursor.fetchall())
    assert connection.connection.prepare_threshold is None
