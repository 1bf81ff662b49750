"""Goods that cannot be: each becomes a matter of whoever has to look for the other source."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.supply.models import Link, Lot
from fangxin.kernel.supply.selectors_stock import lefts_of
from fangxin.kernel.supply.showing import unit_name

AT_ONCE = 1000
PLATFORM = ledger.Actor("platform", "平台")


@dataclass(frozen=True, slots=True)
class Impossible:
    """One lot, what is wrong with it, and the figures that prove it."""

    lot: Lot
    code: str
    text: str


def tell_impossible() -> int:
    """Look through the lots of the last weeks and announce what cannot be; the same thing becomes one matter only."""
    told = 0
    for one in find_impossible(ledger.clock.today()):
        contribute.announce(_announcement(one), by=PLATFORM)
        told += 1
    return told


def find_impossible(today: date) -> Iterator[Impossible]:
    rules = _rules(str(settings.STANDARDS_DIR))
    since = today - timedelta(days=rules["look_back_days"])
    lots = Lot.objects.filter(began_on__gte=since, began_on__lte=today).exclude(state=Lot.State.UNDONE)
    yield from _oversold(lots, Decimal(rules["tolerance_percent"]) / 100)
    yield from _before_input(lots)


def _oversold(lots: Any, tolerance: Decimal) -> Iterator[Impossible]:
    rows = list(lots.filter(quantity__isnull=False).order_by("number"))
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        lefts = lefts_of(some)
        for lot in some:
            left = lefts[lot.pk].quantity
            if left is not None and lot.quantity is not None and left < -lot.quantity * tolerance:
                yield Impossible(lot, "oversold", _sold(lot, lot.quantity - left))


def _sold(lot: Lot, gone: Decimal) -> str:
    return _("“%(food)s”一批购进（产出）%(came)s %(unit)s，记录的去向合计 %(gone)s %(unit)s，请核实多出的货从哪里来。") % {
        "food": lot.food, "came": f"{lot.quantity:f}".rstrip("0").rstrip("."), "gone": f"{gone:f}".rstrip("0").rstrip("."),
        "unit": unit_name(lot.unit),
    }  # fmt: skip


def _before_input(lots: Any) -> Iterator[Impossible]:
    links = Link.objects.filter(to_lot__in=lots.values("pk"), sent_at__date__lt=F("from_lot__began_on"))
    seen = set()
    for link in links.select_related("from_lot", "to_lot").order_by("to_lot__number", "from_lot__number"):
        if link.to_lot_id in seen:
            continue
        seen.add(link.to_lot_id)
        text = _("“%(food)s”%(made)s 已经产出或者运出，它的来源“%(input)s”%(came)s 才到货，请核实先后。") % {
            "food": link.to_lot.food, "made": _day(link.sent_at), "input": link.from_lot.food,
            "came": link.from_lot.began_on,
        }  # fmt: skip
        yield Impossible(link.to_lot, "before_input", text)


def _day(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(ledger.clock.LOCAL).date().isoformat()


@cache
def _rules(folder: str) -> dict[str, Any]:
    path = Path(folder) / "supply" / "impossible-stock.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _announcement(one: Impossible) -> Announcement:
    lot = one.lot
    route = next(row for row in _rules(str(settings.STANDARDS_DIR))["finding"] if row["code"] == one.code)
    owner = people.first_agency(route["owners"], lot.division_code)
    return Announcement(
        name="finding",
        subject_type="supply.lot",
        subject_id=str(lot.pk),
        subject_name=f"{lot.place_name} {lot.number}".strip(),
        division_code=lot.division_code,
        text=f"{route['label']}：{one.text}",
        facts={
            "key": f"supply.{one.code}:{lot.number}",
            "origin": "other",
            "severity": route["severity"],
            "legal_basis": route["clause"],
            **({"owner_agency_id": owner.pk} if owner else {}),
        },
    )
