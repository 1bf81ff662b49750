"""Limits: is a result within what the law allows, by which edition, and was the substance lawful there at all?

Method, guarantees and limits: docs/methods/limits.md.
"""

from fangxin.engines.limits.comparing import Change, Difference, Said, differences, rows_of
from fangxin.engines.limits.data import (
    AnalyteMatch,
    FoodMatch,
    LawfulUse,
    Measured,
    Outcome,
    Reason,
    Verdict,
)
from fangxin.engines.limits.expressions import Form, Reading, read_expression, read_values
from fangxin.engines.limits.judge import Judge
from fangxin.engines.limits.loading import faults_of, read_tables
from fangxin.engines.limits.rounding import exceeds, round_once
from fangxin.engines.limits.tables import Ban, Edition, Row, Rule, TableFault, Tables
from fangxin.engines.limits.units import UNITS, Unit, convert, find_unit

__all__ = [
    "UNITS",
    "AnalyteMatch",
    "Ban",
    "Change",
    "Difference",
    "Edition",
    "FoodMatch",
    "Form",
    "Judge",
    "LawfulUse",
    "Measured",
    "Outcome",
    "Reading",
    "Reason",
    "Row",
    "Rule",
    "Said",
    "TableFault",
    "Tables",
    "Unit",
    "Verdict",
    "convert",
    "differences",
    "exceeds",
    "faults_of",
    "find_unit",
    "read_expression",
    "read_tables",
    "read_values",
    "round_once",
    "rows_of",
]
