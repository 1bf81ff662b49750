"""The year's samples among the cells: floors, the exact total, and against every other allocation there is."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.sampling.allocation import (
    AllocationRefused,
    Cell,
    Prior,
    allocate,
    coverage_floors,
    posterior,
)

PRIOR = Prior(Decimal("0.025"), Decimal(20))
NOTHING, EVERYTHING = Decimal(0), Decimal(1)


@st.composite
def cells(draw, most=6, bounded=True):
    made = []
    for number in range(draw(st.integers(1, most))):
        tested = draw(st.integers(0, 60))
        floor = draw(st.integers(0, 2))
        room = draw(st.one_of(st.none(), st.integers(floor, 12))) if bounded else None
        made.append(
            Cell(
                f"c{number}",
                draw(st.integers(0, 40)),
                tested=tested,
                failed=draw(st.integers(0, tested)),
                floor=floor,
                ceiling=room,
            )
        )
    return made


def counts(shares):
    return {share.key: share.count for share in shares}


def rate_of(cell):
    mean, strength = posterior(PRIOR, tested=cell.tested, failed=cell.failed)
    return Fraction(mean), Fraction(strength)


@settings(max_examples=150, deadline=None)
@given(cells(), st.integers(1, 60), st.sampled_from([Decimal(0), Decimal("0.3"), Decimal("0.5"), Decimal(1)]))
def test_the_total_is_exact_and_every_bound_is_kept(given_cells, total, learning):
    filled = [c for c in given_cells if c.size]
    least = sum(c.floor for c in filled)
    most = total if any(c.ceiling is None for c in filled) else sum(c.ceiling for c in filled)
    if not filled or not least <= total <= most:
        with pytest.raises(AllocationRefused) as refused:
            allocate(given_cells, total=total, prior=PRIOR, learning=learning)
        assert refused.value.needed == (0 if not filled else least if least > total else most)
        return
    found = counts(allocate(given_cells, total=total, prior=PRIOR, learning=learning))
    assert sum(found.values()) == total
    for cell in given_cells:
        room = total if cell.ceiling is None else cell.ceiling
        assert (cell.floor if cell.size else 0) <= found[cell.key] <= (room if cell.size else 0)


@settings(max_examples=150, deadline=None)
@given(cells(bounded=False), st.integers(12, 40), st.sampled_from([Decimal(0), Decimal("0.3"), Decimal(1)]), st.data())
def test_more_failures_never_give_a_cell_fewer_samples(given_cells, total, learning, data):
    worse = data.draw(st.integers(0, len(given_cells) - 1))
    cell = given_cells[worse]
    if not cell.size or cell.failed == cell.tested:
        return
    more = data.draw(st.integers(cell.failed + 1, cell.tested))
    changed = [Cell(c.key, c.size, c.tested, more if c is cell else c.failed, c.floor, c.ceiling) for c in given_cells]
    before = counts(allocate(given_cells, total=total, prior=PRIOR, learning=learning))
    after = counts(allocate(changed, total=total, prior=PRIOR, learning=learning))
    assert after[cell.key] >= before[cell.key]


@settings(max_examples=60, deadline=None)
@given(cells(), st.integers(1, 40), st.permutations(range(6)))
def test_the_order_of_the_cells_changes_nothing(given_cells, total, order):
    shuffled = [given_cells[i] for i in order if i < len(given_cells)]
    try:
        found = allocate(given_cells, total=total, prior=PRIOR, learning=Decimal("0.3"))
    except AllocationRefused:
        return
    assert found == allocate(shuffled, total=total, prior=PRIOR, learning=Decimal("0.3"))


def every_allocation(given_cells, total):
    spans = [range(c.floor, total + 1) if c.size else range(1) for c in given_cells]
    return (option for option in product(*spans) if sum(option) == total)


@settings(max_examples=60, deadline=None)
@given(cells(most=3, bounded=False), st.integers(6, 10))
def test_by_risk_alone_no_other_allocation_estimates_better(given_cells, total):
    """Against all of them: the variance Σ size² · p(1 − p) / (n + 1) is the smallest there is."""
    if not any(c.size for c in given_cells):
        return

    def loss(option):
        parts = []
        for cell, number in zip(given_cells, option, strict=True):
            p = min(rate_of(cell)[0], Fraction(1, 2))
            parts.append(cell.size**2 * p * (1 - p) / (number + 1))
        return sum(parts)

    found = counts(allocate(given_cells, total=total, prior=PRIOR, learning=NOTHING))
    ours = loss([found[c.key] for c in given_cells])
    best = min(loss(option) for option in every_allocation(given_cells, total))
    assert float(ours) == pytest.approx(float(best), rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(cells(most=3, bounded=False), st.integers(6, 10))
def test_to_learn_alone_no_other_allocation_leaves_less_unknown(given_cells, total):
    """The expected posterior variance, by summing over every outcome of the tests, is the smallest there is."""
    if not any(c.size for c in given_cells) or any(rate_of(c)[0] > Fraction(1, 2) for c in given_cells):
        return

    def loss(option):
        return sum(cell.size**2 * expected_variance(cell, n) for cell, n in zip(given_cells, option, strict=True))

    found = counts(allocate(given_cells, total=total, prior=PRIOR, learning=EVERYTHING))
    ours = loss([found[c.key] for c in given_cells])
    best = min(loss(option) for option in every_allocation(given_cells, total))
    assert float(ours) == pytest.approx(float(best), rel=1e-9)


def expected_variance(cell, number):
    """By the definition: each number of failures with its beta-binomial probability, then the variance after it."""
    mean, strength = (float(x) for x in rate_of(cell))
    a, b = mean * strength, (1 - mean) * strength
    weight, total = 1.0, 0.0
    for i in range(number):
        weight *= (b + i) / (strength + i)
    for failed in range(number + 1):
        after_a, after = a + failed, strength + number
        total += weight * after_a * (after - after_a) / (after**2 * (after + 1))
        if failed < number:
            weight *= (number - failed) / (failed + 1) * (a + failed) / (b + number - failed - 1)
    return total


def test_the_stated_variances_are_those_of_the_definition():
    cell = Cell("c", 5, tested=30, failed=2)
    (share,) = allocate([cell], total=7, prior=PRIOR, learning=Decimal("0.3"))
    assert float(share.variance_now) == pytest.approx(expected_variance(cell, 0))
    assert float(share.variance_after) == pytest.approx(expected_variance(cell, 7))


def test_what_is_well_known_already_gets_less_to_learn():
    known, unknown = Cell("known", 10, tested=400, failed=10), Cell("unknown", 10)
    found = {s.key: s.to_learn for s in allocate([known, unknown], total=30, prior=PRIOR, learning=EVERYTHING)}
    assert found == {"known": 0, "unknown": 28}


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["tea", "meat", "eggs"]), st.sampled_from(["north", "south"]), st.integers(0, 9)),
        min_size=1, max_size=6, unique_by=lambda one: one[:2],
    ),
    st.integers(0, 4),
    st.integers(0, 4),
)  # fmt: skip
def test_every_class_and_every_township_gets_its_floor_where_there_is_a_place(rows, of_class, of_town):
    given_cells = [Cell(f"{food}|{town}", size, floor=0, ceiling=size) for food, town, size in rows]
    groups = {c.key: tuple(c.key.split("|")) for c in given_cells}
    floors = {"tea": of_class, "meat": of_class, "eggs": of_class, "north": of_town, "south": of_town}
    found = coverage_floors(given_cells, groups, floors)
    for group, floor in floors.items():
        inside = [c for c in given_cells if group in groups[c.key]]
        assert sum(found[c.key] for c in inside) >= min(floor, sum(c.ceiling for c in inside))
    assert all(found[c.key] <= c.ceiling for c in given_cells)


@pytest.mark.parametrize(("rate", "weight"), [("0", "20"), ("1", "20"), ("0.1", "0")])
def test_a_prior_that_says_nothing_is_refused(rate, weight):
    with pytest.raises(ValueError, match="prior"):
        Prior(Decimal(rate), Decimal(weight))
