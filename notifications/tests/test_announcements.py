"""One message to many customers, and the way out of it."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from customers.links import unsubscribe_token, unsubscribe_url
from customers.models import OptOut
from customers.services import customer_at
from messaging.models import Delivery
from notifications.audiences import Audience, customers_in
from notifications.models import Announcement, Notice
from notifications.services import AnnouncementRefused, announce, announcing, send_due_notices
from notifications.tests.conftest import NOON
from tickets.models import Ticket
from tickets.services import resolve_ticket, set_tags

TEXTS = {
    "en": {"subject": "Down", "text": "Payments are down."},
    "es": {"subject": "Caída", "text": "Los pagos no funcionan."},
}
NEW = "/announcements/new/"


@pytest.fixture
def tagged(ticket, ana):
    set_tags(ticket=ticket, by=ana, names=["payments"])
    return ticket


def form(**changes: object) -> dict[str, object]:
    return {
        "key": str(uuid.uuid4()), "tag": "payments", "subject_en": "Down",
        "text_en": "Payments are down.", "send": "1", **changes,
    }  # fmt: skip


def test_it_works(tagged, mia, dora):
    announcement = announce(by=mia, audience=Audience(tag="payments"), texts=TEXTS, at=NOON)
    send_due_notices(now=NOON)
    notice = announcement.notices.get()
    assert (notice.state, notice.customer) == ("sent", dora)
    delivery = notice.delivery
    assert (delivery.subject, delivery.purpose) == ("Caída", "notice")
    assert "Los pagos no funcionan." in delivery.text
    assert delivery.headers == {
        "List-Unsubscribe": f"<{unsubscribe_url(dora, 'notices')}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert Ticket.objects.count() == 1


def test_whom_an_audience_holds(tagged, dora, mia):
    leo = customer_at(kind="email", value="leo@example.org")
    assert list(customers_in(Audience(tag="payments"))) == [dora]
    assert list(customers_in(Audience(language="es"))) == [dora]
    assert list(customers_in(Audience(language="en"))) == [leo]
    resolve_ticket(ticket=tagged, by=mia)
    assert not customers_in(Audience(tag="payments")).exists()


def test_many_are_spread_over_time_and_open_no_tickets(mia, monkeypatch):
    monkeypatch.setattr(announcing, "A_MINUTE", 2)
    for n in range(5):
        customer_at(kind="email", value=f"c{n}@example.org", language="es")
    announce(by=mia, audience=Audience(language="es"), texts=TEXTS, at=NOON)
    due = [n.due_at - NOON for n in Notice.objects.order_by("id")]
    assert due == [timedelta(minutes=m) for m in (0, 0, 1, 1, 2)]
    assert not Ticket.objects.exists()


def test_who_opted_out_is_skipped_and_in_the_log(tagged, mia, dora, client):
    OptOut.objects.create(customer=dora, topic="notices")
    announce(by=mia, audience=Audience(tag="payments"), texts=TEXTS, at=NOON)
    send_due_notices(now=NOON)
    assert Notice.objects.get().state == "skipped"
    client.force_login(mia)
    assert b"asked us not to write" in client.get("/notices/?outcome=not_told").content


@pytest.mark.parametrize(
    ("audience", "texts"),
    [
        (Audience(), TEXTS),
        (Audience(tag="nobody has it"), TEXTS),
        (Audience(language="es"), {"es": TEXTS["es"]}),
        (Audience(language="es"), {"en": {"subject": " ", "text": "x"}}),
    ],
)
def test_what_cannot_be_announced(dora, mia, audience, texts):
    with pytest.raises(AnnouncementRefused):
        announce(by=mia, audience=audience, texts=texts)
    assert not Announcement.objects.exists()


# The page


def test_counting_promises_nothing(tagged, mia, client):
    client.force_login(mia)
    body = form()
    del body["send"]
    page = client.post(NEW, body)
    assert b"1 customer belongs" in page.content
    assert not Notice.objects.exists()


def test_sending_twice_makes_one(tagged, mia, client):
    client.force_login(mia)
    body = form()
    for _n in range(2):
        assert client.post(NEW, body).status_code == 302
    assert Notice.objects.count() == 1


def test_a_wrong_form_keeps_what_was_written(tagged, mia, client):
    client.force_login(mia)
    page = client.post(NEW, form(subject_es="Caída", tag=""))
    assert page.status_code == 422
    assert b"Payments are down." in page.content
    assert "Caída" in page.content.decode()


def test_agents_do_not_announce(tagged, agent_client):
    assert agent_client.get(NEW).status_code == 403
    assert agent_client.post(NEW, form()).status_code == 403
    assert not Announcement.objects.exists()


# The way out


@pytest.fixture
def way_out(dora) -> str:
    return f"/unsubscribe/{unsubscribe_token(dora, 'notices')}/"


def test_opening_the_link_changes_nothing(way_out):
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(way_out)
    assert page.status_code == 200
    assert not OptOut.objects.exists()


def test_one_click_by_the_mail_program(way_out, dora):
    browser = Client(enforce_csrf_checks=True)
    for _n in range(2):
        answer = browser.post(way_out, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer.content) == (200, b"")
    assert OptOut.objects.get().customer == dora


def test_the_page_and_second_thoughts(way_out, client):
    assert client.post(way_out, follow=True).status_code == 200
    assert OptOut.objects.count() == 1
    assert Client(enforce_csrf_checks=True).post(f"{way_out}resubscription/").status_code == 403
    client.post(f"{way_out}resubscription/")
    assert not OptOut.objects.exists()


@pytest.mark.parametrize("token", ["x", "1.notices", "1.notices:AAAA", "%00", "é", "9" * 900])
def test_guessed_links_are_nothing(dora, token, client):
    for method in (client.get, client.post):
        assert method(f"/unsubscribe/{token}/").status_code == 404
    assert not OptOut.objects.exists()


def test_a_link_for_one_topic_or_purpose_is_no_other(dora, ticket, client):
    from tickets.links import ticket_token

    for token in (ticket_token(ticket, dora), unsubscribe_token(dora, "everything")):
        assert client.post(f"/unsubscribe/{token}/").status_code == 404


def test_opted_out_between_hand_over_and_delivery(tagged, mia, dora):
    from messaging.services import transmit

    announce(by=mia, audience=Audience(tag="payments"), texts=TEXTS, at=NOON)
    send_due_notices(now=NOON)
    OptOut.objects.create(customer=dora, topic="notices")
    assert transmit(Delivery.objects.get(purpose="notice").pk).state == "suppressed"


# The log


def test_the_log_shows_every_outcome(tagged, mia, dora, client, django_assert_max_num_queries):
    announce(by=mia, audience=Audience(tag="payments"), texts=TEXTS, at=timezone.now())
    client.force_login(mia)
    for outcome, shown in (("coming", 1), ("told", 0), ("not_told", 0), ("", 1)):
        page = client.get("/notices/", {"outcome": outcome, "kind": "announcement"})
        assert page.content.count(b"Dora Gil") == shown, outcome
    with django_assert_max_num_queries(8):
        client.get("/notices/")


@pytest.mark.parametrize("query", ["outcome=x", "kind=x", "after=x", "after=²", "customer__name=x"])
def test_the_log_knows_its_filters(agent_client, query):
    assert agent_client.get(f"/notices/?{query}").status_code == 400


def test_pages_of_the_log_go_on_by_key(mia, client, monkeypatch):
    from notifications import pages

    monkeypatch.setattr(pages, "PAGE_SIZE", 2)
    for n in range(3):
        customer_at(kind="email", value=f"c{n}@example.org", name=f"Name {n}", language="es")
    announce(by=mia, audience=Audience(language="es"), texts=TEXTS, at=NOON)
    client.force_login(mia)
    first = client.get("/notices/").content.decode()
    assert ("Name 2" in first, "Name 0" in first) == (True, False)
    cursor = first.partition("after=")[2].partition('"')[0]
    assert "Name 0" in client.get(f"/notices/?after={cursor}").content.decode()


def test_fragments_beside_a_ticket(agent_client, tagged, mia, dora, bruno):
    from customers.models import Order

    Order.objects.create(customer=dora, number="B-7")
    announce(by=mia, audience=Audience(tag="payments"), texts=TEXTS, at=NOON)
    assert b"B-7" in agent_client.get(f"/customers/{dora.pk}/orders/").content
    assert b"Announcement" in agent_client.get(f"/tickets/{tagged.pk}/notices/").content
    agent_client.force_login(bruno)
    assert agent_client.get(f"/tickets/{tagged.pk}/notices/").status_code == 404
