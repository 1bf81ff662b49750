"""Words for grades and states. A letter never stands without its scale and what it means there."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.fieldwork.models import ItemPhoto, ItemResult
from fangxin.kernel.screens.templatetags.screens import badge

register = template.Library()

SCALES: dict[str, Promise] = {
    "risk": gettext_lazy("风险等级"),
    "hygiene_visit": gettext_lazy("餐饮量化动态等级"),
    "hygiene_year": gettext_lazy("餐饮量化年度等级"),
}
# What a place on a scale means, and its tone. The same letter says opposite things on different scales.
PLACES: dict[tuple[str, str], tuple[Promise, str]] = {
    ("risk", "A"): (gettext_lazy("A级，风险最低"), "good"),
    ("risk", "B"): (gettext_lazy("B级，风险较低"), "info"),
    ("risk", "C"): (gettext_lazy("C级，风险较高"), "warn"),
    ("risk", "D"): (gettext_lazy("D级，风险最高"), "bad"),
    ("hygiene_visit", "excellent"): (gettext_lazy("大笑脸，优秀"), "good"),
    ("hygiene_visit", "good"): (gettext_lazy("微笑脸，良好"), "info"),
    ("hygiene_visit", "fair"): (gettext_lazy("平脸，一般"), "warn"),
    ("hygiene_year", "A"): (gettext_lazy("A级，优秀"), "good"),
    ("hygiene_year", "B"): (gettext_lazy("B级，良好"), "info"),
    ("hygiene_year", "C"): (gettext_lazy("C级，一般"), "warn"),
}
NO_GRADE = (gettext_lazy("不评定等级"), "plain")
TONES = {
    "open": "info", "started": "info", "done": "good", "cancelled": "plain",
    "judged": "warn", "told": "info", "closed": "good",
    "conforming": "good", "mostly": "warn", "nonconforming": "bad",
    "draft": "warn", "approved": "good", "withdrawn": "plain",
    "committed": "info", "drawn": "warn", "published": "good",
    "scored": "warn", "confirmed": "info", "replaced": "plain", "refused": "bad",
    "pass": "good", "fail": "bad", "not_applicable": "plain",
}  # fmt: skip


@register.simple_tag
def scale_name(scale: str) -> Any:
    return SCALES.get(scale, scale)


def grade_words(scale: str, grade: str) -> str:
    """「风险等级：A级，风险最低」; empty where there is no grade at all."""
    if not grade:
        return ""
    return _("%(scale)s：%(place)s") % {"scale": SCALES.get(scale, scale), "place": _place(scale, grade)[0]}


def place_words(scale: str, grade: str) -> Any:
    """The place alone, for a column whose heading names the scale."""
    return _place(scale, grade)[0] if grade else ""


def _place(scale: str, grade: str) -> tuple[Any, str]:
    return PLACES.get((scale, grade), NO_GRADE if grade == "none" else (grade, "plain"))


@register.simple_tag
def grade_badge(scale: str, grade: str) -> SafeString:
    return badge(grade_words(scale, grade), _place(scale, grade)[1]) if grade else format_html("—")


@register.simple_tag
def state_badge(record: Any) -> SafeString:
    return badge(record.get_state_display(), TONES.get(record.state, "plain"))


@register.simple_tag
def result_badge(inspection: Any) -> SafeString:
    if not inspection.result:
        return badge(_("还没有判定"), "plain")
    return badge(inspection.get_result_display(), TONES[inspection.result])


@register.simple_tag
def outcome_badge(outcome: str) -> SafeString:
    return badge(ItemResult.Outcome(outcome).label, TONES[outcome])


@register.simple_tag
def doubt_words(doubt: str) -> str:
    return str(ItemPhoto.Doubt(doubt).label) if doubt in ItemPhoto.Doubt.values else doubt


@register.simple_tag
def grade_text(scale: str, grade: str) -> str:
    return grade_words(scale, grade)


@register.filter
def cssescape(code: str) -> str:
    """A code such as 1.1 inside a selector."""
    return "".join(c if c.isalnum() or c in "-_" else f"\\{c}" for c in code)


@register.filter
def unlocalized(value: Any) -> str:
    """A number as the field of a form takes it."""
    return str(value)


@register.simple_tag
def matter_link(finding: Any) -> str:
    """Where the matter of a finding is followed: the list of matters, by the number under which it was opened.

    What failed again while its matter still stood belongs to the matter of the first inspection.
    """
    if not finding.matter_key:
        return ""
    inspection = finding.inspection
    own = finding.matter_key == f"fieldwork.finding:{finding.pk}"
    number = inspection.number if own or inspection.rechecks is None else inspection.rechecks.number
    return f"{reverse('casework:list')}?{urlencode({'q': number})}"


@register.simple_tag
def public_badge(result: Any) -> SafeString:
    """The result as the public reads it."""
    return badge(result.result_label, TONES[result.result])
