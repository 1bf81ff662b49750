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


def tail_of_seen(seen: Floats, expected: Floats, phi: Floats, share: Floats) -> Floats:
    """Probability of at least so many cases seen by now, when only `share` of a period's cases is reported yet.

    seen                  cases reported so far
    expected, phi         of the final count: mean, variance over mean
    share                 expected share reported by now, above 0 (`Nowcast.share_seen`)

    Each case is reported by now or not, apart from the others; of a negative binomial count that leaves one with a smaller spread.
    """
    return upper_tail(seen, expected * share, 1.0 + share * (np.maximum(phi, 1.0) - 1.0))


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
