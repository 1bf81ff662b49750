from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fangxin.kernel.screens.templatetags.screens import TONES
from fangxin.oversight.board import words

register = template.Library()

WIDTH, HEIGHT, EDGE = 96, 28, 3


@register.filter
def plain(number: Decimal | None) -> str:
    return words.plain(number)


@register.simple_tag
def status(figure: Any) -> SafeString:
    """A word with its sign and colour; the word alone carries the meaning."""
    label, tone, icon = words.status_words(figure)
    return format_html(
        '<span class="badge bg-{0}-lt text-{0}-lt-fg"><i class="ti ti-{1}" aria-hidden="true"></i> {2}</span>',
        TONES[tone],
        icon,
        label,
    )


@register.simple_tag
def in_unit(figure: Any) -> str:
    return words.with_unit(figure.definition, figure.shown)


@register.simple_tag
def target(definition: Any) -> str:
    return words.target_words(definition)


@register.simple_tag
def sparkline(points: list[Decimal | None]) -> SafeString:
    """A small line through the known values, oldest first, with the values as its text."""
    known = [(place, float(value)) for place, value in enumerate(points) if value is not None]
    if len(known) < 2:
        return SafeString("")
    low, high = min(v for _p, v in known), max(v for _p, v in known)
    span, last = (high - low) or 1.0, max(len(points) - 1, 1)
    dots = " ".join(
        f"{EDGE + place * (WIDTH - 2 * EDGE) / last:.1f},{HEIGHT - EDGE - (v - low) * (HEIGHT - 2 * EDGE) / span:.1f}"
        for place, v in known
    )
    title = "、".join(words.plain(value.quantize(Decimal("0.01")) if value is not None else None) for value in points)
    return format_html(
        '<svg class="sparkline" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<title>{}</title><polyline points="{}" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>',
        WIDTH, HEIGHT, WIDTH, HEIGHT, title, title, dots,
    )  # fmt: skip
