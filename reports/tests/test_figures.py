"""Percentiles, the backlog's sum and rates, by tables of cases."""

import statistics
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.calculations.backlog import adds_up, daily_backlog
from reports.calculations.lifecycle import Resolution
from reports.calculations.percentiles import (
    Estimate,
    Observation,
    mean,
    needed_ranks,
    percentile,
    summarize,
    summarize_ranks,
)
from reports.calculations.rates import (
    compare_shares,
    first_contact_resolution,
    reopen_rate,
    resolution_rate,
    throughput_ratio,
    transfer_rate,
)
from reports.tests.stories import hour
from surveys.statistics import Verdict

DAY = 24


def observed(*seconds: int, running: tuple[int, ...] = ()) -> list[Observation]:
    return [*map(Observation, seconds), *(Observation(one, True) for one in running)]


@pytest.mark.parametrize(
    ("observations", "fraction", "expected"),
    [
        ([], 0.5, Estimate(None)),
        (observed(7), 0.9, Estimate(7)),
        (observed(10, 20), 0.5, Estimate(15)),
        (observed(10, 20, 30, 40), 0.75, Estimate(32.5)),
        (observed(15, 20, 35, 40, 50), 0.4, Estimate(29)),
        (observed(10, 20, 30, running=(40,)), 0.5, Estimate(25)),
        (observed(10, 20, 30, running=(40,)), 0.75, Estimate(32.5, is_at_least=True)),
        (observed(10, 20, 30, 40, running=(25,)), 0.5, Estimate(25, is_at_least=True)),
        (observed(10, 20, 30, 40, running=(50,)), 0.75, Estimate(40)),
        (observed(running=(1, 2, 3)), 0.5, Estimate(2, is_at_least=True)),
        (observed(10, 30, running=(20,)), 0.9, Estimate(28, is_at_least=True)),
    ],
)
def test_percentile(observations: list[Observation], fraction: float, expected: Estimate) -> None:
    result = percentile(observations, Fraction(str(fraction)))
    assert result.seconds == pytest.approx(expected.seconds)
    assert result.is_at_least is expected.is_at_least


def test_summary_puts_the_figures_side_by_side() -> None:
    result = summarize(observed(*range(1, 10), running=(100,)))
    assert (result.n, result.running) == (10, 1)
    assert result.median == Estimate(5.5)
    assert result.mean == Estimate(14.5, is_at_least=True)
    assert result.p90.is_at_least


@pytest.mark.parametrize(
    ("observations", "expected"),
    [
        ([], Estimate(None)),
        (observed(2, 4), Estimate(3)),
        (observed(2, running=(4,)), Estimate(3, is_at_least=True)),
    ],
)
def test_mean(observations: list[Observation], expected: Estimate) -> None:
    assert mean(observations) == expected


durations = st.lists(st.integers(0, 10**7), min_size=2, max_size=60)


@given(durations)
def test_percentiles_agree_with_the_standard_library(seconds: list[int]) -> None:
    hundredths = statistics.quantiles(seconds, n=100, method="inclusive")
    for percent in (50, 75, 90):
        result = percentile(observed(*seconds), Fraction(percent, 100))
        assert result.seconds == pytest.approx(hundredths[percent - 1])


@given(st.lists(st.tuples(st.integers(0, 10**6), st.booleans()), max_size=60))
def test_a_summary_needs_a_few_ranks_only(pairs: list[tuple[int, bool]]) -> None:
    ordered = sorted(Observation(*pair) for pair in pairs)
    ranks = {rank: ordered[rank] for rank in needed_ranks(len(ordered))}
    total = sum(one.seconds for one in ordered)
    running = sum(one.is_running for one in ordered)
    few = summarize_ranks(ranks, n=len(ordered), running=running, total=total)
    assert few == summarize(ordered)


def test_the_backlog_is_carried_from_day_to_day_and_adds_up() -> None:
    monday, tuesday, wednesday = (date(2024, 5, 6) + timedelta(days=n) for n in range(3))
    days = daily_backlog(
        opening=10,
        days=[monday, tuesday, wednesday],
        flows={
            (monday, "created"): 5,
            (monday, "resolved"): 3,
            (monday, "removed"): 1,
            (wednesday, "reopened"): 2,
            (wednesday, "restored"): 1,
            (wednesday, "resolved"): 9,
        },
    )
    assert [day.backlog for day in days] == [11, 11, 5]
    assert adds_up(days, opening=10, counted=5)
    assert not adds_up(days, opening=10, counted=6)


@pytest.mark.parametrize(("created", "resolved", "percent"), [(0, 0, None), (8, 6, 75)])
def test_resolution_rate(created: int, resolved: int, percent: float | None) -> None:
    assert resolution_rate(created=created, resolved_now=resolved).percent == percent


@pytest.mark.parametrize(("created", "resolved", "ratio"), [(0, 4, None), (8, 10, 1.25)])
def test_throughput_ratio(created: int, resolved: int, ratio: float | None) -> None:
    assert throughput_ratio(resolved=resolved, created=created) == ratio


def test_transfer_rate() -> None:
    assert transfer_rate(tickets=50, transferred=5).percent == 10


def solved(at: float, replies: int = 1, again: float | None = None) -> Resolution:
    return Resolution(hour(at), 1, 1, replies, hour(again) if again is not None else None)


NOW = hour(30 * DAY)


def test_reopen_rate_leaves_the_last_seven_days_open() -> None:
    rate = reopen_rate(
        {
            1: [solved(0)],
            2: [solved(0, again=2 * DAY), solved(3 * DAY)],
            3: [solved(0, again=9 * DAY)],
            4: [solved(25 * DAY, again=26 * DAY)],
            5: [solved(23 * DAY)],
        },
        NOW,
    )
    assert (rate.share.part, rate.share.n, rate.not_yet_known) == (1, 4, 1)


def test_first_contact_resolution() -> None:
    rate = first_contact_resolution(
        {
            1: [solved(0)],
            2: [solved(0, replies=2)],
            3: [solved(0, replies=0)],
            4: [solved(0, again=2 * DAY), solved(3 * DAY)],
            5: [solved(1)],
            6: [solved(24 * DAY)],
            7: [solved(0, again=9 * DAY), solved(10 * DAY)],
        },
        came_back=[5],
        now=NOW,
    )
    assert (rate.share.part, rate.share.n, rate.not_yet_known) == (2, 6, 1)


def test_a_change_is_real_or_within_noise() -> None:
    many, few = (
        resolution_rate(created=100, resolved_now=90),
        resolution_rate(created=100, resolved_now=60),
    )
    assert compare_shares(many, few).verdict is Verdict.REAL
    assert compare_shares(many, many).verdict is Verdict.NOISE
