from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

TONES = {"good": "green", "bad": "red", "warn": "yellow", "info": "azure", "plain": "secondary"}


@register.simple_tag
def badge(text: Any, tone: str = "plain") -> SafeString:
    """A word with a colour; the word alone carries the meaning."""
    colour = TONES[tone]
    return format_html('<span class="badge bg-{0}-lt text-{0}-lt-fg">{1}</span>', colour, text)


@register.filter
def masked(value: str) -> str:
    """A phone number or identity number with its middle hidden."""
    text = str(value or "")
    if len(text) < 7:
        return "*" * len(text)
    return text[:3] + "*" * (len(text) - 7) + text[-4:]


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    return mapping.get(key)
