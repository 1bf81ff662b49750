"""Single visits: asked for, handed out, put off, given up."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.fieldwork import rules, standards
from fangxin.kernel.fieldwork.models import Inspection, PlannedVisit
from fangxin.kernel.fieldwork.services.closing import close_if_done
from fangxin.kernel.fieldwork.services.inspections import check_recusals
from fangxin.kernel.fieldwork.services.steps import need_text
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

State = PlannedVisit.State
COUNTY_LENGTH = 6
TOWNSHIP_LENGTH = 9


@transaction.atomic
def add_visit(
    *,
    premises: Any,
    kind: str,
    reason: str,
    from_on: date,
    due_on: date,
    checklist: str = "",
    agency: Any = None,
    basis: str = "",
    asked_from: str | None = None,
    rechecks: Inspection | None = None,
    officers: Iterable[Any] = (),
    by: Any,
) -> PlannedVisit:
    """Owe a visit. What was `asked_from` the same thing before is given back instead of being owed twice.

    Without `checklist` the one in force for the kind of premises, without `agency` the one that inspects there.
    """
    if asked_from is not None:
        earlier = PlannedVisit.objects.filter(asked_from=asked_from).first()
        if earlier is not None:
            return earlier
    visit = PlannedVisit(
        premises=premises,
        division_code=premises.division_code,
        agency=agency or inspecting_agency(premises.division_code),
        kind=kind,
        reason=reason,
        basis=basis.strip(),
        asked_from=asked_from,
        checklist=checklist or _checklist(premises, from_on),
        rechecks=rechecks,
        from_on=from_on,
        due_on=due_on,
        made_at=ledger.clock.now(),
        made_by=ledger.Actor.of(by).username,
    )
    visit.clean_fields()
    visit.validate_constraints()
    visit.save(force_insert=True)
    visit.officers.set(list(officers))
    ledger.record("fieldwork.visit.added", of=visit, by=by, data={"reason": reason, "due": due_on})
    return visit


def _checklist(premises: Any, on: date) -> str:
    code = standards.codes_by_kind(on).get(premises.kind)
    if code is None:
        raise rules.Refused(
            {"premises": _("没有适用于“%(kind)s”的检查表，不能列入检查。") % {"kind": premises.get_kind_display()}}
        )
    return code


def inspecting_agency(division_code: str) -> Any:
    """The station of the township, or the department of the county that has stations, or the office."""
    agencies = list(people.list_agencies(division_code[:COUNTY_LENGTH]))
    kinds = people.Agency.Kind
    for agency in agencies:
        if agency.kind == kinds.STATION and division_code.startswith(agency.division_code):
            return agency
    parents = [a.parent_id for a in agencies if a.kind == kinds.STATION and a.parent_id]
    for agency in agencies:
        if agency.pk in parents or (not parents and agency.kind in (kinds.DEPARTMENT, kinds.OFFICE)):
            return agency
    raise rules.Refused(_("这个区划还没有设立检查机构。请管理员先建立机构。"))


@transaction.atomic
def assign_visit(*, visit: PlannedVisit, officers: Iterable[Any], by: Any) -> PlannedVisit:
    """Hand the visit to inspectors; an empty list takes it back."""
    team = list(officers)
    for user in team:
        if not user.is_active or not user.can("inspection.work", visit.division_code):
            raise rules.Refused(
                {"officers": _("%(name)s没有在这个辖区检查的岗位，请换一名检查人员。") % {"name": user.name}}
            )
    check_recusals(team, visit.premises)
    _hold(visit)
    visit.officers.set(team)
    ledger.record("fieldwork.visit.assigned", of=visit, by=by, data={"officers": sorted(u.username for u in team)})
    return visit


@transaction.atomic
def assign_visits(*, visits: Iterable[PlannedVisit], officers: Iterable[Any], by: Any) -> int:
    """Many at once, all or nothing."""
    team = list(officers)
    return len([assign_visit(visit=visit, officers=team, by=by) for visit in visits])


@transaction.atomic
def reschedule_visit(*, visit: PlannedVisit, from_on: date, due_on: date, reason: str, by: Any) -> PlannedVisit:
    reason = need_text(reason, "reason", _("请写明调整日期的原因。"), most=200)
    if due_on < from_on:
        raise rules.Refused({"due_on": _("最迟日期早于最早日期，请核对。")})
    if due_on < ledger.clock.today():
        raise rules.Refused({"due_on": _("最迟日期不能早于今天。")})
    before = {"from": visit.from_on, "due": visit.due_on}
    _hold(visit, from_on=from_on, due_on=due_on)
    ledger.record(
        "fieldwork.visit.rescheduled",
        of=visit,
        by=by,
        data={"before": {k: str(v) for k, v in before.items()}, "due": str(due_on), "reason": reason},
    )
    return visit


@transaction.atomic
def cancel_visit(*, visit: PlannedVisit, reason: str, by: Any) -> PlannedVisit:
    reason = need_text(reason, "reason", _("取消检查须写明原因。"), most=200)
    _hold(visit, state=State.CANCELLED, cancelled_reason=reason)
    ledger.record("fieldwork.visit.cancelled", of=visit, by=by, data={"reason": reason})
    if visit.rechecks is not None:
        close_if_done(visit.rechecks, by=by)
    return visit


def _hold(visit: PlannedVisit, **changes: Any) -> None:
    """Change an open visit; refuse if somebody has begun, done or cancelled it."""
    open_one = PlannedVisit.objects.filter(pk=visit.pk, state=State.OPEN)
    if open_one.update(**(changes or {"state": State.OPEN})) != 1:
        visit.refresh_from_db()
        raise rules.MovedOn(
            _("这次待办检查现在是“%(state)s”，您的操作没有保存。请刷新清单。") % {"state": visit.get_state_display()}
        )
    for name, value in changes.items():
        setattr(visit, name, value)
