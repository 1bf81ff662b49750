"""Amounts, changes and contradictions: laws that hold for any numbers."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines import forecasts, identifiers, reduction
from fangxin.engines.reduction import Amount, Basis, Flow, Ingredient, Need, Unit, Unknown, Usage

quantities = st.decimals(min_value=Decimal("0.001"), max_value=Decimal("9999"), places=3)
contents = st.decimals(min_value=Decimal("0.1"), max_value=Decimal("99.9"), places=1)
densities = st.decimals(min_value=Decimal("0.700"), max_value=Decimal("1.900"), places=3)


@settings(max_examples=60, deadline=None)
@given(quantities, contents)
def test_a_kilogram_is_a_thousand_grams_and_a_litre_a_thousand_millilitres(value: Decimal, content: Decimal) -> None:
    by_weight, by_volume = Ingredient("甲", content), Ingredient("甲", content, Basis.GRAMS_PER_LITRE)
    for large, small, one in ((Unit.KILOGRAM, Unit.GRAM, by_weight), (Unit.LITRE, Unit.MILLILITRE, by_volume)):
        grams = reduction.active_grams(Amount(value, large), one)
        assert grams == reduction.active_grams(Amount(value * 1000, small), one)


@settings(max_examples=60, deadline=None)
@given(quantities, contents, densities)
def test_the_density_leads_from_volume_to_weight_and_nothing_else_does(
    value: Decimal, content: Decimal, density: Decimal
) -> None:
    ingredient, litres = Ingredient("甲", content), Amount(value, Unit.LITRE)
    assert reduction.active_grams(litres, ingredient) is Unknown.DENSITY
    weighed = reduction.active_grams(Amount(value * density, Unit.KILOGRAM), ingredient)
    assert reduction.active_grams(litres, ingredient, density=density) == weighed


def test_a_content_nobody_knows_is_not_zero() -> None:
    parts = [reduction.active_grams(Amount(Decimal(1), Unit.KILOGRAM), one) for one in (
        Ingredient("甲", Decimal(10)), Ingredient("乙", None),
    )]  # fmt: skip
    total = reduction.total_of(parts)
    assert (total.grams, total.known, total.unknown, total.whole) == (Decimal(100), 1, 1, False)
    assert not reduction.total_of([]).whole


@pytest.mark.parametrize("wrong", ["-1", "NaN", "Infinity"])
def test_amounts_that_cannot_be_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="zero or more"):
        Amount(Decimal(wrong), Unit.GRAM)
    with pytest.raises(ValueError, match="zero or more"):
        Usage(Decimal(wrong))
    with pytest.raises(ValueError, match="zero or more"):
        Flow(sold=Decimal(wrong))


@settings(max_examples=80, deadline=None)
@given(quantities, quantities, quantities, quantities)
def test_a_change_undone_leads_back(grams: Decimal, now: Decimal, mu: Decimal, mu_now: Decimal) -> None:
    change = reduction.compare_years(Usage(grams, mu), Usage(now, mu_now))
    assert change.amount is not None
    assert abs(grams * (1 + change.amount / 100) - now) < Decimal("1e-15") * max(grams, now)
    back = reduction.compare_years(Usage(now, mu_now), Usage(grams, mu))
    opposite = {"fell": "rose", "rose": "fell", "same": "same", "mixed": "mixed"}
    assert back.trend.value == opposite[change.trend.value]


def test_nothing_is_said_of_a_year_without_a_base() -> None:
    for base in (Usage(None, Decimal(10)), Usage(Decimal(0), Decimal(10))):
        change = reduction.compare_years(base, Usage(Decimal(5), Decimal(10)))
        assert change.amount is None
        assert change.trend is reduction.Trend.UNKNOWN
    assert reduction.intensity(Usage(Decimal(5), Decimal(0))) is None
    assert reduction.share(Decimal(3), None) is None


# --- contradictions ---------------------------------------------------------------------------------------------------

sides = st.one_of(st.none(), st.decimals(min_value=0, max_value=10_000, places=1))


@settings(max_examples=150, deadline=None)
@given(sides, sides, sides, sides, sides, st.booleans(), st.booleans())
def test_every_contradiction_is_beyond_its_tolerance_and_none_is_missed(
    sold: Decimal | None, bought: Decimal | None, used: Decimal | None, need: Decimal | None, own: Decimal | None,
    sold_whole: bool, used_whole: bool,
) -> None:  # fmt: skip
    flow = Flow(sold, bought, used, need, own, sold_whole, used_whole)
    tolerance, least = Decimal("0.3"), Decimal(50)
    found = reduction.compare_flow(flow, tolerance=tolerance, least=least)
    pairs = {
        "sold_not_used": (bought, used if used_whole else None),
        "used_not_sold": (used, sold if sold_whole else None),
        "sold_above_need": (sold, need),
        "used_above_need": (used, own),
    }
    slow = {
        kind: more - less - less * 3 / 10
        for kind, (more, less) in pairs.items()
        if more is not None and less is not None and more - less - less * 3 / 10 > 50
    }
    assert {one.kind.value: one.excess for one in found} == slow
    assert all(one.meanings for one in found)


def test_a_sum_with_unknown_parts_proves_nothing_by_being_less() -> None:
    flow = Flow(sold=Decimal(900), sold_to_recorders=Decimal(900), used=Decimal(10), used_whole=False)
    assert reduction.compare_flow(flow, tolerance=Decimal("0.3")) == ()
    whole = replace(flow, used_whole=True)
    assert [one.kind.value for one in reduction.compare_flow(whole, tolerance=Decimal("0.3"))] == ["sold_not_used"]


def test_a_need_with_one_unclear_label_is_no_bound() -> None:
    clear = Need(Decimal(2), 3, Decimal(100))
    assert reduction.label_need([clear]) == 600
    for hole in (Need(None, 3, Decimal(1)), Need(Decimal(2), None, Decimal(1)), Need(Decimal(2), 3, None)):
        assert reduction.label_need([clear, hole]) is None
    assert reduction.label_need([]) is None


# --- forecasts --------------------------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 5), st.integers(0, 5), st.integers(-20, 40))
def test_a_hit_is_within_one_degree_and_within_the_window(expected: int, seen: int, day: int) -> None:
    first = date(2024, 5, 1)
    peak = first + timedelta(days=day) if seen else None
    outcome = forecasts.judge_forecast(
        forecasts.Expected(expected, first, first + timedelta(days=20)), forecasts.Observed(seen, peak)
    )
    assert (outcome in forecasts.HITS) == (seen > 0 and 0 <= day <= 20 and abs(expected - seen) <= 1)


def test_values_and_degrees_that_cannot_be_are_refused() -> None:
    bounds = [Decimal(n) for n in (5, 10, 20, 30)]
    with pytest.raises(ValueError, match="zero or more"):
        forecasts.degree_of(Decimal(-1), bounds)
    with pytest.raises(ValueError, match="rising"):
        forecasts.degree_of(Decimal(1), bounds[::-1])
    with pytest.raises(ValueError, match="from 1 to 5"):
        forecasts.Expected(6, date(2024, 5, 1), date(2024, 5, 2))
    with pytest.raises(ValueError, match="has a day"):
        forecasts.Observed(3)
    with pytest.raises(ValueError, match="before the day"):
        forecasts.term_of(date(2024, 5, 2), date(2024, 5, 1))


# --- codes ------------------------------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(st.text("0123456789", min_size=24, max_size=24), st.sampled_from(["", " ", "-", "\u200b", "\u3000"]))
def test_a_code_is_found_however_it_is_spaced_and_in_what_a_scanner_reads(code: str, gap: str) -> None:
    assert identifiers.check_drug_code(gap.join(code)).normalized == code
    assert identifiers.find_drug_code(f"追溯码：{code}；某兽药") == code


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_anything_else_has_a_problem_and_nothing_breaks(text: str) -> None:
    checked = identifiers.check_drug_code(text)
    assert checked.valid == (
        len(checked.normalized) == 24 and checked.normalized.isascii() and checked.normalized.isdigit()
    )
    found = identifiers.find_drug_code(text)
    assert found is None or identifiers.check_drug_code(found).valid


def test_two_codes_in_one_reading_are_not_guessed_between() -> None:
    assert identifiers.find_drug_code(f"{'1' * 24} {'2' * 24}") is None
    assert identifiers.find_drug_code("1" * 25) is None
