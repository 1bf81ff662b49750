"""What drawn inspections say about all, and how sure that is."""

from decimal import Decimal
from fractions import Fraction
from math import comb

import pytest
from tests.unit.sampling.invented import as_result, repeated

from fangxin.engines.sampling import DrawPlan, IntervalKind, Quota, StratumKey, Target, estimate, inclusion
from fangxin.engines.sampling.quantiles import student_quantile


def simple(size, drawn, strata=lambda n: "all", quota=None):
    """An equal-probability draw in which the given targets were drawn."""
    targets = tuple(Target(f"{n:03}", grade=strata(n)) for n in range(size))
    quota = quota or Quota(StratumKey.ALL, counts={"all": len(drawn)})
    plan = DrawPlan("t", "0" * 64, "x", targets, (), (quota,), Decimal(1))
    chances = inclusion(plan)
    return as_result(plan, chances.strata, chances.probabilities, {f"{n:03}" for n in drawn})


def answers(drawn, found=()):
    return {f"{n:03}": int(n in found) for n in drawn}


def test_the_total_by_hand():
    """Two of four drawn, each with chance 1/2: 3/½ + 5/½ = 16."""
    result = simple(4, [0, 1])
    found = estimate(result, {"000": 3, "001": 5})
    assert found.total.value == 16
    assert (found.mean.value, found.ratio.value) == (4, 4)
    # Variance of the total: N² (1 − f) s² / n = 16 · 0.5 · 2 / 2 = 8; one degree of freedom.
    assert found.total.high - 16 == pytest.approx(12.7062 * 8**0.5, rel=1e-4)


def test_textbook_stratified_variance_for_equal_chances():
    """W. G. Cochran, Sampling Techniques (1977), eq. 5.14: Σ N_h (N_h − n_h) s_h² / n_h."""
    quota = Quota(StratumKey.GRADE, counts={"A": 3, "B": 2})
    result = simple(16, [0, 1, 2, 10, 11], lambda n: "A" if n < 10 else "B", quota)
    found = estimate(result, {"000": 2, "001": 4, "002": 9, "010": 1, "011": 7})
    variance = 10 * 7 * 13 / 3 + 6 * 4 * 18 / 2  # s² = 13 and 18
    assert found.total.value == pytest.approx(10 * 5 + 6 * 4)
    assert found.total.high - found.total.value == pytest.approx(student_quantile(0.975, 3) * variance**0.5)


def test_unequal_chances_weigh_the_rare_more():
    targets = (Target("a"), Target("b"), Target("c"))
    plan = DrawPlan("t", "0" * 64, "x", targets, (), (Quota(StratumKey.ALL, counts={"all": 2}),), Decimal(1))
    chances = {"a": Fraction(1), "b": Fraction(3, 4), "c": Fraction(1, 4)}
    result = as_result(plan, (), chances, {"a", "c"})
    found = estimate(result, {"a": 1, "c": 1})
    assert found.total.value == 5  # 1/1 + 1/(1/4)
    assert found.ratio.value == 1  # Hájek divides by the estimated size, which is 5 too


def test_no_findings_leave_room_for_those_not_seen():
    """60 of 600 without a finding: the exact bound for a simple random draw is near 34, and never 0."""
    drawn = range(60)
    found = estimate(simple(600, drawn), answers(drawn))
    assert (found.total.value, found.total.low, found.total.kind) == (0, 0, IntervalKind.EXACT)
    exact = max(m for m in range(541) if comb(600 - m, 60) / comb(600, 60) > 0.025)
    assert exact <= found.total.high <= exact + 3
    assert found.ratio.high == found.mean.high == found.total.high / 600


def test_findings_everywhere_leave_room_for_the_clean():
    drawn = range(60)
    found = estimate(simple(600, drawn), answers(drawn, drawn))
    assert found.total.high == 600
    assert 560 < found.total.low < 600
    assert found.ratio.low == found.total.low / 600


def test_the_bound_looks_where_chances_are_smallest():
    targets = (*(Target(f"a{n}") for n in range(4)), *(Target(f"b{n}") for n in range(4)))
    plan = DrawPlan("t", "0" * 64, "x", targets, (), (Quota(StratumKey.ALL, counts={"all": 4}),), Decimal(1))
    chances = {t.id: Fraction(9, 10) if t.id < "b" else Fraction(1, 10) for t in targets}
    result = as_result(plan, (), chances, {"a0", "a1", "a2", "b0"})
    # Not drawn: b1, b2, b3 (each escapes with 0.9) and a3 (0.1): 0.9³ · 0.1 = 0.0729 > 0.025, so all four may hide.
    assert estimate(result, dict.fromkeys(["a0", "a1", "a2", "b0"], 0)).total.high == 4
    # At a level of 0.8 the product must exceed 0.1: only the three.
    assert estimate(result, dict.fromkeys(["a0", "a1", "a2", "b0"], 0), level=Decimal("0.8")).total.high == 3


def test_taking_all_leaves_nothing_to_guess():
    drawn = range(5)
    for found in (estimate(simple(5, drawn), answers(drawn, [1])), estimate(simple(5, drawn), answers(drawn))):
        assert found.total.kind is IntervalKind.CENSUS
        assert found.total.low == found.total.value == found.total.high
        assert found.ratio.low == found.ratio.value == found.ratio.high


def test_a_certain_stratum_adds_no_width():
    quota = Quota(StratumKey.GRADE, counts={"A": 5, "B": 5})
    drawn = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    found = estimate(simple(25, drawn, lambda n: "A" if n < 5 else "B", quota), answers(drawn, [0, 1]))
    assert (found.total.value, found.total.low) == (2, 2)
    assert found.total.high <= 2 + 15  # the fifteen that were not drawn


def test_missing_outcomes_are_named_and_nothing_is_estimated():
    found = estimate(simple(9, [0, 1, 2]), {"000": 1})
    assert (found.total, found.mean, found.ratio) == (None, None, None)
    assert found.missing == ("001", "002")


def test_what_is_out_of_scope_leaves_the_denominator():
    found = estimate(simple(20, [0, 1, 2, 3]), answers([0, 1, 2], [0]), out_of_scope={"003"})
    assert found.total.value == 5
    assert found.mean.value == 5 / 20
    assert found.ratio.value == pytest.approx(1 / 3)
    nobody = estimate(simple(20, [0, 1]), {}, out_of_scope={"000", "001"})
    assert nobody.ratio is None


def test_where_no_interval_can_be_told_there_is_none():
    alike = estimate(simple(9, [0, 1, 2]), dict.fromkeys(["000", "001", "002"], 7))
    assert (alike.total.value, alike.total.low, alike.total.high, alike.total.kind) == (
        63,
        None,
        None,
        IntervalKind.NONE,
    )
    one = estimate(simple(9, [0]), {"000": 7})
    assert one.total.kind is IntervalKind.NONE
    # Yes or no of a single one still bounds what may be hidden.
    assert estimate(simple(9, [0]), {"000": 0}).total.kind is IntervalKind.EXACT


def test_the_interval_never_contradicts_what_was_seen():
    drawn = range(30)
    for count in range(31):
        found = estimate(simple(40, drawn), answers(drawn, range(count)))
        assert count <= found.total.low <= found.total.high <= 10 + count


def test_strata_with_one_draw_are_joined_rather_than_taken_for_certain():
    letters = "ABCDEF"
    quota = Quota(StratumKey.GRADE, counts=dict.fromkeys(letters, 1))
    found = estimate(simple(60, range(6), lambda n: letters[n % 6], quota), answers(range(6), [0, 1]))
    assert found.ratio.low < 1 / 3 < found.ratio.high
    assert found.ratio.high - found.ratio.low > 0.4


@pytest.mark.parametrize(
    "call",
    [
        lambda result: estimate(result, {"008": 1}),
        lambda result: estimate(result, {"000": 1}, out_of_scope={"000"}),
        lambda result: estimate(result, {}, level=Decimal(1)),
    ],
)
def test_what_makes_no_sense_is_refused(call):
    with pytest.raises(ValueError, match=r"drawn target|level"):
        call(simple(9, [0, 1]))


def test_quantiles_agree_with_the_printed_table():
    """Student's t, two-sided 95 %: the table in any textbook, three decimals."""
    table = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 10: 2.228, 20: 2.086, 30: 2.042, 120: 1.980}
    for freedom, value in table.items():
        assert student_quantile(0.975, freedom) == pytest.approx(value, abs=0.0035)
    assert student_quantile(0.995, 10) == pytest.approx(3.169, abs=0.002)
    with pytest.raises(ValueError, match="freedom"):
        student_quantile(0.975, 0)


GRADES = {"A": 15, "B": 15, "C": 15, "D": 9}
TOWNSHIPS = {f"W{n}": 9 for n in range(6)}
BY_GRADE = Quota(StratumKey.GRADE, counts=GRADES)
BY_TOWNSHIP = Quota(StratumKey.TOWNSHIP, counts=TOWNSHIPS)
OVER_ALL = Quota(StratumKey.ALL, counts={"all": 60})


def county(rate, rise, *quotas):
    """400 premises in unequal grades; findings grow more likely with the weight, as a useful risk score has it."""
    targets, truth = [], {}
    for n in range(400):
        grade = "AAAAABBBCD"[n * 7 % 10]
        weight = Decimal(1 + n * 37 % 89) / 32
        name = f"{n:03}"
        targets.append(Target(name, grade=grade, township=f"W{n * 11 % 6}", weight=weight))
        probability = rate + rise * float(weight) * (1 + "ABCD".index(grade))
        truth[name] = int((n * 0.6180339887 + 0.3) % 1 < probability)
    return DrawPlan("t", "0" * 64, "x", tuple(targets), (), quotas, Decimal("0.2")), truth


@pytest.mark.parametrize(
    ("quotas", "rate", "rise", "least", "most"),
    [
        ((OVER_ALL,), 0.05, 0.04, 0.92, 0.98),
        ((BY_GRADE,), 0.05, 0.04, 0.92, 0.98),
        ((BY_GRADE, BY_TOWNSHIP), 0.05, 0.04, 0.92, 0.99),
        ((BY_GRADE,), 0.01, 0.005, 0.92, 1.0),  # few findings: rather too wide than too narrow
    ],
)
def test_a_95_percent_interval_covers_the_truth_that_often(quotas, rate, rise, least, most):
    plan, truth = county(rate, rise, *quotas)
    total, rounds = sum(truth.values()), 300
    assert total >= 5
    covered = {"total": 0, "ratio": 0}
    sums = 0.0
    for result in repeated(plan, rounds):
        found = estimate(result, {t.id: truth[t.id] for t in result.drawn})
        covered["total"] += found.total.low <= total <= found.total.high
        covered["ratio"] += found.ratio.low <= total / 400 <= found.ratio.high
        sums += found.total.value
    assert least <= covered["total"] / rounds <= most, covered
    assert least <= covered["ratio"] / rounds <= most, covered
    assert sums / rounds == pytest.approx(total, rel=0.1), "the estimate is unbiased"
