"""Facts of farmland carried to the engines and back: which edition, which zone, which class, which measure, which owner."""

import csv
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from fangxin.engines import land
from fangxin.engines.limits import Measured, soil
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.ledger.api import Refused

# Elements by symbol, in the order of the standard.
ELEMENTS: Mapping[str, str] = {
    "Cd": "镉", "Hg": "汞", "As": "砷", "Pb": "铅", "Cr": "铬", "Cu": "铜", "Ni": "镍", "Zn": "锌",
}  # fmt: skip
_BELOW = re.compile(r"[<＜]\s*([\d.]+)|([\d.]+)\s*[(（]?L[)）]?", re.IGNORECASE)
_PLAIN = re.compile(r"\d+(\.\d+)?([eE][+-]?\d{1,2})?")
# No soil holds more than this of an element; it is a slip of the unit. mg/kg
_MOST = Decimal(100_000)
UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class SoilStandard:
    """One edition of the soil standard: its table and how it is cited."""

    table: soil.SoilTable
    cited: str


@dataclass(frozen=True, slots=True)
class MeasureKind:
    code: str
    label: str
    fits: frozenset[str]


@dataclass(frozen=True, slots=True)
class Route:
    """Who gets a finding."""

    code: str
    label: str
    clause: str
    owners: tuple[str, ...]
    severity: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What the standard says of a sample, ready to be kept."""

    zone: str
    judged: list[dict[str, str]]
    standard: str
    worst: str
    worst_index: Decimal | None
    nemerow: Decimal | None


# --- files --------------------------------------------------------------------------------------------------------


@cache
def _document(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _edition(folder: str, key: str, value: str, on: date) -> tuple[Path, Mapping[str, Any]]:
    for path in sorted((Path(settings.STANDARDS_DIR) / folder).glob("*.toml")):
        values = _document(path)
        if values.get(key) == value and values["in_force_from"] <= on <= values.get("in_force_to", date.max):
            return path, values
    raise Refused(_("%(day)s 没有施行中的规则“%(rule)s”，请管理员在规则文件中补录。") % {"day": on, "rule": value})


@cache
def _table(path: Path) -> soil.SoilTable:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return soil.read_table(csv.DictReader(lines))


def soil_standard(on: date) -> SoilStandard:
    """The soil standard in force on the day of sampling."""
    path, values = _edition("limits", "kind", "soil", on)
    return SoilStandard(_table(path.with_name(values["table"])), f"{values['standard']}-{values['edition']}")


def class_rules(on: date) -> land.ClassRules:
    return land.read_class_rules(_edition("origin", "code", "quality-class", on)[1])


def not_edible(on: date) -> tuple[str, ...]:
    """Words for crops that are not eaten."""
    return tuple(_edition("origin", "code", "quality-class", on)[1]["not_edible"])


def is_edible(crop: str, on: date) -> bool | None:
    """Whether a crop is eaten; None where no crop is named. What no word of the list covers counts as eaten."""
    if not crop.strip():
        return None
    return not any(word in crop for word in not_edible(on))


def measure_kinds(on: date) -> dict[str, MeasureKind]:
    rows = _edition("origin", "code", "soil-measures", on)[1]["measure"]
    return {row["code"]: MeasureKind(row["code"], row["label"], frozenset(row["fits"])) for row in rows}


def route_of(finding: str, on: date) -> Route:
    for row in _edition("origin", "code", "origin-soil-routing", on)[1]["finding"]:
        if row["code"] == finding:
            return Route(finding, row["label"], row["clause"], tuple(row["owners"]), row["severity"])
    raise Refused(_("没有这一类问题的责任单位规则（%(code)s），请管理员补录。") % {"code": finding})


# --- readings of soil ---------------------------------------------------------------------------------------------


def read_value(text: str) -> tuple[Decimal | None, Decimal | None]:
    """(value, detection limit) as laboratories write it: 0.38, <0.01, 0.01L. Raises Refused.

    >>> read_value("＜0.01")
    (None, Decimal('0.01'))
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    below = _BELOW.fullmatch(plain)
    number = _decimal(below[1] or below[2]) if below else _decimal(plain) if _PLAIN.fullmatch(plain) else None
    if number is None or number > _MOST or (below and number == 0):
        if plain.upper() in ("ND", "未检出"):
            raise Refused(_("未检出的请写出检出限，例如“<0.01”。"))
        raise Refused(_("“%(text)s”不是测定值。请写数字（mg/kg），低于检出限的写成“<0.01”。") % {"text": text[:20]})
    return (None, number) if below else (number, None)


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def plain_reading(text: str) -> str:
    """A reading as it is kept."""
    value, lod = read_value(text)
    return f"<{lod:f}" if value is None else f"{value:f}"


def judge_sample(readings: Mapping[str, str], *, ph: Decimal | None, land_use: str, on: date) -> Judged:
    """Every element against the standard of the day. Without a pH, or with an element missing from the judgement, a low
    risk is not said."""
    standard = soil_standard(on)
    parsed = [soil.SoilReading(element, *read_value(text)) for element, text in readings.items()]
    point = soil.judge_point(standard.table, parsed, ph=ph, land_use=land_use)
    worst = max((m for m in point.metals if m.index is not None), key=lambda m: m.index or 0, default=None)
    return Judged(
        zone=point.zone.value if point.zone is not None else UNDETERMINED,
        judged=[_kept(metal) for metal in point.metals],
        standard=standard.cited,
        worst=worst.analyte if worst else "",
        worst_index=_four(worst.index) if worst else None,
        nemerow=_four(point.nemerow),
    )


def _kept(metal: soil.MetalRisk) -> dict[str, str]:
    return {
        "element": metal.analyte,
        "zone": metal.zone.value if metal.zone is not None else UNDETERMINED,
        "reason": metal.reason,
        "screening": _text(metal.screening),
        "control": _text(metal.control),
        "index": _text(_four(metal.index)),
        "clause": metal.clause,
        "comparison": metal.comparison,
    }


def _four(value: Decimal | None) -> Decimal | None:
    return None if value is None else min(value, Decimal(99_999_999)).quantize(Decimal("0.0001"))


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


# --- produce ------------------------------------------------------------------------------------------------------


def element_of(analyte: str, food: str) -> str:
    """The symbol of the metal that an item of the laboratory speaks of; nothing for other items, soil and water."""
    if any(word in food for word in ("土壤", "底泥", "灌溉水", "肥料")):
        return ""
    watched = ("Cd", "Hg", "As", "Pb", "Cr")
    return next((e for e in watched if ELEMENTS[e] in analyte or analyte.strip().lower() == e.lower()), "")


def produce_limit(facts: Mapping[str, Any]) -> tuple[Decimal | None, str]:
    """The limit that a told result was compared with, in the unit of the result, and its standard."""
    verdict = catalog.the_judge().judge(
        Measured(
            sample_id=facts["sample_no"],
            food=facts["food"],
            food_class=facts["food_class"] or None,
            analyte=facts["analyte"],
            value=facts["expression"],
            unit=facts["unit"],
            lod=facts["lod"],
            loq=facts["loq"],
            sampled_on=facts["sampled_on"],
        )
    )
    if verdict.limit is None or verdict.limit_unit != facts["unit"]:
        return None, ""
    return verdict.limit, " ".join(part for part in (verdict.standard, verdict.edition, verdict.clause) if part)


# --- what the tokens say ------------------------------------------------------------------------------------------


def metal_reason(token: str) -> str:
    """Why an element stands where it stands, for a person."""
    return {
        "judged": _("按实测值判定"),
        "not_detected": _("未检出，检出限不高于筛选值"),
        "no_control_value": _("超过筛选值；这个元素没有管制值"),
        "ph_missing": _("没有 pH，不能判定"),
        "land_use_unknown": _("没有土地利用方式，不能判定"),
        "lod_above_limit": _("未检出，但检出限高于筛选值，方法看不到，不能判定"),
        "no_value": _("没有测定值"),
        "not_in_standard": _("标准没有规定"),
    }.get(token, token)


def class_reason(token: str) -> str:
    """What a proposal rests on, for a person."""
    return {
        "too_few_points": _("有效点位太少，不能提出建议"),
        "metals_missing": _("有的元素没有足够的判定结果"),
        "mixed": _("点位分布不一致，没有一类占到规定比例，按最重的提出；建议重新划分单元"),
        "split_off": _("少数点位连成片，建议划出为新的单元"),
        "patch": _("有孤立点位高于管制值，建议按实际边界单独划出"),
        "produce_too_few": _("农产品结果太少，只按土壤提出"),
        "produce_within": _("农产品都没有超标"),
        "produce_exceeds": _("有农产品超标"),
        "produce_serious": _("农产品严重超标"),
        "produce_against_soil": _("土壤没有超过筛选值而农产品超标，请先查明来源"),
    }.get(token, token)


def standing_reason(token: str) -> str:
    """Why a parcel is not counted as used safely, for a person."""
    return {
        "no_measure": _("没有已实施的适用措施"),
        "produce_not_tested": _("没有农产品检测结果"),
        "produce_above": _("农产品超标"),
    }.get(token, token)
