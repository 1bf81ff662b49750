from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.screens.templatetags.screens import badge
from fangxin.kernel.supply.showing import unit_name as named

register = template.Library()

TONES = {
    "open": "good", "stopped": "bad", "undone": "plain", "kept": "good", "checked": "warn", "applied": "good",
    "closed": "plain", "cancelled": "plain",
}  # fmt: skip
OUTCOMES = {
    "conforming": (_("合格"), "good"),
    "nonconforming": (_("不合格"), "bad"),
    "undetermined": (_("不能判定"), "warn"),
    "not_regulated": (_("没有限量规定"), "plain"),
    "pending_speciation": (_("待测形态"), "warn"),
}


@register.filter
def amount(value: Decimal | None) -> str:
    """A number without a tail of zeros; nothing where none is known."""
    return "" if value is None else f"{value.normalize():f}"


@register.filter
def unit_name(unit: str) -> str:
    """How people call a unit that is kept as a token."""
    return named(unit)


@register.simple_tag
def state_badge(row: Any) -> SafeString:
    return badge(row.get_state_display(), TONES.get(row.state, "plain"))


@register.simple_tag
def outcome_badge(outcome: str) -> SafeString:
    word, tone = OUTCOMES.get(outcome, (outcome, "plain"))
    return badge(word, tone)


@register.filter
def shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


@register.filter
def less(value: float, by: float) -> float:
    return value - by
