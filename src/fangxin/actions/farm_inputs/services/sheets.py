"""A dealer's book as a sheet: read and shown first, then taken over as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs import rules_inputs as rules
from fangxin.actions.farm_inputs.models import Dealer, LedgerLine, LedgerSheet, Product
from fangxin.actions.farm_inputs.models.fields import AmountUnit
from fangxin.actions.farm_inputs.services.dealing import (
    COMES_IN,
    Entry,
    check_entry,
    load_lines,
    stocks_of,
)
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, who
from fangxin.kernel.registry.importing.cells import BadCell, read_cell
from fangxin.kernel.registry.importing.columns import Column, in_tables
from fangxin.kernel.screens.sheets import Unreadable, read_sheet

MOST_LINES = 20_000
_KINDS = {"purchase": "购进", "sale": "售出", "return": "退货", "loss": "报损"}

COLUMNS = (
    Column("on", "日期", ("销售日期", "购进日期"), required=True, reads="date"),
    Column("kind", "类别", ("进销", "购销"), required=True, reads="choice", choices=lambda: dict(_KINDS)),
    Column("registration_no", "登记证号", ("批准文号", "农药登记证号", "兽药批准文号"), required=True, most=40),
    Column("name", "产品名称", ("品名",), most=80),
    Column("amount", "数量", (), required=True, reads="number"),
    Column(
        "unit", "单位", ("计量单位",), required=True, reads="choice",
        choices=lambda: {value: in_tables(label) for value, label in AmountUnit.choices},
    ),
    Column("packs", "件数", ("瓶数", "袋数"), reads="whole"),
    Column("batch_no", "生产批号", ("批号",), most=40),
    Column("supplier", "供货单位", ("供应商",), most=120),
    Column("buyer_name", "购买人", ("购买人姓名", "顾客"), most=60),
    Column("buyer_identity", "身份证件号码", ("身份证号",), most=30),
    Column("buyer_phone", "购买人电话", ("电话", "联系电话"), most=30),
    Column("crop", "用于作物", ("作物", "施用作物"), most=40),
    Column("purpose", "用途", ("防治对象",), most=120),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """One row of the sheet: the entry it would become, or what is wrong with it; and what the rules say of it."""

    number: int
    entry: Entry | None
    faults: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def _column_map(headers: Sequence[str]) -> dict[int, Column]:
    known = {header: column for column in COLUMNS for header in (column.header, *column.other_headers)}
    known.update({column.header: column for column in COLUMNS})
    found: dict[int, Column] = {}
    for place, header in enumerate(headers):
        column = known.get(header)
        if column is not None and column not in found.values():
            found[place] = column
    return found


def read_lines(dealer: Dealer, name: str, content: bytes) -> list[Preview]:
    """Every row of the sheet in its order. Unreadable sheets are refused with the reason."""
    try:
        sheet = read_sheet(name, content, is_header=lambda headers: len(_column_map(headers)) >= 4)
    except Unreadable as error:
        raise ledger.Refused({"file": str(error)}) from None
    if len(sheet.lines) > MOST_LINES:
        raise ledger.Refused({"file": _("表格超过 %(most)s 行，请按年份拆开。") % {"most": MOST_LINES}})
    columns = _column_map(sheet.headers)
    missing = [c.header for c in COLUMNS if c.required and c not in columns.values()]
    if missing:
        raise ledger.Refused({"file": _("表头缺少：%(what)s。请下载模板核对。") % {"what": "、".join(missing)}})
    products = {_bare(product.registration_no): product for product in Product.objects.all()}
    read = [_read_row(number, values, columns, products) for number, values in sheet.lines]
    return _judge(dealer, read)


def _bare(number: str) -> str:
    return "".join(number.split()).upper()


def _read_row(
    number: int, values: Sequence[Any], columns: Mapping[int, Column], products: Mapping[str, Product]
) -> Preview:
    cells: dict[str, Any] = {}
    faults = []
    for place, column in columns.items():
        try:
            cells[column.field] = read_cell(column, values[place] if place < len(values) else None)
        except BadCell as bad:
            faults.append(f"{column.header}：{bad.what}{bad.advice and '，'}{bad.advice}")
    product = products.get(_bare(cells["registration_no"])) if cells.get("registration_no") else None
    if product is None and cells.get("registration_no"):
        faults.append(_("登记证号“%(number)s”不在产品目录，请先登记产品。") % {"number": cells["registration_no"]})
    if cells.get("amount") is not None and cells["amount"] <= 0:
        faults.append(_("数量应大于零。"))
    if faults or product is None:
        return Preview(number, None, tuple(faults))
    texts = ("batch_no", "supplier", "buyer_name", "buyer_identity", "buyer_phone", "crop", "purpose")
    entry = Entry(
        kind=cells["kind"],
        product=product,
        on=cells["on"],
        amount=cells["amount"],
        unit=cells["unit"],
        packs=cells.get("packs") or None,
        happened=True,
        **{name: cells.get(name) or "" for name in texts},
    )
    return Preview(number, entry)


def _judge(dealer: Dealer, read: list[Preview]) -> list[Preview]:
    """Faults and problems in the order of time, with the stock carried along; lines already in the book are told."""
    stocks = stocks_of([dealer.pk])
    known = _known_lines(dealer)
    judged: dict[int, Preview] = {}
    for row in sorted(read, key=_in_time):
        if row.entry is None:
            judged[row.number] = row
            continue
        entry, key = row.entry, (dealer.pk, row.entry.product.pk)
        faults = _faults(dealer, entry, known)
        try:
            stock = stocks.get(key, Decimal(0))
            problems = check_entry(dealer, entry, stock=stock) if not faults else []
            quantity = rules.quantity_of(entry.product, entry.amount, entry.unit)
        except ValidationError as error:
            judged[row.number] = Preview(row.number, None, tuple(error.messages))
            continue
        if faults:
            judged[row.number] = Preview(row.number, None, tuple(faults))
            continue
        known.add(_identity(entry))
        stocks[key] = stock + quantity if entry.kind in COMES_IN else max(stock - quantity, Decimal(0))
        judged[row.number] = Preview(row.number, entry, (), tuple(problem.text for problem in problems))
    return [judged[row.number] for row in read]


def _in_time(row: Preview) -> tuple[date, bool]:
    return (row.entry.on, row.entry.kind not in COMES_IN) if row.entry is not None else (date.min, False)


def _faults(dealer: Dealer, entry: Entry, known: set[tuple[Any, ...]]) -> list[str]:
    found = []
    if entry.on > ledger.clock.today():
        found.append(_("日期还没有到。"))
    if not dealer.sells(entry.product.kind):
        found.append(_("这家店不经营%(kind)s。") % {"kind": entry.product.get_kind_display()})
    if _identity(entry) in known:
        found.append(_("与已入账或者表中前面的一笔完全相同，不重复入账。"))
    return found


def _identity(entry: Entry) -> tuple[Any, ...]:
    return (
        entry.kind,
        entry.product.pk,
        entry.on,
        entry.amount.normalize(),
        entry.unit,
        entry.batch_no,
        entry.buyer_name,
    )


def _known_lines(dealer: Dealer) -> set[tuple[Any, ...]]:
    rows = LedgerLine.objects.filter(dealer=dealer, takes_back=None, taken_back_by=None)
    found = rows.values_list("kind", "product", "on", "amount", "unit", "batch_no", "buyer_name")
    return {(kind, product, on, amount.normalize(), *rest) for kind, product, on, amount, *rest in found}


@transaction.atomic
def hand_in(*, dealer: Dealer, name: str, content: bytes, by: Any) -> LedgerSheet:
    """Keep a sheet and say what would become of it; nothing is booked yet."""
    rows = read_lines(dealer, name, content)
    sheet: LedgerSheet = insert(
        LedgerSheet(
            dealer=dealer,
            division_code=dealer.division_code,
            name=name[-200:],
            file=ledger.store_evidence(name=name, content=content, by=by),
            lines=sum(row.entry is not None for row in rows),
            faults=sum(row.entry is None for row in rows),
            uploaded_at=ledger.clock.now(),
            uploaded_by=who(by),
        )
    )
    ledger.record("farm_inputs.sheet.handed_in", of=sheet, by=by, data={"lines": sheet.lines, "faults": sheet.faults})
    return sheet


def preview(sheet: LedgerSheet) -> list[Preview]:
    """What would become of it now: products may have been entered, and lines booked, since it was handed in."""
    try:
        content = ledger.read_evidence(sheet.file)
    except (OSError, ValueError):
        raise ledger.Refused(_("表格原件读不出来，请重新上传。")) from None
    return read_lines(sheet.dealer, sheet.name, content)


@transaction.atomic
def take_over(*, sheet: LedgerSheet, by: Any) -> LedgerSheet:
    """Book every line without fault. Lines with faults stay out; correct them in the sheet and hand it in again."""
    _leave(sheet, LedgerSheet.State.LOADED)
    rows = [row for row in preview(sheet) if row.entry is not None]
    if not rows:
        raise ledger.Refused(_("表中没有可以入账的行。请改正后重新上传。"))
    load_lines(entries=[(sheet.dealer, row.entry) for row in rows if row.entry is not None], sheet=sheet, by=by)
    LedgerSheet.objects.filter(pk=sheet.pk).update(lines=len(rows))
    sheet.refresh_from_db()
    return sheet


@transaction.atomic
def drop(*, sheet: LedgerSheet, by: Any) -> LedgerSheet:
    _leave(sheet, LedgerSheet.State.DROPPED)
    ledger.record("farm_inputs.sheet.dropped", of=sheet, by=by)
    return sheet


def _leave(sheet: LedgerSheet, to: str) -> None:
    fresh = LedgerSheet.objects.filter(pk=sheet.pk, state=LedgerSheet.State.READ)
    if fresh.update(state=to) != 1:
        raise ledger.Refused(_("这张表格刚刚已经办理，没有重复入账。"))
    sheet.refresh_from_db()


def template_rows() -> tuple[list[str], list[list[str]]]:
    """Headers, and two lines that show how it is filled in."""
    headers = [column.header + ("*" if column.required else "") for column in COLUMNS]
    purchase = ["2024-03-01", "购进", "PD00000001", "示例产品", "10", "千克（公斤）", "20", "20240101", "示例供货公司"]
    sale = [
        "2024-03-05",
        "售出",
        "PD00000001",
        "示例产品",
        "0.5",
        "千克（公斤）",
        "1",
        "",
        "",
        "",
        "",
        "",
        "小麦",
        "蚜虫",
    ]
    return headers, [row + [""] * (len(headers) - len(row)) for row in (purchase, sale)]
