"""Sheets of enterprises and of monthly water: read row by row; with a fault in any row nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.origin import rules_emissions as rules
from fangxin.actions.origin import selectors_emissions as selectors
from fangxin.actions.origin.models import MetalEnterprise, MetalProblem, WaterMonth
from fangxin.actions.origin.models.choices import Metal, Outlet
from fangxin.actions.origin.services import enterprises, water
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import Refused
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.kernel.registry.importing.cells import BadCell, read_cell
from fangxin.kernel.registry.importing.columns import Column
from fangxin.kernel.screens.sheets import Formula, Sheet, Unreadable, as_text, header_text, read_sheet

MOST_FAULTS = 200
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row of the sheet. Row 0: the sheet as a whole."""

    row: int
    text: str


@dataclass(slots=True)
class Report:
    """How many rows were written, or the faults because of which none was."""

    rows: int = 0
    faults: list[Fault] = field(default_factory=list)

    def fault(self, row: int, error: ValidationError | str) -> None:
        text = error if isinstance(error, str) else "；".join(error.messages)
        self.faults.append(Fault(row, text))


def _labels(choices: Any) -> Any:
    return lambda: dict(choices)


METALS = (
    Column("name", "企业名称", ("单位名称", "名称"), required=True, most=120),
    Column("uscc", "统一社会信用代码", ("信用代码",), gettext_lazy("历史遗留场地可以不填。"), most=18),
    Column("division_code", "区划代码", (), gettext_lazy("9 位乡镇或 12 位村代码；或者填乡镇名称。"), most=12),
    Column("township", "乡镇", ("街道", "所属乡镇"), gettext_lazy("与区划代码二选一。")),
    Column("industry", "行业", (), required=True, reads="choice", choices=_labels(MetalEnterprise.Industry.choices)),
    Column("running", "生产状态", ("状态",), reads="choice", choices=_labels(MetalEnterprise.Running.choices)),
    Column("metals", "重点金属", ("涉及重金属", "污染物"), gettext_lazy("例如：镉、铅。"), required=True),
    Column("outlets", "排放途径", (), gettext_lazy("例如：废水、废气。")),
    Column("permit_number", "排污许可证编号", ("许可证编号",), most=40),
    Column("longitude", "经度", (), gettext_lazy("WGS-84，小数。"), reads="number"),
    Column("latitude", "纬度", (), gettext_lazy("WGS-84，小数。"), reads="number"),
    Column("flow_bearing", "排水流向", (), gettext_lazy("度，正北为 0，正东为 90。"), reads="whole"),
    Column("farmland_distance_m", "距耕地", (), gettext_lazy("米。"), reads="whole"),
    Column("problem", "存在问题", ("问题",), gettext_lazy("有问题的，后面三列都要填。"), most=500),
    Column("measure", "整治措施", ("措施",), most=500),
    Column("due_on", "完成时限", ("时限",), reads="date"),
    Column("responsible_person", "责任人", (), most=60),
)


@transaction.atomic
def import_metals(*, name: str, content: bytes, user: Any) -> Report:
    """A list of enterprises, each put on the list; a problem in the row is reported with it."""
    report = Report()
    rows = _rows(report, name, content, METALS, needed=("name", "industry", "metals"))
    towns = {label: code for prefix in user.prefixes("origin.edit") for code, label in people.townships(prefix)}
    with transaction.atomic():
        for number, values in rows:
            try:
                _import_metal(values, towns, user)
                report.rows += 1
            except ValidationError as error:
                report.fault(number, error)
        if report.faults:
            transaction.set_rollback(True)
    if not report.faults:
        ledger.record(
            "origin.metals.imported", of=None, by=user, division_code=(user.prefixes("origin.edit") or [""])[0],
            data={"count": report.rows},
        )  # fmt: skip
    return report


def _import_metal(values: dict[str, Any], towns: Mapping[str, str], user: Any) -> None:
    problem = {key: values.pop(key, None) for key in ("problem", "measure", "due_on", "responsible_person")}
    row = enterprises.register(by=user, **_metal(values, towns, user))
    enterprises.put_on_list(row=row, by=user)
    if not problem["problem"]:
        return
    if not (problem["measure"] and problem["due_on"] and problem["responsible_person"]):
        raise Refused(_("写了存在问题的，整治措施、完成时限和责任人都要填写。"))
    enterprises.report_problem(
        row=row, kind=MetalProblem.Kind.OTHER, text=problem["problem"], measure=problem["measure"],
        due_on=problem["due_on"], responsible_person=problem["responsible_person"], by=user,
    )  # fmt: skip


def _metal(values: dict[str, Any], towns: Mapping[str, str], user: Any) -> dict[str, Any]:
    place = values.pop("division_code", None) or towns.get(values.pop("township", None) or "")
    values.pop("township", None)
    if not place or not user.can("origin.edit", place):
        raise Refused(_("没有找到所在乡镇，或者不在您的辖区。请填写区划代码或者乡镇全称。"))
    told = {key: value for key, value in values.items() if value is not None}
    for key in ("longitude", "latitude"):
        if key in told:
            told[key] = float(told[key])
    told["metals"] = _codes(told.get("metals", ""), Metal.choices, _("重点金属"))
    told["outlets"] = _codes(told.get("outlets", ""), Outlet.choices, _("排放途径"))
    told["premises"] = _premises(told.get("uscc", ""), place, user)
    return told | {"division_code": place}


def _premises(uscc: str, place: str, user: Any) -> Any:
    """The register's place of the same holder in the county, if there is just one of this kind."""
    if not uscc:
        return None
    found = registry.list_premises(user, "origin.edit").filter(
        people.under(place[:6]), operator__uscc=uscc.upper(), kind="monitored_enterprise", merged_into=None
    )[:2]
    return found[0] if len(found) == 1 else None


def _codes(text: str, choices: Any, what: str) -> list[str]:
    """Labels or codes parted by commas, in the order of the choices."""
    known = {str(label): code for code, label in choices} | {code: code for code, _label in choices}
    parts = [part.strip() for part in text.replace("、", ",").replace("，", ",").replace(";", ",").split(",")]
    unknown = [part for part in parts if part and part not in known]
    if unknown:
        raise Refused(
            _("%(what)s“%(part)s”不在可选范围内，可填：%(known)s。")
            % {"what": what, "part": unknown[0][:20], "known": "、".join(str(label) for _code, label in choices)}
        )
    wanted = {known[part] for part in parts if part}
    return [code for code, _label in choices if code in wanted]


def _rows(
    report: Report, name: str, content: bytes, columns: Sequence[Column], *, needed: Sequence[str]
) -> list[tuple[int, dict[str, Any]]]:
    """The rows of a sheet by their columns; what cannot be read is told row by row."""
    headers = {header_text(text): one for one in columns for text in (one.header, *one.other_headers)}
    sheet = _sheet(report, name, content, lambda texts: sum(text in headers for text in texts) >= min(3, len(columns)))
    if sheet is None:
        return []
    places = {headers[text].field: place for place, text in enumerate(sheet.headers) if text in headers}
    lacking = [one.header for one in columns if one.field in needed and one.field not in places]
    if lacking:
        report.fault(sheet.header_row, _("缺少列：%(names)s。") % {"names": "、".join(lacking)})
        return []
    found = []
    for number, line in sheet.lines:
        values = _row(report, number, line, places, columns)
        if values is not None:
            found.append((number, values))
    return found


def _row(
    report: Report, number: int, line: Sequence[Any], places: Mapping[str, int], columns: Sequence[Column]
) -> dict[str, Any] | None:
    values: dict[str, Any] = {}
    whole = True
    for one in columns:
        if one.field not in places:
            continue
        raw = line[places[one.field]] if places[one.field] < len(line) else None
        try:
            values[one.field] = read_cell(one, raw)
        except BadCell as bad:
            report.fault(number, f"{one.header}：{bad.what}。{bad.advice}")
            whole = False
    return values if whole else None


def _sheet(report: Report, name: str, content: bytes, is_header: Any) -> Sheet | None:
    try:
        sheet = read_sheet(name, content, is_header=is_header)
    except Unreadable as why:
        report.fault(0, str(why))
        return None
    if len(sheet.lines) > MOST_ROWS:
        report.fault(0, _("表格超过 %(n)s 行，请分几个文件导入。") % {"n": MOST_ROWS})
        return None
    return sheet


# --- water --------------------------------------------------------------------------------------------------------

SECTION, SAMPLED = "断面编号", "采样日期"
_SECTION_HEADERS = ("断面编号", "断面名称", "断面", "点位名称")
_DAY_HEADERS = ("采样日期", "监测日期", "日期", "监测时间", "采样时间")
_DAY = Column("sampled_on", SAMPLED, required=True, reads="date")


@transaction.atomic
def import_months(*, name: str, content: bytes, source: str, user: Any) -> Report:
    """Monthly values of sections, one row a section and month, one column an item by its name or symbol."""
    report = Report()
    items = _item_headers()
    sheet = _sheet(report, name, content, lambda texts: _place(texts, _SECTION_HEADERS) is not None)
    if sheet is None:
        return report
    at_section, at_day = _place(sheet.headers, _SECTION_HEADERS), _place(sheet.headers, _DAY_HEADERS)
    at_items = {items[text]: place for place, text in enumerate(sheet.headers) if text in items}
    if at_section is None or at_day is None or not at_items:
        report.fault(sheet.header_row, _("表头要有断面编号、采样日期和至少一个监测项目，例如氨氮。"))
        return report
    known = _sections(user)
    measured: dict[tuple[int, date], water.Measured] = {}
    for number, line in sheet.lines:
        try:
            one = _measured(line, at_section, at_day, at_items, known, source)
            if (one.section.pk, one.month) in measured:
                raise Refused(_("这个断面这个月在表里有两行，请合并成一行。"))
            measured[one.section.pk, one.month] = one
            water.check_month(one)
        except ValidationError as error:
            report.fault(number, error)
    _refuse_known(report, measured.values())
    if not report.faults:
        report.rows = len(water.load_months(measured=list(measured.values()), by=user))
    return report


def _item_headers() -> dict[str, str]:
    day = ledger.clock.today()
    named = {header_text(label): item for item, label in rules.bare_item_names(day).items()}
    return named | {item: item for item in rules.bare_item_names(day)} | {"水温": rules.WATER_TEMPERATURE}


def _place(headers: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((headers.index(text) for text in wanted if text in headers), None)


def _sections(user: Any) -> dict[str, Any]:
    """Sections by number and by name; a name that two sections share names neither."""
    rows = list(selectors.list_sections(user, "origin.edit"))
    by_name: dict[str, list[Any]] = {}
    for row in rows:
        for name in {row.name, str(row)}:
            by_name.setdefault(name, []).append(row)
    return {name: found[0] for name, found in by_name.items() if len(found) == 1} | {row.number: row for row in rows}


def _measured(
    line: Sequence[Any],
    at_section: int,
    at_day: int,
    at_items: Mapping[str, int],
    known: Mapping[str, Any],
    source: str,
) -> water.Measured:
    def cell(place: int) -> Any:
        return line[place] if place < len(line) else None

    name = as_text(cell(at_section)).strip()
    if name not in known:
        raise Refused(_("没有断面“%(name)s”，请先登记断面，或者核对编号。") % {"name": name[:40]})
    try:
        day = read_cell(_DAY, cell(at_day))
    except BadCell as bad:
        raise Refused(f"{SAMPLED}：{bad.what}。{bad.advice}") from None
    if any(isinstance(cell(place), Formula) for place in at_items.values()):
        raise Refused(_("单元格里是公式，请复制后“选择性粘贴”为数值，再重新上传。"))
    readings = {item: as_text(cell(place)).strip() for item, place in at_items.items()}
    return water.Measured(known[name], day.replace(day=1), day, {k: v for k, v in readings.items() if v}, source)


def _refuse_known(report: Report, measured: Any) -> None:
    rows = list(measured)
    standing = set(
        WaterMonth.objects.filter(section__in={one.section.pk for one in rows}, replaces=None).values_list(
            "section", "month"
        )
    )
    for one in rows:
        if (one.section.pk, one.month) in standing:
            report.fault(
                0,
                _("%(section)s %(month)s已有数据，请从表中删去这一行；要改请在原来的数据上更正。")
                % {"section": one.section, "month": f"{one.month:%Y-%m}"},
            )
