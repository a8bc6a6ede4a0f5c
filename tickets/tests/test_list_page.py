"""The list: views, filters, search, pages, and what it may cost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tickets.listing import PAGE_SIZE
from tickets.models import Ticket
from tickets.services import (
    assign_ticket,
    mark_spam,
    merge_ticket,
    open_ticket,
    set_priority,
    set_status,
    set_tags,
)

LIST = reverse("tickets:list")


@pytest.fixture
def many(channel, dora):
    now = timezone.now()
    return [
        open_ticket(
            channel=channel,
            requester=dora,
            subject=f"Matter {n:03d}",
            text="Please help",
            at=now - timedelta(minutes=n),
        )[0]
        for n in range(PAGE_SIZE + 5)
    ]


def shown(response) -> list[int]:
    return list(response.context["page"].ids)


def test_it_works(agent_client, ticket):
    response = agent_client.get(LIST)

    assert response.status_code == 200
    assert shown(response) == [ticket.pk]
    page = response.content.decode()
    assert "¿Dónde está mi pedido?" in page
    assert "Dora Gil" in page
    assert "Lo espero desde el lunes." in page
    assert f"/tickets/{ticket.pk}/" in page


def test_who_is_not_signed_in_goes_to_the_sign_in(client, ticket):
    response = client.get(LIST)

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_a_fragment_without_a_session_opens_the_sign_in(client, ticket):
    response = client.get(reverse("tickets:counts"), headers={"HX-Request": "true"})

    assert response["HX-Redirect"].startswith("/accounts/login/")


def test_an_agent_of_another_team_sees_neither_row_nor_count(client, bruno, ticket):
    client.force_login(bruno)

    assert shown(client.get(LIST, {"view": "all"})) == []
    assert shown(client.get(LIST, {"q": "pedido"})) == []
    assert shown(client.get(LIST, {"q": str(ticket.pk)})) == []
    assert client.get(reverse("tickets:counts")).context["counts"]["open"] == 0


def test_each_view_holds_what_its_name_says(agent_client, ana, team, channel, dora):
    def opened(subject):
        return open_ticket(channel=channel, requester=dora, subject=subject, text="x")[0]

    mine, waiting, held, nobody = (opened(s) for s in ("mine", "waiting", "held", "nobody"))
    assign_ticket(ticket=mine, by=ana, assignee=ana, team=team)
    set_status(ticket=waiting, by=ana, status="pending")
    set_status(ticket=held, by=ana, status="on_hold")

    def view(key):
        return set(shown(agent_client.get(LIST, {"view": key})))

    assert view("mine") == {mine.pk}
    assert view("unassigned") == {waiting.pk, held.pk, nobody.pk}
    assert view("team") == {mine.pk, waiting.pk, held.pk, nobody.pk}
    assert view("open") == {mine.pk, nobody.pk}
    assert view("pending") == {waiting.pk}
    assert view("on_hold") == {held.pk}
    assert view("resolved") == set()
    counts = agent_client.get(reverse("tickets:counts")).context["counts"]
    assert counts == {
        "mine": 1, "unassigned": 3, "team": 4, "open": 2, "pending": 1, "on_hold": 1, "waiting": 0,
    }  # fmt: skip


def test_spam_and_merged_tickets_are_in_no_list(agent_client, ana, channel, dora, ticket):
    other, _ = open_ticket(channel=channel, requester=dora, subject="again", text="x")
    spam, _ = open_ticket(channel=channel, requester=dora, subject="buy", text="x")
    merge_ticket(ticket=other, into=ticket, by=ana)
    mark_spam(ticket=spam, by=ana)

    assert shown(agent_client.get(LIST, {"view": "all"})) == [ticket.pk]


def test_filters_stand_in_the_address(agent_client, ana, team, channel, dora, ticket):
    other, _ = open_ticket(channel=channel, requester=dora, subject="other", text="x")
    set_tags(ticket=other, by=ana, names=["refund"])
    set_priority(ticket=other, by=ana, priority=Ticket.Priority.URGENT)
    assign_ticket(ticket=other, by=ana, assignee=ana, team=team)

    for chosen in (
        {"tag": "refund"},
        {"priority": "4"},
        {"assignee": "me"},
        {"assignee": str(ana.pk)},
        {"assignee": "me", "team": str(team.pk), "status": "new", "channel": str(channel.pk)},
    ):
        assert shown(agent_client.get(LIST, chosen)) == [other.pk], chosen
    assert shown(agent_client.get(LIST, {"assignee": "none"})) == [ticket.pk]
    page = agent_client.get(LIST, {"team": str(team.pk), "tag": "refund"})
    assert "Team: Support" in page.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "?assignee__password__startswith=x",
        "?requester__notes=x",
        "?order_by=-assignee__password",
        "?status=password",
        "?priority=high",
        "?team=1%20or%201",
        "?assignee=" + "9" * 40,
        "?channel__settings__regex=.",
        "?view=everything",
        "?after=yesterday",
        "?after=99999999999999999999999.1",
        "?after=1.x",
        "?status=open&status__isnull=1",
        "?team=٣",
    ],
)
def test_what_a_list_does_not_know_is_refused(agent_client, ticket, address):
    response = agent_client.get(LIST + address)

    assert response.status_code == 400
    assert "does not know" in response.content.decode()


@pytest.mark.parametrize(
    "words", ["pedido", "PEDIDOS", "donde esta", "lunes", "Dora", "dora@example.net", "esper"]
)
def test_words_of_subject_message_and_requester_find_it(agent_client, ticket, words):
    assert shown(agent_client.get(LIST, {"q": words})) == [ticket.pk]


def test_a_number_finds_the_ticket(agent_client, ticket):
    assert shown(agent_client.get(LIST, {"q": f"#{ticket.pk}"})) == [ticket.pk]
    assert shown(agent_client.get(LIST, {"q": str(ticket.pk)})) == [ticket.pk]


@pytest.mark.parametrize(
    "words", ["zebra", '"', "a:*", "NEAR(", "' OR 1=1 --", "*", "٣", "9" * 60, "zebra\x00", "%_"]
)
def test_odd_searches_find_nothing_and_break_nothing(agent_client, ticket, words):
    response = agent_client.get(LIST, {"q": words})

    assert response.status_code == 200
    assert shown(response) == []


def test_older_tickets_follow_by_key(agent_client, many):
    first = agent_client.get(LIST)
    assert len(shown(first)) == PAGE_SIZE
    rest = agent_client.get(f"{LIST}?{first.context['next']}")

    assert shown(rest) == [ticket.pk for ticket in many[PAGE_SIZE:]]
    assert rest.context["next"] == ""


def test_rows_of_the_same_moment_are_neither_lost_nor_doubled(agent_client, many):
    Ticket.objects.update(updated_at=timezone.now())
    first = agent_client.get(LIST)
    rest = agent_client.get(f"{LIST}?{first.context['next']}")

    assert sorted(shown(first) + shown(rest)) == sorted(ticket.pk for ticket in many)


def test_the_next_page_is_a_fragment_for_htmx(agent_client, many):
    first = agent_client.get(LIST)
    rest = agent_client.get(
        f"{LIST}?{first.context['next']}", headers={"HX-Request": "true", "HX-Target": "more"}
    )

    assert rest.content.decode().startswith("<li")


def test_the_list_of_full_length_takes_few_queries(
    agent_client, ana, many, django_assert_max_num_queries
):
    for ticket in many[::3]:
        set_tags(ticket=ticket, by=ana, names=["refund", "late"])
    with django_assert_max_num_queries(5):
        agent_client.get(LIST)
    with django_assert_max_num_queries(10):
        agent_client.get(LIST, {"q": "Matter", "team": "none", "status": "open"})
    with django_assert_max_num_queries(4):
        agent_client.get(reverse("tickets:counts"))


def test_hostile_text_stays_text(agent_client, ana, channel, dora, ticket):
    probe = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    dora.name = probe
    dora.save()
    open_ticket(channel=channel, requester=dora, subject=probe, text=probe)
    set_tags(ticket=ticket, by=ana, names=["<b>x"])

    for address in ("", f"?q={probe}", "?tag=<b>x"):
        page = agent_client.get(LIST + address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>x" not in page


def test_an_empty_view_says_what_to_do(agent_client):
    page = agent_client.get(LIST, {"view": "mine"}).content.decode()

    assert "Nothing on your desk" in page


def test_the_filter_form_works_as_a_page_of_its_own(agent_client, ticket, team):
    page = agent_client.get(reverse("tickets:filters"), {"view": "open", "team": str(team.pk)})

    assert page.status_code == 200
    assert f'<option value="{team.pk}" selected>' in page.content.decode()
