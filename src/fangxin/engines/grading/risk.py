"""Risk grade of a food business: static and dynamic score, bands, and the change from one year to the next.

Higher scores and later letters mean more risk and more visits. The letters are of the scale `risk`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from fangxin.engines.grading.reading import Row, RuleHead, RuleSource, open_rule
from fangxin.engines.grading.values import UNGRADED, Basis, Grade, Scale, require_within


class Direction(StrEnum):
    """What a trigger does to next year's grade."""

    UP = "up"  # more risk
    HOLD = "hold"  # no lowering this year
    DOWN = "down"  # less risk


@dataclass(frozen=True, slots=True)
class RiskBand:
    """Totals above the band before and up to `at_most`, that value included, earn `grade`."""

    grade: str
    at_most: Decimal


@dataclass(frozen=True, slots=True)
class Trigger:
    """A fact of the past year that moves the grade by `least` to `most` places. `not_for` are traits of premises."""

    code: str
    title: str
    direction: Direction
    least: int
    most: int
    not_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RiskRules:
    """One edition of the risk grading rules. With `convert` a static score alone may be scaled to a total."""

    head: RuleHead
    static_maximum: Decimal
    dynamic_maximum: Decimal
    dynamic_quantum: Decimal
    convert: bool
    conversion_factor: Decimal
    bands: tuple[RiskBand, ...]
    triggers: tuple[Trigger, ...]


@dataclass(frozen=True, slots=True)
class RiskVerdict:
    """A grade of the scale `risk`, its total (0–100; None if ungraded) and why.

    `reason` is a token: `graded`, `converted` (static score alone) or `no_dynamic_score`.
    """

    grade: Grade
    total: Decimal | None
    reason: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Occurred:
    """A trigger that occurred. `steps` where the rule leaves a choice; None takes the least."""

    code: str
    steps: int | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Last year's grade, next year's, by how many places (+ is more risk), and which triggers did not count."""

    before: Grade
    after: Grade
    steps: int
    ignored: tuple[str, ...]
    basis: Basis


def load_risk_rules(source: RuleSource) -> RiskRules:
    """Read one edition of the risk grading rules. Raises `RuleRefused` naming row and field."""
    row = open_rule(source, "risk rules")
    conversion = row.table("conversion")
    rules = RiskRules(
        head=row.head(),
        static_maximum=row.number("static_maximum"),
        dynamic_maximum=row.number("dynamic_maximum"),
        dynamic_quantum=row.number("dynamic_quantum", least=Decimal("0.001")),
        convert=conversion.flag("enabled"),
        conversion_factor=conversion.number("factor"),
        bands=tuple(_read_band(one) for one in row.rows("band")),
        triggers=tuple(_read_trigger(one) for one in row.rows("trigger")),
    )
    conversion.text("confidence", "")
    conversion.close()
    row.close()
    _check_bands(row, rules)
    codes = [trigger.code for trigger in rules.triggers]
    if len(set(codes)) != len(codes):
        raise row.refuse("trigger", "has a code twice")
    return rules


def judge_risk(static: Decimal, dynamic: Decimal | None, *, rules: RiskRules) -> RiskVerdict:
    """Grade from the static score and the dynamic one of the year's visits, compared unrounded.

    `dynamic` None: a new operator not yet visited. Without conversion it gets no grade rather than a mild one.
    Raises `ValueError` for a score outside its range.
    """
    require_within("static score", static, Decimal(0), rules.static_maximum)
    inputs: list[tuple[str, object]] = [("static", static)]
    if dynamic is None and not rules.convert:
        basis = rules.head.basis(inputs, "no dynamic score, conversion off")
        return RiskVerdict(Grade(Scale.RISK, UNGRADED), None, "no_dynamic_score", basis)
    if dynamic is None:
        total, reason = static * rules.conversion_factor, "converted"
        inputs.append(("conversion factor", rules.conversion_factor))
    else:
        require_within("dynamic score", dynamic, Decimal(0), rules.dynamic_maximum)
        total, reason = static + dynamic, "graded"
        inputs.append(("dynamic", dynamic))
    grade, comparison = _band(total, rules)
    return RiskVerdict(grade, total, reason, rules.head.basis(inputs, comparison))


def adjust_grade(
    grade: Grade, occurred: Iterable[Occurred], *, rules: RiskRules, traits: Iterable[str] = ()
) -> Adjustment:
    """Next year's grade. Raising beats lowering; several of one kind count once, by the strongest; the scale's ends hold.

    Raises `ValueError` for a grade of another scale or none, an unknown trigger, or steps the rule does not allow.
    """
    ladder = [band.grade for band in rules.bands]
    if grade.scale != Scale.RISK or grade.grade not in ladder:
        raise ValueError(f"{grade} is no risk grade that could be adjusted")
    facts = [(_trigger(rules, one.code), one) for one in occurred]
    barred = {trigger.code for trigger, _ in facts if set(trigger.not_for) & set(traits)}
    moves = {
        (trigger.code, trigger.direction): _steps(trigger, one) for trigger, one in facts if trigger.code not in barred
    }
    steps, decided = _strongest(moves)
    ignored = sorted(barred | {code for code, direction in moves if direction is not decided})
    place = ladder.index(grade.grade)
    after = Grade(Scale.RISK, ladder[min(max(place + steps, 0), len(ladder) - 1)])
    inputs = [("before", grade), *((code, f"{way} {moves[code, way]}") for code, way in sorted(moves))]
    comparison = f"{grade.grade} {steps:+d}, within {ladder[0]} to {ladder[-1]}, is {after.grade}"
    return Adjustment(grade, after, steps, tuple(ignored), rules.head.basis(inputs, comparison))


def _strongest(moves: dict[tuple[str, Direction], int]) -> tuple[int, Direction | None]:
    for direction, sign in ((Direction.UP, 1), (Direction.HOLD, 0), (Direction.DOWN, -1)):
        steps = [count for (_, way), count in moves.items() if way is direction]
        if steps:
            return sign * max(steps), direction
    return 0, None


def _steps(trigger: Trigger, occurred: Occurred) -> int:
    steps = trigger.least if occurred.steps is None else occurred.steps
    if not trigger.least <= steps <= trigger.most:
        raise ValueError(f"trigger {trigger.code} moves {trigger.least} to {trigger.most} places, not {steps}")
    return steps


def _trigger(rules: RiskRules, code: str) -> Trigger:
    for trigger in rules.triggers:
        if trigger.code == code:
            return trigger
    raise ValueError(f"rule {rules.head.code} has no trigger {code}")


def _band(total: Decimal, rules: RiskRules) -> tuple[Grade, str]:
    lower: Decimal | None = None
    for band in rules.bands:
        if total <= band.at_most:
            break
        lower = band.at_most
    left = f"{lower} < " if lower is not None else ""
    return Grade(Scale.RISK, band.grade), f"{left}{total} <= {band.at_most}"


def _read_band(row: Row) -> RiskBand:
    band = RiskBand(row.text("grade"), row.number("at_most"))
    row.close()
    return band


def _read_trigger(row: Row) -> Trigger:
    direction = row.choice("direction", Direction)
    holds = direction is Direction.HOLD
    trigger = Trigger(
        code=row.text("code"),
        title=row.text("title"),
        direction=direction,
        least=0 if holds else row.whole("least", least=1),
        most=0 if holds else row.whole("most", least=1),
        not_for=row.texts("not_for"),
    )
    row.close()
    if trigger.most < trigger.least:
        raise row.refuse("most", "lies below least")
    return trigger


def _check_bands(row: Row, rules: RiskRules) -> None:
    whole = rules.static_maximum + rules.dynamic_maximum
    if not rules.bands or rules.bands[-1].at_most != whole:
        raise row.refuse("band", f"must end at {whole}")
    if any(low.at_most >= high.at_most for low, high in pairwise(rules.bands)):
        raise row.refuse("band", "must rise in at_most")
    names = [band.grade for band in rules.bands]
    if len(set(names)) != len(names) or UNGRADED in names:
        raise row.refuse("band", "must name each grade once")
    if Fraction(rules.static_maximum) * Fraction(rules.conversion_factor) > whole:
        raise row.refuse("conversion", f"would lift a static score above {whole}")
