"""Notices: read, held against local lots; numbers act, names ask. Sessions and clues."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxin.actions.imported_food import tasks
from fangxin.actions.imported_food.models import Alert, AlertMatch, Clue
from fangxin.actions.imported_food.services import alerts, consignments, joint
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger

COUNTY, TOWN = "990101", "990101100"
SAID = {
    "reference": "2023.0101", "published_on": "2023-03-12", "text": "Aflatoxins in pistachios from Türkiye",
    "category": "nuts, nut products and seeds", "origin": "Türkiye", "hazard": "aflatoxin total", "risk": "serious",
}  # fmt: skip


@pytest.fixture
def record(department):
    def make(**more):
        return alerts.record_alert(source="rasff", said=SAID | more, division_code=COUNTY, by=department)

    return make


def test_likeness_asks_and_a_number_acts(shop, importer, lot, record):
    alike, same = lot(shop, lot_code="Z99"), lot(importer)
    asked = record()
    assert {m.consignment: m.certainty for m in asked.matches.all()} == {alike: "ask", same: "ask"}
    assert not alike.disposals.exists()
    sure = record(reference="2023.0102", lots="L 2301-A7")
    match = sure.matches.get(certainty="sure")
    assert (match.consignment, match.state) == (same, "confirmed")
    assert same.disposals.get().cause == "alert"
    same.refresh_from_db()
    alike.refresh_from_db()
    assert same.band == "high"
    assert "alert_asked" in {said["token"] for said in alike.reasons}


@pytest.mark.parametrize(
    "more",
    [{"origin": "Iran", "text": "Aflatoxins in pistachios"}, {"text": "Salmonella in cashews from Türkiye"},
     {"distribution": "Germany, France"}, {"lots": "QQ-77"}],
    ids=["another country", "another product", "not sent here", "other lots only"],
)  # fmt: skip
def test_what_is_said_of_others_is_not_asked_of_ours(shop, lot, record, more):
    lot(shop)
    assert not record(**more).matches.exists()


def test_a_file_of_notices_keeps_what_may_concern_and_counts_the_rest(shop, lot, department):
    lot(shop)
    rows = [
        SAID, SAID | {"reference": "2", "text": "Glass in pesto from Italy", "origin": "Italy", "category": ""},
        SAID | {"reference": "3", "text": "Plastic in rice", "origin": "Italy", "distribution": "China, Japan"},
        SAID | {"reference": "4", "published_on": "der 5. Mai"}, {"type": "feed", "text": "x"},
    ]  # fmt: skip
    content = json.dumps([{**row, "type": row.get("type", "food")} for row in rows]).encode()
    made = alerts.take_in(source="rasff", content=content, division_code=COUNTY, by=department)
    assert (made.read, made.kept, made.matched, made.elsewhere, made.not_food) == (3, 2, 1, 1, 1)
    assert [(fault.row, fault.token) for fault in made.faults] == [(4, "date")]
    again = alerts.take_in(source="rasff", content=content, division_code=COUNTY, by=department)
    assert (again.kept, again.known) == (0, 2)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x00", b"[1, 2]", b"{", b"a,b\n1,2\n", b"[" * 3000, b"", b"a\0b"])
def test_a_file_that_is_no_list_is_refused_in_words(department, county, content):
    with pytest.raises(ValidationError):
        alerts.take_in(source="other", content=content, division_code=COUNTY, by=department)
    assert not Alert.objects.exists()


def test_the_trace_ends_when_every_lot_has_its_answer(shop, lot, record, department):
    row, alert = lot(shop), record()
    with pytest.raises(ledger.Refused, match="还有 1 个批次没有确认"):
        alerts.finish_trace(alert=alert, finding="查过", by=department)
    alerts.dismiss(match=alert.matches.get(), why="包装批号不同", by=department)
    with pytest.raises(ledger.MovedOn):
        alerts.confirm(match=AlertMatch.objects.get(), why="又改主意", by=department)
    assert alerts.finish_trace(alert=alert, finding="一批，不涉及", by=department).state == "traced"
    assert not row.disposals.exists()


def test_a_lot_that_comes_after_the_notice_is_found_when_looked_again(shop, lot, record, department):
    alert = record()
    assert not alert.matches.exists()
    lot(shop)
    assert alerts.look_again(alert=alert, by=department) == 1
    assert alerts.look_again(alert=alert, by=department) == 0


def test_a_notice_not_looked_at_for_a_day_becomes_a_matter(record, department):
    record()
    with ledger.clock.held_at(ledger.clock.now() + timedelta(hours=24)):
        tasks.hourly()
        assert not casework.list_matters(department).exists()
    with ledger.clock.held_at(ledger.clock.now() + timedelta(hours=25)):
        tasks.hourly()
        tasks.hourly()
        assert casework.list_matters(department).filter(hazard__startswith="风险通报超过时限").count() == 1


def test_a_lot_sold_out_is_still_matched(shop, lot, record, department):
    row = lot(shop)
    consignments.sold_out(consignment=row, by=department)
    assert record(lots="L2301A7").matches.get().state == "confirmed"


# --- sessions -----------------------------------------------------------------------------------------------------------


def test_what_a_session_decides_is_a_matter_with_an_owner(record, office, department, agencies):
    row = joint.arrange(
        title="坚果真菌毒素会商", division_code=COUNTY, planned_on=date(2023, 3, 20), others="云安海关",
        agencies=[agencies["market"]], alerts=[record()], by=office,
    )  # fmt: skip
    with pytest.raises(ledger.Refused):
        joint.decide(session=row, text="抽检", owner=agencies["market"], due_on=date(2023, 4, 1), by=office)
    joint.hold(session=row, held_on=date(2023, 3, 15), chair="食安办负责人", by=office)
    made = joint.decide(
        session=row, text="全县坚果抽检一轮", owner=agencies["market"], due_on=date(2023, 4, 1), by=office
    )
    assert (made.matter.owner, made.matter.due_on) == (agencies["market"], date(2023, 4, 1))
    assert joint.conclude(session=row, conclusion="风险中等", by=office).state == "concluded"
    with pytest.raises(ledger.MovedOn):
        joint.cancel(session=row, by=office)


# --- clues --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def clue(department):
    return joint.record_clue(
        origin="inspection", place="城东冷库", facts="冻牛肉 3 吨，无中文标签、无检验检疫证明，价格低于市价一半。",
        division_code=TOWN, found_on=date(2023, 3, 15), by=department,
    )  # fmt: skip


def test_a_clue_goes_to_the_police_by_two_people_and_in_time(clue, department, second_department):
    assert clue.due_at.date() == date(2023, 3, 20)  # three working days
    joint.report_clue(clue=clue, assessment="货值较大，无任何来源凭证。", by=department)
    with pytest.raises(ledger.Refused, match="报告人不能自己决定"):
        joint.decide_clue(clue=clue, approved=True, receiver="customs", reason="移送", by=department)
    clue = joint.decide_clue(clue=clue, approved=True, receiver="customs", reason="涉嫌走私", by=second_department)
    assert clue.due_at - clue.decided_at == timedelta(hours=24)
    clue = joint.hand_over(clue=clue, text="移送函、现场笔录、照片 12 张", by=department)
    assert clue.due_at is None
    assert clue.letter.name.endswith(".docx")
    assert joint.record_reply(clue=clue, reply="filed", text="立案决定书 12 号", by=department).state == "answered"


def test_a_clue_that_is_not_handed_over_keeps_its_reason(clue, department, second_department):
    joint.report_clue(clue=clue, assessment="有凭证。", by=department)
    with pytest.raises(ledger.Refused):
        joint.decide_clue(clue=clue, approved=False, receiver="", reason=" ", by=second_department)
    assert (
        joint.decide_clue(clue=clue, approved=False, receiver="", reason="凭证齐全", by=second_department).state
        == "dismissed"
    )


def test_each_late_step_of_a_clue_is_a_matter_once(clue, department):
    with ledger.clock.held_at(datetime(2023, 3, 21, 9, tzinfo=ledger.clock.LOCAL)):
        tasks.hourly()
        tasks.hourly()
        late = casework.list_matters(department).filter(hazard__startswith="走私、来源不明线索超过时限")
        assert late.count() == 1
        joint.report_clue(clue=Clue.objects.get(), assessment="补报", by=department)
    with ledger.clock.held_at(datetime(2023, 3, 27, 9, tzinfo=ledger.clock.LOCAL)):
        tasks.hourly()
        assert late.all().count() == 2
