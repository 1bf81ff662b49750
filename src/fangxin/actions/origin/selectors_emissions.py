"""What a person may read of enterprises, water and volatile organic compounds; and the rows that figures count."""

import math
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from fangxin.actions.origin import rules_emissions as rules
from fangxin.actions.origin.models import (
    IrrigationNotice,
    LdarRound,
    Leak,
    MetalCheck,
    MetalEnterprise,
    MetalProblem,
    VocCheck,
    VocFirm,
    WaterMonth,
    WaterSection,
)
from fangxin.actions.origin.services.enterprises import without_own_monitoring
from fangxin.actions.origin.services.voc import late_leaks
from fangxin.engines.deadlines import add_months
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

VIEW = "origin.view"


# --- lists --------------------------------------------------------------------------------------------------------


def list_metal(user: Any, ability: str = VIEW) -> "QuerySet[MetalEnterprise]":
    return people.within(MetalEnterprise.objects.all(), user, ability)


def list_problems(user: Any, ability: str = VIEW) -> "QuerySet[MetalProblem]":
    return people.within(MetalProblem.objects.select_related("enterprise", "matter"), user, ability)


def list_sections(user: Any, ability: str = VIEW) -> "QuerySet[WaterSection]":
    return people.within(WaterSection.objects.all(), user, ability)


def list_months(user: Any, ability: str = VIEW) -> "QuerySet[WaterMonth]":
    """Months as they stand: what was corrected shows on the correction's page."""
    rows = WaterMonth.objects.filter(replaced_by=None).select_related("section")
    return people.within(rows, user, ability)


def list_notices(user: Any, ability: str = VIEW) -> "QuerySet[IrrigationNotice]":
    return people.within(IrrigationNotice.objects.select_related("section", "month", "agency"), user, ability)


def list_firms(user: Any, ability: str = VIEW) -> "QuerySet[VocFirm]":
    return people.within(VocFirm.objects.all(), user, ability)


def list_leaks(user: Any, ability: str = VIEW) -> "QuerySet[Leak]":
    return people.within(Leak.objects.select_related("firm"), user, ability)


def with_latest_month(rows: "QuerySet[WaterSection]") -> "QuerySet[WaterSection]":
    """Sections with the latest month as it stands."""
    latest = WaterMonth.objects.filter(section=OuterRef("pk"), replaced_by=None).order_by("-month")
    return rows.annotate(
        last_month=Subquery(latest.values("month")[:1]),
        last_class=Subquery(latest.values("water_class")[:1]),
        last_meets=Subquery(latest.values("meets_target")[:1]),
    )


def with_last_check(rows: "QuerySet[VocFirm]") -> "QuerySet[VocFirm]":
    latest = VocCheck.objects.filter(firm=OuterRef("pk")).order_by("-checked_on", "-pk")
    return rows.annotate(
        last_checked=Subquery(latest.values("checked_on")[:1]), last_outcome=Subquery(latest.values("outcome")[:1])
    )


def with_metal_days(rows: "QuerySet[MetalEnterprise]") -> "QuerySet[MetalEnterprise]":
    checked = MetalCheck.objects.filter(enterprise=OuterRef("pk")).order_by("-checked_on")
    own = Q(monitorings__kind="own", monitorings__medium="soil")
    return rows.annotate(
        last_checked=Subquery(checked.values("checked_on")[:1]),
        last_own=Max("monitorings__monitored_on", filter=own),
    )


def ldar_late(rows: "QuerySet[VocFirm]", day: date) -> "QuerySet[VocFirm]":
    """Enterprises that owe a round of leak detection on the day."""
    found = rows.filter(running=True, sealing_points__gte=rules.voc_rules(day).ldar_points)
    owing = Q()
    for parts, months in ((LdarRound.Parts.MOVING, 6), (LdarRound.Parts.FLANGES, 12)):
        since = add_months(day, -months)
        recent = LdarRound.objects.filter(firm=OuterRef("pk"), parts=parts, done_on__gte=since)
        owing |= Q(listed_on__lt=since) & ~Exists(recent)
    return found.filter(owing)


def affected_parcels(user: Any, row: MetalEnterprise) -> list[tuple[Any, int, str]]:
    """Parcels of the person's divisions that the enterprise may affect: (parcel, metres, near or downstream), nearest
    first. Nothing where the enterprise stands on no map."""
    if row.latitude is None or row.longitude is None:
        return []
    reach = rules.reach(ledger.clock.today())
    source, far = (row.latitude, row.longitude), max(reach.near_m, reach.downstream_m)
    north = far / 111_000
    east = north / max(0.1, math.cos(math.radians(row.latitude)))
    near = registry.list_parcels(user, VIEW).filter(
        closed_on=None, latitude__range=(row.latitude - north, row.latitude + north),
        longitude__range=(row.longitude - east, row.longitude + east),
    )  # fmt: skip
    found = []
    for parcel in near.order_by("number"):
        lies = rules.lies_within(reach, source, row.flow_bearing, (parcel.latitude, parcel.longitude))
        if lies is not None:
            found.append((parcel, round(lies[0]), lies[1]))
    return sorted(found, key=lambda one: (one[1], one[0].number))


# --- what waits ---------------------------------------------------------------------------------------------------


def waiting(user: Any, ability: str = VIEW) -> "dict[str, QuerySet[Any]]":
    """What waits in the person's divisions, as rows to be counted or listed."""
    day = ledger.clock.today()
    metal = list_metal(user, ability)
    leaks = list_leaks(user, ability).filter(repaired_on=None)
    notices = list_notices(user, ability).filter(acknowledged_at=None)
    last = add_months(day.replace(day=1), -1)
    measured = WaterMonth.objects.filter(section=OuterRef("pk"), month=last)
    return {
        "surveyed": metal.filter(state="surveyed"),
        "overdue": metal.filter(state="overdue"),
        "submitted": metal.filter(state="submitted"),
        "monitoring": metal.filter(without_own_monitoring(day)),
        "notices": notices,
        "notices_late": notices.filter(due_on__lt=day),
        "months": list_sections(user, ability).filter(closed_on=None).filter(~Exists(measured)),
        "leaks": leaks,
        "leaks_late": late_leaks(leaks, day),
        "ldar": ldar_late(list_firms(user, ability), day),
    }


# --- rows that figures count --------------------------------------------------------------------------------------


def end_of(day: date) -> datetime:
    """The first moment after the local day."""
    return datetime.combine(
        min(day, date.max - timedelta(days=1)) + timedelta(days=1), time(), tzinfo=ledger.clock.LOCAL
    )


def _flag(condition: Any) -> Case:
    """A column that is never null: what is not known is not so."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def metal_rows(as_of: date) -> "QuerySet[MetalEnterprise]":
    """One row an enterprise that had been put on the list by the day. Acceptance ends the rectification, not the
    supervision: an accepted enterprise stays in the figure."""
    this_year = MetalCheck.objects.filter(
        enterprise=OuterRef("pk"), checked_on__gte=date(as_of.year, 1, 1), checked_on__lte=as_of,
        recorded_at__lt=end_of(as_of),
    )  # fmt: skip
    rows = MetalEnterprise.objects.filter(listed_on__lte=as_of)
    return rows.order_by().annotate(
        checked_this_year=_flag(Exists(this_year)), accepted=_flag(Q(accepted_on__lte=as_of))
    )


def problem_rows(as_of: date) -> "QuerySet[MetalProblem]":
    """One row a problem that was known on the day."""
    rows = MetalProblem.objects.filter(found_at__lt=end_of(as_of))
    closed = Q(closed_on__lte=as_of)
    return rows.order_by().annotate(
        closed=_flag(closed),
        due_reached=_flag(Q(due_on__lte=as_of)),
        closed_on_time=_flag(closed & Q(closed_on__lte=F("due_on"))),
    )


def voc_rows(as_of: date) -> "QuerySet[VocFirm]":
    """One row an enterprise on the list by the day, with its latest check."""
    latest = VocCheck.objects.filter(
        firm=OuterRef("pk"), checked_on__lte=as_of, recorded_at__lt=end_of(as_of)
    ).order_by("-checked_on", "-pk")
    rows = VocFirm.objects.filter(listed_on__lte=as_of, entered_at__lt=end_of(as_of))
    return rows.order_by().annotate(last_outcome=Subquery(latest.values("outcome")[:1]))


def month_rows(as_of: date) -> "QuerySet[WaterMonth]":
    """One row a section and month measured in the year up to the day, corrections known by then in place of what they
    correct."""
    known = end_of(as_of)
    newer = WaterMonth.objects.filter(replaces=OuterRef("pk"), recorded_at__lt=known)
    rows = WaterMonth.objects.filter(month__gte=date(as_of.year, 1, 1), month__lte=as_of, recorded_at__lt=known).filter(
        ~Exists(newer)
    )
    return rows.order_by().annotate(
        irrigates=_flag(~Q(section__irrigates="")), meets=_flag(Q(meets_target=True)),
        judged=_flag(Q(meets_target__isnull=False)), section_number=F("section__number"),
    )  # fmt: skip
