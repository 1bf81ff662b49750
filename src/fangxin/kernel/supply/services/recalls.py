"""A recall from its start to its end, and the drill of one. Everything can be corrected until it has ended."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fangxin.engines.traceability.recall import RecallLine
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, move, require, who
from fangxin.kernel.supply import recalling
from fangxin.kernel.supply.models import Lot, Recall, RecallLot, RecallPlace, RecallReturn
from fangxin.kernel.supply.services.lots import release_lot, stop_lot
from fangxin.kernel.supply.standards_recall import recall_rules

OPEN = (Recall.State.OPEN,)
State = Recall.State


@transaction.atomic
def start_recall(*, lot: Lot, level: str, reason: str, drill: bool = False, by: Any) -> Recall:
    """List every place that goods of the lot reached. A real recall stops the lots that records lead to."""
    reason = require(reason, "reason", _("请写明召回原因，各场所会看到。"))
    now = ledger.clock.now()
    today = ledger.clock.today()
    rules = recall_rules(today)
    if level not in rules.levels:
        raise ledger.Refused({"level": _("请选择召回级别。")})
    if lot.state == Lot.State.UNDONE:
        raise ledger.Refused(_("这个批次的记录已经撤销，不能召回。"))
    recall: Recall = insert(
        Recall(
            number=f"{'YL' if drill else 'ZH'}{today.year}-{ledger.next_number('supply.recall', today.year):04}",
            lot=lot, drill=drill, level=level, reason=reason[:200], started_at=now, started_by=who(by),
            tell_hours=rules.levels[level].start_hours, finish_by=recalling.finish_by(now, level), listed_at=now,
            division_code=lot.division_code,
        )
    )  # fmt: skip
    ledger.record("supply.recall.started", of=recall, by=by, data={"lot": lot.number, "level": level, "drill": drill})
    list_places(recall=recall, by=by)
    return recall


@transaction.atomic
def list_places(*, recall: Recall, by: Any) -> int:
    """Add what the records lead to now; how many lots are new. What was listed once stays listed."""
    _hold(recall)
    lines, lots = recalling.lines_of(recall)
    known = set(RecallLot.objects.filter(place__recall=recall).values_list("lot_id", flat=True))
    new = 0
    for line in lines:
        fresh = [held for held in line.holdings if int(held.lot) not in known]
        if not fresh:
            continue
        place = _place_for(recall, line, lots[fresh[0].lot])
        for held in fresh:
            _list_lot(recall, place, held, lots[held.lot], by)
        new += len(fresh)
    Recall.objects.filter(pk=recall.pk).update(listed_at=ledger.clock.now())
    recall.refresh_from_db()
    ledger.record("supply.recall.listed", of=recall, by=by, data={"lots": new})
    return new


def _place_for(recall: Recall, line: RecallLine, lot: Lot) -> RecallPlace:
    name = lot.place_name or (lot.premises.name if lot.premises else _("场所不明"))
    where = {"premises": lot.premises} if lot.premises else {"premises": None, "name": name}
    place: RecallPlace = RecallPlace.objects.filter(recall=recall, **where).first() or insert(
        RecallPlace(
            recall=recall, premises=lot.premises, name=name, tier=min(line.tier, 99), tell_by=line.tell_by,
            division_code=lot.division_code,
        )
    )  # fmt: skip
    return place


def _list_lot(recall: Recall, place: RecallPlace, held: Any, lot: Lot, by: Any) -> None:
    stops = held.sure and not recall.drill and lot.state == Lot.State.OPEN
    if stops:
        stop_lot(lot=lot, reason=_("召回%(number)s：%(why)s") % {"number": recall.number, "why": recall.reason}, by=by)
    insert(
        RecallLot(
            place=place, lot=lot, tier=min(held.tier, 99), least=held.left.low, most=held.left.high, unit=held.unit,
            sure=held.sure, stopped=stops,
        )
    )  # fmt: skip


@transaction.atomic
def tell(*, place: RecallPlace, how: str, by: Any) -> RecallPlace:
    """The place was told, by telephone, on the spot or by its page here."""
    _hold(place.recall)
    changed = RecallPlace.objects.filter(pk=place.pk, told_at=None).update(
        told_at=ledger.clock.now(), told_by=who(by), told_how=require(how, "how", _("请写明怎样通知的。"))[:60]
    )
    return _changed(place, changed, "supply.recall.told", by)


@transaction.atomic
def answer(*, place: RecallPlace, by: Any) -> RecallPlace:
    """The place confirms that it knows and has taken the goods off sale. It has thereby been told."""
    _hold(place.recall)
    now = ledger.clock.now()
    RecallPlace.objects.filter(pk=place.pk, told_at=None).update(
        told_at=now, told_by=who(by), told_how=_("场所在平台上自己看到")
    )
    changed = RecallPlace.objects.filter(pk=place.pk, answered_at=None).update(answered_at=now, answered_by=who(by))
    return _changed(place, changed, "supply.recall.answered", by)


@transaction.atomic
def report_return(*, held: RecallLot, fate: str, quantity: Decimal | None, by: Any) -> RecallReturn:
    """What became of a lot's goods. Without a quantity the place cannot say how much."""
    _hold(held.place.recall)
    if fate not in RecallReturn.Fate.values:
        raise ledger.Refused({"fate": _("请选择去处。")})
    row: RecallReturn = insert(
        RecallReturn(
            held=held, fate=fate, quantity=quantity, unit=held.unit or held.lot.unit, reported_at=ledger.clock.now(),
            reported_by=who(by),
        )
    )  # fmt: skip
    ledger.record("supply.recall.returned", of=held.place, by=by, data={"lot": held.lot.number, "fate": fate})
    return row


@transaction.atomic
def undo_return(*, row: RecallReturn, reason: str, by: Any) -> RecallReturn:
    _hold(row.held.place.recall)
    why = require(reason, "reason", _("请写明为什么撤回。"))[:200]
    changed = RecallReturn.objects.filter(pk=row.pk, undone_at=None).update(
        undone_at=ledger.clock.now(), undone_by=who(by), undone_reason=why
    )
    if changed != 1:
        raise ledger.MovedOn(_("这一笔刚刚已由他人撤回，请刷新后查看。"))
    row.refresh_from_db()
    ledger.record("supply.recall.return_undone", of=row.held.place, by=by, data={"lot": row.held.lot.number})
    return row


@transaction.atomic
def draw_checks(*, recall: Recall, by: Any) -> int:
    """Which places are looked at on the spot, drawn once: whoever knows the seed can draw again."""
    _ledger, _seq, digest = ledger.head_now()
    seed = f"{recall.number}:{digest}"
    changed = Recall.objects.filter(pk=recall.pk, state=State.OPEN, checks_seed="").update(checks_seed=seed[:100])
    if changed != 1:
        raise ledger.MovedOn(_("核查的场所已经抽过，请刷新后查看。"))
    recall.refresh_from_db()
    places = list(recall.places.all())
    chosen = recalling.chosen_for_checks(places, recall, recall.checks_seed)
    keys = [place.pk for place in places if recalling.key_of(place) in chosen]
    RecallPlace.objects.filter(pk__in=keys).update(chosen=True)
    ledger.record("supply.recall.checks_drawn", of=recall, by=by, data={"places": len(keys)})
    return len(keys)


@transaction.atomic
def record_check(*, place: RecallPlace, acted: bool, note: str, by: Any) -> RecallPlace:
    """What an officer found on the spot: told and off the shelf, or not."""
    _hold(place.recall)
    note = note.strip()
    if not acted and not note:
        raise ledger.Refused({"note": _("没有落实的，请写明现场情况。")})
    changed = RecallPlace.objects.filter(pk=place.pk, checked_at=None).update(
        checked_at=ledger.clock.now(), checked_by=who(by), acted=acted, check_note=note[:300]
    )
    return _changed(place, changed, "supply.recall.checked", by)


@transaction.atomic
def finish_count(*, recall: Recall, by: Any) -> Recall:
    """All answers are in and the goods are reconciled with the records: the moment at which a drill's clock stops."""
    _hold(recall)
    waiting = recall.places.filter(answered_at=None).count()
    if waiting:
        raise ledger.Refused(_("还有 %(n)s 个场所没有确认，不能清点完毕。") % {"n": waiting})
    changed = Recall.objects.filter(pk=recall.pk, counted_at=None).update(
        counted_at=ledger.clock.now(), counted_by=who(by)
    )
    if changed != 1:
        raise ledger.MovedOn(_("已经清点完毕，请刷新后查看。"))
    recall.refresh_from_db()
    ledger.record("supply.recall.counted", of=recall, by=by)
    return recall


@transaction.atomic
def close_recall(*, recall: Recall, note: str, by: Any) -> Recall:
    """The end. What was not counted is said in the note; the goods stay stopped."""
    if recall.counted_at is None and not note.strip():
        raise ledger.Refused({"note": _("还没有清点完毕就结束的，请写明原因。")})
    closed: Recall = move(
        recall, OPEN, State.CLOSED, "supply.recall.closed", by=by, ended_at=ledger.clock.now(), ended_by=who(by),
        ended_note=note.strip()[:300],
    )  # fmt: skip
    return closed


@transaction.atomic
def reopen_recall(*, recall: Recall, note: str, by: Any) -> Recall:
    why = require(note, "note", _("请写明为什么重新进行。"))
    data = {"why": why[:300]}
    opened: Recall = move(
        recall, [State.CLOSED], State.OPEN, "supply.recall.reopened", by=by, data=data, ended_at=None, ended_by="",
        ended_note="",
    )  # fmt: skip
    return opened


@transaction.atomic
def cancel_recall(*, recall: Recall, note: str, by: Any) -> Recall:
    """Started by mistake: the lots that it stopped may be sold again, and the places see that it is off."""
    why = require(note, "note", _("请写明为什么取消。"))
    cancelled: Recall = move(
        recall, OPEN, State.CANCELLED, "supply.recall.cancelled", by=by, ended_at=ledger.clock.now(), ended_by=who(by),
        ended_note=why[:300],
    )  # fmt: skip
    others = RecallLot.objects.filter(place__recall__state=State.OPEN, place__recall__drill=False).values("lot")
    held = RecallLot.objects.filter(place__recall=recall, stopped=True).exclude(Q(lot__in=others))
    for row in held.select_related("lot"):
        if row.lot.state == Lot.State.STOPPED:
            release_lot(lot=row.lot, reason=_("召回%(number)s取消") % {"number": recall.number}, by=by)
    return cancelled


def _hold(recall: Recall) -> None:
    """Keep the recall as it stands until the caller commits; refuse where it has ended."""
    if Recall.objects.filter(pk=recall.pk, state=State.OPEN).update(number=recall.number) != 1:
        raise ledger.MovedOn(_("这次召回已经结束或者取消，不能再登记。请刷新后查看。"))


def _changed(place: RecallPlace, changed: int, event: str, by: Any) -> RecallPlace:
    if changed != 1:
        raise ledger.MovedOn(_("“%(place)s”刚刚已由他人登记，请刷新后查看。") % {"place": place})
    place.refresh_from_db()
    ledger.record(event, of=place, by=by, data={"recall": place.recall.number})
    return place


def lacking(recall: Recall, places: Sequence[RecallPlace]) -> Mapping[str, int]:
    """What a recall still waits for."""
    return {
        "told": sum(place.told_at is None for place in places),
        "answered": sum(place.answered_at is None for place in places),
        "checked": sum(place.chosen and place.checked_at is None for place in places),
        "counted": int(recall.counted_at is None),
    }
