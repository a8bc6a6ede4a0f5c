"""Telling every web process that a ticket changed, without making anybody wait for it."""

import asyncio
import logging
import os
import threading
from functools import partial
from typing import Any

from channels.layers import get_channel_layer
from django.db import transaction

from notifications.live.eyes import Hint, hint_of
from tickets.models import TicketEvent

log = logging.getLogger(__name__)

GROUP = "tickets"
GATHER = 0.1
# More than this many at once: the pages that poll see the rest.
WAITING = 1_000


def tell_agents(event: TicketEvent) -> None:
    """Once the event is committed, hint at it. Never raises, never waits."""
    transaction.on_commit(partial(_give, hint_of(event)))


def _give(hint: Hint) -> None:
    _messenger_of_this_process().give(hint)


class Messenger:
    """One event loop in a thread of its own: its connection to the broker lives on.

    What happens within `GATHER` seconds goes out in one message: a verb records several events, and
    a sweep of the mail many.
    """

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.lock = threading.Lock()
        self.waiting: list[Hint] = []
        self.is_cut_off = False
        threading.Thread(target=self.loop.run_forever, name="live-hints", daemon=True).start()

    def give(self, hint: Hint) -> None:
        with self.lock:
            is_first = not self.waiting
            if len(self.waiting) < WAITING:
                self.waiting.append(hint)
        if is_first:
            asyncio.run_coroutine_threadsafe(self._send(), self.loop)

    async def _send(self) -> None:
        await asyncio.sleep(GATHER)
        with self.lock:
            hints, self.waiting = self.waiting, []
        layer: Any = get_channel_layer()
        message = {"type": "tickets.changed", "hints": hints}
        try:
            await asyncio.wait_for(layer.group_send(GROUP, message), timeout=5)
            self.is_cut_off = False
        except Exception as error:  # a hint: whatever the broker's trouble, the page polls
            if not self.is_cut_off:
                log.warning("live hints are not given: %s", error)
            self.is_cut_off = True


_lock = threading.Lock()
_messengers: dict[int, Messenger] = {}


def _messenger_of_this_process() -> Messenger:
    """A forked worker has none of its parent's threads."""
    with _lock:
        if os.getpid() not in _messengers:
            _messengers[os.getpid()] = Messenger()
        return _messengers[os.getpid()]
