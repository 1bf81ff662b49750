"""Goods come to a market, are judged at the gate, and leave it: each entry is a lot of the supply records."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from fangxin.actions.produce_markets import rules, selectors
from fangxin.actions.produce_markets.models import DataFile, Entry, Market, Outgoing, Proof, Stall
from fangxin.actions.produce_markets.services import referrals
from fangxin.actions.produce_markets.services.steps import stored
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import MovedOn, Refused, insert, move, require, who
from fangxin.kernel.supply import api as supply

State, How = Entry.State, Entry.How
SERIES = "market-entries"
# How an entry was taken down, in the words of the supply records.
TAKEN_DOWN: Mapping[str, str] = {How.GATE: "typed", How.PHONE: "photo", How.SHEET: "sheet"}


@transaction.atomic
def record_entry(
    *, market: Market, food: str, goods: str, quantity: Decimal, unit: str = "kg", stall: Stall | None = None,
    supplier: str = "", origin: str = "", vehicle: str = "", arrived_at: datetime | None = None,
    proofs: Mapping[str, str] | None = None, certificate_quantity: Decimal | None = None, file: Any = None,
    how: str = How.GATE, by: Any,
) -> Entry:  # fmt: skip
    """Goods at the gate, judged by their proofs. What is told by phone waits for the market to look at it."""
    now = ledger.clock.now()
    at = arrived_at or now
    if at > now:
        raise Refused({"arrived_at": _("到场时间还没有到，请核对。")})
    if stall is not None and stall.market_id != market.pk:
        raise Refused({"stall": _("这个摊位不在这个市场。")})
    shown = _shown(proofs or {})
    verdict = rules.judge_entry(goods, shown, "", on=at.astimezone(ledger.clock.LOCAL).date())
    checked = {"checked_at": now, "checked_by": who(by)} if how == How.GATE else {}
    entry: Entry = insert(
        Entry(
            number=_number(at), market=market, stall=stall, tenancy=selectors.holder_of(stall) if stall else None,
            division_code=market.division_code, food=food.strip(), goods=goods, quantity=quantity, unit=unit,
            supplier=supplier.strip(), origin=origin.strip(), vehicle=vehicle.strip().upper(), arrived_at=at,
            proofs=shown, certificate_quantity=certificate_quantity, file=stored(file, by), how=how,
            state=verdict.state, reasons=_kept(verdict), edition=verdict.edition, recorded_at=now, recorded_by=who(by),
            **checked,
        )
    )  # fmt: skip
    if verdict.state != State.REFUSED:
        _receive(entry, by)
    if verdict.state == State.ISOLATED:
        _hold(entry, by)
    ledger.record(
        "produce_markets.entry.recorded", of=entry, by=by, data={"state": entry.state, "goods": goods, "how": how}
    )
    _check_certificate(entry, by)
    return entry


def _shown(proofs: Mapping[str, str]) -> dict[str, str]:
    found = {kind: str(number).strip()[:60] for kind, number in proofs.items() if str(number).strip()}
    if set(found) - set(Proof.values):
        raise Refused({"proofs": _("请选择凭证种类。")})
    return found


def _number(at: datetime) -> str:
    year = at.astimezone(ledger.clock.LOCAL).year
    return f"JC{year}-{ledger.next_number(SERIES, year):06d}"


def _kept(verdict: rules.EntryVerdict) -> list[dict[str, str]]:
    return [{"code": code, "text": text, "clause": clause} for code, text, clause in verdict.reasons]


def place_of(entry: Entry) -> Any:
    """Where the goods lie by the register: the holder's own place, else the market."""
    own = entry.tenancy.premises if entry.tenancy is not None else None
    return own or entry.market.premises


def _receive(entry: Entry, by: Any) -> None:
    code = entry.proofs.get(Proof.CERTIFICATE, "")
    entry.lot = supply.record_receipt(
        premises=place_of(entry), food=entry.food, quantity=entry.quantity, unit=entry.unit,
        received_at=entry.arrived_at, supplier_name=entry.supplier, certificate_code=code,
        evidence=[entry.file] if entry.file is not None else [], how="scan" if code else TAKEN_DOWN[entry.how], by=by,
    )  # fmt: skip
    entry.save(update_fields=["lot"])


def _hold(entry: Entry, by: Any) -> None:
    """Isolated goods may not be passed on."""
    if entry.lot is not None and entry.lot.state == "open":
        supply.stop_lot(lot=entry.lot, reason=entry.reasons[-1]["text"], by=by)


def _check_certificate(entry: Entry, by: Any) -> None:
    """More may not come in on a certificate than it was made out for."""
    number = entry.proofs.get(Proof.CERTIFICATE)
    if not number or entry.certificate_quantity is None:
        return
    came = selectors.entered_on_certificate(number, entry.division_code, entry.unit)
    if rules.is_oversold(entry.certificate_quantity, came, on=ledger.clock.today()):
        text = _("合格证%(number)s开具%(said)s%(unit)s，已入场%(came)s%(unit)s") % {
            "number": number, "said": _plain(entry.certificate_quantity), "came": _plain(came), "unit": entry.unit,
        }  # fmt: skip
        referrals.report(entry=entry, source="proof", text=text, key=f"certificate:{number}", by=by)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


@transaction.atomic
def check(*, entry: Entry, seen: bool, note: str = "", by: Any) -> Entry:
    """The market looked at goods that were told by phone: the proofs are there, or they are not."""
    now = ledger.clock.now()
    standing = Entry.objects.filter(pk=entry.pk, checked_at=None, state__in=(State.ADMITTED, State.ISOLATED))
    if standing.update(checked_at=now, checked_by=who(by)) != 1:
        raise MovedOn(_("这批货已经查验过，或者已退市、撤销，请刷新后查看。"))
    entry.refresh_from_db()
    ledger.record("produce_markets.entry.checked", of=entry, by=by, data={"seen": seen})
    if not seen:
        note = require(note, "note", _("请写明缺什么、与登记有什么不符。"))
        _judge_again(entry, {}, "", by, more=note)
    return entry


def _judge_again(entry: Entry, proofs: Mapping[str, str], tested: str, by: Any, *, more: str = "") -> None:
    """A new verdict by what is known now; the earlier reasons stay."""
    verdict = rules.judge_entry(entry.goods, proofs, tested, on=ledger.clock.today())
    reasons = [*entry.reasons, *_kept(verdict)]
    if more:
        reasons.append({"code": "seen", "text": more[:200], "clause": ""})
    move(
        entry, (State.ADMITTED, State.ISOLATED), verdict.state, "produce_markets.entry.judged", by=by,
        reasons=reasons, edition=verdict.edition, proofs=dict(proofs),
    )  # fmt: skip
    if verdict.state == State.ADMITTED and entry.lot is not None and entry.lot.state == "stopped":
        supply.release_lot(lot=entry.lot, reason=verdict.reasons[0][1], by=by)
    elif verdict.state != State.ADMITTED:
        _hold(entry, by)


@transaction.atomic
def tested(*, entry: Entry, result: str, by: Any) -> Entry:
    """What a rapid test of isolated goods changes: a negative lets them in where the rules allow it."""
    if entry.state == State.ISOLATED and result in (rules.NEGATIVE, rules.POSITIVE):
        _judge_again(entry, entry.proofs, result, by)
    return entry


@transaction.atomic
def add_proof(*, entry: Entry, kind: str, number: str, by: Any) -> Entry:
    """A proof that was handed in later."""
    if entry.state != State.ISOLATED:
        raise Refused(_("只有隔离待检的货可以补凭证。"))
    _judge_again(entry, {**entry.proofs, **_shown({kind: number})}, "", by)
    return entry


@transaction.atomic
def undo(*, entry: Entry, why: str, by: Any) -> Entry:
    """An entry written down by mistake, as long as nothing of it left and nothing was tested."""
    why = require(why, "why", _("请写明撤销原因。"))
    if entry.gone > 0 or entry.room_tests.exists():
        raise Refused(_("这批货已有销售或者检测记录，不能撤销登记。需要时请办理退市。"))
    lot = entry.lot
    move(
        entry, (State.ADMITTED, State.ISOLATED, State.REFUSED), State.UNDONE, "produce_markets.entry.undone", by=by,
        undone_why=why[:200],
    )  # fmt: skip
    if lot is not None:
        if lot.state == "stopped":
            supply.release_lot(lot=lot, reason=why[:200], by=by)
        supply.undo_receipt(receipt=lot.receipt, reason=why[:200], by=by)
    return entry


# --- what leaves --------------------------------------------------------------------------------------------------------

OUTFLOWS: Mapping[str, str] = {Outgoing.Kind.SALE: "sold", Outgoing.Kind.WASTE: "waste"}


@transaction.atomic
def sell(
    *, entry: Entry, quantity: Decimal, kind: str = Outgoing.Kind.SALE, at: datetime | None = None, buyer: str = "",
    voucher: str = "", data_file: DataFile | None = None, by: Any,
) -> Outgoing:  # fmt: skip
    """Something left. More than came in is written down as it is said, and reported: it is a contradiction, not a typo."""
    now = ledger.clock.now()
    at = at or now
    if entry.state not in (State.ADMITTED, State.ISOLATED, State.WITHDRAWN):
        raise Refused(_("这批货没有入场，不能登记去向。"))
    if kind == Outgoing.Kind.SALE and entry.state != State.ADMITTED and data_file is None:
        raise Refused(_("这批货已隔离或者退市，不能销售。"))
    if not entry.arrived_at <= at <= now:
        raise Refused({"at": _("时间应在入场之后、现在之前。")})
    line: Outgoing = insert(
        Outgoing(
            entry=entry, kind=kind, quantity=quantity, at=at, buyer=buyer.strip(), voucher=voucher.strip(),
            data_file=data_file, recorded_at=now, recorded_by=who(by),
        )
    )  # fmt: skip
    Entry.objects.filter(pk=entry.pk).update(gone=F("gone") + quantity)
    entry.refresh_from_db()
    _tell_supply(entry, line, by)
    ledger.record("produce_markets.goods.left", of=entry, by=by, data={"kind": kind, "quantity": str(quantity)})
    if rules.is_oversold(entry.quantity, entry.gone, on=ledger.clock.today()):
        text = _("%(food)s入场%(came)s%(unit)s，已登记售出等%(gone)s%(unit)s") % {
            "food": entry.food, "came": _plain(entry.quantity), "gone": _plain(entry.gone), "unit": entry.unit,
        }  # fmt: skip
        referrals.report(entry=entry, source="oversold", text=text, key=f"oversold:{entry.number}", by=by)
    return line


def _tell_supply(entry: Entry, line: Outgoing, by: Any) -> None:
    """The stock of the lot; what contradicts it stays here alone, with its referral."""
    kind = OUTFLOWS.get(line.kind)
    if kind is None or entry.lot is None:
        return
    try:
        with transaction.atomic():
            supply.record_outflow(lot=entry.lot, kind=kind, quantity=line.quantity, unit=entry.unit, at=line.at, by=by)
    except ValidationError:
        return


@transaction.atomic
def take_back(*, line: Outgoing, by: Any) -> Outgoing:
    """A line written by mistake gets a counter-line; both stay."""
    if line.takes_back_id is not None or Outgoing.objects.filter(takes_back=line).exists():
        raise MovedOn(_("这一笔已经冲销过。"))
    now = ledger.clock.now()
    counter: Outgoing = insert(
        Outgoing(
            entry=line.entry, kind=line.kind, quantity=-line.quantity, at=now, takes_back=line, recorded_at=now,
            recorded_by=who(by),
        )
    )  # fmt: skip
    Entry.objects.filter(pk=line.entry_id).update(gone=F("gone") - line.quantity)
    ledger.record("produce_markets.goods.taken_back", of=line.entry, by=by, data={"line": line.pk})
    return counter


def left_of(entries: Sequence[Entry]) -> dict[int, Decimal]:
    """What should be left of each entry by the market's own records; never below zero."""
    return {entry.pk: max(entry.quantity - entry.gone, Decimal(0)) for entry in entries}
