"""How the customers of the demo rated what was done for them."""

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from helpdesk.demo.cast import Person
from helpdesk.demo.stories import Told
from helpdesk.demo.texts import COMMENTS
from surveys.models import Survey, SurveyPolicy
from surveys.scales import SurveyKind
from surveys.services import create_default_surveys, start_survey
from surveys.services.history import PastInvitation, insert_past_invitations

DELAY = timedelta(hours=24)
NPS_ANSWERED = 0.4
NPS_SCORES = {0: 1, 2: 1, 4: 2, 5: 3, 6: 6, 7: 12, 8: 17, 9: 28, 10: 30}


def load_answers(
    rng: random.Random, told: Iterable[Told], people: Sequence[Person], now: datetime
) -> None:
    """CSAT for every resolution older than a day, NPS for every second customer."""
    create_default_surveys()
    # Whoever tries it out resolves a ticket and waits for the survey: here nobody was asked too
    # lately.
    SurveyPolicy.objects.update(do_not_ask_days=0)
    csat = Survey.objects.get(kind=SurveyKind.CSAT, is_active=True)
    insert_past_invitations(csat, _csat(rng, told, now), now=now)
    nps = Survey.objects.filter(kind=SurveyKind.NPS).first()
    if nps:
        start_survey(survey=nps, at=now)
        insert_past_invitations(nps, _nps(rng, people, now), now=now)


def _csat(rng: random.Random, told: Iterable[Told], now: datetime) -> Iterator[PastInvitation]:
    for one in told:
        story = one.story
        if story.resolved_at is None or story.resolved_at + DELAY > now:
            continue
        sent_at = story.resolved_at + DELAY
        answered_at = sent_at + timedelta(minutes=rng.randrange(3, 3000))
        score = story.score if answered_at < now else None
        language = one.person.customer.language
        yield PastInvitation(
            customer=one.person.customer,
            ticket=one.ticket,
            sent_at=sent_at,
            language=language,
            agent_id=story.resolved_by,
            team_id=one.ticket.team_id,
            score=score,
            comment=rng.choice(COMMENTS[language][score]) if score else "",
            answered_at=answered_at,
        )


def _nps(rng: random.Random, people: Sequence[Person], now: datetime) -> Iterator[PastInvitation]:
    scores, weights = zip(*NPS_SCORES.items(), strict=True)
    for person in people[::2]:
        sent_at = now - timedelta(days=rng.uniform(1, 55))
        has_answered = rng.random() < NPS_ANSWERED
        yield PastInvitation(
            customer=person.customer,
            sent_at=sent_at,
            language=person.customer.language,
            score=rng.choices(scores, weights)[0] if has_answered else None,
            answered_at=min(now, sent_at + timedelta(minutes=rng.randrange(3, 1400))),
        )
