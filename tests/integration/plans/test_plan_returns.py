"""Returns: who may do which step, what counts as in time, what is frozen and announced."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.board import api as board
from fangxin.oversight.plans import api as plans
from fangxin.oversight.plans.figures import Typed
from fangxin.oversight.plans.models import Return, ReturnPeriod, ReturnVersion
from fangxin.oversight.plans.services.reminding import reminder_reached

pytestmark = pytest.mark.django_db


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=ledger.clock.LOCAL)


def send(item, writer, reviewer, **words):
    plans.write_version(item=item, progress="已开展排查。", by=writer, **{"figures": []} | words)
    plans.submit(item=item, by=writer)
    return plans.review(item=item, by=reviewer)


@pytest.fixture
def writers(department, second_department):
    return department, second_department


def test_a_return_goes_its_whole_way(quarter, department, second_department, office):
    item = send(quarter[2], department, second_department)
    assert (item.state, item.submitted_by) == ("submitted", second_department)
    plans.accept(item=item, by=office, quality="full")
    assert (item.state, item.quality) == ("accepted", "full")
    assert [s.verb for s in item.versions.get().steps.all()] == ["submitted", "reviewed", "accepted"]


def test_the_writer_does_not_review(quarter, department):
    plans.write_version(item=quarter[2], progress="x", figures=[], by=department)
    plans.submit(item=quarter[2], by=department)
    with pytest.raises(plans.PlanError, match="另一人审核"):
        plans.review(item=quarter[2], by=department)


def test_who_wrote_or_reviewed_does_not_accept(quarter, department, second_department):
    item = send(quarter[2], department, second_department)
    with pytest.raises(plans.PlanError, match="不能由本人受理"):
        plans.accept(item=item, by=second_department)


def test_what_is_sent_back_says_why_and_comes_again_as_a_new_version(quarter, department, second_department, office):
    item = send(quarter[2], department, second_department)
    first = item.submitted_at
    with pytest.raises(ValidationError):
        plans.return_back(item=item, reason=" ", by=office)
    plans.return_back(item=item, reason="请补充数据。", by=office)
    with ledger.clock.held_at(at(2023, 3, 28, 9, 0)):
        send(item, department, second_department)
    assert (item.versions.count(), item.returned_times, item.submitted_at) == (2, 1, first)
    assert item.days_late(date(2023, 3, 28)) == 0


def test_two_officers_decide_and_only_the_first_does(quarter, department, second_department, office, second_office):
    item = send(quarter[2], department, second_department)
    same = Return.objects.get(pk=item.pk)
    plans.accept(item=item, by=office)
    with pytest.raises(plans.AlreadyMoved):
        plans.return_back(item=same, reason="请补充。", by=second_office)
    assert Return.objects.get(pk=item.pk).state == "accepted"


def test_a_submitted_return_is_not_written_again(quarter, department, second_department):
    item = send(quarter[2], department, second_department)
    with pytest.raises(plans.PlanError):
        plans.write_version(item=item, progress="改一下。", figures=[], by=department)


@pytest.mark.parametrize(
    ("period", "moment", "late"),
    [
        ("2022-Q2", (2022, 6, 24, 17, 0), 0),
        ("2022-Q2", (2022, 6, 27, 9, 10), 2),
        ("2023-Q2", (2023, 6, 25, 22, 0), 0),
        ("2023-Q2", (2023, 6, 25, 23, 59), 0),
        ("2023-Q2", (2023, 6, 26, 0, 0), 1),
    ],
)
def test_a_return_is_late_by_calendar_days(plan, writers, period, moment, late):
    item = plans.returns_of(plan=plan, period=period).get(action__number=3)
    with ledger.clock.held_at(at(*moment)):
        send(item, *writers)
    assert item.days_late(date(2024, 1, 1)) == late
    ratio = plans.return_timeliness(plan=plan, period=period, as_of=date(2024, 1, 1))
    assert ratio == (0 if late else 1, 4)


def test_eleven_of_twelve_in_time_are_91_67_per_cent():
    assert str(plans.Ratio(11, 12).percent) == "91.67"
    assert plans.Ratio(0, 0).percent is None


def test_a_missing_return_is_due_and_not_in_time(plan):
    before, on = date(2022, 6, 24), date(2022, 6, 25)
    assert plans.return_timeliness(plan=plan, as_of=before) == (0, 0)
    assert plans.return_timeliness(plan=plan, as_of=on) == (0, 4)


def test_versions_and_steps_are_never_changed(quarter, department, second_department):
    item = send(quarter[2], department, second_department)
    for rows in (ReturnVersion.objects.filter(item=item), item.versions.get().steps.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._chain().update(**{"progress" if rows.model is ReturnVersion else "text": "x"})


def test_computed_figures_stand_beside_typed_ones(indicators, plan, quarter, department, second_department):
    item, code = quarter[2], "M06-1"
    goal = item.action.goals.get()
    assert goal.indicator_code == code
    typed = {str(goal.pk): Typed(numerator=Decimal(37), denominator=Decimal(38), note="本局摸底")}
    with pytest.raises(ValidationError, match="只填了分子"):
        plans.write_version(item=item, progress="x", typed={str(goal.pk): Typed(numerator=Decimal(37))}, by=department)
    send(item, department, second_department, typed=typed, figures=None)
    entry = item.versions.get().figures[0]
    assert (entry["code"], entry["typed_value"], entry["as_of"]) == (code, "97.3684", "2023-03-15")
    assert "value" in entry
    kept = board.TypedFigure.objects.get()
    assert (kept.code, kept.agency, kept.numerator, kept.denominator) == (code, item.agency, 37, 38)


def test_reminders_come_on_working_days_and_once(plan, quarter, department, second_department):
    # 2023-03-25 is a Saturday: 1, 3, 7 and 15 working days before are 03-24, 03-22, 03-16 and 03-06.
    due = date(2023, 3, 25)
    days = [date(2023, 3, day) for day in (3, 6, 15, 16, 22, 24)]
    assert [reminder_reached(due, day) for day in days] == [None, 15, 15, 7, 3, 1]
    send(quarter[2], department, second_department)
    reminded = []
    for day in (6, 6, 7, 16, 24):
        with ledger.clock.held_at(date(2023, 3, day)):
            reminded.append(plans.morning()["reminded"])
    assert reminded == [3, 0, 0, 3, 3]


def test_the_due_evening_freezes_the_board_once(plan):
    with ledger.clock.held_at(at(2022, 6, 24, 23, 40)):
        assert plans.evening() == {"frozen": 0}
    with ledger.clock.held_at(at(2022, 6, 25, 23, 40)):
        assert plans.evening() == {"frozen": 1}
        assert plans.evening() == {"frozen": 0}
    period = ReturnPeriod.objects.get(code="2022-Q2")
    assert period.snapshot.as_of == date(2022, 6, 25)
    assert board.Snapshot.objects.count() == 1


def test_missed_evenings_are_caught_up_in_order(plan):
    with ledger.clock.held_at(at(2022, 12, 5, 6, 0)):
        assert plans.morning()["frozen"] == 3
    taken = board.Snapshot.objects.order_by("pk").values_list("label", flat=True)
    assert list(taken) == ["2022-Q2", "2022-Q3", "2022-ANNUAL"]


def test_what_is_overdue_becomes_one_matter_of_its_owner(plan, agencies):
    with ledger.clock.held_at(at(2022, 6, 26, 6, 0)):
        assert plans.morning()["overdue"] == 4 + 4
        assert plans.morning()["overdue"] == 0
    matters = casework.open_matters_of("plans.return", str(plans.returns_of(plan=plan, period="2022-Q2").first().pk))
    assert [m.owner for m in matters] == [agencies["health"]]
    assert "逾期未报" in matters[0].hazard


def test_what_was_due_before_the_plan_was_entered_opens_no_matter(facts, agencies, office):
    plans.load_confirmed_plan(facts, division_code="990101", by=office)
    assert plans.morning()["overdue"] == 0
    assert plans.return_timeliness(as_of=date(2023, 3, 15)) == (0, 12)


def test_nothing_is_overdue_on_the_due_day_itself(plan):
    with ledger.clock.held_at(at(2022, 5, 31, 20, 0)):
        assert plans.morning()["overdue"] == 0


def test_the_merged_report_is_a_paper_with_every_accepted_return(plan, quarter, department, second_department, office):
    from io import BytesIO

    from docx import Document

    from fangxin.oversight.plans.reports import keep_report

    with pytest.raises(plans.PlanError, match="还没有受理"):
        keep_report(period=quarter[0].period, by=office)
    item = send(quarter[2], department, second_department, practice="以评促改。", problems="进度不平衡。")
    plans.accept(item=item, by=office)
    period = keep_report(period=item.period, by=office)
    text = "\n".join(p.text for p in Document(BytesIO(ledger.read_evidence(period.report))).paragraphs)
    assert "2023年第一季度" in text
    assert "应报4份，纳入汇总1份" in text
    assert "以评促改" in text
    item.refresh_from_db()
    assert item.state == "merged"
