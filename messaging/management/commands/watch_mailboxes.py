"""Wait at the mailboxes for new mail, until told to stop."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, connection

from messaging.email.watch import Watcher

log = logging.getLogger(__name__)

LOOK_SECONDS = 10


class Command(BaseCommand):
    help = "Fetch mail the moment it comes, from servers that tell (IMAP IDLE)."

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        watcher = Watcher()
        while not stopped.is_set():
            try:
                watcher.look_after()
            except (DatabaseError, InterfaceError) as error:
                log.warning("the channels could not be read: %s", error)
            finally:
                connection.close()
            stopped.wait(LOOK_SECONDS)
        watcher.stop()
