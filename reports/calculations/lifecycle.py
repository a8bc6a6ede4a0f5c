"""How a ticket entered and left the backlog, and through whose hands it went."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reports.calculations.events import Event, HumanReply, states

WINDOW = timedelta(days=7)
"""How long a solution must hold to be known as one."""


class FlowKind(StrEnum):
    """The ways into the backlog and out of it."""

    CREATED = "created"
    REOPENED = "reopened"
    RESTORED = "restored"
    RESOLVED = "resolved"
    REMOVED = "removed"


INTO_BACKLOG = frozenset({FlowKind.CREATED, FlowKind.REOPENED, FlowKind.RESTORED})


@dataclass(frozen=True, slots=True)
class Flow:
    """One crossing of the border of the backlog; `agent_id` is who did it, if an agent did."""

    kind: FlowKind
    at: datetime
    team_id: int | None
    agent_id: int | None

    @property
    def change(self) -> int:
        """What it does to the size of the backlog: +1 or -1."""
        return 1 if self.kind in INTO_BACKLOG else -1


@dataclass(frozen=True, slots=True)
class Resolution:
    """One time a ticket was resolved, credited to the agent and team that did it.

    `human_replies` counts those sent until the window of seven days was over or the ticket was
    reopened, so that a reply handed over a moment after "send and resolve" belongs to it.
    """

    at: datetime
    agent_id: int | None
    team_id: int | None
    human_replies: int
    reopened_at: datetime | None = None

    @property
    def is_reopened_within_window(self) -> bool:
        return self.reopened_at is not None and self.reopened_at < self.at + WINDOW

    @property
    def is_first_contact(self) -> bool:
        """One reply and not reopened in time; whether the customer came back is asked apart."""
        return self.human_replies == 1 and not self.is_reopened_within_window

    def is_known(self, now: datetime) -> bool:
        """Whether the seven days are over."""
        return now >= self.at + WINDOW


def flows(events: Iterable[Event]) -> Iterator[Flow]:
    """Every crossing of the backlog's border, oldest first.

    A ticket that is opened in a solved state was created and resolved at once. A merge or a spam
    mark removes only what is in the backlog; its reverse restores it.
    """
    was_backlog = was_counted = was_opened = False
    for state in states(events):
        if not was_opened:
            yield _flow(FlowKind.CREATED, state.event)
            was_backlog = was_counted = was_opened = True
        if was_backlog and not state.is_backlog:
            kind = FlowKind.RESOLVED if state.is_counted else FlowKind.REMOVED
            yield _flow(kind, state.event)
        elif state.is_backlog and not was_backlog:
            kind = FlowKind.REOPENED if was_counted else FlowKind.RESTORED
            yield _flow(kind, state.event)
        was_backlog, was_counted = state.is_backlog, state.is_counted


def reopenings(crossings: Iterable[Flow]) -> list[datetime]:
    """When the ticket was reopened, oldest first."""
    return [flow.at for flow in crossings if flow.kind is FlowKind.REOPENED]


def resolutions(crossings: Sequence[Flow], replies: Sequence[HumanReply]) -> list[Resolution]:
    """Every time the ticket was resolved, oldest first."""
    reopened = reopenings(crossings)
    found = []
    for flow in crossings:
        if flow.kind is FlowKind.RESOLVED:
            again = next((at for at in reopened if at >= flow.at), None)
            until = min(filter(None, (again, flow.at + WINDOW)))
            sent = sum(reply.at <= until for reply in replies)
            found.append(Resolution(flow.at, flow.agent_id, flow.team_id, sent, again))
    return found


def transfers(events: Sequence[Event]) -> int:
    """Count the events that moved the ticket to another team or another agent.

    The first team and the first assignee are no transfer. Taking the assignee off is none either;
    giving the ticket to somebody else afterwards is.
    """
    moved = 0
    team_id = agent_id = None
    for event in events:
        left_team = team_id is not None and event.team_id not in (None, team_id)
        left_agent = agent_id is not None and event.assignee_id not in (None, agent_id)
        moved += left_team or left_agent
        team_id = event.team_id if event.team_id is not None else team_id
        agent_id = event.assignee_id if event.assignee_id is not None else agent_id
    return moved


def _flow(kind: FlowKind, event: Event) -> Flow:
    agent_id = event.actor_id if event.actor_kind == "agent" else None
    return Flow(kind, event.at, event.team_id, agent_id)
