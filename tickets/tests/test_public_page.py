"""The customer's page: by signed link, without JavaScript, in their language."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.services import customer_at
from helpdesk.lib.limits import Limit
from tickets.inbound import InboundAttachment
from tickets.links import attachment_token, ticket_token, ticket_url
from tickets.models import Ticket
from tickets.services import (
    add_customer_message,
    add_note,
    add_participants,
    close_ticket,
    mark_spam,
    merge_ticket,
    open_ticket,
    post_to_ticket,
    reply_to_ticket,
    resolve_ticket,
)
from tickets.views import public


@pytest.fixture
def token(ticket, dora) -> str:
    dora.language = "en"
    dora.save()
    return ticket_token(ticket, dora)


def get(client, token, **parameters):
    return client.get(reverse("tickets:public", args=[token]), parameters)


def post(client, name, token, **fields):
    return client.post(reverse(f"tickets:{name}", args=[token]), fields)


def test_it_works(client, ana, ticket, token):
    reply_to_ticket(ticket=ticket, by=ana, text="It arrives tomorrow.")
    add_note(ticket=ticket, by=ana, text="Difficult customer")
    response = get(client, token)

    page = response.content.decode()
    assert "Waiting for you" in page
    assert "Lo espero desde el lunes." in page
    assert "It arrives tomorrow." in page
    assert "Difficult customer" not in page
    assert response["Cache-Control"] == "private, no-store"


def test_the_requesters_link_is_not_shown_to_whoever_is_in_copy(client, ticket, dora):
    cid = customer_at(kind="email", value="cid@example.net", name="Cid", language="en")
    add_participants(ticket=ticket, customers=[cid])
    link = ticket_url(ticket, dora)
    post_to_ticket(ticket=ticket, text=f"Its number is #{ticket.pk}.\n\nRead it here:\n{link}")

    for reader in (dora, cid):
        page = get(client, ticket_token(ticket, reader)).content.decode()
        assert f"Its number is #{ticket.pk}." in page
        assert "Read it here" not in page
    assert ticket_token(ticket, dora) not in page


def test_only_the_signed_link_opens_it(client, ticket, token):
    for wrong in (
        token[:-1],
        f"{ticket.pk}.1",
        "x",
        f"{ticket.pk + 1}{token[len(str(ticket.pk)) :]}",
        attachment_token(1, "customer.1"),
    ):
        assert get(client, wrong).status_code == 404


def test_a_link_of_somebody_who_takes_no_part_opens_nothing(client, ticket):
    leo = customer_at(kind="email", value="leo@example.org")
    token = ticket_token(ticket, leo)
    assert get(client, token).status_code == 404
    add_participants(ticket=ticket, customers=[leo])
    assert get(client, token).status_code == 200


def test_states_are_plain_words(client, ana, ticket, token):
    assert "We&#x27;re on it" in get(client, token).content.decode()
    resolve_ticket(ticket=ticket, by=ana)
    page = get(client, token).content.decode()
    assert "Solved" in page
    assert "Did this solve it?" in page
    close_ticket(ticket=ticket)
    assert "This request is closed." in get(client, token).content.decode()


def test_an_answer_with_a_file_joins_the_ticket(client, dora, ticket, token):
    file = SimpleUploadedFile("photo.png", b"\x89PNG", content_type="image/png")
    response = post(client, "public_answer", token, text="Here it is", files=[file])

    assert response["Location"] == f"/t/{token}/"
    answer = ticket.messages.last()
    assert (answer.kind, answer.text, answer.customer) == ("customer", "Here it is", dora)
    assert [a.name for a in answer.attachments.all()] == ["photo.png"]
    assert "Thank you, we have received your answer." in get(client, token).content.decode()


def test_the_same_answer_twice_is_kept_once(client, ticket, token):
    nonce = get(client, token).context["nonce"]
    post(client, "public_answer", token, text="Here", nonce=nonce)
    post(client, "public_answer", token, text="Here", nonce=nonce)

    assert ticket.messages.count() == 2


def test_an_empty_answer_is_asked_for_words(client, ticket, token):
    response = post(client, "public_answer", token, text=" ")

    assert response.status_code == 422
    assert "Write something first." in response.content.decode()


def test_yes_confirms_once_and_stays_solved(client, ana, ticket, token):
    resolve_ticket(ticket=ticket, by=ana)
    post(client, "public_confirmation", token)
    post(client, "public_confirmation", token)

    ticket.refresh_from_db()
    assert ticket.status == "resolved"
    assert ticket.events.filter(kind="confirmed_solved").count() == 1
    page = get(client, token).content.decode()
    assert "You told us that it is solved." in page
    assert "Did this solve it?" not in page
    assert "Is it?" not in page


def test_no_without_words_reopens(client, ana, ticket, token):
    resolve_ticket(ticket=ticket, by=ana)
    post(client, "public_reopening", token)

    ticket.refresh_from_db()
    assert ticket.status == "open"


def test_no_with_words_reopens_and_keeps_them(client, ana, ticket, token):
    resolve_ticket(ticket=ticket, by=ana)
    post(client, "public_reopening", token, text="Still broken")

    ticket.refresh_from_db()
    assert ticket.status == "open"
    assert ticket.messages.last().text == "Still broken"


def test_looking_changes_nothing(client, ana, ticket, token):
    resolve_ticket(ticket=ticket, by=ana)
    ticket.refresh_from_db()
    before = ticket.version
    for parameters in ({"solved": "no"}, {"solved": "yes"}, {"solved": "<script>"}):
        assert get(client, token, **parameters).status_code == 200
    for name in ("public_answer", "public_confirmation", "public_reopening"):
        assert client.get(reverse(f"tickets:{name}", args=[token])).status_code == 405
    ticket.refresh_from_db()
    assert (ticket.status, ticket.version) == ("resolved", before)


def test_no_in_the_mail_preselects_the_form(client, ana, ticket, token):
    resolve_ticket(ticket=ticket, by=ana)
    page = get(client, token, solved="no").content.decode()

    assert "What is still missing?" in page
    assert reverse("tickets:public_reopening", args=[token]) in page


def test_an_answer_to_a_closed_ticket_opens_one_that_follows(client, ana, dora, ticket, token):
    resolve_ticket(ticket=ticket, by=ana)
    close_ticket(ticket=ticket)
    response = post(client, "public_answer", token, text="Again broken")

    follow_up = Ticket.objects.exclude(pk=ticket.pk).get()
    assert follow_up.follow_up_of == ticket
    assert response["Location"] == f"/t/{ticket_token(follow_up, dora)}/"


def test_no_to_a_closed_ticket_says_what_to_do(client, ana, ticket, token):
    resolve_ticket(ticket=ticket, by=ana)
    close_ticket(ticket=ticket)
    response = client.post(reverse("tickets:public_reopening", args=[token]), follow=True)

    assert "closed for good" in response.content.decode()


def test_spam_has_no_page_and_a_merged_ticket_says_so(client, ana, channel, dora, ticket, token):
    other, _ = open_ticket(channel=channel, requester=dora, subject="b", text="x")
    merge_ticket(ticket=ticket, into=other, by=ana)
    assert "together with another request" in get(client, token).content.decode()
    mark_spam(ticket=ticket, by=ana)
    assert get(client, token).status_code == 404


def test_it_speaks_the_customers_language(client, ticket, dora, token):
    dora.language = "pt-br"
    dora.save()
    assert '<html lang="pt-br">' in get(client, token).content.decode()
    assert '<html lang="es">' in get(client, token, language="es").content.decode()
    assert '<html lang="pt-br">' in get(client, token, language="../x").content.decode()


def test_hostile_words_stay_words(client, channel, dora, ticket, token):
    probe = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    add_customer_message(ticket=ticket, customer=dora, channel=channel, text=probe)
    page = get(client, token).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_forged_answer_is_refused(ticket, token):
    assert (
        post(Client(enforce_csrf_checks=True), "public_answer", token, text="x").status_code == 403
    )


# Files


@pytest.fixture
def file(channel, dora, ticket):
    svg = InboundAttachment("evil.svg", "image/svg+xml; x", b"<svg onload=alert(1)>")
    message = add_customer_message(
        ticket=ticket, customer=dora, channel=channel, text="x", files=[svg]
    )
    return message.attachments.get()


def download(client, file, reader):
    return client.get(reverse("tickets:attachment", args=[attachment_token(file.pk, reader)]))


def test_a_file_is_a_download_that_never_runs(agent_client, ana, file):
    response = download(agent_client, file, f"agent.{ana.pk}")

    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(response.streaming_content) == b"<svg onload=alert(1)>"


@pytest.mark.parametrize(
    "kind",
    ["text/html", "TEXT/HTML ", "image/svg+xml", "application/xhtml+xml", "image/png\r\nx: y", ""],
)
def test_no_claimed_type_makes_a_page_of_a_file(agent_client, ana, file, kind):
    file.content_type = kind
    file.save()
    response = download(agent_client, file, f"agent.{ana.pk}")

    assert response["Content-Type"] == "application/octet-stream"
    assert "x" not in response.headers


def test_the_link_of_a_file_is_for_one_reader(client, agent_client, ana, bruno, mia, dora, file):
    link = reverse("tickets:attachment", args=[attachment_token(file.pk, f"agent.{ana.pk}")])
    assert client.get(link).status_code == 200
    client.force_login(mia)
    assert client.get(link).status_code == 404
    client.logout()
    assert client.get(link).status_code == 404
    client.force_login(bruno)
    assert download(client, file, f"agent.{bruno.pk}").status_code == 404


def test_a_customer_opens_their_file_without_signing_in(client, dora, file):
    leo = customer_at(kind="email", value="leo@example.org")

    assert download(client, file, f"customer.{dora.pk}").status_code == 200
    assert download(client, file, f"customer.{leo.pk}").status_code == 404


def test_the_file_of_a_note_is_not_for_customers(client, ana, dora, ticket):
    secret = InboundAttachment("plan.txt", "text/plain", b"secret")
    note = add_note(ticket=ticket, by=ana, text="x", files=[secret])

    assert download(client, note.attachments.get(), f"customer.{dora.pk}").status_code == 404


def test_the_link_of_a_file_ends_after_a_day(agent_client, ana, file):
    link = reverse("tickets:attachment", args=[attachment_token(file.pk, f"agent.{ana.pk}")])
    assert agent_client.get(link).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        agent_client.force_login(ana)
        assert agent_client.get(link).status_code == 404


def test_the_page_answers_head(client, token):
    assert client.head(reverse("tickets:public", args=[token])).status_code == 200


def test_a_flood_of_answers_has_to_wait_and_keeps_the_words(client, ticket, token, monkeypatch):
    monkeypatch.setattr(public, "ANSWERS_PER_TICKET", Limit("answers.ticket", most=1, seconds=600))
    assert post(client, "public_answer", token, text="First.").status_code == 302
    before = ticket.messages.count()

    response = post(client, "public_answer", token, text="Second.")

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    page = response.content.decode()
    assert "Second." in page
    assert "Many messages came from you in a short time." in page
    assert ticket.messages.count() == before
