"""Soil results from a sheet: every row checked against the register of points, nothing written here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from fangxin.actions.origin import rules
from fangxin.actions.origin.models import SoilPoint, SoilSample
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import Refused
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.kernel.registry.importing.cells import BadCell, read_cell
from fangxin.kernel.registry.importing.columns import PLACE, POINT, Column, in_tables
from fangxin.kernel.registry.importing.places import Places
from fangxin.kernel.screens.sheets import Formula, Unreadable, as_text, header_text, read_sheet

MOST_NOTES = 200
MOST_ROWS = 20_000
_LAND_USES = {value: in_tables(label) for value, label in SoilPoint.LandUse.choices}
COLUMNS = (
    Column("code", "点位编号", ("编号", "点位", "点位编码"), required=True, most=30),
    Column("sampled_on", "采样日期", ("日期", "采样时间"), required=True, reads="date"),
    Column("ph", "pH", ("PH", "ph", "pH值", "酸碱度"), reads="number"),
    Column("depth", "采样深度", ("深度",), most=20),
    Column("organic_matter", "有机质", ("有机质含量",), reads="number"),
    Column("cec", "阳离子交换量", ("CEC",), reads="number"),
    Column("laboratory", "检测机构", ("检测单位", "实验室"), most=120),
    Column("report_number", "报告编号", ("报告号",), most=60),
    *PLACE,
    Column("land_use", "土地利用", ("利用方式", "土地利用方式"), reads="choice", choices=lambda: dict(_LAND_USES)),
    Column("parcel", "地块编号", ("所在地块",), most=30),
    Column("crop", "作物", ("种植作物",), most=60),
    *POINT,
)  # fmt: skip
_OTHER_NAMES = {f"总{name}": element for element, name in rules.ELEMENTS.items()} | {
    name: element for element, name in rules.ELEMENTS.items()
}


@dataclass(frozen=True, slots=True)
class Note:
    """What is wrong with one row, and what to do."""

    row: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class NewPoint:
    """A point that the sheet brings along, as `services.soil.add_point` takes it."""

    code: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One good row: its point (known, or to be added) and the result."""

    code: str
    known: SoilPoint | None
    sample: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Read:
    points: tuple[NewPoint, ...]
    lines: tuple[Line, ...]
    errors: tuple[Note, ...]


class _BadRow(Exception):
    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column, self.text = column, text


def read_file(name: str, content: bytes, *, user: Any) -> Read:
    """Every row of a sheet. Raises Unreadable when it cannot be read at all."""
    sheet = read_sheet(name, content, is_header=_is_header)
    if len(sheet.lines) > MOST_ROWS:
        raise Unreadable(_("表格超过 %(most)s 行，请拆成几个文件。") % {"most": MOST_ROWS})
    places = _places(sheet.headers)
    reader = _Reader(user)
    for number, cells in sheet.lines:
        reader.take(number, {field: cells[i] for i, field in places.items() if i < len(cells)})
    return Read(tuple(reader.points.values()), tuple(reader.lines), tuple(reader.errors[:MOST_NOTES]))


def _places(headers: list[str]) -> dict[int, str]:
    return {i: field for i, text in enumerate(headers) if (field := _field(text))}


def _field(text: str) -> str:
    plain = header_text(text)
    if plain in rules.ELEMENTS:
        return plain
    if plain in _OTHER_NAMES:
        return _OTHER_NAMES[plain]
    return next((c.field for c in COLUMNS if plain in (c.field, c.header, *c.other_headers)), "")


def _is_header(headers: list[str]) -> bool:
    fields = set(_places(headers).values())
    return {"code", "sampled_on"} <= fields and bool(fields & set(rules.ELEMENTS))


class _Reader:
    """Rows against the register of points, which is asked once."""

    def __init__(self, user: Any) -> None:
        self.user, self.today = user, ledger.clock.today()
        self.where = Places(user, "origin.edit")
        rows = people.within(SoilPoint.objects.all(), user, "origin.edit")
        self.known = {point.code: point for point in rows}
        taken = SoilSample.objects.filter(replaces=None, point__in=[p.pk for p in self.known.values()])
        self.taken = set(taken.values_list("point__code", "sampled_on", "depth"))
        self.points: dict[str, NewPoint] = {}
        self.lines: list[Line] = []
        self.errors: list[Note] = []

    def take(self, number: int, cells: Mapping[str, Any]) -> None:
        try:
            values = {column.field: _cell(column, cells) for column in COLUMNS}
            readings = _readings(cells)
            self._check(values)
            if values["code"] not in self.known and values["code"] not in self.points:
                self.points[values["code"]] = NewPoint(values["code"], self._new_point(values))
        except _BadRow as bad:
            self.errors.append(Note(number, bad.column, bad.text))
            return
        sample = {name: values[name] for name in ("sampled_on", "ph", "cec", "organic_matter")}
        sample |= {name: values[name] or "" for name in ("laboratory", "report_number")}
        sample |= {"depth": values["depth"] or "0-20", "readings": readings}
        self.lines.append(Line(values["code"], self.known.get(values["code"]), sample))

    def _check(self, values: Mapping[str, Any]) -> None:
        if values["sampled_on"] > self.today:
            raise _BadRow("采样日期", _("采样日期还没有到，请核对。"))
        if values["ph"] is not None and not 0 <= values["ph"] <= 14:
            raise _BadRow("pH", _("pH 应在 0 至 14 之间，请核对。"))
        for field, name in (("cec", "阳离子交换量"), ("organic_matter", "有机质")):
            if values[field] is not None and not 0 <= values[field] < 100_000:
                raise _BadRow(name, _("数值不合理，请核对单位。"))
        key = (values["code"], values["sampled_on"], values["depth"] or "0-20")
        if key in self.taken:
            raise _BadRow(
                "采样日期", _("这个点位当天同一深度的结果已有。要改正，请在点位页面办理更正，并从表中删去这一行。")
            )
        self.taken.add(key)

    def _new_point(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A point that is not in the register needs a place and a land use."""
        if SoilPoint.objects.filter(code=values["code"]).exists():
            raise _BadRow("点位编号", _("这个编号已由其他地方使用，请换一个编号。"))
        if not values["land_use"]:
            raise _BadRow(
                "土地利用",
                _("底册里没有点位 %(code)s。新点位须填“土地利用”和“乡镇”；是旧点位的，请核对编号。")
                % {"code": values["code"]},
            )
        try:
            division = self.where.find(values)
        except BadCell as bad:
            raise _BadRow("乡镇", f"{bad.what}。{bad.advice}") from None
        point = (values["longitude"], values["latitude"])
        if None not in point and (abs(point[0]) > 180 or abs(point[1]) > 90):
            raise _BadRow("经度", _("经纬度超出范围，请填 WGS-84 经纬度，小数。"))
        return {
            "division_code": division,
            "land_use": values["land_use"],
            "crop": values["crop"] or "",
            "parcel": self._parcel(values["parcel"]),
            "longitude": float(point[0]) if None not in point else None,
            "latitude": float(point[1]) if None not in point else None,
        }

    def _parcel(self, number: str | None) -> Any:
        if not number:
            return None
        found = registry.list_parcels(self.user, "origin.edit").filter(number=number).first()
        if found is None:
            raise _BadRow("地块编号", _("底册里没有地块 %(number)s，请先登记地块或者留空。") % {"number": number})
        return found


def _cell(column: Column, cells: Mapping[str, Any]) -> Any:
    try:
        return read_cell(column, cells.get(column.field))
    except BadCell as bad:
        raise _BadRow(column.header, f"{bad.what}。{bad.advice}") from None


def _readings(cells: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for element, name in rules.ELEMENTS.items():
        raw = cells.get(element)
        if isinstance(raw, Formula):
            raise _BadRow(name, _("单元格里是公式，请粘贴为数值后再上传。"))
        text = as_text(raw).strip()
        if not text or text in ("-", "—", "/"):
            continue
        try:
            found[element] = rules.plain_reading(text)
        except Refused as error:
            raise _BadRow(name, " ".join(error.messages)) from None
    if not found:
        raise _BadRow("镉", _("这一行没有任何元素的测定值。"))
    return found
