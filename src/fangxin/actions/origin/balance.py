"""What a year made of the land: classes and areas at its end beside those at the end of the year before."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from fangxin.actions.origin.models import ClassDecision, LandUnit, SoilClass
from fangxin.actions.origin.selectors import HELD
from fangxin.engines import land


def of_year(units: "QuerySet[LandUnit]", year: int, today: date) -> dict[str, Any]:
    """Counts by change, areas (mu) by class before and after, and every unit that changed."""
    before = _classes(units, date(year - 1, 12, 31))
    after = _classes(units, min(date(year, 12, 31), today))
    found = land.balance_years(
        {number: (land.SoilClass(c), mu) for number, (c, mu) in before.items()},
        {number: (land.SoilClass(c), mu) for number, (c, mu) in after.items()},
    )
    moved = [n for n, change in found.changes.items() if change is not land.Change.EQUAL]
    names = {u.number: u for u in units.filter(number__in=moved)}
    return {
        "compared": len(found.changes),
        "improved": found.count(land.Change.IMPROVED),
        "equal": found.count(land.Change.EQUAL),
        "worse": found.count(land.Change.WORSE),
        "first": len(found.only_after),
        "areas": [
            (SoilClass(c.value).label, found.area_before[c], found.area_after[c], found.area_after[c] - found.area_before[c])
            for c in found.area_after
        ],
        "moved": [
            (names[n], SoilClass(before[n][0]).label, SoilClass(after[n][0]).label, found.changes[n].value)
            for n in moved
        ],
    }  # fmt: skip


def _classes(units: "QuerySet[LandUnit]", on: date) -> Mapping[str, tuple[str, Decimal]]:
    """The class in force on a day and the area it was decided for, by unit."""
    rows = ClassDecision.objects.filter(unit__in=units.order_by().values("pk"), state__in=HELD, effective_on__lte=on)
    newest = rows.order_by("effective_on", "number").values_list("unit__number", "decided", "area_after")
    return {number: (decided, mu) for number, decided, mu in newest}
