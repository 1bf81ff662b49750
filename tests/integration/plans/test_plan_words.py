"""Every token of the reader has words for a clerk; the rules that turn a plan into dates."""

from datetime import date

import pytest

from fangxin.engines.plans import DefectKind, Refusal, Unreadable
from fangxin.oversight.plans import refusals, rules


def test_every_refusal_and_defect_is_said_in_words():
    assert {str(token) for token in Refusal} <= set(refusals.REFUSALS)
    assert {str(token) for token in Unreadable} <= set(refusals.UNREADABLE)
    assert {str(token) for token in DefectKind} <= set(refusals.DEFECTS)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("实施标准制（修）订和风险监测行动", "monitoring"), ("实施产地环境净化行动", "origin"),
        ("实施农药兽药使用减量行动", "farm_inputs"), ("实施保健食品行业专项清理整治行动", "health_food"),
        ("实施农村假冒伪劣食品治理行动", "rural_food"), ("实施餐饮质量安全提升行动", "catering"),
        ("实施食用农产品市场规范化建设行动", "produce_markets"), ("实施“三小”治理提升行动", "small_operators"),
        ("实施网络食品“净网”行动", "online_food"), ("实施校园食品安全守护行动", "school_meals"),
        ("实施“优质粮食工程”行动", "grain"), ("实施进口食品“国门守护”行动", "imported_food"), ("开展综合协调", ""),
    ],
)  # fmt: skip
def test_a_title_tells_the_kind_of_action(title, code):
    assert rules.guess_code(title) == code


def codes(month_days, years=(2023,), issued_on=date(2022, 12, 1), single=()):
    return [p.code for p in rules.list_periods(month_days, single, years=years, issued_on=issued_on)]


@pytest.mark.parametrize(
    ("month_days", "expected"),
    [
        (["03-25", "06-25", "09-25", "11-30"], ["2023-Q1", "2023-Q2", "2023-Q3", "2023-ANNUAL"]),
        (["12-10"], ["2023-ANNUAL"]),
        (["06-30"], ["2023-ANNUAL"]),
        (["06-30", "12-20"], ["2023-Q2", "2023-ANNUAL"]),
        (["03-31", "06-30", "09-30", "01-10"], ["2023-Q1", "2023-Q2", "2023-Q3", "2023-ANNUAL"]),
        ([f"{m:02d}-05" for m in range(2, 8)], [f"2023-M{m:02d}05" for m in range(2, 8)]),
        (["11-10", "12-10"], ["2023-M1110", "2023-ANNUAL"]),
    ],
)
def test_reporting_dates_get_their_names(month_days, expected):
    assert codes(month_days) == expected


def test_dates_before_the_issue_make_no_period():
    assert codes(["03-25", "11-30"], (2022, 2023), date(2022, 5, 19)) == ["2022-ANNUAL", "2023-Q1", "2023-ANNUAL"]


def test_a_january_date_reports_on_the_year_before():
    (period,) = rules.list_periods(["01-10"], [], years=[2023], issued_on=date(2023, 1, 1))
    assert (period.code, period.due_on) == ("2023-ANNUAL", date(2024, 1, 10))


def test_a_single_date_is_the_final_report():
    assert codes([], single=[date(2024, 11, 30)]) == ["2024-FINAL"]
