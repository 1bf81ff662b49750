from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fangxin.kernel.registry.models import ImportRow, Premises
from fangxin.kernel.registry.views.credentials import STATUSES
from fangxin.kernel.screens.templatetags.screens import badge, masked

register = template.Library()

STATUS_TONES = {"operating": "good", "suspended": "warn", "lost": "bad", "closed": "plain"}
CREDENTIAL_TONES = {"valid": "good", "expired": "bad", "revoked": "bad", "not_yet": "info"}
# Cells that are shown with their middle hidden.
HIDDEN = {"phone": masked}
NAMES = ("legal_representative", "person")
MOST_CELLS = 6


@register.simple_tag
def status_badge(premises: Premises) -> SafeString:
    return badge(premises.get_status_display(), STATUS_TONES[premises.status])


@register.simple_tag
def credential_badge(status: str) -> SafeString:
    return badge(STATUSES[status], CREDENTIAL_TONES[status])


@register.filter
def masked_name(name: str) -> str:
    """A person's name with all but the first character hidden."""
    return f"{name[0]}{'*' * (len(name) - 1)}" if name else ""


@register.simple_tag
def township(code: str, names: dict[str, str]) -> str:
    return names.get(code[:9], code[:9])


@register.simple_tag
def percent(numerator: int, denominator: int) -> str:
    """A share for a screen, never from nothing."""
    if not denominator:
        return _("没有可统计的对象")
    share = (Decimal(100) * numerator / denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{share}%"


@register.filter
def pair_with(first: Any, second: Any) -> tuple[Any, Any]:
    return first, second


@register.simple_tag
def cells(row: ImportRow, headers: dict[str, str]) -> SafeString:
    """The beginning of a row, personal data hidden."""
    shown = [(headers.get(name, name), _hidden(name, text)) for name, text in row.cells.items()]
    return format_html_join("；", "{}：{}", shown[:MOST_CELLS])


def _hidden(name: str, text: str) -> str:
    if name in NAMES:
        return masked_name(text)
    return HIDDEN[name](text) if name in HIDDEN else text
