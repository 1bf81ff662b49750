"""The reading as the JSON contract of `fangxin plan read --json`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .values import Action, Deadline, Goal, PlanReading


def to_json(reading: PlanReading) -> dict[str, Any]:
    """The contract's object: keys and value forms as documented, None where nothing is known."""
    return {
        "title": reading.title,
        "document_number": reading.document_number,
        "issuer": reading.issuer,
        "issued_on": reading.issued_on.isoformat() if reading.issued_on else None,
        "period": {"start": reading.period.start, "end": reading.period.end},
        "based_on": list(reading.based_on),
        "actions": [_action(a) for a in reading.actions],
        "goals": [_goal(g) for g in reading.goals],
        "deadlines": [_deadline(d) for d in reading.deadlines],
        "defects": [{"kind": d.kind.value, "quote": d.quote} for d in reading.defects],
        "sources": {pointer: {"offset": s.offset, "quote": s.quote} for pointer, s in reading.sources.items()},
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "number": action.number,
        "title": action.title,
        "lead": action.lead,
        "cooperating": list(action.cooperating),
        "townships": action.townships,
        "measures": list(action.measures),
    }


def _goal(goal: Goal) -> dict[str, Any]:
    return {
        "action": goal.action,
        "text": goal.text,
        "metric": goal.metric,
        "comparison": goal.comparison.value,
        "value": plain_number(goal.value),
        "unit": goal.unit,
        "due": goal.due.isoformat() if goal.due else None,
    }


def _deadline(deadline: Deadline) -> dict[str, Any]:
    return {
        "kind": deadline.kind.value,
        "date": deadline.date.isoformat() if deadline.date else None,
        "month_day": deadline.month_day,
        "what": deadline.what,
        "who": deadline.who,
    }


def plain_number(value: Decimal | None) -> int | float | None:
    """A JSON number: whole where the printed value is whole.

    >>> plain_number(Decimal("80")), plain_number(Decimal("98.5")), plain_number(None)
    (80, 98.5, None)
    """
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
