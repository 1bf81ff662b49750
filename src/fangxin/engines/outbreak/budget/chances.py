"""Tail probabilities of several periods together, and what would be found at a budget."""

import numpy as np
from numpy.typing import NDArray

from fangxin.engines.outbreak.detection.quantiles import upper_tail

Floats = NDArray[np.float64]


def tail_of_sums(observed: Floats, expected: Floats, phi: Floats, *, periods: int = 2) -> Floats:
    """Probability that the last `periods` periods together bring as many cases or more; NaN where one of them was not judged.

    An outbreak lasts: cases spread over two periods, none of them striking, are seen in their sum.

    observed, expected, phi  (rows, series) of the detector: counts, their mean, variance over mean. The first rows have no sum.
    """
    means, variances = expected, np.maximum(phi, 1.0) * expected
    totals, mean, variance = (_sums(part, periods) for part in (observed, means, variances))
    with np.errstate(invalid="ignore", divide="ignore"):
        tail = upper_tail(totals, mean, variance / mean)
    return np.asarray(np.where(np.isnan(totals), np.nan, tail), float)


def _sums(values: Floats, periods: int) -> Floats:
    summed = np.full(values.shape, np.nan)
    for row in range(periods - 1, len(values)):
        summed[row] = values[row - periods + 1 : row + 1].sum(axis=0)
    return summed


def detection_probability(observed: Floats, expected: Floats, phi: Floats, threshold: Floats, *, cases: int) -> Floats:
    """For each series the share of its own past periods in which `cases` more would have been an alarm; NaN where none was judged.

    observed, expected, phi  (rows, series) of the detector: counts, their mean, variance over mean
    threshold                (rows,) of `keep_budget`; NaN counts as a period without an alarm
    """
    with_more = upper_tail(observed + cases, expected, np.maximum(phi, 1.0))
    judged = np.isfinite(expected) & np.isfinite(observed)
    with np.errstate(invalid="ignore"):
        seen = judged & (with_more <= threshold[:, None])
        return np.asarray(np.where(judged.any(axis=0), seen.sum(axis=0) / judged.sum(axis=0), np.nan), float)
