"""How much less was used: active ingredient, amount and intensity against the base year, degrees and terms."""

from datetime import date
from decimal import Decimal

from fangxin.engines import forecasts, reduction

title = "农药减量、统防统治和病虫害预报"


def number(text):
    return Decimal(text) if text else None


def test_active_ingredient_of_a_product(spec):
    rows = spec("""
        数量  | 单位 | 含量 | 含量单位 | 密度 | 折百量（克）
        2     | kg   | 10   | %        |      | 200
        500   | g    | 70   | %        |      | 350
        1     | L    | 480  | g/L      |      | 480
        250   | mL   | 200  | g/L      |      | 50
        1     | L    | 10   | %        | 0.9  | 90
        1     | L    | 10   | %        |      | 不明
        1     | kg   | 200  | g/L      |      | 不明
        1     | kg   | 200  | g/L      | 1.25 | 160
        1     | kg   |      | %        |      | 不明
        0     | kg   | 10   | %        |      | 0
    """)
    for row in rows:
        amount = reduction.Amount(Decimal(row["数量"]), reduction.Unit(row["单位"]))
        ingredient = reduction.Ingredient("甲", number(row["含量"]), reduction.Basis(row["含量单位"]))
        grams = reduction.active_grams(amount, ingredient, density=number(row["密度"]))
        if row["折百量（克）"] == "不明":
            assert isinstance(grams, reduction.Unknown), row
        else:
            assert grams == Decimal(row["折百量（克）"]), row


def test_change_against_the_base_year_in_amount_and_intensity(spec):
    # The first line is the example IND-2: 182.4 t to 173.1 t is −5.10 %.
    rows = spec("""
        基期   | 本年  | 基期面积 | 本年面积 | 用量变化 | 强度变化 | 结论
        182.4  | 173.1 |          |          | -5.10    |          | amount_only_fell
        182.4  | 173.1 | 3000     | 3000     | -5.10    | -5.10    | fell
        100    | 90    | 1000     | 800      | -10.00   | 12.50    | mixed
        100    | 110   | 1000     | 1250     | 10.00    | -12.00   | mixed
        100    | 100   | 1000     | 1000     | 0.00     | 0.00     | same
        100    | 100   | 1000     | 900      | 0.00     | 11.11    | rose
               | 90    | 1000     | 1000     |          |          | unknown
        0      | 90    | 1000     | 1000     |          |          | unknown
        100    | 90    | 0        | 1000     | -10.00   |          | amount_only_fell
    """)
    for row in rows:
        change = reduction.compare_years(
            reduction.Usage(number(row["基期"]), number(row["基期面积"])),
            reduction.Usage(number(row["本年"]), number(row["本年面积"])),
        )
        for value, wanted in ((change.amount, row["用量变化"]), (change.intensity_change, row["强度变化"])):
            assert (value is None) == (wanted == ""), row
            assert value is None or round(value, 2) == Decimal(wanted), row
        assert change.trend.value == row["结论"], row


def test_terms_degrees_and_hits_of_forecasts(spec):
    rows = spec("""
        发布  | 发生期至 | 时效
        04-01 | 04-01    | short
        04-01 | 04-11    | short
        04-01 | 04-12    | medium
        04-01 | 05-01    | medium
        04-01 | 05-02    | long
    """)
    for row in rows:
        issued, last = (date.fromisoformat(f"2024-{row[name]}") for name in ("发布", "发生期至"))
        assert forecasts.term_of(issued, last).value == row["时效"], row
    rows = spec("""
        平均病叶率 | 发生程度
        0          | 1
        5          | 1
        5.1        | 2
        10         | 2
        20         | 3
        30         | 4
        30.1       | 5
    """)
    bounds = [Decimal(n) for n in (5, 10, 20, 30)]
    for row in rows:
        assert forecasts.degree_of(Decimal(row["平均病叶率"]), bounds) == int(row["发生程度"]), row
    rows = spec("""
        预计 | 实际 | 盛期  | 评定
        3    | 3    | 05-10 | exact
        3    | 4    | 05-20 | near
        3    | 5    | 05-10 | degree
        3    | 3    | 05-21 | window
        3    | 3    | 04-30 | window
        3    | 0    |       | absent
    """)
    expected = forecasts.Expected(3, date(2024, 5, 1), date(2024, 5, 20))
    for row in rows:
        peak = date.fromisoformat(f"2024-{row['盛期']}") if row["盛期"] else None
        outcome = forecasts.judge_forecast(expected, forecasts.Observed(int(row["实际"]), peak))
        assert outcome.value == row["评定"], row
