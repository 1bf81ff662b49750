"""Headline rules for volatile organic compounds (GB 37822-2019) as dated data, and a check of an enterprise against them.

Each rule gives met, not met, not applicable, or unknown where what it asks for was not measured; unknown is never met.
Rates in kg/h of non-methane hydrocarbons, heights in m, concentrations in mg/m³ (in the plant) and μmol/mol (leaks).
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

_WIDE = Context(prec=28)


class Outcome(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class LeakRule:
    """From which reading (μmol/mol) a component leaks, by what it holds and whether special limits apply."""

    medium: str  # gas_or_light: gas and volatile liquid · other: other liquids
    special: Decimal
    general: Decimal


@dataclass(frozen=True, slots=True)
class VocRules:
    """One edition of the rules, with the clause of each."""

    edition: str
    in_force_from: date
    in_force_to: date
    treat_from: Decimal
    treat_from_key_region: Decimal
    efficiency: Decimal
    stack_height: Decimal
    in_plant_hourly: Decimal
    in_plant_once: Decimal
    in_plant_hourly_special: Decimal
    in_plant_once_special: Decimal
    hood_velocity: Decimal
    ledger_years: int
    ldar_points: int
    leaks: tuple[LeakRule, ...]
    clauses: Mapping[str, str]

    def holds_on(self, day: date) -> bool:
        return self.in_force_from <= day <= self.in_force_to


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found; None where it was not measured."""

    initial_rate: Decimal | None = None  # collected, before treatment
    outlet_rate: Decimal | None = None  # after treatment
    low_voc_material: bool = False
    key_region: bool = False
    special_limits: bool = False
    has_hood: bool = True
    stack_height: Decimal | None = None
    in_plant_hourly: Decimal | None = None
    in_plant_once: Decimal | None = None
    hood_velocity: Decimal | None = None
    ledger_years: int | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """One rule: what it found and the comparison made. Codes: treatment, stack, in_plant_hourly, in_plant_once, hood, ledger."""

    code: str
    outcome: Outcome
    value: Decimal | None
    limit: Decimal | None
    comparison: str
    clause: str


# --- reading ------------------------------------------------------------------------------------------------------


def load_voc_rules(text: str) -> VocRules:
    """Read a reviewed file (TOML). Raises ValueError naming the key that is missing or no number."""
    values = tomllib.loads(text, parse_float=Decimal)
    amounts = ("treat_from", "treat_from_key_region", "efficiency", "stack_height", "hood_velocity")
    plant = ("in_plant_hourly", "in_plant_once", "in_plant_hourly_special", "in_plant_once_special")
    try:
        return VocRules(
            edition=str(values["edition"]),
            in_force_from=values["in_force_from"],
            in_force_to=values.get("in_force_to", date.max),
            ledger_years=int(values["ledger_years"]),
            ldar_points=int(values["ldar_points"]),
            leaks=tuple(_leak(row) for row in values["leak"]),
            clauses=dict(values["clauses"]),
            **{name: _amount(values, name) for name in (*amounts, *plant)},
        )
    except KeyError as missing:
        raise ValueError(f"the file lacks {missing}") from None


def _amount(values: Mapping[str, Any], name: str) -> Decimal:
    try:
        amount = Decimal(values[name])
    except (InvalidOperation, TypeError):
        raise ValueError(f"{name} is no number") from None
    return amount


def _leak(row: Mapping[str, Any]) -> LeakRule:
    return LeakRule(str(row["medium"]), _amount(row, "special"), _amount(row, "general"))


# --- judging ------------------------------------------------------------------------------------------------------


def efficiency(initial_rate: Decimal, outlet_rate: Decimal) -> Decimal | None:
    """Share (0 to 1) that the treatment removes; None where nothing came in.

    >>> efficiency(Decimal("4"), Decimal("0.6"))
    Decimal('0.85')
    """
    if initial_rate == 0:
        return None
    return _WIDE.divide(_WIDE.subtract(initial_rate, outlet_rate), initial_rate)


def judge_check(rules: VocRules, checked: Checked) -> tuple[Judgement, ...]:
    """Every headline rule, in the order of the standard."""
    special = checked.special_limits
    return (
        _treatment(rules, checked),
        _least(rules, "stack", checked.stack_height, rules.stack_height),
        _most(
            rules,
            "in_plant_hourly",
            checked.in_plant_hourly,
            rules.in_plant_hourly_special if special else rules.in_plant_hourly,
        ),
        _most(
            rules,
            "in_plant_once",
            checked.in_plant_once,
            rules.in_plant_once_special if special else rules.in_plant_once,
        ),
        _least(rules, "hood", checked.hood_velocity, rules.hood_velocity, applies=checked.has_hood),
        _least(
            rules,
            "ledger",
            Decimal(checked.ledger_years) if checked.ledger_years is not None else None,
            Decimal(rules.ledger_years),
        ),
    )


def _treatment(rules: VocRules, checked: Checked) -> Judgement:
    """Efficiency is asked from a rate on, unless the materials themselves hold little."""
    threshold = rules.treat_from_key_region if checked.key_region else rules.treat_from
    clause = rules.clauses["treatment"]

    def told(outcome: Outcome, value: Decimal | None, limit: Decimal, comparison: str) -> Judgement:
        return Judgement("treatment", outcome, value, limit, comparison, clause)

    if checked.low_voc_material:
        return told(Outcome.NOT_APPLICABLE, checked.initial_rate, threshold, "low-VOC material")
    rate = checked.initial_rate
    if rate is None:
        return told(Outcome.UNKNOWN, None, threshold, "")
    if rate < threshold:
        return told(Outcome.NOT_APPLICABLE, rate, threshold, f"{rate} < {threshold}")
    removed = efficiency(rate, checked.outlet_rate) if checked.outlet_rate is not None else None
    if removed is None:
        return told(Outcome.UNKNOWN, None, rules.efficiency, f"{rate} >= {threshold}")
    outcome = Outcome.MET if removed >= rules.efficiency else Outcome.NOT_MET
    sign = ">=" if outcome is Outcome.MET else "<"
    return told(
        outcome, removed, rules.efficiency, f"({rate} - {checked.outlet_rate}) / {rate} {sign} {rules.efficiency}"
    )


def _least(rules: VocRules, code: str, value: Decimal | None, limit: Decimal, *, applies: bool = True) -> Judgement:
    return _compared(rules, code, value, limit, ">=", "<", value is not None and value >= limit, applies)


def _most(rules: VocRules, code: str, value: Decimal | None, limit: Decimal) -> Judgement:
    return _compared(rules, code, value, limit, "<=", ">", value is not None and value <= limit, True)


def _compared(
    rules: VocRules, code: str, value: Decimal | None, limit: Decimal, yes: str, no: str, met: bool, applies: bool
) -> Judgement:
    clause = rules.clauses[code]
    if not applies:
        return Judgement(code, Outcome.NOT_APPLICABLE, value, limit, "", clause)
    if value is None:
        return Judgement(code, Outcome.UNKNOWN, None, limit, "", clause)
    return Judgement(
        code, Outcome.MET if met else Outcome.NOT_MET, value, limit, f"{value} {yes if met else no} {limit}", clause
    )


def overall(judgements: Iterable[Judgement], *, decisive: Iterable[str] = ("treatment", "stack", "hood")) -> Outcome:
    """Whether collection and treatment meet the rules: one rule not met decides; else one unknown; else met.

    Rules outside `decisive` (in-plant air, ledger) count where they were found not met.
    """
    wanted, rows = frozenset(decisive), tuple(judgements)
    if any(row.outcome is Outcome.NOT_MET for row in rows):
        return Outcome.NOT_MET
    if not rows or any(row.outcome is Outcome.UNKNOWN for row in rows if row.code in wanted):
        return Outcome.UNKNOWN
    return Outcome.MET


def needs_ldar(rules: VocRules, sealing_points: int) -> bool:
    """Whether leak detection and repair is asked of an enterprise with so many sealing points."""
    return sealing_points >= rules.ldar_points


def leak_threshold(rules: VocRules, medium: str, *, special: bool) -> Decimal:
    """The reading (μmol/mol) above which a component leaks. Raises ValueError for an unknown medium."""
    for rule in rules.leaks:
        if rule.medium == medium:
            return rule.special if special else rule.general
    raise ValueError(f"no leak threshold for {medium!r}")
