"""EARS C1, C2 and C3 (Hutwagner et al. 2003; Fricker et al. 2008): a count against the mean and spread of few days before.

C1 takes the `baseline` periods just before, C2 the same two periods earlier, C3 adds what C2 exceeded one by on this and the
two periods before. With `compat` C3 is that of R's surveillance 1.20.3, which leaves the present period out of the sum.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.special import ndtr

from fangxin.engines.outbreak.detection.controls import Ears, rows_of
from fangxin.engines.outbreak.detection.quantiles import normal_quantile
from fangxin.engines.outbreak.detection.values import DetectionRefused, Detections, Floats, Panel

_GUARD = {"C1": 0, "C2": 2, "C3": 2}
_BACK = {"C1": 0, "C2": 2, "C3": 4}
_ALPHA = {"C1": 0.001, "C2": 0.001, "C3": 0.025}


def ears(panel: Panel, control: Ears, *, compat: bool = False) -> Detections:
    back = control.baseline + _BACK[control.method]
    rows = rows_of(control, panel.periods, back + 1)
    if rows.start - back < 1:
        raise DetectionRefused(
            f"row {rows.start} has no {back} rows before it: begin the range at row {back + 1}", row=rows.start
        )
    z = normal_quantile(1 - (_ALPHA[control.method] if control.alpha is None else control.alpha))
    looked_at = np.arange(rows.start - 1, rows.stop - 1)
    observed = panel.counts[looked_at]
    mean, sd = _baseline(panel.counts, looked_at, control)
    with np.errstate(invalid="ignore", divide="ignore"):
        if control.method != "C3":
            upper, tail = mean + z * sd, 1 - ndtr(_exceeding(observed, mean, sd))
        elif compat:
            upper = np.maximum(observed + sd * (z - _lagged(panel.counts, looked_at, control, missing=np.nan)), 0.0)
            tail = np.full(observed.shape, np.nan)
        else:
            # The count at which max(0, C2 - 1) makes up what the two periods before left over.
            rest = z - _lagged(panel.counts, looked_at, control, missing=0.0)
            upper = np.where(rest < 0, -1.0, np.maximum(mean + sd * (1 + rest), 0.0))
            tail = np.full(observed.shape, np.nan)
        alarm = observed > upper
    upper = upper if compat else np.maximum(upper, 0.0)
    return Detections(looked_at + 1, observed, mean, upper, alarm, tail, {})


def _baseline(counts: Floats, rows: NDArray[np.int64], control: Ears) -> tuple[Floats, Floats]:
    """Mean and standard deviation (n - 1) before each row."""
    windows = sliding_window_view(counts, control.baseline, axis=0)[rows - control.baseline - _GUARD[control.method]]
    return windows.mean(axis=-1), np.maximum(windows.std(axis=-1, ddof=1), control.least_sd)


def _exceeding(observed: Floats, mean: Floats, sd: Floats) -> Floats:
    """By how many standard deviations; zero where nothing varied and nothing changed."""
    return np.where((sd == 0) & (observed == mean), 0.0, (observed - mean) / sd)


def _lagged(counts: Floats, rows: NDArray[np.int64], control: Ears, *, missing: float) -> Floats:
    """What C2 exceeded one by, one and two periods before, added."""
    total = np.zeros((len(rows), counts.shape[1]))
    for lag in (2, 1):
        mean, sd = _baseline(counts, rows - lag, control)
        observed = counts[rows - lag]
        raw = (observed - mean) / sd
        total += np.maximum(np.where((sd == 0) & (observed == mean), missing, raw) - 1, 0.0)
    return total
