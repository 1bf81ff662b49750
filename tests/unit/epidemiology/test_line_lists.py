"""Lines, classes, curves and tables: what may not be so, what changes with a definition, what stays with a case more."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.outbreak.epidemiology import (
    Agent,
    CaseClass,
    CaseDefinition,
    Criteria,
    Person,
    RegressionRefused,
    TwoByTwo,
    bin_width,
    classify,
    cross,
    curve,
    exposures_of,
    faults,
    fit_logistic,
    measure,
    moved,
    pool,
    rank_agents,
)

NOON = datetime(2024, 6, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
GUT = (frozenset({"呕吐"}), frozenset({"腹泻"}))
FIRST = CaseDefinition(
    1, NOON, NOON + 72 * HOUR, frozenset({"一小"}), suspect=Criteria(GUT, least=1), probable=Criteria(GUT, least=2),
    confirmed=Criteria(GUT, least=1, agents=frozenset({"NORO"})),
)  # fmt: skip


def _person(code="1", hours=5, symptoms=("呕吐",), place="一小", **more):
    return Person(code, NOON + hours * HOUR, frozenset(symptoms), place=place, **more)


@pytest.mark.parametrize(
    ("person", "kind"),
    [
        (_person(), CaseClass.SUSPECT), (_person(symptoms=("呕吐", "腹泻")), CaseClass.PROBABLE),
        (_person(laboratory=frozenset({"NORO"})), CaseClass.CONFIRMED), (_person(symptoms=("头痛",)), CaseClass.NOT_A_CASE),
        (_person(symptoms=(), laboratory=frozenset({"NORO"})), CaseClass.NOT_A_CASE), (_person(place="二小"), CaseClass.NOT_A_CASE),
        (_person(hours=-1), CaseClass.NOT_A_CASE), (_person(hours=73), CaseClass.NOT_A_CASE), (_person(hours=72), CaseClass.SUSPECT),
        (Person("x", None, frozenset({"呕吐"}), place="一小"), CaseClass.NOT_A_CASE),
    ],
)  # fmt: skip
def test_a_person_is_of_the_surest_class_that_is_met(person, kind):
    assert classify(FIRST, person) is kind


def test_a_new_version_says_whom_it_moves():
    wider = CaseDefinition(2, NOON - 24 * HOUR, NOON + 72 * HOUR, frozenset(), suspect=Criteria(GUT, least=1))
    people = [_person("a"), _person("b", symptoms=("呕吐", "腹泻")), _person("c", hours=-3), _person("d", symptoms=())]
    assert [(m.code, m.before, m.after) for m in moved(FIRST, wider, people)] == [
        ("b", CaseClass.PROBABLE, CaseClass.SUSPECT), ("c", CaseClass.NOT_A_CASE, CaseClass.SUSPECT),
    ]  # fmt: skip


def test_a_definition_must_define():
    with pytest.raises(ValueError, match="ends before"):
        CaseDefinition(1, NOON, NOON - HOUR, suspect=Criteria())
    with pytest.raises(ValueError, match="at least one class"):
        CaseDefinition(1, NOON, NOON)


def test_lines_that_cannot_be_so_are_named():
    people = [
        _person("a", ate_at=NOON + 9 * HOUR), _person("b", seen_at=NOON), _person("c", hours=500), _person("d", age=131), _person("d"),
        _person("e", ate_at=NOON, seen_at=NOON + 6 * HOUR, age=8),
    ]  # fmt: skip
    found = [(f.code, f.kind) for f in faults(people, now=NOON + 100 * HOUR)]
    assert found == [
        ("a", "ill_before_eating"),
        ("b", "seen_before_ill"),
        ("c", "future"),
        ("d", "age"),
        ("d", "twice"),
    ]


def test_a_missing_answer_is_left_out_for_that_exposure_only():
    people = [
        Person("1", exposures={"蛋": True}),
        Person("2", exposures={"蛋": False, "鱼": True}),
        Person("3", exposures={"鱼": False}),
    ]
    ill = {"1": True, "2": False, "3": True}
    assert cross(people, "蛋", ill).cells == (1, 0, 0, 1)
    assert cross(people, "鱼", ill).cells == (0, 1, 1, 0)
    assert cross(people, "鱼", {"3": True}).cells == (0, 0, 1, 0)
    assert exposures_of(people) == ("蛋", "鱼")


cells = st.integers(0, 60)


@settings(max_examples=60, deadline=None)
@given(a=cells, b=cells, c=cells, d=cells)
def test_exchanging_ill_and_well_turns_the_odds_over_and_keeps_the_p(a, b, c, d):
    one, other = measure(TwoByTwo(a, b, c, d)), measure(TwoByTwo(b, a, d, c))
    assert one.fisher_p == pytest.approx(other.fisher_p, rel=1e-9)
    assert 0 <= one.mid_p <= one.fisher_p <= 1
    if one.odds_ratio:
        assert one.odds_ratio.value == pytest.approx(1 / other.odds_ratio.value)
        assert one.odds_ratio.low <= one.odds_ratio.value <= one.odds_ratio.high
    if one.attributable is not None:
        assert 0 < one.attributable <= 1


@settings(max_examples=30, deadline=None)
@given(a=st.integers(1, 30), b=st.integers(1, 30), c=st.integers(1, 30), d=st.integers(1, 30))
def test_one_stratum_pooled_is_itself(a, b, c, d):
    table = TwoByTwo(a, b, c, d)
    alone, pooled = measure(table), pool([table])
    assert pooled.odds_ratio.value == pytest.approx(alone.odds_ratio.value)
    assert pooled.risk_ratio.value == pytest.approx(alone.risk_ratio.value)
    # Greenland's variance of one stratum is that of the Wald limits.
    assert pooled.risk_ratio.low == pytest.approx(alone.risk_ratio.low)
    assert pooled.odds_ratio.low == pytest.approx(alone.odds_ratio.low)
    assert pooled.homogeneity_p is None
    twice = pool([table, table])
    assert twice.odds_ratio.value == pytest.approx(alone.odds_ratio.value)
    assert twice.homogeneity_p == pytest.approx(1.0)


def test_strata_that_disagree_are_told():
    assert pool([TwoByTwo(30, 10, 10, 30), TwoByTwo(10, 30, 30, 10)]).homogeneity_p < 1e-6
    assert pool([]).odds_ratio is None


@settings(max_examples=40, deadline=None)
@given(hours=st.lists(st.floats(0, 200), min_size=1, max_size=40), extra=st.floats(0, 200))
def test_a_curve_counts_everybody_leaves_no_gap_and_a_case_more_moves_no_bin(hours, extra):
    onsets = [NOON + h * HOUR for h in hours]
    found = curve(onsets, width=6)
    assert sum(b.cases for b in found.bins) == len(onsets)
    assert all(one.end == other.start for one, other in pairwise(found.bins))
    assert all(b.start.hour % 6 == 0 for b in found.bins)
    more = {b.start: b.cases for b in curve([*onsets, NOON + extra * HOUR], width=6).bins}
    assert all(more[b.start] >= b.cases for b in found.bins)


@pytest.mark.parametrize(
    ("median", "span", "hours"),
    [(4, 24, 1), (10, 24, 2), (17, 30, 4), (32, 48, 8), (72, 200, 12), (None, 40, 12), (None, 90, 24), (672, 900, 168)],
)  # fmt: skip
def test_bins_are_a_quarter_of_the_median_within_an_eighth_and_a_third(median, span, hours):
    assert bin_width(median, timedelta(hours=span)) == hours


def test_an_empty_curve_and_one_of_years():
    assert curve([]).bins == ()
    assert len(curve([NOON, NOON + timedelta(days=4000)], width=1).bins) <= 401


def test_an_exposure_that_parts_ill_from_well_wholly_is_penalised_and_said():
    ill = [True] * 8 + [False] * 12
    found = fit_logistic(ill, {"蛋糕": [1.0] * 8 + [0.0] * 12, "茶": [1.0, 0.0] * 10})
    assert found.penalised
    assert 10 < found.terms[0].odds_ratio < 1e5
    assert found.terms[0].low > 1


def test_firth_gives_the_closed_form_of_a_single_table():
    """With one exposure and Jeffreys's penalty the estimate is that of half a person added to each cell."""
    ill, ate = [True] * 6 + [False] * 4 + [False] * 9, [1.0] * 10 + [0.0] * 9
    found = fit_logistic(ill, {"x": ate})
    assert found.penalised
    assert found.terms[0].odds_ratio == pytest.approx(6.5 * 9.5 / (4.5 * 0.5), rel=1e-6)


@pytest.mark.parametrize(
    ("ill", "x", "words"),
    [
        ([True] * 4, [1, 0, 1, 0], "both ill and well"),
        ([True, False], [1, 0], "fewer people"),
        ([True, False] * 3, [1] * 6, "same for everybody"),
    ],
)
def test_what_no_regression_can_carry_is_refused(ill, x, words):
    with pytest.raises(RegressionRefused, match=words):
        fit_logistic(ill, {"x": [float(v) for v in x]})


def test_symptoms_help_to_rank_and_nonsense_is_refused():
    quick = Agent("A", "", 1, 4, 8, {"呕吐": 0.9, "腹泻": 0.2})
    other = Agent("B", "", 1, 4, 8, {"呕吐": 0.1, "腹泻": 0.9})
    found = rank_agents([other, quick], [3, 4], {"呕吐": (9, 10)})
    assert found[0].agent.code == "A"
    assert sum(row.share for row in found) == pytest.approx(1)
    assert rank_agents([], [1]) == ()
    with pytest.raises(ValueError, match="above zero"):
        rank_agents([quick], [0])
    with pytest.raises(ValueError, match="must rise"):
        Agent("C", "", 5, 4, 8)
    assert np.isfinite(found[1].log_likelihood)
