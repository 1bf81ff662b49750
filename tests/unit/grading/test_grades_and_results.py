"""What grading promises for every input: no gap between bands, no grade off its scale, no silent answer."""

import doctest
import importlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines import grading
from fangxin.engines.grading import (
    FactsMissing,
    Grade,
    ItemResult,
    Occurred,
    Outcome,
    Overall,
    RuleMissing,
    Scale,
    ScoredVisit,
    SuperiorVisit,
    adjust_grade,
    answer,
    checklist_for,
    dynamic_score,
    edition_in_force,
    frequency_for,
    grade_scores,
    grade_visit,
    grade_year,
    judge_risk,
    judge_visit,
    key_supervision,
    load_checklist,
    load_frequency_rules,
    load_hygiene_rules,
    load_result_rules,
    load_risk_rules,
    load_static_form,
    standstill,
    static_form_for,
    static_score,
)
from fangxin.engines.grading.values import round_half_up

STANDARDS = Path(__file__).parents[3] / "standards"
ON = date(2023, 3, 15)
few = settings(max_examples=60, deadline=None)


def read(load, stem):
    return [load(path.read_text("utf-8")) for path in sorted((STANDARDS / "grading").glob(f"{stem}*.toml"))]


(RISK,) = read(load_risk_rules, "risk-grade")
(HYGIENE,) = read(load_hygiene_rules, "catering-hygiene")
FREQUENCIES = read(load_frequency_rules, "visit-frequency")
RESULTS = read(load_result_rules, "visit-result")
FORMS = read(load_static_form, "static")
CHECKLISTS = [load_checklist(path.read_text("utf-8")) for path in sorted((STANDARDS / "checklists").glob("*.toml"))]
SHOP = static_form_for(FORMS, "food_sales", ON)
CATERING = checklist_for(CHECKLISTS, "restaurant", ON)

LETTERS = st.sampled_from("ABCD")
TRIGGERS = st.lists(st.sampled_from([t.code for t in RISK.triggers]), max_size=5, unique=True)
SCORES = st.integers(0, 100).map(lambda tenths: Decimal(tenths) / 10)
DAYS = st.dates(date(2022, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    "name",
    [
        "values",
        "reading",
        "checklists",
        "static_scores",
        "risk",
        "frequency",
        "hygiene",
        "visits",
        "results",
        "standstill",
    ],
)
def test_examples_in_the_docstrings_run(name):
    assert doctest.testmod(importlib.import_module(f"fangxin.engines.grading.{name}")).failed == 0


def test_every_total_has_exactly_the_grade_of_its_band():
    for cents in range(10001):
        total = Decimal(cents) / 100
        static = min(total, Decimal(40))
        wanted = [
            letter
            for letter, low, high in (("A", -1, 30), ("B", 30, 45), ("C", 45, 60), ("D", 60, 100))
            if low < total <= high
        ]
        assert [judge_risk(static, total - static, rules=RISK).grade.grade] == wanted, total


def test_every_mean_falls_into_one_band_after_rounding():
    # One item, so that the mean is the score itself, in steps finer than the printed bands.
    for thousandths in range(0, 10001, 5):
        mean = Decimal(thousandths) / 1000
        verdict = face([mean])
        wanted = [
            face_name
            for face_name, low, high in (
                ("none", "-1", "5.95"), ("fair", "5.95", "7.45"), ("good", "7.45", "8.95"), ("excellent", "8.95", "11")
            )
            if Decimal(low) <= mean < Decimal(high)
        ]  # fmt: skip
        assert [verdict.grade.grade] == wanted, mean


def face(scores, **changes):
    facts = {"key_failures": 0, "on": ON, "licensed_on": date(2020, 1, 1), "last_accident_on": None} | changes
    return grade_scores(scores, rules=HYGIENE, **facts)


@few
@given(st.lists(SCORES, min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_the_order_of_the_items_never_matters_and_the_mean_is_exact(scores, chance):
    shuffled = list(scores)
    chance.shuffle(shuffled)
    verdict = face(scores)
    assert verdict.grade == face(shuffled).grade
    assert abs(Fraction(verdict.score) - Fraction(sum(scores)) / len(scores)) <= Fraction(1, 20)


@few
@given(st.integers(-(10**6), 10**6), st.integers(1, 10**4), st.sampled_from(["1", "0.1", "0.01", "0.5"]))
def test_rounding_is_to_the_nearest_and_halves_go_up(numerator, denominator, quantum):
    value, step = Fraction(numerator, denominator), Fraction(quantum)
    rounded = Fraction(round_half_up(value, Decimal(quantum)))
    assert -step / 2 < rounded - value <= step / 2
    assert (rounded / step).denominator == 1


@few
@given(LETTERS, TRIGGERS)
def test_adjustments_stay_on_the_scale_and_raising_beats_lowering(letter, codes):
    change = adjust_grade(Grade(Scale.RISK, letter), [Occurred(code) for code in codes], rules=RISK)
    assert change.after.grade in "ABCD"
    ways = {t.code: t.direction for t in RISK.triggers if t.code in codes}
    moved = "ABCD".index(change.after.grade) - "ABCD".index(letter)
    if "up" in ways.values():
        assert moved >= 0
        assert {code for code, way in ways.items() if way != "up"} == set(change.ignored)
    elif "hold" in ways.values():
        assert moved == 0
    else:
        assert -1 <= moved <= 0


@few
@given(LETTERS, TRIGGERS, st.randoms(use_true_random=False))
def test_the_order_of_triggers_never_matters(letter, codes, chance):
    shuffled = list(codes)
    chance.shuffle(shuffled)
    one, other = (
        adjust_grade(Grade(Scale.RISK, letter), [Occurred(code) for code in some], rules=RISK)
        for some in (codes, shuffled)
    )
    assert one == other


@few
@given(st.fixed_dictionaries({factor.code: st.integers(0, 20000).map(Decimal) for factor in SHOP.factors}))
def test_more_of_a_factor_never_lowers_the_static_score(facts):
    score = static_score(SHOP, facts)
    assert 0 <= score.points <= SHOP.maximum
    for factor in SHOP.factors:
        more = static_score(SHOP, facts | {factor.code: facts[factor.code] + 1})
        assert more.points >= score.points


@few
@given(st.lists(st.tuples(DAYS, SCORES), max_size=8), DAYS)
def test_the_years_letter_looks_at_twelve_months_only(pairs, on):
    verdict = grade_year([ScoredVisit(*pair) for pair in pairs], on=on, last_accident_on=None, rules=HYGIENE)
    opens = (
        date(on.year - 1, on.month, min(on.day, 28)) if (on.month, on.day) == (2, 29) else on.replace(year=on.year - 1)
    )
    inside = [score for day, score in pairs if opens < day <= on]
    assert (verdict.score is None) == (not inside)
    if inside:
        assert verdict.score == round_half_up(Fraction(sum(inside)) / len(inside), Decimal("0.1"))


def results_for(checklist, kind, outcomes):
    return [
        ItemResult(item.code, Outcome(outcome), safety_affected=False if outcome == "fails" else None)
        for item, outcome in zip(checklist.items_for(kind), outcomes, strict=False)
    ]


@few
@given(st.lists(st.sampled_from(list(Outcome)), min_size=1, max_size=51))
def test_counting_reaches_each_quadrant_and_only_the_right_one(outcomes):
    checklist = checklist_for(CHECKLISTS, "food_producer", date(2022, 3, 14))
    found = answer(checklist, results_for(checklist, "food_producer", outcomes), kind="food_producer")
    verdict = judge_visit(found, rules=edition_in_force(RESULTS, "visit-result", date(2022, 3, 14)))
    keys, general = verdict.key_failures, verdict.general_failures
    if not verdict.applicable:
        assert verdict.overall is None
    elif keys or general > 8:
        assert verdict.overall is Overall.FAILS
    else:
        assert verdict.overall is (Overall.BASICALLY_CONFORMS if general else Overall.CONFORMS)


@few
@given(st.lists(st.sampled_from(list(Outcome)), min_size=1, max_size=40), st.booleans())
def test_every_failed_item_leads_to_one_thing_with_its_article(outcomes, affected):
    results = results_for(CATERING, "restaurant", outcomes)
    results = [replace(one, safety_affected=affected) if one.outcome is Outcome.FAILS else one for one in results]
    found = answer(CATERING, results, kind="restaurant")
    verdict = judge_visit(found, rules=edition_in_force(RESULTS, "visit-result", ON))
    assert [one.item for one in verdict.actions] == [item.code for item, _ in found.failed]
    assert all(one.basis.article and one.basis.edition == "2022" for one in verdict.actions)


@few
@given(st.lists(st.sampled_from(list(Outcome)), min_size=1, max_size=40))
def test_the_dynamic_score_rises_with_each_failure_and_is_none_without_items(outcomes):
    found = answer(CATERING, results_for(CATERING, "restaurant", outcomes), kind="restaurant")
    score = dynamic_score(found, rules=RISK).points
    assert (score is None) == (not found.applicable)
    if score is not None:
        assert 0 <= score <= 60
        assert (score == 0) == (not found.failed)
        assert (score == 60) == (len(found.failed) == len(found.applicable))


def test_an_item_without_a_score_earns_all_or_nothing():
    items = CATERING.items_for("restaurant")
    results = [ItemResult(item.code, Outcome.CONFORMS) for item in items[:9]]
    results.append(ItemResult(items[9].code, Outcome.FAILS, score=Decimal(4)))
    found = answer(CATERING, results, kind="restaurant")
    verdict = grade_visit(found, on=ON, licensed_on=date(2020, 1, 1), last_accident_on=None, rules=HYGIENE)
    assert verdict.score == Decimal("9.4")
    assert len(found.unanswered) == len(items) - 10


def test_two_failed_key_items_withhold_the_face():
    keys = [item for item in CATERING.items_for("restaurant") if item.key][:2]
    others = [item for item in CATERING.items_for("restaurant") if not item.key]
    results = [ItemResult(item.code, Outcome.FAILS) for item in keys]
    results += [ItemResult(item.code, Outcome.CONFORMS) for item in others]
    found = answer(CATERING, results, kind="restaurant")
    verdict = grade_visit(found, on=ON, licensed_on=date(2020, 1, 1), last_accident_on=None, rules=HYGIENE)
    assert (verdict.grade.given, verdict.reason) == (False, "key_items_failed")


def test_a_letter_of_one_scale_is_not_taken_for_another():
    hygiene = Grade(Scale.HYGIENE_YEAR, "A")
    assert hygiene != Grade(Scale.RISK, "A")
    with pytest.raises(ValueError, match="no risk grade"):
        adjust_grade(hygiene, [], rules=RISK)
    with pytest.raises(ValueError, match="no risk grade"):
        key_supervision("restaurant", hygiene, rules=FREQUENCIES[1])
    with pytest.raises(RuleMissing):
        frequency_for(Grade("guarantee", "A"), rules=FREQUENCIES[1])
    with pytest.raises(ValueError, match="scale"):
        Grade("", "A")


@pytest.mark.parametrize(
    ("static", "dynamic"), [("40.1", "0"), ("-1", "0"), ("0", "60.5"), ("NaN", "1"), ("1", "Infinity"), ("1", "sNaN")]
)
def test_scores_outside_their_range_are_refused(static, dynamic):
    with pytest.raises(ValueError, match="outside"):
        judge_risk(Decimal(static), Decimal(dynamic), rules=RISK)


def test_an_unknown_factor_is_not_an_absent_one():
    facts = {factor.code: Decimal(0) for factor in SHOP.factors}
    assert static_score(SHOP, facts).points == 0
    with pytest.raises(FactsMissing, match="bulk_chilled"):
        static_score(SHOP, {code: value for code, value in facts.items() if code != "bulk_chilled"})
    with pytest.raises(ValueError, match="no factor"):
        static_score(SHOP, facts | {"cellar": Decimal(1)})
    with pytest.raises(ValueError, match="cannot be"):
        static_score(SHOP, facts | {"area": Decimal(-1)})
    with pytest.raises(ValueError, match="needs a number"):
        static_score(SHOP, facts | {"area": ["large"]})


def test_entered_points_and_classes_keep_to_their_form():
    form = static_form_for(FORMS, "food_producer", ON, traits=["health_food"])
    facts = {
        "raw_material": Decimal(4), "unsuitable_people": Decimal(1), "formula": ["single"],
        "function": ["other"], "storage": ["cold"],
    }  # fmt: skip
    assert static_score(form, facts).points == 20
    for wrong in ({"raw_material": Decimal(14)}, {"formula": []}, {"formula": ["triple"]}, {"storage": Decimal(5)}):
        with pytest.raises(ValueError, match="factor"):
            static_score(form, facts | wrong)


def test_the_form_made_for_a_trait_is_only_for_those_who_have_it():
    assert static_form_for(FORMS, "food_producer", ON) is None
    assert (
        static_form_for(FORMS, "food_producer", ON, traits=["health_food"]).head.code == "static-health-food-producer"
    )
    assert static_form_for(FORMS, "school_canteen", ON).head.code == "static-canteen"
    assert static_form_for(FORMS, "food_sales", date(2016, 11, 30)) is None
    with pytest.raises(grading.RuleRefused, match="several"):
        static_form_for([SHOP, SHOP], "food_sales", ON)


def test_a_trigger_moves_no_farther_than_its_rule_allows():
    before = Grade(Scale.RISK, "B")
    for code, steps in (("failed_sampling", 3), ("failed_sampling", 0), ("certified", 2), ("breach", 1)):
        with pytest.raises(ValueError, match="places"):
            adjust_grade(before, [Occurred(code, steps)], rules=RISK)
    with pytest.raises(ValueError, match="no trigger"):
        adjust_grade(before, [Occurred("gossip")], rules=RISK)


def test_results_belong_to_the_edition_the_visit_began_with():
    old = checklist_for(CHECKLISTS, "food_producer", date(2022, 3, 14))
    new = checklist_for(CHECKLISTS, "food_producer", date(2022, 3, 15))
    assert (old.edition, new.edition) == ("2016", "2022")
    stray = next(item for item in new.items if item.code not in {one.code for one in old.items})
    with pytest.raises(ValueError, match="of 2016 has no"):
        answer(old, [ItemResult(stray.code, Outcome.CONFORMS)], kind="food_producer")
    with pytest.raises(ValueError, match="twice"):
        answer(new, [ItemResult("1.1", Outcome.CONFORMS)] * 2, kind="food_producer")
    with pytest.raises(RuleMissing):
        checklist_for(CHECKLISTS, "food_producer", date(2015, 1, 1))


@pytest.mark.parametrize(
    "wrong", [{"safety_affected": True}, {"accident_potential": True}, {"corrected_on_site": True}]
)
def test_only_a_failed_item_can_affect_safety_or_be_corrected(wrong):
    with pytest.raises(ValueError, match="failed item"):
        ItemResult("1.1", Outcome.CONFORMS, **wrong)
    with pytest.raises(ValueError, match="accident"):
        ItemResult("1.1", Outcome.FAILS, safety_affected=False, accident_potential=True)


def test_a_refusal_the_edition_does_not_list_is_no_refusal():
    found = answer(CATERING, [], kind="restaurant")
    for rules in RESULTS:
        with pytest.raises(ValueError, match="lists no refusal"):
            judge_visit(found, rules=rules, refusals=["rude"])


def test_a_count_that_differs_from_the_given_judgement_is_named():
    checklist = checklist_for(CHECKLISTS, "food_producer", date(2022, 3, 14))
    found = answer(checklist, [ItemResult("1.1", Outcome.FAILS)], kind="food_producer")
    verdict = judge_visit(found, rules=RESULTS[0], given=Overall.CONFORMS)
    assert (verdict.overall, verdict.conflicts[-1]) == (Overall.BASICALLY_CONFORMS, "differs_from_count")


def test_of_two_superior_visits_the_later_end_holds():
    visits = [SuperiorVisit(date(2023, 5, 10), frozenset("ab")), SuperiorVisit(date(2023, 6, 20), frozenset("b"))]
    found = standstill("abc", on=date(2023, 7, 1), superior=visits, suspicion=False, rules=RESULTS[1])
    assert (found.blocked, str(found.blocked_until)) == (("a", "b"), "2023-09-20")
    with pytest.raises(grading.RuleRefused, match="no standstill"):
        standstill("a", on=ON, superior=visits, suspicion=False, rules=RESULTS[0])
