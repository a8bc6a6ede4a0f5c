"""Processes that a test starts: tied to its life, and waited for without guessing."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class NotReady(Exception):
    """What a test waited for did not happen in time."""


def start(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    output: IO[str] | None = None,
    folder: Path | None = None,
) -> "subprocess.Popen[str]":
    """Start a process group of its own that ends with the test run, even when that is killed."""
    return subprocess.Popen(
        command,
        env=dict(environment) if environment is not None else None,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        text=True,
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509  the tests' main thread alone forks
    )


def stop(process: "subprocess.Popen[str]", *, seconds: float = 15) -> int:
    """End the process in order, or by force after so many seconds; return its exit code."""
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait()


def wait_for(
    question: Callable[[], object], *, seconds: float = 30, what: str = "the answer"
) -> None:
    """Ask until the answer is true; raise NotReady after so many seconds."""
    deadline = time.monotonic() + seconds
    while not question():
        if time.monotonic() > deadline:
            raise NotReady(f"{what} did not come within {seconds} seconds")
        time.sleep(0.05)


def _end_with_parent() -> None:
    if _libc is not None:
        _libc.prctl(1, signal.SIGTERM)
