"""Does the completeness certificate hold what it states? `fangxin bench completeness [--networks 500]`.

Networks with known truth lose 5, 20 or 40 % of their links, one by one, with whole premises, or because both sides forgot. In each, a lot is taken
at random and certified; counted is how often the stated 95 % interval holds the truth, and what asking as advised gives.
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from benchmarks.supply_chains import Chain, forget, know, lose, make_chain, true_trace
from benchmarks.tables import print_table
from fangxin.engines.traceability.asking import whom_to_ask
from fangxin.engines.traceability.completeness import Certificate, Completeness, Interval
from fangxin.engines.traceability.missing import Rate
from fangxin.engines.traceability.values import Direction

SHARES = (0.05, 0.2, 0.4)
# How links are lost. Of "sides" no lot has a balance: only the two sides' books tell.
LINKS, PREMISES, SIDES = "links", "premises", "sides"
# Lots balance to the last kilogram nowhere; eight of ten premises can say what came and what was left.
BALANCED = 0.8


@dataclass(frozen=True, slots=True)
class Trial:
    """One certified trace beside the truth."""

    certificate: Certificate
    missing_lots: int
    missing_quantity: float
    advised: float | None  # of the lots that are missing, the share that the first question would have brought
    chance: float | None  # the same of a question to premises of the trace taken at random


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--networks", type=int, default=500)
    parser.add_argument("--lots", type=int, default=1500)
    parser.add_argument("--balanced", type=float, default=BALANCED)
    parser.add_argument("--lost", nargs="+", default=[LINKS, PREMISES, SIDES], choices=[LINKS, PREMISES, SIDES])
    parser.add_argument("--direction", nargs="+", default=["forward", "back"], choices=["forward", "back"])
    parser.add_argument("--no-asking", action="store_true")
    args = parser.parse_args()
    began = time.perf_counter()
    rows = []
    for how in args.lost:
        for direction in map(Direction, args.direction):
            for share in SHARES:
                trials = [
                    run_trial(seed, share, how, direction, args.lots, args.balanced, not args.no_asking)
                    for seed in range(args.networks)
                ]
                rows.append(row_of(share, how, direction, [trial for trial in trials if trial is not None]))
                print(*rows[-1], file=sys.stderr, flush=True)
    headers = ["lost", "share", "direction", "traces", "lots held %", "±", "quantity held %", "below %", "above %",
               "width", "nothing missing %", "rate learnt", "advised %", "at random %"]  # fmt: skip
    print_table(f"Completeness certificate, {args.networks} networks of {args.lots} lots", headers, rows)
    print(f"\n{time.perf_counter() - began:.0f} s")
    return 0


def run_trial(
    seed: int, share: float, how: str, direction: Direction, lots: int, balanced: float, asking: bool
) -> Trial | None:
    rng = random.Random(f"{seed} {share} {how == PREMISES} {direction}")
    chain = make_chain(rng, lots=lots)
    leaving: dict[str, Rate] = {}
    arriving: dict[str, Rate] = {}
    if how == SIDES:
        kept, leaving, arriving = forget(rng, chain, share)
    else:
        kept = lose(rng, chain, share, by_premises=how == PREMISES)
    network = chain.network(kept)
    facts = know(rng, chain, kept, balanced=0.0 if how == SIDES else balanced)
    records = Completeness(network, facts, leaving=leaving, arriving=arriving)
    back = direction is Direction.BACK
    stages = (2, 3, 4) if back else (0, 1, 2)
    known = [n for n, lot in enumerate(chain.lots) if lot.stage in stages and lot.name in network]
    if not known:
        return None
    start = rng.choice(known)
    certificate = records.certify(chain.lots[start].name, direction, seed=seed)
    truth = true_trace(chain, start, back=back)
    found = {network.names[n] for n in records.reached(chain.lots[start].name, back=back)}
    lacking = [n for n in truth if chain.lots[n].name not in found]
    advised = chance = None
    if asking and lacking:
        questions = whom_to_ask(records, chain.lots[start].name, direction, seed=seed)
        places = sorted({chain.lots[n].premises for n in truth | {start} if chain.lots[n].name in found})
        gains = {place: gain_of(chain, kept, found, truth, start, place, back=back) for place in places}
        advised = gains.get(questions[0].premises, 0) / len(lacking) if questions else 0.0
        chance = fmean(gains.values()) / len(lacking)
    return Trial(certificate, len(lacking), sum(chain.came[n] for n in lacking), advised, chance)


def gain_of(
    chain: Chain, kept: Sequence[object], found: set[str], truth: set[int], start: int, place: str, *, back: bool
) -> int:
    """Lots that the trace would win if the premises told all links of its lots that the trace has reached."""
    asked = [
        row
        for row in chain.deliveries
        if chain.lots[row.target if back else row.source].premises == place
        and chain.lots[row.target if back else row.source].name in found
    ]
    told = Chain(chain.lots, [*kept, *asked], chain.came, chain.left)  # type: ignore[list-item]
    return len(true_trace(told, start, back=back)) - (len(found) - 1)


def row_of(share: float, how: str, direction: Direction, trials: Sequence[Trial]) -> list[object]:
    lots = [(trial.certificate.missing_lots, trial.missing_lots) for trial in trials]
    quantities = [(trial.certificate.missing_quantity, trial.missing_quantity) for trial in trials]
    held = fmean(holds(interval, truth) for interval, truth in lots)
    widths = [t.certificate.lots_share.high - t.certificate.lots_share.low for t in trials if t.certificate.lots_share]
    rates = [t.certificate.leaving.share or 0 for t in trials if t.certificate.leaving]
    asked = [(t.advised, t.chance) for t in trials if t.advised is not None and t.chance is not None]
    return [
        how,
        f"{share:.0%}",
        direction.value,
        len(trials),
        f"{100 * held:.1f}",
        f"{196 * sqrt(held * (1 - held) / len(trials)):.1f}",
        f"{100 * fmean(holds(interval, truth) for interval, truth in quantities):.1f}",
        f"{100 * fmean(interval is not None and truth < interval.low for interval, truth in lots):.1f}",
        f"{100 * fmean(interval is not None and truth > interval.high for interval, truth in lots):.1f}",
        f"{fmean(widths):.2f}",
        f"{100 * fmean(truth == 0 for _, truth in lots):.0f}",
        f"{fmean(rates):.3f}",
        f"{100 * fmean(a for a, _ in asked):.0f}" if asked else "",
        f"{100 * fmean(c for _, c in asked):.0f}" if asked else "",
    ]


def holds(interval: Interval | None, truth: float) -> bool:
    """Whether the interval holds the truth, to a gram."""
    return interval is not None and interval.low - 1e-3 <= truth <= interval.high + 1e-3


if __name__ == "__main__":
    raise SystemExit(main())
