"""A recall: everything listed, everyone told by a time, nothing called recovered that is not certain."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.traceability.balance import UNKNOWN, Amount, Kind, Movement, balance_lots
from fangxin.engines.traceability.closure import trace_lot
from fangxin.engines.traceability.recall import (
    DrillStep,
    Fate,
    Notice,
    Order,
    RecallLine,
    Recovery,
    Told,
    choose_checks,
    estimate_effectiveness,
    judge_drill,
    judge_recall,
    list_recall,
    share_of,
)
from fangxin.engines.traceability.spans import read_span
from fangxin.engines.traceability.values import Direction, Link, Network

AT = datetime(2024, 5, 10, 9, tzinfo=UTC)
ORDER = Order(AT, tell_within=timedelta(hours=24), pass_on_within=timedelta(hours=12))
DAY = timedelta(days=1)


def link(source: str, target: str, day: int, premises: str, inferred: bool = False) -> Link:
    span = read_span(f"2024-05-{day:02}")
    return Link(source, target, span, span, Decimal(10), "kg", premises, inferred)


LINKS = [
    link("milk", "cheese", 1, "dairy"),
    link("cheese", "shop cheese", 2, "shop"),
    link("cheese", "pizza", 2, "kitchen"),
    link("shop cheese", "salad", 3, "canteen", inferred=True),
    link("cream", "cake", 1, "kitchen"),
]


def test_a_trace_back_is_no_recall() -> None:
    with pytest.raises(ValueError, match="forward"):
        list_recall(trace_lot(Network(LINKS), "cheese", Direction.BACK), order=ORDER, places={}, balances={})


def record(ref: str, kind: Kind, lot: str, quantity: int) -> Movement:
    return Movement(ref, kind, lot, Decimal(quantity), "kg")


BALANCES = balance_lots([
    record("1", Kind.MADE, "cheese", 100),
    record("2", Kind.DISPATCHED, "cheese", 60),
    record("3", Kind.COUNTED, "cheese", 40),
    record("4", Kind.RECEIVED, "shop cheese", 30),
    record("5", Kind.SOLD, "shop cheese", 10),
    record("6", Kind.RECEIVED, "pizza", 30),
    record("7", Kind.COUNTED, "pizza", 0),
])  # fmt: skip


def listed() -> tuple[RecallLine, ...]:
    trace = trace_lot(Network(LINKS), "cheese", Direction.FORWARD)
    return list_recall(trace, order=ORDER, places={"cheese": "dairy"}, balances=BALANCES)


def test_the_list_names_every_lot_reached_with_what_is_left_and_by_when_to_tell() -> None:
    lines = {line.premises: line for line in listed()}
    assert list(lines) == ["dairy", "kitchen", "shop", "canteen"]
    assert [holding.lot for line in lines.values() for holding in line.holdings] == [
        "cheese",
        "pizza",
        "shop cheese",
        "salad",
    ]
    assert lines["shop"].holdings[0].left == Amount.exactly(Decimal(20))
    assert lines["shop"].tell_by == AT + timedelta(hours=24)
    assert lines["canteen"].tell_by == AT + timedelta(hours=36)


def test_a_lot_without_a_balance_is_listed_as_unknown_and_one_only_inferred_is_marked() -> None:
    salad = listed()[-1].holdings[0]
    assert (salad.left, salad.sure) == (UNKNOWN, False)
    assert all(holding.sure for line in listed()[:-1] for holding in line.holdings)


def test_a_lot_nobody_can_place_is_still_listed() -> None:
    trace = trace_lot(Network([link("a", "b", 1, "")]), "a", Direction.FORWARD)
    (line,) = list_recall(trace, order=ORDER, places={}, balances={})
    assert (line.premises, [holding.lot for holding in line.holdings]) == ("", ["a", "b"])


@pytest.mark.parametrize(
    ("told_after", "asked_after", "told"),
    [(2, 48, Told.IN_TIME), (30, 48, Told.LATE), (None, 12, Told.WAITING), (None, 25, Told.OVERDUE), (30, 26, Told.OVERDUE)],
)  # fmt: skip
def test_who_was_told_in_time(told_after: int | None, asked_after: int, told: Told) -> None:
    notices = [] if told_after is None else [Notice("shop", AT + timedelta(hours=told_after))]
    progress = judge_recall(listed(), notices, [], at=AT + timedelta(hours=asked_after))
    assert {s.premises: s.told for s in progress.standings}["shop"] is told


def test_the_share_recovered_counts_what_can_still_be_pulled() -> None:
    given_back = [
        Recovery("dairy", "cheese", Decimal(40), "kg", Fate.SEALED),
        Recovery("shop", "shop cheese", Decimal(10), "斤", Fate.RETURNED),
        Recovery("shop", "shop cheese", Decimal(5), "kg", Fate.EATEN),
    ]
    progress = judge_recall(listed()[:3], [], given_back, at=AT)
    standings = {standing.premises: standing for standing in progress.standings}
    assert standings["shop"].recoverable == Amount.exactly(Decimal(15))
    assert standings["shop"].open == Amount.exactly(Decimal(10))
    assert standings["kitchen"].share is None
    share = progress.share
    assert share is not None
    assert share.low == share.high == Decimal(45) / Decimal(55)


def test_an_unknown_holding_leaves_the_share_open_to_the_top_and_never_at_full() -> None:
    back = [Recovery("dairy", "cheese", Decimal(40), "kg", Fate.SEALED)]
    progress = judge_recall(listed(), [], back, at=AT)
    canteen = progress.standings[-1]
    assert (canteen.unit, canteen.share) == (None, None)
    assert progress.share is not None
    assert (progress.share.low, progress.share.high) == (0, Decimal(40) / Decimal(60))


def test_kilograms_and_pieces_are_not_added() -> None:
    back = [Recovery("canteen", "salad", Decimal(40), "只", Fate.SEALED)]
    assert judge_recall(listed(), [], back, at=AT).share is None


def test_more_given_back_than_there_was_and_strangers_are_told() -> None:
    back = [
        Recovery("shop", "shop cheese", Decimal(21), "kg", Fate.RETURNED),
        Recovery("market stall", "cheese", Decimal(1), "kg", Fate.RETURNED),
    ]
    progress = judge_recall(listed(), [Notice("school", AT)], back, at=AT)
    assert progress.surplus == ("shop",)
    assert progress.strangers == ("market stall", "school")


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_reports_does_not_matter(rng: random.Random) -> None:
    notices = [Notice(p, AT + timedelta(hours=h), answered=AT + timedelta(hours=h + 1) if h % 2 else None)
               for p in ("shop", "dairy") for h in (1, 2, 30)]  # fmt: skip
    back = [Recovery("shop", "shop cheese", Decimal(n), "kg", Fate.RETURNED) for n in (1, 2, 3)]
    expected = judge_recall(listed(), notices, back, at=AT + 2 * DAY)
    rng.shuffle(notices)
    rng.shuffle(back)
    assert judge_recall(listed(), notices, back, at=AT + 2 * DAY) == expected


AMOUNTS = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted)


@settings(max_examples=100, deadline=None)
@given(AMOUNTS, AMOUNTS)
def test_the_share_holds_every_truth_within_its_intervals(recovered: list[int], whole: list[int]) -> None:
    share = share_of(Amount(*map(Decimal, recovered)), Amount(*map(Decimal, whole)))
    truths = [
        Fraction(r, w)
        for r in range(recovered[0], recovered[1] + 1)
        for w in range(whole[0], whole[1] + 1)
        if 0 < w >= r
    ]
    if truths:
        assert share is not None
        assert Fraction(share.low) <= min(truths) + Fraction(1, 10**20)
        assert Fraction(share.high) >= max(truths) - Fraction(1, 10**20)


def test_a_share_of_nothing_is_none() -> None:
    assert share_of(Amount.exactly(Decimal(0)), Amount.exactly(Decimal(0))) is None


def test_checks_are_drawn_by_the_seed_alone() -> None:
    names = [f"shop {n}" for n in range(50)]
    chosen = choose_checks(names, share=Fraction(1, 10), seed="2024-7")
    assert len(chosen) == 5
    assert chosen == choose_checks(reversed(names), share=Fraction(1, 10), seed="2024-7")
    assert chosen != choose_checks(names, share=Fraction(1, 10), seed="2024-8")
    assert choose_checks(names, share=Fraction(1), seed="x") == tuple(sorted(names))


@pytest.mark.parametrize(("population", "checked"), [(12, 5), (30, 8), (20, 20), (9, 0)])
def test_the_bounds_hold_whatever_the_truth_is(population: int, checked: int) -> None:
    """For each number that may truly have acted: the chance of a sample whose bounds hold it, summed exactly."""
    bounds = [
        estimate_effectiveness(population=population, checked=checked, acted=acted) for acted in range(checked + 1)
    ]
    for truth in range(population + 1):
        held = sum(
            Fraction(comb(truth, acted) * comb(population - truth, checked - acted), comb(population, checked))
            for acted in range(checked + 1)
            if checked - acted <= population - truth and bounds[acted].low <= truth <= bounds[acted].high
        )
        assert held >= Fraction(95, 100)


def test_bounds_of_a_small_sample_by_listing_every_sample() -> None:
    """Six premises, three checked, two had acted: which truths have at least 2.5 % on each side."""
    fits = []
    for truth in range(2, 6):
        samples = [sum(n < truth for n in chosen) for chosen in combinations(range(6), 3)]
        at_least = sum(acted >= 2 for acted in samples) / len(samples)
        at_most = sum(acted <= 2 for acted in samples) / len(samples)
        if min(at_least, at_most) > 0.025:
            fits.append(truth)
    found = estimate_effectiveness(population=6, checked=3, acted=2)
    assert (found.low, found.high) == (min(fits), max(fits))


def times(open_step: DrillStep | None = None) -> dict[DrillStep, tuple[datetime, datetime | None]]:
    found: dict[DrillStep, tuple[datetime, datetime | None]] = {}
    at = AT
    for n, step in enumerate(DrillStep):
        end = at + timedelta(minutes=10 * (n + 1))
        found[step] = (at, None if step is open_step else end)
        at = end
    return found


def test_a_drill_tells_the_time_of_each_step_and_of_the_whole() -> None:
    drill = judge_drill(times(), limit=timedelta(hours=4), balance=BALANCES["cheese"])
    assert drill.took == timedelta(minutes=280)
    assert drill.in_time is False
    assert drill.slowest is DrillStep.RECONCILE
    assert sum(row.share or 0 for row in drill.steps) == 1
    assert drill.accounted is not None
    assert drill.accounted.low == 1


def test_an_open_step_leaves_the_drill_open() -> None:
    drill = judge_drill(times(DrillStep.COUNT), limit=timedelta(hours=8), balance=None)
    assert (drill.took, drill.in_time, drill.accounted) == (None, None, None)


def test_a_drill_that_never_began_has_no_time() -> None:
    drill = judge_drill({}, limit=timedelta(hours=4), balance=None)
    assert (drill.took, drill.slowest) == (None, None)


def test_a_step_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        judge_drill({DrillStep.LIST: (AT, AT - DAY)}, limit=DAY, balance=None)
