"""From a signal to the closing: steps, clocks, who must be told, what can be taken back, who sees what."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from fangxin.actions.monitoring import (
    analysis,
    grading,
    papers_outbreaks,
    scenario_outbreaks,
    selectors_outbreaks,
    tasks,
)
from fangxin.actions.monitoring.models import Duty, Investigation, LineList, OutbreakPaper, OutbreakSignal
from fangxin.actions.monitoring.services import outbreaks, outbreaks_work
from fangxin.actions.monitoring.services import outbreaks_chain as chain
from fangxin.engines.identifiers import make_credit_code
from fangxin.kernel.casework.models import Matter
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.kernel.supply import api as supply
from fangxin.kernel.supply.services.receipts import record_receipt
from fangxin.sim.life import build

pytestmark = pytest.mark.django_db
TOWN = "990101100"


@pytest.fixture
def cdc(county, agencies):
    """The county's centre for disease control, and its epidemiologist."""
    agency = people.create_agency(
        name="云桥县疾病预防控制中心", short_name="疾控中心", kind="institution", division_code=county, by=None
    )
    user = people.User.objects.create(username="cdc", name="疾控 秦月", password_changed_at=ledger.clock.now())
    people.give_post(
        user=user, agency=agency, role="epidemiologist", division_code=county, starts_on=date(2022, 1, 1), by=None
    )
    return user


@pytest.fixture
def signal(cdc):
    return outbreaks.report(division_code=TOWN, unit="石门小学", text="午餐后 12 人腹泻", by=cdc)


@pytest.fixture
def opened(signal, cdc):
    def make(**facts):
        return chain.open_from(
            signal=signal, title="石门小学聚集", finding="两院接诊，均吃过午餐", agency=people.Agency.objects.get(short_name="疾控中心"),
            by=cdc, **{"ill": 12, "setting": "school", **facts},
        )  # fmt: skip

    return make


def _tell_all(row, cdc):
    for duty in row.duties.filter(state="waiting"):
        chain.tell(duty=duty, how="电话", by=cdc)


def test_the_whole_way_with_everybody_told(opened, cdc, health_department):
    row = opened()
    assert {d.rule for d in row.duties.all()} == {"R08"}  # five in a school: two hours
    assert row.duties.get().due_at - row.opened_at == timedelta(hours=2)
    _tell_all(row, cdc)
    chain.confirm_outbreak(investigation=row, conclusion="凉菜", by=cdc)
    assert set(row.duties.filter(state="waiting").values_list("rule", flat=True)) == {"R11"}
    assert row.duties.get(rule="R11").agency.name == "云桥县市场监督管理局"
    _tell_all(row, cdc)
    chain.grade(investigation=row, by=cdc)
    assert row.grade == "SUB"
    chain.respond(investigation=row, text="封存", by=cdc)
    chain.handled(investigation=row, text="三日无新发", by=cdc)
    with pytest.raises(ValidationError, match="请先制作"):
        chain.submit_report(investigation=row, conclusion="凉菜所致", by=cdc)
    papers_outbreaks.make(investigation=row, kind="final", by=cdc)
    chain.submit_report(investigation=row, conclusion="凉菜所致", by=cdc)
    with pytest.raises(ValidationError, match="还有该报告"):
        chain.close(investigation=row, assessment="及时", by=cdc)
    _tell_all(row, cdc)
    chain.close(investigation=row, assessment="及时", by=cdc)
    assert (row.state, row.steps.count()) == ("closed", 7)
    with pytest.raises(ValidationError, match="已结案"):
        chain.correct_facts(investigation=row, ill=13, by=cdc)
    today = ledger.clock.today()
    counted = selectors_outbreaks.investigation_rows(today).get()
    assert (counted.this_year, counted.reported, counted.closed) == (True, True, True)
    assert not selectors_outbreaks.investigation_rows(today - timedelta(days=1)).exists()


@pytest.mark.parametrize(
    ("facts", "grade"), [({"ill": 30}, "IV"), ({"ill": 12, "townships": 2}, "IV"), ({"ill": 12, "died": 1}, "III"), ({"ill": 120, "died": 1}, "II")]
)  # fmt: skip
def test_the_grade_follows_the_counts_and_can_be_given_again(opened, cdc, facts, grade):
    row = opened(**facts)
    chain.confirm_outbreak(investigation=row, conclusion="x", by=cdc)
    chain.grade(investigation=row, by=cdc)
    assert row.grade == grade
    assert row.grade_basis["ill"] == facts["ill"]
    chain.correct_facts(investigation=row, ill=200, died=2, by=cdc)
    assert row.grade == grade
    chain.grade(investigation=row, by=cdc)
    assert (row.grade, row.grade_basis["ill"]) == ("II", 200)
    assert "Ⅱ级" in grading.sentence(row)


def test_more_cases_bring_more_duties_and_none_twice(opened, cdc):
    row = opened(ill=3, setting="other")
    assert not row.duties.exists()
    chain.correct_facts(investigation=row, ill=31, by=cdc)
    assert sorted(row.duties.values_list("rule", flat=True)) == ["R05", "R07"]
    chain.correct_facts(investigation=row, ill=40, by=cdc)
    assert row.duties.count() == 2


def test_a_step_is_taken_back_while_nobody_was_told_of_it(opened, cdc):
    row = opened(ill=3, setting="other")
    chain.confirm_outbreak(investigation=row, conclusion="x", by=cdc)
    chain.undo(investigation=row, by=cdc)
    assert row.state == "investigating"
    assert row.duties.get().state == "cancelled"
    chain.confirm_outbreak(investigation=row, conclusion="再次", by=cdc)
    _tell_all(row, cdc)
    with pytest.raises(ValidationError, match="不能撤回"):
        chain.undo(investigation=row, by=cdc)


def test_undoing_brings_back_the_deadline_the_grade_and_the_words(opened, cdc):
    row = opened(ill=30)
    due = row.due_at
    with ledger.clock.held_at(row.opened_at + timedelta(days=5)):
        chain.confirm_outbreak(investigation=row, conclusion="凉菜", by=cdc)
        chain.undo(investigation=row, by=cdc)
        assert (row.due_at, row.conclusion) == (due, "")
        chain.confirm_outbreak(investigation=row, conclusion="凉菜", by=cdc)
        chain.grade(investigation=row, by=cdc)
        _tell_all(row, cdc)
        chain.correct_facts(investigation=row, ill=120, by=cdc)
        chain.grade(investigation=row, by=cdc)
        assert row.grade == "III"
        chain.undo(investigation=row, by=cdc)
    assert (row.grade, row.grade_basis["ill"], row.conclusion) == ("IV", 30, "凉菜")


def test_what_was_told_after_an_undo_still_holds_the_step(opened, cdc):
    row = opened(ill=3, setting="other")
    chain.confirm_outbreak(investigation=row, conclusion="x", by=cdc)
    chain.grade(investigation=row, by=cdc)
    chain.undo(investigation=row, by=cdc)
    chain.correct_facts(investigation=row, ill=31, by=cdc)
    _tell_all(row, cdc)
    with pytest.raises(ValidationError, match="不能撤回"):
        chain.undo(investigation=row, by=cdc)


def test_a_first_death_is_reported_whenever_it_comes(opened, cdc):
    row = opened(ill=12, setting="other")
    chain.confirm_outbreak(investigation=row, conclusion="x", by=cdc)
    chain.grade(investigation=row, by=cdc)
    chain.respond(investigation=row, text="x", by=cdc)
    assert not row.duties.filter(rule__in=("R05", "R07")).exists()
    chain.correct_facts(investigation=row, died=1, by=cdc)
    assert set(row.duties.filter(state="waiting").values_list("rule", flat=True)) >= {"R05", "R07"}
    chain.handled(investigation=row, text="x", by=cdc)
    system = row.duties.get(rule="R10")
    assert system.due_at - system.started_at == timedelta(days=7)


def test_two_at_once_do_not_both_take_a_step(opened, cdc):
    row = opened()
    other = Investigation.objects.get(pk=row.pk)
    chain.confirm_outbreak(investigation=row, conclusion="x", by=cdc)
    with pytest.raises(ValidationError, match="刚刚已由他人办理"):
        chain.not_food(investigation=other, conclusion="y", by=cdc)


def test_a_signal_is_excluded_with_a_reason_reopened_and_never_doubled(signal, cdc):
    with pytest.raises(ValidationError, match="今天已有人提出"):
        outbreaks.report(division_code=TOWN, unit="石门小学", text="又有", by=cdc)
    with pytest.raises(ValidationError, match="排除的理由"):
        outbreaks.exclude(signal=signal, finding=" ", by=cdc)
    outbreaks.exclude(signal=signal, finding="晕车", by=cdc)
    outbreaks.reopen(signal=signal, by=cdc)
    outbreaks.begin(signal=signal, by=cdc)
    assert (signal.state, signal.began_by) == ("verifying", "cdc")


def test_what_is_late_becomes_one_matter_each(opened, signal, cdc, agencies):
    row = opened()
    with ledger.clock.held_at(row.opened_at + timedelta(days=4)):
        assert tasks.late_outbreaks() == 2  # a duty and a step
        tasks.late_outbreaks()
    assert Matter.objects.filter(subject_name=row.number).count() == 2


def test_the_market_sees_what_it_was_told_and_nobody_else_does(
    opened, cdc, department, health_department, outsider, client_for
):
    row = opened(ill=3, setting="other")
    page = row.get_absolute_url()
    assert client_for(department).get(page).status_code == 404
    chain.confirm_outbreak(investigation=row, conclusion="x", by=cdc)
    (duty,) = row.duties.filter(rule="R11")
    chain.tell(duty=duty, how="电话", by=cdc)
    outbreaks_work.save_list(
        investigation=row, foods=["蛋"], rows=[{"id": "1", "ill": "是", "unit": "三班"}], since=0, by=cdc
    )
    answer = client_for(department).get(page)
    assert answer.status_code == 200
    assert "三班" not in answer.content.decode()
    assert client_for(department).get(reverse("monitoring:line_list_file", args=[row.pk])).status_code == 403
    client_for(department).post(reverse("monitoring:duty_acknowledge", args=[duty.pk]))
    assert Duty.objects.get(pk=duty.pk).state == "acknowledged"
    assert client_for(outsider).get(page).status_code == 404
    assert client_for(department).get(reverse("monitoring:morning")).status_code == 403


def test_measures_are_drafts_until_a_person_confirms(opened, cdc):
    row = opened()
    first = outbreaks_work.draft_measure(investigation=row, kind="hold", text="封存凉菜", by=cdc)
    second = outbreaks_work.draft_measure(investigation=row, kind="sample", text="采刀板", by=cdc)
    assert not Matter.objects.exists()
    outbreaks_work.confirm_measure(measure=first, by=cdc)
    assert first.matter.hazard.startswith("调查")
    outbreaks_work.drop_measure(measure=second, why="已清洗", by=cdc)
    with pytest.raises(ValidationError, match="刚刚已由他人办理"):
        outbreaks_work.confirm_measure(measure=second, by=cdc)


def test_the_budget_is_kept_with_what_it_was(cdc, county):
    outbreaks.set_budget(division_code=county, alarms_per_month=Decimal("4.0"), by=cdc)
    row = outbreaks.set_budget(division_code=county, alarms_per_month=Decimal("6.0"), by=cdc)
    assert row.alarms_per_month == Decimal("6.0")


# --- the line list ----------------------------------------------------------------------------------------------------------

SHEET = "编号\t发病\t发病时间\t进餐时间\t症状\t凉菜\t米饭\n" + "\n".join(
    f"{n}\t{'是' if n <= 8 else '否'}\t{'3-14 20:00' if n <= 8 else ''}\t3-14 12:00\t{'腹泻、呕吐' if n <= 8 else ''}\t{'是' if n in (1, 2, 3, 4, 5, 6, 7, 9) else '否'}\t是"
    for n in range(1, 17)
)


def test_a_pasted_sheet_becomes_tables_a_curve_and_agents(opened, cdc):
    row = opened()
    outbreaks_work.paste(investigation=row, text=SHEET, by=cdc)
    found = analysis.analyse(row)
    assert not found.faults
    assert found.count("probable") == 8
    first = found.foods[0]
    assert (first.food, first.measures.table.cells) == ("凉菜", (7, 1, 1, 7))
    assert first.measures.risk_ratio.value == pytest.approx(7.0)
    assert sum(b.cases for b in found.curve.bins) == 8
    assert found.agents[0].share > 0
    assert found.window.last >= found.window.likeliest


def test_what_cannot_be_so_is_said_and_nothing_is_lost(opened, cdc):
    row = opened()
    bad = "编号\t发病\t发病时间\t进餐时间\t年龄\n1\t也许\t3-14 10:00\t3-14 12:00\t300\n1\t是\t昨天\t\t8"
    saved = outbreaks_work.paste(investigation=row, text=bad, by=cdc)
    found = analysis.analyse(row)
    assert {(f.row, f.column) for f in found.faults} == {
        (0, "ill"),
        (0, "age"),
        (0, "onset_at"),
        (1, "id"),
        (1, "onset_at"),
    }
    assert saved.rows[0]["cells"]["ill"] == "也许"
    with pytest.raises(ValidationError, match="没有“编号”"):
        outbreaks_work.paste(investigation=row, text="姓名\t发病\n甲\t是", by=cdc)


def test_saving_over_somebody_elses_version_is_refused_and_undo_goes_back(opened, cdc):
    row = opened()
    outbreaks_work.save_list(investigation=row, foods=[], rows=[{"id": "1"}], since=0, by=cdc)
    with pytest.raises(ValidationError, match="已由他人保存过"):
        outbreaks_work.save_list(investigation=row, foods=[], rows=[{"id": "2"}], since=0, by=cdc)
    outbreaks_work.save_list(investigation=row, foods=["蛋"], rows=[{"id": "1"}, {"id": "2"}], since=1, by=cdc)
    outbreaks_work.undo_list(investigation=row, by=cdc)
    assert [line["cells"]["id"] for line in outbreaks_work.current(row).rows] == ["1"]
    assert LineList.objects.filter(investigation=row).count() == 3


def test_a_definition_classes_the_list_and_its_earlier_versions_stay(opened, cdc):
    row = opened()
    outbreaks_work.paste(investigation=row, text=SHEET, by=cdc)
    criteria = {
        "symptoms": ["腹泻", "呕吐"],
        "suspect_least": 1,
        "probable_least": 2,
        "food": "凉菜",
        "since": None,
        "until": None,
    }
    outbreaks_work.define_case(investigation=row, text="腹泻或呕吐", criteria=criteria, by=cdc)
    found = analysis.analyse(row)
    assert (found.count("probable"), found.count("suspect")) == (7, 1)
    late = datetime(2023, 3, 15, 0, tzinfo=UTC).isoformat()
    outbreaks_work.define_case(investigation=row, text="15 日以后", criteria=criteria | {"since": late}, by=cdc)
    assert analysis.analyse(row).count("not_a_case") == 16
    assert row.definitions.count() == 2


# --- pages ------------------------------------------------------------------------------------------------------------------


def test_the_pages_do_it_all(signal, cdc, client_for, health_department):
    client = client_for(cdc)
    assert "午餐后 12 人腹泻" in client.get(reverse("monitoring:morning")).content.decode()
    act = reverse("monitoring:outbreak_signal_act", args=[signal.pk, "open"])
    sent = {"title": "石门小学聚集", "setting": "school", "place": "石门小学", "ill": "12", "finding": "均吃过午餐"}
    answer = client.post(act, sent)
    row = Investigation.objects.get()
    assert answer["Location"] == row.get_absolute_url()
    page = client.get(row.get_absolute_url()).content.decode()
    assert "突发公共卫生事件报告管理系统" in page

    def do(name, **values):
        return client.post(reverse("monitoring:investigation_act", args=[row.pk, name]), values)

    do("paste", text=SHEET)
    listed = '{"version": 1, "foods": ["凉菜"], "rows": [{"id": "1", "ill": "是"}]}'
    client.post(reverse("monitoring:save_list", args=[row.pk]), {"list": listed})
    assert outbreaks_work.current(row).version == 2
    client.post(reverse("monitoring:save_list", args=[row.pk]), {"list": "[]"})
    assert outbreaks_work.current(row).version == 2
    do("undo_list")
    do("define", text="腹泻或呕吐", symptoms="腹泻、呕吐", suspect_least="1", probable_least="2", units="", food="")
    do("measure", kind="hold", text="封存凉菜")
    do("paper", kind="preliminary")
    page = client.get(row.get_absolute_url()).content.decode()
    for words in ("每种食品的四格表", "凉菜", "封存凉菜", "初步流行病学调查报告", "按潜伏期排列的可能病因"):
        assert words in page, words
    paper = OutbreakPaper.objects.get()
    assert client.get(reverse("console:evidence", args=[paper.file_id])).status_code == 200
    assert client.get(reverse("monitoring:line_list_file", args=[row.pk])).status_code == 200
    duty = row.duties.get()
    client.post(reverse("monitoring:duty_tell", args=[duty.pk]), {"how": "电话"})
    assert Duty.objects.get(pk=duty.pk).state == "told"
    do("facts", title="改名", setting="school", place="石门小学", ill="40", hospitalised="0", died="0", townships="1", counties="1",
       exposed="", agent="", food="", factor="")  # fmt: skip
    row.refresh_from_db()
    assert (row.title, row.ill) == ("改名", 40)
    refused = do(
        "facts",
        title="改名",
        setting="school",
        place="",
        ill="40",
        hospitalised="0",
        died="41",
        townships="1",
        counties="1",
    )
    assert "不能多于发病人数" in refused.content.decode()


def test_the_goods_that_came_before_the_meal_stand_beside_the_investigation(opened, cdc, department, client_for):
    operator = registry.register_operator(
        name="石门小学",
        kind="institution",
        division_code=TOWN,
        uscc=make_credit_code(division="410101", serial=9),
        by=department,
    )
    kitchen = registry.register_premises(
        operator=operator, name="石门小学食堂", kind="school_canteen", division_code=TOWN, by=department
    )
    meal = ledger.clock.now() - timedelta(days=1)
    for food, days in (("黄瓜", 1), ("冻肉", 20), ("馒头", -0.5)):
        record_receipt(
            premises=kitchen, food=food, quantity=Decimal(5), unit="kg", received_at=meal - timedelta(days=days), how="typed",
            supplier_name="东关菜店", by=department,
        )  # fmt: skip
    row, client = opened(), client_for(cdc)
    sent = {
        "title": row.title,
        "setting": "school",
        "place": "",
        "ill": "12",
        "hospitalised": "0",
        "died": "0",
        "townships": "1",
        "counties": "1",
    }
    act = reverse("monitoring:investigation_act", args=[row.pk, "facts"])
    assert "底册里没有这个编号" in client.post(act, sent | {"premises": "没有"}).content.decode()
    local = meal.astimezone(ledger.clock.LOCAL).strftime("%Y-%m-%dT%H:%M")
    client.post(act, sent | {"premises": kitchen.number, "meal_at": local})
    page = client.get(row.get_absolute_url()).content.decode()
    assert "黄瓜" in page
    assert "东关菜店" in page
    assert "冻肉" not in page
    assert "馒头" not in page
    receipt = supply.list_receipts(cdc).get(lot__food="黄瓜")
    assert client.get(reverse("supply:trace", args=[receipt.lot_id])).status_code == 200


def test_lists_open_and_a_reader_of_the_county_does_not_see_them(opened, cdc, reader, client_for):
    opened()
    for name in ("morning", "outbreak_signals", "investigations", "outbreak_signal_new", "alarm_budget"):
        assert client_for(cdc).get(reverse(f"monitoring:{name}")).status_code == 200, name
        assert client_for(reader).get(reverse(f"monitoring:{name}")).status_code == 403, name
    page = reverse("monitoring:investigations")
    for when in ("open", "late", "duty", "duty_late"):
        assert client_for(cdc).get(page, {"when": when}).status_code == 200


def test_the_synthetic_county_has_a_closed_one_a_false_alarm_and_a_late_duty(monkeypatch):
    monkeypatch.setattr(contribute, "scenarios", {"monitoring.outbreaks": (47, scenario_outbreaks.live)})
    truth = build(seed=3, scale=0.02)
    (late,) = truth.of("late_duty")
    assert Duty.objects.get(state="waiting").investigation.number == late.subject
    assert sorted(Investigation.objects.values_list("state", flat=True)) == ["closed", "closed", "investigating"]
    assert set(OutbreakSignal.objects.values_list("state", flat=True)) == {"excluded", "cluster", "raised"}
    school = Investigation.objects.get(grade="IV")
    assert analysis.analyse(school).foods[0].food == "凉拌黄瓜"
