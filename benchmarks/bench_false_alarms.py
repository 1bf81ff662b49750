"""False alarms and outbreaks found, published methods beside the budget: `fangxin bench false-alarms [--repeats N]`.

The recipe of Bédubourg and Le Strat (outbreak_recipe.py). Every method sees the same series twice: without the current outbreak
(rate of false alarms) and with it. Ours takes the tail probabilities of Farrington Flexible, calibrates them on weeks 313 to 575, and
keeps budgets of alarms for all series together. Nothing here decides whether a result is good.
"""

import argparse
import time

import numpy as np
from numpy.typing import NDArray

from benchmarks.outbreak_recipe import CURRENT, K2, PAST, WEEKS, Simulated, simulate
from benchmarks.tables import print_table
from fangxin.engines.outbreak.budget import keep_budget, tail_of_sums
from fangxin.engines.outbreak.detection import Panel, detect

FLEXIBLE = {
    "b": 5, "w": 3, "noPeriods": 10, "pastWeeksNotIncluded": 26, "reweight": True, "weightsThreshold": 2.58, "alpha": 0.01,
    "trend": True, "pThresholdTrend": 1, "thresholdMethod": "nbPlugin", "limit54": [0, 4],
}  # fmt: skip
LAST = {"range": [CURRENT.start + 1, WEEKS]}
METHODS = [
    ("EARS C1", "ears", {"method": "C1", "alpha": 0.01}), ("EARS C2", "ears", {"method": "C2", "alpha": 0.01}),
    ("EARS C3", "ears", {"method": "C3", "alpha": 0.01}),
    ("Farrington 1996", "farrington", {"b": 5, "w": 3, "alpha": 0.01, "limit54": [0, 4]}),
    ("Farrington Flexible", "farrington-flexible", FLEXIBLE),
]  # fmt: skip
SHARES = (0.005, 0.01, 0.02, 0.05)  # budgets, as alarms for each hundred or so of series and weeks
KNOWN_AFTER = 4  # weeks until an alarm is found true
STRIKING = 0.01  # tail probability at which somebody would have looked
Tails = NDArray[np.float64]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--repeats", type=int, default=10, help="series of each scenario; 50 take every pair of sizes once"
    )
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.repeats < len(K2) or args.repeats % len(K2):
        parser.error("--repeats is 10, 20, 30 …: every size of outbreak comes equally often")
    began = time.perf_counter()
    made = simulate(args.repeats, args.seed)
    rows = [
        _row(name, made, *(_alarms(c, method, control) for c in (made.quiet, made.counts)))
        for name, method, control in METHODS
    ]
    rows += _budgets(made) + _ideal(made)
    print_table(
        f"False alarms: {made.counts.shape[1]} series of {WEEKS} weeks, the last {len(CURRENT)} judged",
        ["method", "false alarms, %", "specificity, %", "outbreaks found, %", "in the first week, %", "sensitivity, %",
         "found at k 1-3", "k 4-6", "k 7-10"], rows,
    )  # fmt: skip
    print(f"\n{time.perf_counter() - began:.0f} s")
    return 0


def _alarms(counts, method, control):  # type: ignore[no-untyped-def]
    return detect(_panel(counts), method, control | LAST).alarm


def _panel(counts):  # type: ignore[no-untyped-def]
    return Panel(counts, tuple(f"s{n}" for n in range(counts.shape[1])))


def _budgets(made: Simulated) -> list[list[str]]:
    """Ours on one week and on two together, and the same where past outbreaks were never found out."""
    # The two differ only in the last weeks, so the many weeks before are judged once.
    before = detect(_panel(made.quiet), "farrington-flexible", FLEXIBLE | {"range": [PAST.start + 1, PAST.stop]})
    one, two = [], []
    for counts in (made.quiet, made.counts):
        last = detect(_panel(counts), "farrington-flexible", FLEXIBLE | LAST)
        mean, phi = np.vstack([before.expected, last.expected]), np.vstack([before.more["phi"], last.more["phi"]])
        one.append(np.vstack([before.tail, last.tail]))
        two.append(tail_of_sums(counts[PAST.start :], mean, phi))
    rows = []
    for share in SHARES:
        for name, tails, told in (("one week", one, True), ("two weeks", two, True), ("two weeks, untold", two, False)):
            both = [_kept(made, tail, share, n if told else None) for n, tail in enumerate(tails)]
            rows.append(_row(f"budget of {100 * share:g} %, {name}", made, *both))
    return rows


def _kept(made: Simulated, tail: Tails, share: float, with_current: int | None) -> NDArray[np.bool_]:
    """Alarms of the last weeks. Told: a week of an outbreak that was striking is known for one some weeks later."""
    known = None
    if with_current is not None:
        ill = made.past[PAST.start :] + with_current * made.current[PAST.start :] > 0
        week = np.arange(len(tail))[:, None]
        known = np.where(ill & (tail <= STRIKING), week + KNOWN_AFTER, -1)
    return keep_budget(tail, per_period=share * tail.shape[1], true_from=known).alarm[len(PAST) :]


def _ideal(made: Simulated) -> list[list[str]]:
    """What nobody can have: the true mean and dispersion, and the threshold read off the quiet series themselves."""
    rows = []
    for periods in (1, 2):
        tails = [
            tail_of_sums(c, made.mean, made.phi, periods=periods)[CURRENT.start :] for c in (made.quiet, made.counts)
        ]
        limit = np.quantile(tails[0], 0.01)
        name = f"true mean known, {periods} week{'s' * (periods > 1)}, at 1 %"
        rows.append(_row(name, made, *(tail <= limit for tail in tails)))
    return rows


def _row(name, made, quiet, ill):  # type: ignore[no-untyped-def]
    """As the paper defines them: an outbreak is found by an alarm in any of its weeks, first to last."""
    cases = made.current[CURRENT.start :]
    outbreak = cases > 0
    first, last = outbreak.argmax(axis=0), len(outbreak) - 1 - outbreak[::-1].argmax(axis=0)
    week = np.arange(len(outbreak))[:, None]
    during = (week >= first) & (week <= last)
    found, at_once = (ill & during).any(axis=0), ill[first, np.arange(len(first))]
    k = np.array([K2[n % len(K2)] for n in range(ill.shape[1] // 42)] * 42)
    parts = [quiet.mean(), 1 - ill[~during].mean(), found.mean(), at_once.mean(), ill[during].mean()]
    parts += [found[(k >= low) & (k <= high)].mean() for low, high in ((1, 3), (4, 6), (7, 10))]
    return [name, *(f"{100 * part:.1f}" for part in parts)]


if __name__ == "__main__":
    raise SystemExit(main())
