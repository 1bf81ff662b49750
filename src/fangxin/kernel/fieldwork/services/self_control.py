"""What operators write down of their own checks, and what goes up when nothing is done."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from fangxin.engines.grading import self_control as engine
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.fieldwork import rules
from fangxin.kernel.fieldwork import selectors_self_control as selectors
from fangxin.kernel.fieldwork import standards_self_control as standards
from fangxin.kernel.fieldwork.models import (
    Appointment,
    ClosedDay,
    ControlProblem,
    DailyRecord,
    ManagerExam,
    MonthlyMeeting,
    WeeklyReport,
)
from fangxin.kernel.fieldwork.services.steps import named, need_text
from fangxin.kernel.fieldwork.services.visits import inspecting_agency
from fangxin.kernel.ledger import api as ledger

MOST_CLOSED_DAYS = 366
PASS_MARK = Decimal(60)


def _written(by: Any) -> dict[str, Any]:
    return {"made_at": ledger.clock.now(), "made_by": named(by)}


def _insert(row: models.Model, taken: str) -> None:
    """Write a row of which there may be only one; whoever comes second is told."""
    row.clean_fields()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise rules.MovedOn(taken) from None


@transaction.atomic
def appoint(*, premises: Any, role: str, name: str, starts_on: date, staff: Any = None, by: Any) -> Appointment:
    if starts_on > ledger.clock.today():
        raise rules.Refused({"starts_on": _("任命日期不能晚于今天，请到任命当天再登记。")})
    if staff is not None and staff.premises_id != premises.pk:
        raise rules.Refused({"staff": _("这名人员不在本单位的底册中，请重新选择。")})
    row = Appointment(
        premises=premises,
        division_code=premises.division_code,
        role=role,
        staff=staff,
        name=need_text(staff.name if staff is not None else name, "name", _("请填写姓名。"), most=60),
        starts_on=starts_on,
        **_written(by),
    )
    _insert(row, _("这个岗位已有人在任，请先免去原任命。"))
    ledger.record("fieldwork.self_control.appointed", of=row, by=by, data={"premises": premises.number, "role": role})
    return row


@transaction.atomic
def end_appointment(*, appointment: Appointment, ends_on: date, by: Any) -> Appointment:
    if not appointment.starts_on <= ends_on <= ledger.clock.today():
        raise rules.Refused({"ends_on": _("免职日期应在任命日期和今天之间。")})
    if Appointment.objects.filter(pk=appointment.pk, ends_on=None).update(ends_on=ends_on) != 1:
        raise rules.MovedOn(_("这项任命已经结束，请刷新页面。"))
    appointment.ends_on = ends_on
    ledger.record("fieldwork.self_control.relieved", of=appointment, by=by, data={"on": ends_on})
    return appointment


@transaction.atomic
def declare_closed(
    *, premises: Any, first: date, last: date, reason: str, weekdays: Collection[int] = (), by: Any
) -> int:
    """Declare days closed ahead: the whole span, or only these ISO weekdays in it. What is past stays as it was."""
    reason = need_text(reason, "reason", _("请写明停业原因。"), most=100)
    if first < ledger.clock.today():
        raise rules.Refused(
            {"first": _("停业须在当天或者提前申报。过去没有记录的日子不能改为停业，请在说明中写明情况。")}
        )
    if not 0 <= (last - first).days < MOST_CLOSED_DAYS:
        raise rules.Refused({"last": _("停业止期应不早于起期，一次最多一年。")})
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    days = [day for day in days if not weekdays or day.isoweekday() in weekdays]
    known = set(ClosedDay.objects.filter(premises=premises, day__range=(first, last)).values_list("day", flat=True))
    now, who = ledger.clock.now(), named(by)
    rows = [
        ClosedDay(
            premises=premises, division_code=premises.division_code, day=day, reason=reason, declared_at=now, declared_by=who
        )
        for day in days
        if day not in known
    ]  # fmt: skip
    ClosedDay.objects.bulk_create(rows, ignore_conflicts=True)
    data = {"first": first, "last": last, "days": len(rows), "reason": reason}
    ledger.record("fieldwork.self_control.closed_declared", of=premises, by=by, data=data)
    return len(rows)


@transaction.atomic
def reopen(*, premises: Any, by: Any) -> int:
    """Take back the closed days that still lie ahead, today among them."""
    today = ledger.clock.today()
    count, _kinds = ClosedDay.objects.filter(premises=premises, day__gte=today).delete()
    if not count:
        raise rules.Refused(_("今天以后没有已申报的停业日。"))
    ledger.record("fieldwork.self_control.reopened", of=premises, by=by, data={"from": today, "days": count})
    return count


@transaction.atomic
def record_day(*, premises: Any, day: date, problems: Mapping[str, str], note: str = "", by: Any) -> DailyRecord:
    """Write down one day. `problems` maps items of the risk list to what was found; empty says all was in order."""
    today = ledger.clock.today()
    known = _risk_list(premises, day)
    texts = _problem_texts(problems, dict(known.items))
    if day > today:
        raise rules.Refused({"day": _("不能提前填写以后的检查记录。")})
    _not_too_late(day, "day")
    row = DailyRecord(
        premises=premises,
        division_code=premises.division_code,
        day=day,
        late=day < today,
        list_edition=known.edition,
        items=len(known.items),
        note=note.strip(),
        **_written(by),
    )
    _insert(row, _("%(day)s的检查记录已经有了，不能再填一份。漏记的问题可以在当天记录上补充。") % {"day": day})
    _write_problems(row, texts, dict(known.items))
    data = {"premises": premises.number, "day": day, "late": row.late, "problems": sorted(texts)}
    ledger.record("fieldwork.self_control.day_recorded", of=row, by=by, division_code=row.division_code, data=data)
    return row


@transaction.atomic
def add_problem(*, record: DailyRecord, code: str, text: str, by: Any) -> ControlProblem:
    """Found later on the same day."""
    if record.day != ledger.clock.today():
        raise rules.Refused(_("只能补充今天发现的问题。以前的问题请在今天的检查中记录。"))
    items = dict(_risk_list(record.premises, record.day).items)
    texts = _problem_texts({code: text}, items)
    if ControlProblem.objects.filter(record=record, code=code).exists():
        raise rules.Refused({"code": _("这一项今天已经记录过问题，请换一项或者写在同一条里。")})
    rows = _write_problems(record, texts, items)
    ledger.record("fieldwork.self_control.problem_added", of=rows[0], by=by, data={"code": code})
    return rows[0]


def _risk_list(premises: Any, day: date) -> standards.RiskList:
    known = standards.risk_lists(day).get(premises.kind)
    if known is None:
        raise rules.Refused(
            _("“%(kind)s”在%(day)s没有适用的风险管控清单，不用填写每日检查记录。")
            % {"kind": premises.get_kind_display(), "day": day}
        )
    return known


def _problem_texts(problems: Mapping[str, str], items: Mapping[str, str]) -> dict[str, str]:
    unknown = sorted(set(problems) - set(items))
    if unknown:
        raise rules.Refused(_("管控清单里没有这些项目：%(codes)s。请刷新页面重填。") % {"codes": "、".join(unknown)})
    return {
        code: need_text(text, "problems", _("请写明“%(item)s”有什么问题。") % {"item": items[code]}, most=300)
        for code, text in problems.items()
    }


def _write_problems(record: DailyRecord, texts: Mapping[str, str], items: Mapping[str, str]) -> list[ControlProblem]:
    rows = [
        ControlProblem(
            premises_id=record.premises_id,
            division_code=record.division_code,
            record=record,
            code=code,
            item=items[code],
            text=text,
            found_on=record.day,
        )
        for code, text in texts.items()
    ]
    for row in rows:
        row.clean_fields()
    return ControlProblem.objects.bulk_create(rows)


def _not_too_late(day: date, field: str) -> None:
    days = standards.cadences(ledger.clock.today()).backfill_days
    if (ledger.clock.today() - day).days > days:
        raise rules.Refused({field: _("已经超过%(n)s天，不能再补记。") % {"n": days}})


@transaction.atomic
def close_problem(*, problem: ControlProblem, remedy: str, by: Any) -> ControlProblem:
    """The operator puts right what the operator found."""
    remedy = need_text(remedy, "remedy", _("请写明是怎么整改的。"), most=300)
    now, who = ledger.clock.now(), named(by)
    changed = ControlProblem.objects.filter(pk=problem.pk, closed_at=None).update(
        remedy=remedy, closed_at=now, closed_by=who
    )
    if changed != 1:
        raise rules.MovedOn(_("这个问题已经登记整改完成，请刷新页面。"))
    problem.remedy, problem.closed_at, problem.closed_by = remedy, now, who
    ledger.record("fieldwork.self_control.problem_closed", of=problem, by=by, division_code=problem.division_code)
    return problem


@transaction.atomic
def report_week(*, premises: Any, monday: date, measures: str, carried: Mapping[int, str], by: Any) -> WeeklyReport:
    """One report for an ISO week. Every problem open longer than the rule allows has to be in it."""
    today = ledger.clock.today()
    first, last = engine.week_of(monday)
    if first != monday or monday > today:
        raise rules.Refused({"monday": _("请选择已经开始的一周。")})
    _not_too_late(last, "monday")
    _risk_list(premises, last)
    open_now = selectors.open_problems(premises)
    kept = {problem.pk: carried.get(problem.pk, "").strip() for problem in open_now}
    _all_carried(open_now, {pk for pk, text in kept.items() if text})
    account = selectors.day_account(premises, first, min(last, today))
    row = WeeklyReport(
        premises=premises,
        division_code=premises.division_code,
        monday=monday,
        late=today > last,
        operating_days=account.operating,
        recorded_days=account.on_day,
        found=ControlProblem.objects.filter(premises=premises, found_on__range=(first, last)).count(),
        carried=[{"problem": pk, "text": text[:300]} for pk, text in kept.items() if text],
        measures=need_text(measures, "measures", _("请写明本周排查治理情况。"), most=1000),
        **_written(by),
    )
    _insert(row, _("这一周的排查报告已经有了，不能再填一份。"))
    data = {"premises": premises.number, "monday": monday, "late": row.late, "carried": sorted(kept)}
    ledger.record("fieldwork.self_control.week_reported", of=row, by=by, data=data)
    return row


def _all_carried(open_now: Iterable[ControlProblem], carried: Collection[int]) -> None:
    today = ledger.clock.today()
    days = standards.cadences(today).problem_days
    problems = {p.pk: p for p in open_now}
    values = [engine.OpenProblem(p.pk, p.found_on) for p in problems.values()]
    missing = engine.left_out(values, on=today, days=days, carried=carried)
    if missing:
        names = "；".join(problems[pk].text[:40] for pk in missing)
        raise rules.Refused(
            _("这些问题超过%(n)s天没有整改完，周报里必须写明怎么处理：%(names)s。") % {"n": days, "names": names}
        )


@transaction.atomic
def hold_meeting(
    *, premises: Any, month: date, held_on: date, chair: str, attendees: str, summary: str, decisions: str, by: Any
) -> MonthlyMeeting:
    today = ledger.clock.today()
    first, last = engine.month_of(month)
    if not first <= held_on <= min(last, today):
        raise rules.Refused({"held_on": _("会议日期应在这个月内，并且不晚于今天。")})
    _not_too_late(last, "month")
    _risk_list(premises, last)
    row = MonthlyMeeting(
        premises=premises,
        division_code=premises.division_code,
        month=first,
        late=today > last,
        held_on=held_on,
        chair=need_text(chair, "chair", _("请填写主持人。"), most=60),
        attendees=need_text(attendees, "attendees", _("请填写参加人员。"), most=300),
        summary=need_text(summary, "summary", _("请写明本月食品安全情况。"), most=1000),
        decisions=need_text(decisions, "decisions", _("请写明下月安排。"), most=1000),
        **_written(by),
    )
    _insert(row, _("这个月的调度会议纪要已经有了，不能再填一份。"))
    data = {"premises": premises.number, "month": first, "late": row.late}
    ledger.record("fieldwork.self_control.month_met", of=row, by=by, data=data)
    return row


@transaction.atomic
def examine_manager(*, appointment: Appointment, examined_on: date, score: Decimal, by: Any) -> ManagerExam:
    """A spot exam by the authority. Who fails is examined again."""
    if not appointment.starts_on <= examined_on <= ledger.clock.today():
        raise rules.Refused({"examined_on": _("考核日期应在任命日期和今天之间。")})
    passed = score >= PASS_MARK
    again = examined_on + timedelta(standards.cadences(examined_on).reexam_days)
    row = ManagerExam(
        appointment=appointment,
        premises_id=appointment.premises_id,
        division_code=appointment.division_code,
        examined_on=examined_on,
        score=score,
        passed=passed,
        reexam_on=None if passed else again,
        **_written(by),
    )
    row.clean_fields()
    row.validate_constraints()
    row.save(force_insert=True)
    data = {"passed": passed, "on": examined_on, "role": appointment.role}
    ledger.record("fieldwork.self_control.manager_examined", of=row, by=by, data=data)
    return row


@transaction.atomic
def escalate_open(*, today: date) -> int:
    """What stays open longer than the rule allows becomes a matter of the authority. Once for each problem."""
    days = standards.cadences(today).problem_days
    before = today - timedelta(days)
    rows = ControlProblem.objects.filter(closed_at=None, matter_key="", found_on__lt=before)
    rows = rows.select_related("premises__operator").order_by("pk")
    carried = selectors.carried_lately({row.premises_id for row in rows}, before)
    return sum(_escalate(row, carried.get(row.premises_id, frozenset()), today, days) for row in rows)


def _escalate(problem: ControlProblem, carried: Collection[int], today: date, days: int) -> int:
    value = engine.OpenProblem(problem.pk, problem.found_on)
    standing = engine.judge_open_problem(value, on=today, days=days, carried=carried)
    key = f"fieldwork.control_problem:{problem.pk}"
    if ControlProblem.objects.filter(pk=problem.pk, closed_at=None, matter_key="").update(matter_key=key) != 1:
        return 0
    why = _("周报未提及") if standing is engine.Standing.SILENT else _("周报已列出")
    text = _("自查问题超过%(n)s天未整改（%(why)s）：%(item)s：%(text)s") % {
        "n": days, "why": why, "item": problem.item, "text": problem.text,
    }  # fmt: skip
    contribute.announce(_announcement(problem, key, text), by=None)
    ledger.record("fieldwork.self_control.escalated", of=problem, by=None, data={"standing": standing.value})
    return 1


def _announcement(problem: ControlProblem, key: str, text: str) -> Announcement:
    premises = problem.premises
    owner = premises.operator.agency_id or inspecting_agency(premises.division_code).pk
    return Announcement(
        name="finding",
        subject_type="registry.premises",
        subject_id=str(premises.pk),
        subject_name=premises.name,
        division_code=premises.division_code,
        text=text,
        facts={"key": key, "origin": "other", "severity": "minor", "owner_agency_id": owner},
    )
