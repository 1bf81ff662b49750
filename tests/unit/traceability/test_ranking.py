"""The ranking of sources: against enumeration, in any order of rows, with loops and unknown dates, and whether its
probabilities come true."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.traceability.closure import walk
from fangxin.engines.traceability.ranking import Case, Flows, Options, rank_sources
from fangxin.engines.traceability.ranking.calibration import calibrate
from fangxin.engines.traceability.ranking.network import _Into, groups_of, part_of
from fangxin.engines.traceability.ranking.shares import eaten_shares, walk_shares
from fangxin.engines.traceability.ranking.simulation import World, simulate
from fangxin.engines.traceability.ranking.values import DAY
from fangxin.engines.traceability.spans import LEAST, MOST, Span
from fangxin.engines.traceability.values import Link, Network

LOTS = 6
dates = st.one_of(st.none(), st.integers(1, 6))
links = st.lists(
    st.tuples(st.integers(0, LOTS - 1), st.integers(0, LOTS - 1), dates, st.integers(1, 9), st.one_of(st.none(), st.integers(0, 2))),
    min_size=1, max_size=12,
)  # fmt: skip
eaters = st.lists(st.tuples(st.integers(0, LOTS - 1), st.one_of(st.none(), st.integers(1, 6))), min_size=1, max_size=5)


def flows_of(rows):
    """A link leaves and arrives on its day; without a day it may have been any time."""
    day = [(LEAST, MOST) if row[2] is None else (row[2] * DAY, row[2] * DAY + DAY - 1) for row in rows]
    return Flows(
        LOTS, np.array([row[0] for row in rows]), np.array([row[1] for row in rows]), np.array([last for _, last in day]),
        np.array([first for first, _ in day]), np.array([float(row[3]) for row in rows]),
        np.array([-1 if row[4] is None else row[4] for row in rows]),
    )  # fmt: skip


def cases_of(eaten):
    return [
        Case(f"case {n}", lot=lot, until=None if day is None else day * DAY + DAY - 1)
        for n, (lot, day) in enumerate(eaten)
    ]


def reached_by_trace(rows, case):
    """The lots that lead to a case, by the engine for traces: a link more, on the day of the meal, ends the trace."""
    names = [Link(str(a), str(b), span(day), span(day)) for a, b, day, *_ in rows]
    meal = Link(str(case.lot), "meal", None if case.until is None else Span(case.until, case.until))
    network = Network([*names, meal])
    clocks, _ = walk(network, network.number_of("meal"), back=True)
    return {network.name_of(lot) for lot in clocks} - {"meal"}


def span(day):
    return None if day is None else Span(day * DAY, day * DAY + DAY - 1)


@settings(max_examples=80, deadline=None)
@given(links, eaters)
def test_the_lots_that_lead_to_a_case_are_those_of_a_trace(rows, eaten):
    cases = cases_of(eaten)
    ranking = rank_sources(flows_of(rows), cases)
    found = {case.id: {str(ranked.lot) for ranked in ranking.lots if case.id in ranked.reached} for case in cases}
    for case in cases:
        assert found[case.id] | {str(case.lot)} == reached_by_trace(rows, case)


@settings(max_examples=50, deadline=None)
@given(links, eaters, st.randoms(use_true_random=False))
def test_the_order_of_links_and_cases_does_not_matter(rows, eaten, random):
    cases, shuffled = cases_of(eaten), list(rows)
    first = rank_sources(flows_of(rows), cases)
    random.shuffle(shuffled)
    random.shuffle(cases)
    again = {ranked.lot: ranked for ranked in rank_sources(flows_of(shuffled), cases).lots}
    assert again.keys() == {ranked.lot for ranked in first.lots}
    for ranked in first.lots:
        assert again[ranked.lot].probability == pytest.approx(ranked.probability, abs=1e-12)
        assert again[ranked.lot].reached == ranked.reached
        assert again[ranked.lot].place == ranked.place


@settings(max_examples=50, deadline=None)
@given(links, eaters)
def test_probabilities_add_up_and_shares_are_shares(rows, eaten):
    flows, cases = flows_of(rows), cases_of(eaten)
    ranking = rank_sources(flows, cases)
    assert sum(ranked.probability for ranked in ranking.lots) + ranking.elsewhere == pytest.approx(1.0)
    groups = groups_of(flows, [replace(case, until=None) for case in cases], Options())
    shares = eaten_shares(part_of(flows, groups, Options()))
    assert shares.min(initial=0.0) >= 0.0
    assert shares.sum(axis=1).max(initial=0.0) <= 1.0 + 1e-9


def eaten_by_chance(rows, start, goal, draws=4000):
    """Follow single pieces of goods from a lot by throwing dice."""
    random = np.random.Generator(np.random.PCG64(5))
    outs = {lot: [row for row in rows if row[0] == lot] for lot in range(LOTS)}
    found = 0
    for _ in range(draws):
        lot, at = start, 0
        while True:
            ways = [row for row in outs[lot] if row[2] >= at]
            if lot == goal and (not ways or random.random() < Options().kept):
                found += 1
                break
            if not ways:
                break
            amounts = np.array([row[3] for row in ways], dtype=float)
            way = ways[random.choice(len(ways), p=amounts / amounts.sum())]
            lot, at = way[1], way[2]
    return found / draws


@pytest.mark.parametrize("seed", range(3))
def test_shares_are_what_pieces_of_goods_do(seed):
    """Dated links without loops; a lot that a case ate of keeps what the amounts leave over, here at least a tenth."""
    random = np.random.Generator(np.random.PCG64(seed))
    rows = [
        (int(a), int(random.integers(a + 1, LOTS)), int(random.integers(1, 6)), int(random.integers(1, 9)), None)
        for a in random.integers(0, LOTS - 1, 10)
    ]
    flows = flows_of(rows)
    groups = groups_of(flows, [Case("a", lot=LOTS - 1)], Options())
    part = part_of(flows, groups, Options())
    shares = dict(zip(part.lots.tolist(), eaten_shares(part)[:, 0].tolist(), strict=True))
    for lot in range(LOTS - 1):
        assert shares.get(lot, 0.0) == pytest.approx(eaten_by_chance(rows, lot, LOTS - 1), abs=0.04)


def test_dates_make_a_difference_that_the_walk_does_not_see():
    """What left the mill before the farm's grain came is not of it."""
    rows = [(0, 1, 3, 5, None), (1, 2, 2, 5, None), (1, 3, 4, 5, None)]
    cases = [Case("early", lot=2), Case("late", lot=3)]
    flows = flows_of(rows)
    groups = groups_of(flows, cases, Options())
    part = part_of(flows, groups, Options())
    farm = part.lots.tolist().index(0)
    assert eaten_shares(part)[farm].tolist() == [0.0, 1.0]
    assert walk_shares(part)[farm].tolist() == pytest.approx([0.5, 0.5])
    assert [ranked.reached for ranked in rank_sources(flows, cases).lots if ranked.lot == 0] == [("late",)]


def test_a_loop_is_walked_until_it_adds_nothing():
    """Half of what leaves the bakery comes back as rework: in the end all is eaten at the shop."""
    rows = [(0, 1, 1, 4, None), (1, 2, 1, 5, None), (2, 1, 1, 2, None), (2, 3, 1, 2, None)]
    flows = flows_of(rows)
    groups = groups_of(flows, [Case("a", lot=3)], Options())
    part = part_of(flows, groups, Options())
    assert eaten_shares(part)[:, 0] == pytest.approx([1.0, 1.0, 1.0, 1.0])


def test_a_case_of_a_premises_ate_of_what_had_lately_come_there():
    rows = [(0, 2, 1, 1, 7), (1, 3, 20, 1, 7), (0, 4, 20, 1, 8)]
    ranking = rank_sources(flows_of(rows), [Case("a", place=7, until=21 * DAY), Case("b", place=7, until=22 * DAY)])
    assert {ranked.lot for ranked in ranking.lots} == {1, 3}
    assert ranking.places == {7: pytest.approx(next(r.probability for r in ranking.lots if r.lot == 3))}


def test_a_case_without_records_speaks_for_nothing_and_is_named():
    rows = [(0, 1, 1, 1, None)]
    ranking = rank_sources(flows_of(rows), [Case("known", lot=1), Case("unknown", place=9), Case("nothing")])
    assert ranking.unplaced == ("nothing", "unknown")
    assert max(ranked.score for ranked in ranking.lots) == pytest.approx(1 / 3)
    assert rank_sources(flows_of(rows), []).elsewhere == 1.0


def test_a_long_walk_gives_what_a_short_one_gives(monkeypatch):
    """A chain of sixty lots, looked through by columns and by a sorted list."""
    length = 60
    chain = Flows(
        length + 1, np.arange(length), np.arange(1, length + 1), np.full(length, MOST), np.full(length, LEAST),
        np.full(length, np.nan), np.full(length, -1),
    )  # fmt: skip
    case = [Case("a", lot=length)]
    first = rank_sources(chain, case)
    monkeypatch.setattr(_Into, "SORTED_AFTER", 0)
    assert rank_sources(chain, case) == first
    assert first.candidates == length + 1


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="differ in length"):
        Flows(2, np.array([0]), np.array([1]), np.array([1]), np.array([1]), np.array([1.0]), np.array([], dtype=int))


# --- whether the probabilities come true ------------------------------------------------------------------------------


def test_the_posterior_is_worth_more_than_each_single_method():
    """Fifty outbreaks whose lots are known; the full tables are in docs/methods/source-ranking.md."""
    posterior, *single = calibrate(range(50), World(by_lot=True))
    assert all(posterior.brier < method.brier for method in single)
    assert posterior.first >= 0.35
    assert posterior.first_five >= 0.7


def test_what_is_called_probable_mostly_is_the_source():
    posterior, *_ = calibrate(range(100, 160), World(by_lot=True))
    said = sum(b.count * b.said for b in posterior.bins if b.low >= 0.4)
    count = sum(b.count for b in posterior.bins if b.low >= 0.4)
    came = sum(b.count * b.happened for b in posterior.bins if b.low >= 0.4)
    assert count >= 15
    assert came / count == pytest.approx(said / count, abs=0.2)


def test_a_simulated_outbreak_is_the_same_for_the_same_seed():
    first, again, other = simulate(3), simulate(3), simulate(4)
    assert (first.source, first.cases) == (again.source, again.cases)
    assert np.array_equal(first.flows.source, again.flows.source)
    assert first.cases != other.cases
