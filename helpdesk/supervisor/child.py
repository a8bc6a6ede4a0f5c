"""One supervised process: started so that it can neither outlive us nor take our Ctrl-C."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

from helpdesk.supervisor.programs import Program

LONGEST_DELAY = 30.0
STEADY_AFTER = 60.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def restart_delay(failures: int) -> float:
    """Seconds to wait before the next start after so many quick ends in a row: 0.5, 1, 2 … 30."""
    return min(0.5 * 2 ** max(failures - 1, 0), LONGEST_DELAY)


class Child:
    """A program and its process, over all its restarts."""

    def __init__(self, program: Program, environment: Mapping[str, str]) -> None:
        self.program = program
        self.failures = 0
        self.restart_at: float | None = None
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def has_ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    @property
    def exit_code(self) -> int | None:
        return self._process.poll() if self._process else None

    def start(self) -> None:
        self.restart_at = None
        self._started_at = time.monotonic()
        # The supervisor has one thread, so the hook may run Python between fork and exec.
        self._process = subprocess.Popen(
            self.program.command,
            env=dict(self._environment),
            stdin=subprocess.DEVNULL,
            preexec_fn=_tied_to(os.getpid(), self.program.name),  # noqa: PLW1509
        )

    def note_end(self) -> int:
        """Return the exit code of a process that ended, and plan its restart."""
        assert self._process is not None
        now = time.monotonic()
        self.failures = 1 if now - self._started_at > STEADY_AFTER else self.failures + 1
        self.restart_at = now + restart_delay(self.failures)
        return self._process.returncode

    def send(self, number: signal.Signals) -> None:
        if self._process is not None and self.is_running:
            self._process.send_signal(number)

    def wait(self, seconds: float) -> bool:
        """Return whether the process has ended within so many seconds."""
        if self._process is None:
            return True
        try:
            self._process.wait(max(seconds, 0))
        except subprocess.TimeoutExpired:
            return False
        return True


def _tied_to(parent: int, name: str) -> Callable[[], None]:
    # The web server has worker processes of its own, which only its orderly end takes along.
    on_death = signal.SIGTERM if name == "web" else signal.SIGKILL

    def tie() -> None:
        # Ctrl-C and a closed terminal reach the whole group; blocked here, so that the
        # supervisor alone decides in which order things end.
        signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGHUP))
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, on_death)
            if os.getppid() != parent:
                os._exit(1)

    return tie
