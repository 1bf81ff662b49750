"""Farrington et al. 1996 (J R Stat Soc A 159:547) and its revision, Noufaily et al. 2013 (Stat Med 32:1206).

`compat=True` reproduces R's surveillance 1.20.3 where it departs from the papers; docs/methods/detection.md lists how.
"""

import numpy as np
from scipy.special import ndtr
from scipy.stats import t as student

from fangxin.engines.outbreak.detection.controls import POWERS, Farrington, FarringtonFlexible, rows_of
from fangxin.engines.outbreak.detection.quantiles import normal_quantile, quantile, upper_tail
from fangxin.engines.outbreak.detection.regression import CONVERGED, LINK, MEAN, PHI, SE, SLOPE, TREND, fit_many
from fangxin.engines.outbreak.detection.values import DetectionRefused, Detections, Flags, Floats, Panel
from fangxin.engines.outbreak.detection.windows import Windows, anniversary_windows, season_windows

_TREND_LEVEL = 0.05
_FEWEST_YEARS = 3  # for a trend


def farrington(panel: Panel, control: Farrington, *, compat: bool = False) -> Detections:
    rows = rows_of(control, panel.periods, max(panel.frequency * control.b - control.w, 1))
    windows = anniversary_windows(panel, rows, control)
    found = _fit(panel, windows, control.trend, control.b, control.reweight, 1.0, _TREND_LEVEL, prior=False)
    observed = panel.counts[windows.rows]
    upper, tail = _power_bound(found, observed, control.powertrans, 1 - control.alpha / 2)
    enough = _enough(panel, windows, control.limit54)
    # A bound of zero is what R says where there were too few cases.
    bound = np.where(enough, upper, 0.0 if compat else np.nan)
    return _told(windows, observed, found, bound, tail, enough & (observed > upper))


def farrington_flexible(panel: Panel, control: FarringtonFlexible, *, compat: bool = False) -> Detections:
    first = panel.frequency * control.b + control.w + 1
    windows = season_windows(panel, rows_of(control, panel.periods, first), control, compat=compat)
    found = _fit(
        panel, windows, control.trend, control.b, control.reweight, control.weights_threshold, control.trend_level,
        prior=compat, population=control.population_offset,
    )  # fmt: skip
    observed = panel.counts[windows.rows]
    if control.threshold == "delta":
        upper, tail = _power_bound(found, observed, control.powertrans, 1 - control.alpha)
    else:
        z = normal_quantile(1 - control.alpha) if control.threshold == "muan" else 0.0
        with np.errstate(over="ignore"):
            mean = np.exp(found[..., LINK] + z * found[..., SE])
        upper, tail = quantile(1 - control.alpha, mean, found[..., PHI]), upper_tail(observed, mean, found[..., PHI])
    enough = _enough(panel, windows, control.limit54)
    bound = np.where(enough, upper, np.nan)
    return _told(windows, observed, found, bound, tail, enough & (observed > upper) & (observed != 0))


def _fit(
    panel: Panel, windows: Windows, trend: bool, years: int, reweight: bool, threshold: float, level: float, *, prior: bool,
    population: bool = False,
) -> Floats:  # fmt: skip
    """(rows, series, columns of `regression`)."""
    offsets = np.zeros((len(panel.units), panel.periods))
    if population:
        if panel.population is None or not (panel.population > 0).all():
            raise DetectionRefused("populationOffset needs a population above zero for every period and series")
        offsets = np.log(panel.population.T)
    freedom = np.arange(windows.index.shape[1] + 1)
    critical = np.full(len(freedom), np.inf)
    critical[1:] = student.ppf(1 - level / 2, freedom[1:])
    baseline = (windows.rows, windows.index, windows.level, windows.time, windows.levels, windows.now)
    rules = (years >= _FEWEST_YEARS, reweight, float(threshold), prior)
    found = fit_many(
        np.ascontiguousarray(panel.counts.T), np.ascontiguousarray(offsets), baseline, trend, rules, critical
    )
    return np.ascontiguousarray(found.transpose(1, 0, 2))


def _power_bound(found: Floats, observed: Floats, power: str, probability: float) -> tuple[Floats, Floats]:
    """Upper bound and tail from a power of the counts that makes them near normal."""
    exponent = POWERS[power]
    mean, phi = found[..., MEAN], found[..., PHI]
    with np.errstate(invalid="ignore", divide="ignore"):
        tau = phi + (found[..., SE] * mean) ** 2 / mean
        # The delta method: variance of mu^e is e^2 mu^(2e-1) times the relative variance tau.
        sd = np.sqrt(exponent**2 * mean ** (2 * exponent - 1) * tau)
        centre = mean**exponent
        upper = (centre + normal_quantile(probability) * sd) ** (1 / exponent)
        tail = 1 - ndtr((observed**exponent - centre) / sd)
    return upper, tail


def _enough(panel: Panel, windows: Windows, limit54: tuple[int, int]) -> Flags:
    """At least so many cases in so many periods up to and with the row."""
    cases, periods = limit54
    sums = np.vstack([np.zeros((1, len(panel.units))), np.cumsum(np.nan_to_num(panel.counts), axis=0)])
    ends = windows.rows + 1
    return np.asarray(sums[ends] - sums[np.maximum(ends - periods, 0)] >= cases)


def _told(windows: Windows, observed: Floats, found: Floats, bound: Floats, tail: Floats, alarm: Flags) -> Detections:
    fine = found[..., CONVERGED] == 1
    nan = np.where(fine, 0.0, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        score = (observed - found[..., MEAN]) / (bound - found[..., MEAN])
    more = {
        "phi": found[..., PHI], "trend_used": found[..., TREND], "trend_coef": found[..., SLOPE], "score": score,
        "link": found[..., LINK], "se": found[..., SE],
    }  # fmt: skip
    return Detections(
        windows.rows + 1,
        observed,
        found[..., MEAN] + nan,
        bound + nan,
        alarm & fine & ~np.isnan(bound),
        tail + nan,
        more,
    )
