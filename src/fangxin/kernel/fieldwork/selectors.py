"""What a person may read of inspections."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Coalesce

from fangxin.engines.deadlines import add_months
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.fieldwork import rules, standards
from fangxin.kernel.fieldwork.data import Coverage, ItemAnswer, ItemOnForm, PublicResult
from fangxin.kernel.fieldwork.models import (
    Draw,
    Finding,
    Inspection,
    InspectionPlan,
    ItemPhoto,
    ItemResult,
    PlannedVisit,
    PremisesGrade,
    Recusal,
    RiskOrder,
)
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

STANDING = (PremisesGrade.State.CONFIRMED, PremisesGrade.State.TOLD)
# Visits of a draft plan are not owed yet.
OWED = Q(plan=None) | Q(plan__state=InspectionPlan.State.APPROVED)


# What a person may type as a date reaches to where the calendar ends; nothing was ever done that late.
_LAST_DAY = date(9998, 12, 31)


def end_of(day: date) -> datetime:
    """The first moment after the local day."""
    return datetime.combine(min(day, _LAST_DAY) + timedelta(days=1), time(), tzinfo=ledger.clock.LOCAL)


def _reach(rows: "QuerySet[Any]", user: Any, ability: str, own: Q, in_order: bool = False) -> "QuerySet[Any]":
    """Rows in the person's divisions; for operators and institutions those of their own places that `own` lets out."""
    if user.prefixes(ability):
        return people.within(rows, user, ability, in_order=in_order)
    agencies = user.own_agencies(ability)
    return rows.filter(own, premises__operator__agency__in=agencies) if agencies else rows.none()


def list_inspections(user: Any, ability: str = "inspection.view", *, in_order: bool = False) -> "QuerySet[Inspection]":
    """An operator sees the own inspections from the moment they are told. `in_order`: see `people.within`."""
    rows = Inspection.objects.select_related("premises", "agency")
    return _reach(rows, user, ability, Q(told_at__isnull=False), in_order)


def open_visit_asked_from(key: str) -> PlannedVisit | None:
    """The visit that the same thing asked for and nobody has begun."""
    return PlannedVisit.objects.filter(asked_from=key, state=PlannedVisit.State.OPEN).first()


def list_visits(user: Any, ability: str = "inspection.work", *, in_order: bool = False) -> "QuerySet[PlannedVisit]":
    """Visits are not announced to those who will be visited."""
    rows = PlannedVisit.objects.select_related("premises", "agency", "plan")
    return people.within(rows, user, ability, in_order=in_order)


def owed(rows: "QuerySet[PlannedVisit]") -> "QuerySet[PlannedVisit]":
    """Not begun, and of no draft plan."""
    return rows.filter(OWED, state=PlannedVisit.State.OPEN)


def list_findings(user: Any, ability: str = "inspection.view", *, in_order: bool = False) -> "QuerySet[Finding]":
    told = Finding.objects.filter(inspection__state__in=rules.TOLD_STATES)
    rows = told.select_related("inspection", "owner")
    if user.prefixes(ability):
        return people.within(rows, user, ability, in_order=in_order)
    return rows.filter(inspection__premises__operator__agency__in=user.own_agencies(ability))


def list_plans(user: Any) -> "QuerySet[InspectionPlan]":
    """Plans made for the person's divisions, and those of the divisions above that reach into them."""
    return InspectionPlan.objects.filter(_touching(user, "inspection.view")).select_related("agency", "risk_order")


def list_risk_orders(user: Any) -> "QuerySet[RiskOrder]":
    return RiskOrder.objects.filter(_touching(user, "inspection.plan"))


def standing_orders(user: Any) -> "QuerySet[RiskOrder]":
    """Those that a plan may follow: the newest of each division, where it is better than chance."""
    newer = RiskOrder.objects.filter(division_code=OuterRef("division_code"), pk__gt=OuterRef("pk"))
    return list_risk_orders(user).filter(~Exists(newer), area_low__gt=0.5)


def list_draws(user: Any) -> "QuerySet[Draw]":
    return Draw.objects.filter(_touching(user, "draw.run")).select_related("agency", "result")


def _touching(user: Any, ability: str) -> Q:
    touching = Q(pk__in=[])
    for prefix in user.prefixes(ability):
        touching |= people.under(prefix) | Q(division_code__in=[prefix[:n] for n in (6, 9) if n < len(prefix)])
    return touching


def list_grades(user: Any, ability: str = "inspection.view") -> "QuerySet[PremisesGrade]":
    """An operator sees the own grades once they are told."""
    rows = PremisesGrade.objects.select_related("premises")
    return _reach(rows, user, ability, Q(state=PremisesGrade.State.TOLD))


def list_recusals(user: Any) -> "QuerySet[Recusal]":
    rows = Recusal.objects.select_related("user", "premises")
    return people.within(rows, user, "inspection.plan")


def unpublished(rows: "QuerySet[Inspection]") -> "QuerySet[Inspection]":
    """Told, with a day by which to publish, and not published."""
    return rows.filter(published_at=None, publish_due_on__isnull=False, state__in=rules.TOLD_STATES)


def published_late(rows: "QuerySet[Inspection]") -> "QuerySet[Inspection]":
    return rows.filter(published_at__date__gt=F("publish_due_on"))


# --- grades ---------------------------------------------------------------------------------------------------


def standing_grades(division_code: str, year: int, scale: str = "risk") -> dict[int, str]:
    """The grade that holds in a year for each place: of the year, else of the year before."""
    rows = PremisesGrade.objects.filter(
        people.under(division_code), scale=scale, year__in=(year - 1, year), state__in=STANDING
    )
    return dict(rows.order_by("year", "pk").values_list("premises_id", "grade").iterator())


def grade_of(premises: Any, scale: str, on: date) -> PremisesGrade | None:
    """The grade in force on a day: the newest that had taken effect, replaced ones included until they were."""
    rows = PremisesGrade.objects.filter(premises=premises, scale=scale, effective_from__lte=on)
    standing = rows.filter(state__in=(*STANDING, PremisesGrade.State.REPLACED))
    return standing.order_by("-effective_from", "-pk").first()


def without_grade(rows: "QuerySet[Any]", year: int, scale: str = "risk") -> "QuerySet[Any]":
    """Places (of `registry.list_premises`) that have no standing grade for the year."""
    graded = PremisesGrade.objects.filter(premises=OuterRef("pk"), scale=scale, year=year, state__in=STANDING)
    kinds = set(standards.codes_by_kind(ledger.clock.today()))
    return rows.filter(~Exists(graded), status="operating", kind__in=kinds)


def outdated(rows: "QuerySet[PremisesGrade]", today: date) -> "QuerySet[PremisesGrade]":
    """Standing grades older than twelve months without a younger one."""
    younger = PremisesGrade.objects.filter(
        premises=OuterRef("premises"), scale=OuterRef("scale"), state__in=STANDING,
        effective_from__gt=OuterRef("effective_from"),
    )  # fmt: skip
    old = Q(effective_from__lt=add_months(today, -12), premises__status="operating", state__in=STANDING)
    return rows.filter(old).filter(~Exists(younger))


# --- for plans and draws --------------------------------------------------------------------------------------


def last_inspected(division_code: str) -> dict[int, date]:
    """The day of the last inspection of each place."""
    rows = Inspection.objects.filter(people.under(division_code), state__in=rules.TOLD_STATES)
    return dict(rows.order_by("started_on", "pk").values_list("premises_id", "started_on").iterator())


def last_results(division_code: str) -> dict[int, str]:
    rows = Inspection.objects.filter(people.under(division_code), state__in=rules.TOLD_STATES)
    return dict(rows.order_by("started_on", "pk").values_list("premises_id", "result").iterator())


def coverage(prefix: str, on: date) -> Coverage:
    """Operating places of the division that were inspected within the months that article 22 names."""
    months = standards.frequency_rules(on).full_check_months or 24
    kinds = set(standards.codes_by_kind(on))
    places = registry.Premises.objects.filter(
        people.under(prefix), merged_into=None, status="operating", kind__in=kinds
    )
    seen = Inspection.objects.filter(
        premises=OuterRef("pk"), started_on__gt=add_months(on, -months), started_on__lte=on,
        state__in=rules.TOLD_STATES,
    )  # fmt: skip
    return Coverage(places.count(), places.filter(Exists(seen)).count(), months)


def history_rows(division_code: str, until: date) -> Iterator[dict[str, Any]]:
    """One row per told inspection for the ordering model, oldest first. Who inspected is left out on purpose."""
    rows = (
        Inspection.objects.filter(people.under(division_code), state__in=rules.TOLD_STATES, started_on__lte=until)
        .order_by("started_on", "pk")
        .annotate(serious=Coalesce(F("key_failed"), 0))
    )
    fields = (
        "pk",
        "premises_id",
        "premises_kind",
        "division_code",
        "kind",
        "started_on",
        "applicable",
        "general_failed",
    )
    for row in rows.values(*fields, "serious", "result").iterator():
        yield {
            "Inspection_ID": row["pk"],
            "premises": row["premises_id"],
            "premises_kind": row["premises_kind"],
            "township": row["division_code"][:9],
            "kind": row["kind"],
            "date": row["started_on"],
            "applicable": row["applicable"] or 0,
            "general_failed": row["general_failed"] or 0,
            "serious": int(row["serious"] > 0 or row["result"] == Inspection.Result.NONCONFORMING),
        }


# --- one inspection ---------------------------------------------------------------------------------------------


def form_of(inspection: Inspection) -> list[ItemOnForm]:
    """The items to be answered, in the order of the form, with what was seen. Three queries."""
    results = {row.code: row for row in ItemResult.objects.filter(inspection=inspection)}
    photos = ItemPhoto.objects.filter(inspection=inspection).order_by().values_list("code").annotate(n=Count("pk"))
    counts = dict(photos)
    return [
        ItemOnForm(
            code=item.code, group=item.group, text=item.text, clause=item.clause, judge=item.judge, key=item.key,
            label_defect=item.label_defect, answer=_answer(results.get(item.code)), photos=counts.get(item.code, 0),
        )
        for item in rules.chosen(inspection, standards.checklist_of(inspection.checklist))
    ]  # fmt: skip


def _answer(row: ItemResult | None) -> ItemAnswer | None:
    if row is None:
        return None
    return ItemAnswer(
        code=row.code, outcome=row.outcome, score=row.score, safety_affected=row.safety_affected,
        accident_potential=row.accident_potential, corrected_on_site=row.corrected_on_site, note=row.note,
        recorded_at=row.recorded_at,
    )  # fmt: skip


# --- the phone ------------------------------------------------------------------------------------------------


def visits_for(user: Any, on: date) -> "QuerySet[PlannedVisit]":
    """Open visits of the person, or of the person's agency while nobody is named, begun to be owed by `on`."""
    mine = PlannedVisit.officers.through.objects.filter(user_id=user.pk)
    taken = PlannedVisit.officers.through.objects.filter(plannedvisit_id=OuterRef("pk"))
    agencies = user.own_agencies("inspection.work")
    here = people.within(PlannedVisit.objects.select_related("premises", "agency", "rechecks"), user, "inspection.work")
    rows = owed(here).filter(from_on__lte=on)
    free = Q(agency_id__in=agencies) & ~Q(Exists(taken))
    return rows.filter(Q(pk__in=mine.values("plannedvisit_id")) | free).order_by("due_on", "pk")


def snapshot_for(user: Any, on: date, *, ahead: int = 31, most: int = 500) -> dict[str, Any]:
    """What the phone takes along: visits of the coming days, their checklists, what was found last time.

    Names of premises and addresses only; no telephone, no person besides the inspectors to choose from.
    """
    visits = list(visits_for(user, on + timedelta(days=ahead))[:most])
    running = list_inspections(user, "inspection.work").filter(state__in=rules.LIVE_STATES, officers__user=user)
    inspections = list(running.select_related("checklist").defer("checklist__body").order_by("pk")[:most])
    premises = {v.premises_id for v in visits} | {i.premises_id for i in inspections}
    editions = {e.pk: e for e in standards.checklist_editions(on)} | {i.checklist_id: i.checklist for i in inspections}
    return {
        "on": on.isoformat(),
        "visits": [_visit_values(visit) for visit in visits],
        "inspections": [_running_values(inspection) for inspection in inspections],
        "checklists": [_checklist_values(edition) for edition in editions.values()],
        "last_findings": _last_findings(premises),
        "officers": [{"id": u.pk, "name": u.name} for u in _colleagues(user)],
    }


def _visit_values(visit: PlannedVisit) -> dict[str, Any]:
    place = visit.premises
    return {
        "id": visit.pk, "premises": place.pk, "name": place.name, "premises_kind": place.kind,
        "premises_kind_label": str(place.get_kind_display()), "address": place.address,
        "latitude": place.latitude, "longitude": place.longitude, "division_code": place.division_code,
        "kind": visit.kind, "kind_label": str(visit.get_kind_display()), "reason": str(visit.get_reason_display()),
        "basis": visit.basis, "checklist": visit.checklist, "from_on": visit.from_on.isoformat(),
        "due_on": visit.due_on.isoformat(), "agency": visit.agency.short_name, "rechecks": visit.rechecks_id,
    }  # fmt: skip


def _running_values(inspection: Inspection) -> dict[str, Any]:
    return {
        "id": inspection.pk, "client_key": str(inspection.client_key), "number": inspection.number,
        "premises": inspection.premises_id, "name": inspection.premises_name, "state": inspection.state,
        "kind": inspection.kind, "edition": inspection.checklist_id, "chosen_items": inspection.chosen_items,
        "visit": inspection.visit_id,
        "items": list(inspection.items.order_by("code").values("code", "outcome", "note")),
    }  # fmt: skip


def _checklist_values(edition: catalog.Edition) -> dict[str, Any]:
    checklist = standards.checklist_of(edition)
    items = [
        {
            "code": i.code, "group": i.group, "text": i.text, "clause": i.clause, "judge": i.judge, "key": i.key,
            "label_defect": i.label_defect, "applies_to": list(i.applies_to),
        }
        for i in checklist.items
    ]  # fmt: skip
    return {
        "edition": edition.pk, "code": edition.code, "name": edition.name, "version": edition.edition,
        "in_force_from": edition.in_force_from, "in_force_to": edition.in_force_to,
        "applies_to": list(checklist.applies_to), "items": items,
    }  # fmt: skip


def _last_findings(premises: set[int]) -> dict[str, list[dict[str, Any]]]:
    rows = Finding.objects.filter(inspection__premises__in=premises, closed_at=None)
    rows = rows.filter(inspection__state__in=rules.TOLD_STATES).order_by("-found_on", "-pk")
    found: dict[str, list[dict[str, Any]]] = {}
    fields = ("code", "text", "measure", "found_on", "correct_by")
    for premises_id, *values in rows.values_list("inspection__premises_id", *fields):
        found.setdefault(str(premises_id), []).append(dict(zip(fields, values, strict=True)))
    return found


def _colleagues(user: Any) -> "QuerySet[people.User]":
    """Who could be the second inspector: people of the same agencies and divisions with such a post today."""
    day = ledger.clock.today()
    reach = Q(agency_id__in=user.own_agencies("inspection.work"))
    for prefix in user.prefixes("inspection.work"):
        reach |= people.under(prefix) | Q(division_code__in=[prefix[:n] for n in (6, 9) if n < len(prefix)])
    posts = people.Post.objects.filter(reach, starts_on__lte=day, role__in=("inspector", "department", "township"))
    posts = posts.exclude(ends_on__lt=day)
    return people.User.objects.filter(pk__in=posts.values("user_id"), is_active=True).order_by("pk")[:200]


# --- the public -------------------------------------------------------------------------------------------------


def public_results(on: date, prefix: str = "", *, premises: Any = None) -> "QuerySet[Inspection]":
    """Results that were public on a day, newest first. Give them to `public_result` before showing them."""
    rows = Inspection.objects.filter(published_at__lt=end_of(on), state__in=rules.TOLD_STATES)
    if prefix:
        rows = rows.filter(people.under(prefix))
    if premises is not None:
        rows = rows.filter(premises=premises)
    rows = rows.select_related("agency", "checklist").defer("checklist__body")
    return rows.prefetch_related("findings").order_by("-started_on", "-pk")


def public_result(inspection: Inspection) -> PublicResult:
    """What anybody may know: no names of persons, and the items rather than the notes on them."""
    checklist = standards.checklist_of(inspection.checklist)
    texts = {item.code: item.text for item in checklist.items}
    published = inspection.published_at or inspection.started_at
    return PublicResult(
        number=inspection.number, premises_id=inspection.premises_id, premises_name=inspection.premises_name,
        premises_kind=inspection.premises_kind, kind=inspection.kind, kind_label=str(inspection.get_kind_display()),
        agency=inspection.agency.name, inspected_on=inspection.started_on, result=inspection.result,
        result_label=str(inspection.get_result_display()), grade_scale=inspection.grade_scale,
        grade=inspection.grade, score=inspection.score,
        failed=tuple(texts.get(f.code, f.text) for f in inspection.findings.all()),
        published_on=published.astimezone(ledger.clock.LOCAL).date(),
    )  # fmt: skip


def public_draws(on: date, prefix: str = "") -> "QuerySet[Draw]":
    rows = Draw.objects.filter(published_at__lt=end_of(on)).exclude(state=Draw.State.WITHDRAWN)
    return (rows.filter(people.under(prefix)) if prefix else rows).select_related("agency", "result")
