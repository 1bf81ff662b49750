"""From a quota as it is written to whole numbers of targets."""

from collections.abc import Mapping
from fractions import Fraction

from fangxin.engines.sampling.plans import Quota, Rounding


def quota_counts(quota: Quota, sizes: Mapping[str, int]) -> dict[str, int]:
    """How many to draw from each stratum; `sizes` are the numbers listed.

    >>> from decimal import Decimal as D
    >>> from fangxin.engines.sampling.plans import StratumKey
    >>> by = StratumKey.GRADE
    >>> quota_counts(Quota(by, rates={"A": D("0.01"), "D": D("0.2")}, rounding=Rounding.UP), {"A": 230, "D": 35})
    {'A': 3, 'D': 7}
    >>> quota_counts(Quota(by, shares={"A": D("0.5"), "B": D("0.25"), "C": D("0.25")}, total=6), {})
    {'A': 3, 'B': 2, 'C': 1}
    """
    if quota.counts is not None:
        return dict(sorted(quota.counts.items()))
    if quota.rates is not None:
        rounding = quota.rounding or Rounding.UP
        return {key: _round(Fraction(rate) * sizes.get(key, 0), rounding) for key, rate in sorted(quota.rates.items())}
    shares = {key: Fraction(share) * (quota.total or 0) for key, share in sorted((quota.shares or {}).items())}
    return largest_remainder(shares)


def largest_remainder(amounts: Mapping[str, Fraction]) -> dict[str, int]:
    """Whole numbers with the same sum (which is whole): each rounded down, the rest to the largest remainders."""
    whole = {key: amount.numerator // amount.denominator for key, amount in amounts.items()}
    left = int(sum(amounts.values(), Fraction(0))) - sum(whole.values())
    # The sort is stable: of equal remainders the first key wins.
    for key in sorted(amounts, key=lambda k: whole[k] - amounts[k])[:left]:
        whole[key] += 1
    return whole


def _round(amount: Fraction, rounding: Rounding) -> int:
    if rounding is Rounding.UP:
        return -(-amount.numerator // amount.denominator)
    if rounding is Rounding.NEAREST:
        amount += Fraction(1, 2)
    return amount.numerator // amount.denominator
