"""Officials who answer for operators: whom they hold, what they visit, what changes."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fangxin.kernel.casework import api as casework
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.fieldwork import selectors_guarantees as selectors
from fangxin.kernel.fieldwork import tasks_self_control as tasks
from fangxin.kernel.fieldwork.models import Guarantee, GuaranteeVisit, StatusChange
from fangxin.kernel.fieldwork.services import guarantees
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry

TOWN, OTHER_TOWN = "990101100", "990101200"


@pytest.fixture
def cadre(township_clerk: Any, office: Any) -> Any:
    return guarantees.register_cadre(
        division_code=TOWN, tier="C", name="苗青", title="石门镇副镇长", user=township_clerk, by=office
    )


@pytest.fixture
def holding(cadre: Any, place_of: Callable[..., Any], office: Any) -> list[Guarantee]:
    places = [place_of(None, f"包保店{n:02}", "restaurant") for n in range(14)]
    guarantees.assign(cadre=cadre, premises=places, by=office)
    return list(Guarantee.objects.order_by("pk"))


def visit(guarantee: Guarantee, by: Any, on: date | None = None, **more: Any) -> Any:
    facts = {"mode": "on_site", "seen": "制度上墙，记录齐全", "client_key": str(uuid4())} | more
    return guarantees.record_visit(guarantee=guarantee, visited_on=on or ledger.clock.today(), by=by, **facts)


def test_thirteen_of_fourteen_visited_and_one_overdue_when_the_quarter_is_over(holding, township_clerk, on):
    with on(date(2023, 8, 20)):
        for row in holding[:13]:
            visit(row, township_clerk)
    rows = list(selectors.guarantee_rows(date(2023, 9, 30)))
    share = Decimal(sum(r.visited for r in rows)) / len(rows) * 100
    assert (len(rows), sum(r.visited for r in rows)) == (14, 13)
    assert share.quantize(Decimal("0.01")) == Decimal("92.86")
    after = list(selectors.guarantee_rows(date(2023, 10, 1)))
    assert [r.premises_id for r in after if r.overdue] == [holding[13].premises_id]
    with on(date(2023, 10, 2)):
        visit(holding[13], township_clerk)
    assert not any(r.overdue for r in selectors.guarantee_rows(date(2023, 10, 2)))


def test_coverage_by_township_and_tier_adds_up(holding, township_clerk, office):
    visit(holding[0], township_clerk)
    assert selectors.coverage(office, ledger.clock.today()) == [
        {"town": TOWN, "tier": "C", "held": 14, "seen": 1, "late": 0}
    ]


def test_a_place_has_one_official_and_keeps_its_visits_when_that_one_changes(
    holding, cadre, office, township_clerk, on
):
    visit(holding[0], township_clerk)
    successor = guarantees.register_cadre(division_code=TOWN, tier="C", name="继任", title="石门镇镇长", by=office)
    with on(date(2023, 3, 20)):
        assert guarantees.assign(cadre=successor, premises=[holding[0].premises], by=office) == 1
        assert guarantees.assign(cadre=successor, premises=[holding[0].premises], by=office) == 0
    now = Guarantee.objects.get(premises=holding[0].premises, ends_on=None)
    assert now.cadre == successor
    assert selectors.with_visits(Guarantee.objects.filter(pk=now.pk), date(2023, 3, 21)).get().visited


def test_places_outside_the_officials_division_are_refused(cadre, place_of, office):
    inside = place_of(None, "镇里的店", "restaurant")
    outside = place_of(None, "外镇的店", "restaurant", division_code="990101200201")
    with pytest.raises(ValidationError, match="外镇的店"):
        guarantees.assign(cadre=cadre, premises=[inside, outside], by=office)
    assert not Guarantee.objects.exists()


def test_a_problem_becomes_a_matter_of_its_owner_once(holding, township_clerk, agencies, office):
    key = str(uuid4())
    problem = guarantees.Seen("周报缺两周", agencies["station"], date(2023, 3, 30))
    for _again in range(2):
        visit(holding[0], township_clerk, client_key=key, problems=[problem])
    matter = casework.list_matters(office).get()
    assert (matter.owner, matter.due_on) == (agencies["station"], date(2023, 3, 30))
    assert GuaranteeVisit.objects.count() == 1


def test_a_visit_with_a_wrong_day_or_problem_writes_nothing(holding, township_clerk, agencies):
    with pytest.raises(ValidationError, match="督导日期"):
        visit(holding[0], township_clerk, date(2023, 3, 16))
    with pytest.raises(ValidationError, match="整改期限"):
        visit(holding[0], township_clerk, problems=[guarantees.Seen("脏", agencies["station"], date(2023, 3, 14))])
    assert not GuaranteeVisit.objects.exists()


def test_a_change_is_reported_in_fifteen_and_followed_in_seven_working_days(holding, office, township_clerk, on):
    premises = holding[0].premises
    change = guarantees.notice_change(premises=premises, kind="moved", changed_on=date(2023, 3, 1), by=township_clerk)
    assert change.report_due_on == date(2023, 3, 22)
    guarantees.report_change(change=change, by=township_clerk)
    assert change.reassign_due_on == date(2023, 3, 24)
    with pytest.raises(ValidationError, match="已经报告"):
        guarantees.report_change(change=change, by=township_clerk)
    guarantees.end_guarantee(guarantee=holding[0], by=office)
    change.refresh_from_db()
    assert change.reassigned_by == "office"


def test_a_place_closed_in_the_register_asks_for_a_change_once(holding, office):
    registry.close_premises(premises=holding[0].premises, closed_on=date(2023, 3, 10), reason="停业", by=office)
    for _again in range(2):
        tasks.daily(date(2023, 3, 15))
    change = StatusChange.objects.get()
    assert (change.kind, change.changed_on, change.reported_at) == ("closed", date(2023, 3, 10), None)


def test_an_official_who_leaves_leaves_the_places_waiting(holding, cadre, office):
    assert guarantees.leave_office(cadre=cadre, left_on=date(2023, 3, 15), by=office) == 14
    assert selectors.unassigned(office).count() == 14
    with pytest.raises(ValidationError, match="离任"):
        guarantees.assign(cadre=cadre, premises=[holding[0].premises], by=office)


def test_work_of_today_counts_the_places_to_visit(holding, township_clerk):
    lines = {str(item.label): item.count for item in contribute.work_of(township_clerk)}
    assert lines["14个包保对象本季度还没有督导"] == 14


def test_an_official_records_a_visit_from_the_phone(holding, township_clerk, client_for, agencies):
    client = client_for(township_clerk)
    assert "包保店00" in client.get(reverse("fieldwork:guarantee_mine")).content.decode()
    page = reverse("fieldwork:guarantee_visit", args=[holding[0].pk])
    key = client.get(page).context["form"]["client_key"].value()
    sent = {
        "visited_on": "2023-03-15", "mode": "video", "seen": "记录齐全", "problem": "缺周报",
        "owner": agencies["station"].pk, "due_on": "2023-03-30", "client_key": str(key),
    }  # fmt: skip
    assert client.post(page, sent).status_code == 302
    assert "缺周报" in client.post(page, sent, follow=True).content.decode()
    assert GuaranteeVisit.objects.count() == 1
    assert client.post(page, {**sent, "client_key": "x", "due_on": "nonsense"}).status_code == 200


def test_the_office_registers_assigns_and_keeps_the_promise(place_of, office, client_for):
    client, place = client_for(office), place_of(None, "新店", "restaurant")
    sent = {"division_code": TOWN, "tier": "D", "name": "村支书", "title": "柳沟村支书"}
    page = client.post(reverse("fieldwork:cadre_new"), sent).headers["Location"]
    png = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
    promise = SimpleUploadedFile("承诺书.pdf", png, content_type="application/pdf")
    assert client.post(page, {"promise": promise}).status_code == 302
    assert client.get(page + "papers/promise/").status_code == 200
    assert client.get(page + "papers/tasks/").status_code == 404
    key = page.rstrip("/").rsplit("/", 1)[-1]
    client.post(reverse("fieldwork:guarantee_assign"), {"cadre": key, "chosen": [place.pk]})
    assert Guarantee.objects.get().premises == place


@pytest.mark.parametrize("who", ["other_township_clerk", "outsider", "vendor", "administrator"])
def test_nobody_else_reaches_what_a_township_holds(request, who, holding, cadre, office, client_for):
    change = guarantees.notice_change(
        premises=holding[0].premises, kind="moved", changed_on=date(2023, 3, 1), by=office
    )
    client = client_for(request.getfixturevalue(who))
    for name, pk in [("guarantee", holding[0].pk), ("guarantee_visit", holding[0].pk), ("guarantee_end", holding[0].pk),
                     ("cadre", cadre.pk), ("cadre_leave", cadre.pk), ("change_report", change.pk)]:  # fmt: skip
        page = reverse(f"fieldwork:{name}", args=[pk])
        assert client.get(page).status_code in (403, 404, 405), name
        assert client.post(page, {}).status_code in (403, 404, 405), name


def test_the_lists_ask_the_same_questions_however_long_they_are(cadre, place_of, office, client_for):
    client = client_for(office)
    pages = [
        reverse(f"fieldwork:{name}") for name in ("guarantees", "unassigned", "guarantee_coverage", "cadres", "changes")
    ]
    place = place_of(None, "一号店", "restaurant")
    guarantees.assign(cadre=cadre, premises=[place], by=office)
    place_of(None, "未分配的店", "restaurant")
    guarantees.notice_change(premises=place, kind="moved", changed_on=date(2023, 3, 1), by=office)
    counts = [_queries(client, page) for page in pages]
    more = [place_of(None, f"店{n}", "restaurant") for n in range(10)]
    guarantees.assign(cadre=cadre, premises=more, by=office)
    for n, extra in enumerate(more):
        guarantees.notice_change(premises=extra, kind="moved", changed_on=date(2023, 3, 1) + timedelta(n), by=office)
        place_of(None, f"另店{n}", "restaurant")
    assert [_queries(client, page) for page in pages] == counts
    for page in (pages[0], pages[1], pages[3], pages[4]):
        assert client.get(page + "?_export=xlsx").status_code == 200
    assert client.get(pages[0] + "?cadre=%00&state=waiting").status_code == 200


def _queries(client: Any, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(page).status_code == 200
    return len(seen)
