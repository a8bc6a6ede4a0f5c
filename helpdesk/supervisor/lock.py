"""One running help desk per state folder, and nothing left over from an earlier one."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO


class AlreadyRunning(Exception):
    """Another process holds the folder; `args[0]` is what it wrote about itself."""


def take_lock(path: Path, *, about: str) -> IO[str]:
    """Hold `path` until the returned file is closed or this process ends, however it ends."""
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        told = file.read().strip()
        file.close()
        raise AlreadyRunning(told) from error
    file.truncate(0)
    file.write(about)
    file.flush()
    return file


def note_processes(path: Path, pids: Mapping[str, int]) -> None:
    """Write down what runs, one line each: name, process id, command."""
    commands = [(name, pid, _command_line(pid)) for name, pid in pids.items()]
    path.write_text("".join(f"{name} {pid} {command}\n" for name, pid, command in commands))


def noted_processes(path: Path) -> dict[str, int]:
    """Return name and id of the processes written down in `path`."""
    return {name: pid for name, pid, _command in _notes(path)}


def stop_leftovers(path: Path, *, seconds: float = 5.0) -> list[int]:
    """End the processes noted in `path` that still run with the same command; return their ids.

    Needed where the system cannot tie a child's life to its parent's (macOS).
    """
    pids = [pid for _, pid, command in _notes(path) if command and _command_line(pid) == command]
    for number, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, 1.0)):
        _end(pids, number, patience)
    path.unlink(missing_ok=True)
    return pids


def _end(pids: list[int], number: signal.Signals, seconds: float) -> None:
    for pid in pids:
        if _command_line(pid):
            os.kill(pid, number)
    deadline = time.monotonic() + seconds
    while any(_command_line(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.1)


def _notes(path: Path) -> list[tuple[str, int, str]]:
    lines = path.read_text().splitlines() if path.exists() else []
    notes = [line.split(" ", 2) for line in lines]
    return [(name, int(pid), command) for name, pid, command in notes]


def _command_line(pid: int) -> str:
    question = ["ps", "-o", "stat=,command=", "-p", str(pid)]
    try:
        answer = subprocess.run(question, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    state, _, command = answer.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else command.strip()
