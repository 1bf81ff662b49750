"""What each agency's records come to: one function an indicator of the rules, for all agencies at once.

Everything is counted as of the round's last day, or of today while the year still runs. A zero denominator stays a
zero denominator: whoever had nothing to do has not done everything.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from fangxin.engines.indicators import Status
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.assessment.data import Measured, Record
from fangxin.oversight.assessment.models import Participant
from fangxin.oversight.board import api as board
from fangxin.oversight.plans import api as plans

Group = Participant.Group
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Frame:
    """Whom to measure, under which plan, for which year, as of which day."""

    plan: plans.Plan
    year: int
    as_of: date
    division_code: str
    agencies: Mapping[int, people.Agency]
    groups: Mapping[int, str]

    @property
    def plan_record(self) -> str:
        return f"plans.plan:{self.plan.pk}"


Measure = Callable[[Frame], dict[int, Measured]]


def measure(frame: Frame) -> dict[str, dict[int, Measured]]:
    """Readings by indicator and agency; a rule the platform has no reading for is simply not among them."""
    return {code: provider(frame) for code, provider in PROVIDERS.items()}


def _name(text: object) -> str:
    words = " ".join(str(text).split())
    return words if len(words) <= LONGEST_NAME else words[: LONGEST_NAME - 1] + "…"


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(ledger.clock.LOCAL).date() if moment else None


def _by_agency(pairs: Iterable[tuple[int, Record]]) -> dict[int, list[Record]]:
    found: defaultdict[int, list[Record]] = defaultdict(list)
    for agency, record in pairs:
        found[agency].append(record)
    return found


def _measured(
    frame: Frame, records: Mapping[int, list[Record]], asked: Iterable[int] | None, not_asked: str
) -> dict[int, Measured]:
    """Every agency's records; those of whom the plan asks nothing in the year, where `asked` says of whom it does."""
    obliged = set(frame.agencies if asked is None else asked)
    return {
        pk: Measured(tuple(records.get(pk, ())))
        if pk in obliged
        else Measured(known=False, note=not_asked, not_asked=frame.plan_record)
        for pk in frame.agencies
    }


def _timely(row: Any, due_on: date, as_of: date) -> tuple[bool, str]:
    sent = _day(row.submitted_at)
    if sent is None or sent > as_of:
        return False, _("截至%(day)s未报") % {"day": as_of}
    late = (sent - due_on).days
    return (late <= 0), (_("迟报 %(days)s 天") % {"days": late} if late > 0 else _("按时"))


def special_plans(frame: Frame) -> dict[int, Measured]:
    rows = plans.SpecialPlan.objects.filter(
        action__plan=frame.plan, agency__in=frame.agencies, due_on__year=frame.year
    ).select_related("action")
    pairs = []
    for row in rows.filter(due_on__lte=frame.as_of):
        timely, note = _timely(row, row.due_on, frame.as_of)
        pairs.append((row.agency_id, Record("plans.specialplan", str(row.pk), _name(row), timely, note)))
    asked = set(rows.order_by().values_list("agency", flat=True))
    return _measured(frame, _by_agency(pairs), asked, _("方案没有要求该单位在本年度报送专项方案"))


def _returns(frame: Frame) -> Any:
    return plans.Return.objects.filter(
        period__plan=frame.plan, period__year=frame.year, agency__in=frame.agencies
    ).select_related("period", "action")


def return_timeliness(frame: Frame) -> dict[int, Measured]:
    rows, pairs = _returns(frame), []
    for row in rows.filter(period__due_on__lte=frame.as_of):
        timely, note = _timely(row, row.period.due_on, frame.as_of)
        pairs.append((row.agency_id, Record("plans.return", str(row.pk), _name(row), timely, note)))
    asked = set(rows.order_by().values_list("agency", flat=True))
    return _measured(frame, _by_agency(pairs), asked, _("方案没有要求该单位在本年度报送工作总结"))


def return_quality(frame: Frame) -> dict[int, Measured]:
    rows, pairs = _returns(frame), []
    for row in rows.filter(period__due_on__lte=frame.as_of):
        if row.accepted_at is None and not row.returned_times:
            continue
        note = _("退回 %(n)s 次") % {"n": row.returned_times} if row.returned_times else _("一次受理")
        good = row.accepted_at is not None and not row.returned_times
        pairs.append((row.agency_id, Record("plans.return", str(row.pk), _name(row), good, note)))
    asked = set(rows.order_by().values_list("agency", flat=True))
    return _measured(frame, _by_agency(pairs), asked, _("方案没有要求该单位在本年度报送工作总结"))


def tasks(frame: Frame) -> dict[int, Measured]:
    rows = plans.tasks_of(plan=frame.plan, year=frame.year).filter(accountable__in=frame.agencies)
    due = rows.filter(due_on__lte=frame.as_of).exclude(cancelled_at__date__lte=frame.as_of)
    pairs = []
    for row in due.order_by("due_on", "pk").defer("progress", "cancel_reason"):
        done = _day(row.done_at)
        finished = done is not None and done <= frame.as_of
        note = _("%(day)s 完成") % {"day": done} if finished else _("未完成")
        if finished and row.evidence_id is None:
            note += _("，没有证据文件")
        pairs.append((row.accountable_id, Record("plans.task", str(row.pk), _name(row.title), finished, note)))
    return _measured(frame, _by_agency(pairs), None, "")


def matters(frame: Frame) -> dict[int, Measured]:
    """Matters owned by the agency or by a station under it; deadlines count as they stood on the day."""
    stations = people.Agency.objects.filter(parent__in=frame.agencies, kind=people.Agency.Kind.STATION)
    owners = {pk: pk for pk in frame.agencies} | dict(stations.values_list("pk", "parent_id"))
    rows = casework.matters_as_rows(frame.as_of).filter(
        people.under(frame.division_code),
        owner_agency__in=owners,
        due_on__gte=date(frame.year, 1, 1),
        due_on__lte=frame.as_of,
    )
    found = rows.order_by("due_on", "matter_id").values_list(
        "matter_id", "matter__number", "matter__hazard", "owner_agency", "closed_on_time", "closed_on"
    )
    pairs = []
    for pk, number, hazard, owner, in_time, closed_on in found:
        note = _("按期销号") if in_time else _("逾期销号") if closed_on else _("逾期未销号")
        pairs.append((owners[owner], Record("casework.matter", str(pk), _name(f"{number} {hazard}"), in_time, note)))
    return _measured(frame, _by_agency(pairs), None, "")


def goals(frame: Frame) -> dict[int, Measured]:
    """Goals whose day has come: of the actions a department leads; for a township, those counted in each township."""
    due = [goal for goal in plans.goal_rows(frame.plan) if (goal.due or frame.plan.ends_on) <= frame.as_of]
    shared = set(frame.plan.actions.filter(townships=True).values_list("number", flat=True))
    mine = {pk: [g for g in due if _concerns(g, pk, frame.groups[pk], shared)] for pk in frame.agencies}
    taken = _last_snapshot(frame)
    statuses = _statuses(taken)
    result = {}
    for pk, concerned in mine.items():
        if not concerned:
            note = _("方案没有由该单位负责、在本年度到期的目标")
            result[pk] = Measured(known=False, note=note, not_asked=frame.plan_record)
        elif taken is None:
            result[pk] = Measured(known=False, note=_("本年度没有冻结的数据快照，无法判断目标是否达成"))
        else:
            result[pk] = _goal_records(frame, pk, concerned, taken, statuses)
    return result


def _concerns(goal: Any, agency: int, group: str, shared: set[int]) -> bool:
    if group == Group.LEAD:
        return bool(goal.lead_id == agency)
    return goal.action_number in shared


def _last_snapshot(frame: Frame) -> board.Snapshot | None:
    taken = board.Snapshot.objects.filter(
        division_code=frame.plan.division_code, as_of__year=frame.year, as_of__lte=frame.as_of, corrected_by=None
    )
    return taken.order_by("-as_of", "-pk").first()


def _statuses(taken: board.Snapshot | None) -> dict[tuple[str, str], str]:
    rows = board.SnapshotFigure.objects.filter(snapshot=taken) if taken else board.SnapshotFigure.objects.none()
    return {(division, code): status for division, code, status in rows.values_list("division_code", "code", "status")}


def _goal_records(
    frame: Frame, pk: int, concerned: list[Any], taken: board.Snapshot, statuses: Mapping[tuple[str, str], str]
) -> Measured:
    lead = frame.groups[pk] == Group.LEAD
    place = frame.plan.division_code if lead else frame.agencies[pk].division_code
    records = []
    for goal in concerned:
        status = statuses.get((place, goal.indicator_code))
        if status is None and not lead:
            continue  # counted for the county as a whole only, so no township answers for it
        counted, note = _goal_verdict(goal, status)
        query = f"as_of={taken.as_of}&division={place}" if goal.indicator_code else ""
        kind, key = ("board.indicator", goal.indicator_code) if query else ("plans.action", str(goal.action_number))
        records.append(Record(kind, key, _name(goal.metric or goal.text), counted, note, query))
    return Measured(tuple(records), note=_("数据快照：%(label)s，截至%(day)s") % {"label": taken, "day": taken.as_of})


def _goal_verdict(goal: Any, status: str | None) -> tuple[bool | None, str]:
    """What has no object in the place is counted nowhere; what is not known is due and not reached."""
    if not goal.indicator_code:
        return False, _("没有对应的计算指标")
    if status is None:
        return False, _("快照里没有这项指标")
    if status in (Status.NO_SUBJECTS, Status.NO_TARGET):
        return None, str(board.STATUSES[Status(status)])
    return status == Status.MET, str(board.STATUSES[Status(status)])


PROVIDERS: Mapping[str, Measure] = {
    "special_plan_timeliness": special_plans,
    "return_timeliness": return_timeliness,
    "return_quality": return_quality,
    "task_completion": tasks,
    "goal_attainment": goals,
    "matters_on_time": matters,
}
