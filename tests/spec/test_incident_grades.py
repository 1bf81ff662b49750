"""Grades of incidents and who must be told, drawn as tables."""

from datetime import date
from pathlib import Path

import pytest

from fangxin.engines.outbreak.grading import (
    GradeRule,
    Incident,
    Setting,
    Spread,
    grade,
    load_grades,
    load_reports,
    reports_due,
)

FOLDER = Path(__file__).resolve().parents[2] / "standards" / "outbreak"
GRADES = load_grades((FOLDER / "grades.toml").read_text("utf-8"))
REPORTS = load_reports((FOLDER / "reports.toml").read_text("utf-8"))
DAY = date(2024, 6, 1)

# 事故分级
TABLE = """
    受害人数 | 死亡 | 范围      | 场所   | 级别
    45       | 0    | one       | other  | IV
    45       | 1    | one       | other  | III
    120      | 0    | one       | other  | III
    120      | 1    | one       | other  | II
    12       | 0    | counties  | other  | III
    8        | 0    | one       | school | SUB
    29       | 0    | one       | other  | SUB
    30       | 0    | one       | other  | IV
    99       | 0    | one       | other  | IV
    2        | 0    | townships | other  | IV
    10       | 10   | one       | other  | II
    2        | 0    | cities    | other  | II
    2        | 0    | provinces | other  | I
    60       | 0    | one       | school | IV
"""


def _rows(table):
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return lines[1:]


@pytest.mark.parametrize(("harmed", "dead", "spread", "setting", "expected"), _rows(TABLE))
def test_incidents_are_graded(harmed, dead, spread, setting, expected):
    incident = Incident(int(harmed), int(dead), Spread(spread), Setting(setting))
    assert grade(incident, GRADES, jurisdiction="411224", on=DAY).code == expected


# 谁应当在什么时限内报告
REPORTED = """
    受害人数 | 死亡 | 场所   | 情形 | 应报
    8        | 0    | school | told | R08
    8        | 0    | other  | told |
    30       | 0    | other  | told | R05 R07
    3        | 1    | other  | told | R05 R07
    3        | 1    | event  | told | R05 R07 R08
    4        | 0    | school | told |
    2        | 0    | other  | closed | R10
    1        | 0    | other  | closed |
    1        | 1    | other  | closed | R10
    1        | 0    | other  | investigated | R12
"""


@pytest.mark.parametrize(("harmed", "dead", "setting", "trigger", "expected"), _rows(REPORTED))
def test_who_must_be_told(harmed, dead, setting, trigger, expected):
    incident = Incident(int(harmed), int(dead), setting=Setting(setting))
    assert [rule.code for rule in reports_due(incident, REPORTS, trigger)] == expected.split()


def test_a_provinces_own_rule_holds_there_from_its_day_and_nowhere_else():
    own = GradeRule(
        "II-4",
        "II",
        "41",
        date(2013, 1, 1),
        date(2025, 12, 31),
        "省政府",
        "省级预案",
        "M-med",
        harmed=50,
        setting=Setting.SCHOOL,
    )
    incident, rules = Incident(60, setting=Setting.SCHOOL), [*GRADES, own]
    assert grade(incident, rules, jurisdiction="411224", on=DAY).code == "II"
    assert grade(incident, rules, jurisdiction="131224", on=DAY).code == "IV"
    assert grade(incident, rules, jurisdiction="411224", on=date(2012, 12, 31)).code == "IV"
    assert grade(incident, rules, jurisdiction="411224", on=date(2026, 1, 1)).code == "IV"


def test_more_harm_is_never_graded_lower():
    order = ("SUB", "IV", "III", "II", "I")
    for dead in (0, 1, 9, 10):
        found = [
            order.index(grade(Incident(n + dead, dead), GRADES, jurisdiction="41", on=DAY).code)
            for n in range(0, 130, 5)
        ]
        assert found == sorted(found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            '[[rule]]\ncode="X"\ngrade="V"\nsince=2020-01-01\nauthority=""\nsource=""\nconfidence=""\nharmed=1',
            "no grade",
        ),
        ('[[rule]]\ncode="X"\ngrade="IV"\nsince=2020-01-01\nauthority=""\nsource=""\nconfidence=""', "no condition"),
    ],
)
def test_a_rule_that_says_nothing_is_refused(text, words):
    with pytest.raises(ValueError, match=words):
        load_grades(text)


def test_the_dead_are_among_the_harmed():
    with pytest.raises(ValueError, match="among the harmed"):
        Incident(1, 2)
