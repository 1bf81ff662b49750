"""The safe-use rate of polluted cultivated land, down to the parcels that are outside it, and sums by township."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Substr

from fangxin.actions.origin import rules, selectors
from fangxin.actions.origin.services import contradictions
from fangxin.engines import land
from fangxin.kernel.people import api as people


@dataclass(frozen=True, slots=True)
class SafeUse:
    """The account, and the parcels outside it with the reason."""

    account: land.Account
    parcels: int
    outside: tuple[tuple[Any, str], ...]


def safe_use(rows: "QuerySet[Any]", on: date) -> SafeUse:
    """`rows` carry the columns of `selectors.with_standing`."""
    polluted = list(rows.filter(soil_class__in=selectors.POLLUTED).order_by("number"))
    by_number = {parcel.number: parcel for parcel in polluted}
    slight = rules.class_rules(on).slight_index if polluted else Decimal(0)
    account = land.account_areas(_area(parcel, slight) for parcel in polluted)
    outside = tuple((by_number[number], reason) for number, reason in account.left_out)
    return SafeUse(account, len(polluted), outside)


def _area(parcel: Any, slight: Decimal) -> land.PollutedArea:
    return land.PollutedArea(
        key=parcel.number,
        mu=parcel.area_mu,
        soil_class=land.SoilClass(parcel.soil_class),
        slight=parcel.worst_index is not None and parcel.worst_index <= slight,
        measured=bool(parcel.measured),
        produce=land.Produce(parcel.produce),
    )


def by_township(user: Any, on: date) -> list[dict[str, Any]]:
    """One line a township: parcels and areas by class, rate, contradictions."""
    table: dict[str, dict[str, Any]] = {}
    for prefix in user.prefixes("origin.view"):
        for division in people.list_divisions(prefix[:9], length=9):
            table[division.code] = {
                "code": division.code, "name": division.name, "lat": division.latitude, "lng": division.longitude,
                "parcels": 0, "area": Decimal(0), "priority": Decimal(0), "safe_use": Decimal(0), "strict": Decimal(0),
                "none": Decimal(0), "rate": None, "trouble": 0,
            }  # fmt: skip
    rows = selectors.list_parcels(user)
    _fill_areas(table, rows)
    _fill_rates(table, rows.filter(soil_class__in=selectors.POLLUTED), on)
    found = contradictions.contradicting(rows, on).order_by()
    for code, n in found.annotate(town=Substr("division_code", 1, 9)).values_list("town").annotate(n=Count("pk")):
        if code in table:
            table[code]["trouble"] = n
    return list(table.values())


def _fill_areas(table: dict[str, dict[str, Any]], rows: "QuerySet[Any]") -> None:
    grouped = rows.order_by().annotate(town=Substr("division_code", 1, 9)).values("town", "soil_class")
    for line in grouped.annotate(n=Count("pk"), mu=Sum("area_mu")):
        town = table.get(line["town"])
        if town is not None:
            town["parcels"] += line["n"]
            # SQLite sums decimals as binary numbers; areas have two places.
            mu = line["mu"].quantize(Decimal("0.01"))
            town["area"] += mu
            town[line["soil_class"] or "none"] += mu


def _fill_rates(table: dict[str, dict[str, Any]], polluted: "QuerySet[Any]", on: date) -> None:
    slight = rules.class_rules(on).slight_index
    by_town: dict[str, list[land.PollutedArea]] = {}
    for parcel in polluted:
        by_town.setdefault(parcel.division_code[:9], []).append(_area(parcel, slight))
    for code, areas in by_town.items():
        if code in table:
            table[code]["rate"] = land.account_areas(areas).rate


def zones_by_year(rows: "QuerySet[Any]", years: Iterable[int]) -> list[dict[str, int]]:
    """Of each year: how many soil results lay in which zone."""
    years = list(years)
    grouped = rows.filter(sampled_on__year__in=years).order_by().values("sampled_on__year")
    counted = grouped.annotate(
        **{zone: Count("pk", filter=Q(zone=zone)) for zone in ("low", "between", "above", "undetermined")}
    )
    found = {line["sampled_on__year"]: line for line in counted}
    empty = {"low": 0, "between": 0, "above": 0, "undetermined": 0}
    return [{**empty, **found.get(year, {}), "year": year} for year in years]
