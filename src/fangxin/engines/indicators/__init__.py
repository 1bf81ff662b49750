"""Indicators: definitions with formulas, figures, judgement, and proof files that anyone can check.

Method, guarantees and limits: docs/methods/indicators.md.
"""

from fangxin.engines.indicators.containers import seal_gzip
from fangxin.engines.indicators.definitions import Comparison, DefinitionError, Form, IndicatorDefinition, Kind
from fangxin.engines.indicators.expressions import (
    Expression,
    Field,
    Operator,
    RecordError,
    canonical,
    evaluate,
    fields,
    fold,
    predicate,
)
from fangxin.engines.indicators.figures import (
    Balance,
    Figure,
    Status,
    check_matter_identity,
    display_percent,
    judge,
    round_for_display,
    value_in_unit,
)
from fangxin.engines.indicators.parsing import ExpressionError, parse
from fangxin.engines.indicators.proofs import (
    ProofHeader,
    PublishedFigure,
    publish,
    publish_signed,
    write_proof,
)
from fangxin.engines.indicators.reading import load_definitions
from fangxin.engines.indicators.tallies import Count, Formula, Part, Row, Tallied, Tally, tally
from fangxin.engines.indicators.verification import (
    Authenticity,
    ProofFault,
    ProofProblem,
    ProofReport,
    verify_proof,
)

__all__ = [
    "Authenticity",
    "Balance",
    "Comparison",
    "Count",
    "DefinitionError",
    "Expression",
    "ExpressionError",
    "Field",
    "Figure",
    "Form",
    "Formula",
    "IndicatorDefinition",
    "Kind",
    "Operator",
    "Part",
    "ProofFault",
    "ProofHeader",
    "ProofProblem",
    "ProofReport",
    "PublishedFigure",
    "RecordError",
    "Row",
    "Status",
    "Tallied",
    "Tally",
    "canonical",
    "check_matter_identity",
    "display_percent",
    "evaluate",
    "fields",
    "fold",
    "judge",
    "load_definitions",
    "parse",
    "predicate",
    "publish",
    "publish_signed",
    "round_for_display",
    "seal_gzip",
    "tally",
    "value_in_unit",
    "verify_proof",
    "write_proof",
]
