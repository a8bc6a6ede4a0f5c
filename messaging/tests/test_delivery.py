"""Handing over once, by whoever comes first, and again when that one dies."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from messaging.adapters import DeliveryError
from messaging.email.adapter import EmailAdapter
from messaging.models import Delivery
from messaging.services import deliver_due, send, transmit
from messaging.services.outbound import RETRIES


@pytest.fixture
def handed_over(monkeypatch) -> list[str]:
    """The Message-IDs that reached the server."""
    ids: list[str] = []

    def take(_adapter, outbound):
        ids.append(outbound.message_id)
        return "taken"

    monkeypatch.setattr(EmailAdapter, "send", take)
    return ids


def a_delivery(channel, key: str = "1", purpose: str = "reply", **fields) -> Delivery:
    return send(
        key=key,
        purpose=purpose,
        channel=channel,
        recipients={"to": ["dora@example.net"]},
        subject="x",
        text="x",
        **fields,
    )


def test_it_works(channel, handed_over):
    delivery = a_delivery(channel)
    assert deliver_due() == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.provider_id) == ("sent", 1, "taken")
    assert handed_over == [delivery.rfc_message_id]


def test_the_same_key_is_sent_once(channel, handed_over):
    assert a_delivery(channel) == a_delivery(channel)
    deliver_due()
    deliver_due()
    assert len(handed_over) == 1


def test_a_dead_workers_delivery_is_sent_again_with_the_same_id(channel, monkeypatch):
    ids = []

    def die(_adapter, outbound):
        ids.append(outbound.message_id)
        if len(ids) == 1:
            raise SystemExit
        return "taken"

    monkeypatch.setattr(EmailAdapter, "send", die)
    delivery = a_delivery(channel)
    with pytest.raises(SystemExit):
        transmit(delivery.pk)
    assert transmit(delivery.pk).state == "sending"
    past = timezone.now() - timedelta(seconds=1)
    Delivery.objects.update(claimed_until=past)
    assert deliver_due() == 1
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    assert ids == [delivery.rfc_message_id] * 2


def test_not_before_its_time(channel, handed_over):
    a_delivery(channel, not_before=timezone.now() + timedelta(hours=1))
    assert deliver_due() == 0


def test_surveys_have_a_sweep_of_their_own(channel, handed_over):
    a_delivery(channel, "1", "survey")
    assert deliver_due() == 0
    assert deliver_due(bulk=True) == 1


def test_it_gives_up_after_the_last_retry(channel, monkeypatch):
    def refuse(_adapter, outbound):
        raise DeliveryError("later", permanent=False)

    monkeypatch.setattr(EmailAdapter, "send", refuse)
    delivery = a_delivery(channel)
    waits = []
    for _attempt in RETRIES:
        waiting = transmit(delivery.pk)
        waits.append(round((waiting.due_at - timezone.now()).total_seconds()))
        Delivery.objects.update(due_at=timezone.now())
    assert waits == list(RETRIES)
    assert transmit(delivery.pk).state == "failed"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_hand_it_over_once(channel, handed_over):
    delivery = a_delivery(channel)
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        try:
            transmit(delivery.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert handed_over == [delivery.rfc_message_id]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("sent", 1)
