"""What cannot be is found, with the fewest records that prove it; what can be is never accused."""

import random
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.traceability.balance import NOTHING, Amount, Kind, Movement
from fangxin.engines.traceability.spans import read_span
from fangxin.engines.traceability.stock import (
    Claimed,
    Conversion,
    Fault,
    Making,
    Supply,
    find_overdrawn,
    find_reversed,
    judge_claims,
    judge_yields,
)
from fangxin.engines.traceability.values import Link

DAY = date(2024, 5, 1)
ZERO = Decimal(0)
NO_TOLERANCE = ZERO


def record(ref: str, kind: Kind, quantity: float | None, day: int | None = 0, unit: str = "kg") -> Movement:
    value = None if quantity is None else Decimal(str(quantity))
    return Movement(ref, kind, "A", value, unit, None if day is None else DAY + timedelta(day), "P", "rice")


@pytest.mark.parametrize(
    ("entries", "sold", "excess"),
    [((300, 150), 460, 10), ((300, 150), 450, None), ((300, 160), 460, None), ((100,), 100.5, "0.5")],
)
def test_a_certificate_cannot_be_sold_beyond_its_entries(entries: tuple[int, ...], sold: float, excess: object) -> None:
    """The market plan's worked example: a certificate of 500 kg, entries of 300 and 150 kg, 460 kg sold."""
    rows = [record(f"entry {n}", Kind.RECEIVED, quantity) for n, quantity in enumerate(entries)]
    found = find_overdrawn([*rows, record("sale", Kind.SOLD, sold, 1)], tolerance=NO_TOLERANCE)
    assert [case.excess for case in found] == ([] if excess is None else [Decimal(str(excess))])


def test_half_kilograms_are_converted_before_anything_is_said() -> None:
    rows = [record("in", Kind.RECEIVED, 100), record("out", Kind.SOLD, 200, unit="斤")]
    assert not find_overdrawn(rows, tolerance=NO_TOLERANCE)
    assert find_overdrawn([*rows, record("more", Kind.SOLD, 1, unit="斤")], tolerance=NO_TOLERANCE)


def test_the_stated_tolerance_is_granted() -> None:
    rows = [record("in", Kind.RECEIVED, 100), record("out", Kind.SOLD, 103)]
    assert find_overdrawn(rows, tolerance=Decimal("0.02"))
    assert not find_overdrawn(rows, tolerance=Decimal("0.03"))


def test_an_income_nobody_weighed_excuses() -> None:
    rows = [record("in", Kind.RECEIVED, 100), record("out", Kind.SOLD, 500, 1)]
    assert find_overdrawn(rows)
    assert not find_overdrawn([*rows, record("unweighed", Kind.RECEIVED, None, None)])


def test_sold_before_it_came_is_found_though_the_sums_agree() -> None:
    rows = [record("early sale", Kind.SOLD, 10, 0), record("in", Kind.RECEIVED, 10, 3)]
    (case,) = find_overdrawn(rows, tolerance=NO_TOLERANCE)
    assert (case.on, case.proof, case.all_of) == (DAY, ("early sale",), ())


def test_goods_counted_at_the_end_of_a_day_must_have_come_too() -> None:
    rows = [record("in", Kind.RECEIVED, 10, 0), record("out", Kind.SOLD, 6, 1), record("count", Kind.COUNTED, 5, 1)]
    (case,) = find_overdrawn(rows, tolerance=NO_TOLERANCE)
    assert case.excess == 1
    assert case.proof == ("count", "out", "in")


def test_a_count_before_the_sale_is_not_added_to_it() -> None:
    rows = [record("in", Kind.RECEIVED, 10, 0), record("count", Kind.COUNTED, 10, 0), record("out", Kind.SOLD, 10, 1)]
    undated = record("another count", Kind.COUNTED, 10, None)
    assert not find_overdrawn([*rows, undated], tolerance=NO_TOLERANCE)


def test_a_product_whose_first_stock_is_unknown_proves_nothing() -> None:
    rows = [record("out", Kind.SOLD, 10)]
    assert not find_overdrawn(rows, by="product")
    assert find_overdrawn(rows, by="product", opened={"P/rice": NOTHING})
    assert not find_overdrawn(rows, by="product", opened={"P/rice": Amount(ZERO, None)})


ROWS = st.lists(
    st.tuples(
        st.sampled_from([Kind.RECEIVED, Kind.RECEIVED, Kind.SOLD, Kind.WASTED, Kind.COUNTED]),
        st.integers(0, 12),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=80, deadline=None)
@given(ROWS)
def test_the_proof_is_the_smallest_there_is(rows: list[tuple[Kind, int, int]]) -> None:
    """Beside trying every set of records on every day."""
    records = [record(str(n), kind, quantity, day) for n, (kind, quantity, day) in enumerate(rows)]
    sizes = []
    for day in {row.on for row in records}:
        came = [row for row in records if row.kind.comes and row.on <= day]
        most = sum(row.quantity for row in came)
        rest = [
            row
            for row in records
            if not row.kind.comes and row.on <= day and (row.kind is not Kind.COUNTED or row.on == day)
        ]
        for size in range(1, len(rest) + 1):
            if any(sum(row.quantity for row in chosen) > most for chosen in combinations(rest, size)):
                sizes.append(len(came) + size)
                break
    found = find_overdrawn(records, tolerance=NO_TOLERANCE)
    assert [len(case.proof) for case in found] == ([min(sizes)] if sizes else [])


@settings(max_examples=120, deadline=None)
@given(st.randoms(use_true_random=False))
def test_an_honest_store_is_never_accused_whatever_is_forgotten(rng: random.Random) -> None:
    stock, rows = 0, []
    for day in range(5):
        for _ in range(rng.randint(0, 3)):
            kind = rng.choice([Kind.RECEIVED, Kind.MADE, Kind.SOLD, Kind.USED])
            quantity = rng.randint(0, 20) if kind.comes else rng.randint(0, stock)
            stock += quantity if kind.comes else -quantity
            forgotten = not kind.comes and rng.random() < 0.2
            if not forgotten:
                weighed = quantity if rng.random() < 0.8 else None
                rows.append(record(str(len(rows)), kind, weighed, day if rng.random() < 0.8 else None))
        if rng.random() < 0.3:
            rows.append(record(str(len(rows)), Kind.COUNTED, stock, day))
    rng.shuffle(rows)
    assert not find_overdrawn(rows, tolerance=NO_TOLERANCE)
    assert not find_overdrawn(rows, by="product", opened={"P/rice": NOTHING}, tolerance=NO_TOLERANCE)


def link(source: str, target: str, sent: str = "", received: str = "") -> Link:
    return Link(source, target, read_span(sent), read_span(received))


def test_flour_that_left_before_any_wheat_came() -> None:
    early = link("flour", "bread", "2024-05-01", "2024-05-01")
    links = [early, link("wheat 1", "flour", received="2024-05-03"), link("wheat 2", "flour", received="2024-05-04")]
    (case,) = find_reversed(links)
    assert (case.fault, case.subject) == (Fault.OUTPUT_BEFORE_INPUT, "flour")
    assert case.proof == ("flour>bread", "wheat 1>flour", "wheat 2>flour")


@pytest.mark.parametrize(
    "excuse",
    [
        link("wheat 3", "flour", received="2024-04-30"),
        link("wheat 3", "flour"),
        link("wheat 3", "flour", received="2024-05"),
    ],
)
def test_an_input_that_may_have_come_in_time_excuses(excuse: Link) -> None:
    links = [link("flour", "bread", "2024-05-01", "2024-05-01"), link("wheat 1", "flour", received="2024-05-03")]
    assert find_reversed(links)
    assert not find_reversed([*links, excuse])


def test_a_link_of_a_lot_to_itself_is_no_input() -> None:
    links = [link("flour", "bread", "2024-05-01", "2024-05-01"), link("wheat", "flour", received="2024-05-03")]
    assert find_reversed([*links, link("flour", "flour")]) == find_reversed(links)


MILLING = Conversion("milling", Decimal("0.6"), Decimal("0.85"), "mill's own record")


@pytest.mark.parametrize(
    ("inputs", "outputs", "fault"),
    [
        ([1000], [850], None),
        ([1000], [600, 250], None),
        ([1000], [600, 280], Fault.YIELD_TOO_HIGH),
        ([1000], [500], Fault.YIELD_TOO_LOW),
        ([1000, None], [1200], None),
        ([1000], [500, None], None),
        ([1000], [900, None], Fault.YIELD_TOO_HIGH),
        ([None], [500], None),
    ],
)
def test_yields_beside_the_table(inputs: list[int | None], outputs: list[int | None], fault: Fault | None) -> None:
    making = Making(
        "milling of 1 May",
        "milling",
        tuple(record(f"in {n}", Kind.USED, quantity) for n, quantity in enumerate(inputs)),
        tuple(record(f"out {n}", Kind.MADE, quantity) for n, quantity in enumerate(outputs)),
    )
    found = judge_yields([making], [MILLING])
    assert [case.fault for case in found] == ([] if fault is None else [fault])


def test_a_process_without_a_conversion_is_not_judged() -> None:
    making = Making("m", "pressing", (record("in", Kind.USED, 1),), (record("out", Kind.MADE, 99),))
    assert not judge_yields([making], [MILLING])


def claim(ref: str, quantity: float, period: str = "2024", claim: str = "organic") -> Claimed:
    return Claimed(claim, period, record(ref, Kind.SOLD, quantity))


def test_more_organic_apples_than_the_orchards_can_bear() -> None:
    orchard = Supply("orchard", "organic", "2024", area_mu=Decimal(10), most_per_mu=Decimal(2000))
    sales = [claim("a", 9000), claim("b", 8000), claim("c", 6000), claim("d", 100)]
    (case,) = judge_claims([orchard], sales, tolerance=NO_TOLERANCE)
    assert (case.at_least, case.at_most) == (23000, 20000)
    assert case.proof == ("a", "b", "c", "orchard")
    assert not judge_claims([orchard], sales[:2], tolerance=NO_TOLERANCE)


def test_a_claim_without_supply_is_found_and_one_of_unknown_supply_is_not() -> None:
    assert judge_claims([], [claim("a", 1)])[0].excess == 1
    assert not judge_claims([Supply("grove", "organic", "2024")], [claim("a", 1)])
    assert judge_claims([Supply("grove", "organic", "2023")], [claim("a", 1)])
