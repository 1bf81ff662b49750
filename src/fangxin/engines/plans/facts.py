"""A plan as reviewed facts in our own words: one TOML file a plan, from which a machine can start without the text."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from .values import (
    Action,
    Comparison,
    Deadline,
    DeadlineKind,
    Defect,
    DefectKind,
    Goal,
    Period,
    PlanReading,
)

T = TypeVar("T")


class BrokenFacts(ValueError):
    """A facts file lacks something or contradicts itself; the message names the place."""


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """Reviewed facts with where they are from and who answers for them.

    `plan` has the same shape as a reading, without measures and sources; `notes` holds a remark per goal,
    in the order of `plan.goals`, empty where there is none.
    """

    id: str
    plan: PlanReading
    notes: tuple[str, ...]
    source: str
    confidence: str
    entered_by: str
    checked_by: str


def load_plan_facts(text: str) -> PlanFacts:
    """Read a facts file.

    Args:
        text: the TOML text of one file under `standards/plans/`.

    Raises:
        BrokenFacts: no TOML, a missing key, an unknown token, or a goal of an action that is not there.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BrokenFacts(f"no TOML: {error}") from error
    goals = data.get("goals", [])
    facts = PlanFacts(
        id=_take(data, "id", str),
        plan=_plan(data),
        notes=tuple(str(goal.get("note", "")) for goal in goals),
        source=_take(data, "source", str),
        confidence=_take(data, "confidence", str),
        entered_by=_take(data, "entered_by", str),
        checked_by=_take(data, "checked_by", str),
    )
    _check(facts.plan)
    return facts


def _plan(data: Mapping[str, Any]) -> PlanReading:
    period = data.get("period", {})
    return PlanReading(
        title=_take(data, "title", str),
        document_number=data.get("document_number"),
        issuer=data.get("issuer"),
        issued_on=_take(data, "issued_on", date) if "issued_on" in data else None,
        period=Period(period.get("start"), period.get("end")),
        based_on=tuple(data.get("based_on", [])),
        actions=_each(data, "actions", _action),
        goals=_each(data, "goals", _goal),
        deadlines=_each(data, "deadlines", _deadline),
        defects=_each(data, "defects", _defect),
    )


def _each(data: Mapping[str, Any], key: str, read: Callable[[Mapping[str, Any]], T]) -> tuple[T, ...]:
    values = []
    for number, item in enumerate(data.get(key, [])):
        try:
            values.append(read(item))
        except (KeyError, TypeError, ValueError, InvalidOperation) as error:
            raise BrokenFacts(f"{key}[{number}]: {error}") from error
    return tuple(values)


def _take(data: Mapping[str, Any], key: str, kind: type[T]) -> T:
    value = data.get(key)
    if not isinstance(value, kind):
        raise BrokenFacts(f"{key}: {kind.__name__} expected")
    return value


def _action(item: Mapping[str, Any]) -> Action:
    return Action(
        number=int(item["number"]),
        title=str(item["title"]),
        lead=item.get("lead"),
        cooperating=tuple(item.get("cooperating", [])),
        townships=bool(item["townships"]),
    )


def _goal(item: Mapping[str, Any]) -> Goal:
    value = item.get("value")
    return Goal(
        action=item.get("action"),
        text=str(item["name"]),
        metric=str(item["name"]),
        comparison=Comparison(item["comparison"]),
        value=Decimal(str(value)) if value is not None else None,
        unit=item.get("unit"),
        due=item.get("due"),
    )


def _deadline(item: Mapping[str, Any]) -> Deadline:
    kind = DeadlineKind(item["kind"])
    if (kind is DeadlineKind.ONE_OFF) != ("date" in item) or ("date" in item) == ("month_day" in item):
        raise ValueError("a one-off deadline has a date, a yearly one a month_day")
    return Deadline(kind, str(item["what"]), item.get("who"), item.get("date"), item.get("month_day"))


def _defect(item: Mapping[str, Any]) -> Defect:
    return Defect(DefectKind(item["kind"]), str(item["quote"]))


def _check(plan: PlanReading) -> None:
    numbers = [a.number for a in plan.actions]
    if len(set(numbers)) != len(numbers):
        raise BrokenFacts("actions: a number occurs twice")
    for goal in plan.goals:
        if goal.action is not None and goal.action not in numbers:
            raise BrokenFacts(f"goals: no action {goal.action}")
