from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fangxin.engines.indicators import Form, IndicatorDefinition, Kind
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.board.definitions import definitions
from fangxin.oversight.board.models import FigureVerification, TypedFigure
from fangxin.oversight.board.selectors import figures

# A return may be handed in before the day its figures speak of.
MOST_AHEAD = timedelta(days=31)


@transaction.atomic
def record_typed_figure(
    *,
    code: str,
    division_code: str,
    as_of: date,
    agency: people.Agency,
    by: Any,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    value: Decimal | None = None,
    text: str = "",
    evidence: Any = None,
    period: str = "",
    base_year: int | None = None,
) -> TypedFigure:
    """An agency signs for a figure. Never changed; another figure for the same day speaks instead of it.

    Where the platform counts the indicator itself, what it counts at this moment is kept beside the figure.
    """
    today = ledger.clock.today()
    if as_of > today + MOST_AHEAD:
        raise ValidationError({"as_of": _("截至日期不能晚于今天。")})
    definition = definitions(min(as_of, today) if base_year is None else today).get(code)
    if definition is None:
        raise ValidationError({"as_of": _("这一天没有施行的“%(code)s”指标，请核对截至日期。") % {"code": code}})
    if numerator is None and value is None and not text.strip():
        raise ValidationError({"numerator": _("请填写数值；确实没有数值的，请在说明中写明情况。")})
    if base_year is not None and base_year != definition.base_year:
        raise ValidationError(
            {"base_year": _("这项指标的基期是 %(year)s 年。") % {"year": definition.base_year or "—"}}
        )
    _check_numbers(definition, numerator, denominator)
    figure = TypedFigure(
        code=code, division_code=division_code, as_of=as_of, base_year=base_year, period=period,
        numerator=numerator, denominator=denominator, value=value, text=text.strip(), evidence=evidence,
        agency=agency, entered_at=ledger.clock.now(), entered_by=ledger.Actor.of(by).username,
        formula_version=definition.formula_version,
    )  # fmt: skip
    if definition.kind is Kind.COMPUTED and base_year is None:
        counted = figures(division_code, min(as_of, today), [code])[0]
        figure.computed_numerator, figure.computed_denominator = counted.numerator, counted.denominator
    figure.full_clean()
    figure.save(force_insert=True)
    # No division on the entry: a typed figure is no fact that figures are counted from.
    ledger.record("board.figure.typed", of=figure, by=by, data={"code": code, "division": division_code})
    return figure


def _check_numbers(definition: IndicatorDefinition, numerator: Decimal | None, denominator: Decimal | None) -> None:
    if definition.kind is Kind.MILESTONE:
        _check_milestone(numerator, denominator)
    elif definition.form is Form.TOTAL:
        if denominator is not None:
            raise ValidationError({"denominator": _("这项指标是数量，不填分母。")})
    else:
        _check_ratio(definition, numerator, denominator)


def _check_milestone(numerator: Decimal | None, denominator: Decimal | None) -> None:
    if denominator is not None or numerator not in (None, 0, 1):
        raise ValidationError({"numerator": _("里程碑只填是否达成：1 为已验收达成，0 为尚未达成。")})


def _check_ratio(definition: IndicatorDefinition, numerator: Decimal | None, denominator: Decimal | None) -> None:
    if (numerator is None) != (denominator is None):
        raise ValidationError({"denominator": _("分子和分母要一起填写，没有分母的百分比无法核对。")})
    if numerator is None or denominator is None:
        return
    if definition.unit == "%" and numerator > denominator:
        raise ValidationError({"numerator": _("分子不能大于分母，请核对两个数是否填反。")})


@transaction.atomic
def verify_figure(*, figure: TypedFigure, accepted: bool, by: Any, note: str = "") -> FigureVerification:
    """A second person says whether the figure and its evidence hold."""
    if figure.entered_by == by.username:
        raise ValidationError(_("填报人不能核实自己的数，请由另一位同事核实。"))
    if accepted and figure.evidence_id is None:
        raise ValidationError(_("这一数没有证据文件，不能认可。请填报单位重新填报并上传证据。"))
    if not accepted and not note.strip():
        raise ValidationError({"note": _("请写明为什么不认可，填报单位才知道怎样改。")})
    found = FigureVerification(
        figure=figure, accepted=accepted, note=note.strip(), verified_at=ledger.clock.now(), verified_by=by.username
    )
    found.full_clean(exclude=["figure"])
    try:
        with transaction.atomic():
            found.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(_("刚刚已有人核实过这一数，请刷新页面查看结果。")) from None
    ledger.record(
        "board.figure.verified" if accepted else "board.figure.refused",
        of=figure, by=by, data={"code": figure.code, "division": figure.division_code},
    )  # fmt: skip
    return found
