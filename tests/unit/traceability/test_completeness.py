"""The certificate: learnt rates near the truth, intervals that hold, and no word where no witness speaks.

How often the intervals hold over hundreds of networks is measured by `benchmarks/bench_completeness.py`.
"""

import random
from dataclasses import replace
from statistics import fmean

import pytest
from benchmarks.bench_completeness import LINKS, PREMISES, SIDES, holds, run_trial
from benchmarks.supply_chains import know, lose, make_chain
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.traceability.asking import whom_to_ask
from fangxin.engines.traceability.balance import Kind, Movement, balance_lot
from fangxin.engines.traceability.chances import Degrees, Gap, Sizes, chances_of_missing
from fangxin.engines.traceability.closure import UnknownLot
from fangxin.engines.traceability.completeness import Completeness
from fangxin.engines.traceability.missing import (
    LotFacts,
    Sides,
    Witness,
    gap_after,
    missed_by_both,
    missing_numbers,
    rate_of_numbers,
    rate_of_sides,
)
from fangxin.engines.traceability.spans import read_span
from fangxin.engines.traceability.values import Direction, Link, Network

FORWARD = Direction.FORWARD


def link(source: str, target: str, quantity: int, day: int = 1) -> Link:
    span = read_span(f"2024-05-{day:02}")
    return Link(source, target, span, span, quantity, "kg", f"at {target}")


def small(*, gap: Gap | None = None) -> Completeness:
    """Ten farms send to a mill and a market each; of one the balance may say that something is missing."""
    links = [link(f"farm {n}", f"{place} {n}", 10) for n in range(10) for place in ("mill", "market")]
    links = links[:-1]  # farm 9's way to the market is lost
    names = {name for row in links for name in (row.from_lot, row.to_lot)}
    facts = {
        name: LotFacts(name, f"at {name}", name.split()[0], left=Gap(0.0, 0.0), came=Gap(0.0, 0.0)) for name in names
    }
    facts["farm 9"] = replace(facts["farm 9"], left=gap)
    return Completeness(Network(links), facts)


def test_a_balance_that_lacks_one_delivery_says_so() -> None:
    certificate = small(gap=Gap(9.8, 10.2)).certify("farm 9", FORWARD, seed=1)
    assert certificate.found_lots == 1
    assert certificate.missing_lots is not None
    assert certificate.missing_lots.low >= 1
    assert certificate.lots_share is not None
    assert certificate.lots_share.high <= 0.5
    assert [(s.lot, round(s.chance, 2)) for s in certificate.suspects] == [("farm 9", 1.0)]


def test_a_balance_that_closes_gives_a_whole_trace() -> None:
    certificate = small(gap=Gap(9.8, 10.2)).certify("farm 3", FORWARD, seed=1)
    assert certificate.lots_share is not None
    assert (certificate.lots_share.low, certificate.lots_share.high) == (1.0, 1.0)


def test_without_any_witness_nothing_is_stated() -> None:
    records = Completeness(Network([link("a", "b", 10), link("b", "c", 10)]), {})
    certificate = records.certify("a", FORWARD, seed=1)
    assert certificate.found_lots == 2
    assert certificate.lots_share is certificate.missing_lots is certificate.quantity_share is None
    assert whom_to_ask(records, "a", FORWARD, seed=1) == ()


def test_a_rate_that_the_caller_answers_for_is_used_and_named() -> None:
    links = [link(f"a {n}", f"b {n}-{m}", 10) for n in range(10) for m in range(3)]
    certificate = Completeness(Network(links), {}, given=0.2).certify("a 1", FORWARD, seed=1)
    assert certificate.leaving is not None
    assert certificate.leaving.witness is Witness.GIVEN
    assert certificate.lots_share is not None
    assert certificate.lots_share.low < 1


def test_links_without_dates_do_not_make_a_trace_complete() -> None:
    links = [Link(f"a {n}", f"b {n}-{m}") for n in range(10) for m in range(3)]
    certificate = Completeness(Network(links), {}, given=0.3).certify("a 1", FORWARD, seed=1)
    assert certificate.lots_share is not None
    assert certificate.lots_share.low < 0.9
    assert certificate.quantity_share is None


def test_a_kind_of_lot_that_recorded_no_delivery_at_all_is_not_complete() -> None:
    links = [link(f"farm {n}", f"mill {n}", 10) for n in range(10)]
    names = {name for row in links for name in (row.from_lot, row.to_lot)}
    facts = {name: LotFacts(name, f"at {name}", name.split()[0], left=Gap(-0.1, 0.1)) for name in names}
    facts |= {f"mill {n}": replace(facts[f"mill {n}"], left=Gap(9.0, 9.5)) for n in range(10)}
    certificate = Completeness(Network(links), facts, given=0.5).certify("farm 1", FORWARD, seed=1)
    assert certificate.suspects[0].lot == "mill 1"
    assert certificate.lots_share is not None
    assert certificate.lots_share.middle < 1


def test_two_sides_that_always_agree_make_a_trace_more_complete_than_two_that_often_do_not() -> None:
    links = [link(f"a {n}", f"b {n}-{m}", 10) for n in range(10) for m in range(3)]
    shares = []
    for sides in (Sides(30, 0, 0), Sides(10, 10, 10)):
        rates = {"": rate_of_sides(sides)}
        certificate = Completeness(Network(links), {}, leaving=rates, arriving=rates).certify("a 1", FORWARD, seed=1)
        assert certificate.leaving is not None
        assert certificate.leaving.witness is Witness.SIDES
        shares.append(certificate.lots_share.low if certificate.lots_share else None)
    assert shares[0] == 1.0
    assert shares[1] is not None
    assert shares[1] < 0.9


def test_an_unknown_lot_and_both_directions_at_once_are_refused() -> None:
    records = small()
    with pytest.raises(UnknownLot):
        records.certify("nowhere", FORWARD, seed=1)
    with pytest.raises(ValueError, match="one direction"):
        records.certify("farm 1", Direction.BOTH, seed=1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        Completeness(Network([]), {}, given=1.0)


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_the_links_does_not_matter(seed: int) -> None:
    rng = random.Random(seed)
    chain = make_chain(rng, lots=80, days=15)
    kept = lose(rng, chain, 0.2, by_premises=False)
    facts = know(rng, chain, kept, balanced=0.8)
    lot = chain.lots[kept[0].source].name
    shuffled = rng.sample(kept, len(kept))
    one, other = (Completeness(chain.network(rows), facts) for rows in (kept, shuffled))
    assert one.certify(lot, FORWARD, seed=3, draws=50) == other.certify(lot, FORWARD, seed=3, draws=50)
    assert whom_to_ask(one, lot, FORWARD, seed=3) == whom_to_ask(other, lot, FORWARD, seed=3)


@pytest.mark.parametrize("share", [0.05, 0.2, 0.4])
def test_the_rate_of_lost_links_is_learnt_from_the_balances(share: float) -> None:
    rng = random.Random(7)
    rates = []
    for _ in range(5):
        chain = make_chain(rng, lots=300)
        kept = lose(rng, chain, share, by_premises=False)
        records = Completeness(chain.network(kept), know(rng, chain, kept, balanced=0.8))
        assert records.out is not None
        rates.append(records.out.overall.share or 0)
    assert fmean(rates) == pytest.approx(share, rel=0.2)


@pytest.mark.parametrize("how", [LINKS, PREMISES, SIDES])
def test_stated_intervals_hold_the_truth_of_small_networks(how: str) -> None:
    """Of 20 trials at 95 % fewer than 15 hold with a chance below one in 1,000."""
    trials = [run_trial(seed, 0.2, how, FORWARD, 150, 0.8, asking=False) for seed in range(20)]
    assert sum(holds(t.certificate.missing_lots, t.missing_lots) for t in trials if t is not None) >= 15


def test_asking_as_advised_finds_more_than_asking_at_random() -> None:
    trials = [run_trial(seed, 0.2, LINKS, FORWARD, 200, 0.8, asking=True) for seed in range(10)]
    asked = [(t.advised, t.chance) for t in trials if t is not None and t.advised is not None]
    assert asked
    assert sum(advised for advised, _ in asked) > 2 * sum(chance for _, chance in asked if chance)


def test_the_one_with_the_open_balance_is_asked_first() -> None:
    links = [link("farm", f"mill {n}", 10) for n in range(4)] + [
        link(f"mill {n}", f"shop {n}-{m}", 5, 2) for n in range(4) for m in range(2)
    ]
    names = {name for row in links for name in (row.from_lot, row.to_lot)}
    facts = {name: LotFacts(name, f"at {name}", name.split()[0], left=Gap(-0.1, 0.1)) for name in names}
    facts["mill 2"] = replace(facts["mill 2"], left=Gap(14.9, 15.1))
    records = Completeness(Network(links), facts)
    question = whom_to_ask(records, "farm", FORWARD, seed=1)[0]
    assert (question.premises, question.lots) == ("at mill 2", ("mill 2",))
    assert question.chance == pytest.approx(1, abs=1e-3)
    assert question.unexplained == pytest.approx(15)
    assert question.expected_lots > 1


def test_chances_agree_with_counting_over_all_truths() -> None:
    """Beside drawing a million truths: two, three or four links, each lost with 30 %, one left over."""
    degrees = Degrees({2: 0.5, 3: 0.3, 4: 0.2})
    found = chances_of_missing(1, None, 0.3, degrees, None)
    weights = [p * (n + 1) * 0.7 * 0.3**n for n, p in ((1, 0.5), (2, 0.3), (3, 0.2))]
    # The flat part outside keeps a little for numbers of links never seen.
    assert found[1:4] == pytest.approx([w / sum(weights) for w in weights], abs=0.02)


def test_a_large_gap_is_one_large_link_rather_than_many_usual_ones() -> None:
    sizes = Sizes(mean=10, within=0.3, between=1.0)
    chances = chances_of_missing(0, Gap(95, 105), 0.2, Degrees({1: 0.6, 2: 0.4}), sizes)
    assert chances[1] + chances[2] > 0.9


def test_the_shorter_the_gap_is_known_the_surer_the_answer() -> None:
    degrees, sizes = Degrees({1: 0.5, 2: 0.5}), Sizes(10, 0.1, 0.1)
    vague, sharp = (chances_of_missing(1, Gap(-w, w), 0.3, degrees, sizes)[0] for w in (8.0, 0.5))
    assert sharp > vague


def test_what_neither_side_wrote_down() -> None:
    """Chapman's estimate: 80 and 80 of which 64 in both make 99.9 in all, of which 96 are known."""
    assert missed_by_both(Sides(64, 16, 16)) == pytest.approx((81 * 81) / 65 - 1 - 96)


def test_gaps_in_a_book_of_numbers() -> None:
    assert missing_numbers([]) == 0
    assert missing_numbers([7, 7, 8, 12]) == 3
    assert rate_of_numbers([7, 8, 12], void=0.5).missing == 1.5


def test_only_a_counted_lot_witnesses() -> None:
    rows = [Movement("1", Kind.RECEIVED, "A", 10, "kg"), Movement("2", Kind.DISPATCHED, "A", 6, "kg")]
    assert gap_after(balance_lot(rows)) is None
    assert gap_after(balance_lot([*rows, Movement("3", Kind.COUNTED, "A", 1, "kg")])) == Gap(3.0, 3.0)
