"""Take mail over SMTP, and over LMTP where a port is set, until told to stop."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from messaging.email.listener import Listener, lmtp_listener, smtp_listener


class Command(BaseCommand):
    help = "Take mail for the mail channels over SMTP (and LMTP with LMTP_LISTEN_PORT)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.SMTP_LISTEN_HOST)
        parser.add_argument("--port", type=int, default=settings.SMTP_LISTEN_PORT)
        parser.add_argument("--lmtp-port", type=int, default=settings.LMTP_LISTEN_PORT)

    def handle(self, *args: Any, host: str, port: int, lmtp_port: int, **options: Any) -> None:
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        listeners = [smtp_listener(host, port)] if port else []
        listeners += [lmtp_listener(host, lmtp_port)] if lmtp_port else []
        try:
            for listener in listeners:
                self._start(listener)
            stopped.wait()
        finally:
            for listener in listeners:
                listener.stop(no_assert=True)

    def _start(self, listener: Listener) -> None:
        try:
            listener.start()
        except OSError as error:
            where = f"{listener.hostname}:{listener.port}"
            raise CommandError(f"Cannot listen for mail on {where}: {error.strerror}") from error
        self.stdout.write(f"Taking mail on {listener.hostname}:{listener.port}")
        self.stdout.flush()
