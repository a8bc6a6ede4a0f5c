"""A ticket's history as the calculations see it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

BACKLOG = frozenset({"new", "open", "pending", "on_hold"})
OUR_TURN = frozenset({"new", "open", "on_hold"})

REMOVING = {"merged": "merge", "marked_spam": "spam"}
RESTORING = {"unmerged": "merge", "unmarked_spam": "spam"}


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the event log: what happened, by whom, and the ticket's state after it."""

    kind: str
    at: datetime
    status: str = "open"
    team_id: int | None = None
    assignee_id: int | None = None
    actor_kind: str = "system"
    actor_id: int | None = None
    message_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class State:
    """A ticket after an event; `is_counted` is false while it is merged away or spam."""

    event: Event
    is_counted: bool

    @property
    def is_backlog(self) -> bool:
        return self.is_counted and self.event.status in BACKLOG


@dataclass(frozen=True, slots=True)
class HumanReply:
    """A public reply written by an agent, at the moment it was handed to the channel."""

    at: datetime
    agent_id: int | None


def states(events: Iterable[Event]) -> Iterator[State]:
    """Follow a ticket through its events, oldest first."""
    marks: set[str] = set()
    for event in events:
        if event.kind in REMOVING and not is_about_another_ticket(event):
            marks.add(REMOVING[event.kind])
        elif event.kind in RESTORING and not is_about_another_ticket(event):
            marks.discard(RESTORING[event.kind])
        yield State(event, is_counted=not marks)


def is_about_another_ticket(event: Event) -> bool:
    """Whether a merge was noted on the ticket that stays (`from` names the one that left)."""
    return "from" in event.data


def customer_messages(events: Iterable[Event]) -> Iterator[Event]:
    """What the customer wrote, oldest first; automatic answers of their mailbox do not count."""
    for event in events:
        wrote = event.kind == "customer_message"
        opened = event.kind == "opened" and event.actor_kind == "customer"
        if (wrote or opened) and not event.data.get("automatic"):
            yield event


def human_replies(events: Iterable[Event]) -> Iterator[HumanReply]:
    """Public replies by agents that reached the channel, oldest first, each message once.

    The author is who wrote the reply: handing it over is the work of a background process.
    """
    written: dict[int, Event] = {}
    counted: set[int] = set()
    for event in events:
        message_id = event.message_id or event.data.get("message")
        if event.kind == "reply" and message_id is not None:
            written[message_id] = event
        if event.kind != "reply_sent" or message_id in counted:
            continue
        author = written.get(message_id, event) if message_id is not None else event
        if author.actor_kind == "agent" and not _is_automatic(event, author):
            if message_id is not None:
                counted.add(message_id)
            yield HumanReply(event.at, author.actor_id)


def _is_automatic(*events: Event) -> bool:
    return any(event.data.get("automatic") for event in events)
