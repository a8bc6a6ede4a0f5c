"""Reading mail from strangers without risk to the process that does it."""

import os
import pickle
import resource
import select
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from messaging.email.errors import UnreadableMail
from messaging.email.mime import Limits
from messaging.email.parse import parse_mail
from tickets.inbound import Inbound

TIME_LIMIT = 5.0
"""Seconds of wall clock for one mail."""
MEMORY_LIMIT = 300 * 1024 * 1024
"""Bytes a child may use above what it was born with."""

# Mails of ordinary size and shape are read at once: a child for each would cost more than the work.
_ORDINARY_BYTES = 256 * 1024
_ORDINARY_BOUNDARIES = 40
_ORDINARY_TAGS = 8_000
_CHUNK = 1 << 20
_ORDINARY_LINE = 20_000


def parse_guarded(
    raw: bytes,
    *,
    received_at: datetime | None = None,
    limits: Limits | None = None,
    time_limit: float = TIME_LIMIT,
    memory_limit: int = MEMORY_LIMIT,
) -> Inbound:
    """`parse_mail`, but no mail can take longer, use more memory, or end this process.

    Raises `UnreadableMail`, also for what nobody foresaw.
    """
    limits = limits or Limits()
    if len(raw) > limits.size:
        raise UnreadableMail("too_large")
    if is_ordinary(raw):
        return _parse(raw, received_at, limits)
    return _parse_in_child(raw, received_at, limits, time_limit, memory_limit)


def is_ordinary(raw: bytes) -> bool:
    """Small, few parts, no very long lines, few tags: known to be read in milliseconds."""
    return (
        len(raw) <= _ORDINARY_BYTES
        and raw.count(b"boundary") <= _ORDINARY_BOUNDARIES
        and raw.count(b"\n--") <= 10 * _ORDINARY_BOUNDARIES
        and raw.count(b"<") <= _ORDINARY_TAGS
        and max(map(len, raw.split(b"\n"))) <= _ORDINARY_LINE
    )


def _parse(raw: bytes, received_at: datetime | None, limits: Limits) -> Inbound:
    try:
        return parse_mail(raw, received_at=received_at, limits=limits)
    except (MemoryError, RecursionError) as error:
        raise UnreadableMail("too_much_memory") from error
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        # What no test foresaw: the mail is kept and shown as unreadable, the next goes on.
        raise UnreadableMail("broken") from error


def _parse_in_child(
    raw: bytes,
    received_at: datetime | None,
    limits: Limits,
    time_limit: float,
    memory_limit: int,
) -> Inbound:
    reading, writing = os.pipe()
    # fork: the child shares the modules and the mail and starts in milliseconds. It is not a
    # `multiprocessing.Process`, because a worker of a task queue may not have any of those.
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(writing, raw, received_at, limits, time_limit, memory_limit)
    os.close(writing)
    try:
        return _answer(_read_all(reading, time_limit))
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _read_all(reading: int, time_limit: float) -> bytes:
    deadline = time.monotonic() + time_limit
    chunks: list[bytes] = []
    while True:
        ready, _, _ = select.select([reading], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise UnreadableMail("too_slow")
        chunk = os.read(reading, _CHUNK)
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)


def _answer(message: bytes) -> Inbound:
    try:
        answer = pickle.loads(message)  # noqa: S301 - written by our own child
    except (EOFError, pickle.UnpicklingError) as error:
        # The child ended before it had said everything: the kernel or the limit stopped it.
        raise UnreadableMail("too_much_memory") from error
    if isinstance(answer, UnreadableMail):
        raise answer
    if not isinstance(answer, Inbound):
        raise UnreadableMail("broken")
    return answer


def _work(
    writing: int,
    raw: bytes,
    received_at: datetime | None,
    limits: Limits,
    time_limit: float,
    memory_limit: int,
) -> NoReturn:
    """The child's whole life. It never returns: exit handlers and connections are the parent's."""
    try:
        _limit(time_limit, memory_limit)
        with os.fdopen(writing, "wb") as stream:
            try:
                pickle.dump(_parse(raw, received_at, limits), stream, protocol=5)
            except UnreadableMail as error:
                pickle.dump(error, stream)
    finally:
        os._exit(0)


def _limit(time_limit: float, memory_limit: int) -> None:
    seconds = int(time_limit) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    if sys.platform == "linux":
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + memory_limit, used + memory_limit))
