"""Signals: raised once, settled by people, put on a consultation's agenda, acted on."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxin.actions.monitoring import rules, selectors, tasks
from fangxin.actions.monitoring.models import Consultation, Decision, Signal
from fangxin.actions.monitoring.services import consulting, detecting, dossier, signals
from fangxin.actions.monitoring.views.signals import lead_days
from fangxin.kernel.casework import api as casework
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

pytestmark = pytest.mark.django_db
COUNTY, TOWN = "990101", "990101100"


@pytest.fixture
def signal(health_department, county):
    return signals.report(
        hazard="Cd", food_group="cereals", division_code=COUNTY, text="非目标筛查有发现", by=health_department
    )


@pytest.fixture
def talk(office, agencies, signal):
    row = consulting.arrange(
        title="稻米镉会商", division_code=COUNTY, planned_on=date(2023, 3, 20), convened_by=agencies["office"],
        agencies=[agencies["health"], agencies["farm"]], by=office,
    )  # fmt: skip
    consulting.put_on_agenda(consultation=row, signal=signal, by=office)
    return row


@pytest.fixture
def held_talk(talk, office, signal, health_department):
    signals.confirm(signal=signal, finding="复测一致", by=health_department)
    return consulting.hold(consultation=talk, held_on=date(2023, 3, 15), chair="主任", by=office)


def test_a_rise_below_the_limit_is_noticed_and_a_steady_level_is_not(load, rising, health_department):
    load(rising())
    (found,) = detecting.detect(division_code=COUNTY, by=health_department)
    assert (found.kind, found.hazard, found.food_group, found.state) == ("concentration", "Cd", "cereals", "raised")
    since = date.fromisoformat(next(d for d, value, limit, *_ in found.facts["points"] if value > limit))
    assert date(2022, 12, 1) <= since <= date(2023, 2, 15)
    assert found.due_on > date(2023, 3, 15)


def test_a_steady_level_raises_nothing(load, rising, health_department):
    load(rising(times=1.0))
    assert detecting.detect(division_code=COUNTY, by=health_department) == []


def test_the_same_thing_is_raised_once_and_again_only_on_new_results(load, rising, line, health_department):
    load(rising())
    (found,) = detecting.detect(division_code=COUNTY, by=health_department)
    assert detecting.detect(division_code=COUNTY, by=health_department) == []
    signals.dismiss(signal=found, finding="仪器校准问题，已纠正", by=health_department)
    assert detecting.detect(division_code=COUNTY, by=health_department) == []
    load([line("NEW", "0.15", sampled_on=date(2023, 3, 14))], name="新的.xlsx")
    assert len(detecting.detect(division_code=COUNTY, by=health_department)) == 1


def test_too_little_before_gives_no_signal(load, line, health_department):
    load([line(f"S{i}", "0.3", sampled_on=date(2023, 1, 1) + timedelta(days=i)) for i in range(30)])
    assert detecting.detect(division_code=COUNTY, by=health_department) == []


def test_a_rate_that_rises_is_noticed_with_its_denominators(load, line, health_department):
    before = [line(f"B{i}", "未检出", sampled_on=date(2021, 6, 1) + timedelta(days=i)) for i in range(60)]
    now = [
        line(f"N{i}", "未检出", sampled_on=date(2022, 6, 1) + timedelta(days=i), over_limit="yes" if i < 9 else "no")
        for i in range(60)
    ]
    load(before + now)
    (found,) = detecting.detect(division_code=COUNTY, by=health_department)
    assert (found.kind, found.facts) == ("rate", {"before": [0, 60], "now": [9, 60]})
    assert "0/60" in found.text
    assert "9/60" in found.text


def test_a_township_that_stands_out_is_named_and_a_small_one_is_not(load, line, health_department):
    people.add_divisions(
        [
            people.Division(code=f"990101{n}", name=f"{n}镇", kind="town", valid_from=date(2020, 1, 1))
            for n in range(301, 309)
        ],
        by=None,
    )
    rows = [
        line(f"T{n}-{i}", "未检出", division_code=f"990101{n}", over_limit="yes" if i == 0 and n % 3 == 0 else "no")
        for n in range(301, 309)
        for i in range(20)
    ]
    rows += [line(f"A{i}", "未检出", over_limit="yes" if i < 9 else "no") for i in range(20)]
    rows += [line(f"K{i}", "未检出", division_code="990101200", over_limit="yes") for i in range(2)]
    load(rows)
    found = [s for s in detecting.detect(division_code=COUNTY, by=health_department) if s.kind == "township"]
    assert [s.division_code for s in found] == [TOWN]
    assert found[0].facts["value"] < 9 / 20  # drawn towards the county


def test_a_signal_is_settled_once_and_can_be_reopened(signal, health_department, office):
    with pytest.raises(rules.Refused, match="核实情况"):
        signals.confirm(signal=signal, finding=" ", by=health_department)
    signals.dismiss(signal=signal, finding="实验室污染", by=health_department)
    with pytest.raises(rules.MovedOn):
        signals.confirm(signal=signal, finding="属实", by=office)
    assert signals.reopen(signal=signal, by=office).state == Signal.State.RAISED
    assert signal.settled_on is None


def test_the_same_report_twice_is_one_signal(signal, health_department):
    with pytest.raises(rules.Refused, match="已有人提出"):
        signals.report(hazard="Cd", food_group="cereals", division_code=COUNTY, text="又一次", by=health_department)


def test_a_failing_monitoring_sample_is_looked_at_at_once(county):
    facts = {"sample": "CY-9", "serious": True, "items": ["镉"]}
    told = Announcement("risk.signal", "laboratory.sample", "1", "大米", TOWN, "风险监测样品 CY-9 镉超过限量", facts)
    for _twice in range(2):
        contribute.announce(told, by=ledger.SYSTEM)
    signal = Signal.objects.get()
    assert (signal.kind, signal.hazard, signal.food_group, signal.division_code) == ("sample", "Cd", "cereals", TOWN)
    assert not _matters()


def test_lead_time_runs_to_the_first_later_sample_above_a_limit(signal, load, line):
    assert lead_days(signal) is None
    later = signal.raised_on + timedelta(days=40)
    load([line("L1", "0.3", sampled_on=later, over_limit="yes"), line("L0", "0.3", over_limit="yes")])
    assert lead_days(signal) == 40


def test_a_signal_nobody_settles_becomes_one_matter(signal, agencies):
    with ledger.clock.held_at(ledger.clock.now() + timedelta(days=30)):
        assert tasks.daily() == 1
        tasks.daily()
        (matter,) = _matters()
        assert matter.owner == agencies["health"]
        assert signal.number in matter.hazard


def _matters():
    from fangxin.kernel.casework.models import Matter

    return list(Matter.objects.order_by("number"))


# --- consultations ----------------------------------------------------------------------------------------------------


def test_a_decision_is_a_matter_that_charges_nobody(held_talk, office, agencies):
    decision = consulting.decide(
        consultation=held_talk, text="排查灌溉水", owner=agencies["farm"], due_on=date(2023, 5, 1), by=office
    )
    matter = decision.matter
    assert (matter.owner, matter.due_on, matter.origin, matter.subject_type) == (
        agencies["farm"], date(2023, 5, 1), "other", "monitoring.consultation",
    )  # fmt: skip
    assert decision.check_on == date(2023, 5, 1) + timedelta(days=60)
    # Articles on monitoring, assessment and exchange; none of the chapter on liability.
    assert matter.legal_basis == "食品安全法第十四、十六、二十条；方案三（一）"
    assert not casework.list_cases(office).exists()


def test_a_conclusion_needs_every_signal_looked_at_and_marks_them_acted(
    talk, signal, office, agencies, health_department
):
    consulting.hold(consultation=talk, held_on=date(2023, 3, 15), chair="主任", by=office)
    with pytest.raises(rules.Refused, match="还有信号没有核实"):
        consulting.conclude(consultation=talk, level="moderate", conclusion="需处置", by=office)
    signals.confirm(signal=signal, finding="复测一致", by=health_department)
    consulting.decide(consultation=talk, text="加密监测", owner=agencies["health"], due_on=date(2023, 4, 1), by=office)
    consulting.conclude(consultation=talk, level="moderate", conclusion="需处置", by=office)
    signal.refresh_from_db()
    assert (signal.state, signal.acted_on) == ("acted", date(2023, 3, 15))
    with pytest.raises(rules.Refused, match="不能再改"):
        consulting.decide(consultation=talk, text="再做", owner=agencies["health"], due_on=date(2023, 4, 1), by=office)


def test_a_conclusion_without_a_decision_is_no_action(held_talk, signal, office):
    consulting.conclude(consultation=held_talk, level="unknown", conclusion="资料不足", by=office)
    signal.refresh_from_db()
    assert signal.state == "confirmed"


def test_a_cancelled_consultation_lets_its_signals_go(talk, signal, office):
    consulting.cancel(consultation=talk, why="合并到下次", by=office)
    signal.refresh_from_db()
    assert signal.consultation is None
    assert consulting.restore(consultation=talk, by=office).state == Consultation.State.PLANNED


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"due_on": date(2023, 3, 14)}, "不能早于今天"),
        ({"text": " "}, "决定做什么"),
        ({"check_on": date(2023, 4, 1)}, "回看日期"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_and_opens_nothing(held_talk, office, agencies, change, message):
    values = {"text": "排查", "owner": agencies["farm"], "due_on": date(2023, 5, 1)} | change
    with pytest.raises(ValidationError, match=message):
        consulting.decide(consultation=held_talk, by=office, **values)
    assert not Decision.objects.exists()
    assert not _matters()


def test_measures_that_failed_ask_for_more_and_unclear_ones_are_looked_at_again(held_talk, office, agencies):
    decision = consulting.decide(
        consultation=held_talk, text="排查灌溉水", owner=agencies["farm"], due_on=date(2023, 5, 1), by=office
    )
    consulting.check_outcome(decision=decision, outcome="unclear", text="样品不足", by=office)
    assert decision.outcome == ""
    assert decision.check_on == date(2023, 5, 1) + timedelta(days=90)
    consulting.check_outcome(decision=decision, outcome="ineffective", text="新季仍上升", by=office)
    assert [m.owner for m in _matters()] == [agencies["farm"]] * 2
    with pytest.raises(rules.MovedOn):
        consulting.check_outcome(decision=decision, outcome="effective", text="改判", by=office)


def test_the_dossier_is_a_paper_with_what_lies_on_the_table(held_talk, office):
    from io import BytesIO

    from docx import Document

    row = dossier.make_dossier(consultation=held_talk, by=office)
    paper = Document(BytesIO(ledger.read_evidence(row.dossier)))
    cells = [cell.text for table in paper.tables for line in table.rows for cell in line.cells]
    text = "\n".join([*(p.text for p in paper.paragraphs), *cells])
    assert "不作为处罚依据" in text
    assert held_talk.title in text
    assert "非目标筛查有发现" in text


def test_indicators_count_signals_and_consultations_as_of_a_day(held_talk, signal, office, agencies, held):
    today = held.date()
    (row,) = selectors.signal_rows(today)
    assert (row.settled, row.acted, row.dismissed) == (True, False, False)
    consulting.decide(consultation=held_talk, text="加密", owner=agencies["health"], due_on=date(2023, 4, 1), by=office)
    consulting.conclude(consultation=held_talk, level="low", conclusion="可控", by=office)
    assert selectors.signal_rows(today).get().acted is True
    assert not selectors.signal_rows(today - timedelta(days=1)).exists()
    assert not selectors.consultation_rows(today).exists()  # planned for later
    assert selectors.consultation_rows(date(2023, 3, 20)).get().held is True
