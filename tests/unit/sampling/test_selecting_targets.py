"""The design keeps its word: fixed sizes, the stated chances, and nobody favoured."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import sqrt

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.sampling.invented import plan

from fangxin.engines.sampling import DrawPlan, Quota, StratumKey, Target, inclusion
from fangxin.engines.sampling.selection import select
from fangxin.engines.sampling.stream import Stream


def repeat(chances, times):
    for number in range(times):
        yield select(chances.cells, Stream.of(number.to_bytes(32, "big"), "repeat"))


def deviations(chances, times):
    """How far each observed frequency lies from its chance, in standard errors."""
    counts = Counter(name for drawn in repeat(chances, times) for name in drawn)
    for name, chance in chances.probabilities.items():
        if chance == 1:
            assert counts[name] == times
        else:
            error = sqrt(chance * (1 - chance) * times)
            yield (counts[name] - float(chance) * times) / error


@given(st.integers(0, 2**64))
@settings(max_examples=60)
def test_quotas_are_kept_exactly_whatever_the_seed(seed):
    made = plan()
    drawn = select(inclusion(made).cells, Stream.of(seed.to_bytes(32, "big"), "x"))
    assert Counter(t.grade for t in made.targets if t.id in drawn) == {"A": 4, "B": 3, "C": 2}


def test_frequencies_are_the_stated_chances():
    values = list(deviations(inclusion(plan()), 2500))
    assert len(values) >= 35
    assert max(map(abs, values)) < 4
    # In strata of fixed size a deviation's mean square is 1, give or take.
    assert 0.6 < sum(v * v for v in values) / len(values) < 1.5


def test_frequencies_are_the_stated_chances_where_two_quotas_cross():
    grades = {"by": "grade", "counts": {"A": 4, "B": 3, "C": 2}}
    townships = {"by": "township", "shares": {"W0": "0.4", "W1": "0.2", "W2": "0.2", "W3": "0.2"}, "total": 9}
    made = plan(quotas=[grades, townships])
    chances = inclusion(made)
    assert len(chances.cells) > 6
    for drawn in repeat(chances, 50):
        assert Counter(t.grade for t in made.targets if t.id in drawn) == {"A": 4, "B": 3, "C": 2}
        assert Counter(t.township for t in made.targets if t.id in drawn) == {"W0": 3, "W1": 2, "W2": 2, "W3": 2}
    values = list(deviations(chances, 2000))
    assert max(map(abs, values)) < 4
    assert 0.6 < sum(v * v for v in values) / len(values) < 1.5


def by_the_page(cell, stream):
    """The pivotal method as docs/methods/draw.md has it, in fractions and without the engine's short cuts."""
    chances = {n: Fraction(k, cell.denominator) for n, k in zip(cell.ids, cell.numerators, strict=True)}
    drawn = {name for name, chance in chances.items() if chance == 1}
    holder = None
    for name in stream.shuffled(cell.ids):
        if chances[name] == 1:
            continue
        if holder is None:
            holder = name
            continue
        a, b = chances[holder], chances[name]
        if a + b < 1:
            # In lots of 1/denominator, as the page counts them.
            keeps = stream.below(int((a + b) * cell.denominator)) < a * cell.denominator
            holder = holder if keeps else name
            chances[holder] = a + b
        else:
            taken = stream.below(int((2 - a - b) * cell.denominator)) < (1 - b) * cell.denominator
            drawn.add(holder if taken else name)
            holder = name if taken else holder
            chances[holder] = a + b - 1
            holder = holder if chances[holder] else None
    return drawn


def test_the_selection_follows_its_written_definition():
    chances = inclusion(plan())
    for number in range(40):
        stream = Stream.of(number.to_bytes(32, "big"), "page")
        expected = set().union(*(by_the_page(cell, stream.child("cell", *cell.keys)) for cell in chances.cells))
        assert select(chances.cells, stream) == expected


def test_equal_weights_make_every_set_as_likely():
    targets = tuple(Target(name) for name in "abcdef")
    made = DrawPlan("t", "0" * 64, "x", targets, (), (Quota(StratumKey.ALL, counts={"all": 3}),), Decimal("0.5"))
    counts = Counter(tuple(sorted(drawn)) for drawn in repeat(inclusion(made), 30_000))
    assert set(counts) == set(combinations("abcdef", 3))
    assert sum((n - 1500) ** 2 / 1500 for n in counts.values()) < 43.8  # 19 degrees of freedom, p = 0.001


def test_unequal_weights_leave_every_pair_possible():
    targets = tuple(Target(str(n), weight=Decimal(n)) for n in range(5))
    made = DrawPlan("t", "0" * 64, "x", targets, (), (Quota(StratumKey.ALL, counts={"all": 2}),), Decimal("0.3"))
    counts = Counter(tuple(sorted(drawn)) for drawn in repeat(inclusion(made), 3000))
    assert set(counts) == set(combinations("01234", 2))
