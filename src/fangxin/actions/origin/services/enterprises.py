"""Enterprises with cadmium and other heavy metals: found, listed, put right, accepted by somebody else."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import gettext as _

from fangxin.actions.origin import rules_emissions as rules
from fangxin.actions.origin.models import MetalCheck, MetalEnterprise, MetalMonitoring, MetalProblem
from fangxin.actions.origin.models.choices import Metal, Outlet
from fangxin.actions.origin.services.findings import open_matter
from fangxin.actions.origin.services.steps import not_later_than_today
from fangxin.engines.deadlines import add_months
from fangxin.kernel.casework import api as casework
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import Refused, insert, move, require, who
from fangxin.kernel.people import api as people

State = MetalEnterprise.State
SERIES = "origin.metal"
ON_LIST = (State.LISTED, State.RECTIFYING, State.SUBMITTED, State.ACCEPTED, State.OVERDUE)
BEING_PUT_RIGHT = (State.RECTIFYING, State.OVERDUE)
FIELDS = (
    "name", "uscc", "division_code", "industry", "running", "metals", "outlets", "permit_number", "monitoring_plan",
    "longitude", "latitude", "flow_bearing", "farmland_distance_m", "note", "premises",
)  # fmt: skip


@transaction.atomic
def register(*, surveyed_on: date | None = None, by: Any, **values: Any) -> MetalEnterprise:
    """An enterprise or a site left behind, as the survey found it."""
    today = ledger.clock.today()
    day = surveyed_on or today
    not_later_than_today(day, "surveyed_on")
    row = MetalEnterprise(surveyed_on=day, entered_at=ledger.clock.now(), entered_by=who(by), **_cleaned(values))
    row.number = f"{row.division_code[:6]}-Z-{ledger.next_number(SERIES, 0):04d}"
    _check(row)
    insert(row)
    ledger.record("origin.metal.surveyed", of=row, by=by, data={"industry": row.industry, "metals": row.metals})
    return row


def _cleaned(values: dict[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise TypeError(f"no such fields: {sorted(unknown)}")
    return {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}


def _check(row: MetalEnterprise) -> None:
    row.uscc = row.uscc.upper()
    if not row.metals or set(row.metals) - set(Metal.values):
        raise Refused({"metals": _("请至少选择一种重点金属。")})
    if set(row.outlets) - set(Outlet.values):
        raise Refused({"outlets": _("请选择排放途径。")})
    if row.running != MetalEnterprise.Running.LEGACY and not row.uscc and row.premises_id is None:
        raise Refused({"uscc": _("请填写统一社会信用代码；历史遗留场地可以不填。")})


@transaction.atomic
def change(*, row: MetalEnterprise, by: Any, **values: Any) -> MetalEnterprise:
    """Correct what the list says of an enterprise; its state moves by its own steps."""
    before = {name: getattr(row, name) for name in values}
    for name, value in _cleaned(values).items():
        setattr(row, name, value)
    _check(row)
    row.full_clean()
    row.save(update_fields=list(values))
    changed = sorted(name for name in values if getattr(row, name) != before[name])
    ledger.record("origin.metal.changed", of=row, by=by, data={"fields": changed})
    return row


@transaction.atomic
def put_on_list(*, row: MetalEnterprise, by: Any) -> MetalEnterprise:
    return move(  # type: ignore[no-any-return]
        row, (State.SURVEYED, State.NOT_LISTED), State.LISTED, "origin.metal.listed", by=by,
        listed_on=ledger.clock.today(),
    )  # fmt: skip


@transaction.atomic
def leave_out(*, row: MetalEnterprise, reason: str, by: Any) -> MetalEnterprise:
    reason = require(reason, "reason", _("请写明为什么不列入清单。"))
    return move(  # type: ignore[no-any-return]
        row, (State.SURVEYED,), State.NOT_LISTED, "origin.metal.left_out", by=by, data={"why": reason[:200]},
        note=reason[:500],
    )  # fmt: skip


@transaction.atomic
def record_check(*, row: MetalEnterprise, checked_on: date, result: str, note: str = "", by: Any) -> MetalCheck:
    _need_listed(row)
    not_later_than_today(checked_on, "checked_on")
    check: MetalCheck = insert(
        MetalCheck(
            enterprise=row, checked_on=checked_on, result=result, note=note.strip(),
            recorded_at=ledger.clock.now(), recorded_by=who(by),
        )
    )  # fmt: skip
    ledger.record("origin.metal.checked", of=row, by=by, data={"on": checked_on.isoformat(), "result": result})
    return check


def _need_listed(row: MetalEnterprise) -> None:
    if row.state not in ON_LIST:
        raise Refused(_("这家企业还没有列入清单。请先列入清单，再登记检查、监测和问题。"))


@transaction.atomic
def record_monitoring(
    *,
    row: MetalEnterprise,
    kind: str,
    medium: str,
    monitored_on: date,
    exceeded: bool,
    note: str = "",
    report: Any = None,
    by: Any,
) -> MetalMonitoring:
    _need_listed(row)
    not_later_than_today(monitored_on, "monitored_on")
    made: MetalMonitoring = insert(
        MetalMonitoring(
            enterprise=row, kind=kind, medium=medium, monitored_on=monitored_on, exceeded=exceeded, note=note.strip(),
            report=report, recorded_at=ledger.clock.now(), recorded_by=who(by),
        )
    )  # fmt: skip
    ledger.record(
        "origin.metal.monitored", of=row, by=by,
        data={"kind": kind, "medium": medium, "on": monitored_on.isoformat(), "exceeded": exceeded},
    )  # fmt: skip
    return made


# --- problems -----------------------------------------------------------------------------------------------------


@transaction.atomic
def report_problem(
    *,
    row: MetalEnterprise,
    kind: str,
    text: str,
    measure: str,
    due_on: date,
    responsible_person: str,
    found_on: date | None = None,
    clause: str = "",
    metal: str = "",
    measured: Any = None,
    limit: Any = None,
    by: Any,
) -> MetalProblem:
    """A problem, with who puts it right how and by when. Its matter is opened and handed over at once."""
    _need_listed(row)
    today = ledger.clock.today()
    found = found_on or today
    not_later_than_today(found, "found_on")
    if due_on < today:
        raise Refused({"due_on": _("完成时限不能早于今天，请重新填写。")})
    if kind != MetalProblem.Kind.DISCHARGE:
        metal, measured, limit = "", None, None
    problem = MetalProblem(
        enterprise=row, division_code=row.division_code, kind=kind, text=text.strip(), measure=measure.strip(),
        due_on=due_on, responsible_person=responsible_person.strip(), clause=clause.strip(), metal=metal,
        measured=measured, limit=limit, found_on=found, found_at=ledger.clock.now(), found_by=who(by),
    )  # fmt: skip
    problem.full_clean()
    problem.suspicion = _suspicion(problem)
    problem.save(force_insert=True)
    problem.matter = _hand_over(problem, by)
    problem.save(update_fields=["matter"])
    since = {State.SUBMITTED: State.RECTIFYING, State.LISTED: State.RECTIFYING, State.ACCEPTED: State.RECTIFYING}
    if row.state in since:
        _back_to_work(row, (row.state,), by)
    ledger.record(
        "origin.metal.problem_found", of=row, by=by,
        data={"kind": kind, "due_on": due_on.isoformat(), "police": bool(problem.suspicion)},
    )  # fmt: skip
    return problem


def _back_to_work(row: MetalEnterprise, since: Sequence[str], by: Any) -> None:
    move(
        row, since, State.RECTIFYING, "origin.metal.rectifying", by=by, submitted_at=None, submitted_by="",
        accepted_at=None, accepted_by="", accepted_on=None,
    )  # fmt: skip


def _suspicion(problem: MetalProblem) -> str:
    if problem.kind != MetalProblem.Kind.DISCHARGE or problem.limit is None or problem.measured is None:
        return ""
    if problem.measured <= problem.limit:
        raise Refused({"measured": _("实测浓度没有超过许可限值，请核对。")})
    found = rules.suspicion(problem.metal, measured=problem.measured, limit=problem.limit, on=problem.found_on)
    return f"{found.comparison}；{found.clause}" if found is not None else ""


def _hand_over(problem: MetalProblem, by: Any) -> Any:
    hazard = _("%(name)s：%(text)s") % {"name": problem.enterprise.name, "text": problem.text}
    if problem.suspicion:
        hazard += _("（超标倍数达到涉嫌犯罪的界限，建议移送公安机关：%(why)s）") % {"why": problem.suspicion}
    matter = open_matter(
        "metal_crime" if problem.suspicion else "metal_problem",
        of=problem.enterprise,
        hazard=hazard,
        key=f"origin.metal_problem:{problem.pk}",
        clause=problem.clause,
        due_on=problem.due_on,
        by=by,
    )
    casework.assign(matter=matter, by=by)
    casework.fix(
        matter=matter,
        responsible_person=problem.responsible_person,
        measures=problem.measure,
        means=_("企业自筹"),
        acceptance=_("整治措施完成，有整改前后照片和监测报告，另一名人员现场核实"),
        by=by,
    )
    return matter


def matter_closed(announcement: Announcement, *, by: Any) -> None:
    """The matter of a problem was closed by a second person, or withdrawn as opened in error."""
    for problem in _problems_of(announcement).filter(closed_at=None):
        problem.closed_at, problem.closed_on = ledger.clock.now(), ledger.clock.today()
        problem.closed_by = who(by) or "-"
        problem.save(update_fields=["closed_at", "closed_on", "closed_by"])
        ledger.record("origin.metal.problem_closed", of=problem.enterprise, by=by, data={"kind": problem.kind})


def matter_reopened(announcement: Announcement, *, by: Any) -> None:
    """What had been put right came back: the problem stands again, and so does the enterprise's work."""
    for problem in _problems_of(announcement).exclude(closed_at=None):
        problem.closed_at, problem.closed_on, problem.closed_by = None, None, ""
        standing = casework.open_matters_of("origin.metalenterprise", problem.enterprise_id)
        problem.matter = standing.filter(number=announcement.facts.get("matter")).first() or problem.matter
        problem.save(update_fields=["closed_at", "closed_on", "closed_by", "matter"])
        ledger.record("origin.metal.problem_reopened", of=problem.enterprise, by=by, data={"kind": problem.kind})
        if problem.enterprise.state in (State.SUBMITTED, State.ACCEPTED):
            _back_to_work(problem.enterprise, (problem.enterprise.state,), by)


def _problems_of(announcement: Announcement) -> Any:
    prefix, _colon, key = str(announcement.facts.get("key") or "").partition(":")
    rows = MetalProblem.objects.select_related("enterprise").order_by("pk")
    return rows.filter(pk=int(key)) if prefix == "origin.metal_problem" and key.isdigit() else rows.none()


# --- acceptance ---------------------------------------------------------------------------------------------------


@transaction.atomic
def submit(*, row: MetalEnterprise, by: Any) -> MetalEnterprise:
    """Ask for acceptance: every problem has been closed, and somebody has looked since the list."""
    standing = row.problems.filter(closed_at=None).count()
    if standing:
        raise Refused(_("还有 %(n)s 个问题没有销号，不能申请验收。请先在问题事项里办完整改和销号。") % {"n": standing})
    if not row.checks.exists():
        raise Refused(_("列入清单以后还没有检查过，不能申请验收。请先登记一次检查。"))
    return move(  # type: ignore[no-any-return]
        row, (State.LISTED, State.RECTIFYING, State.OVERDUE), State.SUBMITTED, "origin.metal.submitted", by=by,
        submitted_at=ledger.clock.now(), submitted_by=_named(by),
    )  # fmt: skip


@transaction.atomic
def accept(*, row: MetalEnterprise, file: Any, note: str = "", by: Any) -> MetalEnterprise:
    """Accept and close, by somebody who did not ask for it, with the report of the acceptance."""
    _second_person(row, by)
    if file is None:
        raise Refused({"file": _("请上传验收意见或者验收报告。")})
    return move(  # type: ignore[no-any-return]
        row, (State.SUBMITTED,), State.ACCEPTED, "origin.metal.accepted", by=by,
        data={"digest": file.digest, "note": note.strip()[:200]}, accepted_at=ledger.clock.now(),
        accepted_by=_named(by), accepted_on=ledger.clock.today(), acceptance_file=file,
    )  # fmt: skip


@transaction.atomic
def send_back(*, row: MetalEnterprise, reason: str, by: Any) -> MetalEnterprise:
    _second_person(row, by)
    reason = require(reason, "reason", _("请写明退回的原因和还要做什么。"))
    return move(  # type: ignore[no-any-return]
        row, (State.SUBMITTED,), State.RECTIFYING, "origin.metal.sent_back", by=by, data={"why": reason[:200]},
        submitted_at=None, submitted_by="",
    )  # fmt: skip


def _named(by: Any) -> str:
    name = who(by)
    if not name:
        raise Refused(_("这一步必须由具体人员办理，系统不能代办。"))
    return name


def _second_person(row: MetalEnterprise, by: Any) -> None:
    if row.submitted_by and row.submitted_by == _named(by):
        raise Refused(_("申请验收的人不能验收，请由另一名人员办理。"))


# --- what comes round by itself -----------------------------------------------------------------------------------


@transaction.atomic
def follow(*, prefix: str, by: Any) -> int:
    """Who has let a due day pass is pressed; who has not monitored its soil for a year is told so."""
    return _press(prefix, by) + _ask_for_monitoring(prefix, by)


def _press(prefix: str, by: Any) -> int:
    late = MetalProblem.objects.filter(enterprise=OuterRef("pk"), closed_at=None, due_on__lt=ledger.clock.today())
    rows = MetalEnterprise.objects.filter(people.under(prefix), Exists(late), state=State.RECTIFYING)
    return len([move(row, (State.RECTIFYING,), State.OVERDUE, "origin.metal.overdue", by=by) for row in rows])


def without_own_monitoring(day: date) -> Q:
    """Enterprises on the list that should have monitored their soil by the day: a year after the last time, or after
    they were listed."""
    since = add_months(day, -12)
    recent = MetalMonitoring.objects.filter(
        enterprise=OuterRef("pk"), kind="own", medium="soil", monitored_on__gte=since
    )
    return Q(state__in=ON_LIST, running="producing", listed_on__lt=since) & ~Exists(recent)


def monitoring_due(row: MetalEnterprise) -> date | None:
    """When the enterprise must next monitor its soil itself; None where nobody produces or it is on no list."""
    if row.state not in ON_LIST or row.running != MetalEnterprise.Running.PRODUCING:
        return None
    last = row.monitorings.filter(kind="own", medium="soil").aggregate(last=Max("monitored_on"))["last"]
    return rules.due_on(rules.OWN_MONITORING, last or row.listed_on)


def _ask_for_monitoring(prefix: str, by: Any) -> int:
    own = Q(monitorings__kind="own", monitorings__medium="soil")
    rows = MetalEnterprise.objects.filter(people.under(prefix), without_own_monitoring(ledger.clock.today()))
    late = list(rows.annotate(last=Max("monitorings__monitored_on", filter=own)))
    for row in late:
        due = rules.due_on(rules.OWN_MONITORING, row.last or row.listed_on)
        hazard = _("%(name)s应在 %(day)s 前自行监测土壤和地下水，还没有监测报告。") % {"name": row.name, "day": due}
        key = f"origin.metal_monitoring:{row.number}:{due}"
        open_matter("metal_monitoring_overdue", of=row, hazard=hazard, key=key, by=by)
    return len(late)
