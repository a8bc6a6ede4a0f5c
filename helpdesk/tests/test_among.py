"""Many numbers as one parameter find what `__in` finds."""

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from accounts.models import Team
from helpdesk.lib.among import Among

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("size", [0, 1, 3, 20_000])
def test_the_same_rows_as_in(size):
    made = [Team.objects.create(name=f"T{n}") for n in range(5)]
    wanted = {made[n].pk for n in range(min(size, 3))} | set(range(10**6, 10**6 + size))
    found = Team.objects.filter(Q(Among("pk", wanted)) | Q(name="T4"))
    names = {team.name for team in made[: min(size, 3)]} | {"T4"}
    assert {team.name for team in found} == names
    assert not Team.objects.filter(~Q(Among("pk", wanted)), pk__in=wanted).exists()


def test_one_parameter():
    with CaptureQueriesContext(connection) as captured:
        list(Team.objects.filter(Among("pk", range(900))).values_list("pk"))
    assert captured.captured_queries[0]["sql"].count("(SELECT") <= 1


def test_another_table():
    team = Team.objects.create(name="Support")
    assert list(Team.objects.filter(Q(Among("members__id", [1])) | Q(Among("id", [team.pk]))))
