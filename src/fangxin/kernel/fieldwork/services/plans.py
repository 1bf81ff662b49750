"""The yearly plan: grade × frequency, spread over the working days of the year, riskier places first."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fangxin.engines import grading
from fangxin.kernel.fieldwork import rules, standards, work_days
from fangxin.kernel.fieldwork.data import PlanPreview
from fangxin.kernel.fieldwork.models import InspectionPlan, PlannedVisit, RiskOrder
from fangxin.kernel.fieldwork.models.kinds import InspectionKind
from fangxin.kernel.fieldwork.selectors import last_inspected, last_results, standing_grades
from fangxin.kernel.fieldwork.services.grades import HYGIENE_YEAR, RISK
from fangxin.kernel.fieldwork.services.risks import risks_of
from fangxin.kernel.fieldwork.services.steps import named, need_text
from fangxin.kernel.fieldwork.services.visits import COUNTY_LENGTH, TOWNSHIP_LENGTH
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

State = InspectionPlan.State
_BATCH = 2000
NOT_GRADED = "none"
# Without a model: what the grade and the last result say of the order. Only the order is meant, no chance.
_BY_GRADE = {(RISK, "D"): 4.0, (RISK, "C"): 3.0, (RISK, "B"): 2.0, (RISK, "A"): 1.0}
_BY_KITCHEN = {
    (HYGIENE_YEAR, "none"): 4.0,
    (HYGIENE_YEAR, "C"): 3.0,
    (HYGIENE_YEAR, "B"): 2.0,
    (HYGIENE_YEAR, "A"): 1.0,
}
_ORDER = {**_BY_GRADE, **_BY_KITCHEN}
_UNGRADED = 2.5
_BY_RESULT = {"nonconforming": 1.5, "mostly": 0.4}


@dataclass(frozen=True, slots=True)
class _Owed:
    """What one place is owed in the year."""

    premises_id: int
    division_code: str
    checklist: str
    grade: tuple[str, str] | None
    visits: int
    capped: bool
    order: float
    risk: float | None


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a plan is made from: asked for once, however many places there are."""

    places: Sequence[tuple[int, str, str]]
    codes: Mapping[str, str]
    grades: Mapping[int, tuple[str, str]]
    results: Mapping[int, str]
    last_on: Mapping[int, date]
    risks: Mapping[int, float]
    frequency: grading.FrequencyRules
    ungraded: int
    cap: int
    year: int


@transaction.atomic
def make_plan(
    *,
    year: int,
    agency: Any,
    division_code: str,
    visit_cap: int | None = None,
    name: str = "",
    risk_order: RiskOrder | None = None,
    by: Any,
) -> InspectionPlan:
    """A draft of the year for every operating place of the division that has a checklist.

    With a risk order the likelier to have a serious finding come first; without one, grade and last result decide.
    Visits above the cap are left out and counted in the note.
    """
    _check_order(risk_order, division_code)
    first = _first_day(year)
    cap = visit_cap or standards.practice(first).visit_cap
    plan = InspectionPlan(
        year=year,
        agency=agency,
        division_code=division_code,
        name=name.strip() or _("%(year)s年度%(agency)s监督检查计划") % {"year": year, "agency": agency.short_name},
        visit_cap=cap,
        risk_order=risk_order,
        made_at=ledger.clock.now(),
        made_by=named(by),
    )
    plan.clean_fields()
    plan.validate_constraints()
    frame = _frame(year, division_code, cap, risks_of(risk_order))
    owed = list(_owed(frame))
    head = frame.frequency.head
    plan.frequency_edition = f"{head.name}（{head.edition}）"[:120]
    plan.note = _note(frame, owed)
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError:
        raise rules.Refused(_("这个机关本年度已有检查计划，请在原计划上修改或者先撤回。")) from None
    count = _write(plan, owed, first)
    ledger.record("fieldwork.plan.made", of=plan, by=by, data={"year": year, "visits": count, "cap": cap})
    return plan


def preview_plan(
    *, year: int, division_code: str, visit_cap: int | None = None, risk_order: RiskOrder | None = None
) -> PlanPreview:
    """What `make_plan` would make, without making it."""
    _check_order(risk_order, division_code)
    first = _first_day(year)
    cap = visit_cap or standards.practice(first).visit_cap
    frame = _frame(year, division_code, cap, risks_of(risk_order))
    owed = list(_owed(frame))
    days = work_days.workdays(first, date(year, 12, 31))
    return PlanPreview(
        premises=len(owed),
        visits=sum(one.visits for one in owed),
        by_grade=dict(Counter(one.grade[1] if one.grade else NOT_GRADED for one in owed)),
        by_month=dict(sorted(Counter(due.month for _one, _from, due in _spread(owed, days)).items())),
        capped=sum(one.capped for one in owed),
        without_checklist=len(frame.places) - len(owed),
    )


def _check_order(order: RiskOrder | None, division_code: str) -> None:
    if order is None:
        return
    if not (order.usable and division_code.startswith(order.division_code)):
        raise rules.Refused({"risk_order": _("这个次序不是本范围的，或者核对不过关，不能用来编制计划。")})
    if not order.risks.exists():
        raise rules.Refused({"risk_order": _("这个次序已被新的代替，请重新选择。")})


def _first_day(year: int) -> date:
    """The year's beginning, or today when it is under way."""
    today = ledger.clock.today()
    if not today.year <= year <= today.year + 1:
        raise rules.Refused({"year": _("只能编制今年或者明年的计划。")})
    return max(date(year, 1, 1), today)


def _frame(year: int, division_code: str, cap: int, risks: Mapping[int, float]) -> _Frame:
    if not 1 <= cap <= 365:
        raise rules.Refused({"visit_cap": _("每户每年检查上限至少为1次。")})
    first = _first_day(year)
    rows = registry.Premises.objects.filter(people.under(division_code), merged_into=None, status="operating")
    return _Frame(
        places=list(rows.order_by("pk").values_list("pk", "division_code", "kind").iterator()),
        codes=standards.codes_by_kind(first),
        grades=_grades(division_code, year),
        results=last_results(division_code),
        last_on=last_inspected(division_code),
        risks=risks,
        frequency=standards.frequency_rules(first),
        ungraded=standards.practice(first).ungraded_visits,
        cap=cap,
        year=year,
    )


def _grades(division_code: str, year: int) -> dict[int, tuple[str, str]]:
    """The risk grade of the year, or of the year before; for kitchens without one the catering grade."""
    found: dict[int, tuple[str, str]] = {}
    for scale in (HYGIENE_YEAR, RISK):
        for pk, grade in standing_grades(division_code, year, scale).items():
            found[pk] = (scale, grade)
    return found


def _owed(frame: _Frame) -> Iterator[_Owed]:
    for pk, division_code, kind in frame.places:
        checklist = frame.codes.get(kind)
        if checklist is None:
            continue
        grade = frame.grades.get(pk)
        wanted = _wanted(grade, frame.last_on.get(pk), frame)
        if wanted:
            risk = frame.risks.get(pk)  # a place that opened after the learning has none, and comes first
            yield _Owed(
                pk, division_code, checklist, grade, min(wanted, frame.cap), wanted > frame.cap,
                risk if risk is not None else _order(grade, frame.results.get(pk, "")), risk,
            )  # fmt: skip


def _wanted(grade: tuple[str, str] | None, last_on: date | None, frame: _Frame) -> int:
    """The least the frequency asks for; where that is none, one visit before the two years are over (article 22)."""
    if grade is None:
        return frame.ungraded
    try:
        least = grading.frequency_for(grading.Grade(*grade), rules=frame.frequency).minimum
    except grading.RuleMissing:
        return frame.ungraded
    months = frame.frequency.full_check_months
    if least or months is None:
        return least
    overdue = last_on is None or last_on < date(frame.year + 1 - months // 12, 1, 1)
    return 1 if overdue else 0


def _order(grade: tuple[str, str] | None, result: str) -> float:
    return (_UNGRADED if grade is None else _ORDER.get(grade, _UNGRADED)) + _BY_RESULT.get(result, 0.0)


def _note(frame: _Frame, owed: Sequence[_Owed]) -> str:
    parts = []
    if capped := sum(one.capped for one in owed):
        parts.append(_("%(n)s户按频次应检查的次数超过上限，已按上限安排") % {"n": capped})
    if left := sum(kind not in frame.codes for _pk, _code, kind in frame.places):
        parts.append(_("%(n)s户没有适用的检查表，未列入") % {"n": left})
    return "；".join(parts)


def _spread(owed: Sequence[_Owed], days: Sequence[date]) -> Iterator[tuple[_Owed, date, date]]:
    """(place, from, due): the year is cut into as many parts as visits; within a part the riskier come earlier."""
    ranked = sorted(owed, key=lambda one: (-one.order, one.premises_id))
    for rank, one in enumerate(ranked):
        for part in range(one.visits):
            start = len(days) * part // one.visits
            end = max(start + 1, len(days) * (part + 1) // one.visits)
            due = start + (end - start) * rank // max(1, len(ranked))
            yield one, days[min(start, len(days) - 1)], days[min(due, len(days) - 1)]


def _write(plan: InspectionPlan, owed: Sequence[_Owed], first: date) -> int:
    days = work_days.workdays(first, date(plan.year, 12, 31))
    if not days:
        raise rules.Refused({"year": _("本年度已没有工作日，请编制下一年度的计划。")})
    agencies = _Agencies(plan)
    batch: list[PlannedVisit] = []
    count = 0
    for one, from_on, due_on in _spread(owed, days):
        batch.append(
            PlannedVisit(
                plan=plan, premises_id=one.premises_id, division_code=one.division_code,
                agency_id=agencies.of(one.division_code), kind=InspectionKind.ROUTINE,
                reason=PlannedVisit.Reason.FREQUENCY, basis=_basis(one), checklist=one.checklist, from_on=from_on,
                due_on=due_on, risk=one.risk, made_at=plan.made_at, made_by=plan.made_by,
            )
        )  # fmt: skip
        count += 1
        if len(batch) >= _BATCH:
            PlannedVisit.objects.bulk_create(batch)
            batch.clear()
    PlannedVisit.objects.bulk_create(batch)
    return count


def _basis(one: _Owed) -> str:
    if one.grade is None:
        return _("未评级，全年%(n)s次") % {"n": one.visits}
    scale = _("风险等级") if one.grade[0] == RISK else _("量化等级")
    grade = _("未评定") if one.grade[1] == NOT_GRADED else one.grade[1]
    return _("%(scale)s%(grade)s，全年%(n)s次") % {"scale": scale, "grade": grade, "n": one.visits}


class _Agencies:
    """Who goes: the township's station if there is one, else the agency of the plan."""

    def __init__(self, plan: InspectionPlan) -> None:
        stations = people.list_agencies(plan.division_code[:COUNTY_LENGTH]).filter(kind=people.Agency.Kind.STATION)
        self._stations = {a.division_code[:TOWNSHIP_LENGTH]: a.pk for a in stations}
        self._own = plan.agency_id

    def of(self, division_code: str) -> int:
        return self._stations.get(division_code[:TOWNSHIP_LENGTH], self._own)


@transaction.atomic
def approve_plan(*, plan: InspectionPlan, by: Any) -> InspectionPlan:
    """By another person than who made it; from now on its visits are owed."""
    if named(by) == plan.made_by:
        raise rules.Refused(_("计划须由编制人以外的另一名人员批准。"))
    now = ledger.clock.now()
    return _move(plan, (State.DRAFT,), "approved", by=by, state=State.APPROVED, approved_at=now, approved_by=named(by))


@transaction.atomic
def withdraw_plan(*, plan: InspectionPlan, reason: str, by: Any) -> InspectionPlan:
    """Its visits that nobody has begun are no longer owed."""
    reason = need_text(reason, "reason", _("请写明撤回的原因。"), most=200)
    _move(plan, (State.DRAFT, State.APPROVED), "withdrawn", by=by, state=State.WITHDRAWN, told={"reason": reason})
    open_ones = PlannedVisit.objects.filter(plan=plan, state=PlannedVisit.State.OPEN)
    open_ones.update(state=PlannedVisit.State.CANCELLED, cancelled_reason=reason)
    return plan


def _move(
    plan: InspectionPlan,
    before: Iterable[str],
    event: str,
    *,
    by: Any,
    told: dict[str, Any] | None = None,
    **changes: Any,
) -> InspectionPlan:
    if InspectionPlan.objects.filter(pk=plan.pk, state__in=list(before)).update(**changes) != 1:
        plan.refresh_from_db()
        raise rules.MovedOn(
            _("这份计划现在是“%(state)s”，这一步不能办理或者已经有人办理。请刷新页面再看。")
            % {"state": plan.get_state_display()}
        )
    for name, value in changes.items():
        setattr(plan, name, value)
    ledger.record(f"fieldwork.plan.{event}", of=plan, by=by, data=told)
    return plan
