"""How many cases each place and interval would have if nothing were wrong."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from fangxin.engines.outbreak.scan.intervals import Numbers, years_of
from fangxin.engines.outbreak.scan.values import Fault, Population, ScanRefused, Settings, Trend

Strata = tuple[str, ...]


def poisson_expected(
    population: Sequence[Population],
    cases_of: Mapping[Strata, int],
    site_of: Mapping[str, int],
    edges: tuple[date, ...],
) -> Numbers:
    """Indirectly standardized cases of each site and interval: the sum over strata of people-time x the stratum's rate
    in the whole area. A stratum without a number for a place on a day that others have counts as nobody there that day.

    Raises ScanRefused when a stratum has cases and nobody.
    """
    shares = _shares_of_time(population, edges)
    people: dict[Strata, Numbers] = defaultdict(lambda: np.zeros((len(set(site_of.values())), len(edges) - 1)))
    for row in population:
        people[row.strata][site_of[row.place]] += row.people * shares[row.on, row.whole_day]
    total = np.zeros((len(set(site_of.values())), len(edges) - 1))
    for strata, of_stratum in people.items():
        cases, everybody = cases_of.get(strata, 0), of_stratum.sum()
        if cases and not everybody > 0:
            raise ScanRefused(
                Fault.CASES_WITHOUT_POPULATION, f"the stratum {_name(strata)} has cases ({cases}) and no population"
            )
        if cases:
            total += of_stratum * (cases / everybody)
    return total


def _name(strata: Strata) -> str:
    return "“" + " ".join(strata) + "”" if strata else "without covariates"


def _shares_of_time(
    population: Sequence[Population], edges: tuple[date, ...]
) -> dict[tuple[date | None, bool], Numbers]:
    """What a number given for a day adds to each interval: between two given days the population is a straight line, before
    the first and after the last it stands still. In shares of the whole period."""
    starts = np.array([edge.toordinal() for edge in edges], dtype=float)
    days = float(starts[-1] - starts[0])
    undated = (None, False), (None, True)
    shares: dict[tuple[date | None, bool], Numbers] = {key: np.diff(starts) / days for key in undated}
    dated = sorted({(row.on, row.whole_day) for row in population if row.on is not None})
    # A number for a whole day stands at the beginning of the day and, once more, at the beginning of the next.
    knots = sorted(
        [(float(on.toordinal()), 1, (on, whole)) for on, whole in dated]
        + [(float(on.toordinal() + 1), 0, (on, whole)) for on, whole in dated if whole]
    )
    for key in dated:
        shares[key] = np.zeros(len(starts) - 1)
    for number, (at, _, key) in enumerate(knots):
        left = knots[number - 1][0] if number else None
        right = knots[number + 1][0] if number + 1 < len(knots) else None
        held = np.array([_held(at, left, right, since, until) for since, until in pairwise(starts)])
        shares[key] = shares[key] + held / days
    return shares


def _held(at: float, left: float | None, right: float | None, since: float, until: float) -> float:
    """Area between two days under the line that is 1 at `at` and falls to 0 at its neighbours."""
    before = _slope(left, at, since, until) if left is not None else max(0.0, min(at, until) - since)
    after = _slope(right, at, since, until) if right is not None else max(0.0, until - max(at, since))
    return before + after


def _slope(zero: float, one: float, since: float, until: float) -> float:
    low, high = max(since, min(zero, one)), min(until, max(zero, one))
    if high <= low:
        return 0.0
    height = ((low + high) / 2 - zero) / (one - zero)
    return (high - low) * height


def without_trend(expected: Numbers, counts: Numbers, settings: Settings) -> Numbers:
    """Expected cases after the time trend is taken out; the sum stays as it is."""
    if settings.trend is Trend.NONE or expected.shape[1] == 1:
        return expected
    total = expected.sum()
    if settings.trend is Trend.NONPARAMETRIC:
        seen, wanted = counts.sum(axis=0), expected.sum(axis=0)
        return np.asarray(expected * np.divide(seen, wanted, out=np.zeros_like(wanted), where=wanted > 0))
    growth = np.log1p(settings.trend_percent / 100) * years_of(settings.unit, settings.length)
    if settings.trend is Trend.ESTIMATED:
        growth = _fitted_growth(counts.sum(axis=0), expected.sum(axis=0))
    adjusted = expected * np.exp(growth * np.arange(expected.shape[1]))
    return np.asarray(adjusted * (total / adjusted.sum()))


def _fitted_growth(counts: Numbers, expected: Numbers) -> float:
    """Maximum likelihood slope of log(cases / expected) over the intervals, by Newton's method on the concave profile."""
    steps = np.arange(len(counts), dtype=float)
    total = counts.sum()
    if counts[:-1].sum() == 0 or counts[1:].sum() == 0:
        raise ScanRefused(
            Fault.SETTING, "a trend cannot be fitted when all cases lie in the first or the last interval"
        )
    slope = 0.0
    for _ in range(100):
        weights = expected * np.exp(slope * (steps - steps[-1] / 2))
        weights /= weights.sum()
        mean = weights @ steps
        spread = weights @ (steps - mean) ** 2
        change = (counts @ steps / total - mean) / spread
        slope += float(np.clip(change, -1.0, 1.0))
        if abs(change) < 1e-12:
            break
    return slope


def permutation_expected(counts_by_stratum: Sequence[Numbers]) -> Numbers:
    """Cases of the place x cases of the interval / all cases, summed over strata (Kulldorff et al. 2005)."""
    return np.asarray(
        sum(np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum() for counts in counts_by_stratum),
        dtype=float,
    )


def check_cases_expected(
    counts: Numbers, expected: Numbers, names: Sequence[Sequence[str]], edges: Sequence[date]
) -> None:
    """Raises ScanRefused where there are cases and nobody who could fall ill."""
    bad = np.argwhere((counts > 0) & (expected <= 0))
    if len(bad):
        site, interval = bad[0]
        raise ScanRefused(
            Fault.CASES_WITHOUT_POPULATION,
            f"{names[site][0]} has cases ({int(counts[site, interval])}) in the interval that starts on {edges[interval]},"
            " where none can be expected; look at the population of that place and time",
        )
