"""The vectors of penalties: statute, fine, authority, seriousness, leniency, limits, records."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from fangxin.engines.penalties import (
    Authority,
    BreachFacts,
    FineCheck,
    FineOutcome,
    Ground,
    Lenience,
    LeniencyFacts,
    NoStatute,
    PastPenalty,
    barred_until,
    check_fine,
    choose_statute,
    find_provision,
    fine_range,
    is_breach,
    judge_escalation,
    judge_leniency,
    judge_seriousness,
    keep_until,
    late_fee,
    limitation,
    load_procedure,
    load_retention,
    load_statute,
    personal_fine_range,
    required_authority,
    shutdown_bar,
    summary_ceiling,
)

title = "行政处罚怎样裁量"

FOLDER = Path(__file__).parents[2] / "standards" / "statutes"


def read(name):
    return (FOLDER / name).read_text("utf-8")


LAW = load_statute(read("food-safety-law.toml"))
ORDINANCE = load_statute(read("henan-small-food.toml"))
PROCEDURE = load_procedure(read("procedure.toml"))
RECORDS = load_retention(read("retention.toml"))
HERE, ELSEWHERE = "410000", "990101"
KINDS = {
    "持证单位": "food_sales", "小作坊": "small_workshop", "小经营店": "small_shop", "小摊点": "stall",
    "食品企业": "food_producer", "销售企业": "food_sales", "平台": "online_platform", "农户": "farm",
}  # fmt: skip
OFFENCES = {
    "无证经营": "unlicensed", "经营过期食品": "expired_food", "添加非食用物质": "non_food_material",
    "标签不合规": "label_missing", "标签瑕疵": "label_flaw", "未查验记录": "records_missing",
    "从业人员无健康证": "health_card_missing", "卫生不合要求": "hygiene", "阻挠检查": "obstruction",
    "市场未报告": "market_not_filed", "平台未履职": "platform_duty", "市场未履职": "market_duty",
}  # fmt: skip
YES_NO = {"是": True, "否": False, "不清": None, "": None}


def day(text):
    return date.fromisoformat(text) if text and text != "—" else None


def money(text):
    return Decimal(text.replace(",", "")) if text and text != "—" else None


def chosen(kind, on="2023-06-01", division=HERE):
    return choose_statute([LAW, ORDINANCE], subject_kind=KINDS[kind], division_code=division, on=date.fromisoformat(on))


def ranged(kind, offence, goods, **more):
    statute = chosen(kind).statute
    provision = find_provision(statute, subject_kind=KINDS[kind], offence=OFFENCES[offence])
    return None if provision is None else fine_range(statute, provision, money(goods), procedure=PROCEDURE, **more)


def test_the_kind_of_subject_and_the_day_choose_the_statute(spec):
    rows = spec("""
        主体     | 所在地 | 行为日期   | 适用
        持证单位 | 本省   | 2023-06-01 | 食品安全法
        小作坊   | 本省   | 2023-06-01 | 省条例
        小经营店 | 本省   | 2023-06-01 | 省条例
        小摊点   | 本省   | 2023-06-01 | 省条例
        小摊点   | 外省   | 2023-06-01 | 未录入该省条例
        持证单位 | 外省   | 2023-06-01 | 食品安全法
        持证单位 | 本省   | 2025-11-30 | 食品安全法
        持证单位 | 本省   | 2025-12-01 | 没有现行版本
    """)
    told = {
        "食品安全法": LAW, "省条例": ORDINANCE, "未录入该省条例": NoStatute.NO_ORDINANCE, "没有现行版本": NoStatute.NONE_IN_FORCE,
    }  # fmt: skip
    for row in rows:
        choice = chosen(row["主体"], row["行为日期"], HERE if row["所在地"] == "本省" else ELSEWHERE)
        assert (choice.statute or choice.reason) == told[row["适用"]], row


def test_fine_ranges_follow_the_article_and_the_goods_value(spec):
    rows = spec("""
        主体     | 违法行为         | 货值   | 条款               | 下限   | 上限
        持证单位 | 经营过期食品     | 9999   | 第一百二十四条     | 50000  | 100000
        持证单位 | 经营过期食品     | 10000  | 第一百二十四条     | 100000 | 200000
        持证单位 | 添加非食用物质   | 30000  | 第一百二十三条     | 450000 | 900000
        持证单位 | 添加非食用物质   | 0      | 第一百二十三条     | 100000 | 150000
        持证单位 | 无证经营         | 9999.99 | 第一百二十二条    | 50000  | 100000
        持证单位 | 无证经营         | 10000.01 | 第一百二十二条   | 100000.1 | 200000.2
        持证单位 | 标签不合规       | 10000  | 第一百二十五条第一款 | 50000 | 100000
        持证单位 | 平台未履职       | —      | 第一百三十一条     | 50000  | 200000
        持证单位 | 市场未履职       | —      | 第一百三十条       | 50000  | 200000
        持证单位 | 阻挠检查         | —      | 第一百三十三条第一款 | 2000 | 50000
        小经营店 | 经营过期食品     | 60     | 第四十四条         | 10000  | 100000
        小作坊   | 添加非食用物质   | 60     | 第四十四条         | 10000  | 100000
        小摊点   | 经营过期食品     | 60     | 第四十六条         | 500    | 5000
        小摊点   | 从业人员无健康证 | —      | 第四十八条         | 300    | 500
    """)
    for row in rows:
        found = ranged(row["主体"], row["违法行为"], row["货值"])
        assert found.outcome is FineOutcome.RANGE, row
        assert (found.article, found.low, found.high) == (row["条款"], money(row["下限"]), money(row["上限"])), row


def test_some_articles_fine_only_whoever_does_not_obey(spec):
    rows = spec("""
        主体     | 违法行为     | 拒不改正 | 情节严重 | 结论   | 下限  | 上限
        持证单位 | 未查验记录   | 否       | 否       | 先责令 | 5000  | 50000
        持证单位 | 未查验记录   | 是       | 否       | 罚款   | 5000  | 50000
        持证单位 | 标签瑕疵     | 是       | 否       | 罚款   | 0     | 2000
        持证单位 | 市场未报告   | 是       | 否       | 罚款   | 10000 | 50000
        持证单位 | 市场未报告   | 是       | 是       | 罚款   | 50000 | 200000
        小作坊   | 无证经营     | 否       | 否       | 先责令 | 500   | 500
        小经营店 | 卫生不合要求 | 是       | 否       | 罚款   | 1000  | 5000
        小摊点   | 卫生不合要求 | 是       | 否       | 罚款   | 50    | 500
    """)
    told = {"先责令": FineOutcome.AFTER_REFUSAL, "罚款": FineOutcome.RANGE}
    for row in rows:
        found = ranged(
            row["主体"], row["违法行为"], "—", refused=YES_NO[row["拒不改正"]], serious=YES_NO[row["情节严重"]]
        )
        assert (found.outcome, found.low, found.high) == (told[row["结论"]], money(row["下限"]), money(row["上限"])), (
            row
        )


def test_no_row_no_penalty():
    """小摊点没有备案卡：不生成罚款，引导备案。"""
    assert ranged("小摊点", "无证经营", "—") is None


def test_without_the_goods_value_nothing_is_guessed():
    found = ranged("持证单位", "经营过期食品", "—")
    assert found.outcome is FineOutcome.VALUE_NEEDED
    assert found.low is None
    assert check_fine(Decimal(60000), found) is FineCheck.UNCHECKED


def test_the_county_may_not_decide_from_the_ceiling_on(spec):
    rows = spec("""
        拟罚款 | 决定机关
        299999 | 县级
        299999.99 | 县级
        300000 | 市级以上
        450000 | 市级以上
    """)
    for row in rows:
        expected = {"县级": Authority.COUNTY, "市级以上": Authority.CITY}[row["决定机关"]]
        assert required_authority(money(row["拟罚款"]), PROCEDURE) is expected, row
    assert ranged("持证单位", "添加非食用物质", "30000").authority is Authority.CITY
    assert ranged("持证单位", "添加非食用物质", "15000").authority is Authority.BY_AMOUNT
    assert ranged("持证单位", "经营过期食品", "10000").authority is Authority.COUNTY


def test_a_proposed_fine_lies_in_the_range_or_not(spec):
    rows = spec("""
        主体     | 违法行为     | 货值  | 拟罚款 | 结论
        持证单位 | 经营过期食品 | 9999  | 49999  | 低于下限
        持证单位 | 经营过期食品 | 9999  | 50000  | 幅度内
        持证单位 | 经营过期食品 | 9999  | 100000 | 幅度内
        持证单位 | 经营过期食品 | 9999  | 100001 | 高于上限
        持证单位 | 未查验记录   | —     | 5000   | 高于上限
        持证单位 | 未查验记录   | —     | 0      | 幅度内
    """)
    told = {"低于下限": FineCheck.BELOW, "幅度内": FineCheck.WITHIN, "高于上限": FineCheck.ABOVE}
    for row in rows:
        found = ranged(row["主体"], row["违法行为"], row["货值"])
        assert check_fine(money(row["拟罚款"]), found) is told[row["结论"]], row
    assert check_fine(Decimal(1), None) is FineCheck.UNCHECKED


GROUNDS = {
    "货值": Ground.GOODS_VALUE, "持续时间": Ground.DURATION, "死亡": Ground.DEATH, "患病人数": Ground.ILLNESS,
    "隐瞒": Ground.CONCEALMENT, "拒查": Ground.REFUSAL, "再犯": Ground.REPEATED,
}  # fmt: skip


def test_serious_circumstances_one_by_one(spec):
    rows = spec("""
        货值  | 开始       | 终了       | 死亡 | 患病 | 隐瞒 | 拒查 | 上次同类处罚 | 情节严重 | 理由
        19999 | 2023-01-01 | 2023-03-31 | 0    | 29   | 否   | 否   | —            | 否       |
        20000 | 2023-01-01 | 2023-03-31 | 0    | 0    | 否   | 否   | —            | 是       | 货值
        100   | 2023-01-01 | 2023-04-01 | 0    | 0    | 否   | 否   | —            | 是       | 持续时间
        100   | 2023-01-01 | 2023-01-02 | 1    | 0    | 否   | 否   | —            | 是       | 死亡
        100   | 2023-01-01 | 2023-01-02 | 0    | 30   | 否   | 否   | —            | 是       | 患病人数
        100   | 2023-01-01 | 2023-01-02 | 0    | 0    | 是   | 否   | —            | 是       | 隐瞒
        100   | 2023-01-01 | 2023-01-02 | 0    | 0    | 否   | 是   | —            | 是       | 拒查
        100   | 2023-01-01 | 2023-01-02 | 0    | 0    | 否   | 否   | 2022-01-02   | 是       | 再犯
        100   | 2023-01-01 | 2023-01-03 | 0    | 0    | 否   | 否   | 2022-01-02   | 否       |
        —     | 2023-01-01 | 2023-01-02 | 0    | 0    | 否   | 否   | —            | 不清     |
        —     | 2023-01-01 | 2023-04-02 | 0    | 0    | 否   | 否   | —            | 是       | 持续时间
    """)
    for row in rows:
        facts = BreachFacts(
            goods_value=money(row["货值"]),
            began=day(row["开始"]),
            ended=day(row["终了"]),
            deaths=int(row["死亡"]),
            ill=int(row["患病"]),
            concealed=YES_NO[row["隐瞒"]],
            refused_inspection=YES_NO[row["拒查"]],
            same_breach_penalized_on=day(row["上次同类处罚"]),
            after_criminal_penalty=False,
        )
        found = judge_seriousness(facts, PROCEDURE)
        assert found.serious is YES_NO[row["情节严重"]], row
        assert found.grounds == ((GROUNDS[row["理由"]],) if row["理由"] else ()), row


def test_three_penalties_within_a_year_call_for_a_shutdown(spec):
    rows = spec("""
        历次处罚                           | 停产停业     | 截至       | 达到
        2022-06-01、2022-12-01、2023-05-31 | —            | 2023-05-31 | 是
        2022-06-01、2022-12-01、2023-06-01 | —            | 2023-06-01 | 否
        2022-12-01、2023-05-31             | —            | 2023-05-31 | 否
        2022-12-01、2023-05-31             | 2023-01-05   | 2023-05-31 | 否
    """)
    for row in rows:
        past = [PastPenalty(date.fromisoformat(text)) for text in row["历次处罚"].split("、")]
        past += [PastPenalty(d, closing=True) for d in [day(row["停产停业"])] if d]
        assert judge_escalation(past, date.fromisoformat(row["截至"]), PROCEDURE).reached is YES_NO[row["达到"]], row


def test_bars_after_revocation_crime_and_shutdowns():
    assert barred_until(date(2023, 3, 15), PROCEDURE) == date(2028, 3, 15)
    assert barred_until(date(2023, 3, 15), PROCEDURE, food_crime_prison=True) is None
    assert shutdown_bar([date(2022, 9, 1), date(2023, 3, 1)], date(2023, 3, 1), PROCEDURE) == date(2028, 3, 1)
    assert shutdown_bar([date(2022, 3, 1), date(2023, 3, 1)], date(2023, 3, 1), PROCEDURE) is None


def test_leniency_needs_every_fact(spec):
    rows = spec("""
        轻微 | 改正 | 有危害 | 危害轻微 | 初次 | 已查验 | 说明来源 | 不知情 | 结论
        是   | 是   | 否     | 是       | 否   | 否     | 否       | 否     | 不予处罚
        是   | 是   | 不清   | 不清     | 否   | 否     | 否       | 否     | 无
        否   | 是   | 是     | 是       | 是   | 否     | 否       | 否     | 可以不予处罚
        否   | 否   | 是     | 是       | 是   | 否     | 否       | 否     | 无
        否   | 否   | 是     | 否       | 否   | 是     | 是       | 是     | 可以免予处罚
        否   | 否   | 是     | 否       | 否   | 是     | 不清     | 是     | 无
    """)
    told = {
        "不予处罚": Lenience.NO_PENALTY, "可以不予处罚": Lenience.MAY_BE_NONE, "可以免予处罚": Lenience.MAY_BE_EXEMPT,
    }  # fmt: skip
    columns = ("轻微", "改正", "有危害", "危害轻微", "初次", "已查验", "说明来源", "不知情")
    for row in rows:
        found = judge_leniency(LeniencyFacts(*(YES_NO[row[name]] for name in columns)), PROCEDURE)
        assert [grant for grant, _article in found.grants] == ([told[row["结论"]]] if row["结论"] != "无" else []), row


def test_exemption_of_small_operators_names_their_own_article():
    facts = LeniencyFacts(checked_goods=True, names_source=True, unaware=True)
    assert "食品安全法" in judge_leniency(facts, PROCEDURE).grants[0][1]
    assert "第四十九条" in judge_leniency(facts, PROCEDURE, small_operator=True).grants[0][1]


def test_the_summary_procedure_has_a_ceiling_and_late_payment_an_end():
    assert summary_ceiling(person=True, procedure=PROCEDURE) == 200
    assert summary_ceiling(person=False, procedure=PROCEDURE) == 3000
    assert late_fee(Decimal(10000), 1, PROCEDURE) == 300
    assert late_fee(Decimal(10000), 33, PROCEDURE) == 9900
    assert late_fee(Decimal(10000), 34, PROCEDURE) == 10000
    assert personal_fine_range(Decimal(60000), PROCEDURE) == (60000, 600000)


def test_a_breach_discovered_too_late_is_not_punished(spec):
    rows = spec("""
        终了日     | 危害生命健康 | 发现日     | 超过追究期限
        2021-03-15 | 否           | 2023-03-15 | 否
        2021-03-15 | 否           | 2023-03-16 | 是
        2021-03-15 | 是           | 2026-03-15 | 否
        2021-03-15 | 是           | 2026-03-16 | 是
    """)
    for row in rows:
        found = limitation(day(row["终了日"]), PROCEDURE, life_or_health=YES_NO[row["危害生命健康"]])
        assert found.passed(day(row["发现日"])) is YES_NO[row["超过追究期限"]], row


def test_how_long_records_are_kept(spec):
    rows = spec("""
        记录     | 主体     | 发生日     | 保质期至   | 保存至
        进货     | 销售企业 | 2024-01-10 | 2024-08-31 | 2025-02-28
        进货     | 销售企业 | 2023-05-10 | —          | 2025-05-10
        进货     | 小经营店 | 2023-05-10 | —          | 2024-05-10
        进货     | 小经营店 | 2023-05-10 | 2023-07-10 | 2024-01-10
        平台交易 | 平台     | 2023-01-15 | 2023-06-30 | 2026-01-15
        进货     | 小摊点   | 2023-05-10 | —          | —
        生产记录 | 农户     | 2023-05-10 | —          | 2025-05-10
        后厨视频 | 销售企业 | 2023-05-10 | —          | 2023-05-17
    """)
    records = {
        "进货": "purchase", "平台交易": "platform_transaction", "生产记录": "farm_production", "后厨视频": "kitchen_video",
    }  # fmt: skip
    for row in rows:
        found = keep_until(
            RECORDS,
            record=records[row["记录"]],
            subject_kind=KINDS[row["主体"]],
            division_code=HERE,
            event_on=day(row["发生日"]),
            shelf_life_ends=day(row["保质期至"]),
        )
        assert found.until == day(row["保存至"]), row
        assert found.must_be_made, row


def test_a_missing_record_is_a_breach_until_its_term_ends():
    kept = keep_until(
        RECORDS, record="purchase", subject_kind="food_sales", division_code=HERE, event_on=date(2023, 5, 10)
    )
    assert is_breach(kept, absent=True, on=date(2025, 5, 10)) is True
    assert is_breach(kept, absent=True, on=date(2025, 5, 11)) is False
    assert is_breach(kept, absent=False, on=date(2023, 5, 11)) is False
    stall = keep_until(RECORDS, record="purchase", subject_kind="stall", division_code=HERE, event_on=date(2023, 5, 10))
    assert is_breach(stall, absent=True, on=date(2023, 6, 1)) is None


@pytest.mark.parametrize("statute", [LAW, ORDINANCE], ids=lambda s: s.code)
def test_every_offence_of_a_statute_has_a_name(statute):
    import tomllib

    known = set(tomllib.loads(read("offences.toml"))["offences"])
    assert {offence for row in statute.provisions for offence in row.offences} <= known
