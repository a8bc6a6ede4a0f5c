"""What customers answered in a period, and how many of those asked did."""

from collections.abc import Hashable

from django.db.models import Count, Q, QuerySet

from reports.metrics.scope import Scope
from surveys.models import Answer, Invitation
from surveys.scales import SurveyKind
from surveys.selectors import invitations_that_reached
from surveys.statistics import Csat, Nps, Share
from surveys.statistics import csat as csat_of
from surveys.statistics import nps as nps_of
from surveys.statistics import response_rate as response_rate_of


def answers(scope: Scope, kind: str) -> QuerySet[Answer]:
    """The answers of the period that count, credited as frozen in the invitation."""
    return Answer.objects.filter(
        scope.within("answered_at"), _matching(scope, "invitation__"), kind=kind, is_current=True
    )


def sent(scope: Scope, kind: str) -> QuerySet[Invitation]:
    """The invitations sent in the period: the cohort whose answers are counted."""
    return invitations_that_reached(kind).filter(scope.within("sent_at"), _matching(scope))


def csat(scope: Scope) -> Csat:
    """Satisfaction of the answers in the period."""
    return csat_of(_tally(answers(scope, SurveyKind.CSAT)))


def nps(scope: Scope) -> Nps:
    """Net promoter score of the answers in the period."""
    return nps_of(_tally(answers(scope, SurveyKind.NPS)))


def response_rate(scope: Scope, kind: str) -> Share:
    """Of the invitations sent in the period, the share answered."""
    found = sent(scope, kind).aggregate(
        sent=Count("pk"), answered=Count("pk", filter=Q(state=Invitation.State.ANSWERED))
    )
    return response_rate_of(sent=found["sent"], answered=found["answered"])


def csat_by(scope: Scope, group: str) -> dict[Hashable, Csat]:
    """Satisfaction for each value of a column of the answers."""
    tallies: dict[Hashable, dict[int, int]] = {}
    rows = answers(scope, SurveyKind.CSAT).order_by().values_list(group, "score")
    for key, score, number in rows.annotate(number=Count("pk")):
        tallies.setdefault(key, {})[score] = number
    return {key: csat_of(tally) for key, tally in tallies.items()}


def _tally(found: QuerySet[Answer]) -> dict[int, int]:
    return dict(found.order_by().values_list("score").annotate(number=Count("pk")))


def _matching(scope: Scope, prefix: str = "") -> Q:
    chosen = {"team": scope.team_id, "agent": scope.agent_id, "ticket__channel": scope.channel_id}
    columns = {f"{prefix}{name}": pk for name, pk in chosen.items() if pk is not None}
    ticket = f"{prefix}ticket"
    is_counted = Q(**{ticket: None}) | Q(
        **{f"{ticket}__is_spam": False, f"{ticket}__merged_into": None}
    )
    return Q(**columns) & is_counted
