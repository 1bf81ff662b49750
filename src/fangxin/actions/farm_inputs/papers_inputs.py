"""A forecast as an official paper."""

from typing import Any

from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs.models import Forecast, LabelUse
from fangxin.engines import papers


def bulletin(forecast: Forecast) -> bytes:
    """The .docx of an issued forecast or warning, the green means first as they were written."""
    name = _("农作物病虫害%(kind)s") % {"kind": forecast.get_kind_display()}
    blocks: list[Any] = [papers.Paragraph(_opening(forecast)), papers.Heading(1, _("调查依据"))]
    blocks += papers.text_blocks(forecast.basis)
    blocks.append(papers.Heading(1, _("防治建议")))
    blocks += papers.text_blocks(forecast.advice)
    rows = product_rows(forecast)
    if rows:
        header = (_("药剂"), _("登记证号"), _("用量"), _("安全间隔期"), _("每季最多次数"))
        note = _("以产品标签为准；采收前须满安全间隔期。")
        blocks.append(papers.Table(header, tuple(rows), title=_("可选药剂"), note=note))
    paper = papers.Paper(
        agency_mark=f"{forecast.agency.name}{name}",
        title=_("%(crop)s%(pest)s%(kind)s（%(number)s）")
        % {
            "crop": forecast.crop,
            "pest": forecast.pest,
            "kind": forecast.get_kind_display(),
            "number": forecast.number,
        },
        body=tuple(blocks),
        signature=forecast.agency.name,
        date=forecast.issued_on or forecast.window_from,
    )
    return papers.render(paper)


def _opening(forecast: Forecast) -> str:
    text = _("预计 %(since)s 至 %(until)s，%(crop)s%(pest)s为%(degree)s。") % {
        "since": forecast.window_from, "until": forecast.window_to, "crop": forecast.crop, "pest": forecast.pest,
        "degree": forecast.get_degree_display(),
    }  # fmt: skip
    if forecast.area_mu is None:
        return text
    return text + _("预计发生面积 %(area)s 亩。") % {"area": f"{forecast.area_mu:.0f}"}


def product_rows(forecast: Forecast) -> list[tuple[str, ...]]:
    """What the labels of the named products say of the crop; where they say nothing, that."""
    rows = []
    named = forecast.named_products.select_related("product").prefetch_related("product__label_uses")
    for one in named:
        product = one.product
        line = next((use for use in product.label_uses.all() if _fits(use, forecast.crop)), None)
        rows.append((product.name, product.registration_no, *_label(line)))
    return rows


def _fits(use: LabelUse, crop: str) -> bool:
    return use.target == crop or use.target in crop or crop in use.target


def _label(line: LabelUse | None) -> tuple[str, str, str]:
    if line is None:
        unknown = _("标签没有登记这种作物")
        return unknown, "—", "—"
    dose = (
        "—"
        if line.dose_high is None
        else f"{_plain(line.dose_low or line.dose_high)}–{_plain(line.dose_high)} {line.dose_unit}"
    )
    wait = _("标签没有写") if line.interval is None else f"{_plain(line.interval)} {line.get_interval_unit_display()}"
    return dose, wait, str(line.most_uses or "—")


def _plain(value: Any) -> str:
    return f"{value.normalize():f}"
