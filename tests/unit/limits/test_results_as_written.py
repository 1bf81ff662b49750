"""How results are written, rounded and converted."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.limits import UNITS, Form, convert, find_unit, read_expression, round_once


@pytest.mark.parametrize(
    ("text", "form", "low", "high"),
    [
        ("0.25", Form.NUMBER, "0.25", "0.25"),
        ("０．２５", Form.NUMBER, "0.25", "0.25"),
        ("1,234.5", Form.NUMBER, "1234.5", "1234.5"),
        ("1.2×10³ CFU/g", Form.NUMBER, "1200", "1200"),
        ("1.2e-2", Form.NUMBER, "0.012", "0.012"),
        ("2.44×100μg/kg", Form.NUMBER, "244", "244"),
        ("0.25±0.02", Form.NUMBER, "0.25", "0.25"),
        ("＜0.01", Form.BELOW, "0", "0.01"),
        ("小于10", Form.BELOW, "0", "10"),
        (">1000", Form.ABOVE, "1000", None),
        ("0.1~0.2 mg/kg", Form.RANGE, "0.1", "0.2"),
        ("ND", Form.NOT_DETECTED, None, None),
        ("未检出（<0.005）", Form.NOT_DETECTED, None, None),
        ("未检出/25g", Form.NOT_DETECTED, None, None),
        ("检出/25g", Form.DETECTED, None, None),
    ],
)
def test_the_closed_list_is_read(text, form, low, high):
    found = read_expression(text)
    expected = [None if x is None else Decimal(x) for x in (low, high)]
    assert (found.form, [found.low, found.high]) == (form, expected)


@pytest.mark.parametrize(
    ("text", "why", "probable"),
    [
        ("1/58μg/kg", "slash_decimal", "1.58"),
        ("0,05", "decimal_comma", "0.05"),
        ("1.2×103", "lost_power", "1200"),
        ("Jan-82", "date_like", None),
        ("2019-01-02", "date_like", None),
        ("-0.1", "negative", None),
        ("不合格", "no_value", None),
        ("", "no_value", None),
        ("约0.1", "unreadable", None),
        ("nan", "unreadable", None),
        ("1e999", "unreadable", None),
    ],
)
def test_everything_else_is_left_to_a_person_with_what_it_may_mean(text, why, probable):
    found = read_expression(text)
    assert (found.form, found.why) == (Form.UNREADABLE, why)
    assert found.probable == (None if probable is None else Decimal(probable))


def test_the_expression_column_adds_but_never_contradicts():
    assert read_expression("0.01", how="<").form is Form.BELOW
    assert read_expression("", how="未检出").form is Form.NOT_DETECTED
    assert read_expression("0,05", how="decimal_comma").low == Decimal("0.05")
    assert read_expression("0.5", how="以恩诺沙星与环丙沙星之和计").low == Decimal("0.5")
    assert read_expression("0.5", how="ND").why == "contradiction"
    assert read_expression("0.5", how="somehow").why == "expression_unknown"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    found = read_expression(text)
    assert (found.form is Form.UNREADABLE) == bool(found.why and found.why != "loq")


@settings(max_examples=200, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=0, max_value=10**9))
def test_a_plain_number_keeps_every_digit(number):
    assert read_expression(str(number)).low == number or "E" in str(number)


@settings(max_examples=200, deadline=None)
@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-1000, max_value=1000), st.integers(-3, 2)
)
def test_rounding_goes_to_the_nearest_and_halves_to_even(value, power):
    interval = Decimal(1).scaleb(power)
    rounded = round_once(value, interval)
    assert abs(rounded - value) <= interval / 2
    assert rounded % interval == 0
    assert abs(rounded - value) < interval / 2 or (rounded / interval) % 2 == 0


@settings(max_examples=100, deadline=None)
@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=0, max_value=10**6),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(sorted(UNITS)),
)
def test_a_conversion_there_and_back_loses_nothing(value, one, other):
    there = convert(value, UNITS[one], UNITS[other])
    if there is not None:
        assert convert(there, UNITS[other], UNITS[one]) == value


def test_spellings_of_a_unit_are_one_unit():
    assert {find_unit(text).name for text in ("ug/kg", "μg/kg", "µg/Kg", "微克/千克", "μg／kg")} == {"μg/kg"}
    assert find_unit("mg") is None
    assert convert(Decimal(5), UNITS["CFU/g"], UNITS["CFU/g(mL)"]) == 5
    assert convert(Decimal(5), UNITS["CFU/g"], UNITS["/25g"]) is None
