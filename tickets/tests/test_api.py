"""The REST API of tickets: the same verbs, the same visibility, and exact about what it takes."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.services import create_api_token, revoke_api_token
from tickets.models import Message, Ticket
from tickets.services import add_note, assign_ticket, open_ticket, reply_to_ticket, set_tags
from tickets.tests.api_client import LIST, api, send, with_token

__all__ = ["api"]


def names(response) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["subject"] for row in response.json()["results"]]


def test_it_works(api, ticket, ana):
    row = api.get(LIST).json()["results"][0]
    assert row["id"] == ticket.pk
    assert row["requester"]["name"] == "Dora Gil"
    reply = send(api, "post", f"{LIST}{ticket.pk}/replies/", {"text": "Mañana llega.", "seen": 2})
    assert reply.status_code == 201
    assert reply.json()["agent"] == {"id": ana.pk, "name": "Ana Ruiz"}
    assert api.get(f"{LIST}{ticket.pk}/").json()["status"] == "pending"


# Signing in


@pytest.mark.parametrize("header", ["", "Token", "Token x", "Token hd_x y", "Bearer x", "Token é"])
def test_without_a_good_token_nobody_reads(client, ticket, header):
    response = client.get(LIST, headers={"authorization": header} if header else {})
    assert response.status_code == 401
    assert response.json().keys() == {"detail"}


def test_a_reading_token_does_not_write(client, ana, ticket):
    api = with_token(client, ana, scope="read")
    assert api.get(LIST).status_code == 200
    assert send(api, "post", f"{LIST}{ticket.pk}/notes/", {"text": "x"}).status_code == 403
    assert ticket.messages.count() == 1


def test_a_token_ends_with_its_date_its_revocation_and_its_owner(client, ana):
    token, secret = create_api_token(
        user=ana, name="old", expires_at=timezone.now() - timedelta(seconds=1)
    )
    headers = {"authorization": f"Token {secret}"}
    assert client.get(LIST, headers=headers).status_code == 401
    ApiToken.objects.update(expires_at=None)
    assert client.get(LIST, headers=headers).status_code == 200
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert client.get(LIST, headers=headers).status_code == 401
    User.objects.filter(pk=ana.pk).update(is_active=True)
    revoke_api_token(token=token)
    assert client.get(LIST, headers=headers).status_code == 401


def test_a_session_reads_and_writes_only_with_a_csrf_token(ana, ticket):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ana)
    assert browser.get(LIST).status_code == 200
    note = f"{LIST}{ticket.pk}/notes/"
    assert send(browser, "post", note, {"text": "x"}).status_code == 403
    browser.cookies["csrftoken"] = "a" * 32
    signed = browser.post(
        note, '{"text": "x"}', content_type="application/json", headers={"x-csrftoken": "a" * 32}
    )
    assert signed.status_code == 201


# Reading


def test_others_tickets_are_not_there(client, bruno, ticket):
    api = with_token(client, bruno)
    assert names(api.get(LIST)) == []
    assert api.get(f"{LIST}?q=pedido").json()["results"] == []
    message = ticket.messages.get()
    for path in (
        f"tickets/{ticket.pk}/", f"tickets/{ticket.pk}/messages/", f"messages/{message.pk}/",
    ):  # fmt: skip
        assert api.get(f"/api/v1/{path}").status_code == 404
    assert api.get("/api/v1/messages/").json()["results"] == []


def test_pages_stay_in_step_while_tickets_arrive(api, channel, dora):
    for n in range(5):
        open_ticket(channel=channel, requester=dora, subject=f"T{n}", text="x")
    first = api.get(f"{LIST}?page_size=2&ordering=-id")
    open_ticket(channel=channel, requester=dora, subject="new", text="x")
    second = api.get(first.json()["next"])
    third = api.get(second.json()["next"])
    assert names(first) + names(second) + names(third) == ["T4", "T3", "T2", "T1", "T0"]
    assert third.json()["next"] is None


@pytest.mark.parametrize(
    "ordering", ["updated_at", "-updated_at", "-priority", "priority", "-created_at"]
)
def test_pages_hold_every_ticket_once(api, channel, dora, ordering):
    at = timezone.now()
    for n in range(6):
        open_ticket(
            channel=channel, requester=dora, subject=f"T{n}", text="x", at=at, priority=1 + n % 2
        )
    url, seen = f"{LIST}?page_size=2&ordering={ordering}", []
    while url:
        response = api.get(url)
        seen += names(response)
        url = response.json()["next"]
    assert sorted(seen) == [f"T{n}" for n in range(6)]


def test_filters_and_search(api, ticket, channel, dora, ana, team):
    other, _first = open_ticket(
        channel=channel, requester=dora, subject="Factura", text="Falta el IVA", priority=4
    )
    set_tags(ticket=other, by=ana, names=["iva"])
    assign_ticket(ticket=other, by=ana, assignee=ana, team=team)
    for query in (
        "tag=iva", "assignee=me", f"assignee={ana.pk}", "priority=urgent", "q=factura",
        f"created_after={other.created_at.isoformat().replace('+', '%2B')}",
    ):  # fmt: skip
        assert names(api.get(f"{LIST}?{query}")) == ["Factura"], query
    assert names(api.get(f"{LIST}?assignee=none&team={team.pk}&status=new")) == [ticket.subject]
    assert len(names(api.get(f"{LIST}?requester={dora.pk}&channel={channel.pk}&language=es"))) == 2


@pytest.mark.parametrize(
    "query",
    [
        "assignee__password__startswith=a",
        "team__members__email=root@example.com",
        "channel__settings__contains=x",
        "requester__isnull=1",
        "status__in=open",
        "ordering=-requester__name",
        "ordering=assignee__password",
        "ordering=?",
        "ordering=id,subject",
        "cursor=abc",
        "cursor=" + "A" * 3000,
        "page_size=0",
        "page_size=9999",
        "page_size=-1",
        "page_size=²",
        "status=bogus",
        "priority=9",
        "assignee=1 OR 1=1",
        "assignee=" + "9" * 30,
        "team=%00",
        "requester=1.5",
        "requester=NaN",
        "requester=1e400",
        "created_after=yesterday",
        "created_after=99999-01-01",
        "q=%00",
        "q=" + "a" * 300,
        "__proto__=1",
        "format=api",
    ],
)
def test_what_is_not_allowed_is_refused_with_a_sentence(api, ticket, query):
    response = api.get(f"{LIST}?{query}")
    assert response.status_code == 400, response.content
    assert all(isinstance(v, list | str) and v for v in response.json().values())


@pytest.mark.parametrize("query", ["%27", '"', "a:*", "(((", "' OR 1=1 --", "*", "-", "NEAR(a b)"])
def test_odd_words_find_nothing_and_break_nothing(api, ticket, query):
    assert names(api.get(LIST, {"q": query})) == []


@pytest.mark.parametrize(
    "resource", ["messages", "tags", "channels", "teams", "agents", "customers"]
)
@pytest.mark.parametrize("query", ["password=1", "ordering=password", "x__isnull=1", "cursor=x"])
def test_every_list_has_its_allow_list(api, ticket, resource, query):
    assert api.get(f"/api/v1/{resource}/?{query}").status_code == 400


def test_a_cursor_belongs_to_its_order(api, ticket, channel, dora):
    open_ticket(channel=channel, requester=dora, subject="b", text="b")
    cursor = api.get(f"{LIST}?page_size=1&ordering=id").json()["next"].partition("cursor=")[2]
    cursor = cursor.partition("&")[0]
    assert api.get(f"{LIST}?ordering=-id&cursor={cursor}").status_code == 400


def test_the_list_takes_few_queries_whatever_its_size(
    api, channel, dora, ana, django_assert_max_num_queries
):
    for n in range(12):
        ticket, _m = open_ticket(channel=channel, requester=dora, subject=f"T{n}", text="x")
        set_tags(ticket=ticket, by=ana, names=["a", "b"])
        add_note(ticket=ticket, by=ana, text="x")
    api.get(LIST)  # marks the token as used
    for path, most in (("tickets/", 3), ("messages/", 3), ("customers/", 4), ("agents/", 3)):
        with django_assert_max_num_queries(most + 1):
            api.get(f"/api/v1/{path}")


def test_a_token_shows_no_secrets(api, ticket, ana, channel):
    channel.settings = {"password": "hunter22"}
    channel.save()
    for path in ("tickets/", "messages/", "channels/", "agents/", "teams/", "customers/"):
        text = api.get(f"/api/v1/{path}").content.decode()
        assert "hunter22" not in text
        assert ana.password not in text
        assert "ana@example.com" not in text


# Writing


def test_open_a_ticket_and_repeat_it(api, channel, team, ana):
    body = {
        "subject": "No funciona",
        "text": "La impresora no imprime nada desde ayer.",
        "requester": {"email": "Leo@Example.org", "name": "Leo", "language": "es"},
        "priority": "high",
        "tags": ["Impresora"],
        "assignee": ana.pk,
        "external_id": "shop-1",
    }
    first = send(api, "post", LIST, body)
    again = send(api, "post", LIST, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    ticket = Ticket.objects.get()
    assert (ticket.priority, ticket.assignee, ticket.team) == (3, ana, team)
    assert list(ticket.tags.values_list("name", flat=True)) == ["impresora"]
    assert ticket.messages.get().sender_address.lower() == "leo@example.org"


def test_open_for_a_known_customer(api, channel, dora):
    body = {"subject": "s", "text": "t", "requester": {"id": dora.pk}}
    assert send(api, "post", LIST, body).json()["requester"]["id"] == dora.pk


def test_without_a_channel_a_sentence_says_so(api):
    body = {"subject": "s", "text": "t", "requester": {"email": "a@b.example"}}
    assert send(api, "post", LIST, body).status_code == 400


def test_patch_does_all_or_nothing(api, ticket, ana, billing):
    url = f"{LIST}{ticket.pk}/"
    wrong = {"priority": "urgent", "tags": ["x"], "status": "closed"}
    assert send(api, "patch", url, wrong).status_code == 400
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.tags.count()) == (2, 0)
    right = {
        "priority": "urgent", "tags": ["x"], "status": "resolved", "assignee": ana.pk,
        "team": billing.pk, "seen": 2,
    }  # fmt: skip
    row = send(api, "patch", url, right).json()
    assert (row["priority"], row["status"], row["team"]["name"]) == (
        "urgent",
        "resolved",
        "Billing",
    )


def test_actions_are_nouns(api, ticket, ana, team):
    url = f"{LIST}{ticket.pk}/"
    assert send(api, "post", f"{url}resolution/", {}).json()["status"] == "resolved"
    assert send(api, "post", f"{url}reopening/", {}).json()["status"] == "open"
    given = send(api, "post", f"{url}assignment/", {"assignee": ana.pk}).json()
    assert (given["assignee"]["id"], given["team"]["id"]) == (ana.pk, team.pk)
    assert send(api, "post", f"{url}tags/", {"tags": ["a", "b"]}).json()["tags"] == ["a", "b"]
    assert send(api, "put", f"{url}tags/", {"tags": ["b"]}).json()["tags"] == ["b"]
    assert send(api, "post", f"{url}spam-mark/", {}).json()["is_spam"] is True
    assert api.get(LIST).json()["results"] == []
    assert api.delete(f"{url}spam-mark/").json()["is_spam"] is False
    assert send(api, "post", f"{url}notes/", {"text": "Solo nosotros"}).json()["kind"] == "note"
    kinds = [m["kind"] for m in api.get(f"{url}messages/").json()["results"]]
    assert kinds == ["customer", "automatic", "note"]


def test_the_slower_caller_is_told_what_happened(api, ticket, mia):
    reply_to_ticket(ticket=ticket, by=mia, text="Hoy llega.")
    response = send(api, "post", f"{LIST}{ticket.pk}/replies/", {"text": "Mañana.", "seen": 2})
    assert response.status_code == 409
    body = response.json()
    assert [(e["kind"], e["by"]) for e in body["events"]] == [("reply", "Mia Weber")]
    assert body["version"] > 2
    assert ticket.messages.filter(kind=Message.Kind.REPLY).count() == 1


def test_a_verbs_refusal_is_a_sentence(api, ticket):
    response = send(api, "post", f"{LIST}{ticket.pk}/replies/", {"text": "   "})
    assert response.status_code == 400


def test_handing_over_answers_although_it_is_gone_for_us(api, ticket, billing):
    response = send(api, "post", f"{LIST}{ticket.pk}/assignment/", {"team": billing.pk})
    assert response.status_code == 200
    assert api.get(f"{LIST}{ticket.pk}/").status_code == 404


def test_unknown_numbers_are_not_found(api, ticket):
    for number in (0, 10**12, 10**40):
        assert api.get(f"{LIST}{number}/").status_code == 404
    assert api.get(f"{LIST}" + "9" * 5000 + "/").status_code == 404


@time_machine.travel("2026-06-01T12:00:10Z", tick=False)
def test_too_many_requests_are_told_to_wait(client, ana, ticket, monkeypatch):
    from helpdesk.throttling import ApiThrottle

    monkeypatch.setattr(ApiThrottle, "rate", "3/min", raising=False)
    api = with_token(client, ana)
    answers = [api.get(LIST).status_code for _n in range(4)]
    assert answers == [200, 200, 200, 429]
    assert int(api.get(LIST).headers["Retry-After"]) > 0


@time_machine.travel("2026-06-01T12:00:10Z", tick=False)  # far from the border of a minute
def test_strangers_are_told_to_wait_and_nobody_else(client, ana, ticket):
    answers = {
        client.get(LIST, headers={"authorization": "Token x"}).status_code for _n in range(60)
    }
    assert answers == {401}
    slowed = client.get(LIST)
    assert slowed.status_code == 429
    assert int(slowed.headers["Retry-After"]) > 0
    assert with_token(client, ana).get(LIST).status_code == 200
