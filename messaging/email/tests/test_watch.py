"""Waiting at a real mailbox: what comes is kept at once, and a lost connection is made again."""

import socket
import threading
import time

import pytest
from django.core.cache import cache

from helpdesk.testing.processes import wait_for
from messaging.email import watch
from messaging.email.fetch import fetch_mailboxes
from messaging.email.imap import Folder
from messaging.email.tests.samples import mail
from messaging.email.tests.servers import free_port
from messaging.email.watch import Watcher
from messaging.email.watched import is_watched
from messaging.models import MailboxState, RawInbound

pytestmark = [pytest.mark.imap, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def watcher(monkeypatch):
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.5)
    monkeypatch.setattr(watch, "RETRY_SECONDS", 0.2)
    watcher = Watcher()
    yield watcher
    watcher.stop()


def kept() -> int:
    return RawInbound.objects.count()


def expect(number: int, seconds: float = 10) -> None:
    wait_for(lambda: kept() == number, seconds=seconds, what=f"mail number {number}")


def test_it_works(mailbox, account, watcher):
    account.put(mail(subject="Was there"))
    assert watcher.look_after() == 1
    expect(1)
    wait_for(lambda: is_watched(mailbox.pk), seconds=5)
    began = time.monotonic()
    account.put(mail(subject="New"))
    expect(2)
    # Told, not asked: far sooner than any sweep.
    assert time.monotonic() - began < 4


def test_the_sweep_leaves_a_watched_mailbox_alone(mailbox, account, watcher):
    watcher.look_after()
    wait_for(lambda: is_watched(mailbox.pk), seconds=10)
    account.put(mail())
    assert fetch_mailboxes() == 0
    expect(1)
    watcher.stop()
    cache.clear()
    account.put(mail())
    assert fetch_mailboxes() == 1


def test_idle_is_begun_again_before_the_server_tires(mailbox, account, watcher, monkeypatch):
    monkeypatch.setattr(watch, "IDLE_SECONDS", 0.5)
    times = []
    real = Folder.waiting
    monkeypatch.setattr(Folder, "waiting", lambda self: times.append(1) or real(self))
    watcher.look_after()
    wait_for(lambda: len(times) >= 3, seconds=15, what="the third IDLE")
    account.put(mail())
    expect(1)


def test_a_connection_that_is_cut_is_made_again(mailbox, account, watcher, monkeypatch):
    folders = []
    real = Folder.can_wait
    monkeypatch.setattr(Folder, "can_wait", lambda self: folders.append(self) or real(self))
    watcher.look_after()
    wait_for(lambda: is_watched(mailbox.pk), seconds=10)
    folders[0]._box.client.sock.shutdown(socket.SHUT_RDWR)
    wait_for(lambda: len(folders) == 2, seconds=10, what="a second connection")
    account.put(mail())
    expect(1)


def test_trouble_is_shown_and_ends(mailbox, account, watcher):
    good = mailbox.settings
    mailbox.settings = {**good, "imap_port": free_port()}
    mailbox.save()
    watcher.look_after()
    wait_for(lambda: MailboxState.objects.filter(failures__gt=0).exists(), seconds=10)
    assert "could not be reached" in MailboxState.objects.get().last_error
    assert not is_watched(mailbox.pk)
    mailbox.settings = good
    mailbox.save()
    MailboxState.objects.update(next_try_at=None)
    account.put(mail())
    watcher.look_after()
    expect(1)


def test_a_server_without_idle_is_left_to_the_sweep(mailbox, account, watcher, monkeypatch):
    monkeypatch.setattr(Folder, "can_wait", lambda self: False)
    watcher.look_after()
    time.sleep(0.5)
    assert not is_watched(mailbox.pk)
    account.put(mail())
    assert fetch_mailboxes() == 1


def test_a_mailbox_that_is_switched_off_is_left(mailbox, watcher):
    before = threading.active_count()
    watcher.look_after()
    mailbox.is_active = False
    mailbox.save()
    assert watcher.look_after() == 0
    wait_for(lambda: threading.active_count() <= before, seconds=10, what="the thread's end")
