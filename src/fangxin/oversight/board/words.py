"""Indicators in words: statuses, numbers, formulas, the fields of a record."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.engines.indicators import Comparison, Field, Form, IndicatorDefinition, Operator, Status, canonical, fold
from fangxin.kernel.contributing import api as contribute
from fangxin.oversight.board.data import IndicatorFigure
from fangxin.oversight.board.models import STATUSES
from fangxin.oversight.board.subjects import subject_of

TONES = {
    Status.MET: ("good", "circle-check"),
    Status.NOT_MET: ("bad", "circle-x"),
    Status.NO_TARGET: ("plain", "eye"),
    Status.NO_SUBJECTS: ("plain", "circle-dashed"),
    Status.NO_BASE: ("warn", "help-circle"),
    Status.UNVERIFIED: ("warn", "alert-triangle"),
    Status.UNKNOWN: ("plain", "minus"),
}


def status_words(figure: IndicatorFigure) -> tuple[str, str, str]:
    """Label, tone and icon of a figure's status."""
    return words_of(figure.status, figure.definition, figure.as_of)


def words_of(status: Status, definition: IndicatorDefinition | None, as_of: date) -> tuple[str, str, str]:
    """Before its day a target is not missed, only not reached yet."""
    tone, icon = TONES[status]
    if status is Status.NOT_MET and definition is not None and not definition.is_due(as_of):
        return _("尚未达成"), "warn", "progress"
    return str(STATUSES[status]), tone, icon


def plain(number: Decimal | int | None) -> str:
    """A number without trailing zeros; a dash where there is none."""
    if number is None:
        return "—"
    text = format(Decimal(number), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def with_unit(definition: IndicatorDefinition, value: Decimal | None) -> str:
    if value is None:
        return "—"
    if definition.comparison is Comparison.MILESTONE:
        return _("已验收") if value == 1 else _("未验收")
    unit = definition.unit
    return f"{plain(value)}{unit}" if unit in ("%", "‰") else f"{plain(value)} {unit}"


def target_words(definition: IndicatorDefinition) -> str:
    comparison, target = definition.comparison, definition.target
    if comparison is None:
        return _("跟踪，未定目标")
    if comparison is Comparison.MILESTONE:
        return _("验收达成")
    if comparison is Comparison.DECLINE:
        year = definition.base_year or "—"
        if target is None:
            return _("低于 %(year)s 年") % {"year": year}
        return _("比 %(year)s 年下降 %(share)s%% 以上") % {"year": year, "share": plain(target)}
    signs = {Comparison.GE: "≥", Comparison.GT: ">", Comparison.LE: "≤", Comparison.LT: "<", Comparison.EQ: "="}
    return f"{signs[comparison]} {plain(target)}{definition.unit}"


_SIGNS = {
    Operator.EQ: gettext_lazy("为"),
    Operator.NE: gettext_lazy("不为"),
    Operator.LT: gettext_lazy("小于"),
    Operator.LE: gettext_lazy("不超过"),
    Operator.GT: gettext_lazy("大于"),
    Operator.GE: gettext_lazy("不小于"),
}


@cache
def model_of(subject: str) -> Any:
    """The model behind a fact table; asked once, since making the rows may cost a look into the database."""
    return contribute.subjects.get(subject).rows(date(2022, 1, 1)).model


class Vocabulary:
    """Labels of the fields of one fact table and of their values."""

    def __init__(self, definition: IndicatorDefinition) -> None:
        subject = subject_of(definition)
        self.labels: Mapping[str, Any] = subject.fields if subject is not None else {}
        self.model = model_of(subject.name) if subject is not None else None
        self.attributes = {a.name.replace(".", "_"): a for a in contribute.attributes}
        self.choices = {name: self._choices(name) for name in definition.fields}

    def label(self, name: str) -> str:
        return str(self.labels.get(name, name))

    def value(self, name: str, value: object) -> str:
        if value is None:
            return _("（无）")
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(value, Decimal):
            return plain(value)
        return str(self.choices.get(name, {}).get(value, value))

    def _choices(self, name: str) -> Mapping[Any, Any]:
        if name in self.attributes:
            return self.attributes[name].choices
        return _field_choices(self.model, name) if self.model is not None else {}


def _field_choices(model: Any, name: str) -> Mapping[Any, Any]:
    """A model's own field, or `premises_kind` for the field `kind` of the premises it points to."""
    try:
        return dict(model._meta.get_field(name).flatchoices)
    except FieldDoesNotExist:
        head, _under, rest = name.partition("_")
    try:
        related = model._meta.get_field(head).related_model
        return dict(related._meta.get_field(rest).flatchoices) if related is not None else {}
    except FieldDoesNotExist:
        return {}


def say(condition: Any, words: Vocabulary) -> str:
    """A condition in Chinese, to be read beside the exact formula."""
    return fold(
        condition,
        compare=lambda left, op, right: _comparison(left, op, right, words),
        membership=lambda field, values, negated: _membership(field, values, negated, words),
        presence=lambda field, present: (_("有“%s”") if present else _("没有“%s”")) % words.label(field.name),
        conjunction=lambda parts: _("，且").join(parts),
        disjunction=lambda parts: _("（%s）") % _("，或").join(parts),
        negation=lambda inner: _("并非（%s）") % inner,
        truth=lambda value: _("全部") if value else _("无"),
        flag=lambda field: f"“{words.label(field.name)}”",
    )


def _comparison(left: Field, op: Operator, right: object, words: Vocabulary) -> str:
    other = f"“{words.label(right.name)}”" if isinstance(right, Field) else words.value(left.name, right)
    return f"“{words.label(left.name)}”{_SIGNS[op]}{other}"


def _membership(field: Field, values: tuple[Any, ...], negated: bool, words: Vocabulary) -> str:
    listed = "、".join(words.value(field.name, value) for value in values)
    sentence = _("“%(name)s”不属于（%(values)s）") if negated else _("“%(name)s”属于（%(values)s）")
    return sentence % {"name": words.label(field.name), "values": listed}


def formula_words(definition: IndicatorDefinition) -> list[tuple[str, str, str]]:
    """Denominator and numerator: name, in words, as written."""
    words = Vocabulary(definition)
    lines = []
    if definition.denominator is not None:
        lines.append((_("分母"), say(definition.denominator, words), canonical(definition.denominator)))
    if definition.numerator is not None:
        name = _("数量") if definition.form is Form.TOTAL else _("分子（在分母之内）")
        lines.append((name, say(definition.numerator, words), canonical(definition.numerator)))
    if definition.sum_of:
        lines.append((_("按数量合计"), words.label(definition.sum_of), definition.sum_of))
    return lines
