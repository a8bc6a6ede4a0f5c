"""What an agent does on the page: the same by plain POST and by htmx."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tickets.models import Message, Ticket
from tickets.services import add_customer_message, assign_ticket, close_ticket, resolve_ticket


def post(client, name, ticket, **fields):
    return client.post(reverse(f"tickets:{name}", args=[ticket.pk]), fields)


def test_it_works(agent_client, ana, ticket):
    response = post(agent_client, "replies", ticket, text="On its way.", seen=ticket.version)

    assert response.status_code == 302
    assert response["Location"] == f"/tickets/{ticket.pk}/"
    reply = ticket.messages.get(kind=Message.Kind.REPLY)
    assert (reply.text, reply.agent, reply.state) == ("On its way.", ana, "queued")
    assert reply.recipients == {"to": ["dora@example.net"], "cc": []}
    ticket.refresh_from_db()
    assert ticket.status == "pending"


@pytest.mark.parametrize("status", ["open", "pending", "on_hold", "resolved"])
def test_a_reply_sets_the_status_that_was_chosen(agent_client, ticket, status):
    post(agent_client, "replies", ticket, text="Done", status=status)

    ticket.refresh_from_db()
    assert ticket.status == status


def test_a_reply_goes_to_the_copies_that_were_named(agent_client, ticket):
    copies = "Boss@Example.org, leo@example.org"
    confirmed = "boss@example.org,leo@example.org"
    post(agent_client, "replies", ticket, text="Hi", cc=copies, confirmed=confirmed)

    reply = ticket.messages.get(kind=Message.Kind.REPLY)
    assert reply.recipients["cc"] == ["boss@example.org", "leo@example.org"]


@pytest.mark.parametrize(
    "cc",
    [
        "not an address",
        "a@b.example\r\nBcc: x@y.example",
        ",".join(f"a{n}@b.example" for n in range(60)),
    ],
)
def test_wrong_copies_are_refused_and_nothing_is_lost(agent_client, ticket, cc):
    response = post(agent_client, "replies", ticket, text="My long words", cc=cc)

    assert response.status_code == 422
    assert "My long words" in response.content.decode()
    assert not ticket.messages.filter(kind=Message.Kind.REPLY).exists()


def test_an_empty_reply_is_asked_for_words(agent_client, ticket):
    response = post(agent_client, "replies", ticket, text="  \n ")

    assert response.status_code == 422
    assert "Write something first." in response.content.decode()


def test_files_go_with_a_reply_under_clean_names(agent_client, ticket):
    files = [
        SimpleUploadedFile("../../etc/pass\u202ewd.txt", b"one", content_type="text/plain"),
        SimpleUploadedFile("two.svg", b"<svg onload=alert(1)>", content_type="image/svg+xml"),
    ]
    post(agent_client, "replies", ticket, text="", files=files)

    names = [a.name for a in ticket.messages.get(kind="reply").attachments.all()]
    assert names == ["passwd.txt", "two.svg"]


def test_too_large_files_are_refused_in_words(agent_client, ticket, settings):
    settings.MAX_ATTACHMENT_BYTES = 3
    response = post(
        agent_client, "notes", ticket, text="kept", files=[SimpleUploadedFile("a.txt", b"four")]
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert "Together the files may have 3 B." in page
    assert "kept" in page


def test_a_note_is_for_colleagues_and_sends_nothing(agent_client, ana, ticket):
    response = post(agent_client, "notes", ticket, text="Careful with this one")

    assert response.status_code == 302
    note = ticket.messages.get(kind=Message.Kind.NOTE)
    assert (note.text, note.agent, note.state, note.recipients) == (
        "Careful with this one", ana, "", {},
    )  # fmt: skip


def test_something_newer_is_shown_first_and_the_words_are_kept(agent_client, channel, dora, ticket):
    seen = ticket.version
    add_customer_message(ticket=ticket, customer=dora, channel=channel, text="It came!")
    response = post(agent_client, "replies", ticket, text="It is lost, sorry.", seen=seen)

    assert response.status_code == 409
    page = response.content.decode()
    assert "has changed since you opened it" in page
    assert "Dora Gil wrote: It came!" in page
    assert "It is lost, sorry." in page
    assert "Send anyway" in page
    assert not ticket.messages.filter(kind="reply").exists()

    ticket.refresh_from_db()
    assert f'name="seen" value="{ticket.version}"' in page
    again = post(agent_client, "replies", ticket, text="Great!", seen=ticket.version)
    assert again.status_code == 302
    assert ticket.messages.get(kind="reply").text == "Great!"


def test_a_closed_ticket_keeps_what_was_typed(agent_client, ana, ticket):
    resolve_ticket(ticket=ticket, by=ana)
    close_ticket(ticket=ticket)
    response = post(agent_client, "replies", ticket, text="Too late", seen=99)

    assert response.status_code == 409
    assert "This ticket is closed." in response.content.decode()
    assert "Too late" in response.content.decode()


def test_assigning(agent_client, ana, mia, team, ticket):
    post(agent_client, "assignment", ticket, assignee=ana.pk, team=team.pk)
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.team) == (ana, team)

    post(agent_client, "assignment", ticket, assignee="", team="")
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.team) == (None, None)


def test_two_who_assign_at_once_are_told(agent_client, ana, mia, team, ticket):
    seen = ticket.version
    assign_ticket(ticket=ticket, by=mia, assignee=mia, team=team)
    response = post(agent_client, "assignment", ticket, assignee=ana.pk, team=team.pk, seen=seen)

    assert response.status_code == 409
    assert "Mia Weber took the ticket" in response.content.decode()
    ticket.refresh_from_db()
    assert ticket.assignee == mia


def test_whoever_hands_a_ticket_away_comes_back_to_the_list(agent_client, billing, ticket):
    response = post(agent_client, "assignment", ticket, assignee="", team=billing.pk)

    assert response["Location"] == "/tickets/"


def test_status_priority_tags_resolution_reopening_and_spam(agent_client, ana, ticket):
    for name, fields in (
        ("status", {"status": "on_hold"}),
        ("priority", {"priority": "4"}),
        ("tags", {"tags": "Refund,  late delivery ,"}),
        ("resolution", {}),
    ):
        assert post(agent_client, name, ticket, **fields).status_code == 302, name
    ticket.refresh_from_db()
    assert (ticket.status, ticket.priority) == ("resolved", Ticket.Priority.URGENT)
    assert {tag.name for tag in ticket.tags.all()} == {"refund", "late delivery"}

    post(agent_client, "reopening", ticket)
    post(agent_client, "spam_mark", ticket)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.is_spam) == ("open", True)
    post(agent_client, "spam_mark", ticket, remove="1")
    ticket.refresh_from_db()
    assert not ticket.is_spam


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("status", {"status": "closed"}),
        ("status", {"status": "nonsense"}),
        ("status", {}),
        ("priority", {"priority": "9"}),
        ("tags", {"tags": "x" * 60}),
        ("assignment", {"assignee": "999"}),
        ("replies", {"text": "x", "status": "closed"}),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(agent_client, ticket, name, fields):
    response = post(agent_client, name, ticket, **fields)

    assert response.status_code in (409, 422)
    before = ticket.version
    ticket.refresh_from_db()
    assert ticket.version == before


VERBS = "replies notes assignment status priority tags resolution reopening spam_mark".split()


@pytest.mark.parametrize("name", VERBS)
def test_no_verb_for_strangers_nor_by_get(client, ana, bruno, ticket, name):
    address = reverse(f"tickets:{name}", args=[ticket.pk])
    fields = {"text": "x", "status": "open", "priority": "4", "tags": "x", "assignee": ana.pk}
    assert client.post(address, fields)["Location"].startswith("/accounts/login/")
    client.force_login(bruno)
    assert client.post(address, fields).status_code == 404
    client.force_login(ana)
    assert client.get(address).status_code == 405
    before = ticket.version
    ticket.refresh_from_db()
    assert ticket.version == before


def test_a_forged_post_is_refused(ana, ticket):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ana)
    assert post(strict, "resolution", ticket).status_code == 403


def test_an_agent_writes_first(agent_client, ana, channel):
    address = reverse("tickets:new")
    assert agent_client.get(address, {"to": "x@example.net"}).status_code == 200
    response = agent_client.post(
        address,
        {
            "address": "Eva@Example.net",
            "name": "Eva",
            "channel": channel.pk,
            "subject": "Your order",
            "text": "We are late.",
        },
    )
    ticket = Ticket.objects.get()
    assert response["Location"] == f"/tickets/{ticket.pk}/"
    assert (ticket.status, ticket.assignee) == ("pending", ana)
    assert ticket.waiting_since is None
    message = ticket.messages.get()
    assert (message.kind, message.text) == ("reply", "We are late.")
    assert message.recipients["to"] == ["eva@example.net"]
    opened = ticket.events.first()
    assert (opened.kind, opened.actor, opened.data["outbound"]) == ("opened", ana, True)


def test_a_new_ticket_keeps_what_was_typed_when_something_is_wrong(agent_client, channel):
    response = agent_client.post(
        reverse("tickets:new"),
        {"address": "nobody", "channel": channel.pk, "subject": "Hm", "text": "My words"},
    )
    assert response.status_code == 422
    assert "My words" in response.content.decode()
    assert "is not an e-mail address" in response.content.decode()
    assert not Ticket.objects.exists()
