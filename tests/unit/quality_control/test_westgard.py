"""The multirules beside a slow judge that reads their sentences word for word, and beside known false alarms."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.quality_control import ControlValue, Outcome, Rule, Target, judge_runs

TARGET = {"A": Target(Decimal("100"), Decimal("4")), "B": Target(Decimal("200"), Decimal("5"))}


def at(run: int, level: str, sds: str) -> ControlValue:
    target = TARGET[level]
    return ControlValue(str(run), level, target.mean + Decimal(sds) * target.sd)


def one_level(*sds: str) -> list[ControlValue]:
    return [at(run, "A", one) for run, one in enumerate(sds)]


def two_levels(*pairs: tuple[str, str]) -> list[ControlValue]:
    return [at(run, level, one) for run, pair in enumerate(pairs) for level, one in zip("AB", pair, strict=True)]


def broken(values: list[ControlValue], rules: tuple[Rule, ...] = tuple(Rule)) -> set[str]:
    """Rules that the last run breaks."""
    return {v.rule.value for v in judge_runs(values, TARGET, rules)[-1].violations}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (one_level("2"), set()),
        (one_level("2.01"), {"1-2s"}),
        (one_level("3"), {"1-2s"}),
        (one_level("-3.01"), {"1-2s", "1-3s"}),
        (one_level("2.1", "2.2"), {"1-2s", "2-2s"}),
        (one_level("2.1", "-2.2"), {"1-2s"}),
        (two_levels(("2.1", "2.2")), {"1-2s", "2-2s"}),
        (two_levels(("2.1", "-2.2")), {"1-2s", "R-4s"}),
        (two_levels(("2.1", "-1.99")), {"1-2s"}),
        (one_level("1.1", "1.2", "1.3"), set()),
        (one_level("1.1", "1.2", "1.3", "1.1"), {"4-1s"}),
        (one_level("1.1", "1.2", "1", "1.1"), set()),
        (two_levels(("-1.1", "-1.2"), ("-1.3", "-1.4")), {"4-1s"}),
        (one_level(*["0.1"] * 8), {"8x"}),
        (one_level(*["0.1"] * 10), {"8x", "10x"}),
        (one_level(*["-0.1"] * 12), {"8x", "10x", "12x"}),
        (one_level(*["0.1"] * 9, "0", *["0.1"] * 2), set()),
        (two_levels(*[("0.1", "0.2")] * 5), {"8x", "10x"}),
    ],
)
def test_each_rule_speaks_exactly_when_its_sentence_says(values: list[ControlValue], expected: set[str]) -> None:
    assert broken(values) == expected


def test_a_run_between_others_is_judged_by_what_came_before_it_only() -> None:
    verdicts = judge_runs(one_level("2.1", "2.2", "0"), TARGET)
    assert [v.outcome for v in verdicts] == [Outcome.WARNING, Outcome.REJECTED, Outcome.ACCEPTED]


def test_the_values_that_broke_a_rule_are_named() -> None:
    (found,) = [v for v in judge_runs(one_level("0", "2.1", "2.2"), TARGET)[-1].violations if v.rule is Rule.TWO_2S]
    assert (found.level, found.places) == ("A", (1, 2))


def test_a_run_whose_values_are_scattered_is_refused() -> None:
    with pytest.raises(ValueError, match="stand together"):
        judge_runs([at(1, "A", "0"), at(2, "A", "0"), at(1, "B", "0")], TARGET)


def test_a_spread_of_zero_is_no_target() -> None:
    with pytest.raises(ValueError, match="greater than zero"):
        Target(Decimal(1), Decimal(0))


def slow(values: list[ControlValue]) -> list[set[str]]:
    """Every run by every sentence, over every window, in plain loops."""
    scores = [(int(v.run), v.level, (v.value - TARGET[v.level].mean) / TARGET[v.level].sd) for v in values]
    counts = {"2-2s": (2, 2), "4-1s": (4, 1), "8x": (8, 0), "10x": (10, 0), "12x": (12, 0)}
    answer = []
    for run in dict.fromkeys(s[0] for s in scores):
        found: set[str] = set()
        own = [z for r, _l, z in scores if r == run]
        found |= {"1-2s"} if any(abs(z) > 2 for z in own) else set()
        found |= {"1-3s"} if any(abs(z) > 3 for z in own) else set()
        found |= {"R-4s"} if max(own) > 2 and min(own) < -2 else set()
        past = [s for s in scores if s[0] <= run]
        for name, (count, times) in counts.items():
            for row in (past, [s for s in past if s[1] == "A"], [s for s in past if s[1] == "B"]):
                for start in range(len(row) - count + 1):
                    window = row[start : start + count]
                    same = all(z > times for *_x, z in window) or all(z < -times for *_x, z in window)
                    if same and window[-1][0] == run:
                        found.add(name)
        answer.append(found)
    return answer


steps = st.integers(-7, 7).map(lambda n: str(Decimal(n) / 2))


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(steps, steps), min_size=1, max_size=14))
def test_engine_and_slow_judge_agree(pairs: list[tuple[str, str]]) -> None:
    values = two_levels(*pairs)
    verdicts = judge_runs(values, TARGET, tuple(Rule))
    assert [{v.rule.value for v in verdict.violations} for verdict in verdicts] == slow(values)


@settings(max_examples=50, deadline=None)
@given(st.lists(steps, min_size=1, max_size=14))
def test_turning_the_chart_upside_down_changes_no_verdict(sds: list[str]) -> None:
    up = judge_runs(one_level(*sds), TARGET)
    down = judge_runs(one_level(*[str(-Decimal(one)) for one in sds]), TARGET)
    assert [v.outcome for v in up] == [v.outcome for v in down]


def test_false_alarms_of_single_rules_are_those_of_the_normal_distribution() -> None:
    """Two values a run, process in control: 1-2s 8.9 %, 1-3s 0.54 % (Westgard 1981: 9 % and below 1 %)."""
    rng, runs = Random(7), 6000
    values = [
        ControlValue(str(run), level, Decimal(repr(rng.gauss(float(t.mean), float(t.sd)))))
        for run in range(runs)
        for level, t in TARGET.items()
    ]
    warned = [v for v in judge_runs(values, TARGET, (Rule.ONE_2S,)) if v.violations]
    rejected = [v for v in judge_runs(values, TARGET, (Rule.ONE_3S,)) if v.violations]
    assert len(warned) / runs == pytest.approx(0.0890, abs=0.011)  # three standard errors
    assert len(rejected) / runs == pytest.approx(0.0054, abs=0.003)
