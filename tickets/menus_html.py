"""The menus of statuses and priorities as HTML: the same for every ticket in the same state."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from helpdesk.lib.icons import icon, mark
from tickets.models import Ticket

Status, Priority = Ticket.Status, Ticket.Priority
SETTABLE = (Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.RESOLVED)
Choice = tuple[str, str, str]


def status_html(status: str) -> SafeString:
    """Its mark and its name."""
    return _status(get_language(), status)


def priority_html(priority: int) -> SafeString:
    return _priority(get_language(), priority)


def statuses_html(current: str) -> SafeString:
    """A button for each status that an agent may set."""
    return _statuses(get_language(), current)


def priorities_html(current: int) -> SafeString:
    """A button for each priority, the most urgent first."""
    return _priorities(get_language(), current)


@lru_cache(maxsize=64)
def _status(_language: str | None, status: str) -> SafeString:
    return _named(status, Status(status).label)


@lru_cache(maxsize=64)
def _priority(_language: str | None, priority: int) -> SafeString:
    return _named(_shape(Priority(priority)), Priority(priority).label)


@lru_cache(maxsize=64)
def _statuses(_language: str | None, current: str) -> SafeString:
    choices = ((status.value, str(status.label), status.value) for status in SETTABLE)
    return _buttons("status", choices, current)


@lru_cache(maxsize=64)
def _priorities(_language: str | None, current: int) -> SafeString:
    choices = ((str(p.value), str(p.label), _shape(p)) for p in reversed(Priority))
    return _buttons("priority", choices, str(current))


def _shape(priority: Ticket.Priority) -> str:
    """The name of its mark in the sprite."""
    return f"priority-{priority.name.lower()}"


def _named(shape: str, label: object) -> SafeString:
    html = f'{mark(shape)}<span class="text">{escape(str(label))}</span>'
    return mark_safe(html)  # noqa: S308  escaped


def _buttons(field: str, choices: Iterable[Choice], current: str) -> SafeString:
    html = ""
    for value, label, shape in choices:
        here = value == current
        pressed = ' aria-current="true"' if here else ""
        tick = f'<span class="end">{icon("check")}</span>' if here else ""
        html += (
            f'<button class="menu-item" name="{field}" value="{value}"{pressed}>'
            f"{mark(shape)}{escape(label)}{tick}</button>"
        )
    return mark_safe(html)  # noqa: S308  escaped
