"""Figures in papers: exact comparison, honest rounding, and a reason wherever nothing is known."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.papers import (
    BoardFigure,
    Comparison,
    MatterBalance,
    Milestone,
    PaperError,
    Problem,
    Status,
    Target,
    describe_figure,
    figures_chart,
    figures_table,
    format_value,
    judge_figure,
)

DAY = date(2024, 9, 25)


def share(numerator, denominator, comparison=None, target=None, **more):
    goal = None if comparison is None else Target(Comparison(comparison), Decimal(target))
    return BoardFigure("指标", DAY, Decimal(numerator), Decimal(denominator), target=goal, **more)


@pytest.mark.parametrize(
    ("figure", "status"),
    [
        (share(40, 50, ">", 80), Status.NOT_REACHED),
        (share(41, 50, ">", 80), Status.REACHED),
        (share(40, 50, ">=", 80), Status.REACHED),
        (share(1, 3, "=", "33.33"), Status.NOT_REACHED),
        (share(12, 12, "=", 100), Status.REACHED),
        (share(0, 0, "=", 100), Status.UNKNOWN),
        (share(0, 0, "<", 5), Status.UNKNOWN),
        (share(1, 2), Status.NO_TARGET),
        (share(9, 2000, ">=", 4, unit="批次/千人", per=1000), Status.REACHED),
    ],
)
def test_status_compares_unrounded(figure, status):
    assert judge_figure(figure) is status


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (share(22, 24), "91.67%"),
        (share(11, 12), "91.67%"),
        (share(1, 8), "12.50%"),
        (share(0, 5), "0.00%"),
        (share(0, 0), "暂无数据（分母为零）"),
        (share(79_999, 100_000, ">=", 80), "79.999%"),
        (share(99_999, 100_000), "99.999%"),
        (share(1, 100_000), "0.001%"),
        (share(9, 2000, unit="批次/千人", per=1000), "4.50批次/千人"),
        (BoardFigure("发布会", DAY, Decimal(3), counted=True, unit="场"), "3场"),
        (BoardFigure("指标", DAY, absent="部门未报送"), "暂无数据（部门未报送）"),
    ],
)
def test_value_is_printed(figure, text):
    assert format_value(figure) == text


@settings(max_examples=200)
@given(st.integers(0, 3000), st.integers(1, 3000), st.integers(1, 100))
def test_printed_share_never_crosses_its_target(numerator, denominator, target):
    figure = share(min(numerator, denominator), denominator, ">=", target)
    shown = Decimal(format_value(figure).rstrip("%"))
    assert (shown >= target) == (judge_figure(figure) is Status.REACHED)
    assert (shown == 100) == (figure.numerator == figure.denominator)


def test_missing_number_needs_a_reason():
    with pytest.raises(PaperError) as caught:
        BoardFigure("指标", DAY, Decimal(3))
    assert caught.value.problem is Problem.REASON_MISSING


def test_clause_carries_denominator_target_typed_value_and_day():
    clause = describe_figure(share(40, 50, ">", 80, stated=Decimal("82.5")))
    assert clause == "指标80.00%（40/50，目标>80%，未达到，部门填报82.5%，截至2024年9月25日）"


def test_table_shows_typed_values_beside_the_computed_ones():
    table = figures_table((share(40, 50, ">", 80, stated=Decimal(82)), share(0, 0, "=", 100)), title="主要指标")
    assert table.header == ("序号", "指标", "目标", "分子", "分母", "结果", "部门填报", "状态", "截至日期")
    assert table.rows == (
        ("1", "指标", ">80%", "40", "50", "80.00%", "82%", "未达到", "2024.9.25"),
        ("2", "指标", "=100%", "0", "0", "暂无数据（分母为零）", "—", "无法判定", "2024.9.25"),
    )


def test_table_without_typed_values_has_no_column_for_them():
    milestone = Milestone("监测体系", DAY, Status.NOT_REACHED, "缺验收材料")
    table = figures_table((milestone,))
    assert "部门填报" not in table.header
    assert table.rows == (("1", "监测体系", "完成", "—", "—", "缺验收材料", "未达到", "2024.9.25"),)


def test_chart_draws_no_target_where_there_is_no_result():
    chart = figures_chart((share(40, 50, ">", 80), share(0, 0, "=", 100)), title="对比")
    assert [series.values for series in chart.series] == [(Decimal("80.00"), None), (Decimal(80), None)]


def test_ledger_balance_holds():
    assert MatterBalance(12, 20, 25, 1, due=24, closed_in_time=22).open == 8


@pytest.mark.parametrize("numbers", [(1, 0, 2, 0, 0, 0), (1, 1, 1, 0, 1, 2), (-1, 2, 0, 0, 0, 0)])
def test_impossible_balance_is_refused(numbers):
    with pytest.raises(PaperError):
        MatterBalance(*numbers)
