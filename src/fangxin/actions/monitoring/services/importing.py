"""Results of risk monitoring: a department's sheet, all of it or none, and what the laboratory tells."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.monitoring import rules
from fangxin.actions.monitoring.models import Batch, Measurement
from fangxin.actions.monitoring.services.steps import insert, who
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.sheets import Formula, Sheet, Unreadable, as_text, read_sheet

MOST_ROWS = 20_000
MOST_FAULTS = 200
PURPOSE = "risk_monitoring"
_EPOCH = date(1899, 12, 30)
# Header → field; the first is the one in the template.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "sample_no": ("样品编号", "样品号", "样本编号"),
    "food": ("食品名称", "食品", "样品名称", "食品品种"),
    "food_class": ("食品类别", "食品分类", "类别"),
    "analyte": ("监测项目", "检测项目", "项目", "项目名称"),
    "as_typed": ("检测结果", "结果", "检测值", "含量"),
    "unit": ("单位", "结果单位"),
    "lod": ("检出限", "LOD"),
    "loq": ("定量限", "LOQ"),
    "sampled_on": ("采样日期", "抽样日期"),
    "place": ("采样地点", "乡镇", "采样乡镇", "区划代码"),
}
REQUIRED = ("sample_no", "food", "analyte", "as_typed", "unit", "sampled_on", "place")
LENGTHS = {"sample_no": 60, "food": 100, "food_class": 100, "analyte": 100, "as_typed": 60, "unit": 20}


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet that was read: rows that may be written, and what is wrong with the others."""

    rows: tuple[Mapping[str, Any], ...]
    faults: tuple[tuple[int, str], ...]
    unknown_hazards: tuple[str, ...]
    unknown_foods: tuple[str, ...]
    digest: str


def _columns(headers: Sequence[str]) -> dict[str, int]:
    known = {name: field for field, names in HEADERS.items() for name in names}
    found: dict[str, int] = {}
    for position, header in enumerate(headers):
        field = known.get(header)
        if field is not None:
            found.setdefault(field, position)
    return found


def is_header(headers: list[str]) -> bool:
    return len(_columns(headers)) >= 4


def check_sheet(*, name: str, content: bytes, division_code: str, today: date) -> Checked:
    """Read a sheet without writing anything. Raises `Unreadable` for a file that cannot be used at all."""
    sheet = read_sheet(name, content, is_header=is_header)
    columns = _columns(sheet.headers)
    missing = [HEADERS[field][0] for field in REQUIRED if field not in columns]
    if missing:
        raise Unreadable(_("表中缺少这些列：%(names)s。请对照模板补上。") % {"names": rules.joined(missing)})
    if len(sheet.lines) > MOST_ROWS:
        raise Unreadable(_("一次最多导入 %(n)s 行，请拆成几个文件。") % {"n": MOST_ROWS})
    return _check_lines(sheet, columns, _Places(division_code), today, _digest(content))


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _check_lines(sheet: Sheet, columns: Mapping[str, int], places: "_Places", today: date, digest: str) -> Checked:
    rows: list[Mapping[str, Any]] = []
    faults: list[tuple[int, str]] = []
    seen: dict[tuple[str, str], int] = {}
    for number, values in sheet.lines:
        raw = {field: values[at] if at < len(values) else None for field, at in columns.items()}
        try:
            row = _read_line(raw, places, today)
        except rules.Refused as error:
            faults.append((number, rules.plain_messages(error)))
            continue
        key = (row["sample_no"], row["analyte"])
        if key in seen:
            text = _("样品“%(sample)s”的“%(analyte)s”在第 %(row)s 行已有一次，请只留一行。")
            faults.append((number, text % {"sample": key[0], "analyte": key[1], "row": seen[key]}))
            continue
        seen[key] = number
        rows.append(row)
    over = rules.compare_with_limits(rows) if not faults else [""] * len(rows)
    return Checked(
        rows=tuple(_compared(row, above) for row, above in zip(rows, over, strict=True)),
        faults=tuple(faults),
        unknown_hazards=tuple(sorted({r["analyte"] for r in rows if not r["hazard"]})),
        unknown_foods=tuple(sorted({r["food"] for r in rows if not r["food_group"]})),
        digest=digest,
    )


def _compared(row: Mapping[str, Any], over_limit: str) -> Mapping[str, Any]:
    kept = {field: value for field, value in row.items() if field not in ("lod_typed", "loq_typed")}
    return {**kept, "over_limit": over_limit}


class _Places:
    """Townships and villages of the county by code and by name; a name that two places share names none."""

    def __init__(self, division_code: str) -> None:
        self.prefix = division_code
        rows = list(people.list_divisions(division_code).values_list("code", "name"))
        self.codes = {code for code, _name in rows}
        names: dict[str, set[str]] = {}
        for code, name in rows:
            names.setdefault(name, set()).add(code)
        self.names = {name: min(codes) for name, codes in names.items() if len(codes) == 1}

    def find(self, text: str) -> str:
        code = text if text in self.codes else self.names.get(text, "")
        if not code:
            raise rules.Refused(
                _("采样地点“%(place)s”不在本辖区或者有重名，请填乡镇名称或 9 位代码。") % {"place": text[:40]}
            )
        return code


def _read_line(raw: Mapping[str, Any], places: _Places, today: date) -> dict[str, Any]:
    if any(isinstance(value, Formula) for value in raw.values()):
        raise rules.Refused(_("单元格里是公式，请粘贴为数值后再上传。"))
    row = {field: _text(field, raw.get(field)) for field in LENGTHS}
    lod, loq = _number(raw.get("lod")), _number(raw.get("loq"))
    said = rules.read_result(row["as_typed"], row["unit"], lod, loq)
    return {
        **row,
        **said,
        "lod_typed": lod,
        "loq_typed": loq,
        "hazard": rules.hazard_of(row["analyte"]),
        "food_group": rules.group_of(row["food"], row["food_class"]),
        "sampled_on": _day(raw.get("sampled_on"), today),
        "division_code": places.find(as_text(raw.get("place")).strip()),
    }


def _text(field: str, value: Any) -> str:
    text = " ".join(as_text(value).replace("\0", "").split())
    if not text and field in REQUIRED:
        raise rules.Refused(_("“%(column)s”没有填写。") % {"column": HEADERS[field][0]})
    if len(text) > LENGTHS[field]:
        raise rules.Refused(_("“%(column)s”太长，最多 %(n)s 字。") % {"column": HEADERS[field][0], "n": LENGTHS[field]})
    return text


def _number(value: Any) -> Decimal | None:
    text = as_text(value).strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise rules.Refused(_("检出限或定量限“%(text)s”不是数。") % {"text": text[:20]})
    return number or None


def _day(value: Any, today: date) -> date:
    if isinstance(value, int) and not isinstance(value, bool) and 18_264 <= value <= 73_050:
        value = _EPOCH + timedelta(days=value)
    if not isinstance(value, date):
        text = as_text(value).strip().replace("/", "-").replace(".", "-")
        try:
            value = date.fromisoformat("-".join(part.zfill(2) for part in text.split("-")))
        except ValueError:
            raise rules.Refused(_("采样日期“%(text)s”不是日期，请写成 2023-03-15。") % {"text": text[:20]}) from None
    if not date(2000, 1, 1) <= value <= today:
        raise rules.Refused(_("采样日期 %(day)s 晚于今天或者太早，请核对。") % {"day": value})
    found: date = value
    return found


@transaction.atomic
def import_results(*, name: str, content: bytes, source: str, division_code: str, by: Any) -> Batch:
    """Write a whole sheet. One line that cannot be read refuses it all; the reasons name the rows."""
    try:
        checked = check_sheet(name=name, content=content, division_code=division_code, today=ledger.clock.today())
    except Unreadable as error:
        raise rules.Refused({"file": str(error)}) from None
    if checked.faults:
        lines = [_("第 %(row)s 行：%(why)s") % {"row": row, "why": why} for row, why in checked.faults[:MOST_FAULTS]]
        raise rules.Refused(
            {"file": [_("有 %(n)s 行不能导入，没有写入任何内容：") % {"n": len(checked.faults)}, *lines]}
        )
    return load_results(
        name=name, source=source, division_code=division_code, rows=checked.rows, digest=checked.digest, by=by
    )


@transaction.atomic
def load_results(
    *, name: str, source: str, division_code: str, rows: Sequence[Mapping[str, Any]], digest: str, by: Any
) -> Batch:
    """Write rows that were read before, as one batch."""
    now = ledger.clock.now()
    batch: Batch = insert(
        Batch(
            name=name[:200], source=source.strip(), division_code=division_code, rows=len(rows), digest=digest,
            imported_at=now, imported_by=who(by),
        )
    )  # fmt: skip
    kind = Measurement.Source.DEPARTMENT
    Measurement.objects.bulk_create(
        [Measurement(batch=batch, source=kind, entered_at=now, entered_by=who(by), **row) for row in rows],
        batch_size=500,
    )
    ledger.record("monitoring.results.imported", of=batch, by=by, data={"rows": len(rows), "digest": digest})
    return batch


@transaction.atomic
def withdraw_batch(*, batch: Batch, why: str, by: Any) -> Batch:
    """The rows stay, and count no more."""
    why = why.strip()[:200]
    if not why:
        raise rules.Refused({"why": _("请写明为什么撤回。")})
    done = Batch.objects.filter(pk=batch.pk, withdrawn_at=None).update(
        withdrawn_at=ledger.clock.now(), withdrawn_by=who(by), withdrawn_why=why
    )
    batch.refresh_from_db()
    if done != 1:
        raise rules.MovedOn(_("这个批次刚刚已被撤回。"))
    ledger.record("monitoring.results.withdrawn", of=batch, by=by, data={"why": why})
    return batch


OUTCOMES = {"conforming": Measurement.OverLimit.NO, "nonconforming": Measurement.OverLimit.YES}


def verdict_told(announcement: Announcement, *, by: Any) -> None:
    """A result of the laboratory for risk monitoring. A later one for the same sample and item corrects the earlier."""
    facts = announcement.facts
    if facts.get("purpose") != PURPOSE:
        return
    try:
        said = rules.read_result(_reported(facts), str(facts.get("unit") or ""), facts.get("lod"), facts.get("loq"))
    except rules.Refused:
        return  # no number of mass per mass, such as a count of germs: not a matter of exposure
    _keep_told(facts, said, announcement.division_code, by=by)


def _reported(facts: Mapping[str, Any]) -> str:
    """As reported; where nothing was, the number itself."""
    text = str(facts.get("expression") or "")
    return text or ("" if facts.get("value") is None else str(facts["value"]))


def _keep_told(facts: Mapping[str, Any], said: Mapping[str, Any], division_code: str, *, by: Any) -> None:
    food, food_class = str(facts["food"])[:100], str(facts.get("food_class") or "")[:100]
    analyte, sample = str(facts["analyte"])[:100], str(facts["sample_no"])[:60]
    earlier = Measurement.objects.filter(
        source=Measurement.Source.LABORATORY, sample_no=sample, analyte=analyte, replaced_by=None
    ).first()
    sampled = facts["sampled_on"]
    row = Measurement(
        source=Measurement.Source.LABORATORY, sample_no=sample, food=food, food_class=food_class, analyte=analyte,
        as_typed=_reported(facts)[:60], unit=str(facts.get("unit") or "")[:20], hazard=rules.hazard_of(analyte),
        food_group=rules.group_of(food, food_class), over_limit=OUTCOMES.get(str(facts.get("outcome")), ""),
        sampled_on=sampled if isinstance(sampled, date) else date.fromisoformat(str(sampled)),
        division_code=str(facts.get("division_code") or division_code), entered_at=ledger.clock.now(),
        entered_by=who(by), replaces=earlier, **said,
    )  # fmt: skip
    insert(row)
    ledger.record("monitoring.result.told", of=row, by=by)
