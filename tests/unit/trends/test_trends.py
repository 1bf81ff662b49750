import random
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines import trends
from fangxin.engines.trends import Direction, Reading
from fangxin.engines.trends.kendall import exact_p

VALUES = st.lists(st.integers(min_value=0, max_value=9).map(float), min_size=2, max_size=12)


def test_exact_probabilities_equal_counting_all_orders() -> None:
    for n in (3, 4, 5, 6):
        scores = [trends.score(order) for order in permutations(range(n))]
        for s in set(scores):
            share = sum(abs(other) >= abs(s) for other in scores) / len(scores)
            assert exact_p(n, s) == pytest.approx(share if s else 1.0)


def test_variance_with_ties_equals_that_of_all_orders() -> None:
    for values in ([1, 1, 2, 3], [1, 1, 1, 2], [1, 1, 2, 2, 3]):
        scores = [trends.score(order) for order in permutations(values)]
        assert trends.variance_of_score(values) == pytest.approx(sum(s * s for s in scores) / len(scores))


@settings(max_examples=50, deadline=None)
@given(VALUES)
def test_time_turned_round_turns_the_score_and_keeps_the_probability(values: list[float]) -> None:
    one, other = trends.mann_kendall(values), trends.mann_kendall(values[::-1])
    assert (one.s, one.variance) == (-other.s, other.variance)
    assert one.p == pytest.approx(other.p)


@settings(max_examples=50, deadline=None)
@given(VALUES, st.floats(min_value=0.5, max_value=20), st.floats(min_value=-5, max_value=5))
def test_another_unit_changes_the_slope_alike_and_nothing_else(values: list[float], by: float, plus: float) -> None:
    series = list(enumerate(values))
    moved = [(t, v * by + plus) for t, v in series]
    one, other = trends.sen_slope(series), trends.sen_slope(moved)
    assert one is not None
    assert other is not None
    assert other.slope == pytest.approx(one.slope * by, abs=1e-9)
    assert trends.judge_trend(series).direction is trends.judge_trend(moved).direction


@settings(max_examples=40, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_blocks_changes_nothing(blocks: list[list[float]], rng: random.Random) -> None:
    shuffled = blocks[:]
    rng.shuffle(shuffled)
    assert trends.kendall_of_blocks(blocks).s == trends.kendall_of_blocks(shuffled).s
    assert trends.kendall_of_blocks(blocks).p == pytest.approx(trends.kendall_of_blocks(shuffled).p)


def test_levels_apart_between_points_are_no_trend() -> None:
    """Three clean points sampled early and three dirty ones late: compared with themselves they have not moved."""
    blocks = {f"{n}": [(2022.0, 1.0 * n), (2023.0, 1.0 * n), (2024.0, 1.0 * n)] for n in range(6)}
    assert trends.judge_trend_of_blocks(blocks).direction is Direction.STABLE


def test_many_points_over_three_years_can_tell_what_one_cannot() -> None:
    one = {"a": [(2022.0, 0.30), (2023.0, 0.33), (2024.0, 0.36)]}
    many = {f"{n}": [(t, v + n / 100) for t, v in one["a"]] for n in range(8)}
    assert trends.judge_trend_of_blocks(one).direction is Direction.TOO_FEW
    found = trends.judge_trend_of_blocks(many, alpha=0.01)
    assert (found.direction, found.points, found.times) == (Direction.WORSE, 24, 3)
    assert found.slope is not None
    assert found.slope.slope == pytest.approx(0.03)
    better = trends.judge_trend_of_blocks(many, rising_is_bad=False, alpha=0.01)
    assert better.direction is Direction.IMPROVING


def test_too_few_is_said_exactly_when_no_order_could_be_significant() -> None:
    for n in range(2, 8):
        rising = [(float(t), float(t)) for t in range(n)]
        told = trends.judge_trend(rising).direction
        assert (told is Direction.TOO_FEW) == (n < trends.least_points(0.05))


def test_a_better_laboratory_is_no_falling_trend() -> None:
    """Five years below 0.1, then five years with a method that sees 0.01 to 0.05."""
    early = [Reading(y, None, 0.1) for y in range(2010, 2015)]
    late = [Reading(y, 0.01 * (y - 2014)) for y in range(2015, 2020)]
    level = [(r.time, r.value) for r in trends.level([*early, *late]) if r.value is not None]
    assert trends.judge_trend(level).direction is Direction.STABLE


def test_a_reading_that_says_nothing_is_left_out() -> None:
    assert trends.level([Reading(1, None, None), Reading(2, 0.5)]) == [Reading(2, 0.5)]


def test_two_readings_at_one_time_count_once() -> None:
    found = trends.judge_trend([(1, 1.0), (1, 3.0), (2, 2.0)])
    assert (found.points, found.times) == (2, 2)


def test_without_a_trend_it_is_rarely_said_that_there_is_one() -> None:
    """Noise alone, 400 series of 12: the share called a trend stays near the 5 % that alpha allows."""
    rng = random.Random(20260101)
    called = sum(
        trends.judge_trend([(t, rng.gauss(0, 1)) for t in range(12)]).direction is not Direction.STABLE
        for _ in range(400)
    )
    assert called / 400 < 0.08


def test_the_interval_holds_the_true_slope_about_as_often_as_it_says() -> None:
    rng = random.Random(20260102)
    held = 0
    for _ in range(300):
        found = trends.sen_slope([(t, 0.5 * t + rng.gauss(0, 1)) for t in range(15)])
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.5 <= found.high
    assert 0.91 < held / 300 < 0.99
