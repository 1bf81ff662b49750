"""In which order to visit, so that what is serious is found sooner: a model of earlier visits, and what its order is worth.

The inspector is never a feature. An order shifts dates; whether a premises is visited at all is the business of the draw
(`engines.sampling`), whose exploration share keeps low scores in sight.
"""

from fangxin.engines.ordering.columns import PERSONS, choose_columns, outcomes
from fangxin.engines.ordering.matrix import Encoder, days_of
from fangxin.engines.ordering.measures import (
    FirstHalf,
    area_under_curve,
    bootstrap_interval,
    dates_in_order,
    days_earlier,
    each_days_earlier,
    found_in_first_half,
)
from fangxin.engines.ordering.model import HeldOut, Model, fit, rolling_windows
from fangxin.engines.ordering.values import USED, Columns, Refusal, Refused, Role, Table

__all__ = [
    "PERSONS",
    "USED",
    "Columns",
    "Encoder",
    "FirstHalf",
    "HeldOut",
    "Model",
    "Refusal",
    "Refused",
    "Role",
    "Table",
    "area_under_curve",
    "bootstrap_interval",
    "choose_columns",
    "dates_in_order",
    "days_earlier",
    "days_of",
    "each_days_earlier",
    "fit",
    "found_in_first_half",
    "outcomes",
    "rolling_windows",
]
