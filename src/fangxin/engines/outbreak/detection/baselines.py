"""Methods that compare a count with few counts before it and in earlier years: Bayes, RKI, CDC."""

import numpy as np
from numpy.typing import NDArray

from fangxin.engines.outbreak.detection.controls import Bayes, Cdc, Rki, rows_of
from fangxin.engines.outbreak.detection.quantiles import normal_quantile, quantile, upper_tail
from fangxin.engines.outbreak.detection.values import DetectionRefused, Detections, Floats, Panel

_MOST_TABLED = 20
# Upper 95 % limits of a Poisson mean after so many cases, Blyth and Still; as used by the Robert Koch Institute.
_POISSON_UPPER = np.array((
    3.285, 5.323, 6.686, 8.102, 9.598, 11.177, 12.817, 13.765, 14.921, 16.768, 17.633, 19.050, 20.335, 21.364, 22.945,
    23.762, 25.400, 26.306, 27.735, 28.966, 30.017,
))  # fmt: skip
_MONTH = 4  # weeks


def bayes(panel: Panel, control: Bayes) -> Detections:
    """Above the (1 - alpha) point of what a Poisson mean with Jeffreys's prior predicts after the baseline (Riebler 2004)."""
    looked_at, base = _baseline(panel, control)
    observed = panel.counts[looked_at]
    known = (~np.isnan(base)).sum(axis=1)
    total = np.nansum(base, axis=1)
    # Negative binomial with size total + 1/2 and probability n / (n + 1).
    mean, phi = (total + 0.5) / known, (known + 1) / known
    upper = quantile(1 - control.alpha, mean, phi)
    with np.errstate(invalid="ignore"):
        return Detections(looked_at + 1, observed, mean, upper, observed > upper, upper_tail(observed, mean, phi), {})


def rki(panel: Panel, control: Rki) -> Detections:
    """Above the mean by two standard deviations, or above a tabled Poisson limit where the mean is 20 or less."""
    looked_at, base = _baseline(panel, control)
    observed, mean = panel.counts[looked_at], base.mean(axis=1)
    tabled = _POISSON_UPPER[np.clip(np.nan_to_num(mean), 0, _MOST_TABLED).astype(int)]
    with np.errstate(invalid="ignore"):
        wide = mean + 2 * base.std(axis=1, ddof=1)
        upper = np.where(np.isnan(mean), np.nan, np.where(mean > _MOST_TABLED, wide, tabled))
        return Detections(looked_at + 1, observed, mean, upper, observed > upper, np.full(observed.shape, np.nan), {})


def _baseline(panel: Panel, control: Bayes | Rki) -> tuple[NDArray[np.int64], Floats]:
    """The w periods before, and 2w+1 around each of the last b years: (rows, baseline, series)."""
    f, w = panel.frequency, control.w
    rows = rows_of(control, panel.periods, control.b * f + w + 1)
    if rows.start - control.b * f - w < 1:
        first = control.b * f + w + 1
        raise DetectionRefused(f"row {rows.start} has no baseline: begin the range at row {first}", row=rows.start)
    back = [-step for step in range(w, 0, -1)] if control.this_year else []
    back += [step - year * f for year in range(1, control.b + 1) for step in range(-w, w + 1)]
    if not back:
        raise DetectionRefused("there is no baseline: set actY to true, or b to 1 or more")
    looked_at = np.arange(rows.start - 1, rows.stop - 1)
    return looked_at, panel.counts[looked_at[:, None] + np.array(back)[None, :]]


def cdc(panel: Panel, control: Cdc) -> Detections:
    """Four weeks together against the same four weeks, and m before and after them, of b years (Stroup et al. 1989)."""
    if panel.frequency != 52:
        raise DetectionRefused("the method cdc needs weekly counts")
    back = control.b * 52 + control.m * _MONTH + _MONTH - 1
    rows = rows_of(control, panel.periods, back + 1)
    if rows.start - back < 1:
        raise DetectionRefused(f"row {rows.start} has no baseline: begin the range at row {back + 1}", row=rows.start)
    looked_at = np.arange(rows.start - 1, rows.stop - 1)
    sums = np.vstack([np.zeros((1, len(panel.units))), np.cumsum(panel.counts, axis=0)])

    def month(ends: NDArray[np.int64]) -> Floats:
        return np.asarray(sums[ends + 1] - sums[ends + 1 - _MONTH])

    steps = [_MONTH * step - 52 * year for year in range(control.b, 0, -1) for step in range(-control.m, control.m + 1)]
    if len(steps) < 2:
        raise DetectionRefused("cdc needs b of 1 or more, and m of 1 or more where b is 1")
    base = np.stack([month(looked_at + step) for step in steps])
    mean, sd, now = base.mean(axis=0), base.std(axis=0, ddof=1), month(looked_at)
    upper = mean + normal_quantile(1 - control.alpha / 2) * sd * np.sqrt(1 + 1 / len(steps))
    with np.errstate(invalid="ignore"):
        alarm = now > upper
    observed = panel.counts[looked_at]
    return Detections(looked_at + 1, observed, mean, upper, alarm, np.full(observed.shape, np.nan), {"four_weeks": now})
