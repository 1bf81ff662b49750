"""The ordinance on workshops, small shops and stalls, as drawn tables (provincial ordinance, V:LRB)."""

from datetime import date

import pytest

from fangxin.actions.small_operators import rules
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry

title = "“三小”登记备案"
PROVINCE = "411001100"
KINDS = {"小作坊": "small_workshop", "小经营店": "small_shop", "小摊点": "stall", "食品经营企业": "food_sales"}
HOLDERS = {"个体工商户": "self_employed", "个人": "individual", "有限公司": "enterprise", "合作社": "cooperative"}
OUTCOMES = {"ok": "可以", "review": "人工核对", "rejected": "不予办理"}


def day(text):
    return date.fromisoformat(text)


@pytest.mark.django_db
def test_the_clock_runs_from_the_day_the_papers_are_complete(spec):
    for row in spec("""
        类别     | 材料齐全   | 最晚办结
        小作坊   | 2024-02-05 | 2024-02-20
        小经营店 | 2024-02-05 | 2024-02-20
        小摊点   | 2024-04-03 | 2024-04-11
    """):
        due = rules.decision_due(KINDS[row["类别"]], day(row["材料齐全"]), division_code=PROVINCE)
        assert due == day(row["最晚办结"]), row


def test_a_renewal_has_a_window(spec):
    for row in spec("""
        发证       | 届满       | 起         | 最后一日
        2023-03-15 | 2026-03-14 | 2026-01-13 | 2026-02-12
        2021-02-28 | 2024-02-27 | 2023-12-29 | 2024-01-28
    """):
        kind = rules.kind_rules("small_shop", PROVINCE, day(row["发证"]))
        assert rules.expiry(kind, day(row["发证"])) == day(row["届满"]), row
        window = rules.renewal_window("small_shop", day(row["届满"]), division_code=PROVINCE)
        assert (window.opens_on, window.last_day) == (day(row["起"]), day(row["最后一日"])), row


def test_what_a_day_of_the_window_means(spec):
    words = {"before": "未到", "open": "可以办", "late": "已迟", "over": "已过期"}
    window = rules.renewal_window("small_shop", date(2026, 3, 14), division_code=PROVINCE)
    for row in spec("""
        日期       | 状态
        2026-01-12 | 未到
        2026-01-13 | 可以办
        2026-02-12 | 可以办
        2026-02-13 | 已迟
        2026-03-14 | 已迟
        2026-03-15 | 已过期
    """):
        assert words[window.state(day(row["日期"]))] == row["状态"], row


def test_a_stall_card_has_no_end():
    assert rules.renewal_window("stall", None, division_code=PROVINCE) is None
    assert rules.expiry(rules.kind_rules("stall", PROVINCE, date(2024, 1, 1)), date(2024, 1, 1)) is None


def test_the_terms_are_those_the_register_uses():
    for kind in rules.KINDS:
        known = rules.kind_rules(kind, PROVINCE, date(2023, 3, 15))
        assert rules.expiry(known, date(2023, 3, 15)) == registry.usual_expiry(known.credential, date(2023, 3, 15))


@pytest.mark.django_db
def test_the_first_visit_comes_within_two_months(spec):
    for row in spec("""
        发证       | 首次检查最晚
        2023-12-31 | 2024-02-29
        2024-01-31 | 2024-03-31
        2022-12-31 | 2023-02-28
    """):
        assert rules.first_visit_due("small_shop", day(row["发证"]), division_code=PROVINCE) == day(
            row["首次检查最晚"]
        ), row


def test_what_may_be_made_or_sold(spec):
    for row in spec("""
        类别     | 品种           | 结论     | 属于
        小作坊   | 酸奶           | 不予办理 | 乳制品
        小作坊   | 手工粉条       | 可以     |
        小作坊   | 传统固态白酒   | 人工核对 | 传统酿造以外的酒类
        小作坊   | 勾兑白酒       | 不予办理 | 传统酿造以外的酒类
        小作坊   | 黄桃罐头       | 不予办理 | 罐头
        小作坊   | 果 冻          | 不予办理 | 果冻
        小作坊   | 婴幼儿奶粉     | 不予办理 | 保健食品、特殊医学用途配方食品、婴幼儿配方食品
        小作坊   | 儿童宝宝面     | 人工核对 | 保健食品、特殊医学用途配方食品、婴幼儿配方食品
        小作坊   | 牛奶糖         | 人工核对 | 乳制品
        小作坊   | 豆奶           | 可以     |
        小作坊   | 料酒           | 可以     |
        小作坊   | 啤酒鸭         | 人工核对 | 传统酿造以外的酒类
        小作坊   | 明矾粉条       | 人工核对 | 食品添加剂
        小作坊   | 无明矾粉条     | 可以     |
        小作坊   | 泡打粉         | 不予办理 | 食品添加剂
        小经营店 | 酸奶           | 可以     |
        小经营店 | 过期面包       | 不予办理 | 禁止使用的原料
        小摊点   | 凉皮           | 可以     |
        小摊点   | 病死猪肉       | 不予办理 | 禁止使用的原料
    """):
        (verdict,) = rules.screen_products(
            KINDS[row["类别"]], [row["品种"]], division_code=PROVINCE, on=date(2024, 3, 1)
        )
        assert (OUTCOMES[verdict.outcome], verdict.label) == (row["结论"], row["属于"]), row
        assert bool(verdict.clause) == (verdict.outcome != "ok"), row


def test_who_may_hold_the_paper(spec):
    for row in spec("""
        类别     | 经营者     | 结论
        小经营店 | 个体工商户 | 可以
        小经营店 | 有限公司   | 改办许可
        小作坊   | 合作社     | 改办许可
        小作坊   | 个人       | 改办许可
        小摊点   | 个人       | 可以
        小摊点   | 有限公司   | 改办许可
    """):
        asked = {"division_code": PROVINCE, "on": date(2024, 3, 1)}
        if row["结论"] == "可以":
            rules.check_holder(KINDS[row["类别"]], HOLDERS[row["经营者"]], **asked)
        else:
            with pytest.raises(ledger.Refused, match="许可"):
                rules.check_holder(KINDS[row["类别"]], HOLDERS[row["经营者"]], **asked)


def test_the_subject_chooses_the_statute(spec):
    codes = {"销售超过保质期的食品": "expired_food", "没有登记备案": "unlicensed", "卫生": "hygiene"}
    for row in spec("""
        类别         | 行为                 | 法律 | 条       | 最低  | 最高
        小经营店     | 销售超过保质期的食品 | 条例 | 第四十四条 | 10000 | 100000
        小摊点       | 销售超过保质期的食品 | 条例 | 第四十六条 | 500   | 5000
        小经营店     | 没有登记备案         | 条例 | 第四十三条 | 500   | 500
        小摊点       | 没有登记备案         |      |            |       |
        小摊点       | 卫生                 | 条例 | 第四十七条 | 50    | 500
    """):
        found = rules.statute_for(KINDS[row["类别"]], codes[row["行为"]], date(2024, 3, 1), division_code=PROVINCE)
        if not row["条"]:
            assert found is None, row
            continue
        assert (row["法律"] in found.law, found.article, str(found.low), str(found.high)) == (
            True, row["条"], row["最低"], row["最高"],
        ), row  # fmt: skip


def test_a_licensed_firm_is_judged_by_the_national_law():
    found = rules.statute_for("food_sales", "expired_food", date(2024, 3, 1), division_code=PROVINCE)
    assert found is not None
    assert "食品安全法" in found.law


def test_a_place_without_an_ordinance_is_refused_and_not_given_a_neighbours():
    with pytest.raises(ledger.Refused, match="还没有录入"):
        rules.ordinance_for("990101100", date(2024, 3, 1))
    with pytest.raises(ledger.Refused):
        rules.ordinance_for(PROVINCE, date(2018, 2, 28))
    assert rules.statute_for("small_shop", "expired_food", date(2024, 3, 1), division_code="990101100") is None


def test_the_papers_that_are_asked_for(spec):
    for row in spec("""
        类别     | 直接接触入口食品 | 材料数 | 健康证明
        小作坊   | 是 | 6 | 要
        小经营店 | 是 | 5 | 要
        小经营店 | 否 | 4 | 不要
        小摊点   | 是 | 3 | 要
    """):
        papers = rules.documents_needed(
            KINDS[row["类别"]],
            division_code=PROVINCE,
            on=date(2024, 3, 1),
            ready_to_eat=row["直接接触入口食品"] == "是",
        )
        cards = "要" if any(paper.code == "health_cards" for paper in papers) else "不要"
        assert (str(len(papers)), cards) == (row["材料数"], row["健康证明"]), row
