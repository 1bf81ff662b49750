"""Whole inspections written at once, for taking over old files and for the synthetic county.

The same rules hold as one by one: two inspectors, the edition of the day, a signature or a witnessed refusal. Findings
of loaded inspections open no matters: those stand in the old accounts.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines import deadlines, grading
from fangxin.engines.deadlines import WorkCalendar
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.fieldwork import rules, standards, work_days
from fangxin.kernel.fieldwork.data import InspectionLife
from fangxin.kernel.fieldwork.models import (
    Finding,
    Inspection,
    InspectionOfficer,
    InspectionStep,
    ItemResult,
    PlannedVisit,
)
from fangxin.kernel.fieldwork.services.inspections import SERIES, format_number
from fangxin.kernel.fieldwork.services.judging import route_for
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

_BATCH = 1000
Action = InspectionStep.Action
State = Inspection.State
# Where the old file gives no points for the items.
FULL_POINTS, NO_POINTS = Decimal(10), Decimal(0)
Measure = Finding.Measure


class _Loading:
    """What all lives of one load share."""

    def __init__(self, premises: Mapping[int, Any], calendar: WorkCalendar) -> None:
        self.premises, self.calendar = premises, calendar
        self._editions: dict[tuple[str, date], catalog.Edition | None] = {}
        self._agencies: dict[tuple[str, str], Any] = {}

    def edition(self, kind: str, on: date) -> catalog.Edition:
        """One look a month: editions change on few days, and the day itself is checked again."""
        month = on.replace(day=1)
        found = self._editions.get((kind, month))
        if found is None or not found.in_force_on(on):
            found = self._editions[kind, month] = standards.edition_for(kind, on)
        if found is None:
            raise rules.Refused(_("%(day)s没有适用于“%(kind)s”的检查表。") % {"day": on, "kind": kind})
        return found

    def named_agency(self, name: str, county: str) -> Any:
        if (name, county) not in self._agencies:
            self._agencies[name, county] = people.find_agency(name, county)
        return self._agencies[name, county]


@transaction.atomic
def load(lives: Sequence[InspectionLife], *, premises: Mapping[int, Any], by: Any) -> dict[str, int]:
    """Write the lives and return the key of each as an inspection's primary key. All or nothing.

    `premises` holds the rows named by the lives, with their operators.
    """
    if len({life.key for life in lives}) != len(lives):
        raise rules.Refused(_("装入的数据中有重复的标识，请检查后重试。"))
    with work_days.known_years():
        loading = _Loading(premises, work_days.calendar())
        numbers = _take_numbers(lives)
        made = [(life, _inspection(life, numbers[life.key], loading)) for life in lives]
    Inspection.objects.bulk_create([row for _life, row in made], batch_size=_BATCH)
    _write_details(made, loading)
    catalog.mark_used({row.checklist_id: row.checklist for _life, row in made}.values())
    counts = Counter(row.division_code[:9] for _life, row in made)
    ledger.record_many(
        [
            ledger.build_entry(
                "fieldwork.inspections.loaded", of=None, by=by, division_code=code, data={"count": count}
            )
            for code, count in sorted(counts.items())
        ]
    )
    return {life.key: row.pk for life, row in made}


def _local(at: datetime) -> date:
    return at.astimezone(ledger.clock.LOCAL).date()


def _take_numbers(lives: Sequence[InspectionLife]) -> dict[str, str]:
    ordered = sorted(lives, key=lambda life: life.started_at)
    years = Counter(_local(life.started_at).year for life in ordered)
    serials = {year: iter(ledger.take_numbers(SERIES, year, count)) for year, count in sorted(years.items())}
    return {
        life.key: format_number(_local(life.started_at).year, next(serials[_local(life.started_at).year]))
        for life in ordered
    }


def _inspection(life: InspectionLife, number: str, loading: _Loading) -> Inspection:
    day = _local(life.started_at)
    place = loading.premises[life.premises_id]
    if len(set(life.officer_ids)) < rules.FEWEST_OFFICERS:
        raise rules.Refused(_("“%(key)s”的检查人员不足两名。") % {"key": life.key})
    if life.signature_id is None and not (life.refusal_reason and life.witness):
        raise rules.Refused(_("“%(key)s”既没有签名，也没有写明拒签和见证人。") % {"key": life.key})
    edition = loading.edition(place.kind, day)
    items = standards.checklist_of(edition).items_for(place.kind)
    keys = sum(item.key for item in items if item.code in life.failed)
    clock = standards.publication_clock(day)
    return Inspection(
        number=number,
        client_key=uuid5(NAMESPACE_URL, f"fangxin:inspection:{number}"),
        kind=life.kind,
        state=State.CLOSED if life.closed_at else State.TOLD,
        premises=place,
        premises_name=place.name,
        premises_kind=place.kind,
        division_code=place.division_code,
        agency_id=life.agency_id,
        visit_id=life.visit_id,
        checklist=edition,
        started_at=life.started_at,
        started_on=day,
        started_by=life.by,
        opinion=life.opinion,
        judged_at=life.started_at,
        judged_on=day,
        judged_by=life.by,
        operator_signer=life.operator_signer,
        operator_signature_id=life.signature_id,
        refusal_reason=life.refusal_reason,
        witness=life.witness,
        told_at=life.started_at,
        told_by=life.by,
        publish_due_on=deadlines.due(clock, day, calendar=loading.calendar).last_day if clock else None,
        published_at=life.published_at,
        published_by=life.by if life.published_at else "",
        key_failed=keys,
        general_failed=len(life.failed) - keys,
        applicable=len(items),
        **_judged(life, items, day, place),
    )


def _judged(life: InspectionLife, items: Sequence[grading.ChecklistItem], day: date, place: Any) -> dict[str, Any]:
    grave = any(measure in (Measure.INVESTIGATE, Measure.STOP) for measure in life.failed.values())
    result = Inspection.Result
    told: dict[str, Any] = {
        "result": result.NONCONFORMING if grave else result.MOSTLY if life.failed else result.CONFORMING,
        "basis": {"rule": "loaded", "edition": "", "article": "", "inputs": [], "comparison": ""},
    }
    if place.kind in standards.practice(day).hygiene_kinds:
        verdict = grading.grade_scores(
            [NO_POINTS if item.code in life.failed else FULL_POINTS for item in items],
            key_failures=sum(item.key for item in items if item.code in life.failed),
            on=day,
            licensed_on=place.opened_on or day,
            last_accident_on=None,
            rules=standards.hygiene_rules(day),
        )
        told |= {"score": verdict.score, "grade_scale": verdict.grade.scale, "grade": verdict.grade.grade}
    return told


def _write_details(made: Sequence[tuple[InspectionLife, Inspection]], loading: _Loading) -> None:
    InspectionOfficer.objects.bulk_create(
        [
            InspectionOfficer(
                inspection=row, user_id=user, signature_id=life.signature_id,
                signed_at=life.started_at if life.signature_id else None,
            )
            for life, row in made
            for user in dict.fromkeys(life.officer_ids)
        ],
        batch_size=_BATCH,
    )  # fmt: skip
    ItemResult.objects.bulk_create([one for life, row in made for one in _items(life, row)], batch_size=_BATCH)
    Finding.objects.bulk_create([one for life, row in made for one in _findings(life, row, loading)], batch_size=_BATCH)
    InspectionStep.objects.bulk_create([one for life, row in made for one in _steps(life, row)], batch_size=_BATCH)
    visits = [life.visit_id for life, _row in made if life.visit_id is not None]
    for start in range(0, len(visits), _BATCH):
        PlannedVisit.objects.filter(pk__in=visits[start : start + _BATCH]).update(state=PlannedVisit.State.DONE)


def _items(life: InspectionLife, row: Inspection) -> Iterator[ItemResult]:
    """Only what failed is written item by item; the counts on the inspection say how much there was."""
    for code, measure in life.failed.items():
        yield ItemResult(
            inspection=row, code=code, outcome=ItemResult.Outcome.FAIL,
            safety_affected=measure in (Measure.INVESTIGATE, Measure.STOP),
            corrected_on_site=measure == Measure.CORRECT_ON_SITE, recorded_at=life.started_at, recorded_by=life.by,
        )  # fmt: skip


def _findings(life: InspectionLife, row: Inspection, loading: _Loading) -> Iterator[Finding]:
    checklist = standards.checklist_of(row.checklist)
    for code, measure in life.failed.items():
        item = checklist.item(code)
        on_site = measure == Measure.CORRECT_ON_SITE
        closed_at = life.started_at if on_site else life.closed_at
        days = 0 if on_site else standards.practice(row.started_on).correct_workdays[measure]
        yield Finding(
            inspection=row, division_code=row.division_code, code=code, text=item.text, clause=item.clause,
            key=item.key, measure=measure, owner_id=_owner(item, row, loading), found_on=row.started_on,
            correct_by=None if on_site else deadlines.add_workdays(row.started_on, days, loading.calendar),
            closed_at=closed_at, closed_by=life.by if closed_at else "",
        )  # fmt: skip


def _owner(item: grading.ChecklistItem, row: Inspection, loading: _Loading) -> int:
    route = route_for(row.premises_kind, f"{item.text} {item.clause}", row.started_on)
    operator = loading.premises[row.premises_id].operator
    if route.owner == "operator" and operator.agency_id is not None:
        return int(operator.agency_id)
    for name in route.agencies:
        agency = loading.named_agency(name, row.division_code[:6])
        if agency is not None:
            return int(agency.pk)
    return int(row.agency_id)


def _steps(life: InspectionLife, row: Inspection) -> Iterator[InspectionStep]:
    """What an old file tells: the result, its publication, the end."""
    told = [(Action.TELL, life.started_at, State.TOLD)]
    if life.closed_at:
        told.append((Action.CLOSE, life.closed_at, State.CLOSED))
    if life.published_at:
        at_end = State.CLOSED if life.closed_at and life.closed_at <= life.published_at else State.TOLD
        told.append((Action.PUBLISH, life.published_at, at_end))
    for action, at, state in sorted(told, key=lambda step: step[1]):
        yield InspectionStep(inspection=row, at=at, by=life.by, by_name=life.by_name, action=action, state=state)
