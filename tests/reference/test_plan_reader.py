"""The plan the platform was drawn up for, read whole, against the table made from it by hand and the reviewed facts."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.unit.plans.damage import ALL

from fangxin.engines.plans import Comparison, Goal, PlanReading, load_plan_facts, read_plan, read_text

ROOT = Path(__file__).parents[2]
FACTS = ROOT / "standards" / "plans" / "lushi-2022.toml"
LOWER = "各乡镇政府"


@pytest.fixture(scope="module")
def plan_text() -> str:
    path = ROOT.parent / "shared" / "plan" / "lushi-2022-21.txt"
    if not path.is_file():
        pytest.skip("the plan's text is not here (../shared/plan)")
    return read_text(path.read_bytes(), path.name)


@pytest.fixture(scope="module")
def reading(plan_text: str) -> PlanReading:
    return read_plan(plan_text)


def test_head_of_the_plan(reading: PlanReading) -> None:
    assert reading.title == "卢氏县深化食品安全放心工程建设攻坚行动工作方案（2022—2024年）"
    assert reading.document_number == "卢政办〔2022〕21号"
    assert reading.issuer == "卢氏县人民政府办公室"
    assert reading.issued_on == date(2022, 5, 19)
    assert (reading.period.start, reading.period.end) == ("2022", "2024")
    assert [name.rpartition("（")[2] for name in reading.based_on] == ["豫政办〔2022〕11号）", "卢发〔2020〕2号）"]


def test_actions_agree_with_the_table_made_by_hand(reading: PlanReading, reference_data: Path) -> None:
    path = reference_data / "governance" / "plan_actions_departments.csv"
    if not path.is_file():
        pytest.skip("the table of actions is not here (governance/plan_actions_departments.csv)")
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    expected = []
    for row in rows:
        units = row["cooperating_units"].split("|")
        agencies = tuple(unit for unit in units if unit != LOWER)
        expected.append((int(row["action_no"]), row["action_name"], row["lead_department"], agencies, LOWER in units))
    assert [(a.number, a.title, a.lead, a.cooperating, a.townships) for a in reading.actions] == expected
    assert len({a.lead for a in reading.actions}) == 5


def find(reading: PlanReading, action: int, words: str) -> Goal:
    (goal,) = [g for g in reading.goals if g.action == action and words in g.text]
    return goal


@pytest.mark.parametrize(
    ("action", "words", "comparison", "value"),
    [
        (5, "规范化建设达标率", Comparison.ABOVE, 80),
        (5, "协管员做到全覆盖", Comparison.EQUAL, 100),
        (6, "“互联网+明厨亮灶”实施率", Comparison.AT_LEAST, 100),
        (6, "培训率", Comparison.AT_LEAST, 100),
        (7, "风险分级覆盖率", Comparison.AT_LEAST, 100),
        (8, "登记备案监管全覆盖", Comparison.EQUAL, 100),
        (10, "“互联网+明厨亮灶”覆盖率", Comparison.AT_LEAST, 100),
        (10, "安装使用率", Comparison.AT_LEAST, 100),
    ],
)
def test_measured_goals(reading: PlanReading, action: int, words: str, comparison: Comparison, value: int) -> None:
    goal = find(reading, action, words)
    assert (goal.comparison, goal.value, goal.unit) == (comparison, Decimal(value), "%")


def test_goals_without_a_bound_stay_without_one(reading: PlanReading) -> None:
    assert find(reading, 3, "农兽药使用量持续下降").comparison is Comparison.DECLINE
    for action, words in ((1, "趋于完善"), (6, "餐厨垃圾处理设施"), (11, "现代粮食产业体系")):
        goal = find(reading, action, words)
        assert (goal.comparison, goal.value) == (Comparison.MILESTONE, None)
    assert {g.action for g in reading.goals} == set(range(1, 13))
    assert {g.due for g in reading.goals} == {date(2024, 12, 31)}


def test_deadlines_one_off_and_yearly(reading: PlanReading) -> None:
    got = [(d.kind.value, d.date, d.month_day, d.who) for d in reading.deadlines]
    who = "县直各牵头部门"
    assert got == [
        ("one_off", date(2022, 5, 31), None, who),
        *(("yearly", None, day, who) for day in ("03-25", "06-25", "09-25", "11-30")),
    ]


def test_the_two_drafting_defects_are_flagged_and_no_others(reading: PlanReading, plan_text: str) -> None:
    assert [d.kind.value for d in reading.defects] == ["decline_without_base_year", "percent_above_hundred"]
    assert all(d.quote in plan_text for d in reading.defects)
    assert "100%以上" in reading.defects[1].quote


def test_traditional_characters_and_broken_lines_are_repaired(reading: PlanReading) -> None:
    said = "".join(goal.text for goal in reading.goals) + "".join(m for a in reading.actions for m in a.measures)
    assert "食品安全管理人员和餐饮从业人员培训率" in said
    assert "民众食品安全意识显著增强" in said
    assert not set("員飲爲門") & set(said)


def test_every_source_is_found_where_it_says(reading: PlanReading, plan_text: str) -> None:
    assert len(reading.sources) > 300
    for source in reading.sources.values():
        assert plan_text[source.offset : source.offset + len(source.quote)] == source.quote


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_damage_to_the_page_changes_nothing(
    kind: Callable[[str, random.Random], str], reading: PlanReading, plan_text: str
) -> None:
    got = read_plan(kind(plan_text, random.Random(7)))
    assert (got.title, got.based_on, got.actions, got.goals) == (
        reading.title,
        reading.based_on,
        reading.actions,
        reading.goals,
    )
    assert got.deadlines == reading.deadlines


def test_the_reviewed_facts_agree_with_the_text(reading: PlanReading) -> None:
    facts = load_plan_facts(FACTS.read_text(encoding="utf-8")).plan
    for name in ("title", "document_number", "issuer", "issued_on", "period", "based_on"):
        assert getattr(facts, name) == getattr(reading, name)
    assert [(a.number, a.title, a.lead, a.cooperating, a.townships) for a in facts.actions] == [
        (a.number, a.title, a.lead, a.cooperating, a.townships) for a in reading.actions
    ]
    assert [(g.action, g.comparison, g.value, g.unit, g.due) for g in facts.goals] == [
        (g.action, g.comparison, g.value, g.unit, g.due) for g in reading.goals
    ]
    assert [(d.kind, d.date, d.month_day, d.who) for d in facts.deadlines] == [
        (d.kind, d.date, d.month_day, d.who) for d in reading.deadlines
    ]
    assert [d.kind for d in facts.defects] == [d.kind for d in reading.defects]
