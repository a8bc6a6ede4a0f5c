"""Calendars through the admin's own pages."""

import pytest
from django.urls import reverse

from automation.models import Calendar, CalendarAssignment
from automation.services import assign_calendar, create_calendar

pytestmark = pytest.mark.django_db

NO_HOLIDAYS = {
    "holidays-TOTAL_FORMS": "0",
    "holidays-INITIAL_FORMS": "0",
}


@pytest.fixture
def admin_client(client, admin_user):
    client.force_login(admin_user)
    return client


def test_time_zones_are_chosen_from_those_there_are(admin_client):
    page = {"name": "Shop", "time_zone": "Mars/Olympus", "mon": "09:00-12:00", **NO_HOLIDAYS}
    response = admin_client.post(reverse("admin:automation_calendar_add"), page)
    assert "Select a valid choice" in response.content.decode()
    assert not Calendar.objects.exists()


def test_hours_are_typed_as_intervals(admin_client):
    page = {
        "name": "Shop",
        "time_zone": "Europe/Madrid",
        "mon": "09:00-12:00, 13:00 – 17:30",
        "fri": "22:00–06:00",
        **NO_HOLIDAYS,
    }
    response = admin_client.post(reverse("admin:automation_calendar_add"), page)
    assert response.status_code == 302
    calendar = Calendar.objects.get()
    assert calendar.weekly_hours == {
        "mon": [["09:00", "12:00"], ["13:00", "17:30"]],
        "fri": [["22:00", "06:00"]],
    }
    form = admin_client.get(reverse("admin:automation_calendar_change", args=[calendar.pk]))
    assert "09:00–12:00, 13:00–17:30" in form.content.decode()


@pytest.mark.parametrize("typed", ["nine to five", "09:00-25:00", ""])
def test_what_is_no_interval_is_explained(admin_client, typed):
    page = {"name": "Shop", "time_zone": "UTC", "mon": typed, **NO_HOLIDAYS}
    response = admin_client.post(reverse("admin:automation_calendar_add"), page)
    assert response.status_code == 200
    assert not Calendar.objects.exists()


def test_changing_a_calendar_in_use_makes_a_successor(admin_client):
    calendar = create_calendar(name="Shop", time_zone="UTC", is_around_the_clock=True)
    assign_calendar(calendar=calendar, team=None)
    page = {"name": "Shop", "time_zone": "UTC", "mon": "09:00-17:00", **NO_HOLIDAYS}
    response = admin_client.post(
        reverse("admin:automation_calendar_change", args=[calendar.pk]), page
    )
    assert response.status_code == 302
    calendar.refresh_from_db()
    assert calendar.is_around_the_clock
    assert calendar.succeeded_by.weekly_hours == {"mon": [["09:00", "17:00"]]}


def test_a_calendar_is_assigned_from_now_on(admin_client, team):
    calendar = create_calendar(name="Shop", time_zone="UTC", is_around_the_clock=True)
    page = {"team": team.pk, "calendar": calendar.pk, "since_0": "", "since_1": ""}
    response = admin_client.post(reverse("admin:automation_calendarassignment_add"), page)
    assert response.status_code == 302
    assert CalendarAssignment.objects.get().team == team


def test_the_past_of_a_team_is_not_rewritten(admin_client, team):
    calendar = create_calendar(name="Shop", time_zone="UTC", is_around_the_clock=True)
    assign_calendar(calendar=calendar, team=None)
    page = {"team": team.pk, "calendar": calendar.pk, "since_0": "2020-01-01", "since_1": "00:00"}
    response = admin_client.post(reverse("admin:automation_calendarassignment_add"), page)
    assert "cannot be changed for the past" in response.content.decode()
    assert CalendarAssignment.objects.count() == 1


def test_managers_do_not_change_calendars(client, mia):
    client.force_login(mia)
    assert client.get(reverse("admin:automation_calendar_add")).status_code == 403
