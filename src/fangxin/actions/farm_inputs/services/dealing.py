"""Purchases and sales in a dealer's book. The stock is a counter that the database keeps from falling below zero."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs import rules_inputs as rules
from fangxin.actions.farm_inputs.models import Dealer, LedgerLine, Product, RefusedSale, Stock
from fangxin.actions.farm_inputs.rules_inputs import Problem
from fangxin.actions.farm_inputs.services.findings_inputs import find
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, who

Kind = LedgerLine.Kind
COMES_IN = (Kind.PURCHASE, Kind.RETURN)
# How far back a book may still be written up by hand; older lines come as a sheet.
OLDEST = timedelta(days=3 * 366)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line to be written. `happened` says that it lies in the past and is recorded whatever the rules say."""

    kind: str
    product: Product
    on: date
    amount: Decimal
    unit: str
    packs: int | None = None
    batch_no: str = ""
    supplier: str = ""
    buyer_name: str = ""
    buyer_identity: str = ""
    buyer_phone: str = ""
    farm: Any = None
    crop: str = ""
    purpose: str = ""
    happened: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an entry: a line, or a refusal that was kept; and everything that was wrong."""

    line: LedgerLine | None
    refused: RefusedSale | None = None
    problems: tuple[Problem, ...] = field(default=())


def stock_of(dealer: Dealer, product: Product) -> Decimal:
    """In kilograms or litres."""
    row = Stock.objects.filter(dealer=dealer, product=product).first()
    return row.quantity if row is not None else ZERO


def stocks_of(dealers: Iterable[int]) -> dict[tuple[int, int], Decimal]:
    """By dealer and product, in kilograms or litres."""
    rows = Stock.objects.filter(dealer__in=list(dealers))
    return {(row.dealer_id, row.product_id): row.quantity for row in rows}


def check_entry(dealer: Dealer, entry: Entry, *, stock: Decimal) -> list[Problem]:
    """Everything wrong with an entry against the given stock (kg or L); nothing is written."""
    quantity = rules.quantity_of(entry.product, entry.amount, entry.unit)
    found = []
    if entry.kind == Kind.SALE:
        found += rules.check_sale(
            entry.product, dealer, entry.on, buyer_name=entry.buyer_name, buyer_identity=entry.buyer_identity,
            purpose=entry.purpose,
        )  # fmt: skip
    elif entry.kind == Kind.PURCHASE and (ban := rules.ban_on(entry.product, entry.on)) is not None:
        text = _("%(name)s 自 %(day)s 起禁止销售和使用，不能购进。") % {"name": ban.substance, "day": ban.since}
        found.append(Problem("banned_sale", text, _("请退回供货单位，联系农业农村部门处置。"), ban.clause))
    if entry.kind not in COMES_IN and quantity > stock:
        unit = rules.base_unit(entry.product)
        text = _("库存只有 %(stock)s %(unit)s，这一笔是 %(quantity)s %(unit)s。")
        values = {"stock": plain(stock), "quantity": plain(quantity), "unit": unit}
        found.append(Problem("oversold", text % values, _("请先补记购进；确已售出的，勾选“确已发生”。")))
    return found


def plain(value: Decimal) -> str:
    """A number without a tail of zeros."""
    return f"{value.normalize():f}" if value else "0"


@transaction.atomic
def enter(*, dealer: Dealer, entry: Entry, sheet: Any = None, by: Any) -> Outcome:
    """Write one line of the book.

    What the rules forbid is refused and, for a sale, kept as refused, with a matter where a banned substance was asked
    for. What has `happened` already is written down as it was, and its problems become matters.
    """
    _check_day(dealer, entry)
    quantity = rules.quantity_of(entry.product, entry.amount, entry.unit)
    problems = check_entry(dealer, entry, stock=stock_of(dealer, entry.product))
    blocking = [problem for problem in problems if problem.blocks]
    if blocking and not entry.happened:
        if entry.kind == Kind.SALE and blocking[0].code != "oversold":
            return Outcome(None, _refuse(dealer, entry, blocking[0], by=by), tuple(problems))
        raise ledger.Refused([problem.said for problem in blocking])
    uncovered = _move_stock(dealer, entry, quantity)
    line: LedgerLine = insert(_line(dealer, entry, quantity, uncovered, problems, sheet=sheet, by=by))
    ledger.record("farm_inputs.ledger.entered", of=line, by=by, data={"kind": entry.kind, "source": _source(sheet)})
    for problem in problems:
        _tell(line, problem, by=by)
    return Outcome(line, None, tuple(problems))


def _source(sheet: Any) -> str:
    return "sheet" if sheet is not None else "typed"


def _check_day(dealer: Dealer, entry: Entry) -> None:
    today = ledger.clock.today()
    if entry.on > today:
        raise ledger.Refused({"on": _("日期还没有到，请核对。")})
    if entry.on < today - OLDEST:
        raise ledger.Refused({"on": _("三年以前的台账不再补记，请核对日期。")})
    if dealer.closed_on is not None and entry.on > dealer.closed_on:
        raise ledger.Refused(_("这家店已于 %(day)s 停业，不能再记账。") % {"day": dealer.closed_on})
    if not dealer.sells(entry.product.kind):
        raise ledger.Refused({"product": _("这家店不经营%(kind)s。") % {"kind": entry.product.get_kind_display()}})


def _move_stock(dealer: Dealer, entry: Entry, quantity: Decimal) -> Decimal:
    """Bring the stock up or down; returns what it could not cover."""
    stock, _made = Stock.objects.get_or_create(dealer=dealer, product=entry.product)
    row = Stock.objects.filter(pk=stock.pk)
    if entry.kind in COMES_IN:
        row.update(quantity=F("quantity") + quantity)
        return ZERO
    if row.filter(quantity__gte=quantity).update(quantity=F("quantity") - quantity) == 1:
        return ZERO
    if not entry.happened:  # somebody else sold the last of it a moment ago
        raise ledger.Refused({"amount": _("库存刚刚已由另一笔售出，现在不够了。请刷新后核对。")})
    stock.refresh_from_db()
    row.update(quantity=ZERO)
    return quantity - stock.quantity


def _line(
    dealer: Dealer,
    entry: Entry,
    quantity: Decimal,
    uncovered: Decimal,
    problems: Sequence[Problem],
    *,
    sheet: Any,
    by: Any,
) -> LedgerLine:
    return LedgerLine(
        dealer=dealer, division_code=dealer.division_code, kind=entry.kind, product=entry.product, on=entry.on,
        amount=entry.amount, unit=entry.unit, quantity=_rounded(quantity),
        active_g=_rounded(rules.active_total(entry.product, entry.amount, entry.unit)), packs=entry.packs,
        batch_no=entry.batch_no.strip(), supplier=entry.supplier.strip(),
        restricted=entry.product.kind == Product.Kind.PESTICIDE and rules.is_restricted(entry.product, entry.on),
        buyer_name=entry.buyer_name.strip(), buyer_identity=entry.buyer_identity.strip().upper(),
        buyer_phone=entry.buyer_phone.strip(), farm=entry.farm, crop=entry.crop.strip(), purpose=entry.purpose.strip(),
        uncovered=_rounded(uncovered), problems=rules.problem_codes(problems), sheet=sheet,
        recorded_at=ledger.clock.now(), recorded_by=who(by),
    )  # fmt: skip


def _rounded(value: Decimal | None) -> Any:
    return None if value is None else value.quantize(Decimal("0.0001"))


def _refuse(dealer: Dealer, entry: Entry, problem: Problem, *, by: Any) -> RefusedSale:
    row: RefusedSale = insert(
        RefusedSale(
            dealer=dealer,
            division_code=dealer.division_code,
            product=entry.product,
            on=entry.on,
            code=problem.code,
            text=problem.text[:300],
            clause=problem.clause[:200],
            at=ledger.clock.now(),
            by=who(by),
        )
    )
    ledger.record("farm_inputs.sale.refused", of=row, by=by, data={"code": problem.code})
    if problem.code == "banned_sale":
        text = _("%(dealer)s 要求售出 %(product)s，平台已拒绝。") % {"dealer": dealer.name, "product": entry.product}
        key = f"banned_attempt:{dealer.number}:{entry.product.registration_no}:{entry.on}"
        find(code="banned_attempt", key=key, text=text, division_code=dealer.division_code, dealer=dealer, by=by)
    return row


def _tell(line: LedgerLine, problem: Problem, *, by: Any) -> None:
    """What was wrong with a line goes to whoever has to look: one matter a dealer, product and month."""
    dealer = line.dealer
    text = _("%(dealer)s %(day)s %(kind)s %(product)s：%(why)s") % {
        "dealer": dealer.name, "day": line.on, "kind": line.get_kind_display(), "product": line.product,
        "why": problem.text,
    }  # fmt: skip
    key = f"{problem.code}:{dealer.number}:{line.product.registration_no}:{line.on:%Y-%m}"
    find(code=problem.code, key=key, text=text, division_code=dealer.division_code, dealer=dealer, by=by)


@transaction.atomic
def take_back(*, line: LedgerLine, why: str, by: Any) -> LedgerLine:
    """A wrong line stays and is taken back by another; the stock is as if it had never been."""
    why = why.strip()
    if not why:
        raise ledger.Refused({"why": _("请写明为什么撤回这一笔。")})
    if line.takes_back_id is not None or LedgerLine.objects.filter(takes_back=line).exists():
        raise ledger.Refused(_("这一笔已经撤回，没有重复办理。"))
    stock = Stock.objects.filter(dealer=line.dealer, product=line.product)
    if line.kind in COMES_IN:
        if stock.filter(quantity__gte=line.quantity).update(quantity=F("quantity") - line.quantity) != 1:
            raise ledger.Refused(_("这批货已经售出一部分，撤回后库存会不够。请先撤回有关的售出。"))
    else:
        stock.update(quantity=F("quantity") + line.quantity - line.uncovered)
    kept = (
        "dealer_id", "division_code", "kind", "product_id", "on", "amount", "unit", "quantity", "active_g", "packs",
        "restricted", "uncovered",
    )  # fmt: skip
    row: LedgerLine = insert(
        LedgerLine(
            **{name: getattr(line, name) for name in kept},
            takes_back=line,
            takes_back_why=why,
            recorded_at=ledger.clock.now(),
            recorded_by=who(by),
        )
    )
    ledger.record("farm_inputs.ledger.taken_back", of=line, by=by, data={"kind": line.kind})
    return row


@transaction.atomic
def load_lines(*, entries: Iterable[tuple[Dealer, Entry]], sheet: Any = None, by: Any) -> int:
    """Past lines at once, in the order of time, with one ledger entry for all; for imports of thousands of lines.

    Problems are marked on the lines as with `enter` of what has happened, and matters are opened for them.
    """
    ordered = sorted(entries, key=lambda pair: (pair[1].on, pair[1].kind not in COMES_IN))
    stocks = stocks_of({dealer.pk for dealer, _entry in ordered})
    told: list[tuple[LedgerLine, Problem]] = []
    rows: list[LedgerLine] = []
    for dealer, entry in ordered:
        key = (dealer.pk, entry.product.pk)
        stock = stocks.get(key, ZERO)
        problems = check_entry(dealer, entry, stock=stock)
        quantity = rules.quantity_of(entry.product, entry.amount, entry.unit)
        comes_in = entry.kind in COMES_IN
        uncovered = ZERO if comes_in else max(quantity - stock, ZERO)
        stocks[key] = stock + quantity if comes_in else max(stock - quantity, ZERO)
        line = _line(dealer, entry, quantity, uncovered, problems, sheet=sheet, by=by)
        rows.append(line)
        told += [(line, problem) for problem in problems]
    LedgerLine.objects.bulk_create(rows, batch_size=500)
    Stock.objects.bulk_create(
        [Stock(dealer_id=d, product_id=p, quantity=_rounded(quantity)) for (d, p), quantity in stocks.items()],
        batch_size=500, update_conflicts=True, unique_fields=["dealer", "product"], update_fields=["quantity"],
    )  # fmt: skip
    for line, problem in told:
        _tell(line, problem, by=by)
    if rows:
        place = rows[0].division_code[:6]
        ledger.record("farm_inputs.ledger.loaded", of=sheet, by=by, division_code=place, data={"lines": len(rows)})
    return len(rows)
