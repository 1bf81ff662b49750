"""What a person may read of dealers, codes, packages, areas and forecasts; and the figures that follow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Substr

from fangxin.actions.farm_inputs import rules_inputs as rules
from fangxin.actions.farm_inputs.models import (
    ControlRecord,
    CropYear,
    Dealer,
    DrugPack,
    Forecast,
    ForecastNotice,
    InputFinding,
    LedgerLine,
    LedgerSheet,
    PackageMove,
    PackagePoint,
    PackScan,
    RefusedSale,
    Stock,
    UsageFigure,
)
from fangxin.engines import reduction
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

VIEW, LISTS = "inputs.view", "inputs.lists"
ZERO = Decimal(0)


# --- what a person may read -------------------------------------------------------------------------------------------


def list_dealers(user: Any, ability: str = VIEW) -> "QuerySet[Dealer]":
    """Dealers of the person's divisions; a dealer sees its own shops."""
    return _own(Dealer.objects.select_related("operator"), user, ability, "operator__agency__in")


def list_lines(user: Any, ability: str = VIEW) -> "QuerySet[LedgerLine]":
    rows = LedgerLine.objects.select_related("dealer", "product")
    return _own(rows, user, ability, "dealer__operator__agency__in")


def list_sheets(user: Any, ability: str = VIEW) -> "QuerySet[LedgerSheet]":
    return _own(LedgerSheet.objects.select_related("dealer"), user, ability, "dealer__operator__agency__in")


def _own(rows: "QuerySet[Any]", user: Any, ability: str, own: str) -> "QuerySet[Any]":
    if user.prefixes(ability):
        return people.within(rows, user, ability)
    return rows.filter(**{own: user.own_agencies(ability)})


def standing(rows: "QuerySet[LedgerLine]") -> "QuerySet[LedgerLine]":
    """Lines that were not taken back."""
    return rows.filter(takes_back=None, taken_back_by=None)


def list_refused(user: Any) -> "QuerySet[RefusedSale]":
    return people.within(RefusedSale.objects.select_related("dealer", "product"), user, LISTS)


def list_findings(user: Any) -> "QuerySet[InputFinding]":
    return people.within(InputFinding.objects.select_related("dealer", "matter"), user, LISTS)


def list_packs(user: Any) -> "QuerySet[DrugPack]":
    return people.within(DrugPack.objects.select_related("dealer"), user, LISTS)


def list_scans(user: Any, ability: str = VIEW) -> "QuerySet[PackScan]":
    return _own(PackScan.objects.select_related("dealer", "pack"), user, ability, "dealer__operator__agency__in")


def list_points(user: Any, ability: str = LISTS) -> "QuerySet[PackagePoint]":
    return people.within(PackagePoint.objects.select_related("dealer"), user, ability)


def list_package_moves(user: Any) -> "QuerySet[PackageMove]":
    return people.within(PackageMove.objects.select_related("point"), user, LISTS)


def list_areas(user: Any, ability: str = LISTS) -> "QuerySet[CropYear]":
    return people.within(CropYear.objects.all(), user, ability)


def list_usage(user: Any, ability: str = LISTS) -> "QuerySet[UsageFigure]":
    return people.within(UsageFigure.objects.all(), user, ability)


def list_controls(user: Any) -> "QuerySet[ControlRecord]":
    return people.within(ControlRecord.objects.all(), user, LISTS)


def list_forecasts(user: Any) -> "QuerySet[Forecast]":
    """Drafts are the issuer's own business; a farm sees what it was sent."""
    rows = Forecast.objects.select_related("agency")
    if not user.prefixes("forecast.view"):
        farms = user.own_agencies("forecast.view")
        return rows.filter(notices__farm__premises__operator__agency__in=farms).distinct()
    seen = people.within(rows, user, "forecast.view")
    if user.can("forecast.issue"):
        return seen
    # A bulletin for the whole county concerns each of its townships.
    wider = Q()
    for prefix in user.prefixes("forecast.view"):
        wider |= Q(division_code__in=[prefix[:n] for n in (6, 9) if n <= len(prefix)])
    return (seen | rows.filter(wider)).exclude(state="draft").distinct()


def list_notices(user: Any) -> "QuerySet[ForecastNotice]":
    rows = ForecastNotice.objects.select_related("forecast", "farm__premises")
    return _own(rows, user, "forecast.view", "farm__premises__operator__agency__in")


def unread_notices(user: Any) -> "QuerySet[ForecastNotice]":
    """What a farmer was sent and has not said to have read, as long as it stands and matters."""
    rows = list_notices(user).filter(read_at=None, forecast__state="issued")
    return rows.filter(forecast__window_to__gte=ledger.clock.today()).order_by("-pk")


def public_forecasts(day: date) -> "QuerySet[Forecast]":
    """What anybody may read: bulletins that stand, the latest first."""
    rows = Forecast.objects.filter(state="issued", issued_on__lte=day).select_related("agency")
    return rows.order_by("-issued_on", "-number")


# --- figures ----------------------------------------------------------------------------------------------------------


def year_span(year: int, day: date) -> tuple[date, date]:
    """A year, as far as it has passed."""
    return date(year, 1, 1), min(date(year, 12, 31), day)


@dataclass(frozen=True, slots=True)
class Recovery:
    """Packages sold and taken back in a place and span. `unknown` sale lines do not say how many packs they were."""

    name: str
    code: str
    sold: int
    unknown: int
    taken: int
    weight_kg: Decimal
    rate: Decimal | None


def recovery(user: Any, year: int) -> list[Recovery]:
    """By township; the rate is undefined where nothing sold was counted in packs."""
    since, until = year_span(year, ledger.clock.today())
    sold = standing(list_lines(user, LISTS)).filter(kind="sale", on__range=(since, until), product__kind="pesticide")
    taken = list_package_moves(user).filter(kind="taken", on__range=(since, until))
    by_town = _per_town(sold, sold=Sum("packs"), unknown=Count("pk", filter=Q(packs=None)))
    back = _per_town(taken, taken=Sum("packs"), weight=Sum("weight_kg"))
    names = people.division_names(set(by_town) | set(back))
    return [
        _recovery(names.get(code, code), code, by_town.get(code, {}), back.get(code, {}))
        for code in sorted(set(by_town) | set(back))
    ]


def _recovery(name: str, code: str, sold: dict[str, Any], back: dict[str, Any]) -> Recovery:
    count, taken = sold.get("sold") or 0, back.get("taken") or 0
    rate = reduction.share(Decimal(taken), Decimal(count))
    return Recovery(name, code, count, sold.get("unknown") or 0, taken, back.get("weight") or ZERO, rate)


def _per_town(rows: "QuerySet[Any]", **sums: Any) -> dict[str, dict[str, Any]]:
    grouped = rows.order_by().annotate(town=Substr("division_code", 1, 9)).values("town").annotate(**sums)
    return {row["town"]: row for row in grouped}


@dataclass(frozen=True, slots=True)
class YearUse:
    """Pesticide of one crop in one year. Grams; `source` says whether records or statistics speak."""

    usage: reduction.Usage
    source: str
    unknown: int = 0


def usage_of(user: Any, year: int, crop: str = "") -> YearUse:
    """Statistics where the department has stated them, else what dealers' books say was sold for the crop.

    Sales with a label that cannot be converted leave the sum unknown rather than low.
    """
    stated = list_usage(user).filter(year=year, kind="pesticide", crop=crop).aggregate(
        kg=Sum("active_kg"), mu=Sum("area_mu"), without=Count("pk", filter=Q(area_mu=None))
    )  # fmt: skip
    if stated["kg"] is not None:
        area = stated["mu"] if stated["without"] == 0 else None
        return YearUse(reduction.Usage(stated["kg"] * 1000, area or sown(user, year, crop)), "stated")
    since, until = year_span(year, ledger.clock.today())
    rows = standing(list_lines(user, LISTS)).filter(kind="sale", on__range=(since, until), product__kind="pesticide")
    if crop:
        rows = rows.filter(crop=crop)
    counted = rows.order_by().aggregate(
        grams=Sum("active_g"), unknown=Count("pk", filter=Q(active_g=None)), lines=Count("pk")
    )
    if not counted["lines"]:
        return YearUse(reduction.Usage(None, sown(user, year, crop)), "none")
    grams = counted["grams"] if not counted["unknown"] else None
    return YearUse(reduction.Usage(grams, sown(user, year, crop)), "sales", counted["unknown"])


def sown(user: Any, year: int, crop: str = "") -> Decimal | None:
    """Mu sown; None where nobody stated any."""
    rows = list_areas(user).filter(year=year)
    if crop:
        rows = rows.filter(crop=crop)
    found: Decimal | None = rows.order_by().aggregate(mu=Sum("area_mu"))["mu"]
    return found


def crops_of(user: Any) -> list[str]:
    """Crops of which areas or amounts are stated."""
    names = set(list_areas(user).order_by().values_list("crop", flat=True).distinct())
    names |= set(list_usage(user).exclude(crop="").order_by().values_list("crop", flat=True).distinct())
    return sorted(names)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Areas in mu and the shares that follow, for one crop or all. None where nothing was counted."""

    crop: str
    area_mu: Decimal
    green_mu: Decimal | None
    green_share: Decimal | None
    treated_mu: Decimal
    professional_mu: Decimal
    professional_share: Decimal | None


def coverages(user: Any, year: int) -> list[Coverage]:
    """Unified and green control by main crop, and all of them together (empty name)."""
    areas = list_areas(user).filter(year=year, main_crop=True).order_by()
    sums = {
        row["crop"]: row
        for row in areas.values("crop").annotate(
            mu=Sum("area_mu"), green=Sum("green_mu"), uncounted=Count("pk", filter=Q(green_mu=None))
        )
    }
    treated = {
        row["crop"]: row
        for row in list_controls(user).filter(on__year=year).order_by().values("crop").annotate(
            all=Sum(F("area_mu") * F("times")),
            professional=Sum(F("area_mu") * F("times"), filter=Q(professional=True)),
        )
    }  # fmt: skip
    found = [_coverage(crop, sums.get(crop, {}), treated.get(crop, {})) for crop in sorted({*sums, *treated})]
    return [*found, _together(found)] if len(found) > 1 else found


def _coverage(crop: str, area: dict[str, Any], treated: dict[str, Any]) -> Coverage:
    mu, green = area.get("mu") or ZERO, area.get("green")
    all_, professional = treated.get("all") or ZERO, treated.get("professional") or ZERO
    green_share = reduction.share(green, mu) if green is not None else None
    return Coverage(crop, mu, green, green_share, all_, professional, reduction.share(professional, all_))


def _together(rows: Iterable[Coverage]) -> Coverage:
    rows = list(rows)
    counted = [row for row in rows if row.green_mu is not None]
    area = sum((row.area_mu for row in rows), ZERO)
    green = sum((row.green_mu or ZERO for row in counted), ZERO) if counted else None
    treated = sum((row.treated_mu for row in rows), ZERO)
    professional = sum((row.professional_mu for row in rows), ZERO)
    green_share = reduction.share(green, area) if green is not None else None
    return Coverage("", area, green, green_share, treated, professional, reduction.share(professional, treated))


# --- work -------------------------------------------------------------------------------------------------------------


def expired_dealers(user: Any) -> "QuerySet[Dealer]":
    return list_dealers(user, LISTS).filter(closed_on=None, licence_until__lt=ledger.clock.today())


def sheets_waiting(user: Any) -> "QuerySet[LedgerSheet]":
    return list_sheets(user).filter(state="read")


def forecasts_to_check(user: Any) -> "QuerySet[Forecast]":
    """Bulletins whose window is over and that nobody has looked back at."""
    rows = people.within(Forecast.objects.all(), user, "forecast.issue")
    return rows.filter(state="issued", window_to__lt=ledger.clock.today(), checked=None)


def silent_dealers(user: Any) -> "QuerySet[Dealer]":
    """Licensed dealers of veterinary drugs from which no code has come for too long."""
    day = ledger.clock.today()
    since = day - timedelta(days=rules.practice(day).upload_days)
    scans = PackScan.objects.filter(dealer=OuterRef("pk"), on__gt=since, kind__in=("in", "out"))
    rows = list_dealers(user, LISTS).filter(closed_on=None, deals__in=("veterinary", "both"))
    return rows.filter(~Exists(scans))


def stock_of(dealer: Dealer) -> "QuerySet[Stock]":
    return Stock.objects.filter(dealer=dealer, quantity__gt=0).select_related("product").order_by("product__name")
