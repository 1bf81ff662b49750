"""Reviewed facts: whole without the plan's text, and broken files say where."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from fangxin.engines.plans import BrokenFacts, Comparison, load_plan_facts

SHIPPED = sorted((Path(__file__).parents[3] / "standards" / "plans").glob("*.toml"))

SMALL = """
id = "small"
title = "小县食品安全攻坚行动方案"
issued_on = 2022-05-19
source = "小政办〔2022〕1号"
confidence = "verified"
entered_by = "maintainers"
checked_by = ""
[[actions]]
number = 1
title = "实施净网行动"
lead = "县市场监管局"
cooperating = ["县公安局"]
townships = true
[[goals]]
action = 1
name = "检查覆盖率"
comparison = ">="
value = 98.5
unit = "%"
due = 2024-12-31
note = "口径待定"
[[deadlines]]
kind = "yearly"
month_day = "03-25"
what = "季度总结"
"""


def test_facts_have_the_shape_of_a_reading() -> None:
    facts = load_plan_facts(SMALL)
    (action,) = facts.plan.actions
    (goal,) = facts.plan.goals
    assert (action.lead, action.cooperating, action.townships) == ("县市场监管局", ("县公安局",), True)
    assert (goal.comparison, goal.value, goal.due) == (Comparison.AT_LEAST, Decimal("98.5"), date(2024, 12, 31))
    assert facts.notes == ("口径待定",)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.name)
def test_shipped_facts_are_whole(path: Path) -> None:
    facts = load_plan_facts(path.read_text(encoding="utf-8"))
    assert facts.id == path.stem
    assert facts.source
    assert all(action.lead for action in facts.plan.actions)
    assert {goal.action for goal in facts.plan.goals} == {action.number for action in facts.plan.actions}


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('title = "小县', 'titel = "小县', "title"),
        ('comparison = ">="', 'comparison = "=>"', "goals[0]"),
        ("action = 1", "action = 2", "no action 2"),
        ('month_day = "03-25"', "", "deadlines[0]"),
        ("value = 98.5", 'value = "viel"', "goals[0]"),
        ('id = "small"', "id = ", "no TOML"),
        ("number = 1", 'number = "eins"', "actions[0]"),
    ],
)
def test_broken_facts_name_the_place(old: str, new: str, place: str) -> None:
    assert old in SMALL
    with pytest.raises(BrokenFacts, match=place.replace("[", r"\[").replace("]", r"\]")):
        load_plan_facts(SMALL.replace(old, new, 1))
