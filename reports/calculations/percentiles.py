"""Summaries of durations of which some are still running.

A percentile is the linear interpolation between closest ranks (PostgreSQL `percentile_cont`,
numpy's default). What is still running takes its place by what it reads now; a percentile that
rests on such a value is "at least" that long.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

FRACTIONS = {"median": Fraction(1, 2), "p75": Fraction(3, 4), "p90": Fraction(9, 10)}


class Observation(NamedTuple):
    """One measured duration in seconds; a running one has lasted at least that long."""

    seconds: int
    is_running: bool = False


class Estimate(NamedTuple):
    """A figure in seconds; None without observations, "at least" when a running one bears it."""

    seconds: float | None
    is_at_least: bool = False


@dataclass(frozen=True, slots=True)
class TimeSummary:
    """n, median, p75, p90 and mean side by side; `running` of the n have not ended."""

    n: int
    running: int
    median: Estimate
    p75: Estimate
    p90: Estimate
    mean: Estimate


def percentile(observations: Iterable[Observation], fraction: Fraction) -> Estimate:
    """The value below which that fraction (0–1) of the observations lies."""
    ordered = sorted(observations)
    return percentile_from_ranks(dict(enumerate(ordered)), len(ordered), fraction)


def mean(observations: Iterable[Observation]) -> Estimate:
    """The arithmetic mean; "at least" as soon as one observation is running."""
    values = list(observations)
    running = sum(value.is_running for value in values)
    return mean_of_total(sum(value.seconds for value in values), len(values), running)


def summarize(observations: Iterable[tuple[int, bool]]) -> TimeSummary:
    """Put n, median, p75, p90 and mean side by side.

    A year of a large desk has a hundred thousand of them, so each is packed into one number that
    orders like the pair: twice the seconds, plus one while running.
    """
    packed = sorted([2 * seconds + is_running for seconds, is_running in observations])
    n = len(packed)
    running = sum([one & 1 for one in packed])
    return summarize_ranks(
        {rank: Observation(packed[rank] >> 1, bool(packed[rank] & 1)) for rank in needed_ranks(n)},
        n=n,
        running=running,
        total=(sum(packed) - running) // 2,
    )


def needed_ranks(n: int) -> set[int]:
    """The ranks (0 = shortest) that a summary of n observations rests on."""
    return {rank for fraction in FRACTIONS.values() for rank in _neighbours(n, fraction)[:2] if n}


def summarize_ranks(
    ranks: Mapping[int, Observation], *, n: int, running: int, total: float
) -> TimeSummary:
    """Summarize from the observations at `needed_ranks` alone."""
    median, p75, p90 = (
        percentile_from_ranks(ranks, n, FRACTIONS[name]) for name in ("median", "p75", "p90")
    )
    return TimeSummary(n, running, median, p75, p90, mean=mean_of_total(total, n, running))


def percentile_from_ranks(ranks: Mapping[int, Observation], n: int, fraction: Fraction) -> Estimate:
    """A percentile of n ordered observations, of which its two closest ranks are given."""
    if not n:
        return Estimate(None)
    low, high, weight = _neighbours(n, fraction)
    below, above = ranks[low], ranks[high]
    seconds = below.seconds + weight * (above.seconds - below.seconds)
    is_at_least = (weight < 1 and below.is_running) or (weight > 0 and above.is_running)
    return Estimate(seconds, is_at_least)


def mean_of_total(total: float, n: int, running: int) -> Estimate:
    """The mean of n observations that last `total` seconds together."""
    return Estimate(total / n, is_at_least=running > 0) if n else Estimate(None)


def _neighbours(n: int, fraction: Fraction) -> tuple[int, int, float]:
    position = fraction * (n - 1)
    low, high = floor(position), ceil(position)
    return low, high, float(position - low)
