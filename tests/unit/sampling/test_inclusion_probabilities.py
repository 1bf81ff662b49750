"""Each target's chance is stated exactly, before anything is drawn."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.sampling import DrawPlan, PlanFault, PlanRefused, Quota, StratumKey, Target, inclusion
from fangxin.engines.sampling.inclusion import chances_within
from fangxin.engines.sampling.margins import GRID, expected_cells
from fangxin.engines.sampling.selection import select
from fangxin.engines.sampling.stream import Stream


def make(targets, *quotas, exploration="0.2"):
    return DrawPlan("t", "0" * 64, "x", tuple(targets), (), quotas, Decimal(exploration))


def of_all(weights, number, exploration="0.2"):
    targets = [Target(f"{n:03}", weight=Decimal(str(w))) for n, w in enumerate(weights)]
    plan = make(targets, Quota(StratumKey.ALL, counts={"all": number}), exploration=exploration)
    return list(inclusion(plan).probabilities.values())


def test_equal_weights_give_the_plain_fraction():
    assert of_all([3] * 7, 2) == [Fraction(2, 7)] * 7
    assert of_all([0] * 7, 2) == [Fraction(2, 7)] * 7


def test_the_exploration_share_is_blind_and_the_rest_goes_by_weight():
    # 0.2 of one draw over 4 targets: 1/20 each; 0.8 of it by weight 0, 1, 2, 2 of 5.
    assert of_all([0, 1, 2, 2], 1) == [Fraction(1, 20), Fraction(21, 100), Fraction(37, 100), Fraction(37, 100)]


def test_what_would_exceed_certainty_goes_to_the_others():
    # The last would get 1.1: it is certain, and 1 draw is left for three with weights 0, 1, 2.
    assert of_all([0, 1, 2, 5], 2) == [Fraction(1, 15), Fraction(1, 3), Fraction(3, 5), 1]


def test_nobody_has_no_chance_and_taking_all_is_certain():
    assert of_all([0, 0, 0, 9], 2, "0.01")[0] == Fraction(1, 3)
    assert min(of_all([0, 1, 10**9], 1, "0.01")) > 0
    assert of_all([0, 1, 5], 3) == [1, 1, 1]


weights = st.lists(st.decimals(0, 1000, places=3), min_size=1, max_size=25)


@given(weights, st.data())
@settings(max_examples=120)
def test_chances_add_up_to_the_quota_and_never_fall_with_weight(drawn_weights, data):
    number = data.draw(st.integers(1, len(drawn_weights)))
    exploration = str(data.draw(st.decimals("0.01", 1, places=2)))
    chances = of_all(drawn_weights, number, exploration)
    assert sum(chances) == number
    assert all(0 < chance <= 1 for chance in chances)
    rising = sorted(zip(drawn_weights, chances, strict=True))
    assert [chance for _, chance in rising] == sorted(chances)
    by_weight = dict(rising)
    assert all(by_weight[w] == c for w, c in rising), "equal weights, equal chances"


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 50)), min_size=2, max_size=40), st.data()
)
@settings(max_examples=80, deadline=None)
def test_two_quotas_hold_exactly_together(rows, data):
    """Quotas counted from some possible draw can be met; then chances add up to both, and so does every draw."""
    targets = [
        Target(f"{n:03}", grade=f"G{g}", township=f"W{t}", weight=Decimal(w)) for n, (g, t, w) in enumerate(rows)
    ]
    chosen = data.draw(st.sets(st.sampled_from(targets), min_size=1), label="a possible draw")
    grades, townships = Counter(t.grade for t in chosen), Counter(t.township for t in chosen)
    targets = [t for t in targets if t.grade in grades and t.township in townships]
    plan = make(
        targets, Quota(StratumKey.GRADE, counts=dict(grades)), Quota(StratumKey.TOWNSHIP, counts=dict(townships))
    )
    try:
        chances = inclusion(plan)
    except PlanRefused as refused:
        # Met by one draw only: then somebody must have no chance, and the plan is refused rather than that.
        found = {problem.fault for problem in refused.problems}
    else:
        found = set()
        holds_together(plan, chances, grades, townships)
    assert found <= {PlanFault.IMPOSSIBLE_TOGETHER}


def holds_together(plan, chances, grades, townships):
    found, targets = chances.probabilities, plan.targets
    assert all(0 < chance <= 1 for chance in found.values())
    for key, count in grades.items():
        assert sum(found[t.id] for t in targets if t.grade == key) == count
    for key, count in townships.items():
        assert sum(found[t.id] for t in targets if t.township == key) == count
    drawn = select(chances.cells, Stream.of(bytes(32), "two quotas"))
    assert Counter(t.grade for t in targets if t.id in drawn) == grades
    assert Counter(t.township for t in targets if t.id in drawn) == townships


def test_quotas_that_exclude_each_other_are_refused_and_named():
    targets = [Target("a", grade="A", township="E"), Target("b", grade="B", township="W"), Target("c", "", "B", "W")]
    plan = make(
        targets,
        Quota(StratumKey.GRADE, counts={"A": 1, "B": 1}),
        Quota(StratumKey.TOWNSHIP, counts={"E": 1, "W": 1}),
    )
    assert inclusion(plan).probabilities == {"a": 1, "b": Fraction(1, 2), "c": Fraction(1, 2)}
    targets.append(Target("d", grade="B", township="E"))
    with pytest.raises(PlanRefused) as refused:
        inclusion(make(targets, Quota(StratumKey.GRADE, counts={"A": 1, "B": 1}),
                       Quota(StratumKey.TOWNSHIP, counts={"E": 1, "W": 1})))  # fmt: skip
    assert [(p.pointer, p.fault) for p in refused.value.problems] == [("/quotas", PlanFault.IMPOSSIBLE_TOGETHER)]


def test_raking_keeps_the_odds_that_risk_suggests():
    # One unknown x: x(1 + x) = 2(1 − x)², so x = (5 − √17) / 2 = 0.438447…
    leaning = {("A", "E"): 1, ("A", "W"): 1, ("D", "E"): 1, ("D", "W"): 2}
    table = expected_cells(
        {"A": 1, "D": 2}, {"E": 1, "W": 2}, dict.fromkeys(leaning, 9), {k: Fraction(v) for k, v in leaning.items()}
    )
    assert abs(table["A", "E"] - GRID * (5 - 17**0.5) / 2) < 10
    assert sum(table.values()) == 3 * GRID


def test_a_cell_may_expect_a_fraction_of_a_draw():
    cell = chances_within(("A", "E"), [Target("a"), Target("b", weight=Decimal(3))], Fraction(3, 4), Decimal("0.5"))
    assert [Fraction(n, cell.denominator) for n in cell.numerators] == [Fraction(9, 32), Fraction(15, 32)]
