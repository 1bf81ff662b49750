"""Risk grades (RG16 and the inspection measures of 2022): every line was computed by hand from the rule."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from fangxin.engines.grading import (
    Grade,
    Occurred,
    Scale,
    adjust_grade,
    edition_in_force,
    frequency_for,
    judge_risk,
    key_supervision,
    load_frequency_rules,
    load_risk_rules,
    load_static_form,
    static_score,
)

title = "风险等级"

ROOM = Path(__file__).parents[2] / "standards/grading"


def read(load, stem):
    return [load(path.read_text("utf-8")) for path in sorted(ROOM.glob(f"{stem}*.toml"))]


ON = date(2023, 3, 15)
RULES = edition_in_force(read(load_risk_rules, "risk-grade"), "risk-grade", ON)
CONVERTING = replace(RULES, convert=True)
FREQUENCIES = read(load_frequency_rules, "visit-frequency")
SHOP = {
    "面积": "area",
    "预包装常温": "prepackaged_ambient",
    "预包装冷藏": "prepackaged_chilled",
    "预包装冷冻": "prepackaged_frozen",
    "散装常温": "bulk_ambient",
    "散装冷藏": "bulk_chilled",
    "散装冷冻": "bulk_frozen",
    "供货者": "suppliers",
}


def form(stem):
    return load_static_form((ROOM / f"static-{stem}-2016.toml").read_text("utf-8"))


def risk(letter):
    return Grade(Scale.RISK, letter)


def test_r1_static_score_of_a_food_seller(spec):
    rows = spec("""
        面积   | 预包装常温 | 预包装冷藏 | 预包装冷冻 | 散装常温 | 散装冷藏 | 散装冷冻 | 供货者 | 各项得分                    | 静态分
        850    | 3200       | 180        | 90         | 120      | 40       | 0        | 130    | 2 1.2 3 1 1.5 6.5 0 4       | 19.2
        200    | 500        | 100        | 100        | 100      | 29       | 50       | 50     | 1 0.5 1 1 1 6 1 2           | 13.5
        201    | 501        | 101        | 101        | 101      | 30       | 51       | 51     | 2 1 3 1.5 1.5 6.5 2 3       | 20.5
        3000   | 10000      | 1000       | 1000       | 1000     | 150      | 300      | 300    | 3 1.5 5 2.5 3 8 3 5         | 31.0
        3000.5 | 10001      | 1001       | 1001       | 1001     | 151      | 301      | 301    | 4 2 7 3 5 9 4 6             | 40
        0      | 0          | 0          | 0          | 0        | 0        | 0        | 0      | 0 0 0 0 0 0 0 0             | 0
        80     | 500.4      | 0          | 0          | 0        | 29.5     | 0        | 50.5   | 1 0.5 0 0 0 6.5 0 3         | 11.0
    """)
    for row in rows:
        score = static_score(form("food-sales"), {code: Decimal(row[name]) for name, code in SHOP.items()})
        assert [str(part.points) for part in score.parts] == row["各项得分"].split(), row
        assert score.points == Decimal(row["静态分"]), row


def test_static_score_of_kitchens_by_area_or_diners(spec):
    rows = spec("""
        表         | 项目   | 数值 | 其余项得分 | 静态分
        restaurant | area   | 150  | 12         | 14
        restaurant | area   | 151  | 12         | 16
        restaurant | area   | 1000 | 0          | 6
        restaurant | area   | 3000 | 30         | 38
        restaurant | area   | 3001 | 30         | 40
        canteen    | diners | 50   | 10         | 12
        canteen    | diners | 300  | 10         | 14
        canteen    | diners | 500  | 10         | 17
        canteen    | diners | 501  | 10         | 20
    """)
    for row in rows:
        facts = {row["项目"]: Decimal(row["数值"]), "dishes": Decimal(row["其余项得分"])}
        assert static_score(form(row["表"]), facts).points == Decimal(row["静态分"]), row


def test_of_several_classes_the_riskiest_counts(spec):
    rows = spec("""
        配方            | 功能                     | 贮存         | 静态分
        single          | other                    | ambient      | 18
        single compound | other                    | ambient      | 20
        compound        | other adulteration_prone | cold ambient | 25
    """)
    for row in rows:
        facts = {
            "raw_material": Decimal(4),
            "unsuitable_people": Decimal(1),
            "formula": row["配方"].split(),
            "function": row["功能"].split(),
            "storage": row["贮存"].split(),
        }
        assert static_score(form("health-food-producer"), facts).points == Decimal(row["静态分"]), row


def test_r2_r3_bands_include_their_upper_edge(spec):
    rows = spec("""
        静态 | 动态 | 总分 | 等级 | 每年最少 | 每年最多 | 说明
        19.2 | 18.5 | 37.7 | B    | 1        | 2        | R2
        10   | 20   | 30   | A    | 1        | 不限     | R3
        10   | 20.1 | 30.1 | B    | 1        | 2        | R3
        20   | 25   | 45   | B    | 1        | 2        | R3
        20   | 25.1 | 45.1 | C    | 2        | 3        | R3
        30   | 30   | 60   | C    | 2        | 3        | R3
        30   | 30.1 | 60.1 | D    | 3        | 4        | R3
        24   | 21   | 45   | B    | 1        | 2        | 农产品市场 A7-2
        0    | 0    | 0    | A    | 1        | 不限     | 下端
        40   | 60   | 100  | D    | 3        | 4        | 上端
    """)
    for row in rows:
        verdict = judge_risk(Decimal(row["静态"]), Decimal(row["动态"]), rules=RULES)
        assert (verdict.total, verdict.grade) == (Decimal(row["总分"]), risk(row["等级"])), row
        frequency = frequency_for(verdict.grade, rules=edition_in_force(FREQUENCIES, "visit-frequency", ON))
        most = None if row["每年最多"] == "不限" else int(row["每年最多"])
        assert (frequency.minimum, frequency.maximum) == (int(row["每年最少"]), most), row


def test_r4_r5_what_happened_moves_next_years_grade(spec):
    rows = spec("""
        今年 | 情形                                | 上调 | 特征         | 明年 | 说明
        B    | failed_sampling                     | 1    |              | C    | R4
        B    | failed_sampling                     | 2    |              | D    | R4
        D    | failed_sampling                     | 2    |              | D    | R4，到顶
        B    | certified                           |      |              | A    | R5
        B    | certified breach                    |      |              | B    | R5，当年有违法行为
        B    | certified wilful_breach             |      |              | C    | R5，上调优先
        A    | certified                           |      |              | A    | 到底
        C    | three_clean_years certified         |      |              | B    | 只下调一级
        B    | certified                           |      | special_food | B    | 特殊食品生产者不因认证下调
        B    | quality_award                       |      | special_food | A    | 政府质量奖
        A    | failed_sampling accident            | 2    |              | C    | 同向只算最重的一项
        B    |                                     |      |              | B    | 没有情形
    """)
    for row in rows:
        steps = int(row["上调"]) if row["上调"] else None
        occurred = [Occurred(code, steps) for code in row["情形"].split()]
        change = adjust_grade(risk(row["今年"]), occurred, rules=RULES, traits=row["特征"].split())
        assert change.after == risk(row["明年"]), row


def test_r6_a_new_operator_is_converted_only_if_switched_on(spec):
    rows = spec("""
        静态 | 折算 | 总分 | 等级 | 原因
        19.2 | 开   | 48.0 | C    | converted
        12   | 开   | 30   | A    | converted
        40   | 开   | 100  | D    | converted
        19.2 | 关   |      | none | no_dynamic_score
    """)
    for row in rows:
        rules = CONVERTING if row["折算"] == "开" else RULES
        verdict = judge_risk(Decimal(row["静态"]), None, rules=rules)
        total = Decimal(row["总分"]) if row["总分"] else None
        assert (verdict.total, verdict.grade, verdict.reason) == (total, risk(row["等级"]), row["原因"]), row


def test_who_is_under_key_supervision(spec):
    rows = spec("""
        类别            | 等级 | 特征         | 检查日     | 重点监管
        food_producer   | B    |              | 2023-03-15 | 否
        food_producer   | C    |              | 2023-03-15 | 是
        food_producer   | A    | special_food | 2023-03-15 | 是
        restaurant      | C    |              | 2023-03-15 | 否
        restaurant      | D    |              | 2023-03-15 | 是
        central_kitchen | A    |              | 2023-03-15 | 是
        group_meal      | none |              | 2023-03-15 | 是
        school_canteen  | none |              | 2023-03-15 | 否
        food_producer   | C    |              | 2022-03-14 | 否
    """)
    for row in rows:
        rules = edition_in_force(FREQUENCIES, "visit-frequency", date.fromisoformat(row["检查日"]))
        found = key_supervision(row["类别"], risk(row["等级"]), rules=rules, traits=row["特征"].split())
        assert found.applies == (row["重点监管"] == "是"), row


def test_a_catering_letter_has_its_own_frequency(spec):
    rows = spec("""
        标尺         | 等级 | 最少 | 最多
        hygiene_year | A    | 1    | 1
        hygiene_year | B    | 2    | 2
        hygiene_year | C    | 3    | 3
        hygiene_year | none | 4    | 4
        risk         | C    | 2    | 3
    """)
    rules = edition_in_force(FREQUENCIES, "visit-frequency", ON)
    for row in rows:
        frequency = frequency_for(Grade(row["标尺"], row["等级"]), rules=rules)
        assert (frequency.minimum, frequency.maximum) == (int(row["最少"]), int(row["最多"])), row
