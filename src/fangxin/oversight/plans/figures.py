"""The figures of a return: computed by the board, typed by the department beside them, never over them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fangxin.engines.indicators import Figure, Form, IndicatorDefinition, Kind, round_for_display, value_in_unit
from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.board import api as board
from fangxin.oversight.plans.models import Goal, Return

MOST_DIGITS = 14


@dataclass(frozen=True, slots=True)
class Typed:
    """What a department typed for one goal: a numerator with its denominator, or an amount alone, and words."""

    numerator: Decimal | None = None
    denominator: Decimal | None = None
    note: str = ""

    @property
    def is_empty(self) -> bool:
        return self.numerator is None and self.denominator is None and not self.note

    def as_json(self) -> dict[str, str]:
        parts = {"numerator": self.numerator, "denominator": self.denominator}
        return {name: str(number) for name, number in parts.items() if number is not None} | (
            {"note": self.note} if self.note else {}
        )


def read_typed(raw: Mapping[str, Any]) -> Typed:
    """Typed parts out of a form or a draft. ValidationError for what is no number."""
    typed = Typed(
        numerator=_number(raw.get("numerator")),
        denominator=_number(raw.get("denominator")),
        note=str(raw.get("note") or "").strip()[:500],
    )
    if typed.numerator is None and typed.denominator is not None:
        raise ValidationError(_("只填了分母。请同时填写分子，或把分母清空。"))
    return typed


def _number(raw: Any) -> Decimal | None:
    text = str("" if raw is None else raw).strip().replace(",", "").replace("%", "")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValidationError(_("“%(text)s”不是数字。请只填数字。") % {"text": text[:30]}) from None
    if not number.is_finite() or number < 0 or number.adjusted() >= MOST_DIGITS or number.as_tuple().exponent < -6:
        raise ValidationError(_("“%(text)s”超出范围。请填 0 以上、不超过 14 位的数。") % {"text": text[:30]})
    return number


def goals_of(item: Return) -> list[Goal]:
    return list(Goal.objects.filter(action_id=item.action_id).order_by("order", "pk"))


def figures_for(item: Return, typed: Mapping[str, Typed]) -> list[dict[str, Any]]:
    """One entry a goal: what the board computes today (or froze on the due date), and what was typed."""
    goals = goals_of(item)
    today = ledger.clock.today()
    as_of = min(today, item.period.due_on)
    codes = sorted({goal.indicator_code for goal in goals if goal.indicator_code})
    found = board.figures(item.division_code, as_of, codes) if codes else []
    computed = {figure.code: figure for figure in found}
    return [
        _entry(goal, computed.get(goal.indicator_code), typed.get(str(goal.pk), Typed()), as_of, item) for goal in goals
    ]


def _entry(goal: Goal, figure: Any, typed: Typed, as_of: Any, item: Return) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "goal": goal.pk,
        "name": str(goal),
        "bound": str(goal.bound),
        "unit": goal.unit,
        "code": goal.indicator_code,
        "as_of": as_of.isoformat(),
        "snapshot": item.period.snapshot_id,
        "typed": typed.as_json(),
    }
    if figure is not None:
        entry |= {
            "name": str(figure.definition.name),
            "unit": figure.definition.unit,
            "status": str(figure.status),
            "formula": figure.definition.formula_version,
            "signed": figure.definition.kind != Kind.COMPUTED,
            "milestone": figure.definition.kind is Kind.MILESTONE,
        }
    if figure is not None and figure.figure is not None:
        own = figure.figure
        entry |= {
            "numerator": _plain(own.numerator),
            "denominator": _plain(own.denominator),
            "value": _plain(figure.value),
        }
    if figure is not None:
        check_typed(figure.definition, typed)
    if figure is not None and typed.numerator is not None:
        theirs = value_in_unit(figure.definition, Figure(typed.numerator, typed.denominator))
        entry["typed_value"] = _plain(theirs)
        # Typed minus computed, in the figure's own unit; nothing where either is unknown.
        entry["difference"] = None if figure.value is None or theirs is None else _plain(theirs - figure.value)
    return entry


def check_typed(definition: IndicatorDefinition, typed: Typed) -> None:
    """A share is typed with its denominator and does not exceed it. ValidationError otherwise."""
    if definition.kind is Kind.MILESTONE or definition.form is not Form.RATIO or typed.numerator is None:
        return
    if typed.denominator is None:
        raise ValidationError(
            _("“%(name)s”只填了分子。请同时填写分母，没有分母的比例无法核对。") % {"name": definition.name}
        )
    if definition.unit == "%" and typed.numerator > typed.denominator:
        raise ValidationError(_("“%(name)s”的分子大于分母，请核对是否填反。") % {"name": definition.name})


def _plain(number: Decimal | None) -> str | None:
    """At most four places, without exponent and without zeros that say nothing."""
    if number is None:
        return None
    text = format(round_for_display(number, 4) or Decimal(0), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
