"""What survey scores say, and how sure one may be of it: values in, values out.

A tally maps each score to the number of answers that gave it. Shares, intervals and margins are
percentages (0–100), points of NPS run from −100 to 100. Below `ENOUGH` answers the numbers are
still true, but nobody is ranked and nothing is coloured by them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import hypot, sqrt

Tally = Mapping[int, int]

ENOUGH = 30
Z95 = 1.96
"""Half-width of the middle 95 % of a normal distribution, in standard deviations."""


class Band(StrEnum):
    """How good a net promoter score is held to be."""

    POOR = "poor"
    GOOD = "good"
    EXCELLENT = "excellent"
    WORLD_CLASS = "world_class"


class Verdict(StrEnum):
    """Whether a change may be called one."""

    REAL = "real"
    NOISE = "noise"
    TOO_SMALL = "too_small"


@dataclass(frozen=True)
class Share:
    """`part` of `n` in percent, with its 95 % interval; None where there is no answer."""

    part: int
    n: int
    percent: float | None
    low: float | None
    high: float | None

    @property
    def is_enough(self) -> bool:
        return self.n >= ENOUGH


@dataclass(frozen=True)
class Csat:
    """Satisfaction on a scale 1–5: the share of 4 and 5, and the mean beside it."""

    n: int
    satisfied: Share
    mean: float | None

    @property
    def is_enough(self) -> bool:
        return self.n >= ENOUGH


@dataclass(frozen=True)
class Nps:
    """Net promoter score on a scale 0–10, −100…100, with its 95 % margin in points."""

    n: int
    promoters: int
    passives: int
    detractors: int
    score: float | None
    margin: float | None
    band: Band | None

    @property
    def is_enough(self) -> bool:
        return self.n >= ENOUGH


@dataclass(frozen=True)
class Ces:
    """Customer effort on a scale 1–7 (7 = made it easy): the mean and the share of 5–7."""

    n: int
    mean: float | None
    easy: Share

    @property
    def is_enough(self) -> bool:
        return self.n >= ENOUGH


@dataclass(frozen=True)
class Difference:
    """How far a figure moved, in points, with the 95 % interval of the move."""

    points: float | None
    low: float | None
    high: float | None
    verdict: Verdict


def csat(tally: Tally) -> Csat:
    """Satisfaction: answers 4 and 5 of all answers. Raises ValueError outside 1–5."""
    n = _count(tally, 1, 5)
    return Csat(n=n, satisfied=share(_between(tally, 4, 5), n), mean=_mean(tally, n))


def nps(tally: Tally) -> Nps:
    """Promoters (9–10) less detractors (0–6), in points. Raises ValueError outside 0–10.

    The margin is 1.96·√((p + d − (p − d)²)/n)·100: the variance of a score of +1, 0 and −1.
    """
    n = _count(tally, 0, 10)
    promoters, detractors = _between(tally, 9, 10), _between(tally, 0, 6)
    passives = n - promoters - detractors
    if not n:
        return Nps(n, promoters, passives, detractors, score=None, margin=None, band=None)
    happy, unhappy = promoters / n, detractors / n
    score = 100 * (promoters - detractors) / n
    variance = max(0.0, happy + unhappy - (happy - unhappy) ** 2)
    margin = Z95 * sqrt(variance / n) * 100
    return Nps(n, promoters, passives, detractors, score=score, margin=margin, band=band(score))


def band(score: float) -> Band:
    """Name a net promoter score: 0 and more is good, over 50 excellent, over 70 world class."""
    if score > 70:
        return Band.WORLD_CLASS
    if score > 50:
        return Band.EXCELLENT
    return Band.GOOD if score >= 0 else Band.POOR


def ces(tally: Tally) -> Ces:
    """Effort: the mean, and the share that found it easy (5–7). Raises ValueError outside 1–7."""
    n = _count(tally, 1, 7)
    return Ces(n=n, mean=_mean(tally, n), easy=share(_between(tally, 5, 7), n))


def response_rate(*, sent: int, answered: int) -> Share:
    """The share of the sent invitations that was answered; both of the same cohort."""
    return share(answered, sent)


def share(part: int, n: int) -> Share:
    """`part` of `n` in percent with Wilson's 95 % score interval (Wilson 1927).

    Raises ValueError when the part is not a part.
    """
    if not 0 <= part <= n:
        raise ValueError(f"{part} is not a part of {n}.")
    if not n:
        return Share(part=part, n=n, percent=None, low=None, high=None)
    p, z2 = part / n, Z95**2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    low = 0.0 if part == 0 else 100 * (centre - half)
    high = 100.0 if part == n else 100 * (centre + half)
    return Share(part=part, n=n, percent=100 * p, low=low, high=high)


def share_difference(now: Share, before: Share) -> Difference:
    """How far a share moved, in percentage points.

    The interval is Newcombe's (1998, method 10): it combines both Wilson intervals and stays
    honest at 0 % and 100 %.
    """
    if now.percent is None or now.low is None or now.high is None:
        return NO_DIFFERENCE
    if before.percent is None or before.low is None or before.high is None:
        return NO_DIFFERENCE
    points = now.percent - before.percent
    low = points - hypot(now.percent - now.low, before.high - before.percent)
    high = points + hypot(now.high - now.percent, before.percent - before.low)
    return _difference(points, low, high, is_enough=now.is_enough and before.is_enough)


def nps_difference(now: Nps, before: Nps) -> Difference:
    """How far a net promoter score moved, in points; the margins of both add in quadrature."""
    if now.score is None or now.margin is None or before.score is None or before.margin is None:
        return NO_DIFFERENCE
    points = now.score - before.score
    half = hypot(now.margin, before.margin)
    return _difference(
        points, points - half, points + half, is_enough=now.is_enough and before.is_enough
    )


NO_DIFFERENCE = Difference(points=None, low=None, high=None, verdict=Verdict.TOO_SMALL)


def _difference(points: float, low: float, high: float, *, is_enough: bool) -> Difference:
    verdict = Verdict.REAL if low > 0 or high < 0 else Verdict.NOISE
    return Difference(points, low, high, verdict if is_enough else Verdict.TOO_SMALL)


def _count(tally: Tally, lowest: int, highest: int) -> int:
    for score in tally:
        if not lowest <= score <= highest:
            raise ValueError(f"A score of {score} is not on the scale {lowest}–{highest}.")
    return sum(tally.values())


def _between(tally: Tally, lowest: int, highest: int) -> int:
    return sum(count for score, count in tally.items() if lowest <= score <= highest)


def _mean(tally: Tally, n: int) -> float | None:
    return sum(score * count for score, count in tally.items()) / n if n else None
