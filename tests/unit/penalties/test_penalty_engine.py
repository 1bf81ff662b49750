"""Properties of the penalty engine, and what its files refuse."""

import doctest
import importlib
import pkgutil
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines import penalties
from fangxin.engines.deadlines import clock_in_force, due, load_clocks, national_calendar
from fangxin.engines.penalties import (
    Answer,
    CrimeFacts,
    FineCheck,
    FineOutcome,
    check_fine,
    fine_range,
    keep_until,
    late_fee,
    load_procedure,
    load_retention,
    load_statute,
    load_transfer_rules,
    required_authority,
    review_transfer,
)

ROOT = Path(__file__).parents[3] / "standards"
LAW = load_statute((ROOT / "statutes/food-safety-law.toml").read_text("utf-8"))
PROCEDURE = load_procedure((ROOT / "statutes/procedure.toml").read_text("utf-8"))
TRANSFER = load_transfer_rules((ROOT / "statutes/transfer.toml").read_text("utf-8"))
RECORDS = load_retention((ROOT / "statutes/retention.toml").read_text("utf-8"))
CLOCKS = {
    clock.code: clock
    for name in ("clocks.toml", "cases.toml")
    for clock in load_clocks((ROOT / "clocks" / name).read_text("utf-8"))
}
CALENDAR = national_calendar(range(2021, 2027))
SMALL = settings(max_examples=60, deadline=None)
money = st.decimals(min_value=0, max_value=10_000_000, places=2)
days = st.dates(date(2022, 1, 1), date(2024, 12, 31))
known = st.sampled_from([True, False, None])


@pytest.mark.parametrize("name", [m.name for m in pkgutil.iter_modules(penalties.__path__)])
def test_examples_run(name):
    assert doctest.testmod(importlib.import_module(f"fangxin.engines.penalties.{name}")).failed == 0


@SMALL
@given(money, st.sampled_from(LAW.provisions))
def test_every_goods_value_has_a_range_and_more_goods_never_a_smaller_one(value, provision):
    one = fine_range(LAW, provision, value, procedure=PROCEDURE, refused=True)
    more = fine_range(LAW, provision, value * 2 + 1, procedure=PROCEDURE, refused=True)
    assert one.outcome is FineOutcome.RANGE
    assert one.low <= one.high
    assert one.low <= more.low
    assert one.high <= more.high
    assert check_fine(one.low, one) is check_fine(one.high, one) is FineCheck.WITHIN
    assert check_fine(one.high + 1, one) is FineCheck.ABOVE


def test_goods_worth_less_than_nothing_are_refused():
    with pytest.raises(ValueError, match="less than nothing"):
        fine_range(LAW, LAW.provisions[0], Decimal(-1), procedure=PROCEDURE)


@SMALL
@given(money)
def test_one_ceiling_parts_county_and_city(fine):
    assert (required_authority(fine, PROCEDURE).value == "city") == (fine >= 300_000)


@SMALL
@given(money, st.integers(0, 400))
def test_a_late_fee_never_exceeds_the_fine(fine, late):
    assert 0 <= late_fee(fine, late, PROCEDURE) <= fine


def facts_of_crime():
    flags = {f.name: known for f in fields(CrimeFacts) if f.type in (bool | None, "bool | None")}
    amounts = {name: st.none() | money for name in ("amount", "gain")}
    counts = {name: st.none() | st.integers(0, 40) for name in ("injured", "seriously_ill")}
    return st.builds(CrimeFacts, on=days, began=days, ended=days, penalized_on=st.none() | days,
                     **flags, **amounts, **counts)  # fmt: skip


@SMALL
@given(facts_of_crime(), st.data())
def test_clearing_up_a_fact_never_turns_a_review_that_fires_into_silence(facts, data):
    before = review_transfer(facts, TRANSFER).answer
    unknown = [
        f.name for f in fields(facts) if f.type in (bool | None, "bool | None") and getattr(facts, f.name) is None
    ]
    if unknown:
        cleared = replace(facts, **{data.draw(st.sampled_from(unknown)): True})
        after = review_transfer(cleared, TRANSFER).answer
        assert (before, after) != (Answer.FIRES, Answer.SILENT)
        assert before is not Answer.FIRES or after is Answer.FIRES


@SMALL
@given(facts_of_crime())
def test_every_answer_that_is_not_silence_says_why(facts):
    for found in review_transfer(facts, TRANSFER).results:
        assert found.answer is Answer.SILENT or found.grounds or found.unknown
        assert found.answer is not Answer.MANUAL or found.unknown


@SMALL
@given(st.sampled_from(sorted(CLOCKS)), days, st.integers(0, 60))
def test_a_later_start_never_ends_earlier_and_an_extension_never_shortens(code, start, delay):
    clock = clock_in_force(CLOCKS.values(), code, start) if CLOCKS[code].in_force_from <= start else None
    later = start + timedelta(days=delay)
    if clock is None or clock.unit.value in ("hour", "date") or later > clock.in_force_to or later.year > 2024:
        return
    first = due(clock, start, calendar=CALENDAR).last_day
    assert first <= due(clock, later, calendar=CALENDAR).last_day
    if clock.extension:
        assert due(clock, start, calendar=CALENDAR, extended=True).last_day > first


@SMALL
@given(st.sampled_from(["purchase", "platform_transaction", "wholesale_sale"]), days, days)
def test_the_longest_of_all_terms_holds(record, event, shelf):
    found = keep_until(
        RECORDS, record=record, subject_kind="food_sales", division_code="410000", event_on=event, shelf_life_ends=shelf
    )
    assert found.until == max(day for _article, day in found.applied)


@pytest.mark.parametrize(
    ("bands", "why"),
    [
        ("[[provision.band]]\nfrom = 5\nlow = 1\nhigh = 2", "do not join"),
        ("[[provision.band]]\nbelow = 5\nlow = 1\nhigh = 2", "end at"),
        ("[[provision.band]]\nlow = 3\nhigh = 2", "low to high"),
    ],
)
def test_a_statute_file_with_a_hole_is_refused(bands, why):
    head = (
        'code = "x"\nlaw = "x"\nedition = "1"\nlevel = "national"\nin_force_from = 2020-01-01\n'
        '[[provision]]\ncode = "1"\narticle = "1"\noffences = ["late"]\n'
    )
    with pytest.raises(ValueError, match=why):
        load_statute(head + bands)
    twice = head + '[[provision]]\ncode = "2"\narticle = "2"\noffences = ["late"]\n'
    with pytest.raises(ValueError, match="two articles"):
        load_statute(twice)
