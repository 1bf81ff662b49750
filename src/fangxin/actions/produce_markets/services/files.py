"""Files of scales, trace systems and carriers: each line names goods by their entry number or lot, and joins them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fangxin.actions.produce_markets.models import DataFile, Entry, Haul, Market, Proof
from fangxin.actions.produce_markets.services import entries
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import Refused, insert, who
from fangxin.kernel.registry.importing.cells import BadCell, read_cell
from fangxin.kernel.registry.importing.columns import Column
from fangxin.kernel.screens.sheets import Unreadable, read_sheet

MOST_LINES = 5_000
MOST_FAULTS = 200
Kind = DataFile.Kind
_NUMBER = Column("number", "入场编号", ("批次编号", "追溯码"), required=True, most=40)
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    Kind.TRADE: (
        _NUMBER, Column("at", "交易时间", ("时间", "日期"), required=True, most=30),
        Column("quantity", "重量", ("数量", "净重"), required=True, reads="number"),
        Column("buyer", "购买单位", ("买方",), most=120), Column("voucher", "凭证号", ("单号", "流水号"), most=60),
    ),
    Kind.TRACE: (
        _NUMBER, Column("kind", "凭证种类", (), required=True, reads="choice", choices=lambda: {v: str(n) for v, n in Proof.choices}),
        Column("code", "凭证编号", ("合格证编号",), required=True, most=60),
    ),
    Kind.LOGISTICS: (
        _NUMBER, Column("vehicle", "车牌", ("车牌号",), required=True, most=20),
        Column("left_at", "发车时间", (), most=30), Column("arrived_at", "到达时间", (), most=30),
        Column("warmest", "最高温度", (), reads="number"), Column("coldest", "最低温度", (), reads="number"),
    ),
}  # fmt: skip


def moment(text: str | None) -> datetime | None:
    """A day, or a day with its time, as scales write it."""
    if not text:
        return None
    plain = text.replace("/", "-").replace("年", "-").replace("月", "-").replace("日", " ").strip()
    try:
        found = datetime.fromisoformat(plain)
    except ValueError:
        raise BadCell(_("“%(text)s”不是时间") % {"text": text[:30]}, _("请写成 2024-03-01 08:30 的样子。")) from None
    if not date(2000, 1, 1) <= found.date() <= date(2200, 1, 1):
        raise BadCell(_("“%(text)s”不是时间") % {"text": text[:30]})
    if found.time() == time():
        found = found.replace(hour=23, minute=59)
    return found if found.tzinfo is not None else found.replace(tzinfo=ledger.clock.LOCAL)


@transaction.atomic
def take_in(*, market: Market, kind: str, name: str, content: bytes, by: Any) -> DataFile:
    """Read a file and take over every line that names goods of this market; the others are told with their reason."""
    if kind not in COLUMNS:
        raise Refused({"kind": _("请选择数据种类。")})
    columns = COLUMNS[kind]
    try:
        sheet = read_sheet(
            name, content, is_header=lambda headers: len(_places(headers, columns)) >= 2, most_rows=MOST_LINES
        )
    except Unreadable as error:
        raise Refused({"file": str(error)}) from None
    places = _places(sheet.headers, columns)
    lacking = [c.header for c in columns if c.required and c not in places.values()]
    if lacking:
        raise Refused({"file": _("表头缺少：%(what)s。") % {"what": "、".join(lacking)}})
    row = _kept(market, kind, name, content, by)
    faults: list[list[Any]] = []
    taken = 0
    for number, values in sheet.lines:
        try:
            cells = {c.field: read_cell(c, values[p] if p < len(values) else None) for p, c in places.items()}
            with transaction.atomic():
                _TAKE[Kind(kind)](row, _entry(market, cells["number"]), cells, by)
            taken += 1
        except BadCell as bad:
            faults.append([number, f"{bad.what}。{bad.advice}"])
        except ValidationError as error:
            faults.append([number, " ".join(error.messages)])
    row.taken, row.faults = taken, faults[:MOST_FAULTS]
    row.save(update_fields=["taken", "faults"])
    ledger.record(
        "produce_markets.file.taken", of=row, by=by, data={"kind": kind, "taken": taken, "faults": len(faults)}
    )
    return row


def _places(headers: Sequence[str], columns: Sequence[Column]) -> dict[int, Column]:
    known = {header: column for column in columns for header in (column.header, *column.other_headers)}
    found: dict[int, Column] = {}
    for place, header in enumerate(headers):
        if header in known and known[header] not in found.values():
            found[place] = known[header]
    return found


def _kept(market: Market, kind: str, name: str, content: bytes, by: Any) -> DataFile:
    try:
        with transaction.atomic():
            row: DataFile = insert(
                DataFile(
                    market=market, division_code=market.division_code, kind=kind, name=name[-200:],
                    file=ledger.store_evidence(name=name, content=content, by=by), uploaded_at=ledger.clock.now(),
                    uploaded_by=who(by),
                )
            )  # fmt: skip
            return row
    except IntegrityError:
        raise Refused({"file": _("这个文件已经导入过，没有重复入账。")}) from None


def _entry(market: Market, number: str) -> Entry:
    rows = Entry.objects.filter(market=market).exclude(state__in=(Entry.State.REFUSED, Entry.State.UNDONE))
    found = rows.filter(number=number).first() or rows.filter(lot__number=number).first()
    if found is None:
        raise BadCell(_("本市场没有“%(number)s”这批货") % {"number": number}, _("请核对编号。"))
    return found


def _trade(row: DataFile, entry: Entry, cells: Mapping[str, Any], by: Any) -> None:
    entries.sell(
        entry=entry, quantity=cells["quantity"], at=min(moment(cells["at"]) or ledger.clock.now(), ledger.clock.now()),
        buyer=cells.get("buyer") or "", voucher=cells.get("voucher") or "", data_file=row, by=by,
    )  # fmt: skip


def _trace(_row: DataFile, entry: Entry, cells: Mapping[str, Any], by: Any) -> None:
    if entry.state == Entry.State.ISOLATED:
        entries.add_proof(entry=entry, kind=cells["kind"], number=cells["code"], by=by)
        return
    Entry.objects.filter(pk=entry.pk).update(proofs={**entry.proofs, cells["kind"]: cells["code"]})
    ledger.record("produce_markets.entry.proof_joined", of=entry, by=by, data={"kind": cells["kind"]})


def _logistics(row: DataFile, entry: Entry, cells: Mapping[str, Any], by: Any) -> None:
    insert(
        Haul(
            entry=entry,
            data_file=row,
            vehicle=cells["vehicle"].upper(),
            left_at=moment(cells.get("left_at")),
            arrived_at=moment(cells.get("arrived_at")),
            warmest=cells.get("warmest"),
            coldest=cells.get("coldest"),
        )
    )


_TAKE: Mapping[str, Callable[..., None]] = {Kind.TRADE: _trade, Kind.TRACE: _trace, Kind.LOGISTICS: _logistics}
