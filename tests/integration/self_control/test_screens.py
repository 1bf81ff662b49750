"""The pages of operators' own checks: three taps for the shop, gaps for the staff, nothing for the neighbour."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.fieldwork.models import ControlProblem, DailyRecord, WeeklyReport
from fangxin.kernel.fieldwork.services import self_control

TODAY = date(2023, 3, 15)


@pytest.fixture
def pages(canteen, recorded, principal):
    problem = recorded(canteen, date(2023, 3, 14), {"C6": "冷藏柜温度 12℃"}).found.get()
    appointed = self_control.appoint(
        premises=canteen, role="principal", name="于小芳", starts_on=date(2023, 3, 1), by=principal
    )
    names = ("self_place", "self_day", "self_week", "self_meeting", "self_closed", "self_appoint")
    found = {name: reverse(f"fieldwork:{name}", args=[canteen.pk]) for name in names}
    found["self_remedy"] = reverse("fieldwork:self_remedy", args=[problem.pk])
    found["self_relieve"] = reverse("fieldwork:self_relieve", args=[appointed.pk])
    found["paper"] = reverse("fieldwork:self_paper", args=[canteen.pk, "day"]) + "?on=2023-03-14"
    return found


def test_all_in_order_takes_three_taps(canteen, principal, client_for):
    client = client_for(principal)
    opened = client.get(reverse("fieldwork:self_today"), follow=True)
    assert "全部正常" in opened.content.decode()
    done = client.post(opened.request["PATH_INFO"], {"all_ok": "1"}, follow=True)
    assert "没有发现问题" in done.content.decode()
    record = DailyRecord.objects.get()
    assert (record.day, record.late, record.items) == (TODAY, False, 8)


def test_a_problem_is_written_in_its_own_line_and_added_to_later(canteen, principal, client_for, pages):
    client = client_for(principal)
    client.post(pages["self_day"], {"item_C3": "砧板混用", "found": "1"})
    client.post(pages["self_day"], {"code": "C7", "text": "纱窗破了"})
    texts = set(ControlProblem.objects.filter(found_on=TODAY).values_list("text", flat=True))
    assert texts == {"砧板混用", "纱窗破了"}


@pytest.mark.parametrize(
    "sent", [{"found": "1"}, {"all_ok": "1", "item_C3": "砧板混用"}, {"found": "1", "item_C3": "长" * 301}]
)
def test_an_unclear_answer_is_asked_again(canteen, principal, client_for, pages, sent):
    answer = client_for(principal).post(pages["self_day"], sent)
    assert answer.status_code == 200
    assert not DailyRecord.objects.filter(day=TODAY).exists()


def test_the_owners_pages_open_and_save(canteen, principal, client_for, pages):
    client = client_for(principal)
    for name, page in pages.items():
        assert client.get(page).status_code == 200, name
    assert client.post(pages["self_week"], {"measures": "已排查"}).status_code == 302
    assert WeeklyReport.objects.get().monday == date(2023, 3, 13)
    meeting = {"held_on": "2023-03-14", "chair": "于", "attendees": "全体", "summary": "平稳", "decisions": "继续"}
    assert client.post(pages["self_meeting"], meeting).status_code == 302
    assert (
        client.post(pages["self_closed"], {"first": "2023-03-18", "last": "2023-03-19", "reason": "双休"}).status_code
        == 302
    )
    assert client.post(reverse("fieldwork:self_reopen", args=[canteen.pk])).status_code == 302
    assert client.post(pages["self_remedy"], {"remedy": "已修好"}).status_code == 302
    assert client.post(pages["self_relieve"], {"ends_on": "2023-03-15"}).status_code == 302
    staff = {"role": "safety_officer", "name": "甲", "starts_on": "2023-03-15"}
    assert client.post(pages["self_appoint"], staff).status_code == 302


def test_staff_see_gaps_and_examine_managers(canteen, inspector, reader, client_for, pages):
    shown = client_for(inspector).get(pages["self_place"]).content.decode()
    assert "漏记 13 天" in shown
    assert "于小芳" in shown
    assert "于小芳" not in client_for(reader).get(pages["self_place"]).content.decode()
    exam = pages["self_relieve"].replace("/end/", "/exam/")
    answer = client_for(inspector).post(exam, {"examined_on": "2023-03-15", "score": "90"})
    assert answer.status_code == 302


@pytest.mark.parametrize("who", ["vendor", "other_township_clerk", "outsider", "administrator"])
def test_nobody_else_reaches_a_place(request, who, client_for, pages):
    client = client_for(request.getfixturevalue(who))
    for name, page in pages.items():
        assert client.get(page).status_code in (403, 404), name
        assert client.post(page, {"all_ok": "1"}).status_code in (403, 404, 405), name


@pytest.mark.parametrize("query", ["?day=2023-13-01", "?day=x", "?day=9999-01-01", "?day=%00", "?day=2023-03-16"])
def test_nonsense_in_an_address_is_not_found(canteen, principal, client_for, pages, query):
    assert client_for(principal).get(pages["self_day"] + query).status_code == 404


def test_the_list_asks_the_same_questions_however_long_it_is(canteen, place_of, office, client_for):
    client = client_for(office)
    page = reverse("fieldwork:self_list")
    client.get(page)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(page)
    for n in range(10):
        place_of(None, f"小店{n}", "restaurant")
    with CaptureQueriesContext(connection) as many:
        shown = client.get(page)
    assert "小店9" in shown.content.decode()
    assert len(many) == len(few)
    assert client.get(page + "?_export=xlsx&month=2023-02&state=none").status_code == 200
    assert client.get(page + "?month=%00&q=%00").status_code == 200


def test_work_of_today_asks_for_the_check_until_it_is_made(canteen, principal):
    lines = [str(item.label) for item in contribute.work_of(principal)]
    assert any("今天还没有做食品安全检查" in line for line in lines)
    self_control.record_day(premises=canteen, day=TODAY, problems={}, by=principal)
    lines = [str(item.label) for item in contribute.work_of(principal)]
    assert not any("今天还没有做食品安全检查" in line for line in lines)


def test_a_month_of_records_reads_as_a_calendar(canteen, recorded, principal, client_for, pages):
    for n in range(5):
        recorded(canteen, date(2023, 3, 1) + timedelta(n))
    recorded(canteen, date(2023, 3, 10), made_on=date(2023, 3, 12))
    shown = client_for(principal).get(pages["self_place"]).content.decode()
    assert "补记 1 天" in shown
    assert "漏记 7 天" in shown
