"""What a person may read of soil, land classes and measures, and rows as of a day."""

from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from fangxin.actions.origin.models import (
    ClassDecision,
    LandUnit,
    ProduceResult,
    SoilMeasure,
    SoilPoint,
    SoilSample,
    UnitParcel,
)
from fangxin.engines.deadlines import add_months
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

# Kinds of parcels that are cultivated land.
CULTIVATED = ("field", "orchard", "greenhouse")
POLLUTED = ("safe_use", "strict")
OPEN = ("proposed", "consulted", "confirmed", "submitted")
HELD = (ClassDecision.State.IN_FORCE, ClassDecision.State.REPLACED)
STANDING_MEASURES = (SoilMeasure.State.EXECUTED, SoilMeasure.State.ENDED)


def list_points(user: Any, ability: str = "origin.view") -> "QuerySet[SoilPoint]":
    return people.within(SoilPoint.objects.select_related("parcel"), user, ability)


def list_samples(user: Any, ability: str = "origin.view") -> "QuerySet[SoilSample]":
    """Results that stand: those a correction replaced are left to the point's page."""
    rows = SoilSample.objects.filter(replaced_by=None).select_related("point")
    return people.within(rows, user, ability)


def list_produce(user: Any, ability: str = "origin.view") -> "QuerySet[ProduceResult]":
    """Results that stand: of a sample and project the newest."""
    return people.within(newest_produce().select_related("parcel"), user, ability)


def newest_produce() -> "QuerySet[ProduceResult]":
    later = ProduceResult.objects.filter(
        sample_number=OuterRef("sample_number"), analyte=OuterRef("analyte"), pk__gt=OuterRef("pk")
    )
    return ProduceResult.objects.filter(~Exists(later))


def list_units(user: Any, ability: str = "origin.view") -> "QuerySet[LandUnit]":
    return people.within(LandUnit.objects.all(), user, ability)


def list_decisions(user: Any, ability: str = "origin.view") -> "QuerySet[ClassDecision]":
    return people.within(ClassDecision.objects.select_related("unit"), user, ability)


def list_measures(user: Any, ability: str = "origin.view") -> "QuerySet[SoilMeasure]":
    return people.within(SoilMeasure.objects.select_related("parcel"), user, ability)


def list_parcels(user: Any, ability: str = "origin.view") -> "QuerySet[Any]":
    """Cultivated parcels in use, with their class, whether a fitting measure is in force, and what produce says."""
    rows = registry.list_parcels(user, ability).filter(closed_on=None, kind__in=CULTIVATED)
    return with_standing(rows, ledger.clock.today())


def with_standing(rows: "QuerySet[Any]", on: date) -> "QuerySet[Any]":
    """Columns as of a day: unit, soil_class, decided_from, measured, produce."""
    rows = rows.annotate(
        soil_class=Coalesce(Subquery(_decisions_of_parcel(on).values("decided")[:1]), Value("")),
        worst_index=Subquery(_worst_index(on)),
        produce=_produce(on),
    )
    return rows.annotate(
        measured=Case(
            When(soil_class="strict", then=Exists(_measures(on).filter(fits_strict=True))),
            When(soil_class="safe_use", then=Exists(_measures(on).filter(fits_safe_use=True))),
            default=Value(False),
            output_field=BooleanField(),
        )
    )


def _decisions_of_parcel(on: date) -> "QuerySet[ClassDecision]":
    """Classes that held on a day for the unit to which the parcel then belonged, the one in force first."""
    return ClassDecision.objects.filter(
        _held(on),
        Q(unit__members__until=None) | Q(unit__members__until__gt=on),
        unit__members__parcel=OuterRef("pk"),
        unit__members__since__lte=on,
    ).order_by("-effective_on", "-number")


def _held(on: date) -> Q:
    return Q(state__in=HELD, effective_on__lte=on)


def _measures(on: date) -> "QuerySet[SoilMeasure]":
    return SoilMeasure.objects.filter(
        Q(ended_on=None) | Q(ended_on__gt=on),
        parcel=OuterRef("pk"),
        state__in=STANDING_MEASURES,
        executed_on__lte=on,
        starts_on__lte=on,
        ends_on__gte=on,
    )


def _worst_index(on: date) -> Any:
    """The greatest index of the newest sample of each of the parcel's points."""
    later = SoilSample.objects.filter(
        point=OuterRef("point"), sampled_on__gt=OuterRef("sampled_on"), sampled_on__lte=on, replaced_by=None
    )
    rows = SoilSample.objects.filter(
        ~Exists(later), point__parcel=OuterRef("pk"), sampled_on__lte=on, replaced_by=None, worst_index__isnull=False
    )
    return rows.order_by("-worst_index").values("worst_index")[:1]


def _produce(on: date) -> Any:
    """none, within or above, by the results of the last twelve months that carry a verdict."""
    since = add_months(on, -12)
    rows = newest_produce().filter(parcel=OuterRef("pk"), sampled_on__gt=since, sampled_on__lte=on)
    return Case(
        When(Exists(rows.filter(outcome="nonconforming")), then=Value("above")),
        When(Exists(rows.filter(outcome="conforming")), then=Value("within")),
        default=Value("none"),
        output_field=CharField(),
    )


def members_on(unit: LandUnit, on: date) -> "QuerySet[UnitParcel]":
    rows = unit.members.filter(Q(until=None) | Q(until__gt=on), since__lte=on)
    return rows.select_related("parcel").order_by("parcel__number")


# --- fact tables of the indicators --------------------------------------------------------------------------------


def parcel_rows(as_of: date) -> "QuerySet[Any]":
    """Cultivated parcels in use on a day, with class and measure of that day."""
    rows = registry.Parcel.objects.filter(Q(closed_on=None) | Q(closed_on__gt=as_of), kind__in=CULTIVATED)
    found = with_standing(rows.filter(recorded_at__date__lte=as_of), as_of)
    return found.annotate(
        polluted=Case(
            When(soil_class__in=POLLUTED, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
    )


def unit_rows(as_of: date) -> "QuerySet[LandUnit]":
    """Evaluation units, with the class of the day and what the year's re-evaluation made of it."""
    rows = LandUnit.objects.filter(recorded_at__date__lte=as_of)
    held = ClassDecision.objects.filter(_held(as_of), unit=OuterRef("pk")).order_by("-effective_on", "-number")
    again = held.filter(effective_on__year=as_of.year).exclude(before="")
    return rows.annotate(
        class_then=Coalesce(Subquery(held.values("decided")[:1]), Value("")),
        re_evaluated=Exists(again),
        change=Subquery(again.annotate(step=_step()).values("step")[:1]),
    )


def _step() -> Any:
    """improved, equal or worse, from the class before to the class decided."""
    improved = Q(before="strict", decided__in=("safe_use", "priority")) | Q(before="safe_use", decided="priority")
    return Case(
        When(before=F("decided"), then=Value("equal")),
        When(improved, then=Value("improved")),
        default=Value("worse"),
        output_field=CharField(),
    )
