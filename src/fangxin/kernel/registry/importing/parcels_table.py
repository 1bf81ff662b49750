"""Parcels from a sheet or from GeoJSON: every line checked, nothing written here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from fangxin.engines import land
from fangxin.kernel.people import api as people
from fangxin.kernel.registry.data import NewParcel
from fangxin.kernel.registry.importing.cells import BadCell, read_cell
from fangxin.kernel.registry.importing.columns import PLACE, POINT, Column, in_tables
from fangxin.kernel.registry.importing.places import Places
from fangxin.kernel.registry.models import Operator, Parcel
from fangxin.kernel.registry.services.parcels import shape_problem
from fangxin.kernel.screens.sheets import Unreadable, header_text, read_sheet

# A parcel farther than this from its township's seat lies there by mistake more often than not.
FAR_M = 40_000
MOST_NOTES = 200


def _labels(choices: Any) -> Any:
    return lambda: {value: in_tables(label) for value, label in choices}


PARCELS = (
    Column("number", "地块编号", ("编号",), most=30),
    Column("name", "名称", ("地块名称",), required=True, most=80),
    Column("kind", "类别", ("地块类别",), required=True, reads="choice", choices=_labels(Parcel.Kind.choices)),
    *PLACE,
    Column("area_mu", "面积", ("亩数", "面积亩"), reads="number"),
    Column("crop", "作物", ("养殖品种", "品种"), most=60),
    Column("land_use", "土地利用", ("利用方式",), reads="choice", choices=_labels(Parcel.LandUse.choices)),
    Column("operator", "经营主体", ("主体名称", "经营者"), most=120),
    *POINT,
)
# What a line of the file is: its number as people count, its cells by column, its shape.
Line = tuple[int, Mapping[str, Any], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Note:
    """Something about one line: wrong (then nothing is written) or worth a look."""

    line: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Read:
    values: tuple[NewParcel, ...]
    errors: tuple[Note, ...]
    warnings: tuple[Note, ...]


def read_file(name: str, content: bytes, *, user: Any, update: bool) -> Read:
    """The parcels of a file. Raises Unreadable when it cannot be read at all."""
    if len(content) > settings.MAX_UPLOAD_BYTES:
        raise Unreadable(_("文件过大。请按乡镇拆成几个文件，分别导入。"))
    is_shapes = name.lower().endswith((".geojson", ".json")) or content.lstrip()[:1] == b"{"
    return _read(_shapes(content) if is_shapes else _sheet(name, content), user, update)


def _sheet(name: str, content: bytes) -> Iterator[Line]:
    def known(headers: list[str]) -> dict[int, str]:
        return {place: column.field for place, text in enumerate(headers) if (column := _column(text)) is not None}

    sheet = read_sheet(name, content, is_header=lambda headers: {"name", "kind"} <= set(known(headers).values()))
    places = known(sheet.headers)
    for number, cells in sheet.lines:
        yield number, {field: cells[place] for place, field in places.items() if place < len(cells)}, None


def _shapes(content: bytes) -> Iterator[Line]:
    try:
        shapes = land.read_shapes(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable(_("文件的文字编码不是 UTF-8，请重新导出。")) from None
    except land.ShapeError as error:
        raise Unreadable(shape_problem(error)) from None
    for number, shape in enumerate(shapes, start=1):
        cells = {c.field: v for key, v in shape.properties.items() if (c := _column(str(key))) is not None}
        yield number, cells, shape.geometry


def _column(text: str) -> Column | None:
    plain = header_text(text)
    return next((c for c in PARCELS if plain in (c.field, c.header, *c.other_headers)), None)


def _read(lines: Iterator[Line], user: Any, update: bool) -> Read:
    places = Places(user, "parcel.edit")
    values: list[tuple[int, NewParcel, str]] = []
    errors: list[Note] = []
    for number, cells, geometry in lines:
        try:
            values.append((number, *_value(cells, geometry, places)))
        except _BadLine as bad:
            errors.append(Note(number, bad.column, bad.text))
    made, more = _against_register(values, user, update)
    errors += more
    return Read(tuple(made), tuple(errors[:MOST_NOTES]), tuple(_far_away(values)[:MOST_NOTES]))


class _BadLine(Exception):
    def __init__(self, column: str, bad: BadCell) -> None:
        super().__init__(bad.what)
        self.column, self.text = column, f"{bad.what}。{bad.advice}"


def _value(cells: Mapping[str, Any], geometry: Mapping[str, Any] | None, places: Places) -> tuple[NewParcel, str]:
    found: dict[str, Any] = {}
    for column in PARCELS:
        try:
            found[column.field] = read_cell(column, cells.get(column.field))
        except BadCell as bad:
            raise _BadLine(column.header, bad) from None
    try:
        code = places.find(found)
    except BadCell as bad:
        raise _BadLine("乡镇", bad) from None
    _check_numbers(found, geometry)
    point = (found["longitude"], found["latitude"])
    value = NewParcel(
        name=found["name"],
        kind=found["kind"],
        division_code=code,
        area_mu=found["area_mu"],
        number=found["number"] or "",
        crop=found["crop"] or "",
        land_use=found["land_use"] or Parcel.LandUse.OTHER,
        geometry=geometry,
        longitude=float(point[0]) if None not in point else None,
        latitude=float(point[1]) if None not in point else None,
    )
    return value, found["operator"] or ""


def _check_numbers(found: Mapping[str, Any], geometry: Mapping[str, Any] | None) -> None:
    area = found["area_mu"]
    if area is None and (geometry is None or geometry["type"] == "Point"):
        raise _BadLine("面积", BadCell(_("没有面积"), _("没有边界的地块须填写面积（亩）。")))
    if area is not None and not 0 < area <= 1_000_000:
        raise _BadLine("面积", BadCell(_("面积不合理"), _("单位是亩，应大于 0。")))
    for name, most in (("longitude", 180), ("latitude", 90)):
        if found[name] is not None and abs(found[name]) > most:
            raise _BadLine("经度", BadCell(_("经纬度超出范围"), _("请填 WGS-84 经纬度，小数。")))


def _against_register(
    values: list[tuple[int, NewParcel, str]], user: Any, update: bool
) -> tuple[list[NewParcel], list[Note]]:
    """Numbers that are taken, and names of operators, against the register."""
    made, errors = [], []
    seen: set[str] = set()
    known = dict(
        Parcel.objects.filter(number__in=[v.number for _n, v, _o in values if v.number]).values_list(
            "number", "division_code"
        )
    )
    owners = _operators({name for _n, _v, name in values if name}, user)
    for number, value, operator in values:
        problem = _number_problem(value, known, seen, user, update)
        if not problem and operator and len(owners.get(operator, ())) != 1:
            problem = _("经营主体“%(name)s”在底册中没有或者不止一个。请先登记，或改填统一社会信用代码。") % {
                "name": operator
            }
        if problem:
            errors.append(Note(number, _("地块编号") if value.number in known else _("经营主体"), problem))
            continue
        made.append(replace(value, operator_id=owners[operator][0]) if operator else value)
    return made, errors


def _number_problem(value: NewParcel, known: Mapping[str, str], seen: set[str], user: Any, update: bool) -> str:
    if not value.number:
        return ""
    if value.number in seen:
        return _("编号 %(number)s 在文件里出现了不止一次。") % {"number": value.number}
    seen.add(value.number)
    if value.number not in known:
        return ""
    if not user.can("parcel.edit", known[value.number]):
        return _("编号 %(number)s 已由其他地方使用，请换一个编号。") % {"number": value.number}
    if not update:
        return _("编号 %(number)s 已有。要更新原有地块，请勾选“用文件内容更新”。") % {"number": value.number}
    return ""


def _operators(names: set[str], user: Any) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    if names:
        prefixes = {prefix[:6] for prefix in user.prefixes("parcel.edit")}
        for prefix in prefixes:
            rows = Operator.objects.filter(people.under(prefix))
            for pk, name, code in rows.values_list("pk", "name", "uscc"):
                for key in {name, code} & names:
                    found.setdefault(key, []).append(pk)
    return found


def _far_away(values: list[tuple[int, NewParcel, str]]) -> list[Note]:
    """Parcels that lie far from the seat of the township they are entered in."""
    codes = {v.division_code[:9] for _n, v, _o in values}
    rows = people.Division.objects.filter(code__in=codes, latitude__isnull=False, longitude__isnull=False)
    seats = {code: (lng or 0.0, lat or 0.0) for code, lng, lat in rows.values_list("code", "longitude", "latitude")}
    notes = []
    for number, value, _operator in values:
        seat, place = seats.get(value.division_code[:9]), _place(value)
        if seat is not None and place is not None and (metres := land.distance_m(seat, place)) > FAR_M:
            text = _("离所填乡镇驻地 %(km)s 公里，可能不在本县。请核对坐标和乡镇。") % {"km": round(metres / 1000)}
            notes.append(Note(number, _("位置"), text))
    return notes


def _place(value: NewParcel) -> tuple[float, float] | None:
    if value.longitude is not None and value.latitude is not None:
        return value.longitude, value.latitude
    return land.centre(value.geometry) if value.geometry is not None else None
