"""One exposure, ill or well: risk ratio, odds ratio, exact tests, share of the illness that it may explain.

Sources: Rothman, Modern Epidemiology; Woolf 1955; Haldane 1956; Fisher 1935; Miettinen 1974. The conditional odds ratio and its
exact limits are those of the noncentral hypergeometric distribution (Cornfield 1956), found by SciPy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from scipy.stats import chi2 as chi_squared
from scipy.stats import hypergeom, norm
from scipy.stats.contingency import odds_ratio

_TIES = 1 + 1e-7  # tables this much likelier than the observed one count as equally likely, as in R


@dataclass(frozen=True, slots=True)
class TwoByTwo:
    """Counts of people; a wrong count is refused."""

    exposed_ill: int
    exposed_well: int
    unexposed_ill: int
    unexposed_well: int

    def __post_init__(self) -> None:
        if min(self.cells) < 0:
            raise ValueError("a count of people cannot be below zero")

    @property
    def cells(self) -> tuple[int, int, int, int]:
        return self.exposed_ill, self.exposed_well, self.unexposed_ill, self.unexposed_well

    @property
    def exposed(self) -> int:
        return self.exposed_ill + self.exposed_well

    @property
    def unexposed(self) -> int:
        return self.unexposed_ill + self.unexposed_well

    @property
    def ill(self) -> int:
        return self.exposed_ill + self.unexposed_ill

    @property
    def total(self) -> int:
        return self.exposed + self.unexposed


@dataclass(frozen=True, slots=True)
class Estimate:
    """A ratio with its limits; infinite where the counts allow any size."""

    value: float
    low: float
    high: float
    corrected: bool = False  # half a person was added to each cell


@dataclass(frozen=True, slots=True)
class Measures:
    """What a table says; None where its counts say nothing."""

    table: TwoByTwo
    attack_exposed: float | None
    attack_unexposed: float | None
    risk_ratio: Estimate | None
    odds_ratio: Estimate | None
    exact_odds_ratio: Estimate | None
    fisher_p: float
    mid_p: float
    chi_squared: float | None
    chi_squared_p: float | None
    yates: float | None
    cases_exposed: float | None  # share of the ill who were exposed
    attributable: float | None  # share of the illness that the exposure may explain, where it raises the risk


def measure(table: TwoByTwo, *, level: float = 0.95) -> Measures:
    """All measures of a table, with limits of the stated level.

    >>> found = measure(TwoByTwo(43, 11, 3, 18))
    >>> round(found.risk_ratio.value, 4), round(found.odds_ratio.value, 4)
    (5.5741, 23.4545)
    """
    a, _b, _c, _d = table.cells
    risk = _risk_ratio(table, level)
    p, mid = _exact_p(table)
    plain, yates = _chi_squared(table)
    share = a / table.ill if table.ill else None
    return Measures(
        table=table,
        attack_exposed=a / table.exposed if table.exposed else None,
        attack_unexposed=table.unexposed_ill / table.unexposed if table.unexposed else None,
        risk_ratio=risk, odds_ratio=_odds_ratio(table, level), exact_odds_ratio=_exact_odds_ratio(table, level),
        fisher_p=p, mid_p=mid, chi_squared=plain,
        chi_squared_p=None if plain is None else float(chi_squared.sf(plain, 1)), yates=yates, cases_exposed=share,
        attributable=_attributable(table, share),
    )  # fmt: skip


def _z(level: float) -> float:
    return float(norm.ppf(0.5 + level / 2))


def _risk_ratio(table: TwoByTwo, level: float) -> Estimate | None:
    """With limits on the logarithm (Wald); none where nobody was ill on one side."""
    a, _b, c, _d = table.cells
    if not table.exposed or not table.unexposed or not a or not c:
        return None
    ratio = (a / table.exposed) / (c / table.unexposed)
    spread = _z(level) * sqrt(1 / a - 1 / table.exposed + 1 / c - 1 / table.unexposed)
    return Estimate(ratio, ratio * exp(-spread), ratio * exp(spread))


def _odds_ratio(table: TwoByTwo, level: float) -> Estimate | None:
    """Cross product with Woolf's limits; where a cell is empty half a person is added to each (Haldane)."""
    if not table.exposed or not table.unexposed or not table.ill or table.ill == table.total:
        return None
    corrected = 0 in table.cells
    a, b, c, d = ((n + 0.5) if corrected else float(n) for n in table.cells)
    ratio = a * d / (b * c)
    spread = _z(level) * sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return Estimate(ratio, ratio * exp(-spread), ratio * exp(spread), corrected)


def _exact_odds_ratio(table: TwoByTwo, level: float) -> Estimate | None:
    if not table.exposed or not table.unexposed or not table.ill or table.ill == table.total:
        return None
    a, b, c, d = table.cells
    found = odds_ratio([[a, b], [c, d]])
    limits = found.confidence_interval(confidence_level=level)
    return Estimate(float(found.statistic), float(limits.low), float(limits.high))


def _exact_p(table: TwoByTwo) -> tuple[float, float]:
    """Fisher's two-sided p, summing all tables not likelier than the observed one; and its mid-p."""
    if not table.total:
        return 1.0, 0.5
    law = hypergeom(table.total, table.ill, table.exposed)
    low, high = max(0, table.ill - table.unexposed), min(table.ill, table.exposed)
    chances = law.pmf(range(low, high + 1))
    own = chances[table.exposed_ill - low]
    total = float(chances[chances <= own * _TIES].sum())
    return min(total, 1.0), float(max(min(total, 1.0) - own / 2, 0.0))


def _chi_squared(table: TwoByTwo) -> tuple[float | None, float | None]:
    """Without and with Yates's correction; none where a margin is empty."""
    a, b, c, d = table.cells
    margins = table.exposed * table.unexposed * table.ill * (b + d)
    if not margins:
        return None, None
    apart, n = abs(a * d - b * c), table.total
    return n * apart**2 / margins, n * max(apart - n / 2, 0.0) ** 2 / margins


def _attributable(table: TwoByTwo, share: float | None) -> float | None:
    """Miettinen's case-based share; an exposure of no risk explains nothing, one that all the ill had explains its excess."""
    if share is None or not table.exposed or not table.unexposed:
        return None
    exposed, unexposed = table.exposed_ill / table.exposed, table.unexposed_ill / table.unexposed
    if exposed <= unexposed:
        return None
    return share * (exposed - unexposed) / exposed


# --- several tables ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pooled:
    """Mantel and Haenszel 1959. `homogeneity_p`: Breslow and Day 1980; small where the strata do not share one odds ratio."""

    odds_ratio: Estimate | None
    risk_ratio: Estimate | None
    homogeneity_p: float | None


def pool(strata: Sequence[TwoByTwo], *, level: float = 0.95) -> Pooled:
    """One ratio over strata. Limits: Robins, Breslow and Greenland 1986 (odds), Greenland and Robins 1985 (risk)."""
    used = [s for s in strata if s.total]
    return Pooled(_pooled_odds(used, level), _pooled_risk(used, level), _homogeneity(used))


def _pooled_odds(strata: Sequence[TwoByTwo], level: float) -> Estimate | None:
    cells = [(*s.cells, s.total) for s in strata]
    tops, bottoms = [a * d / n for a, _b, _c, d, n in cells], [b * c / n for _a, b, c, _d, n in cells]
    top, bottom = sum(tops), sum(bottoms)
    if not top or not bottom:
        return None
    p, q = [(a + d) / n for a, _b, _c, d, n in cells], [(b + c) / n for _a, b, c, _d, n in cells]
    variance = (
        sum(x * y for x, y in zip(p, tops, strict=True)) / (2 * top**2)
        + sum(x * s + y * r for x, y, r, s in zip(p, q, tops, bottoms, strict=True)) / (2 * top * bottom)
        + sum(y * s for y, s in zip(q, bottoms, strict=True)) / (2 * bottom**2)
    )
    return _around(top / bottom, variance, level)


def _pooled_risk(strata: Sequence[TwoByTwo], level: float) -> Estimate | None:
    used = [s for s in strata if s.exposed and s.unexposed]
    top = sum(s.exposed_ill * s.unexposed / s.total for s in used)
    bottom = sum(s.unexposed_ill * s.exposed / s.total for s in used)
    if not top or not bottom:
        return None
    spread = sum(
        (s.ill * s.exposed * s.unexposed - s.exposed_ill * s.unexposed_ill * s.total) / s.total**2 for s in used
    )
    return _around(top / bottom, spread / (top * bottom), level)


def _around(ratio: float, variance: float, level: float) -> Estimate:
    spread = _z(level) * sqrt(max(variance, 0.0))
    return Estimate(ratio, ratio * exp(-spread), ratio * exp(spread))


def _homogeneity(strata: Sequence[TwoByTwo]) -> float | None:
    """p of Breslow and Day's statistic over the strata that say anything."""
    common = _pooled_odds(strata, 0.95)
    told = [s for s in strata if s.exposed and s.unexposed and 0 < s.ill < s.total]
    if common is None or len(told) < 2:
        return None
    statistic = 0.0
    for s in told:
        expected = _expected(s, common.value)
        inverse = sum(
            1 / n for n in (expected, s.exposed - expected, s.ill - expected, s.unexposed - s.ill + expected) if n > 0
        )
        statistic += (s.exposed_ill - expected) ** 2 * inverse
    return float(chi_squared.sf(statistic, len(told) - 1))


def _expected(s: TwoByTwo, ratio: float) -> float:
    """The exposed ill of a table with these margins and this odds ratio."""
    if abs(log(ratio)) < 1e-12:
        return s.exposed * s.ill / s.total
    square, linear, rest = 1 - ratio, s.unexposed - s.ill + ratio * (s.exposed + s.ill), -ratio * s.exposed * s.ill
    root = sqrt(linear**2 - 4 * square * rest)
    low, high = max(0, s.ill - s.unexposed), min(s.ill, s.exposed)
    candidates = ((-linear + root) / (2 * square), (-linear - root) / (2 * square))
    return next(x for x in candidates if low - 1e-9 <= x <= high + 1e-9)
