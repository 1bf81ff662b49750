"""How a goal of the plan becomes a figure, and when it is reached. Each line was counted by hand."""

from decimal import Decimal

import pytest

from fangxin.engines.indicators import (
    Figure,
    Row,
    check_matter_identity,
    display_percent,
    judge,
    load_definitions,
    tally,
)

title = "指标怎样计算、怎样判定达标"

STATUS = {
    "met": "达标",
    "not_met": "未达标",
    "no_target": "只跟踪",
    "no_subjects": "无对象",
    "no_base": "无基期",
    "unverified": "未核实",
    "unknown": "暂无数据",
}


def number(text):
    return None if text == "未知" else Decimal(text)


def define(comparison, target, *, kind="signed"):
    lines = ["[[indicator]]", 'code = "X"', 'name = "某指标"', f'kind = "{kind}"']
    if kind == "signed":
        lines.append('reason = "只为检验判定"')
    if comparison:
        lines.append(f'comparison = "{comparison}"')
    if target:
        lines.append(f"target = {target}")
    return load_definitions("\n".join(lines))[0]


def shown(figure):
    value = display_percent(figure)
    return "—" if value is None else f"{value}%"


def test_rates_against_their_targets(spec):
    """Rural shops, helpers, kitchens, training, markets, small operators, platforms, returns, matters."""
    rows = spec("""
        指标               | 分子 | 分母 | 比较 | 目标 | 显示    | 判定
        规范化达标率       | 240  | 300  | >    | 80   | 80.00%  | 未达标
        规范化达标率       | 241  | 300  | >    | 80   | 80.33%  | 达标
        规范化达标率       | 40   | 50   | >    | 80   | 80.00%  | 未达标
        规范化达标率       | 41   | 50   | >    | 80   | 82.00%  | 达标
        规范化达标率       | 0    | 0    | >    | 80   | —       | 无对象
        协管员覆盖率       | 350  | 352  | =    | 100  | 99.43%  | 未达标
        协管员覆盖率       | 352  | 352  | =    | 100  | 100.00% | 达标
        明厨亮灶实施率     | 37   | 38   | >=   | 100  | 97.37%  | 未达标
        明厨亮灶实施率     | 38   | 38   | >=   | 100  | 100.00% | 达标
        培训率             | 236  | 240  | =    | 100  | 98.33%  | 未达标
        市场风险分级覆盖率 | 17   | 18   | =    | 100  | 94.44%  | 未达标
        三小登记备案覆盖率 | 180  | 192  | =    | 100  | 93.75%  | 未达标
        平台备案率         | 1    | 3    | =    | 100  | 33.33%  | 未达标
        包保督导完成率     | 13   | 14   | =    | 100  | 92.86%  | 未达标
        季报按时率         | 11   | 12   | =    | 100  | 91.67%  | 未达标
        按期整改率         | 22   | 24   | =    | 100  | 91.67%  | 未达标
        培训率             | 未知 | 240  | =    | 100  | —       | 暂无数据
        培训率             | 236  | 未知 | =    | 100  | —       | 暂无数据
    """)
    for row in rows:
        figure = Figure(number(row["分子"]), number(row["分母"]))
        assert shown(figure) == row["显示"], row
        assert STATUS[judge(define(row["比较"], row["目标"]), figure)] == row["判定"], row


def test_a_hundred_thousandth_short_of_full_is_short(spec):
    rows = spec("""
        分子   | 分母   | 显示    | 判定
        99996  | 100000 | 100.00% | 未达标
        100000 | 100000 | 100.00% | 达标
    """)
    for row in rows:
        figure = Figure(Decimal(row["分子"]), Decimal(row["分母"]))
        assert shown(figure) == row["显示"]
        assert STATUS[judge(define(">=", "100"), figure)] == row["判定"]


def test_continuous_decline_needs_a_base(spec):
    rows = spec("""
        本期 | 基期 | 降幅目标 | 判定
        950  | 1000 |          | 达标
        1000 | 1000 |          | 未达标
        950  | 未知 |          | 无基期
        900  | 1000 | 10       | 达标
        901  | 1000 | 10       | 未达标
        未知 | 1000 |          | 暂无数据
    """)
    for row in rows:
        definition = define("decline", row["降幅目标"])
        now, base = (Figure(number(row[part]), Decimal(100)) for part in ("本期", "基期"))
        assert STATUS[judge(definition, now, base=base)] == row["判定"], row


@pytest.mark.parametrize(
    ("accepted", "evidence", "status"),
    [(1, True, "达标"), (0, True, "未达标"), (1, False, "未核实"), (None, True, "暂无数据")],
)
def test_a_milestone_is_accepted_with_evidence_and_is_no_percentage(accepted, evidence, status):
    figure = Figure(None if accepted is None else Decimal(accepted), verified=evidence)
    assert display_percent(figure) is None
    assert STATUS[judge(define("milestone", "", kind="milestone"), figure)] == status


SMALL_OPERATORS = load_definitions("""
[[indicator]]
code = "M08-1"
name = "三小登记备案覆盖率"
subject = "census_entry"
denominator = 'operating and trade in ["workshop", "small_shop", "stall"]'
numerator = "credential_expires_on == None and credential_number != None or credential_expires_on >= as_of"
comparison = "="
target = 100
""")[0]
YES_NO = {"是": True, "否": False}


def test_the_denominator_includes_those_whom_no_register_knows(spec):
    rows = spec("""
        序号 | 在营 | 业态       | 证号   | 有效期至   | 计入
        01   | 是   | workshop   | HN-001 | 2026-03-14 | 分子
        02   | 是   | small_shop | HN-002 | 2024-09-25 | 分子
        03   | 是   | small_shop | HN-003 | 2024-09-24 | 分母
        04   | 是   | stall      | HN-004 |            | 分子
        05   | 是   | stall      |        |            | 分母
        06   | 否   | stall      |        |            | 不计
        07   | 是   | restaurant |        |            | 不计
    """)
    records = [
        Row(
            row["序号"],
            "990101100001",
            {
                "operating": YES_NO[row["在营"]],
                "trade": row["业态"],
                "credential_number": row["证号"] or None,
                "credential_expires_on": row["有效期至"] or None,
                "as_of": "2024-09-25",
            },
        )
        for row in rows
    ]
    for row, record in zip(rows, records, strict=True):
        alone = tally(SMALL_OPERATORS, [record]).figure
        assert (int(alone.numerator), int(alone.denominator)) == {"分子": (1, 1), "分母": (0, 1), "不计": (0, 0)}[
            row["计入"]
        ]
    together = tally(SMALL_OPERATORS, records).figure
    assert shown(together) == "60.00%"
    assert STATUS[judge(SMALL_OPERATORS, together)] == "未达标"


def test_open_matters_follow_from_what_came_and_went(spec):
    rows = spec("""
        期初 | 新增 | 销号 | 反弹 | 期末在账 | 平衡
        12   | 20   | 25   | 1    | 8        | 是
        12   | 20   | 25   | 1    | 7        | 否
        0    | 0    | 0    | 0    | 0        | 是
    """)
    for row in rows:
        opening, new, closed, reopened, found = (
            int(row[part]) for part in ("期初", "新增", "销号", "反弹", "期末在账")
        )
        balance = check_matter_identity(opening=opening, new=new, closed=closed, reopened=reopened, found=found)
        assert balance.holds is YES_NO[row["平衡"]]
