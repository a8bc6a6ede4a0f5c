"""The tables of the overview: times in full, and each team, agent and channel."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from reports.calculations.percentiles import TimeSummary
from reports.definitions import DEFINITIONS, Definition
from reports.metrics import counts, satisfaction, times
from reports.metrics.scope import Scope
from surveys.statistics import Csat, csat
from tickets.models import Channel

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words

NO_ANSWERS = csat({})


@dataclass(frozen=True)
class TimeRow:
    """One time figure by one kind of hours."""

    key: str
    basis: str
    summary: TimeSummary

    @property
    def definition(self) -> Definition:
        return DEFINITIONS[self.key]

    @property
    def is_business(self) -> bool:
        return self.basis == "business"


def time_rows(readings: Mapping[str, times.Readings]) -> list[TimeRow]:
    """Every time figure, by business and by calendar hours."""
    return [
        TimeRow(key, basis, read.overall(basis))
        for key, read in readings.items()
        for basis in ("business", "calendar")
    ]


@dataclass(frozen=True)
class Dimension:
    """How tickets are told apart, and the column that credits each figure; "" for no credit.

    Reply times go to the agent who replied, resolutions to who resolved, survey scores to those
    frozen in the invitation.
    """

    title: "Words"
    nobody: "Words"
    created: str
    resolved: str
    first_response_time: str
    full_resolution_time: str
    csat: str


DIMENSIONS: Mapping[str, Dimension] = {
    "team": Dimension(
        title=_("By team"),
        nobody=_("No team"),
        created="team_id",
        resolved="team_id",
        first_response_time="team_id",
        full_resolution_time="team_id",
        csat="invitation__team_id",
    ),
    "agent": Dimension(
        title=_("By agent"),
        nobody=_("Nobody yet"),
        created="",
        resolved="agent_id",
        first_response_time="first_responder_id",
        full_resolution_time="resolved_by_id",
        csat="invitation__agent_id",
    ),
    "channel": Dimension(
        title=_("By channel"),
        nobody=_("No channel"),
        created="channel_id",
        resolved="channel_id",
        first_response_time="channel_id",
        full_resolution_time="channel_id",
        csat="invitation__ticket__channel_id",
    ),
}


@dataclass(frozen=True)
class Row:
    """One team, agent or channel; `key` is its id, None for tickets without one."""

    key: int | None
    name: str
    created: int | None
    resolved: int
    first_response_time: TimeSummary
    full_resolution_time: TimeSummary
    csat: Csat


@dataclass(frozen=True)
class Table:
    """All rows of a dimension, by name; nobody is ranked."""

    name: str
    dimension: Dimension
    rows: list[Row]


def tables(scope: Scope, readings: Mapping[str, times.Readings]) -> list[Table]:
    """The same figures by team, by agent and by channel."""
    resolved = counts.credits(scope)
    return [table(scope, name, readings, resolved[name]) for name in DIMENSIONS]


def table(
    scope: Scope,
    name: str,
    readings: Mapping[str, times.Readings],
    resolved: Mapping[Hashable, int],
) -> Table:
    """The figures of each team, agent or channel; `readings` are those of the scope."""
    by = DIMENSIONS[name]
    created = readings["full_resolution_time"].count_by(name) if by.created else {}
    answered = readings["first_response_time"].by(name, scope.basis)
    solved = readings["full_resolution_time"].by(name, scope.basis)
    scores = satisfaction.csat_by(scope, by.csat)
    names = _names(name)
    rows = [
        Row(
            key=key if isinstance(key, int) else None,
            name=names.get(key, str(by.nobody)),
            created=created.get(key, 0) if by.created else None,
            resolved=resolved.get(key, 0),
            first_response_time=answered.get(key, times.NOTHING),
            full_resolution_time=solved.get(key, times.NOTHING),
            csat=scores.get(key, NO_ANSWERS),
        )
        for key in {*created, *resolved, *answered, *solved, *scores}
    ]
    return Table(name, by, sorted(rows, key=lambda row: (row.key is None, row.name.casefold())))


def _names(name: str) -> dict[Hashable, str]:
    models = {"team": Team, "agent": User, "channel": Channel}
    return dict(models[name]._default_manager.values_list("pk", "name"))
