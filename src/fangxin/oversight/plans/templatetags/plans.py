from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def field_key(name: str, pk: int, column: str) -> dict[str, str]:
    """The name under which a field is saved, and the id of its control."""
    return {"name": f"{name}.{pk}.{column}", "id": f"{name}-{pk}-{column}"}


@register.simple_tag
def field_pointer(pointer: str = "", part: str = "", at: Any = None, leaf: str = "", outer: Any = None) -> str:
    """Where the value stands in the reading; empty for what the clerk added."""
    if pointer:
        return pointer
    if not part or at in (None, ""):
        return ""
    base = f"/actions/{outer}/{part}/{at}" if outer not in (None, "") else f"/{part}/{at}"
    return f"{base}/{leaf}" if leaf else base


@register.simple_tag
def last_change(changes: Any, name: str) -> SafeString | str:
    change = (changes or {}).get(name)
    if change is None:
        return ""
    who, at = change.by or _("系统"), f"{localtime(change.at):%m-%d %H:%M}"
    return format_html(
        '<span class="text-secondary" title="{}">{}</span>',
        _("原读取：%(before)s") % {"before": change.before},
        _("%(who)s %(at)s 改") % {"who": who, "at": at},
    )
