"""The tiles of the overview: a figure, what it rests on, and whether it really moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from reports import wording
from reports.calculations import rates
from reports.charts import sparkline
from reports.definitions import DEFINITIONS
from reports.metrics import counts, satisfaction, times
from reports.metrics.counts import Backlog
from reports.metrics.scope import Scope
from surveys.scales import SurveyKind
from surveys.statistics import Difference, Share, Verdict, nps_difference

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words

UP_IS_GOOD, UP_IS_BAD, NEITHER = 1, -1, 0


@dataclass(frozen=True)
class Change:
    """Against the previous period; `tone` is "good" or "bad" only for a real change."""

    words: str
    before: str
    verdict: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Tile:
    """One figure; `key` names its definition and the tickets behind it."""

    key: str
    value: str
    more: str = ""
    change: Change | None = None
    spark: str = ""

    @property
    def label(self) -> "Words":
        return DEFINITIONS[self.key].label

    @property
    def definition(self) -> "Words":
        return DEFINITIONS[self.key].text


@dataclass(frozen=True)
class Period:
    """What was counted in one period, read once for all tiles."""

    scope: Scope
    cohort: counts.Cohort
    solutions: counts.Solutions
    times: Mapping[str, times.Readings]


def period(scope: Scope) -> Period:
    """Read what the tiles of a period need."""
    readings = {key: metric(scope) for key, metric in TIMED.items()}
    return Period(scope, counts.cohort(scope), counts.solutions(scope), readings)


TIMED: Mapping[str, times.Metric] = {
    "first_response_time": times.first_response_time,
    "next_reply_time": times.next_reply_time,
    "full_resolution_time": times.full_resolution_time,
}


def workload(now: Period, before: Period, backlog: Backlog) -> list[Tile]:
    """How much came in, went out and is left."""
    created = [day.created for day in backlog.days]
    resolved = [day.resolved for day in backlog.days]
    return [
        _count("created", now.cohort.created, before.cohort.created, created),
        _count("resolved", now.solutions.times, before.solutions.times, resolved),
        _backlog(backlog),
        # Not coloured: an older cohort has had more time to be solved.
        _share(
            "resolution_rate",
            now.cohort.resolution_rate,
            before.cohort.resolution_rate,
            NEITHER,
        ),
        _throughput(now, before),
    ]


def speed(now: Period, before: Period) -> list[Tile]:
    """How long customers waited: medians, with p90 beside them."""
    return [_time(key, now.times[key], before.times[key], now.scope.basis) for key in TIMED]


def quality(now: Period, before: Period) -> list[Tile]:
    """Whether it was done well the first time."""
    return [
        _share("one_touch", now.cohort.one_touch_rate, before.cohort.one_touch_rate),
        _known(
            "first_contact_resolution",
            now.solutions.first_contact_resolution,
            before.solutions.first_contact_resolution,
            UP_IS_GOOD,
        ),
        _known("reopen_rate", now.solutions.reopen_rate, before.solutions.reopen_rate, UP_IS_BAD),
        _share("transfer_rate", now.cohort.transfer_rate, before.cohort.transfer_rate, UP_IS_BAD),
    ]


def satisfied(scope: Scope) -> list[Tile]:
    """What customers say, and how many of them do."""
    return [
        _csat(scope),
        _response("csat_response_rate", scope, SurveyKind.CSAT),
        _nps(scope),
        _response("nps_response_rate", scope, SurveyKind.NPS),
    ]


def _count(key: str, now: int, before: int, by_day: Sequence[int]) -> Tile:
    moved = rates.compare_counts(now, before)
    relative = 100 * (now - before) / before if before else None
    words = f"{wording.signed(relative)} %" if relative is not None else wording.signed(now)
    change = Change(words, wording.number(before), wording.verdict(moved))
    return Tile(key, wording.number(now), change=change, spark=sparkline(by_day))


def _backlog(backlog: Backlog) -> Tile:
    moved = backlog.closing - backlog.opening
    change = Change(wording.signed(moved), wording.number(backlog.opening))
    by_day = [day.backlog for day in backlog.days]
    return Tile("backlog", wording.number(backlog.closing), change=change, spark=sparkline(by_day))


def _throughput(now: Period, before: Period) -> Tile:
    ratio = counts.throughput_ratio(now.cohort, now.solutions)
    was = counts.throughput_ratio(before.cohort, before.solutions)
    moved = ratio - was if ratio is not None and was is not None else None
    return Tile(
        "throughput_ratio",
        wording.number(ratio, 2),
        more=_("%(resolved)s resolved, %(created)s created")
        % {
            "resolved": wording.number(now.solutions.times),
            "created": wording.number(now.cohort.created),
        },
        change=Change(wording.signed(moved, 2), wording.number(was, 2)),
    )


def _share(key: str, now: Share, before: Share, good: int = UP_IS_GOOD) -> Tile:
    return Tile(
        key,
        wording.percent(now.percent),
        more=wording.interval(now),
        change=_moved(rates.compare_shares(now, before), wording.percent(before.percent), good),
    )


def _known(key: str, now: rates.KnownShare, before: rates.KnownShare, good: int) -> Tile:
    moved = rates.compare_shares(now.share, before.share)
    return Tile(
        key,
        wording.percent(now.share.percent),
        more=wording.known(now),
        change=_moved(moved, wording.percent(before.share.percent), good),
    )


def _moved(moved: Difference, before: str, good: int) -> Change:
    points = _("%(points)s points") % {"points": wording.signed(moved.points)}
    tone = ""
    if moved.verdict is Verdict.REAL and moved.points and good:
        tone = "good" if moved.points * good > 0 else "bad"
    return Change(points if moved.points is not None else "", before, wording.verdict(moved), tone)


def _time(key: str, now: times.Readings, before: times.Readings, basis: str) -> Tile:
    in_days = basis == "calendar"
    summary, was = now.overall(basis), before.overall(basis)
    more = _("median of %(n)s · p90 %(p90)s") % {
        "n": wording.number(summary.n),
        "p90": wording.estimate(summary.p90, in_days=in_days),
    }
    change = Change("", wording.estimate(was.median, in_days=in_days))
    return Tile(key, wording.estimate(summary.median, in_days=in_days), more=more, change=change)


def _csat(scope: Scope) -> Tile:
    now, before = satisfaction.csat(scope), satisfaction.csat(scope.previous)
    more = wording.interval(now.satisfied)
    if now.mean is not None:
        more += " · " + _("mean %(mean)s") % {"mean": wording.number(now.mean, 1)}
    moved = rates.compare_shares(now.satisfied, before.satisfied)
    was = wording.percent(before.satisfied.percent)
    return Tile(
        "csat",
        wording.percent(now.satisfied.percent),
        more=more,
        change=_moved(moved, was, UP_IS_GOOD),
    )


def _nps(scope: Scope) -> Tile:
    now, before = satisfaction.nps(scope), satisfaction.nps(scope.previous)
    parts = [wording.answers(now.n), wording.band(now)]
    return Tile(
        "nps",
        wording.score(now),
        more=" · ".join(filter(None, parts)),
        change=_moved(nps_difference(now, before), wording.score(before), UP_IS_GOOD),
    )


def _response(key: str, scope: Scope, kind: str) -> Tile:
    now = satisfaction.response_rate(scope, kind)
    before = satisfaction.response_rate(scope.previous, kind)
    return _share(key, now, before)
