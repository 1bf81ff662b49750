"""What is at a place, and how much of a lot should be left."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from fangxin.kernel.supply.data import Left
from fangxin.kernel.supply.models import Link, Lot, Outflow, Receipt


def lots_at(premises: Any, on: date) -> "QuerySet[Lot]":
    """Lots that had come to a place by a day, newest first; whether something is left `left_of` says."""
    return Lot.objects.filter(premises=premises, began_on__lte=on).exclude(state=Lot.State.UNDONE)


def receipts_of(premises: Any, since: date, until: date) -> "QuerySet[Receipt]":
    """Receipts of a place from a day up to and with another."""
    rows = Receipt.objects.filter(premises=premises, state=Receipt.State.KEPT)
    return rows.filter(lot__began_on__gte=since, lot__began_on__lte=until).select_related("lot", "supplier_premises")


def left_of(lot: Lot) -> Left:
    return lefts_of([lot])[lot.pk]


def lefts_of(lots: Iterable[Lot]) -> dict[int, Left]:
    """What should be left of each, in two questions. Amounts in another unit than the lot's count as unknown."""
    by_id = {lot.pk: lot for lot in lots}
    gone = dict.fromkeys(by_id, Decimal(0))
    unknown = dict.fromkeys(by_id, 0)
    rows = list(Link.objects.filter(from_lot__in=by_id).values_list("from_lot_id", "quantity", "unit"))
    rows += list(Outflow.objects.filter(lot__in=by_id).values_list("lot_id", "quantity", "unit"))
    for pk, quantity, unit in rows:
        if quantity is None or (unit and unit != by_id[pk].unit):
            unknown[pk] += 1
        else:
            gone[pk] += quantity
    return {pk: _left(lot, gone[pk], unknown[pk]) for pk, lot in by_id.items()}


def _left(lot: Lot, gone: Decimal, unknown: int) -> Left:
    known = lot.quantity is not None and not unknown
    return Left(
        lot.quantity - gone if known and lot.quantity is not None else None, lot.unit, lot.quantity, gone, unknown
    )
