from collections import Counter
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.indicators import Comparison, DefinitionError, Form, Kind, load_definitions
from fangxin.engines.indicators.reading import read_definitions

CATALOGUE = """
edition = "2022"
in_force_from = 2022-05-19
source = "invented for the tests"

[[indicator]]
code = "T-1"
action = 5
name = "农村食品经营店规范化建设达标率"
clause = "达标率超过80%"
subject = "rural_shop"
denominator = "operating"
numerator = "score >= 80 and not vetoed"
comparison = ">"
target = 80
due = 2024-12-31
basis = "plan"

[[indicator]]
code = "T-2"
name = "绿色防控面积占比"
subject = "parcel"
denominator = 'crop in ["maize", "wheat"]'
numerator = "green"
sum_of = "area"
comparison = ">="
target = 62.5

[[indicator]]
code = "T-3"
name = "农药使用量"
subject = "pesticide_use"
form = "total"
numerator = "True"
sum_of = "kilograms"
unit = "千克"
comparison = "decline"
base_year = 2021

[[indicator]]
code = "T-4"
name = "监测体系"
kind = "milestone"
comparison = "milestone"

[[indicator]]
code = "T-5"
name = "样品完成率"
kind = "signed"
reason = "检测数据尚未接入"
comparison = "="
target = 100
"""
GOOD = {
    "code": "G",
    "name": "good",
    "subject": "shop",
    "denominator": "a",
    "numerator": "b",
    "comparison": ">=",
    "target": "80",
}


def test_a_catalogue_is_read_in_its_order_and_exactly():
    first, second, third, fourth, fifth = load_definitions(CATALOGUE)
    assert (first.code, first.action, first.target, first.due) == ("T-1", 5, Decimal(80), date(2024, 12, 31))
    assert first.fields == ("operating", "score", "vetoed")
    assert second.target == Decimal("62.5")
    assert second.fields == ("area", "crop", "green")
    assert (third.form, third.comparison, third.target) == (Form.TOTAL, Comparison.DECLINE, None)
    assert (fourth.kind, fifth.kind) == (Kind.MILESTONE, Kind.SIGNED)
    assert [definition.scale for definition in (first, third)] == [100, 1]


def test_due_is_a_question_of_the_day():
    first = load_definitions(CATALOGUE)[0]
    assert not first.is_due(date(2024, 12, 30))
    assert first.is_due(date(2024, 12, 31))


def test_definitions_survive_the_way_through_a_file():
    definitions = load_definitions(CATALOGUE)
    assert read_definitions([definition.to_mapping() for definition in definitions]) == definitions


def version(**change):
    return read_definitions([{**GOOD, **change}])[0].formula_version


def test_the_formula_version_follows_what_changes_the_figure_and_nothing_else():
    assert len(version()) == 12
    same = [{"name": "renamed"}, {"note": "n"}, {"source": "s"}, {"numerator": " ( b ) "}, {"target": "80.0"}]
    other = [
        {"numerator": "c"},
        {"denominator": "not a"},
        {"target": "81"},
        {"comparison": ">"},
        {"sum_of": "x"},
        {"subject": "stall"},
        {"code": "H"},
    ]
    assert {version(**change) for change in same} == {version()}
    assert len({version(**change) for change in other} | {version()}) == len(other) + 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"colour": "red"}, "unknown key 'colour'"),
        ({"code": " "}, "code and a name"),
        ({"code": 5}, "code cannot be 5"),
        ({"numerator": "a and len(b)"}, "numerator, column 7"),
        ({"denominator": ""}, "denominator, column 1"),
        ({"comparison": "about"}, "comparison cannot be 'about'"),
        ({"target": "many"}, "target cannot be 'many'"),
        ({"target": "1e99"}, "target cannot be"),
        ({"target": True}, "target cannot be"),
        ({"due": "soon"}, "due cannot be 'soon'"),
        ({"target": "100.1"}, "cannot exceed 100"),
        ({"target": "-1"}, "from 0"),
        ({"subject": ""}, "needs subject"),
        ({"comparison": "decline", "target": 0}, "between 0 and 100"),
        ({"comparison": "milestone"}, "belong together"),
        ({"kind": "signed"}, "reason"),
        ({"kind": "signed", "reason": "no data"}, "has no denominator"),
        ({"reason": "no data"}, "only a signed"),
        ({"form": "total"}, "neither denominator"),
        ({"numerator_sum_of": "x"}, "needs sum_of"),
        ({"per": 0}, "per is"),
    ],
)
def test_a_bad_definition_is_named_with_its_place_and_part(change, reason):
    with pytest.raises(DefinitionError, match=r"indicator 2 \(.*\): ") as caught:
        read_definitions([{**GOOD, "code": "first"}, {**GOOD, **change}])
    assert reason in str(caught.value)


@pytest.mark.parametrize("missing", ["target", "comparison", "numerator", "denominator", "subject", "code", "name"])
def test_parts_that_need_each_other_are_not_left_out_quietly(missing):
    with pytest.raises(DefinitionError):
        read_definitions([{key: value for key, value in GOOD.items() if key != missing}])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no \\[\\[indicator\\]\\]"),
        ("indicator = 3", "no \\[\\[indicator\\]\\]"),
        ("indicator = [3]", "not a table"),
        ("a = x\n", "line 1, column"),
        ("colour = 'red'", "unknown key 'colour'"),
        (CATALOGUE + CATALOGUE[CATALOGUE.index("[[indicator]]") :], r"indicator 6 \(T-1\): the code is given twice"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(text, reason):
    with pytest.raises(DefinitionError, match=reason):
        load_definitions(text)


plain = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)


@given(st.dictionaries(st.sampled_from([*GOOD, "kind", "form", "due", "per", "unit", "sum_of"]), plain, max_size=4))
@settings(max_examples=150)
def test_no_table_raises_anything_but_a_definition_error(change):
    with suppress(DefinitionError):
        read_definitions([{**GOOD, **change}])


def test_no_two_indicators_that_ship_have_one_code():
    """On the board the later one would silently stand in the place of the earlier."""
    folder = Path(__file__).parents[3] / "standards" / "indicators"
    codes = [
        definition.code for path in sorted(folder.glob("*.toml")) for definition in load_definitions(path.read_text())
    ]
    assert len(codes) > 50
    assert [code for code, count in Counter(codes).items() if count > 1] == []
