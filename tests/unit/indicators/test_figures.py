from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.indicators import Figure, Status, display_percent, judge, round_for_display, value_in_unit
from fangxin.engines.indicators.reading import read_definitions

RATIO = {"code": "R", "name": "r", "subject": "s", "denominator": "a", "numerator": "b"}
TOTAL = {"code": "T", "name": "t", "subject": "s", "form": "total", "numerator": "b", "sum_of": "x", "unit": "千克"}


def define(table, **change):
    return read_definitions([{**table, **change}])[0]


def figure(numerator, denominator=None, *, verified=True):
    parts = [None if part is None else Decimal(str(part)) for part in (numerator, denominator)]
    return Figure(*parts, verified=verified)


whole = st.integers(0, 10**6)


@given(whole, st.integers(1, 10**6), st.integers(0, 100), st.sampled_from([">", ">=", "=", "<", "<="]))
@settings(max_examples=200)
def test_targets_are_compared_as_exact_fractions(numerator, denominator, target, comparison):
    definition = define(RATIO, comparison=comparison, target=target)
    exact, limit = Fraction(numerator, denominator) * 100, Fraction(target)
    answers = {">": exact > limit, ">=": exact >= limit, "=": exact == limit, "<": exact < limit, "<=": exact <= limit}
    expected = Status.MET if answers[comparison] else Status.NOT_MET
    assert judge(definition, figure(numerator, denominator)) is expected


def test_a_hair_below_full_is_not_full_however_it_shows():
    almost = figure(10**30 - 1, 10**30)
    assert display_percent(almost) == Decimal("100.00")
    assert judge(define(RATIO, comparison=">=", target=100), almost) is Status.NOT_MET


@given(whole, st.integers(1, 10**6), st.integers(0, 4))
@settings(max_examples=200)
def test_shown_percentages_are_rounded_half_up_from_the_exact_fraction(numerator, denominator, places):
    shown = display_percent(figure(numerator, denominator), places)
    exact = Fraction(numerator, denominator) * 100
    assert abs(Fraction(shown) - exact) <= Fraction(1, 2 * 10**places)
    assert -shown.as_tuple().exponent == places
    assert shown == round_for_display(figure(numerator, denominator).value(), places)


def test_a_tie_goes_up():
    assert display_percent(figure(1, 800)) == Decimal("0.13")  # 0.125
    assert Decimal("0.125").quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal("0.13")
    assert display_percent(figure(-1, 800)) == Decimal("-0.13")


@pytest.mark.parametrize(
    ("given_figure", "status"),
    [
        (None, Status.UNKNOWN),
        (figure(None, 5), Status.UNKNOWN),
        (figure(5, None), Status.UNKNOWN),
        (figure(0, 0), Status.NO_SUBJECTS),
        (figure(0, 0, verified=False), Status.NO_SUBJECTS),
        (figure(5, 5, verified=False), Status.UNVERIFIED),
        (figure(5, 5), Status.MET),
        (figure(4, 5), Status.NOT_MET),
    ],
)
def test_absence_has_names_of_its_own(given_figure, status):
    assert judge(define(RATIO, comparison="=", target=100), given_figure) is status


def test_an_indicator_without_target_is_followed_not_judged():
    assert judge(define(RATIO), figure(1, 2)) is Status.NO_TARGET


@pytest.mark.parametrize(
    ("now", "base", "target", "status"),
    [
        (figure(99), figure(100), None, Status.MET),
        (figure(100), figure(100), None, Status.NOT_MET),
        (figure(90), figure(100), 10, Status.MET),
        (figure("90.01"), figure(100), 10, Status.NOT_MET),
        (figure(99), None, None, Status.NO_BASE),
        (figure(99), figure(None), None, Status.NO_BASE),
        (figure(99), figure(100, verified=False), None, Status.NO_BASE),
        (figure(0), figure(0), None, Status.NOT_MET),
        (None, figure(100), None, Status.UNKNOWN),
    ],
)
def test_a_decline_is_judged_against_its_base(now, base, target, status):
    change = {} if target is None else {"target": target}
    assert judge(define(TOTAL, comparison="decline", **change), now, base=base) is status


def test_a_declining_rate_is_compared_as_a_rate():
    definition = define(RATIO, comparison="decline", unit="‰")
    assert judge(definition, figure(3, 1000), base=figure(4, 1000)) is Status.MET
    assert judge(definition, figure(3, 500), base=figure(4, 1000)) is Status.NOT_MET
    assert judge(definition, figure(3, 500), base=figure(0, 0)) is Status.NO_BASE


def test_units_other_than_per_cent_are_compared_in_their_unit():
    definition = define(RATIO, comparison=">=", target=4, unit="批次/千人", per=1000)
    assert judge(definition, figure(1268, 317000)) is Status.MET
    assert judge(definition, figure(1267, 317000)) is Status.NOT_MET
    assert value_in_unit(definition, figure(1268, 317000)) == 4
    assert value_in_unit(define(TOTAL), figure("12.5")) == Decimal("12.5")


def test_a_milestone_is_reached_with_evidence_or_not():
    definition = define({"code": "M", "name": "m", "kind": "milestone", "comparison": "milestone"})
    statuses = [judge(definition, given) for given in (figure(1), figure(0), figure(1, verified=False), None)]
    assert statuses == [Status.MET, Status.NOT_MET, Status.UNVERIFIED, Status.UNKNOWN]


@pytest.mark.parametrize("parts", [("NaN", "1"), ("1", "Infinity"), ("1", "-1")])
def test_a_figure_is_made_of_numbers(parts):
    with pytest.raises(ValueError, match=r"a figure|a denominator"):
        figure(*parts)
