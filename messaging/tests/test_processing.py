"""From a kept message to its one fate."""

import threading
import time

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from messaging.email.tests.samples import UNREADABLE, mail
from messaging.models import RawInbound
from messaging.services import accept, process, process_due, replay, take
from messaging.services import inbound as inbound_services
from tickets.models import Message, Ticket


def keep(channel, raw: bytes, name: str = "1") -> RawInbound:
    return accept(channel, raw, external_id=f"smtp:{name}", source="smtp")[0]


def test_it_works(channel):
    raw = process(keep(channel, mail()).pk)
    assert (raw.fate, raw.ticket, raw.claimed_until) == ("opened", Ticket.objects.get(), None)
    assert raw.decided_at


def test_processing_again_changes_nothing(channel):
    raw = keep(channel, mail())
    process(raw.pk)
    process(raw.pk)
    assert Message.objects.count() == 1


def test_the_same_door_and_id_keep_one_row(channel):
    assert keep(channel, mail()) == keep(channel, mail())


def test_unreadable_then_replayed_then_fine(channel, monkeypatch):
    raw = process(keep(channel, UNREADABLE).pk)
    assert (raw.fate, raw.reason) == ("failed", "The mail names more than one sender.")
    assert process(keep(channel, mail(), "2").pk).fate == "opened"
    assert replay(raw).fate == "failed"

    fixed = UNREADABLE.replace(b"From: b@example.org\r\n", b"")
    parse = inbound_services.adapter_for("email").parse
    monkeypatch.setattr(
        "messaging.email.adapter.EmailAdapter.parse", lambda _self, _raw: parse(fixed)
    )
    assert replay(raw).fate == "opened"


def test_replaying_what_was_read_changes_nothing(channel):
    raw = process(keep(channel, mail()).pk)
    assert replay(raw).fate == "opened"
    assert Message.objects.count() == 1


def nested(depth: int) -> bytes:
    lines = ["From: leo@example.org", "Subject: Deep", "MIME-Version: 1.0"]
    for level in range(depth):
        lines += [f'Content-Type: multipart/mixed; boundary="b{level}"', "", f"--b{level}"]
    lines += ["Content-Type: text/plain", "", "The bottom"]
    lines += [f"--b{level}--" for level in reversed(range(depth))]
    return "\r\n".join(lines).encode()


def many_parts(count: int) -> bytes:
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    head = b'From: leo@example.org\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    return head + part * count + b"--b--\r\n"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (nested(200), "nested deeper"),
        (many_parts(10_000), "more parts"),
        (b"From: a@b.org\r\n\r\n" + b"x" * 3_000_000, "larger than allowed"),
        (b"", "empty"),
    ],
    ids=["depth 200", "10,000 parts", "over size", "empty"],
)
def test_a_mail_over_the_limits_is_kept_and_shown_as_unreadable(channel, settings, raw, words):
    settings.MAX_MAIL_BYTES = 2_000_000
    start = time.perf_counter()
    taken = take(channel, raw, external_id="x:1", source="pipe")
    assert time.perf_counter() - start < 5
    assert taken.fate == "failed"
    assert words in taken.reason
    assert bytes(RawInbound.objects.get().payload) == raw
    assert take(channel, mail(), external_id="x:2", source="pipe").fate == "opened"


def test_whatever_breaks_the_next_goes_through(channel, monkeypatch):
    def broken(_inbound, _channel):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(inbound_services, "inbound_handlers", lambda: (broken,))
    raw = process(keep(channel, mail()).pk)
    assert (raw.fate, raw.reason) == ("failed", "ZeroDivisionError: a bug")
    monkeypatch.undo()
    assert replay(raw).fate == "opened"


def test_a_database_that_hiccups_is_tried_again_later(channel, monkeypatch):
    def broken(_inbound, _channel):
        raise OperationalError("deadlock detected")

    monkeypatch.setattr(inbound_services, "inbound_handlers", lambda: (broken,))
    raw = process(keep(channel, mail()).pk)
    assert (raw.fate, raw.reason) == ("", "deadlock detected")
    assert process_due() == 0
    monkeypatch.undo()
    RawInbound.objects.update(claimed_until=timezone.now())
    assert process_due() == 1
    raw.refresh_from_db()
    assert (raw.fate, raw.reason) == ("opened", "")


def test_a_message_that_kills_its_worker_is_set_aside(channel, monkeypatch):
    def die(_self, _raw):
        raise SystemExit

    monkeypatch.setattr("messaging.email.adapter.EmailAdapter.parse", die)
    raw = keep(channel, mail())
    for _attempt in range(inbound_services.MAX_ATTEMPTS):
        with pytest.raises(SystemExit):
            process(raw.pk)
        RawInbound.objects.update(claimed_until=timezone.now())
    assert process(raw.pk).fate == "failed"


def test_a_worker_that_was_too_slow_finds_it_decided(channel):
    """Its claim expired, another took over: the message keeps the fate that the other gave it."""
    raw = keep(channel, mail())
    slow = RawInbound.objects.select_related("channel").get(pk=raw.pk)
    assert process(raw.pk).fate == "opened"
    assert inbound_services._decide_claimed(slow).fate == "opened"
    raw.refresh_from_db()
    assert (raw.fate, Message.objects.count()) == ("opened", 1)


def _at_once(*works) -> None:
    start = threading.Barrier(len(works))

    def run(work) -> None:
        start.wait()
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_one_raw_message_and_two_workers_make_one_message(channel):
    raw = keep(channel, mail())
    _at_once(*[lambda: process(raw.pk)] * 4)
    raw.refresh_from_db()
    assert (raw.fate, raw.attempts) == ("opened", 1)
    assert Message.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_mail_by_two_doors_at_once_makes_one_message(channel):
    content = mail()
    first, second = keep(channel, content, "1"), keep(channel, content, "2")
    _at_once(lambda: process(first.pk), lambda: process(second.pk))
    fates = sorted(RawInbound.objects.values_list("fate", flat=True))
    assert fates == ["duplicate", "opened"]
    assert Message.objects.count() == Ticket.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_both_kept_in_order(channel, ticket):
    answers = [
        keep(
            channel,
            mail(
                text,
                sender="dora@example.net",
                subject="Re: ¿Dónde está mi pedido?",
                in_reply_to="<first@example.net>",
            ),
            text,
        )
        for text in ("One", "Two", "Three", "Four")
    ]
    _at_once(*[lambda raw=raw: process(raw.pk) for raw in answers])
    assert ticket.messages.count() == 5
    versions = list(ticket.events.order_by("version").values_list("version", flat=True))
    ticket.refresh_from_db()
    assert versions == list(range(1, ticket.version + 1))
