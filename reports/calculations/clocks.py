"""The clocks of one ticket: one function per metric, and all of them together.

Times are seconds, in calendar and in business time. A clock that has not stopped is running and
reads "at least"; it is read at the present moment, or at the moment the ticket left the backlog.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from reports.calculations.elapsed import Calendars, Clock, Span, Track
from reports.calculations.events import OUR_TURN, Event, states
from reports.calculations.lifecycle import Flow, Resolution, reopenings, transfers


@dataclass(frozen=True, slots=True)
class Exchange:
    """From the customer's first unanswered message to the reply of an agent, if there is one."""

    asked_at: datetime
    answered_at: datetime | None
    agent_id: int | None
    clock: Clock


@dataclass(frozen=True, slots=True)
class TicketClocks:
    """Everything that is measured on one ticket, as of one moment."""

    as_of: datetime
    opened_at: datetime
    customer_wrote_at: datetime | None
    is_counted: bool
    is_resolved: bool
    first_response_time: Clock | None
    next_reply_times: tuple[Exchange, ...]
    requester_wait_time: Clock
    agent_wait_time: Clock
    on_hold_time: Clock
    unowned_time: Clock
    first_resolution_time: Clock
    full_resolution_time: Clock
    transfers: int
    human_replies: int
    one_touch: bool
    resolutions: tuple[Resolution, ...]
    reopened_at: tuple[datetime, ...]
    flows: tuple[Flow, ...]

    @property
    def first_responder_id(self) -> int | None:
        return self.next_reply_times[0].agent_id if self.next_reply_times else None


def ticket_clocks(events: Sequence[Event], calendars: Calendars, now: datetime) -> TicketClocks:
    """Measure one ticket from all its events, oldest first. Raises ValueError without events."""
    if not events:
        raise ValueError("A ticket without events has no clocks.")
    track = Track(events, calendars, now)
    exchanges = next_reply_times(track)
    last = list(states(events))[-1]
    is_resolved = last.is_counted and not last.is_backlog
    return TicketClocks(
        as_of=track.now,
        opened_at=track.opened_at,
        customer_wrote_at=track.asked_at[0] if track.asked_at else None,
        is_counted=last.is_counted,
        is_resolved=is_resolved,
        first_response_time=first_response_time(exchanges),
        next_reply_times=exchanges,
        requester_wait_time=requester_wait_time(track),
        agent_wait_time=agent_wait_time(track),
        on_hold_time=on_hold_time(track),
        unowned_time=unowned_time(track),
        first_resolution_time=first_resolution_time(track),
        full_resolution_time=full_resolution_time(track),
        transfers=transfers(events),
        human_replies=len(track.replies),
        one_touch=is_resolved and len(track.replies) == 1,
        resolutions=track.resolutions,
        reopened_at=tuple(reopenings(track.flows)),
        flows=track.flows,
    )


def first_response_time(exchanges: Sequence[Exchange]) -> Clock | None:
    """From the customer's first message to the first public reply of an agent that was sent.

    It is the first of the ticket's exchanges; None while the customer has not written.
    """
    return exchanges[0].clock if exchanges else None


def next_reply_times(track: Track) -> tuple[Exchange, ...]:
    """From each first unanswered message to the next public reply of an agent, oldest first."""
    asked = list(track.asked_at)
    found: list[Exchange] = []
    for reply in track.replies:
        if asked and asked[0] <= reply.at:
            clock = track.clock(asked[0], reply.at)
            found.append(Exchange(asked[0], reply.at, reply.agent_id, clock))
            asked = [at for at in asked if at > reply.at]
    if asked:
        found.append(Exchange(asked[0], None, None, track.clock(asked[0], None)))
    return tuple(found)


def requester_wait_time(track: Track) -> Clock:
    """Total time in new, open and on hold: the customer waits for us."""
    return track.total(lambda span: span.is_backlog and span.status in OUR_TURN)


def agent_wait_time(track: Track) -> Clock:
    """Total time in pending: we wait for the customer."""
    return track.total(lambda span: span.is_backlog and span.status == "pending")


def on_hold_time(track: Track) -> Clock:
    """Total time in on hold: somebody else is awaited."""
    return track.total(lambda span: span.is_backlog and span.status == "on_hold")


def unowned_time(track: Track) -> Clock:
    """Total time without an assignee while not pending and not resolved."""

    def is_unowned(span: Span) -> bool:
        return span.is_backlog and span.status in OUR_TURN and span.assignee_id is None

    return track.total(is_unowned)


def first_resolution_time(track: Track) -> Clock:
    """From creation to the first time it was resolved."""
    resolved = track.resolutions
    return track.clock(track.opened_at, resolved[0].at if resolved else None)


def full_resolution_time(track: Track) -> Clock:
    """From creation to the last time it was resolved; a reopened ticket is running again."""
    resolved = track.resolutions
    is_open = track.spans[-1].is_backlog
    return track.clock(track.opened_at, resolved[-1].at if resolved and not is_open else None)


def holding_times(track: Track) -> dict[int, Clock]:
    """Time each assignee held the ticket while it was our turn, by agent."""
    held = [span.assignee_id for span in track.spans if span.assignee_id is not None]
    return {
        agent_id: track.total(
            lambda span, agent_id=agent_id: (  # type: ignore[misc]
                span.is_backlog and span.status in OUR_TURN and span.assignee_id == agent_id
            )
        )
        for agent_id, _ in groupby(sorted(held))
    }
