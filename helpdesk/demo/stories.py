"""The past of one ticket, told step by step: the same events in the same order as the verbs."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from helpdesk.demo.cast import Person
from helpdesk.demo.texts import MATTERS, Matter
from tickets.models import Message, Ticket, TicketEvent
from tickets.services import PastEvent, PastMessage

Kind = TicketEvent.Kind
Status = Ticket.Status
Actor = TicketEvent.ActorKind

CUSTOMER, AGENT, SYSTEM = Actor.CUSTOMER, Actor.AGENT, Actor.SYSTEM
SURVEYED = 0.45  # share of asked customers who answer
TALK = {1: 75, 2: 18, 3: 7}  # rounds of question and answer: how often


@dataclass(frozen=True)
class Team:
    """A team and the ids of its agents, as the story needs them."""

    id: int
    agents: Sequence[int]


@dataclass
class Chronicle:
    """Collects messages and events of one ticket and keeps the state they lead to."""

    team_id: int
    status: str = Status.NEW
    assignee_id: int | None = None
    messages: list[PastMessage] = field(default_factory=list)
    events: list[PastEvent] = field(default_factory=list)

    def opened(self, at: datetime, text: str, priority: int, channel: str) -> None:
        self._event(Kind.OPENED, at, CUSTOMER, data={"channel": channel, "priority": priority})
        self._say(Message.Kind.CUSTOMER, at, text)
        self._event(Kind.CUSTOMER_MESSAGE, at, CUSTOMER, message=0)

    def customer_writes(self, at: datetime, text: str) -> None:
        index = self._say(Message.Kind.CUSTOMER, at, text)
        before = self.status
        if before in (Status.PENDING, Status.RESOLVED):
            self.status = Status.OPEN
        data = {"auto_reply": False}
        self._event(Kind.CUSTOMER_MESSAGE, at, CUSTOMER, message=index, data=data)
        if before != self.status:
            kind = Kind.REOPENED if before == Status.RESOLVED else Kind.STATUS_CHANGED
            self._event(kind, at, CUSTOMER, data={"from": before, "to": self.status})

    def assigned(self, at: datetime, by: int, to: int) -> None:
        data = {"from": self.assignee_id, "to": to}
        self.assignee_id = to
        self._event(Kind.ASSIGNED, at, AGENT, actor=by, data=data)

    def noted(self, at: datetime, by: int, text: str) -> None:
        index = self._say(Message.Kind.NOTE, at, text, agent=by)
        self._event(Kind.NOTE, at, AGENT, actor=by, message=index)

    def prioritised(self, at: datetime, by: int, before: int, priority: int) -> None:
        data = {"from": before, "to": priority}
        self._event(Kind.PRIORITY_CHANGED, at, AGENT, actor=by, data=data)

    def tagged(self, at: datetime, by: int, tag: str) -> None:
        self._event(Kind.TAGGED, at, AGENT, actor=by, data={"tag": tag})

    def held(self, at: datetime, by: int) -> None:
        data = {"from": self.status, "to": Status.ON_HOLD}
        self.status = Status.ON_HOLD
        self._event(Kind.STATUS_CHANGED, at, AGENT, actor=by, data=data)

    def replied(self, at: datetime, by: int, text: str, status: str = Status.PENDING) -> None:
        solved = status == Status.RESOLVED
        index = self._say(Message.Kind.REPLY, at, text, agent=by, asks_if_solved=solved)
        before, was_assigned = self.status, self.assignee_id
        self.status, self.assignee_id = status, was_assigned or by
        self._event(Kind.REPLY, at, AGENT, actor=by, message=index, data={"message": 0})
        if was_assigned is None:
            self._event(Kind.ASSIGNED, at, AGENT, actor=by, data={"from": None, "to": by})
        if before != status:
            kind = Kind.RESOLVED if solved else Kind.STATUS_CHANGED
            data = {"from": before, "to": status, **({"asked": True} if solved else {})}
            self._event(kind, at, AGENT, actor=by, data=data)
        sent = {"message": 0, "automatic": False, "agent": by, "reason": ""}
        self._event(Kind.REPLY_SENT, at + timedelta(seconds=2), SYSTEM, message=index, data=sent)

    def closed(self, at: datetime) -> None:
        self.status = Status.CLOSED
        self._event(Kind.CLOSED, at, SYSTEM, data={"from": Status.RESOLVED, "to": self.status})

    def spam(self, at: datetime, by: int) -> None:
        self._event(Kind.MARKED_SPAM, at, AGENT, actor=by)

    def _say(
        self,
        kind: str,
        at: datetime,
        text: str,
        agent: int | None = None,
        asks_if_solved: bool = False,
    ) -> int:
        self.messages.append(PastMessage(kind, at, text, agent, asks_if_solved))
        return len(self.messages) - 1

    def _event(
        self,
        kind: str,
        at: datetime,
        actor_kind: str,
        *,
        actor: int | None = None,
        message: int | None = None,
        data: Mapping[str, object] | None = None,
    ) -> None:
        self.events.append(
            PastEvent(
                kind=kind,
                at=at,
                actor_kind=actor_kind,
                status=self.status,
                team_id=self.team_id,
                assignee_id=self.assignee_id,
                actor_id=actor,
                message=message,
                data=data or {},
            )
        )


@dataclass(frozen=True)
class Story:
    """What a `PastTicket` needs besides its people: the words, the steps, and how it was rated."""

    matter: Matter
    subject: str
    priority: int
    chronicle: Chronicle
    resolved_at: datetime | None
    resolved_by: int | None
    score: int | None  # CSAT 1–5, None: not answered


@dataclass(frozen=True)
class Told:
    """A story with the ticket that was made of it."""

    ticket: Ticket
    story: Story
    person: Person


def tell(
    rng: random.Random,
    *,
    language: str,
    name: str,
    team: Team,
    opened_at: datetime,
    now: datetime,
    unsolved_share: float,
    channel: str = "email",
    rounds: int | None = None,
) -> Story:
    """Tell one ticket from `opened_at` up to `now` at the latest.

    A ticket older than three weeks is solved and closed but for a share of `unsolved_share`.
    """
    matter = rng.choice(MATTERS[language])
    number = f"A{rng.randrange(10_000, 99_999)}"
    agent = rng.choice(team.agents)
    priority = rng.choices((1, 2, 3, 4), (10, 70, 15, 5))[0]
    chronicle = Chronicle(team.id)
    teller = _Teller(rng, chronicle, matter, number, name, agent, now)
    teller.open(opened_at, priority, channel)
    is_left = rng.random() < unsolved_share
    teller.talk(rounds or rng.choices(*zip(*TALK.items(), strict=True))[0], is_left)
    return teller.story(matter.subject.format(n=number), priority)


class _Teller:
    """Moves the clock and stops as soon as the story would reach the future."""

    def __init__(
        self,
        rng: random.Random,
        chronicle: Chronicle,
        matter: Matter,
        number: str,
        name: str,
        agent: int,
        now: datetime,
    ) -> None:
        self.rng, self.chronicle, self.matter = rng, chronicle, matter
        self.number, self.name, self.agent, self.now = number, name, agent, now
        self.at = now
        self.resolved_at: datetime | None = None

    def open(self, at: datetime, priority: int, channel: str) -> None:
        self.at = at
        text = self._words(self.matter.customer[0])
        self.chronicle.opened(at, text, priority, channel)

    def talk(self, rounds: int, is_left: bool) -> None:
        if is_left and self.rng.random() < 0.4:
            return
        for turn in range(rounds):
            if turn and not self._customer_writes(turn):
                return
            is_last = turn == rounds - 1
            if not self._answers(turn, is_last=is_last and not is_left):
                return
        if not is_left:
            self._afterwards()
        elif self.rng.random() < 0.5:
            self._customer_writes(rounds)

    def _customer_writes(self, turn: int) -> bool:
        if not self._later(minutes=(40, 2200)):
            return False
        self.chronicle.customer_writes(self.at, self._words(_nth(self.matter.customer, turn)))
        return True

    def _answers(self, turn: int, *, is_last: bool) -> bool:
        rng, chronicle = self.rng, self.chronicle
        if not self._later(minutes=(4, 500)):
            return False
        if turn == 0 and rng.random() < 0.5:
            chronicle.assigned(self.at, self.agent, self.agent)
            chronicle.tagged(self.at, self.agent, self.matter.tag)
        if turn == 0 and rng.random() < 0.35:
            chronicle.noted(self.at, self.agent, self.matter.note)
        if rng.random() < 0.1:
            chronicle.held(self.at, self.agent)
            if not self._later(minutes=(60, 1500)):
                return False
        status = Status.RESOLVED if is_last else Status.PENDING
        chronicle.replied(self.at, self.agent, self._words(_nth(self.matter.agent, turn)), status)
        if is_last:
            self.resolved_at = self.at
        return True

    def _afterwards(self) -> None:
        """Some say thanks and are resolved again; after a week it is closed."""
        if self.rng.random() < 0.12 and self._later(minutes=(60, 2800)):
            self.chronicle.customer_writes(self.at, self.matter.thanks)
            self.resolved_at = None
            if not self._later(minutes=(5, 300)):
                return
            self.chronicle.replied(
                self.at, self.agent, self._words(self.matter.agent[-1]), Status.RESOLVED
            )
            self.resolved_at = self.at
        closes_at = self.at + timedelta(days=7)
        if closes_at < self.now:
            self.at = closes_at
            self.chronicle.closed(self.at)

    def _later(self, *, minutes: tuple[int, int]) -> bool:
        low, high = minutes
        wait = timedelta(minutes=low + (high - low) * self.rng.random() ** 3)
        if self.at + wait >= self.now:
            return False
        self.at += wait
        return True

    def _words(self, text: str) -> str:
        return text.format(n=self.number, name=self.name)

    def story(self, subject: str, priority: int) -> Story:
        score = None
        if self.resolved_at and self.rng.random() < SURVEYED:
            score = self.rng.choices((1, 2, 3, 4, 5), (5, 5, 10, 30, 50))[0]
        return Story(
            matter=self.matter,
            subject=subject,
            priority=priority,
            chronicle=self.chronicle,
            resolved_at=self.resolved_at,
            resolved_by=self.agent if self.resolved_at else None,
            score=score,
        )


def _nth(texts: Sequence[str], n: int) -> str:
    return texts[n % len(texts)]
