"""Charts of control: CUSUM (Rossi et al. 1999; Page 1954) and EWMA (Roberts 1959)."""

import numpy as np
from numpy.typing import NDArray

from fangxin.engines.outbreak.detection.controls import Cusum, Ewma, rows_of
from fangxin.engines.outbreak.detection.values import DetectionRefused, Detections, Floats, Panel


def cusum(panel: Panel, control: Cusum) -> Detections:
    """Alarm where the sum of standardised counts above `k` reaches `h`. It goes on after an alarm."""
    rows = rows_of(control, panel.periods, 2)
    looked_at = np.arange(rows.start - 1, rows.stop - 1)
    mean = _in_control(panel, looked_at, control.m)
    observed = panel.counts[looked_at]
    with np.errstate(invalid="ignore", divide="ignore"):
        standard = _standardised(np.nan_to_num(observed), mean, control.trans)
    sums = cusum_of(standard, control.k)
    before = np.vstack([np.zeros((1, sums.shape[1])), sums[:-1]])
    with np.errstate(invalid="ignore", divide="ignore"):
        upper = np.maximum(np.nan_to_num(_bound(mean, control.h + control.k - before, control.trans)), 0.0)
    expected = np.broadcast_to(mean, observed.shape).copy()
    nothing = np.full(observed.shape, np.nan)
    return Detections(looked_at + 1, observed, expected, upper, sums >= control.h, nothing, {"cusum": sums})


def _in_control(panel: Panel, looked_at: NDArray[np.int64], given: float | None) -> Floats:
    if given is not None:
        return np.full((1, len(panel.units)), given)
    if looked_at[0] < 1:
        raise DetectionRefused("there is no row before the range from which the mean can be found: give it", row=1)
    found: Floats = np.nanmean(panel.counts[: looked_at[0]], axis=0, keepdims=True)
    return found


def cusum_of(values: Floats, k: float) -> Floats:
    """S(t) = max(0, S(t-1) + x(t) - k), S before the first is zero. Values (rows, series)."""
    found = np.zeros_like(values)
    last = np.zeros(values.shape[1])
    for row in range(len(values)):
        last = np.maximum(last + np.nan_to_num(values[row]) - k, 0.0)
        found[row] = last
    return found


def poisson_k(before: float, after: float) -> float:
    """The k with which counts of mean `before` are told soonest from those of mean `after` (both above zero)."""
    return float((after - before) / (np.log(after) - np.log(before)))


def _standardised(x: Floats, m: Floats, way: str) -> Floats:
    found: Floats = x
    if way == "standard":
        found = (x - m) / np.sqrt(m)
    elif way == "rossi":
        found = (x - 3 * m + 2 * np.sqrt(x * m)) / (2 * np.sqrt(m))
    elif way == "anscombe":
        found = 1.5 * (x ** (2 / 3) - m ** (2 / 3)) / m ** (1 / 6)
    elif way == "anscombe2nd":
        found = 1.5 * (x ** (2 / 3) - m ** (2 / 3) + m ** (-1 / 3) / 9) / m ** (1 / 6)
    return found


def _bound(m: Floats, rest: Floats, way: str) -> Floats:
    """The count at which the sum reaches h, `rest` being what is missing of h + k."""
    found: Floats = rest + 0 * m
    if way == "standard":
        found = np.ceil(np.sqrt(m) * rest + m)
    elif way == "rossi":
        found = 2 * np.sqrt(m) * rest + 5 * m - 2 * np.sqrt(4 * m**2 + 2 * m**1.5 * rest)
    elif way in ("anscombe", "anscombe2nd"):
        shift = -(m ** (-1 / 3)) / 9 if way == "anscombe2nd" else 0 * m
        found = np.maximum(2 / 3 * m ** (1 / 6) * rest + m ** (2 / 3) + shift, 0.0) ** 1.5
    return found


def ewma(panel: Panel, control: Ewma) -> Detections:
    """Alarm where the weighted mean of the past leaves its limit; it starts at the mean before the range."""
    rows = rows_of(control, panel.periods, 3)
    looked_at = np.arange(rows.start - 1, rows.stop - 1)
    mean = _in_control(panel, looked_at, control.mean)
    sd = _spread(panel, looked_at, control.sd)
    observed, weight = panel.counts[looked_at], control.weight
    smooth, last = np.zeros_like(observed), np.broadcast_to(mean, (1, len(panel.units)))[0]
    for row in range(len(observed)):
        last = weight * np.where(np.isnan(observed[row]), mean[0], observed[row]) + (1 - weight) * last
        smooth[row] = last
    steps = np.arange(1, len(observed) + 1)[:, None]
    limit = mean + control.width * sd * np.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * steps)))
    before = np.vstack([np.broadcast_to(mean, (1, len(panel.units))), smooth[:-1]])
    upper = np.maximum((limit - (1 - weight) * before) / weight, 0.0)
    expected = np.broadcast_to(mean, observed.shape).copy()
    nothing = np.full(observed.shape, np.nan)
    return Detections(
        looked_at + 1, observed, expected, upper, smooth > limit, nothing, {"ewma": smooth, "limit": limit}
    )


def _spread(panel: Panel, looked_at: NDArray[np.int64], given: float | None) -> Floats:
    if given is not None:
        return np.full((1, len(panel.units)), given)
    if looked_at[0] < 2:
        raise DetectionRefused(
            "there are no two rows before the range from which the spread can be found: give sd", row=1
        )
    found: Floats = np.nanstd(panel.counts[: looked_at[0]], axis=0, ddof=1, keepdims=True)
    return found
