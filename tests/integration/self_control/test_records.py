"""Days, weeks and months of an operator's own checks."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from fangxin.kernel.casework import api as casework
from fangxin.kernel.fieldwork import selectors_self_control as selectors
from fangxin.kernel.fieldwork import self_control_papers as papers
from fangxin.kernel.fieldwork.models import ControlProblem, DailyRecord, WeeklyReport
from fangxin.kernel.fieldwork.services import self_control
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry

FIRST, LAST = date(2023, 3, 1), date(2023, 3, 14)


def test_a_missing_day_is_a_gap_and_a_late_entry_is_not_the_day(canteen, recorded):
    for n in range(10):
        recorded(canteen, FIRST + timedelta(n))
    recorded(canteen, date(2023, 3, 11), made_on=date(2023, 3, 13))
    account = selectors.day_account(canteen, FIRST, date(2023, 3, 31))
    assert (account.operating, account.on_day) == (14, 10)
    assert account.late == (date(2023, 3, 11),)
    assert account.gaps == (date(2023, 3, 12), date(2023, 3, 13), date(2023, 3, 14))


def test_list_and_page_count_alike(canteen, eatery, office, principal, recorded, on):
    with on(FIRST):
        self_control.declare_closed(
            premises=canteen, first=FIRST, last=LAST, reason="双休日", weekdays=(6, 7), by=principal
        )
    for n in (0, 1, 3, 4):
        recorded(canteen, FIRST + timedelta(n))
    recorded(canteen, date(2023, 3, 9), made_on=date(2023, 3, 10))
    rows = selectors.with_completion(selectors.list_places(office), FIRST, LAST)
    for row in rows:
        account = selectors.day_account(row, FIRST, LAST)
        told = (account.operating, account.on_day, len(account.late), len(account.gaps))
        assert (row.operating_days, row.on_day, row.late, row.gaps) == told
    found = {row.pk: row for row in rows}
    # Of four weekend days two (4 and 5 March) were operated all the same.
    assert found[canteen.pk].operating_days == 12
    assert found[eatery.pk].gaps == 14


def test_a_place_owes_nothing_before_it_opened_or_before_the_rule(place_of, office):
    young = place_of(None, "新开的店", "restaurant", opened_on=date(2023, 3, 10))
    row = selectors.with_completion(selectors.list_places(office), FIRST, LAST).get(pk=young.pk)
    assert (row.operating_days, row.gaps) == (5, 5)
    early = selectors.with_completion(selectors.list_places(office), date(2022, 10, 1), date(2022, 10, 31))
    assert early.get(pk=young.pk).operating_days == 0


def test_a_day_is_recorded_once(canteen, recorded):
    recorded(canteen, date(2023, 3, 14))
    with pytest.raises(ValidationError, match="已经有了"):
        recorded(canteen, date(2023, 3, 14))
    assert DailyRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "problems", "said"),
    [
        (date(2023, 3, 16), {}, "不能提前"),
        (date(2023, 1, 2), {}, "不能再补记"),
        (date(2023, 3, 15), {"Z9": "脏"}, "没有这些项目"),
        (date(2023, 3, 15), {"C1": "  "}, "写明"),
    ],
)
def test_what_cannot_be_recorded_leaves_nothing_behind(canteen, principal, day, problems, said):
    with pytest.raises(ValidationError, match=said):
        self_control.record_day(premises=canteen, day=day, problems=problems, by=principal)
    assert not DailyRecord.objects.exists()
    assert not ControlProblem.objects.exists()


def test_kinds_without_a_risk_list_owe_no_record(place_of, principal):
    depot = place_of("school", "粮库", "grain_depot")
    with pytest.raises(ValidationError, match="没有适用的风险管控清单"):
        self_control.record_day(premises=depot, day=date(2023, 3, 15), problems={}, by=principal)


def test_closing_cannot_wipe_out_gaps(canteen, principal):
    with pytest.raises(ValidationError, match="提前申报"):
        self_control.declare_closed(premises=canteen, first=FIRST, last=LAST, reason="放假", by=principal)


def test_reopening_takes_back_only_what_lies_ahead(canteen, principal, on):
    with on(date(2023, 3, 10)):
        self_control.declare_closed(
            premises=canteen, first=date(2023, 3, 10), last=date(2023, 3, 20), reason="装修", by=principal
        )
    assert self_control.reopen(premises=canteen, by=principal) == 6
    account = selectors.day_account(canteen, date(2023, 3, 10), date(2023, 3, 31))
    assert account.operating == 0


def test_a_problem_open_longer_than_seven_days_may_not_be_left_out(canteen, recorded, principal):
    record = recorded(canteen, date(2023, 3, 7), {"C6": "冷藏柜温度 12℃"})
    problem = record.found.get()
    week = {"premises": canteen, "monday": date(2023, 3, 13), "measures": "已排查", "by": principal}
    with pytest.raises(ValidationError, match="冷藏柜温度"):
        self_control.report_week(carried={}, **week)
    assert not WeeklyReport.objects.exists()
    report = self_control.report_week(carried={problem.pk: "等配件，食材已转移"}, **week)
    assert report.carried == [{"problem": problem.pk, "text": "等配件，食材已转移"}]
    assert not report.late


def test_what_stays_open_becomes_one_matter_of_the_operator(canteen, recorded, agencies, office):
    recorded(canteen, date(2023, 3, 7), {"C6": "冷藏柜温度 12℃"})
    recorded(canteen, date(2023, 3, 8), {"C7": "纱窗破损"})
    today = date(2023, 3, 15)
    assert self_control.escalate_open(today=today) == 1
    assert self_control.escalate_open(today=today) == 0
    matter = casework.list_matters(office).get()
    assert matter.owner == agencies["school"]
    assert "周报未提及" in matter.hazard
    assert "冷藏柜温度" in matter.hazard


def test_what_was_put_right_does_not_go_up(canteen, recorded, principal, office):
    problem = recorded(canteen, date(2023, 3, 7), {"C6": "冷藏柜温度 12℃"}).found.get()
    self_control.close_problem(problem=problem, remedy="已换温控器", by=principal)
    assert self_control.escalate_open(today=date(2023, 3, 15)) == 0
    assert not casework.list_matters(office).exists()
    with pytest.raises(ValidationError, match="已经登记"):
        self_control.close_problem(problem=problem, remedy="再来一次", by=principal)


def test_the_matter_says_that_the_weekly_report_named_it(canteen, recorded, principal, office):
    problem = recorded(canteen, date(2023, 3, 7), {"C6": "冷藏柜温度 12℃"}).found.get()
    self_control.report_week(
        premises=canteen, monday=date(2023, 3, 13), measures="已排查", carried={problem.pk: "等配件"}, by=principal
    )
    self_control.escalate_open(today=date(2023, 3, 15))
    assert "周报已列出" in casework.list_matters(office).get().hazard


def test_minutes_after_the_month_are_late(canteen, principal, on):
    facts = {"chair": "于老师", "attendees": "食堂全体", "summary": "平稳", "decisions": "换纱窗", "by": principal}
    with on(date(2023, 3, 2)):
        late = self_control.hold_meeting(premises=canteen, month=date(2023, 2, 1), held_on=date(2023, 2, 27), **facts)
    assert late.late
    with pytest.raises(ValidationError, match="会议日期"):
        self_control.hold_meeting(premises=canteen, month=date(2023, 3, 1), held_on=date(2023, 2, 27), **facts)


def test_one_principal_at_a_time_and_many_officers(canteen, principal):
    facts = {"premises": canteen, "starts_on": date(2023, 3, 1), "by": principal}
    self_control.appoint(role="principal", name="于校长", **facts)
    with pytest.raises(ValidationError, match="已有人在任"):
        self_control.appoint(role="principal", name="另一位", **facts)
    self_control.appoint(role="safety_officer", name="甲", **facts)
    self_control.appoint(role="safety_officer", name="乙", **facts)


def test_who_fails_the_spot_exam_is_examined_again(canteen, principal, inspector):
    appointed = self_control.appoint(
        premises=canteen, role="safety_officer", name="甲", starts_on=date(2023, 3, 1), by=principal
    )
    failed = self_control.examine_manager(
        appointment=appointed, examined_on=date(2023, 3, 14), score=Decimal("59.5"), by=inspector
    )
    assert not failed.passed
    assert failed.reexam_on == date(2023, 4, 13)
    assert selectors.exams_to_repeat(inspector, date(2023, 4, 13)).get() == failed
    with ledger.clock.held_at(date(2023, 4, 10)):
        passed = self_control.examine_manager(
            appointment=appointed, examined_on=date(2023, 4, 10), score=Decimal(80), by=inspector
        )
    assert passed.reexam_on is None
    assert not selectors.exams_to_repeat(inspector, date(2023, 4, 13)).exists()


@pytest.mark.parametrize(("diners", "need"), [("299", "optional"), ("300", "required"), ("", "unknown")])
def test_a_kindergarten_of_three_hundred_needs_a_director(canteen, office, diners, need):
    day = date(2023, 3, 1)
    registry.record_fact(premises=canteen, name="school_meals.stage", value="kindergarten", valid_from=day, by=office)
    if diners:
        registry.record_fact(premises=canteen, name="self_control.diners", value=diners, valid_from=day, by=office)
    assert selectors.director_need(canteen, date(2023, 3, 15)).need == need


def test_papers_hold_what_was_recorded_and_hide_names_from_others(canteen, recorded, principal):
    recorded(canteen, date(2023, 3, 14), {"C6": "冷藏柜温度 12℃"})
    self_control.report_week(premises=canteen, monday=date(2023, 3, 13), measures="已排查", carried={}, by=principal)
    self_control.hold_meeting(
        premises=canteen, month=date(2023, 3, 1), held_on=date(2023, 3, 14), chair="于老师",
        attendees="食堂全体", summary="平稳", decisions="换纱窗", by=principal,
    )  # fmt: skip
    texts = {
        kind: _text(papers.make(kind, canteen, date(2023, 3, 14), names=True)) for kind in ("day", "week", "month")
    }
    assert "冷藏柜温度 12℃" in texts["day"]
    assert "无问题" in texts["day"]
    assert "已排查" in texts["week"]
    assert "于老师" in texts["month"]
    assert "于老师" not in _text(papers.make("month", canteen, date(2023, 3, 14), names=False))
    assert papers.make("day", canteen, date(2023, 3, 13)) is None


def _text(made):
    import io

    from docx import Document

    document = Document(io.BytesIO(made[1]))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


def test_a_record_can_never_be_changed(canteen, recorded):
    record = recorded(canteen, date(2023, 3, 14))
    with pytest.raises(DatabaseError), transaction.atomic():
        DailyRecord.objects.filter(pk=record.pk).update(late=True)


def test_the_figures_rows_tell_who_recorded_every_day(canteen, eatery, recorded):
    for n in range(14):
        recorded(canteen, FIRST + timedelta(n))
    rows = {row.pk: row for row in selectors.day_rows(LAST)}
    assert rows[canteen.pk].whole
    assert not rows[eatery.pk].whole
