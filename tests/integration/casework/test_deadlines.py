"""Due dates, the one extension, the ladder, and the calendar they hang on."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from fangxin.kernel.casework import api as casework
from fangxin.kernel.casework import tasks
from fangxin.kernel.casework.models import CalendarDay, Escalation, Extension, Matter
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.models import Entry, NumberSeries

pytestmark = pytest.mark.django_db


def rungs():
    return [(r.stage, str(r.falls_on)) for r in Escalation.objects.order_by("pk")]


def test_an_extension_is_asked_once(rectifying, department, second_department):
    matter = rectifying()
    casework.request_extension(matter=matter, reason="配件未到", new_due_on=date(2023, 4, 12), by=department)
    with pytest.raises(casework.Refused, match="只能申请一次"):
        casework.request_extension(matter=matter, reason="还没到", new_due_on=date(2023, 4, 13), by=second_department)
    assert Extension.objects.count() == 1


def test_a_refused_extension_was_the_one(rectifying, department, office):
    matter = rectifying()
    asked = casework.request_extension(matter=matter, reason="配件未到", new_due_on=date(2023, 4, 12), by=department)
    casework.decide_extension(extension=asked, approved=False, text="可以先封存", by=office)
    matter.refresh_from_db()
    assert matter.due_on == date(2023, 4, 6)
    with pytest.raises(casework.Refused, match="只能申请一次"):
        casework.request_extension(matter=matter, reason="再申请", new_due_on=date(2023, 4, 12), by=department)


def test_an_extension_is_asked_before_the_deadline_has_passed(rectifying, department, after):
    on_the_day, too_late = rectifying(), rectifying()
    with after(22):  # 6 April, the due date, which lasts until midnight
        casework.request_extension(matter=on_the_day, reason="未完", new_due_on=date(2023, 4, 10), by=department)
    with after(23), pytest.raises(casework.Refused, match="已过"):
        casework.request_extension(matter=too_late, reason="未完", new_due_on=date(2023, 4, 10), by=department)


@pytest.mark.parametrize("day", [date(2023, 4, 6), date(2023, 4, 1), date(2023, 4, 28)])
def test_an_extension_lies_within_the_rule(rectifying, department, day):
    with pytest.raises(casework.Refused, match="最迟到2023-04-26"):
        casework.request_extension(matter=rectifying(), reason="未完", new_due_on=day, by=department)


def test_an_extension_is_decided_by_another_and_moves_the_date(rectifying, department, office):
    matter = rectifying()
    asked = casework.request_extension(matter=matter, reason="配件未到", new_due_on=date(2023, 4, 26), by=department)
    with pytest.raises(casework.Refused, match="另一名人员"):
        casework.decide_extension(extension=asked, approved=True, by=department)
    casework.decide_extension(extension=asked, approved=True, by=office)
    matter.refresh_from_db()
    assert matter.due_on == date(2023, 4, 26)


def test_an_extension_is_decided_once(rectifying, department, office, second_office):
    asked = casework.request_extension(
        matter=rectifying(), reason="配件未到", new_due_on=date(2023, 4, 26), by=department
    )
    mine, theirs = Extension.objects.get(pk=asked.pk), Extension.objects.get(pk=asked.pk)
    casework.decide_extension(extension=mine, approved=True, by=office)
    with pytest.raises(casework.MovedOn):
        casework.decide_extension(extension=theirs, approved=False, text="不同意", by=second_office)
    assert Extension.objects.get().state == "granted"


def test_the_past_keeps_the_old_due_date(rectifying, department, office, after):
    matter = rectifying()
    asked = casework.request_extension(matter=matter, reason="未到", new_due_on=date(2023, 4, 26), by=department)
    with after(2):
        casework.decide_extension(extension=asked, approved=True, by=office)
    assert casework.matters_as_rows(date(2023, 3, 16)).get().due_on == date(2023, 4, 6)
    assert casework.matters_as_rows(date(2023, 3, 17)).get().due_on == date(2023, 4, 26)


def test_the_ladder_over_a_year_end_and_make_up_days(open_matter):
    with ledger.clock.held_at(date(2023, 12, 25)):
        open_matter(due_on=date(2024, 2, 2))
    tasks.daily(date(2024, 3, 31))
    # 4 February is a make-up Sunday; 10 to 17 February is the Spring Festival, 18 February a make-up Sunday.
    assert rungs() == [
        ("reminder", "2024-01-30"),
        ("overdue", "2024-02-03"),
        ("supervision", "2024-02-08"),
        ("interview", "2024-02-21"),
        ("notice", "2024-02-28"),
    ]


def test_the_ladder_day_by_day_and_after_an_outage_is_the_same(open_matter):
    open_matter()
    days = [date.fromordinal(date(2023, 3, 15).toordinal() + n) for n in range(60)]
    noted = [tasks.daily(day) for day in days]
    daily = rungs()
    assert sum(noted) == 5
    second = open_matter(hazard="另一处")
    tasks.daily(days[-1])
    assert [(r.stage, str(r.falls_on)) for r in second.escalations.order_by("pk")] == daily


def test_twice_a_day_notes_nothing_twice(open_matter):
    open_matter()
    assert tasks.daily(date(2023, 4, 20)) == 4
    assert tasks.daily(date(2023, 4, 20)) == 0
    assert Entry.objects.filter(event="casework.matter.escalated").count() == 4


def test_a_run_killed_half_way_is_finished_by_the_next(open_matter, monkeypatch):
    from fangxin.kernel.casework.services import deadlines

    open_matter()
    whole, calls = deadlines.move, []

    def dies_at_the_third(*args, **kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return whole(*args, **kwargs)

    monkeypatch.setattr(deadlines, "move", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        tasks.daily(date(2023, 4, 20))
    monkeypatch.setattr(deadlines, "move", whole)
    assert tasks.daily(date(2023, 4, 20)) == 2
    assert [stage for stage, _day in rungs()] == ["reminder", "overdue", "supervision", "interview"]


def test_a_matter_that_came_back_is_interviewed_earlier(closed, second_office):
    casework.reopen(matter=closed(), by=second_office)
    tasks.daily(date(2023, 4, 13))
    assert {"supervision", "interview"} <= {stage for stage, day in rungs() if day == "2023-04-13"}


def test_what_is_closed_climbs_no_ladder(closed):
    closed()
    assert tasks.daily(date(2023, 12, 1)) == 0


def test_the_ladder_waits_while_the_matter_waits_for_acceptance(submitted, office):
    matter = submitted()
    assert tasks.daily(date(2023, 4, 13)) == 0
    casework.return_(matter=matter, text="照片看不清", by=office)
    assert tasks.daily(date(2023, 4, 13)) == 3


def test_an_extended_matter_begins_the_ladder_anew(rectifying, department, office):
    matter = rectifying()
    tasks.daily(date(2023, 4, 3))
    matter.refresh_from_db()
    asked = casework.request_extension(matter=matter, reason="未到", new_due_on=date(2023, 4, 26), by=department)
    casework.decide_extension(extension=asked, approved=True, by=office)
    tasks.daily(date(2023, 4, 24))
    assert rungs() == [("reminder", "2023-03-31"), ("reminder", "2023-04-23")]


def test_a_year_without_calendar_stops_with_a_plain_sentence_and_writes_nothing(open_matter):
    with ledger.clock.held_at(date(2026, 12, 25)):
        with pytest.raises(casework.CalendarUnknown) as stopped:
            open_matter()
        assert "2027年的放假调休安排还没有录入" in stopped.value.messages[0]
        assert "没有保存任何内容" in stopped.value.messages[0]
    assert not Matter.objects.exists()
    assert not NumberSeries.objects.filter(series="casework.matter").exists()


def test_the_ladder_waits_for_the_calendar_of_the_next_year_but_not_into_it(open_matter):
    with ledger.clock.held_at(date(2026, 12, 1)):
        open_matter(due_on=date(2026, 12, 28))
    assert tasks.daily(date(2026, 12, 31)) == 2
    with pytest.raises(casework.CalendarUnknown):
        tasks.daily(date(2027, 1, 5))


def test_a_corrected_day_counts_at_once(office):
    assert casework.add_workdays(date(2023, 3, 15), 1) == date(2023, 3, 16)
    casework.set_calendar_days(days={date(2023, 3, 16): "rest"}, source="本县停工通知", by=office)
    assert casework.add_workdays(date(2023, 3, 15), 1) == date(2023, 3, 17)
    casework.set_calendar_days(days={date(2023, 3, 16): "published"}, source="撤回", by=office)
    assert casework.add_workdays(date(2023, 3, 15), 1) == date(2023, 3, 16)
    with pytest.raises(DatabaseError), transaction.atomic():
        CalendarDay.objects.update(kind="rest")


def test_a_year_becomes_known_when_its_whole_notice_is_entered(office):
    rest = [date(2027, 1, 1), *(date(2027, 2, d) for d in range(8, 13)), date(2027, 4, 5)]
    casework.set_calendar_days(days=dict.fromkeys(rest[:3], "rest"), source="通知", by=office)
    with pytest.raises(casework.CalendarUnknown):
        casework.is_workday(date(2027, 1, 1))
    with pytest.raises(casework.Refused, match="不足7天"):
        casework.complete_calendar_year(year=2027, complete=True, source="通知", by=office)
    casework.set_calendar_days(days=dict.fromkeys(rest[3:], "rest"), source="通知", by=office)
    casework.complete_calendar_year(year=2027, complete=True, source="通知", by=office)
    assert casework.add_workdays(date(2026, 12, 31), 1) == date(2027, 1, 4)


def test_reminder_dates_are_working_days():
    assert casework.reminder_dates(date(2023, 6, 25)) == (
        date(2023, 6, 1), date(2023, 6, 13), date(2023, 6, 19), date(2023, 6, 21)
    )  # fmt: skip
