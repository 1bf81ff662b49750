"""What an indicator is: its subjects, its two conditions, its target, and where all that comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from fangxin.engines.evidence import canonical_bytes, digest
from fangxin.engines.indicators import expressions
from fangxin.engines.indicators.expressions import Expression, canonical

_SCALES = {"%": 100, "‰": 1000}


class DefinitionError(ValueError):
    """The definition cannot be used; the message says which one, which part and why."""


class Kind(StrEnum):
    COMPUTED = "computed"  # counted from records
    SIGNED = "signed"  # cannot be counted yet: someone signs for the figure, with evidence
    MILESTONE = "milestone"  # reached or not: an acceptance with evidence, never a percentage


class Form(StrEnum):
    RATIO = "ratio"  # numerator ÷ denominator
    TOTAL = "total"  # an amount by itself, such as tonnes used


class Comparison(StrEnum):
    GT = ">"
    GE = ">="
    EQ = "="
    LT = "<"
    LE = "<="
    DECLINE = "decline"  # lower than in the base period, by `target` per cent if one is given
    MILESTONE = "milestone"


# What changes the figure or the judgement; names, notes and sources do not.
_FORMULA = (
    "code", "kind", "subject", "form", "denominator", "numerator", "sum_of", "numerator_sum_of",
    "comparison", "target", "unit", "per", "base_year",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class IndicatorDefinition:
    """One goal as something that can be counted. Raises DefinitionError when its parts contradict each other.

    The numerator is evaluated within the denominator: a row counts there only when both conditions hold.
    Without `sum_of` rows are counted; with it, that field is summed (over the numerator: `numerator_sum_of`,
    where that is another field).
    """

    code: str
    name: str
    kind: Kind
    action: int | None = None  # number of the action; None where it cuts across them
    clause: str = ""
    subject: str = ""  # the fact table whose rows are counted
    form: Form = Form.RATIO
    denominator: Expression | None = None
    numerator: Expression | None = None
    sum_of: str = ""
    numerator_sum_of: str = ""
    comparison: Comparison | None = None  # None: followed, without a target
    target: Decimal | None = None
    unit: str = "%"
    per: int | None = None  # 100 for %, 1000 for "per thousand persons"; derived from % and ‰
    due: date | None = None
    base_year: int | None = None
    reason: str = ""  # why it cannot be computed yet
    basis: str = ""
    confidence: str = ""
    source: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        problem = _contradiction(self)
        if problem:
            raise DefinitionError(problem)

    @property
    def scale(self) -> int:
        """What numerator ÷ denominator is multiplied by to give the unit; 1 for a total."""
        if self.form is Form.TOTAL:
            return 1
        return self.per or _SCALES.get(self.unit, 1)

    @property
    def formula_version(self) -> str:
        """Twelve hexadecimal digits that change with anything that changes the figure or its judgement."""
        return _version_of(self)

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields its conditions and sums look at, in order of the alphabet."""
        names = {self.sum_of, self.numerator_sum_of} - {""}
        for condition in (self.denominator, self.numerator):
            if condition is not None:
                names |= expressions.fields(condition)
        return tuple(sorted(names))

    def is_due(self, as_of: date) -> bool:
        """Whether the day by which the target shall be reached has come."""
        return self.due is not None and as_of >= self.due

    def to_mapping(self) -> dict[str, object]:
        """Its parts under the keys of the reviewed file, empty ones left out, numbers and dates as text."""
        values: dict[str, object] = {}
        for part in fields(self):
            value = getattr(self, part.name)
            if value is None or value == "":
                continue
            values[part.name] = _plain(part.name, value)
        return values


@lru_cache(maxsize=4096)
def _version_of(definition: IndicatorDefinition) -> str:
    values = definition.to_mapping()
    formula = {key: values.get(key) for key in _FORMULA}
    return digest(b"fangxin.formula.v1\n" + canonical_bytes(formula))[:12]


def _plain(name: str, value: object) -> object:
    if name in ("denominator", "numerator"):
        return canonical(value)  # type: ignore[arg-type]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value


def _contradiction(definition: IndicatorDefinition) -> str:
    for check in (_missing_words, _formula_problem, _target_problem):
        problem = check(definition)
        if problem:
            return problem
    return ""


def _missing_words(definition: IndicatorDefinition) -> str:
    if not definition.code.strip() or not definition.name.strip():
        return "an indicator needs a code and a name"
    if definition.kind is Kind.SIGNED and not definition.reason.strip():
        return "a signed indicator says in `reason` why it cannot be computed yet"
    if definition.kind is not Kind.SIGNED and definition.reason:
        return "only a signed indicator has a `reason`"
    return ""


def _formula_problem(definition: IndicatorDefinition) -> str:
    parts: Mapping[str, object] = {
        "subject": definition.subject,
        "numerator": definition.numerator,
        "denominator": definition.denominator,
        "sum_of": definition.sum_of,
        "numerator_sum_of": definition.numerator_sum_of,
    }
    given = {name for name, value in parts.items() if value}
    if definition.kind is not Kind.COMPUTED:
        return f"a {definition.kind} indicator has no {min(given)}" if given else ""
    needed = {"subject", "numerator"} | ({"denominator"} if definition.form is Form.RATIO else set())
    if needed - given:
        return f"a computed {definition.form} needs {min(needed - given)}"
    if definition.form is Form.TOTAL and given & {"denominator", "numerator_sum_of"}:
        return "a total has neither denominator nor numerator_sum_of"
    if definition.numerator_sum_of and not definition.sum_of:
        return "numerator_sum_of needs sum_of, the field summed over the denominator"
    return ""


def _target_problem(definition: IndicatorDefinition) -> str:
    comparison, target = definition.comparison, definition.target
    if (definition.kind is Kind.MILESTONE) != (comparison is Comparison.MILESTONE):
        return "kind milestone and comparison milestone belong together"
    if definition.per is not None and definition.per < 1:
        return "per is a whole number from 1"
    if comparison in (None, Comparison.MILESTONE):
        return "a target needs a comparison such as >=" if target is not None else ""
    if target is None:
        return "" if comparison is Comparison.DECLINE else f"comparison {comparison} needs a target"
    return _range_problem(definition, target)


def _range_problem(definition: IndicatorDefinition, target: Decimal) -> str:
    if not target.is_finite() or target < 0:
        return "a target is a number from 0"
    if definition.comparison is Comparison.DECLINE and not 0 < target <= 100:
        return "a decline lies between 0 and 100 per cent"
    share = definition.form is Form.RATIO and definition.unit == "%" and not definition.sum_of
    return "counted within its denominator, a share cannot exceed 100 per cent" if share and target > 100 else ""
