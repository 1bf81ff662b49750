"""How often a graded business is visited, and which are under key supervision."""

from collections.abc import Iterable
from dataclasses import dataclass

from fangxin.engines.grading.reading import Row, RuleHead, RuleMissing, RuleSource, open_rule
from fangxin.engines.grading.values import UNGRADED, Basis, Grade, Scale


@dataclass(frozen=True, slots=True)
class GradeFrequency:
    """Visits a year for one grade: at least `minimum`, at most `maximum` (None: the rule names no upper end)."""

    grade: Grade
    minimum: int
    maximum: int | None


@dataclass(frozen=True, slots=True)
class KeyRule:
    """Premises of these kinds, or with this trait, are watched closely: always, or from these risk grades on."""

    code: str
    title: str
    article: str
    kinds: tuple[str, ...]
    traits: tuple[str, ...]
    grades: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrequencyRules:
    """One edition: visits by grade, months within which every item is looked at once, key supervision."""

    head: RuleHead
    full_check_months: int | None
    frequencies: tuple[GradeFrequency, ...]
    key_rules: tuple[KeyRule, ...]


@dataclass(frozen=True, slots=True)
class KeySupervision:
    """Whether premises are under key supervision, by which lines of the rule."""

    applies: bool
    rules: tuple[str, ...]
    basis: Basis


def load_frequency_rules(source: RuleSource) -> FrequencyRules:
    """Read one edition of the visit frequencies. Raises `RuleRefused` naming row and field."""
    row = open_rule(source, "frequency rules")
    rules = FrequencyRules(
        head=row.head(),
        full_check_months=row.whole("full_check_months", least=1) if row.has("full_check_months") else None,
        frequencies=tuple(_read_frequency(one) for one in row.rows("frequency")),
        key_rules=tuple(_read_key_rule(one) for one in row.rows("key_supervision")),
    )
    row.close()
    grades = [one.grade for one in rules.frequencies]
    if not grades or len(set(grades)) != len(grades):
        raise row.refuse("frequency", "must name each scale and grade once")
    return rules


def frequency_for(grade: Grade, *, rules: FrequencyRules) -> GradeFrequency:
    """Visits a year for a grade. Raises `RuleMissing` where the edition says nothing about it."""
    for one in rules.frequencies:
        if one.grade == grade:
            return one
    raise RuleMissing(f"rule {rules.head.code} of {rules.head.edition} gives no frequency for {grade}")


def key_supervision(
    kind: str, grade: Grade | None, *, rules: FrequencyRules, traits: Iterable[str] = ()
) -> KeySupervision:
    """Whether premises of `kind` with this risk grade (None: not graded) are under key supervision.

    Raises `ValueError` for a grade of another scale: letters do not carry over.
    """
    if grade is not None and grade.scale != Scale.RISK:
        raise ValueError(f"{grade} is no risk grade")
    letter = UNGRADED if grade is None else grade.grade
    owned = set(traits)
    hit = [one for one in rules.key_rules if _concerns(one, kind, owned) and (not one.grades or letter in one.grades)]
    inputs = [("kind", kind), ("grade", letter), ("traits", ", ".join(sorted(owned)))]
    comparison = "; ".join(f"{one.code}: {one.title}" for one in hit) or "no line applies"
    article = "、".join(dict.fromkeys(one.article for one in hit))
    basis = rules.head.basis(inputs, comparison, article=article)
    return KeySupervision(bool(hit), tuple(one.code for one in hit), basis)


def _concerns(rule: KeyRule, kind: str, traits: set[str]) -> bool:
    return kind in rule.kinds or bool(traits & set(rule.traits))


def _read_frequency(row: Row) -> GradeFrequency:
    one = GradeFrequency(
        grade=Grade(row.text("scale"), row.text("grade")),
        minimum=row.whole("minimum"),
        maximum=row.whole("maximum") if row.has("maximum") else None,
    )
    row.close()
    if one.maximum is not None and one.maximum < one.minimum:
        raise row.refuse("maximum", "lies below minimum")
    return one


def _read_key_rule(row: Row) -> KeyRule:
    rule = KeyRule(
        code=row.text("code"),
        title=row.text("title"),
        article=row.text("article"),
        kinds=row.texts("kinds"),
        traits=row.texts("traits"),
        grades=row.texts("grades"),
    )
    row.close()
    if not rule.kinds and not rule.traits:
        raise row.refuse("kinds", "or traits must be given")
    return rule
