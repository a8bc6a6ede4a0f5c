"""Hints to the broker: "look now". The promise itself is a row in the database."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def hint_on_commit(task: "Task[..., Any]", *args: object) -> None:
    """Ask a worker to run `task` soon, once the running transaction is committed.

    Never raises: with the broker lost, beat's sweep finds the row that is due.
    """
    transaction.on_commit(partial(_hint, task, args))


def _hint(task: "Task[..., Any]", args: tuple[object, ...]) -> None:
    send: Callable[..., object] = task.apply_async
    try:
        send(args=args)
    except (OperationalError, ConnectionError, TimeoutError) as error:
        log.warning("hint %s%r not given: %s", task.name, args, error)
