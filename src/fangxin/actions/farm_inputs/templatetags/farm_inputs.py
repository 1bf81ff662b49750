from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs.forecasting import share_text

register = template.Library()


@register.filter
def plain(value: Any) -> str:
    """A number as people write it: without needless noughts and without powers of ten."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value or "")


@register.filter
def residue(value: float | None) -> str:
    """mg/kg with two meaning figures."""
    return "—" if value is None else f"{Decimal(f'{value:.2g}').normalize():f}"


@register.filter
def sureness(confidence: str) -> str:
    """How sure a line of a label is, in words."""
    words = {"high": _("高"), "medium": _("中"), "low": _("低，请核对标签")}
    return words.get(confidence, confidence or "—")


@register.filter
def share(value: float | None) -> str:
    return "—" if value is None else share_text(value)
