"""Starts the processes in order, keeps them running, ends them together."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

from helpdesk.supervisor.child import Child
from helpdesk.supervisor.programs import Program

log = logging.getLogger(__name__)

TICK = 0.1
GRACE = 8.0
READY_WITHIN = 40.0
ESSENTIAL_FAILURES = 4

Ready = Callable[[], bool]


class GaveUp(Exception):
    """A process without which nothing works could not be kept running."""


class Supervisor:
    """Runs `programs`; the first one is started first and stopped last (a broker, if any).

    `ready` names for a program the question that must be answered yes before the next one starts.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        environment: Mapping[str, str],
        ready: Mapping[str, Ready],
        started: Callable[[list[Child]], None] = lambda children: None,
    ) -> None:
        self.children = [Child(program, environment) for program in programs]
        self._ready = ready
        self._started = started
        self._stop = threading.Event()
        self._hurry = threading.Event()

    def run(self, on_ready: Callable[[], None]) -> None:
        """Run until Ctrl-C or TERM; a second one ends everything at once. Raises GaveUp."""
        with self._signals_heard():
            try:
                self._start_in_order()
                if not self._stop.is_set():
                    on_ready()
                while not self._stop.wait(TICK):
                    self._look_after()
            finally:
                self._end_all()

    def _start_in_order(self) -> None:
        for child in list(self.children):
            if self._stop.is_set():
                return
            self._start(child)
            if child.program.once:
                self._wait_until_done(child)
            else:
                self._wait_until_ready(child)

    def _start(self, child: Child) -> None:
        child.start()
        self._started(self.children)

    def _wait_until_done(self, child: Child) -> None:
        while child.is_running:
            if self._stop.wait(TICK):
                return
            self._look_after()
        self.children.remove(child)
        if child.exit_code:
            raise GaveUp(f"{child.program.name} failed (exit code {child.exit_code}).")

    def _wait_until_ready(self, child: Child) -> None:
        is_ready = self._ready.get(child.program.name)
        deadline = time.monotonic() + READY_WITHIN
        while is_ready and not is_ready():
            if time.monotonic() > deadline:
                raise GaveUp(f"{child.program.name} did not answer in {READY_WITHIN:.0f} seconds.")
            if self._stop.wait(TICK):
                return
            self._look_after()

    def _look_after(self) -> None:
        for child in self.children:
            if child.restart_at is not None:
                if time.monotonic() >= child.restart_at:
                    self._start(child)
            elif child.has_ended and not child.program.once:
                self._plan_restart(child)

    def _plan_restart(self, child: Child) -> None:
        code = child.note_end()
        name = child.program.name
        if child.program.essential and child.failures >= ESSENTIAL_FAILURES:
            raise GaveUp(f"{name} ended {child.failures} times in a row (last exit code {code}).")
        log.warning("%s ended (exit code %s); it is started again", name, code)

    def _end_all(self) -> None:
        first, rest = self.children[0], self.children[1:]
        self._end(rest)
        self._end([first])

    def _end(self, children: list[Child]) -> None:
        for child in children:
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while any(child.is_running for child in children):
            if time.monotonic() > deadline or self._hurry.is_set():
                break
            time.sleep(TICK / 2)
        for child in children:
            child.send(signal.SIGKILL)
            child.wait(2)

    @contextmanager
    def _signals_heard(self) -> Iterator[None]:
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._hear) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if self._stop.is_set():
            self._hurry.set()
        self._stop.set()
