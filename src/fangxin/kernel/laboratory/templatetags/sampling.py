"""States of sampling in words, with a tone beside them."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from fangxin.kernel.screens.templatetags.screens import badge

register = template.Library()

TONES = {
    "draft": "warn", "approved": "good", "withdrawn": "plain", "committed": "info", "drawn": "good",
    "open": "info", "taken": "info", "sent": "info", "received": "info", "testing": "info", "reported": "good",
    "refused": "bad", "cancelled": "plain", "accepted": "good", "kept": "info", "handed_over": "plain",
    "destroyed": "plain",
}  # fmt: skip


@register.simple_tag
def sampling_badge(record: Any) -> SafeString:
    """The state of anything in sampling."""
    return badge(record.get_state_display(), TONES.get(record.state, "plain"))
