"""Scan statistics: where, and since when, are there more cases than chance would give?

    clusters = scan(cases, places, model=Model.PERMUTATION, start=first, end=today, seed=20240514)

Files of SaTScan: `files.read_*` and `parameters.read_parameters`. Method, proofs and limits: docs/methods/scan.md.
"""

from fangxin.engines.outbreak.scan.scanning import scan
from fangxin.engines.outbreak.scan.values import (
    Analysis,
    Cluster,
    Count,
    Expected,
    Fault,
    Model,
    Overlap,
    Place,
    Population,
    Rates,
    ScanRefused,
    Settings,
    Significance,
    TimeUnit,
    Trend,
)

__all__ = [
    "Analysis",
    "Cluster",
    "Count",
    "Expected",
    "Fault",
    "Model",
    "Overlap",
    "Place",
    "Population",
    "Rates",
    "ScanRefused",
    "Settings",
    "Significance",
    "TimeUnit",
    "Trend",
    "scan",
]
