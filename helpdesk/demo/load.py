"""Writes the demo's past into the database, in bulk."""

import random
from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from helpdesk.demo.cast import Cast, Person, make_cast, make_customers
from helpdesk.demo.orders import load_orders
from helpdesk.demo.stories import Story, Team, Told, tell
from helpdesk.demo.surveys import load_answers
from messaging.services.history import insert_past_deliveries
from reports import services as figures
from tickets.models import Message, Ticket
from tickets.services import PastTicket, insert_history

SMALL = 60
PAST = timedelta(days=60)
WORKING_HOURS = range(8, 21)
RECENT = timedelta(days=4)
RECENT_UNSOLVED = 0.6
# Of a large past only so many are still unsolved: a desk that keeps up.
UNSOLVED_AT_MOST = 400
# The delivery log of a larger past would only repeat the messages; its figures are left to
# `rebuild_metrics`, which says how far it is.
SHOWN_UP_TO = 1000
LONG_TALK = 5  # one ticket in a hundred goes on for so many rounds


def load_demo(*, tickets: int = SMALL, seed: int = 1, now: datetime | None = None) -> list[Told]:
    """Write staff, customers and `tickets` tickets of the last 60 days; return what was told.

    The same seed and `now` give the same past. Large pasts spread over more days, at most 100
    tickets an hour.
    """
    now = now or timezone.now()
    rng = random.Random(seed)
    cast = make_cast()
    past = max(PAST, timedelta(hours=tickets / 40))
    people = make_customers(rng, max(20, tickets // 4) if tickets > SMALL else 20, now - past)
    planned = list(_plan(rng, cast, people, tickets, now, past))
    pasts = (_past(cast, story, who) for story, who in planned)
    rows = insert_history(pasts, site_url=settings.SITE_URL)
    told = [Told(row, story, who) for row, (story, who) in zip(rows, planned, strict=True)]
    load_answers(rng, told, people, now)
    if tickets <= SHOWN_UP_TO:
        insert_past_deliveries(_replies(told))
        load_orders(people, now)
        deque(figures.rebuild(now=now), maxlen=0)
    return told


def _replies(told: list[Told]) -> QuerySet[Message]:
    return (
        Message.objects.filter(ticket__in=[t.ticket.pk for t in told], kind=Message.Kind.REPLY)
        .select_related("ticket__requester", "ticket__channel", "agent")
        .order_by("created_at", "id")
    )


def _plan(
    rng: random.Random,
    cast: Cast,
    people: list[Person],
    count: int,
    now: datetime,
    past: timedelta,
) -> Iterator[tuple[Story, Person]]:
    teams = [Team(t.pk, [u.pk for u in cast.agents[t.pk]]) for t in cast.teams]
    old_share = min(0.03, UNSOLVED_AT_MOST / count)
    for at in sorted(_moment(rng, now, past, count) for _ in range(count)):
        person = rng.choice(people)
        team = rng.choices(teams, (3, 1))[0]
        story = tell(
            rng,
            language=person.customer.language,
            name=person.customer.name.split()[0],
            team=team,
            opened_at=at,
            now=now,
            unsolved_share=RECENT_UNSOLVED if now - at < RECENT else old_share,
            channel=rng.choices(("email", "webform", "phone"), (80, 15, 5))[0],
            rounds=LONG_TALK if rng.random() < 0.01 else None,
        )
        yield story, person


def _moment(rng: random.Random, now: datetime, past: timedelta, count: int) -> datetime:
    """A moment of the past, rather in working hours and on weekdays; of a few, rather lately."""
    bend = 2 if count <= SMALL else 1
    while True:
        at = now - past * rng.random() ** bend
        if at.hour in WORKING_HOURS and (at.weekday() < 5 or rng.random() < 0.3):
            return at.replace(microsecond=0)


def _past(cast: Cast, story: Story, person: Person) -> PastTicket:
    chronicle = story.chronicle
    channel = cast.channels[str(chronicle.events[0].data["channel"])]
    return PastTicket(
        subject=story.subject,
        channel=channel,
        requester=person.customer,
        sender_address=person.address,
        language=person.customer.language,
        priority=story.priority,
        messages=chronicle.messages,
        events=chronicle.events,
        tags=[str(e.data["tag"]) for e in chronicle.events if e.kind == "tagged"],
    )


def is_empty() -> bool:
    """Nothing was ever done here: no ticket and no user."""
    return not Ticket.objects.exists() and not User.objects.exists()


__all__ = ["Told", "is_empty", "load_demo"]
