"""The account of a day as a page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from messaging.auditing import today
from messaging.email.tests.samples import UNREADABLE, mail
from messaging.models import MailboxDay, MailboxState, RawInbound
from messaging.services import accept, process_due, take
from tickets.models import Channel
from tickets.services import add_customer_message, open_ticket

pytestmark = pytest.mark.django_db
ADDRESS = "/intake/days/"


@pytest.fixture
def admin(client, admin_user):
    client.force_login(admin_user)
    return client


@pytest.fixture
def mailbox(channel):
    channel.settings = {"imap_host": "imap.example.com", "imap_user": "x", "imap_password": "x"}
    channel.save()
    return channel


def asked(channel, uids: str, **more: object) -> MailboxDay:
    return MailboxDay.objects.create(
        channel=channel,
        day=today(),
        uid_validity=7,
        fingerprint="abc",
        uids=uids,
        next_uid=10,
        asked_at=timezone.now(),
        **more,
    )


def kept(channel, uid: int) -> RawInbound:
    raw, _new = accept(channel, mail(), external_id=f"imap:7:{uid}:abc", source="imap")
    return raw


def test_it_works(admin, mailbox):
    MailboxState.objects.create(channel=mailbox, uid_validity=7, last_uid=3)
    for uid in (1, 2, 3):
        kept(mailbox, uid)
    take(mailbox, UNREADABLE, external_id="x:1", source="smtp")
    process_due()
    asked(mailbox, "1:5")
    page = admin.get(ADDRESS)
    [card] = page.context["cards"]
    assert (card.report.on_server, card.report.kept) == (5, 4)
    assert {total.title: total.number for total in card.sums} == {
        "Ticket opened": 3,
        "Could not be read": 1,
    }
    assert "2 are on the server and not fetched yet." in page.content.decode()


def test_the_day_is_named_as_it_is_here_not_where_the_reader_is(client, admin_user, mailbox):
    admin_user.time_zone = "Pacific/Honolulu"
    admin_user.save()
    client.force_login(admin_user)
    page = client.get(ADDRESS, {"day": "2026-01-05"})
    assert page.context["title"].startswith("5 Jan")


def test_every_number_leads_to_its_messages(admin, mailbox):
    raw = kept(mailbox, 1)
    other_day = kept(mailbox, 2)
    other_day.received_at = timezone.now() - timedelta(days=3)
    other_day.save()
    [card] = admin.get(ADDRESS).context["cards"]
    [total] = card.sums
    rows = admin.get(f"/intake/?{total.address}").context["rows"]
    assert [row.raw for row in rows] == [raw]
    before = (today() - timedelta(days=3)).isoformat()
    rows = admin.get("/intake/", {"day": before, "channel": mailbox.pk}).context["rows"]
    assert [row.raw for row in rows] == [other_day]


def test_a_difference_that_nobody_explains_is_red(admin, mailbox):
    MailboxState.objects.create(channel=mailbox, uid_validity=7, last_uid=9)
    kept(mailbox, 1)
    asked(mailbox, "1:2")
    page = admin.get(ADDRESS).content.decode()
    assert "Not explained" in page
    assert "number 2" in page


def test_forms_and_calls_are_counted_too(admin, mailbox, dora, team):
    form = Channel.objects.create(kind="webform", name="Form", address="contact")
    ticket, _message = open_ticket(channel=form, requester=dora, subject="x", text="x")
    add_customer_message(ticket=ticket, customer=dora, channel=form, text="More")
    card = next(c for c in admin.get(ADDRESS).context["cards"] if c.report.channel == form)
    assert card.report.doors == {"webform": 2}
    assert card.report.fates == {"opened": 1, "added": 1}
    assert card.report.is_explained


def test_asking_is_left_to_a_worker(admin, mailbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        response = admin.post("/intake/days/question/", {"day": "2026-01-05"})
    assert response.url == "/intake/days/?day=2026-01-05"
    assert len(callbacks) == 1


@pytest.mark.parametrize("day", ["x", "2026-02-30", "99999-01-01", "1066-10-14", "2026-1"])
def test_a_day_that_does_not_exist(admin, mailbox, day):
    assert admin.get(ADDRESS, {"day": day}).status_code == 400
    assert admin.post("/intake/days/question/", {"day": day}).status_code == 400
    if day != "1066-10-14":
        assert admin.get("/intake/", {"day": day}).status_code == 400


def test_the_questions_to_the_database_do_not_grow(admin, mailbox, django_assert_max_num_queries):
    for n in range(30):
        accept(mailbox, mail(), external_id=f"x:{n}", source="smtp")
    with django_assert_max_num_queries(16):
        admin.get(ADDRESS)
