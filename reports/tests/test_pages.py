"""The manager's pages in the admin."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from automation.services import assign_calendar, create_calendar
from reports.drilldown import BEHIND
from reports.models import TicketMetrics
from reports.tasks import refresh_metrics
from surveys.models import Answer, Invitation, Survey
from tickets.services import (
    add_customer_message,
    assign_ticket,
    mark_reply_sent,
    mark_spam,
    open_ticket,
    reply_to_ticket,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 5, 20, 12, tzinfo=UTC)
OVERVIEW = reverse("admin:reports_report_changelist")
TICKETS = reverse("admin:reports_tickets")
DOWNLOAD = reverse("admin:reports_download")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client, mia):
    client.force_login(mia)
    return client


@pytest.fixture
def desk(channel, dora, ana, bruno, billing):
    """Six tickets of the last days: answered, solved, reopened, moved, open and spam."""

    def opened(days: float, subject: str = "Hello"):
        ticket, _message = open_ticket(
            channel=channel,
            requester=dora,
            subject=subject,
            text="Hello",
            at=NOW - timedelta(days=days),
        )
        return ticket

    def answered(ticket, by, days: float, status: str = "pending"):
        at = NOW - timedelta(days=days)
        message = reply_to_ticket(ticket=ticket, by=by, text="Hi", status=status, at=at)
        mark_reply_sent(message=message, at=at)

    answered(opened(12), ana, 11.5, "resolved")
    again = opened(11)
    answered(again, ana, 10.5, "resolved")
    add_customer_message(
        ticket=again, customer=dora, channel=channel, text="No", at=NOW - timedelta(days=9)
    )
    answered(again, bruno, 8.5, "resolved")
    moved = opened(6)
    assign_ticket(ticket=moved, by=ana, assignee=bruno, team=billing, at=NOW - timedelta(days=5))
    answered(moved, bruno, 4)
    opened(3, subject='=HYPERLINK("http://example.com")')
    spam = opened(2)
    mark_spam(ticket=spam, by=ana, at=NOW - timedelta(days=1))
    opened(40)
    refresh_metrics()


def figure(page: str, key: str) -> str:
    tile = page.split(f'id="{key}"')[1].split('class="tile"')[0]
    return re.search(r'class="tile-value"[^>]*>([^<]*)<', tile)[1]


def rows(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_it_works(manager, desk):
    page = manager.get(OVERVIEW, {"period": "30", "basis": "calendar"}).content.decode()
    assert figure(page, "created") == "4"
    assert figure(page, "resolved") == "3"
    assert figure(page, "backlog") == "3"
    assert figure(page, "resolution_rate") == "50 %"
    assert figure(page, "reopen_rate") == "50 %"
    assert "adds up: 3 counted" in page


def test_hours_are_those_of_the_clock_as_long_as_nobody_has_opening_hours(manager, desk):
    assert manager.get(OVERVIEW).context["scope"].basis == "calendar"
    calendar = create_calendar(name="Shop", time_zone="UTC", is_around_the_clock=True)
    assign_calendar(calendar=calendar, team=None)
    assert manager.get(OVERVIEW).context["scope"].basis == "business"


def test_business_time_without_a_calendar_is_not_zero(manager, desk):
    page = manager.get(OVERVIEW, {"basis": "business"}).content.decode()
    assert figure(page, "first_response_time") == "–"


@pytest.mark.parametrize("address", [OVERVIEW, TICKETS + "?metric=created", DOWNLOAD])
def test_agents_have_no_reports(agent_client, address):
    assert agent_client.get(address).status_code in (302, 403)


def test_strangers_are_asked_to_sign_in(client):
    assert client.get(OVERVIEW).status_code == 302


def test_reports_are_only_read(manager):
    assert manager.post(OVERVIEW).status_code == 405


def test_reports_are_listed_in_the_admin(manager):
    assert OVERVIEW in manager.get(reverse("admin:index")).content.decode()


def test_an_empty_desk_has_a_page(manager):
    page = manager.get(OVERVIEW).content.decode()
    assert "adds up: 0 counted" in page
    assert figure(page, "csat") == "–"


@pytest.mark.parametrize(
    "query",
    [
        {"period": "nonsense"},
        {"period": "custom"},
        {"period": "custom", "first": "2024-05-09", "last": "2024-05-01"},
        {"period": "custom", "first": "x", "last": "2024-05-01"},
        {"team": "99999", "agent": "x", "basis": "y"},
        {"period": "month"},
        {"period": "last-month"},
        {"period": "365"},
    ],
)
def test_whatever_the_address_says_there_is_a_page(manager, desk, query):
    assert manager.get(OVERVIEW, query).status_code == 200


def test_days_are_days_in_the_readers_zone(manager, mia, channel, dora):
    late = datetime(2024, 5, 10, 23, 30, tzinfo=UTC)
    open_ticket(channel=channel, requester=dora, subject="Late", text="Late", at=late)
    refresh_metrics()
    days = {"period": "custom", "first": "2024-05-11", "last": "2024-05-11"}
    assert figure(manager.get(OVERVIEW, days).content.decode(), "created") == "0"
    mia.time_zone = "Europe/Madrid"
    mia.save()
    assert figure(manager.get(OVERVIEW, days).content.decode(), "created") == "1"


@pytest.mark.parametrize("metric", sorted(BEHIND))
def test_every_figure_opens_its_tickets(manager, desk, metric):
    response = manager.get(TICKETS, {"metric": metric, "basis": "calendar"})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("created", 4),
        ("resolved", 2),
        ("reopened", 1),
        ("backlog", 3),
        ("resolution_rate", 2),
        ("first_response_time", 4),
        ("one_touch", 1),
        ("first_contact_resolution", 0),
        ("reopen_rate", 1),
        ("transfer_rate", 0),
    ],
)
def test_the_tickets_behind_a_figure_are_those_that_were_counted(manager, desk, metric, expected):
    page = manager.get(TICKETS, {"metric": metric, "basis": "calendar"}).context["page"]
    assert page.paginator.count == expected


def test_a_row_of_a_table_opens_its_tickets(manager, desk, bruno, ana):
    def solved_by(agent):
        query = {"metric": "resolved", "group": "agent", "key": agent.pk}
        return manager.get(TICKETS, query).context["page"].paginator.count

    assert (solved_by(ana), solved_by(bruno)) == (2, 1)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"metric": "x"},
        {"metric": "backlog", "group": "team"},
        {"metric": "created", "group": "x"},
    ],
)
def test_unknown_figures_are_not_found(manager, query):
    assert manager.get(TICKETS, query).status_code == 404


def test_filters_choose_tickets(manager, desk, billing):
    page = manager.get(OVERVIEW, {"team": billing.pk}).content.decode()
    assert figure(page, "created") == "1"
    assert "adds up: 1 counted" in page


@pytest.mark.parametrize("table", ["figures", "times", "days", "teams", "agents", "channels"])
def test_every_table_can_be_downloaded(manager, desk, table):
    found = rows(manager.get(DOWNLOAD, {"table": table}))
    assert len(found) > 1
    assert {len(row) for row in found} == {len(found[0])}


def test_a_downloaded_cell_is_never_a_formula(manager, desk):
    found = rows(manager.get(DOWNLOAD, {"table": "tickets"}))
    subjects = [row[1] for row in found[1:]]
    assert '\'=HYPERLINK("http://example.com")' in subjects
    assert not any(cell.startswith(("=", "@", "+")) for row in found for cell in row)


def test_the_days_add_up_in_the_download(manager, desk):
    found = rows(manager.get(DOWNLOAD, {"table": "days"}))[1:]
    before = 1
    for _day, created, reopened, restored, resolved, removed, backlog in found:
        before += int(created) + int(reopened) + int(restored) - int(resolved) - int(removed)
        assert int(backlog) == before
    assert found[-1][0] == date(2024, 5, 20).isoformat()


def test_satisfaction_counts_current_answers_and_the_cohort_that_was_asked(
    manager, dora, ana, team
):
    survey = Survey.objects.get_or_create(
        kind="csat", is_active=True, defaults={"name": "CSAT", "trigger": "on_resolution"}
    )[0]
    for number in range(4):
        invitation = Invitation.objects.create(
            survey=survey,
            customer=dora,
            period=f"2024-05-1{number}",
            agent=ana,
            team=team,
            due_at=NOW - timedelta(days=3),
            sent_at=NOW - timedelta(days=3),
            expires_at=NOW + timedelta(days=9),
            state="answered" if number < 2 else "sent",
        )
        if number < 2:
            for score, counts in ((1, False), (5 if number else 2, True)):
                Answer.objects.create(
                    invitation=invitation,
                    kind="csat",
                    score=score,
                    source="page",
                    is_current=counts,
                    answered_at=NOW - timedelta(days=1),
                )
    page = manager.get(OVERVIEW).content.decode()
    assert figure(page, "csat") == "50 %"
    assert figure(page, "csat_response_rate") == "50 %"
    assert "n too small" in page
    assert "tile-change faint" in page


def test_the_number_of_queries_does_not_grow_with_the_tickets(
    manager, desk, channel, dora, django_assert_max_num_queries
):
    for number in range(15):
        open_ticket(
            channel=channel,
            requester=dora,
            subject="More",
            text="More",
            at=NOW - timedelta(days=number),
        )
    refresh_metrics()
    assert TicketMetrics.objects.count() > 20
    with django_assert_max_num_queries(50):
        manager.get(OVERVIEW)
    with django_assert_max_num_queries(12):
        manager.get(TICKETS, {"metric": "created"})
