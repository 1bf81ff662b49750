"""Many stalls, goods, tests and self-inspections of the past at once, each as the services would have left it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from fangxin.actions.produce_markets import rules, standards
from fangxin.actions.produce_markets.models import (
    Entry,
    HolderPaper,
    Market,
    Outgoing,
    RoomTest,
    SelfCheck,
    Stall,
    Tenancy,
)
from fangxin.actions.produce_markets.services.entries import SERIES
from fangxin.kernel.laboratory import api as laboratory
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import who
from fangxin.kernel.supply import api as supply
from fangxin.kernel.supply.data import Load, NewLot, NewOutflow, NewReceipt

BATCH = 500


@dataclass(frozen=True, slots=True)
class PastStall:
    """A stall with who holds it; `papers` are the kinds of entry documents that are there."""

    market: Market
    code: str
    goods: str
    operator: Any
    starts_on: date
    expires_on: date
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PastTest:
    """A rapid test of an entry's goods, or of a stall's."""

    food: str
    item: str
    result: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PastEntry:
    """Goods that came in and, mostly, went out again."""

    tenancy: Tenancy
    food: str
    goods: str
    quantity: Decimal
    supplier: str
    at: datetime
    proofs: dict[str, str] = field(default_factory=dict)
    sold: Decimal = Decimal(0)
    test: PastTest | None = None
    checked: bool = True
    # A fault of the past: on sale although nothing shows that it may be.
    let_through: bool = False


@transaction.atomic
def load_stalls(rows: Sequence[PastStall], *, by: Any) -> list[Tenancy]:
    now, name = ledger.clock.now(), who(by)
    stalls = Stall.objects.bulk_create(
        [Stall(market=row.market, code=row.code, goods=row.goods) for row in rows], batch_size=BATCH
    )
    held = Tenancy.objects.bulk_create(
        [
            Tenancy(
                stall=stall, operator=row.operator, starts_on=row.starts_on, expires_on=row.expires_on,
                signed_on=row.starts_on, agreement=f"XY{row.starts_on.year}-{row.code}",
                identity_checked_on=row.starts_on, recorded_at=now, recorded_by=name,
            )
            for stall, row in zip(stalls, rows, strict=True)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    HolderPaper.objects.bulk_create(
        [
            HolderPaper(tenancy=tenancy, kind=kind, recorded_at=now, recorded_by=name)
            for tenancy, row in zip(held, rows, strict=True)
            for kind in row.papers
        ],
        batch_size=BATCH,
    )
    _told(rows, len(rows), by)
    return held


def _told(rows: Sequence[Any], count: int, by: Any) -> None:
    """One line of the ledger for each county of the load."""
    where = {row.market.division_code[:6] for row in rows}
    for county in sorted(where):
        ledger.record("produce_markets.loaded", of=None, by=by, division_code=county, data={"rows": count})


@transaction.atomic
def load_entries(rows: Sequence[PastEntry], *, by: Any) -> list[Entry]:
    """Goods with their lots in the supply records, their sales and their tests."""
    numbers = _numbers(rows)
    lots = supply.load(_supplied(rows, numbers), by=by)
    made = [_entry(row, number, lots.get(number), who(by)) for row, number in zip(rows, numbers, strict=True)]
    Entry.objects.bulk_create(made, batch_size=BATCH)
    Outgoing.objects.bulk_create(
        [
            Outgoing(
                entry=entry, kind=Outgoing.Kind.SALE, quantity=row.sold, at=_evening(row.at), recorded_at=_evening(row.at),
                recorded_by=entry.recorded_by,
            )
            for entry, row in zip(made, rows, strict=True)
            if row.sold > 0
        ],
        batch_size=BATCH,
    )  # fmt: skip
    load_tests([(entry, row.test) for entry, row in zip(made, rows, strict=True) if row.test is not None], by=by)
    _told(made, len(made), by)
    return made


def _numbers(rows: Sequence[PastEntry]) -> list[str]:
    years = [row.at.astimezone(ledger.clock.LOCAL).year for row in rows]
    taken = {year: iter(ledger.take_numbers(SERIES, year, years.count(year))) for year in sorted(set(years))}
    return [f"JC{year}-{next(taken[year]):06d}" for year in years]


def _evening(at: datetime) -> datetime:
    return at.replace(hour=18, minute=30)


def _supplied(rows: Sequence[PastEntry], numbers: Sequence[str]) -> Load:
    lots, receipts, outflows = [], [], []
    for row, number in zip(rows, numbers, strict=True):
        place = row.tenancy.stall.market.premises
        code = row.proofs.get("certificate", "")
        lots.append(
            NewLot(
                key=number, food=row.food, division_code=place.division_code, code=code, premises_id=place.pk,
                began_on=row.at.astimezone(ledger.clock.LOCAL).date(), source="certificate" if code else "receipt",
                place_name=place.name, maker_name=row.supplier if code else "", quantity=row.quantity,
            )
        )  # fmt: skip
        receipts.append(NewReceipt(number, row.at, "scan" if code else "typed", row.supplier, code, row.quantity))
        if row.sold > 0:
            outflows.append(NewOutflow(number, row.food, _evening(row.at), row.sold))
    return Load(lots=tuple(lots), receipts=tuple(receipts), outflows=tuple(outflows))


def _entry(row: PastEntry, number: str, lot: Any, name: str) -> Entry:
    market, day = row.tenancy.stall.market, row.at.astimezone(ledger.clock.LOCAL).date()
    verdict = rules.judge_entry(row.goods, row.proofs, row.test.result if row.test is not None else "", on=day)
    checked = {"checked_at": row.at, "checked_by": name} if row.checked else {}
    return Entry(
        number=number, market=market, stall=row.tenancy.stall, tenancy=row.tenancy, division_code=market.division_code,
        food=row.food, goods=row.goods, quantity=row.quantity, supplier=row.supplier, arrived_at=row.at,
        proofs=row.proofs, how=Entry.How.GATE if row.checked else Entry.How.PHONE,
        state=Entry.State.ADMITTED if row.let_through else verdict.state,
        reasons=[{"code": code, "text": text, "clause": clause} for code, text, clause in verdict.reasons],
        edition=verdict.edition, gone=row.sold, lot=lot, recorded_at=row.at, recorded_by=name, **checked,
    )  # fmt: skip


@transaction.atomic
def load_tests(rows: Sequence[tuple[Entry, PastTest]], *, by: Any) -> list[RoomTest]:
    tests = laboratory.load_rapid_tests(
        [
            laboratory.RapidTest(
                division_code=entry.division_code, premises=entry.market.premises, place=f"{entry.stall}摊位",
                food=test.food, item=test.item, method="酶抑制率速测卡", result=test.result, tested_at=test.at,
            )
            for entry, test in rows
        ],
        by=by,
    )  # fmt: skip
    return RoomTest.objects.bulk_create(
        [
            RoomTest(
                market=entry.market, stall=entry.stall, entry=entry, rapid_test=rapid,
                division_code=entry.division_code, tested_on=rapid.tested_at.astimezone(ledger.clock.LOCAL).date(),
            )
            for (entry, _test), rapid in zip(rows, tests, strict=True)
        ],
        batch_size=BATCH,
    )  # fmt: skip


@transaction.atomic
def load_self_checks(rows: Sequence[tuple[Market, str, date, str]], *, by: Any) -> int:
    """Market, cadence, period, and the code of an item with a problem (or empty)."""
    known = standards.cadences(ledger.clock.today())
    made = [
        SelfCheck(
            market=market, division_code=market.division_code, cadence=cadence, period=period,
            answers={code: "problem" if code == bad else "ok" for code in known[cadence].items},
            problems="已当场整改（虚构）" if bad else "", edition=known[cadence].edition,
            recorded_at=datetime.combine(period, datetime.min.time().replace(hour=17), tzinfo=ledger.clock.LOCAL),
            recorded_by=who(by),
        )
        for market, cadence, period, bad in rows
    ]  # fmt: skip
    SelfCheck.objects.bulk_create(made, batch_size=BATCH)
    _told(made, len(made), by)
    return len(made)
