"""What scoring and ranking promise, and the rule sets they refuse."""

import doctest
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.assessment import Event, Outcome, Reading, load_rule_set, rank_all, rule_sets, score_agency

TEXT = (Path(__file__).parents[3] / "standards/assessment/2022.toml").read_text("utf-8")
RULES = load_rule_set(TEXT)
CODES = [rule.code for rule in RULES.indicators]
few = settings(max_examples=60, deadline=None)

SHARES = st.integers(0, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def readings_of(shares):
    return [Reading(code, Decimal(n), Decimal(d)) for code, (n, d) in zip(CODES, shares, strict=False)]


def full(agency, *, but=(), events=()):
    readings = [Reading(code, Decimal(1), Decimal(1)) for code in CODES if code not in but]
    return score_agency(agency, readings, events, rules=RULES)


def test_examples_in_the_docstrings_run():
    failed, attempted = doctest.testmod(rule_sets)
    assert attempted
    assert not failed


@few
@given(st.lists(SHARES, max_size=len(CODES)))
def test_a_total_stays_in_range_and_below_its_best(shares):
    scored = score_agency("甲", readings_of(shares), rules=RULES)
    assert 0 <= scored.total <= scored.total_at_best <= 110


@few
@given(st.lists(SHARES, min_size=6, max_size=6), st.integers(0, 5))
def test_a_better_figure_never_costs_points(shares, place):
    before = score_agency("甲", readings_of(shares), rules=RULES)
    numerator, denominator = shares[place]
    shares[place] = (min(numerator + 1, denominator), denominator)
    assert score_agency("甲", readings_of(shares), rules=RULES).total >= before.total


@few
@given(st.lists(st.lists(SHARES, min_size=6, max_size=6), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_ranks_follow_totals_and_not_the_order_of_the_input(agencies, chance):
    scores = [score_agency(f"单位{n}", readings_of(shares), rules=RULES) for n, shares in enumerate(agencies)]
    ranked = rank_all(scores, rules=RULES)
    for place in ranked:
        assert place.rank == 1 + sum(other.total > place.scored.total for other in scores)
    chance.shuffle(scores)
    assert rank_all(scores, rules=RULES) == ranked


def test_every_point_names_its_evidence():
    reading = Reading(CODES[0], Decimal(1), Decimal(1), evidence=("报送3",))
    events = [Event("summoned", ("约谈2", "约谈1")), Event("matter_escalated", ("督办7",))]
    scored = score_agency("甲", [reading], events, rules=RULES)
    assert scored.items[0].evidence == ("报送3",)
    assert {entry.code: entry.evidence for entry in scored.adjustments} == {
        "matter_escalated": ("督办7",),
        "summoned": ("约谈1", "约谈2"),
    }
    assert (scored.bonus, scored.deduction) == (0, Decimal("2.5"))


def test_deductions_of_one_kind_stop_at_their_cap():
    events = [Event("matter_escalated", (f"督办{n}",)) for n in range(30)]
    scored = full("甲", events=events)
    assert (scored.deduction, scored.adjustments[0].times) == (Decimal(5), 30)


def test_all_bonuses_together_stop_at_the_bonus_cap():
    events = [Event("commended", (f"a{n}",)) for n in range(9)] + [
        Event("practice_spread", (f"b{n}",)) for n in range(9)
    ]
    assert full("甲", events=events).total == Decimal("110.00")


def test_a_veto_caps_the_grade_and_leaves_points_and_rank():
    vetoed = full("甲", events=[Event("incident_concealed", ("通报1",))])
    others = [full(f"乙{n}") for n in range(9)]
    [place] = [place for place in rank_all([vetoed, *others], rules=RULES) if place.scored is vetoed]
    assert (vetoed.total, place.rank, place.grade) == (Decimal("100.00"), 1, "D")


def test_no_grade_while_figures_are_missing_and_the_round_stays_provisional():
    missing = full("甲", but=["goal_attainment"])
    first, second = rank_all([missing, full("乙")], rules=RULES)
    assert missing.undetermined == ("goal_attainment",)
    assert (first.grade, second.grade) == ("B", None)
    assert first.provisional
    assert second.provisional


def test_a_complete_round_is_final():
    assert not any(place.provisional for place in rank_all([full("甲"), full("乙")], rules=RULES))


def test_what_does_not_apply_leaves_the_sum():
    excused = Reading("special_plan_timeliness", not_applicable=True, evidence=("认定1号",))
    readings = [Reading(code, Decimal(1), Decimal(1)) for code in CODES if code != excused.code]
    scored = score_agency("某镇", [excused, *readings], rules=RULES)
    assert (scored.total, scored.items[0].outcome) == (Decimal("100.00"), Outcome.NOT_APPLICABLE)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: Event("summoned", ()),
        lambda: Reading("x", not_applicable=True),
        lambda: Reading("x", Decimal(2), Decimal(1)),
        lambda: Reading("x", Decimal(-1), Decimal(1)),
        lambda: score_agency("甲", [Reading("unheard_of")], rules=RULES),
        lambda: score_agency("甲", [Reading(CODES[0]), Reading(CODES[0])], rules=RULES),
        lambda: score_agency("甲", [], [Event("unheard_of", ("1",))], rules=RULES),
        lambda: score_agency(
            "甲", [Reading(code, not_applicable=True, evidence=("1",)) for code in CODES], rules=RULES
        ),
    ],
)
def test_what_cannot_be_scored_is_refused(ask):
    with pytest.raises(ValueError, match=r"\w"):
        ask()


def changed(old, new):
    assert TEXT.count(old) >= 1
    return TEXT.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("weight = 25", "weight = 24", "add up to 99"),
        ('code = "return_quality"', 'code = "return_timeliness"', "twice"),
        ('code = "return_quality"', 'name = "return_quality"', "code"),
        ("floor = 60\ntarget = 100", "floor = 100\ntarget = 100", "below the target"),
        ("floor = 60\ntarget = 100\n", "", "either floor and target, or bands"),
        ("share = 80 }", "share = 100 }", "highest first"),
        ("at_least = 70", "at_least = 50", "highest first"),
        ('kind = "veto"', 'kind = "pardon"', "pardon"),
        ('kind = "veto"', 'kind = "veto"\npoints = 3', "a veto has none"),
        ("best_share = 0.35", "best_share = 35", "0…1"),
        ("points = 0.5", 'points = "half"', "county-assessment-2022"),
        ("bonus_cap = 10", "", "bonus_cap"),
    ],
)
def test_a_rule_set_that_is_not_whole_is_refused(old, new, message):
    with pytest.raises(ValueError, match=message):
        load_rule_set(changed(old, new))
