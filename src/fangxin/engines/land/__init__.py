"""Cultivated land: quality class of a unit, safe-use rate, change from year to year, shapes on the ground.

Method, guarantees and limits: docs/methods/soil-class.md.
"""

from fangxin.engines.land.changes import Change, YearBalance, balance_years, compare_class
from fangxin.engines.land.classes import (
    ClassRules,
    MetalZone,
    Proposal,
    SoilClass,
    UnitPoint,
    UnitProduce,
    propose_class,
    read_class_rules,
)
from fangxin.engines.land.rates import Account, PollutedArea, Produce, account_areas, safe_use_rate
from fangxin.engines.land.shapes import (
    Shape,
    ShapeError,
    area_mu,
    centre,
    distance_m,
    read_geometry,
    read_shapes,
    write_shapes,
)

__all__ = [
    "Account",
    "Change",
    "ClassRules",
    "MetalZone",
    "PollutedArea",
    "Produce",
    "Proposal",
    "Shape",
    "ShapeError",
    "SoilClass",
    "UnitPoint",
    "UnitProduce",
    "YearBalance",
    "account_areas",
    "area_mu",
    "balance_years",
    "centre",
    "compare_class",
    "distance_m",
    "propose_class",
    "read_class_rules",
    "read_geometry",
    "read_shapes",
    "safe_use_rate",
    "write_shapes",
]
