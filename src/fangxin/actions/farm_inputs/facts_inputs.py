"""The fact tables that indicators count: areas, treatments, sales, packs, forecasts, dealers."""

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import (
    BooleanField,
    Case,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import ExtractYear

from fangxin.actions.farm_inputs import rules_inputs as rules
from fangxin.actions.farm_inputs.models import (
    ControlRecord,
    CropYear,
    Dealer,
    ForecastCheck,
    ForecastNotice,
    LedgerLine,
    PackScan,
)
from fangxin.actions.farm_inputs.selectors_inputs import standing


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def crop_area_rows(as_of: date) -> "QuerySet[CropYear]":
    """Areas of the latest year stated for each place and crop, this year's or the last one's."""
    newer = CropYear.objects.filter(
        division_code=OuterRef("division_code"), crop=OuterRef("crop"), year__gt=OuterRef("year"),
        year__lte=as_of.year, recorded_at__date__lte=as_of,
    )  # fmt: skip
    rows = CropYear.objects.filter(year__in=(as_of.year, as_of.year - 1), recorded_at__date__lte=as_of)
    return rows.filter(~Exists(newer)).order_by()


def control_rows(as_of: date) -> "QuerySet[ControlRecord]":
    rows = ControlRecord.objects.filter(on__year=as_of.year, on__lte=as_of, recorded_at__date__lte=as_of)
    return rows.order_by().annotate(treated_mu=F("area_mu") * F("times"))


def pesticide_sale_rows(as_of: date) -> "QuerySet[LedgerLine]":
    """Sales of pesticides of the year so far; taken back ones are in no figure."""
    rows = standing(LedgerLine.objects.filter(kind="sale", product__kind="pesticide"))
    rows = rows.filter(on__year=as_of.year, on__lte=as_of)
    # Multiplied, since SQLite divides whole numbers to whole numbers.
    tonnes = ExpressionWrapper(
        F("active_g") * Decimal("0.000001"), output_field=DecimalField(max_digits=20, decimal_places=10)
    )
    return rows.order_by().annotate(active_t=tonnes, converted=_flag(Q(active_g__isnull=False)), year=ExtractYear("on"))


def pack_check_rows(as_of: date) -> "QuerySet[PackScan]":
    """Packs looked at on the market in the year so far."""
    return PackScan.objects.filter(kind="check", on__year=as_of.year, on__lte=as_of).order_by()


def notice_rows(as_of: date) -> "QuerySet[ForecastNotice]":
    """Farms that had to be told of a forecast of the year so far, and whether they had read it in time."""
    days = timedelta(days=rules.practice(as_of).forecast_days + 1)
    rows = ForecastNotice.objects.filter(
        forecast__issued_on__year=as_of.year, forecast__issued_on__lte=as_of, forecast__state="issued"
    )
    in_time = Q(read_at__lt=F("told_at") + days, read_at__date__lte=as_of)
    return rows.order_by().annotate(
        read=_flag(Q(read_at__date__lte=as_of)), in_time=_flag(in_time), kind=F("forecast__kind")
    )


def forecast_check_rows(as_of: date) -> "QuerySet[ForecastCheck]":
    rows = ForecastCheck.objects.filter(surveyed_on__year=as_of.year, surveyed_on__lte=as_of)
    return rows.order_by().annotate(hit=_flag(Q(outcome__in=("exact", "near"))))


def dealer_rows(as_of: date) -> "QuerySet[Dealer]":
    """Dealers open on the day."""
    rows = Dealer.objects.filter(Q(closed_on=None) | Q(closed_on__gt=as_of), recorded_at__date__lte=as_of)
    licensed = ~Q(licence_no="") & (Q(licence_until=None) | Q(licence_until__gte=as_of))
    since = as_of - timedelta(days=rules.practice(as_of).upload_days)
    scanned = PackScan.objects.filter(dealer=OuterRef("pk"), on__gt=since, on__lte=as_of, kind__in=("in", "out"))
    point = Q(sale_point_from__lte=as_of) & (Q(sale_point_until=None) | Q(sale_point_until__gte=as_of))
    return rows.order_by().annotate(
        licensed=_flag(licensed),
        sale_point=_flag(point),
        veterinary=_flag(Q(deals__in=("veterinary", "both"))),
        uploading=_flag(Exists(scanned)),
    )
