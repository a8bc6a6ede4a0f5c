"""Watching mailboxes: a connection to each tells at once when something came (IDLE, RFC 2177).

Where a server cannot do that, and whenever nobody watches, beat's sweep asks it instead.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone
from imap_tools.idle import IdleManager

from messaging.email.fetch import BATCH, fetch_mailbox
from messaging.email.imap import TROUBLE, Folder, is_fetched, opened
from messaging.email.sign_in import NotAuthorised, account_for
from messaging.email.watched import MARK_SECONDS, forget_watched, note_watched
from messaging.models import MailboxState
from tickets.models import Channel

log = logging.getLogger(__name__)

IDLE_SECONDS = 300
"""How long one IDLE lasts; RFC 2177 wants less than 29 minutes. Then we look in any case."""
LOOK_SECONDS = 5.0
STOP_SECONDS = 3.0
RETRY_SECONDS = 15.0
Answer = TypeVar("Answer")
CANNOT_WAIT_SECONDS = 600.0
"""A server without IDLE may learn it; until then its mailbox is asked by the sweep."""


class Watcher:
    """Keeps one thread for each mailbox that is fetched, and follows the channels' settings."""

    def __init__(self) -> None:
        self._watches: dict[int, Watch] = {}

    def look_after(self) -> int:
        """Start and stop threads so that they fit the channels; returns how many there are."""
        wanted = {channel.pk: channel for channel in _fetched_channels()}
        for channel_id, watch in list(self._watches.items()):
            now = wanted.get(channel_id)
            if now is None or now.settings != watch.settings or not watch.is_alive():
                watch.stopped.set()
                del self._watches[channel_id]
        for channel_id, channel in wanted.items():
            if channel_id not in self._watches:
                self._watches[channel_id] = watch = Watch(channel)
                watch.start()
        return len(self._watches)

    def stop(self) -> None:
        """Tell all to end, and wait a moment: one in the middle of a wait ends with the process.

        Nothing is lost with it: the place moves on only after a mail is kept.
        """
        for watch in self._watches.values():
            watch.stopped.set()
        deadline = time.monotonic() + STOP_SECONDS
        for watch in self._watches.values():
            watch.join(max(deadline - time.monotonic(), 0))


def _fetched_channels() -> list[Channel]:
    active = Channel.objects.filter(kind="email", is_active=True).order_by("id")
    return [channel for channel in active if is_fetched(channel)]


class Watch(threading.Thread):
    """One mailbox: connect, wait, fetch; after trouble the same again."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(name=f"mailbox-{channel.pk}", daemon=True)
        self.channel = channel
        self.settings = dict(channel.settings)
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.is_set():
            try:
                pause = self._watch()
            except (*TROUBLE, NotAuthorised) as error:
                log.warning("mailbox %s: %s", self.channel.pk, error)
                pause = _connected(self._note_trouble)
            except (DatabaseError, InterfaceError) as error:
                log.warning("mailbox %s: %s", self.channel.pk, error)
                pause = RETRY_SECONDS
            finally:
                connection.close()
            self.stopped.wait(pause)

    def _watch(self) -> float:
        """Wait at the mailbox until told to stop; returns how long to leave it alone."""
        account = account_for(self.channel)
        connection.close()
        if account is None:
            return CANNOT_WAIT_SECONDS
        with opened(account) as folder:
            if not folder.can_wait():
                return CANNOT_WAIT_SECONDS
            while not self.stopped.is_set():
                self._wait(folder)
        return 0

    def _wait(self, folder: Folder) -> None:
        # First wait, then fetch: what comes between the two is told.
        with folder.waiting() as idle:
            if not _connected(self._fetch_all):
                forget_watched(self.channel.pk)
                self.stopped.wait(RETRY_SECONDS)
                return
            began = marked_at = time.monotonic()
            note_watched(self.channel.pk)
            while not self.stopped.is_set() and not _has_news(idle):
                now = time.monotonic()
                if now - began > IDLE_SECONDS:
                    return
                if now - marked_at > MARK_SECONDS:
                    note_watched(self.channel.pk)
                    marked_at = now

    def _fetch_all(self) -> bool:
        """Fetch until nothing is left; False where there was trouble.

        Whoever holds the mailbox just now is waited for.
        """
        while not self.stopped.is_set():
            fetched = fetch_mailbox(self.channel)
            if fetched >= BATCH:
                continue
            state = MailboxState.objects.get(channel=self.channel)
            if state.claimed_until is None or state.claimed_until < timezone.now():
                return not state.failures
            self.stopped.wait(1)
        return True

    def _note_trouble(self) -> float:
        """Let the fetching itself meet the trouble: it says why in the mailbox's state."""
        forget_watched(self.channel.pk)
        fetch_mailbox(self.channel)
        return RETRY_SECONDS


def _has_news(idle: IdleManager) -> bool:
    """What the server says within `LOOK_SECONDS`; `EOFError` when it has gone."""
    began = time.monotonic()
    lines = idle.poll(timeout=LOOK_SECONDS)
    if not lines and time.monotonic() - began < LOOK_SECONDS / 2:
        raise EOFError("the connection ended")
    return any(b"EXISTS" in line or b"RECENT" in line for line in lines)


def _connected(work: Callable[[], Answer]) -> Answer:
    """Database work on a connection that lives and is given back: a wait may last for minutes."""
    close_old_connections()
    try:
        return work()
    finally:
        connection.close()
