"""The static part of the risk score: what kind of business, how large, for whom. Points by published bands."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from fangxin.engines.grading.reading import Row, RuleHead, RuleRefused, RuleSource, open_rule
from fangxin.engines.grading.values import Basis, require_within, round_half_up

FactorValue = Decimal | Collection[str]
"""A measured or counted number, or the codes of the classes that occur on the premises."""

_ONE = Decimal(1)


class FactsMissing(LookupError):
    """A factor is not stated. An unknown factor is no absent one: absent is stated as 0."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        super().__init__(f"not stated: {', '.join(codes)}")
        self.codes = codes


@dataclass(frozen=True, slots=True)
class Step:
    """Up to `at_most` (that value included; None: without end) the factor earns `points`."""

    at_most: Decimal | None
    points: Decimal


@dataclass(frozen=True, slots=True)
class RiskClass:
    """One class that may occur, and what it is worth."""

    code: str
    title: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Factor:
    """One line of the form. With `steps` a number is banded, with `classes` the riskiest one counts, with neither
    the assessor enters points between `minimum` and `maximum`. `whole`: decimals are rounded half up first.
    """

    code: str
    title: str
    unit: str
    minimum: Decimal
    maximum: Decimal
    whole: bool
    steps: tuple[Step, ...]
    classes: tuple[RiskClass, ...]


@dataclass(frozen=True, slots=True)
class StaticForm:
    """One edition of a form for kinds of premises, with `traits` only for those of them that have these.

    The maxima of its factors add up to `maximum`.
    """

    head: RuleHead
    applies_to: tuple[str, ...]
    traits: tuple[str, ...]
    maximum: Decimal
    factors: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class FactorPoints:
    """What one factor earned, and by which comparison."""

    code: str
    points: Decimal
    comparison: str


@dataclass(frozen=True, slots=True)
class StaticScore:
    """The static score, line by line."""

    points: Decimal
    parts: tuple[FactorPoints, ...]
    basis: Basis


def load_static_form(source: RuleSource) -> StaticForm:
    """Read one edition of a static form. Raises `RuleRefused` naming row and field."""
    row = open_rule(source, "static form")
    form = StaticForm(
        head=row.head(),
        applies_to=row.texts("applies_to"),
        traits=row.texts("traits"),
        maximum=row.number("maximum"),
        factors=tuple(_read_factor(one) for one in row.rows("factor")),
    )
    row.close()
    if not form.applies_to:
        raise row.refuse("applies_to", "must name at least one kind of premises")
    codes = [factor.code for factor in form.factors]
    if len(set(codes)) != len(codes):
        raise row.refuse("factor", "has a code twice")
    total = sum((factor.maximum for factor in form.factors), Decimal(0))
    if total != form.maximum:
        raise row.refuse("maximum", f"is {form.maximum}, but the factors add up to {total}")
    return form


def static_form_for(
    forms: Iterable[StaticForm], kind: str, on: date, *, traits: Iterable[str] = ()
) -> StaticForm | None:
    """The form for premises of `kind` in force on `on`: the one made for their traits before the general one.

    None where no form is known. Raises `RuleRefused` where two fit equally well.
    """
    owned = set(traits)
    fitting = [
        form for form in forms if kind in form.applies_to and form.head.in_force(on) and owned.issuperset(form.traits)
    ]
    closest = max((len(form.traits) for form in fitting), default=0)
    best = [form for form in fitting if len(form.traits) == closest]
    if len(best) > 1:
        raise RuleRefused(f"several static forms for {kind} on {on}: {', '.join(form.head.code for form in best)}")
    return best[0] if best else None


def static_score(form: StaticForm, facts: Mapping[str, FactorValue]) -> StaticScore:
    """Points of one premises (0 to `form.maximum`). A factor stated as 0 is absent and earns nothing.

    Raises `FactsMissing` for a factor nobody stated and `ValueError` for one the form does not have or
    a value it cannot take.
    """
    missing = tuple(factor.code for factor in form.factors if factor.code not in facts)
    if missing:
        raise FactsMissing(missing)
    unknown = sorted(set(facts) - {factor.code for factor in form.factors})
    if unknown:
        raise ValueError(f"form {form.head.code} has no factor {', '.join(unknown)}")
    parts = tuple(_points(factor, facts[factor.code]) for factor in form.factors)
    total = sum((part.points for part in parts), Decimal(0))
    inputs = [(code, _shown(value)) for code, value in facts.items()]
    comparison = f"{' + '.join(str(part.points) for part in parts)} = {total}"
    return StaticScore(total, parts, form.head.basis(inputs, comparison))


def _points(factor: Factor, value: FactorValue) -> FactorPoints:
    if factor.classes:
        return _by_class(factor, value)
    if not isinstance(value, Decimal):
        raise ValueError(f"factor {factor.code} needs a number")
    if not factor.steps:
        require_within(f"factor {factor.code}", value, factor.minimum, factor.maximum)
        return FactorPoints(factor.code, value, f"{factor.minimum} <= {value} <= {factor.maximum}")
    return _by_step(factor, value)


def _by_step(factor: Factor, value: Decimal) -> FactorPoints:
    if not value.is_finite() or value < 0:
        raise ValueError(f"factor {factor.code} cannot be {value}")
    counted = round_half_up(value, _ONE) if factor.whole else value
    if counted == 0:
        return FactorPoints(factor.code, Decimal(0), f"{factor.code} = 0")
    lower: Decimal | None = None
    for step in factor.steps:
        if step.at_most is None or counted <= step.at_most:
            break
        lower = step.at_most
    left = f"{lower} < " if lower is not None else ""
    right = f" <= {step.at_most}" if step.at_most is not None else ""
    return FactorPoints(factor.code, step.points, f"{left}{counted}{right}")


def _by_class(factor: Factor, value: FactorValue) -> FactorPoints:
    known = {one.code: one for one in factor.classes}
    if isinstance(value, Decimal | str) or not value or set(value) - set(known):
        raise ValueError(f"factor {factor.code} needs one or more of {', '.join(known)}")
    riskiest = max((known[code] for code in value), key=lambda one: (one.points, one.code))
    return FactorPoints(factor.code, riskiest.points, f"{factor.code} = {riskiest.code}")


def _shown(value: FactorValue) -> str:
    return str(value) if isinstance(value, Decimal) else ", ".join(sorted(value))


def _read_factor(row: Row) -> Factor:
    factor = Factor(
        code=row.text("code"),
        title=row.text("title"),
        unit=row.text("unit", ""),
        minimum=row.number("minimum") if row.has("minimum") else Decimal(0),
        maximum=row.number("maximum"),
        whole=row.flag("whole"),
        steps=tuple(_read_step(one) for one in row.rows("step")),
        classes=tuple(_read_class(one) for one in row.rows("class")),
    )
    row.text("note", "")
    row.close()
    _check_factor(row, factor)
    return factor


def _read_step(row: Row) -> Step:
    step = Step(row.number("at_most") if row.has("at_most") else None, row.number("points"))
    row.close()
    return step


def _read_class(row: Row) -> RiskClass:
    one = RiskClass(row.text("code"), row.text("title"), row.number("points"))
    row.close()
    return one


def _check_factor(row: Row, factor: Factor) -> None:
    if factor.steps and factor.classes:
        raise row.refuse("class", "cannot stand beside step")
    if factor.minimum > factor.maximum:
        raise row.refuse("minimum", "lies above maximum")
    edges = [step.at_most for step in factor.steps]
    if edges and (edges[-1] is not None or None in edges[:-1]):
        raise row.refuse("step", "must end with one that has no at_most, and only there")
    if any(not low < high for low, high in pairwise(edge for edge in edges if edge is not None)):
        raise row.refuse("step", "must rise in at_most")
    points = [step.points for step in factor.steps] or [one.points for one in factor.classes]
    if points and max(points) != factor.maximum:
        raise row.refuse("maximum", f"is {factor.maximum}, but the most that can be earned is {max(points)}")
