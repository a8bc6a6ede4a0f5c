"""Customers in the admin."""

import pytest

from customers.models import Customer

INLINES = {
    f"{name}-{count}_FORMS": "0"
    for name in ("addresses", "opt_outs")
    for count in ("TOTAL", "INITIAL")
}


@pytest.fixture
def boss(client, admin_user):
    client.force_login(admin_user)
    return client


def change(boss, customer: Customer, **facts: str):
    page = {"name": customer.name, "language": "", "time_zone": "", "notes": "", **INLINES, **facts}
    return boss.post(f"/admin/customers/customer/{customer.pk}/change/", page)


def test_language_and_zone_are_chosen(boss, dora):
    assert change(boss, dora, language="pt-br", time_zone="America/Lima").status_code == 302
    dora.refresh_from_db()
    assert (dora.language, dora.time_zone) == ("pt-br", "America/Lima")


def test_they_may_be_unknown(boss, dora):
    assert change(boss, dora).status_code == 302
    dora.refresh_from_db()
    assert (dora.language, dora.time_zone) == ("", "")


@pytest.mark.parametrize("wrong", [{"language": "xx"}, {"time_zone": "Mars/Olympus"}])
def test_no_other_is_taken(boss, dora, wrong):
    page = change(boss, dora, **wrong)
    assert page.status_code == 200
    assert "Select a valid choice" in page.content.decode()
