"""What people eat: a local survey from a sheet, confirmed by a second person."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import rules
from fangxin.actions.monitoring.models import Survey, SurveyFigure
from fangxin.actions.monitoring.services.steps import insert, move, who
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.sheets import Formula, Unreadable, as_text, read_sheet

State = Survey.State
HEADERS: Mapping[str, tuple[str, ...]] = {
    "food_group": ("膳食分组", "食物分组", "食物类别"),
    "grams": ("平均摄入量", "摄入量", "平均消费量"),
    "variation": ("变异系数", "CV"),
    "eaters": ("食用者比例", "消费者比例"),
    "portion_g": ("大份量", "P97.5"),
    "unit_g": ("单个可食部",),
}


def _columns(headers: Sequence[str]) -> dict[str, int]:
    known = {name: field for field, names in HEADERS.items() for name in names}
    return {known[header]: at for at, header in reversed(list(enumerate(headers))) if header in known}


def read_figures(name: str, content: bytes) -> list[SurveyFigure]:
    """The figures of a sheet. Raises Refused naming every row that is wrong."""
    try:
        sheet = read_sheet(name, content, is_header=lambda headers: {"food_group", "grams"} <= set(_columns(headers)))
    except Unreadable as error:
        raise rules.Refused({"file": str(error)}) from None
    columns = _columns(sheet.headers)
    figures, faults = [], []
    for number, values in sheet.lines[:500]:
        raw = {field: values[at] if at < len(values) else None for field, at in columns.items()}
        try:
            figures.append(_figure(raw))
        except rules.Refused as error:
            faults.append(_("第 %(row)s 行：%(why)s") % {"row": number, "why": rules.plain_messages(error)})
    names = [f.food_group for f in figures]
    twice = sorted({rules.food_name(n) for n in names if names.count(n) > 1})
    if twice:
        faults.append(_("这些分组出现了不止一次：%(names)s。") % {"names": rules.joined(twice)})
    if faults:
        raise rules.Refused({"file": faults})
    return figures


def _figure(raw: Mapping[str, Any]) -> SurveyFigure:
    typed = as_text(raw.get("food_group")).strip()
    by_name = {group.name: code for code, group in rules.food_groups().items()}
    code = typed if typed in rules.food_groups() else by_name.get(typed, "")
    if not code:
        raise rules.Refused(
            _("没有“%(name)s”这个分组，可填：%(known)s。") % {"name": typed[:30], "known": rules.joined(by_name)}
        )
    figure = SurveyFigure(food_group=code, grams=_number(raw, "grams") or Decimal(0))
    for field in ("variation", "portion_g", "unit_g"):
        setattr(figure, field, _number(raw, field))
    eaters = _number(raw, "eaters")
    if eaters is not None:
        figure.eaters = (eaters / 100 if eaters > 1 else eaters).quantize(Decimal("0.001"))
    try:
        figure.clean_fields(exclude=["survey"])
    except ValidationError as error:
        raise rules.Refused(error.messages) from None
    return figure


def _number(raw: Mapping[str, Any], field: str) -> Decimal | None:
    if isinstance(raw.get(field), Formula):
        raise rules.Refused(_("单元格里是公式，请粘贴为数值后再上传。"))
    text = as_text(raw.get(field)).strip().removesuffix("%")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number < 100_000:
        raise rules.Refused(_("“%(text)s”不是可用的数。") % {"text": text[:20]})
    places = SurveyFigure._meta.get_field(field).decimal_places
    return number.quantize(Decimal(1).scaleb(-places))


@transaction.atomic
def import_survey(*, file_name: str, content: bytes, by: Any, **values: Any) -> Survey:
    figures = read_figures(file_name, content)
    return load_survey(figures=figures, by=by, **values)


@transaction.atomic
def load_survey(*, figures: Sequence[SurveyFigure], by: Any, **values: Any) -> Survey:
    if values.get("people") not in rules.people_groups():
        raise rules.Refused({"people": _("请选择人群。")})
    survey: Survey = insert(Survey(imported_at=ledger.clock.now(), imported_by=who(by), **values))
    for figure in figures:
        figure.survey = survey
    SurveyFigure.objects.bulk_create(figures)
    ledger.record("monitoring.survey.imported", of=survey, by=by, data={"foods": len(figures)})
    return survey


@transaction.atomic
def confirm_survey(*, survey: Survey, by: Any) -> Survey:
    if survey.imported_by == who(by):
        raise rules.Refused(_("须由导入人以外的人核对确认。"))
    return move(
        survey, [State.DRAFT], "monitoring.survey.confirmed", by=by, state=State.CONFIRMED,
        confirmed_at=ledger.clock.now(), confirmed_by=who(by),
    )  # fmt: skip


@transaction.atomic
def withdraw_survey(*, survey: Survey, by: Any) -> Survey:
    """It is used no more; assessments that used it stay as they were."""
    since = [State.DRAFT, State.CONFIRMED]
    return move(survey, since, "monitoring.survey.withdrawn", by=by, state=State.WITHDRAWN)


@transaction.atomic
def restore_survey(*, survey: Survey, by: Any) -> Survey:
    return move(
        survey, [State.WITHDRAWN], "monitoring.survey.restored", by=by, state=State.DRAFT, confirmed_at=None,
        confirmed_by="",
    )  # fmt: skip
