"""Quantiles of Student's distribution, to about four digits, without a statistics library."""

from math import cos, pi, sin, sqrt
from statistics import NormalDist


def student_quantile(probability: float, freedom: int) -> float:
    """The value that Student's t with `freedom` (≥ 1) degrees stays below with this probability.

    Closed forms for 1 and 2 degrees, else the expansion of R. A. Fisher and E. A. Cornish (1960) around the normal.

    >>> round(student_quantile(0.975, 10), 3), round(student_quantile(0.975, 1), 3)
    (2.228, 12.706)
    """
    if freedom < 1:
        raise ValueError("at least one degree of freedom")
    if freedom == 1:
        return -cos(pi * probability) / sin(pi * probability)
    if freedom == 2:
        return (2 * probability - 1) / sqrt(2 * probability * (1 - probability))
    z: float = NormalDist().inv_cdf(probability)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / float(freedom**power) for power, term in enumerate(terms, 1))
