"""Carries lots, links and reports of a recall to the engine and back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from fangxin.engines.deadlines import add_workdays
from fangxin.engines.traceability import recall as engine
from fangxin.engines.traceability.balance import Amount, Balance, Kind, Movement, balance_lots
from fangxin.engines.traceability.values import Direction as Way
from fangxin.engines.traceability.values import Link as EngineLink
from fangxin.engines.traceability.values import Reached
from fangxin.engines.traceability.values import Trace as EngineTrace
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply.data import Direction, Trace
from fangxin.kernel.supply.models import Link, Lot, Outflow, Recall, RecallPlace, RecallReturn
from fangxin.kernel.supply.selectors_trace import trace
from fangxin.kernel.supply.standards_recall import RecallRules, recall_rules

_AT_ONCE = 900
# What a place of the register is called to the engine; other places go by their name alone.
_REGISTERED = "#"


def finish_by(at: datetime, level: str) -> Any:
    day = at.astimezone(ledger.clock.LOCAL).date()
    return add_workdays(day, recall_rules(day).levels[level].finish_workdays, contribute.calendar_in_use())


def order_of(recall: Recall) -> engine.Order:
    rules = rules_of(recall)
    return engine.Order(recall.started_at, timedelta(hours=recall.tell_hours), rules.pass_on)


def rules_of(recall: Recall) -> RecallRules:
    return recall_rules(recall.started_at.astimezone(ledger.clock.LOCAL).date())


def lines_of(recall: Recall) -> tuple[tuple[engine.RecallLine, ...], Mapping[str, Lot]]:
    """What is to be pulled as the records stand now, and the lots by their number."""
    whole = trace(recall.lot_id, Direction.FORWARD)
    lots = {str(lot.pk): lot for lot in _lots(lot.id for lot in whole.lots)}
    places = {pk: place_key(lot) for pk, lot in lots.items()}
    lines = engine.list_recall(
        _as_engine(whole), order=order_of(recall), places=places, balances=_balances(lots.values())
    )
    return lines, lots


def place_key(lot: Lot) -> str:
    return f"{_REGISTERED}{lot.premises_id}" if lot.premises_id else lot.place_name


def key_of(place: RecallPlace) -> str:
    return f"{_REGISTERED}{place.premises_id}" if place.premises_id else place.name


def _lots(keys: Iterable[int]) -> Iterator[Lot]:
    pks = sorted(keys)
    for start in range(0, len(pks), _AT_ONCE):
        yield from Lot.objects.filter(pk__in=pks[start : start + _AT_ONCE]).select_related("premises")


def _as_engine(whole: Trace) -> EngineTrace:
    links = tuple(
        EngineLink(str(link.from_lot), str(link.to_lot), quantity=link.quantity, unit=link.unit, inferred=link.inferred)
        for link in whole.links
    )
    reached = tuple(Reached(str(lot.id), lot.depth, None) for lot in whole.lots if lot.depth > 0)
    return EngineTrace(str(whole.lot_id), Way.FORWARD, (), reached, links, ())


def _balances(lots: Iterable[Lot]) -> dict[str, Balance]:
    """What came into each lot and what went out of it by the records."""
    found = {lot.pk: lot for lot in lots}
    rows = [Movement("came", Kind.RECEIVED, str(pk), lot.quantity, lot.unit) for pk, lot in found.items()]
    keys = sorted(found)
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        for pk, source, quantity, unit in Link.objects.filter(from_lot__in=some).values_list(
            "pk", "from_lot_id", "quantity", "unit"
        ):
            rows.append(Movement(f"link {pk}", Kind.DISPATCHED, str(source), quantity, unit or found[source].unit))
        for pk, lot, kind, quantity, unit in Outflow.objects.filter(lot__in=some).values_list(
            "pk", "lot_id", "kind", "quantity", "unit"
        ):
            went = Kind.SOLD if kind == Outflow.Kind.SOLD else Kind.WASTED
            rows.append(Movement(f"outflow {pk}", went, str(lot), quantity, unit))
    return balance_lots(rows)


def progress_of(recall: Recall, places: Sequence[RecallPlace], at: datetime) -> engine.Progress:
    """How far the recall has come. `places` come with their lots and what was reported of them."""
    order = order_of(recall)
    lines = [
        engine.RecallLine(
            key_of(place), place.tier, order.tell_by(place.tier),
            tuple(
                engine.Holding(str(held.lot_id), held.tier, Amount(held.least, held.most), held.unit, held.sure)
                for held in place.lots.all()
            ),
        )
        for place in places
    ]  # fmt: skip
    notices = [
        engine.Notice(key_of(place), place.told_at, place.answered_at) for place in places if place.told_at is not None
    ]
    recoveries = [
        engine.Recovery(key_of(place), str(held.lot_id), row.quantity, row.unit, engine.Fate(row.fate))
        for place in places
        for held in place.lots.all()
        for row in held.returns.all()
        if row.undone_at is None
    ]
    return engine.judge_recall(lines, notices, recoveries, at=at)


def effectiveness_of(places: Sequence[RecallPlace]) -> engine.Effectiveness:
    checked = [place for place in places if place.checked_at is not None]
    return engine.estimate_effectiveness(
        population=len(places), checked=len(checked), acted=sum(bool(place.acted) for place in checked)
    )


def chosen_for_checks(places: Iterable[RecallPlace], recall: Recall, seed: str) -> set[str]:
    return set(engine.choose_checks((key_of(place) for place in places), share=rules_of(recall).checked, seed=seed))


def drill_times(recall: Recall, places: Sequence[RecallPlace]) -> Mapping[str, tuple[datetime, datetime | None]]:
    """The steps of a drill as the records tell them: list, tell, count, reconcile."""
    told = [place.told_at for place in places]
    answered = [place.answered_at for place in places]
    last_told = max((at for at in told if at), default=None) if all(told) else None
    last_answer = max((at for at in answered if at), default=None) if all(answered) else None
    times: dict[str, tuple[datetime, datetime | None]] = {
        "list": (recall.started_at, recall.listed_at),
        "tell": (recall.listed_at, last_told),
    }
    first_told = min((at for at in told if at), default=None)
    if first_told is not None:
        times["count"] = (first_told, last_answer)
    if recall.counted_at is not None and last_answer is not None:
        times["reconcile"] = (last_answer, recall.counted_at)
    return times


def whole_time(recall: Recall) -> timedelta | None:
    """From the start to the count being whole; None while it is not."""
    return None if recall.counted_at is None else recall.counted_at - recall.started_at


def returned_rows(recall: Recall) -> Any:
    return RecallReturn.objects.filter(held__place__recall=recall, undone_at=None)
