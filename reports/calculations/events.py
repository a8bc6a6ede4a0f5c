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
        if event.kind in REMOVING:
            marks.add(REMOVING[event.kind])
        elif event.kind in RESTORING:
            marks.discard(RESTORING[event.kind])
        yield State(event, is_counted=not marks)


def customer_messages(events: Iterable[Event]) -> Iterator[Event]:
    """What the customer wrote, oldest first.

    Words an agent took down (a call: it was answered as it was made) and automatic answers of the
    customer's mailbox do not wait for a reply, so they do not count.
    """
    for event in events:
        is_theirs = event.kind in {"customer_message", "opened"} and event.actor_kind == "customer"
        if is_theirs and not event.data.get("auto_reply"):
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
        is_automatic = event.data.get("automatic") or author.data.get("automatic")
        if author.actor_kind == "agent" and not is_automatic:
            if message_id is not None:
                counted.add(message_id)
            yield HumanReply(event.at, author.actor_id)
