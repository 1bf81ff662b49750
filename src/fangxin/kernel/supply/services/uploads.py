"""Receipts from a sheet, retail sales from a scale's file: looked at whole, written whole, taken back whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.sheets import Formula, Sheet, Unreadable, as_text, read_sheet
from fangxin.kernel.supply.models import How, Lot, Outflow, Source, Upload
from fangxin.kernel.supply.selectors import find_supplied
from fangxin.kernel.supply.selectors_stock import lefts_of
from fangxin.kernel.supply.services.receipts import record_receipt, undo_receipt
from fangxin.kernel.supply.services.recording import MOST_QUANTITY, insert, who

MOST_ROWS = 5_000
MOST_FAULTS = 200
FIRST = datetime(2000, 1, 1, tzinfo=UTC)
# Field → what its column may be called; the first stands in the template and in faults.
RECEIPTS: Mapping[str, tuple[str, ...]] = {
    "at": ("到货日期", "到货时间", "进货日期", "日期"),
    "food": ("食品名称", "品名", "货名", "商品名称"),
    "quantity": ("数量", "重量"),
    "unit": ("单位", "计量单位"),
    "supplier": ("供货者", "供货商", "供应商"),
    "code": ("合格证编号", "追溯码", "批号"),
}
SCALE: Mapping[str, tuple[str, ...]] = {
    "at": ("time", "时间", "交易时间"),
    "stall": ("stall", "摊位", "摊位编号", "底册编号"),
    "food": ("product", "商品", "品名"),
    "quantity": ("weight", "重量", "数量"),
    "price": ("price", "金额", "价格"),
}
COLUMNS = {Upload.Kind.RECEIPTS: RECEIPTS, Upload.Kind.SCALE: SCALE}
REQUIRED = {Upload.Kind.RECEIPTS: ("at", "food", "quantity"), Upload.Kind.SCALE: ("at", "stall", "food", "quantity")}


@dataclass(frozen=True, slots=True)
class Line:
    """A sound row."""

    at: datetime
    food: str
    quantity: Decimal
    unit: str = "kg"
    supplier: str = ""
    code: str = ""
    stall: str = ""
    price: Decimal | None = None


def template(kind: str) -> list[str]:
    return [names[0] for names in COLUMNS[Upload.Kind(kind)].values()]


@transaction.atomic
def check(*, kind: str, premises: Any, name: str, content: bytes, by: Any) -> Upload:
    """Keep the file and say what is wrong with it; nothing else is written. Raises ValidationError for an unusable file."""
    try:
        lines, faults = _read(kind, name, content, premises)
    except Unreadable as error:
        raise ValidationError({"file": str(error)}) from None
    upload = insert(
        Upload(
            kind=kind, premises=premises, division_code=premises.division_code, faults=faults[:MOST_FAULTS],
            file=ledger.store_evidence(name=name, content=content, by=by), rows=len(lines), uploaded_at=ledger.clock.now(),
            uploaded_by=who(by),
        )
    )  # fmt: skip
    ledger.record("supply.upload.checked", of=upload, by=by, data={"rows": len(lines), "faults": len(faults)})
    return upload


@transaction.atomic
def apply(*, upload: Upload, by: Any) -> int:
    """Write every row, or none."""
    if upload.faults:
        raise ValidationError(_("文件里还有问题，请改好后重新上传。"))
    if Upload.objects.filter(pk=upload.pk, state=Upload.State.CHECKED).update(state=Upload.State.APPLIED) != 1:
        raise ValidationError(_("这个文件刚刚已经写入或者撤销，请刷新后查看。"))
    lines, faults = _read(upload.kind, upload.file.name, ledger.read_evidence(upload.file), upload.premises)
    if faults:
        raise ValidationError(_("文件检查以后情况有变：%(why)s") % {"why": faults[0][2]})
    if upload.kind == Upload.Kind.RECEIPTS:
        _receive(upload, lines, by)
    else:
        _sell(upload, lines, by)
    ledger.record("supply.upload.read", of=upload, by=by, division_code=upload.division_code, data={"rows": len(lines)})
    return len(lines)


@transaction.atomic
def undo(*, upload: Upload, reason: str, by: Any) -> Upload:
    changed = Upload.objects.filter(pk=upload.pk).exclude(state=Upload.State.UNDONE).update(
        state=Upload.State.UNDONE, undone_at=ledger.clock.now(), undone_by=who(by), undone_reason=reason.strip()[:200]
    )  # fmt: skip
    if changed != 1:
        raise ValidationError(_("这个文件已经撤销。"))
    for receipt in upload.receipts.filter(state="kept"):
        undo_receipt(receipt=receipt, reason=reason, by=by)
    upload.outflows.all().delete()
    upload.refresh_from_db()
    ledger.record(
        "supply.upload.undone", of=upload, by=by, division_code=upload.division_code, data={"reason": reason[:200]}
    )
    return upload


# --- reading ----------------------------------------------------------------------------------------------------------


def _read(kind: str, name: str, content: bytes, premises: Any) -> tuple[list[Line], list[list[Any]]]:
    names, required = COLUMNS[Upload.Kind(kind)], REQUIRED[Upload.Kind(kind)]
    sheet = read_sheet(
        name, content, is_header=lambda headers: len(_columns(headers, names)) >= len(required), most_rows=MOST_ROWS
    )
    columns = _columns(sheet.headers, names)
    missing = [names[field][0] for field in required if field not in columns]
    if missing:
        raise Unreadable(_("表中缺少这些列：%(names)s。请对照模板补上。") % {"names": "、".join(missing)})
    stalls = _stalls(sheet, columns, premises) if kind == Upload.Kind.SCALE else None
    lines: list[Line] = []
    faults: list[list[Any]] = []
    for number, values in sheet.lines:
        raw = {field: values[at] if at < len(values) else None for field, at in columns.items()}
        line, wrong = _line(raw, stalls)
        if line is not None and not wrong:
            lines.append(line)
        faults += [[number, names[field][0], text] for field, text in wrong]
    return lines, faults


def _columns(headers: Sequence[str], names: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    known = {name: field for field, called in names.items() for name in called}
    found: dict[str, int] = {}
    for place, header in enumerate(headers):
        field = known.get(header.lower()) or known.get(header)
        if field is not None:
            found.setdefault(field, place)
    return found


def _stalls(sheet: Sheet, columns: Mapping[str, int], premises: Any) -> dict[str, Any]:
    """Places that the file names by their register number: the market itself, and places of its township."""
    at = columns["stall"]
    named = {as_text(values[at]) for _n, values in sheet.lines if at < len(values)}
    rows = registry.Premises.objects.filter(number__in=sorted(named)[:900], merged_into=None)
    rows = rows.filter(division_code__startswith=premises.division_code[:9])
    return {row.number: row for row in rows}


def _line(raw: Mapping[str, Any], stalls: Mapping[str, Any] | None) -> tuple[Line | None, list[tuple[str, str]]]:
    wrong: list[tuple[str, str]] = []
    if any(isinstance(value, Formula) for value in raw.values()):
        return None, [("food", _("这一行有公式，请粘贴为值。"))]
    at, quantity = _moment(raw.get("at")), _number(raw.get("quantity"))
    food, unit = as_text(raw.get("food")), as_text(raw.get("unit")) or "kg"
    if at is None:
        wrong.append(("at", _("日期不对，请写成 2023-03-15 或 2023-03-15 08:30，不能晚于现在。")))
    if quantity is None or not 0 < quantity < MOST_QUANTITY:
        wrong.append(("quantity", _("数量应是大于 0 的数字。")))
    if not 0 < len(food) <= 100:
        wrong.append(("food", _("请填写食品名称，不超过 100 字。")))
    if len(unit) > 10:
        wrong.append(("unit", _("单位太长，请写 kg、箱等。")))
    stall, supplier, code = (as_text(raw.get(name)) for name in ("stall", "supplier", "code"))
    if stalls is not None and stall not in stalls:
        wrong.append(("stall", _("底册里没有这个编号，或者不在本乡镇。")))
    if len(supplier) > 120 or len(code) > 120:
        wrong.append(("supplier", _("供货者或者编号太长，不超过 120 字。")))
    if wrong or at is None or quantity is None:
        return None, wrong
    return Line(at, food, quantity, unit, supplier, code, stall, _number(raw.get("price"))), []


def _moment(value: Any) -> datetime | None:
    text = as_text(value).replace("/", "-").replace("T", " ")
    for shape in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            at = datetime.strptime(text, shape).replace(tzinfo=ledger.clock.LOCAL)
        except ValueError:
            continue
        if shape == "%Y-%m-%d":
            at = min(datetime.combine(at.date(), time(12), tzinfo=ledger.clock.LOCAL), ledger.clock.now()) if (
                at.date() <= ledger.clock.today()) else at  # fmt: skip
        return at if FIRST < at <= ledger.clock.now() else None
    return None


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(as_text(value).replace(",", ""))
    except InvalidOperation:
        return None
    return number.quantize(Decimal("0.001")) if number.is_finite() and abs(number) < MOST_QUANTITY else None


# --- writing ----------------------------------------------------------------------------------------------------------


def _receive(upload: Upload, lines: Sequence[Line], by: Any) -> None:
    for line in lines:
        record_receipt(
            premises=upload.premises, food=line.food, quantity=line.quantity, unit=line.unit, received_at=line.at,
            how=How.SHEET, supplier_name=line.supplier, certificate_code=line.code, from_lot=find_supplied(line.code),
            upload=upload, by=by,
        )  # fmt: skip


def _sell(upload: Upload, lines: Sequence[Line], by: Any) -> None:
    """A scale knows no lot: the oldest of that food at the stall of which something is left, and that is said to be inferred."""
    stalls = registry.Premises.objects.in_bulk(sorted({line.stall for line in lines}), field_name="number")
    shelves = {number: _Shelf(place) for number, place in stalls.items()}
    rows = []
    for line in sorted(lines, key=lambda line: line.at):
        place = stalls[line.stall]
        rows.append(
            Outflow(
                premises=place, lot=shelves[line.stall].take(line), food=line.food, kind=Outflow.Kind.SOLD, at=line.at,
                quantity=line.quantity, unit=line.unit, price=line.price, source=Source.SCALE, inferred=True,
                division_code=place.division_code, upload=upload, recorded_by=who(by),
            )
        )  # fmt: skip
    Outflow.objects.bulk_create(rows, batch_size=500)


class _Shelf:
    """What a stall has, oldest first."""

    def __init__(self, place: Any) -> None:
        self.lots = list(Lot.objects.filter(premises=place, state=Lot.State.OPEN).order_by("began_on", "number")[:2000])
        self.left = {pk: left.quantity for pk, left in lefts_of(self.lots).items()}

    def take(self, line: Line) -> Lot | None:
        day = line.at.astimezone(ledger.clock.LOCAL).date()
        fits = [lot for lot in self.lots if lot.food == line.food and lot.unit == line.unit and lot.began_on <= day]
        for lot in fits:
            left = self.left[lot.pk]
            if left is None or left >= line.quantity:
                self.left[lot.pk] = None if left is None else left - line.quantity
                return lot
        return None
