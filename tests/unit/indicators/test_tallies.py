from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.indicators import Count, DefinitionError, Figure, Formula, Part, RecordError, Row, tally
from fangxin.engines.indicators.reading import read_definitions

SHOPS = {
    "code": "S",
    "name": "s",
    "subject": "shop",
    "denominator": "operating",
    "numerator": "score >= 80",
}
AREA = {**SHOPS, "code": "A", "sum_of": "area"}
TRAINED = {**SHOPS, "code": "P", "sum_of": "staff", "numerator": "True", "numerator_sum_of": "trained"}


def define(*tables):
    return read_definitions(list(tables))


def row(place, *, division="990101100001", operating=True, score=80, **others):
    return Row(f"r{place:03}", division, {"operating": operating, "score": score, **others})


def test_the_numerator_counts_only_within_the_denominator():
    rows = [row(1), row(2, score=79), row(3, operating=False), row(4, operating=False, score=10), row(5, score=None)]
    counted = tally(*define(SHOPS), rows)
    assert counted.figure == Figure(Decimal(1), Decimal(3))
    assert counted.rows == 5
    formula = Formula(*define(SHOPS))
    places = [Part.REACHED, Part.SHORT, Part.OUTSIDE, Part.OUTSIDE, Part.SHORT]
    assert [formula.place(one) for one in rows] == places


def test_no_rows_give_no_percentage():
    assert tally(*define(SHOPS), []).figure.value() is None


def test_amounts_are_summed_exactly():
    rows = [row(1, area=Decimal("0.1")), row(2, area=Decimal("0.2")), row(3, area=3, score=0)]
    assert tally(*define(AREA), rows).figure == Figure(Decimal("0.3"), Decimal("3.3"))


def test_a_missing_amount_marks_the_figure_and_a_missing_achievement_adds_nothing():
    assert not tally(*define(AREA), [row(1, area=None), row(2, area=1)]).figure.verified
    assert tally(*define(AREA), [row(1, area=None, operating=False), row(2, area=1)]).figure.verified
    counted = tally(*define(TRAINED), [row(1, staff=4, trained=3), row(2, staff=2, trained=None)])
    assert counted.figure == Figure(Decimal(3), Decimal(6))


def test_a_total_has_no_denominator():
    total = define({"code": "T", "name": "t", "subject": "s", "form": "total", "numerator": "sold", "sum_of": "kg"})
    rows = [Row("1", "99", {"sold": True, "kg": Decimal("2.5")}), Row("2", "99", {"sold": False, "kg": None})]
    assert tally(*total, rows).figure == Figure(Decimal("2.5"), None)


@pytest.mark.parametrize("ids", [("b", "a"), ("a", "a"), ("",)])
def test_rows_out_of_order_or_twice_are_refused(ids):
    with pytest.raises(RecordError, match="ascend"):
        tally(*define(SHOPS), [Row(one, "99", {"operating": True, "score": 1}) for one in ids])


@pytest.mark.parametrize("amount", ["3", True, date(2024, 1, 1), 0.5])
def test_only_numbers_can_be_summed(amount):
    with pytest.raises(RecordError):
        tally(*define(AREA), [row(1, area=amount)])


def test_only_computed_indicators_can_be_counted():
    with pytest.raises(DefinitionError):
        Formula(*define({"code": "M", "name": "m", "kind": "milestone", "comparison": "milestone"}))


def inputs(*rows, table=SHOPS):
    return tally(*define(table), rows).inputs


def test_the_inputs_digest_covers_what_the_formula_sees_and_only_that():
    base = inputs(row(1), row(2, score=3))
    assert base == inputs(row(1, unseen="x"), row(2, score=Decimal("3.00")))
    changed = [
        inputs(row(1), row(2, score=4)),
        inputs(row(1), row(3, score=3)),
        inputs(row(1), row(2, score=3, division="990101100002")),
        inputs(row(1), row(2, score=None)),
        inputs(row(1)),
        inputs(row(1), row(2, score=3), table={**SHOPS, "subject": "stall"}),
    ]
    assert len({base, *changed}) == len(changed) + 1


def test_text_and_number_of_the_same_spelling_are_different_inputs():
    lists = {**SHOPS, "numerator": "score != None"}
    assert len({inputs(row(1, score=value), table=lists) for value in (Decimal("8.5"), "8.5", True, 1, "1")}) == 5


divisions = st.sampled_from(["990101100001", "990101100002", "990101200001", "990102100001", "9901"])
shops = st.lists(st.tuples(divisions, st.booleans(), st.none() | st.integers(70, 90)), max_size=25)
SCOPES = ["", "99", "990101", "990101100", "990101100001", "990103"]


@given(shops)
@settings(max_examples=80)
def test_one_pass_over_all_divisions_equals_one_count_for_each(found):
    rows = [row(n, division=at, operating=on, score=score, area=n) for n, (at, on, score) in enumerate(found)]
    definitions = define(SHOPS, AREA)
    count = Count((definition, scope) for definition in definitions for scope in SCOPES)
    for one in rows:
        count.add("shop", one)
        count.add("unheard-of", one)
    for definition in definitions:
        for scope in SCOPES:
            inside = [one for one in rows if one.division.startswith(scope)]
            assert count.results()[definition.code, scope] == tally(definition, inside)
