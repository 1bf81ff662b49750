"""From what was seen to a result, with the clause of every finding."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines import grading
from fangxin.kernel.fieldwork import rules, standards, work_days
from fangxin.kernel.fieldwork.data import Route
from fangxin.kernel.fieldwork.models import Finding, Inspection, InspectionStep, ItemResult
from fangxin.kernel.fieldwork.models.kinds import InspectionKind
from fangxin.kernel.fieldwork.services.steps import hold, move, named, need_officer, need_text, record
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

Measure = Finding.Measure
COUNTY_LENGTH = 6
NAMED_AT_MOST = 12
TEXT_LENGTH = 600


@transaction.atomic
def judge(
    *,
    inspection: Inspection,
    opinion: str,
    result: str = "",
    refusals: Iterable[str] = (),
    judged_at: datetime | None = None,
    by: Any,
) -> Inspection:
    """Form the result by the edition in force on the day of the inspection.

    `result` is the inspectors' own judgement; without it the mildest one that the findings allow. `refusals` are
    codes of what the inspected refused or obstructed. Findings are made anew each time.
    """
    need_officer(inspection, by)
    rules.check_move(inspection, InspectionStep.Action.JUDGE)
    hold(inspection, Inspection.State.STARTED)
    opinion = need_text(opinion, "opinion", _("请填写检查意见。"), most=2000)
    moment = min(judged_at or ledger.clock.now(), ledger.clock.now())
    verdict, answered = verdict_of(inspection, result=result, refusals=refusals)
    overall = verdict.overall or verdict.implied
    if overall is None:
        raise rules.Refused({"result": rules.conflict_text("nothing_judged")})
    move(
        inspection,
        InspectionStep.Action.JUDGE,
        by=by,
        text=opinion,
        opinion=opinion,
        result=rules.RESULT_OF[overall],
        key_failed=verdict.key_failures,
        general_failed=verdict.general_failures,
        applicable=verdict.applicable,
        judged_at=max(moment, inspection.started_at),
        judged_on=max(moment, inspection.started_at).astimezone(ledger.clock.LOCAL).date(),
        judged_by=named(by),
        basis={**rules.basis_of(verdict.basis), "given": result},
        **_hygiene(inspection, answered),
    )
    found = _findings(inspection, verdict, answered, by=by)
    record(
        "fieldwork.inspection.findings_made", inspection, by=by, data={"findings": {f.code: f.measure for f in found}}
    )
    return inspection


def verdict_of(
    inspection: Inspection, *, result: str = "", refusals: Iterable[str] = ()
) -> tuple[grading.VisitVerdict, grading.Answered]:
    """What the rule says, with a plain refusal for what is missing or does not fit."""
    checklist = standards.checklist_of(inspection.checklist)
    results = {row.code: row for row in ItemResult.objects.filter(inspection=inspection)}
    missing = [item for item in rules.chosen(inspection, checklist) if item.code not in results]
    if missing:
        raise rules.Refused(_missing_text(missing))
    if result and result not in rules.RESULTS:
        raise rules.Refused({"result": _("请选择“符合”“基本符合”或者“不符合”。")})
    answered = grading.answer(
        checklist, [rules.to_engine(row) for row in results.values()], kind=inspection.premises_kind
    )
    try:
        verdict = grading.judge_visit(
            answered,
            rules=standards.result_rules(inspection.started_on),
            given=rules.RESULTS[result] if result else None,
            refusals=tuple(refusals),
        )
    except ValueError:
        raise rules.Refused({"refusals": _("所选的拒绝、阻挠情形不在规定之内，请重新选择。")}) from None
    conflicts = [one for one in verdict.conflicts if not (_partial(inspection) and one.startswith("too_few"))]
    if conflicts:
        raise rules.Refused({"result": [rules.conflict_text(one) for one in conflicts]})
    return verdict, answered


def _partial(inspection: Inspection) -> bool:
    """An unannounced visit or a re-check may look at some items only."""
    return inspection.kind in (InspectionKind.UNANNOUNCED, InspectionKind.RECHECK, InspectionKind.SPECIAL)


def _missing_text(missing: list[grading.ChecklistItem]) -> str:
    named_ = "、".join(f"{item.code} {item.text[:20]}" for item in missing[:NAMED_AT_MOST])
    more = "" if len(missing) <= NAMED_AT_MOST else "……"
    return _("还有%(count)s个项目没有记录：%(items)s。请逐项记录后再判定。") % {
        "count": len(missing),
        "items": named_ + more,
    }


def _hygiene(inspection: Inspection, answered: grading.Answered) -> dict[str, Any]:
    """The face shown at the door of a kitchen, after a visit that looked at everything."""
    practice = standards.practice(inspection.started_on)
    if inspection.premises_kind not in practice.hygiene_kinds or inspection.chosen_items:
        return {"score": None, "grade_scale": "", "grade": ""}
    verdict = grading.grade_visit(
        answered,
        on=inspection.started_on,
        licensed_on=licensed_on(inspection.premises),
        last_accident_on=None,
        rules=standards.hygiene_rules(inspection.started_on),
    )
    return {"score": verdict.score, "grade_scale": verdict.grade.scale, "grade": verdict.grade.grade}


def licensed_on(premises: Any) -> date:
    """The day of the first credential; without one, of the opening or of the entry into the register."""
    first = registry.Credential.objects.filter(premises=premises).order_by("issued_on").first()
    if first is not None:
        return first.issued_on
    opened: date | None = premises.opened_on
    entered: date = premises.recorded_at.astimezone(ledger.clock.LOCAL).date()
    return opened or entered


# --- findings ---------------------------------------------------------------------------------------------------


def _findings(
    inspection: Inspection, verdict: grading.VisitVerdict, answered: grading.Answered, *, by: Any
) -> list[Finding]:
    Finding.objects.filter(inspection=inspection).delete()
    refusals = _refusal_titles(inspection)
    notes = dict(ItemResult.objects.filter(inspection=inspection).values_list("code", "note"))
    actions = rules.gravest(verdict.actions)
    found = [
        _finding(
            inspection, item, _measure(actions.get(item.code), result), actions.get(item.code), notes[item.code], by
        )
        for item, result in answered.failed
    ]
    found += [
        _obstruction(inspection, code, action, refusals[code], by)
        for code, action in actions.items()
        if code in refusals
    ]
    return Finding.objects.bulk_create(found)


def _refusal_titles(inspection: Inspection) -> Mapping[str, str]:
    return {one.code: one.title for one in standards.result_rules(inspection.started_on).refusals}


def _measure(action: grading.RequiredAction | None, result: grading.ItemResult) -> str:
    """What follows by the rule; an edition that counts leaves it at correction."""
    if action is not None:
        return rules.MEASURES[action.action]
    return Measure.CORRECT_ON_SITE if result.corrected_on_site else Measure.CORRECT_BY


def _finding(
    inspection: Inspection, item: grading.ChecklistItem, measure: str, action: Any, note: str, by: Any
) -> Finding:
    clause = "；".join(dict.fromkeys(part for part in (item.clause, action.basis.article if action else "") if part))
    text = f"{item.text}：{note}" if note else _("%(item)s：不合格") % {"item": item.text}
    return _made(inspection, item.code, text, clause, item.key, measure, by)


def _obstruction(inspection: Inspection, code: str, action: Any, title: str, by: Any) -> Finding:
    return _made(inspection, code, title, action.basis.article, False, Measure.INVESTIGATE, by)


def _made(inspection: Inspection, code: str, text: str, clause: str, key: bool, measure: str, by: Any) -> Finding:
    day = inspection.judged_on or inspection.started_on
    on_site = measure == Measure.CORRECT_ON_SITE
    route = route_for(inspection.premises_kind, f"{text} {clause}", inspection.started_on)
    finding = Finding(
        inspection=inspection,
        division_code=inspection.division_code,
        code=code,
        text=text[:TEXT_LENGTH],
        clause=clause[:200],
        key=key,
        measure=measure,
        owner=owner_of(route, inspection),
        correct_by=None if on_site else work_days.add_workdays(day, _days(inspection, measure)),
        found_on=inspection.started_on,
        closed_at=inspection.judged_at if on_site else None,
        closed_by=named(by) if on_site else "",
    )
    finding.clean_fields(exclude=["inspection", "owner"])
    return finding


def _days(inspection: Inspection, measure: str) -> int:
    return standards.practice(inspection.started_on).correct_workdays[measure]


def route_for(kind: str, text: str, on: date) -> Route:
    """The line of the routing data that fits first; the last one fits everything."""
    return next(
        route
        for route in standards.routes(on)
        if (not route.kinds or kind in route.kinds) and (not route.words or any(word in text for word in route.words))
    )


def owner_of(route: Route, inspection: Inspection) -> Any:
    """Whoever runs the premises if they sign in here; an agency named by the routing; else who inspected."""
    if route.owner == "operator" and inspection.premises.operator.agency_id is not None:
        return inspection.premises.operator.agency
    return people.first_agency(route.agencies, inspection.division_code) or inspection.agency


# --- back to the items --------------------------------------------------------------------------------------------


@transaction.atomic
def revise(*, inspection: Inspection, reason: str, by: Any) -> Inspection:
    """Back to the items before anybody has been told. Signatures were given to what no longer stands."""
    need_officer(inspection, by)
    reason = need_text(reason, "reason", _("请写明退回修改的原因。"), most=500)
    rules.check_move(inspection, InspectionStep.Action.REVISE)
    # The findings are written down in the ledger with the judgement that made them.
    Finding.objects.filter(inspection=inspection).delete()
    inspection.officers.update(signature=None, signed_at=None)
    return move(
        inspection,
        InspectionStep.Action.REVISE,
        by=by,
        text=reason,
        result="",
        key_failed=None,
        general_failed=None,
        applicable=None,
        basis={},
        opinion="",
        score=None,
        grade_scale="",
        grade="",
        judged_at=None,
        judged_on=None,
        judged_by="",
    )
