from decimal import Decimal
from typing import Any

from django import template

from fangxin.kernel.supply.models import Certificate
from fangxin.kernel.supply.services.certificates import plain

register = template.Library()
TONES = {"issued": "good", "withdrawn": "plain", "revoked": "bad"}


@register.filter
def plain_number(value: Decimal | None) -> str:
    """A number without noughts behind the point."""
    return "" if value is None else plain(value)


@register.filter
def unit_label(code: str) -> Any:
    return dict(Certificate.Unit.choices).get(code, code)


@register.filter
def state_tone(state: str) -> str:
    return TONES.get(state, "plain")
