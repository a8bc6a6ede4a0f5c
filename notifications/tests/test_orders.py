"""A late or moved order: told once, re-checked, at the right hour, with its answers."""

from datetime import timedelta

import pytest
from django.utils import translation

from customers.models import Address, Order
from customers.services import mark_unreachable, opt_out, update_customer
from messaging.models import Delivery
from messaging.services.inbound import inbound_handlers
from notifications.models import Notice
from notifications.selectors import why
from notifications.services import find_late_orders, send_due_notices
from notifications.tests.conftest import NOON
from tickets.inbound import Inbound, Person
from tickets.models import Channel, Ticket

THURSDAY, FRIDAY = NOON + timedelta(days=1), NOON + timedelta(days=2)
LATE = NOON + timedelta(days=1, hours=1)


def late_notice(leo) -> Notice:
    find_late_orders(now=LATE)
    return Notice.objects.get(customer=leo)


def send_now(notice: Notice, now=LATE) -> Notice:
    Notice.objects.filter(pk=notice.pk).update(due_at=now)
    send_due_notices(now=now)
    notice.refresh_from_db()
    return notice


def test_it_works(leo):
    notice = send_now(late_notice(leo))
    assert (notice.kind, notice.state, notice.told_at) == ("order_late", "sent", LATE)
    delivery = notice.delivery
    assert delivery.recipients == {"to": ["leo@example.org"]}
    assert delivery.purpose == "order_notice"
    assert "A-1" in delivery.subject
    assert "A-1" in delivery.text
    assert "A-1" in delivery.html
    assert delivery.language == "es"
    assert "List-Unsubscribe" not in delivery.headers
    assert not Ticket.objects.exists()


def test_late_is_told_once_a_date(leo, shop):
    for _n in range(3):
        find_late_orders(now=LATE)
        send_due_notices(now=LATE)
    assert Delivery.objects.count() == 1
    shop("order_delayed", promised_at=FRIDAY, at=LATE)
    find_late_orders(now=FRIDAY + timedelta(hours=1))
    assert Notice.objects.filter(kind="order_late").count() == 2


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (THURSDAY, 0),
        (THURSDAY + timedelta(seconds=1), 1),
        (THURSDAY + timedelta(days=15), 0),
    ],
)
def test_late_begins_at_the_promised_moment_and_old_ones_are_left(leo, now, found):
    assert find_late_orders(now=now) == found


def test_a_delivered_order_is_not_late(leo, shop):
    shop("order_delivered")
    assert find_late_orders(now=LATE) == 0


@pytest.mark.parametrize(
    ("hours", "told"), [(24, 0), (25, 1), (-24, 0), (-25, 1), (24 * 9, 1), (0, 0)]
)
def test_more_than_a_day_is_told(leo, shop, hours, told):
    shop("order_delayed", promised_at=THURSDAY + timedelta(hours=hours))
    assert Notice.objects.filter(kind="order_moved").count() == told


def test_small_moves_add_up(leo, shop):
    shop("order_delayed", promised_at=THURSDAY + timedelta(hours=20))
    assert not Notice.objects.exists()
    shop("order_delayed", promised_at=THURSDAY + timedelta(hours=40))
    shop("order_shipped")
    assert Notice.objects.count() == 1
    shop("order_delayed", promised_at=THURSDAY + timedelta(hours=60))
    assert Notice.objects.count() == 1


def test_the_same_event_again_tells_nothing_again(leo, shop):
    from customers.orders import OrderNews, record_customer_event

    news = OrderNews(
        event_id="twice", kind="order_delayed", occurred_at=NOON + timedelta(hours=1),
        email="leo@example.org", number="A-1", promised_at=THURSDAY + timedelta(days=3),
    )  # fmt: skip
    for _n in range(2):
        record_customer_event(news)
    assert Notice.objects.count() == 1


def test_an_event_that_comes_late_moves_nothing(leo, shop):
    shop("order_delayed", at=NOON - timedelta(days=2), promised_at=THURSDAY - timedelta(days=5))
    assert Order.objects.get().promised_at == THURSDAY
    assert not Notice.objects.filter(promised_at__lt=THURSDAY).exists()


# Looked at again when it is sent


def test_delivered_meanwhile(leo, shop):
    notice = late_notice(leo)
    shop("order_delivered", at=LATE)
    send_now(notice)
    assert notice.state == "skipped"
    assert notice.reason == "The order was delivered meanwhile."
    assert not Delivery.objects.exists()


def test_moved_again_meanwhile(leo, shop):
    shop("order_delayed", promised_at=THURSDAY + timedelta(days=2))
    shop("order_delayed", promised_at=THURSDAY + timedelta(days=4))
    send_due_notices(now=NOON + timedelta(days=500))
    states = list(Notice.objects.order_by("id").values_list("state", flat=True))
    assert states == ["skipped", "sent"]


def test_without_an_address(leo):
    notice = late_notice(leo)
    Address.objects.all().delete()
    assert "no e-mail address" in send_now(notice).reason


def test_with_an_address_that_bounces(leo):
    notice = late_notice(leo)
    mark_unreachable(kind="email", value="leo@example.org", reason="550")
    assert send_now(notice).state == "skipped"


def test_an_opt_out_does_not_keep_back_news_about_their_own_order(leo):
    opt_out(customer=leo, topic="notices")
    assert send_now(late_notice(leo)).state == "sent"


def test_at_night_it_waits_and_stays_in_the_log(leo):
    update_customer(customer=leo, time_zone="Asia/Tokyo")  # 22:00 there
    notice = send_now(late_notice(leo))
    assert (notice.state, notice.reason) == ("waiting", "It is night for the customer.")
    assert notice.due_at.isoformat() == "2026-03-05T23:00:00+00:00"
    send_due_notices(now=notice.due_at - timedelta(seconds=1))
    assert not Delivery.objects.exists()
    send_due_notices(now=notice.due_at)
    notice.refresh_from_db()
    assert (notice.state, notice.reason) == ("sent", "")


def test_without_a_mailbox_it_waits(leo):
    notice = late_notice(leo)
    Channel.objects.update(is_active=False)
    assert send_now(notice).state == "waiting"


def test_looking_twice_sends_once(leo):
    notice = send_now(late_notice(leo))
    Notice.objects.filter(pk=notice.pk).update(state="due")  # as after a crash half-way
    send_due_notices(now=LATE)
    assert Delivery.objects.count() == 1


# Their answer


def answer(notice: Notice, channel, sender: str = "Leo@example.org", **more: object):
    inbound = Inbound(
        sender=Person(sender, "Leo"),
        text="¿Y cuándo llega?\n> …",
        reply_text="¿Y cuándo llega?",
        in_reply_to=notice.delivery.rfc_message_id,
        subject=f"Re: {notice.delivery.subject}",
        **more,
    )
    return next(r for handler in inbound_handlers() if (r := handler(inbound, channel)))


def test_an_answer_opens_a_ticket_with_the_notice_quoted(leo, channel):
    notice = send_now(late_notice(leo))
    receipt = answer(notice, channel)
    assert receipt.fate == "opened"
    assert receipt.ticket.requester == leo
    assert receipt.message.text == "¿Y cuándo llega?"
    assert notice.delivery.text.strip() in receipt.message.quoted_text
    assert receipt.message.details["notice"] == notice.pk
    assert receipt.message.details["order"] == "A-1"


def test_a_second_answer_joins_the_first(leo, channel):
    notice = send_now(late_notice(leo))
    first, second = answer(notice, channel), answer(notice, channel)
    assert (second.fate, second.ticket) == ("added", first.ticket)


def test_the_same_answer_twice_is_one(leo, channel):
    notice = send_now(late_notice(leo))
    answer(notice, channel, external_id="x")
    assert answer(notice, channel, external_id="x").fate == "duplicate"


def test_an_absence_notice_opens_nothing(leo, channel):
    notice = send_now(late_notice(leo))
    assert answer(notice, channel, is_auto_reply=True).fate == "ignored"
    assert not Ticket.objects.exists()


def test_somebody_else_gets_an_ordinary_ticket(leo, channel):
    notice = send_now(late_notice(leo))
    receipt = answer(notice, channel, sender="eva@example.org")
    assert receipt.fate == "opened"
    assert receipt.message.quoted_text == ""
    assert "notice" not in receipt.message.details


def test_the_reason_is_said_in_the_readers_language(leo):
    update_customer(customer=leo, time_zone="Asia/Tokyo")
    with translation.override("es"):
        notice = send_now(late_notice(leo))
        assert notice.reason == "It is night for the customer."
        assert why(notice) == "Es de noche donde está el cliente."
