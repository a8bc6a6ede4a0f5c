"""Survey figures by tables of cases."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.statistics import (
    Band,
    Share,
    Verdict,
    band,
    ces,
    csat,
    nps,
    nps_difference,
    response_rate,
    share,
    share_difference,
)


def test_nps_worked_example() -> None:
    result = nps({10: 70, 8: 20, 3: 10})
    assert (result.n, result.promoters, result.passives, result.detractors) == (100, 70, 20, 10)
    assert result.score == 60
    assert result.margin == pytest.approx(1.96 * ((0.7 + 0.1 - 0.6**2) / 100) ** 0.5 * 100)
    assert result.band is Band.EXCELLENT


@pytest.mark.parametrize(
    ("tally", "score", "margin"),
    [
        ({}, None, None),
        ({9: 1}, 100, 0),
        ({10: 40}, 100, 0),
        ({6: 40}, -100, 0),
        ({7: 10, 8: 10}, 0, 0),
        ({9: 1, 6: 1}, 0, pytest.approx(138.593, abs=0.001)),
        ({0: 1, 6: 1, 7: 1, 8: 1, 9: 1, 10: 1}, 0, pytest.approx(65.333, abs=0.001)),
    ],
)
def test_nps(tally: dict[int, int], score: float | None, margin: float | None) -> None:
    result = nps(tally)
    assert (result.score, result.margin) == (score, margin)


@pytest.mark.parametrize(
    ("score", "name"),
    [
        (-100, Band.POOR),
        (-0.1, Band.POOR),
        (0, Band.GOOD),
        (50, Band.GOOD),
        (50.1, Band.EXCELLENT),
        (70, Band.EXCELLENT),
        (70.1, Band.WORLD_CLASS),
        (100, Band.WORLD_CLASS),
    ],
)
def test_bands(score: float, name: Band) -> None:
    assert band(score) is name


@pytest.mark.parametrize(
    ("scores", "percent", "mean"),
    [
        ([], None, None),
        ([5], 100, 5),
        ([1, 2, 3], 0, 2),
        ([4, 5, 3, 1], 50, 3.25),
        ([5] * 9 + [1], 90, 4.6),
    ],
)
def test_csat(scores: list[int], percent: float | None, mean: float | None) -> None:
    result = csat(Counter(scores))
    assert (result.satisfied.percent, result.mean) == (percent, mean)
    assert result.n == len(scores)


@pytest.mark.parametrize(
    ("part", "n", "low", "high"),
    [
        (0, 10, 0, 27.754),
        (10, 10, 72.246, 100),
        (8, 10, 49.016, 94.332),
        (81, 263, 25.527, 36.623),
    ],
)
def test_wilson_interval(part: int, n: int, low: float, high: float) -> None:
    """The last row is Newcombe's (1998) example, 0.2553 to 0.3662."""
    result = share(part, n)
    assert result.low == pytest.approx(low, abs=0.01)
    assert result.high == pytest.approx(high, abs=0.01)


@pytest.mark.parametrize(
    ("tally", "mean", "easy"),
    [({}, None, None), ({7: 3, 1: 1}, 5.5, 75), ({4: 2}, 4, 0), ({5: 1, 6: 1, 7: 1}, 6, 100)],
)
def test_ces(tally: dict[int, int], mean: float | None, easy: float | None) -> None:
    result = ces(tally)
    assert (result.mean, result.easy.percent) == (mean, easy)


def test_response_rate_has_a_cohort_and_an_interval() -> None:
    rate = response_rate(sent=200, answered=50)
    assert (rate.percent, rate.n, rate.part) == (25, 200, 50)
    assert response_rate(sent=0, answered=0).percent is None


@pytest.mark.parametrize("tally", [{0: 1}, {6: 1}, {-1: 2}])
def test_scores_off_the_scale_are_refused(tally: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="scale"):
        csat(tally)


def test_more_answers_than_invitations_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="part"):
        response_rate(sent=1, answered=2)


@pytest.mark.parametrize(("n", "enough"), [(0, False), (29, False), (30, True)])
def test_thirty_answers_are_enough(n: int, enough: bool) -> None:
    assert csat({5: n}).is_enough is enough
    assert nps({9: n}).is_enough is enough
    assert ces({7: n}).is_enough is enough


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [
        (share(90, 100), share(60, 100), Verdict.REAL),
        (share(60, 100), share(90, 100), Verdict.REAL),
        (share(62, 100), share(60, 100), Verdict.NOISE),
        (share(100, 100), share(100, 100), Verdict.NOISE),
        (share(29, 29), share(0, 100), Verdict.TOO_SMALL),
        (share(0, 0), share(60, 100), Verdict.TOO_SMALL),
    ],
)
def test_a_change_is_real_only_if_its_interval_excludes_zero(
    now: Share, before: Share, verdict: Verdict
) -> None:
    assert share_difference(now, before).verdict is verdict


def test_the_interval_of_a_difference() -> None:
    """Newcombe (1998), example (a): 56/70 less 48/80 is 0.0524 to 0.3339."""
    result = share_difference(share(56, 70), share(48, 80))
    assert result.points == pytest.approx(20)
    assert result.low == pytest.approx(5.24, abs=0.01)
    assert result.high == pytest.approx(33.39, abs=0.01)


def test_nps_moves_by_more_than_its_margin() -> None:
    before, after = nps({10: 40, 7: 30, 2: 30}), nps({10: 80, 7: 15, 2: 5})
    assert nps_difference(after, before).verdict is Verdict.REAL
    assert nps_difference(before, before).verdict is Verdict.NOISE
    assert nps_difference(after, nps({10: 5})).verdict is Verdict.TOO_SMALL


@given(st.dictionaries(st.integers(0, 10), st.integers(0, 500)))
def test_every_nps_lies_between_its_ends(tally: dict[int, int]) -> None:
    result = nps(tally)
    assert result.promoters + result.passives + result.detractors == result.n
    if result.score is not None and result.margin is not None:
        assert -100 <= result.score <= 100
        assert result.margin >= 0
