"""Balances are intervals that hold the truth, add up, and only narrow when more is known."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.traceability.balance import (
    UNKNOWN,
    Amount,
    Kind,
    Movement,
    Units,
    balance_days,
    balance_lot,
    balance_lots,
)

DAY = date(2024, 5, 1)
ZERO = Decimal(0)


def movement(
    ref: int, kind: Kind, quantity: int | None, day: int | None = 0, lot: str = "A", **rest: object
) -> Movement:
    on = None if day is None else DAY + timedelta(day)
    value = None if quantity is None else Decimal(quantity)
    return Movement(str(ref), kind, lot, value, "kg", on, **rest)  # type: ignore[arg-type]


MOVEMENTS = st.lists(
    st.builds(
        movement,
        ref=st.integers(0, 10**6),
        kind=st.sampled_from(list(Kind)),
        quantity=st.none() | st.integers(0, 50),
        day=st.none() | st.integers(0, 5),
        lot=st.sampled_from("AB"),
        error=st.sampled_from([ZERO, Decimal("0.02")]),
    ),
    max_size=12,
    unique_by=lambda row: row.ref,
)


@settings(max_examples=80, deadline=None)
@given(MOVEMENTS, st.integers(0, 12))
def test_what_came_and_went_adds_over_any_parting_of_the_records(rows: list[Movement], at: int) -> None:
    whole, one, other = (balance_lot(part, unit="kg") for part in (rows, rows[:at], rows[at:]))
    assert whole.came == one.came + other.came
    assert whole.went == one.went + other.went


@settings(max_examples=80, deadline=None)
@given(MOVEMENTS, st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(rows: list[Movement], rng: random.Random) -> None:
    shuffled = rng.sample(rows, len(rows))
    assert balance_lots(rows) == balance_lots(shuffled)
    assert balance_days(rows) == balance_days(shuffled)


@settings(max_examples=80, deadline=None)
@given(MOVEMENTS, st.integers(0, 50), st.integers(0, 5))
def test_more_knowledge_never_widens(rows: list[Movement], quantity: int, day: int) -> None:
    """A record's quantity becomes known, its day becomes known: no interval that was there grows."""
    for n, row in enumerate(rows):
        weighed = [*rows[:n], replace(row, quantity=Decimal(quantity)), *rows[n + 1 :]]
        if row.quantity is None:
            assert balance_lot(weighed).gap.within(balance_lot(rows).gap)
            assert_days_within(weighed, rows)
        if row.on is None and row.kind is not Kind.COUNTED:
            assert_days_within([*rows[:n], replace(row, on=DAY + timedelta(day)), *rows[n + 1 :]], rows)


def assert_days_within(known: list[Movement], rows: list[Movement]) -> None:
    after = {day.on: day for day in balance_days(known)}
    for before in balance_days(rows):
        assert after[before.on].closing.within(before.closing)
        assert after[before.on].opening.within(before.opening)


@settings(max_examples=120, deadline=None)
@given(st.randoms(use_true_random=False))
def test_every_interval_holds_the_truth(rng: random.Random) -> None:
    """A store is lived through day by day with all known; then quantities and days are forgotten."""
    stock, rows, closing = rng.randint(0, 30), [], {}
    opened = Amount.exactly(Decimal(stock)) if rng.random() < 0.5 else UNKNOWN
    for day in range(6):
        for _ in range(rng.randint(0, 3)):
            kind = rng.choice([Kind.RECEIVED, Kind.MADE, Kind.SOLD, Kind.WASTED])
            quantity = rng.randint(0, 20) if kind.comes else rng.randint(0, stock)
            stock += quantity if kind.comes else -quantity
            rows.append(
                movement(
                    len(rows),
                    kind,
                    None if rng.random() < 0.2 else quantity,
                    None if rng.random() < 0.2 else day,
                    premises="P",
                    product="rice",
                )
            )
        closing[DAY + timedelta(day)] = Decimal(stock)
        if rng.random() < 0.3:
            rows.append(movement(len(rows), Kind.COUNTED, stock, day, premises="P", product="rice"))
    for found in balance_days(rows, opened={("P", "rice"): opened}):
        truth = Amount.exactly(closing[found.on])
        assert truth.within(found.closing), found
        assert found.gap is None or Amount.exactly(ZERO).within(found.gap)


def test_units_of_the_market_are_one_weight() -> None:
    rows = [
        Movement("1", Kind.RECEIVED, "A", Decimal("0.1"), "吨"),
        Movement("2", Kind.SOLD, "A", Decimal(100), "斤"),
        Movement("3", Kind.SOLD, "A", Decimal(2), "箱"),
        Movement("4", Kind.COUNTED, "A", Decimal(30000), "克"),
    ]
    found = balance_lot(rows, units=Units({"箱": ("kg", Decimal(10))}))
    assert (found.unit, found.gap) == ("kg", Amount.exactly(ZERO))


def test_a_unit_nobody_can_convert_is_unknown_and_never_zero() -> None:
    rows = [Movement("1", Kind.RECEIVED, "A", Decimal(5), "kg"), Movement("2", Kind.SOLD, "A", Decimal(3), "筐")]
    found = balance_lot([*rows, Movement("3", Kind.SOLD, "A", None, "kg")])
    assert found.went == UNKNOWN
    assert found.left == Amount(ZERO, Decimal(5))
    assert found.unclear == ("2", "3")


@pytest.mark.parametrize(("counted_on", "known"), [(2, True), (1, False), (None, False)])
def test_only_a_count_after_the_last_movement_closes_a_lot(counted_on: int | None, known: bool) -> None:
    rows = [movement(1, Kind.RECEIVED, 10, 0), movement(2, Kind.SOLD, 4, 2), movement(3, Kind.COUNTED, 5, counted_on)]
    found = balance_lot(rows)
    assert found.gap == (Amount.exactly(Decimal(1)) if known else Amount(None, Decimal(6)))


def test_the_day_after_a_count_opens_with_it() -> None:
    rows = [
        movement(1, Kind.RECEIVED, 10, 0),
        movement(2, Kind.COUNTED, 8, 0),
        movement(3, Kind.SOLD, 3, 1),
        movement(4, Kind.COUNTED, 5, 2),
    ]
    first, second, third = balance_days(rows, opened={("", ""): Amount.exactly(ZERO)})
    assert first.gap == Amount.exactly(Decimal(2))
    assert second.opening == Amount.exactly(Decimal(8))
    assert third.gap == Amount.exactly(ZERO)
