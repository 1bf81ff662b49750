"""Amounts that can be compared: masses in kilograms, other units only with themselves within one lot."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from fangxin.engines.traceability.ranking.values import Column

KILOGRAMS: Final[Mapping[str, float]] = {
    "kg": 1.0, "公斤": 1.0, "千克": 1.0, "g": 0.001, "克": 0.001, "t": 1000.0, "吨": 1000.0, "斤": 0.5, "市斤": 0.5, "两": 0.05,
}  # fmt: skip


def comparable_amounts(quantity: Column, unit: Column, units: Sequence[str], source: Column, lots: int) -> Column:
    """The amounts of links; not known (nan) for the links of a lot whose units cannot be compared.

    `unit` holds for every link the place of its unit in `units`.

    >>> sold = comparable_amounts(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0, 1, 0, 2]), ["t", "kg", "箱"], np.array([0, 0, 1, 1]), 2)
    >>> sold.tolist()
    [1000.0, 2.0, nan, nan]
    """
    names = [name.strip().lower() for name in units]
    factor = np.array([KILOGRAMS.get(name, 1.0) for name in names])
    kinds = {"kg": 0}
    kind = np.array([0 if name in KILOGRAMS else kinds.setdefault(name, len(kinds)) for name in names], dtype=np.int64)
    known = np.isfinite(quantity) & (quantity > 0)
    least, most = np.full(lots, len(kinds)), np.full(lots, -1)
    np.minimum.at(least, source[known], kind[unit[known]])
    np.maximum.at(most, source[known], kind[unit[known]])
    mixed = (most > least)[source]
    return np.where(known & ~mixed, quantity * factor[unit], np.nan)
