"""The catering grade at the door (guidance of 2012): rounding first, then half-open bands."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from fangxin.engines.grading import Grade, ScoredVisit, grade_scores, grade_year, load_hygiene_rules

title = "餐饮量化等级"

ROOM = Path(__file__).parents[2] / "standards/grading"
RULES = load_hygiene_rules((ROOM / "catering-hygiene-2012.toml").read_text("utf-8"))
FACES = {"优秀": "excellent", "良好": "good", "一般": "fair", "不评定": "none"}
WHY = {
    "": "graded",
    "低于6分": "below_lowest_band",
    "重点项": "key_items_failed",
    "新办证": "newly_licensed",
    "事故": "recent_accident",
    "无适用项": "no_applicable_item",
    "无检查": "no_scored_visit",
}
ON = date(2023, 9, 20)
LICENSED = date(2020, 5, 6)


def spread(total, count):
    """`count` item scores of one decimal that add up to `total`."""
    tenths, over = divmod(int(Decimal(total) * 10), count) if count else (0, 0)
    return [Decimal(tenths + (n < over)) / 10 for n in range(count)]


def day(text):
    return date.fromisoformat(text) if text else None


def test_h1_to_h4_the_face_after_a_visit(spec):
    rows = spec("""
        适用项 | 总得分 | 重点项不合格 | 平均 | 等级   | 原因    | 说明
        30     | 268    | 0            | 8.9  | 良好   |         | H1，8.933
        30     | 268.5  | 0            | 9.0  | 优秀   |         | H2，8.95 进为 9.0
        30     | 285    | 2            | 9.5  | 不评定 | 重点项  | H3
        30     | 285    | 1            | 9.5  | 优秀   |         | 一项重点项不影响
        25     | 186    | 0            | 7.4  | 一般   |         | H4，缺项 5 项不计
        20     | 149    | 0            | 7.5  | 良好   |         | 7.45 进为 7.5
        100    | 744    | 0            | 7.4  | 一般   |         | 7.44 舍为 7.4
        20     | 119    | 0            | 6.0  | 一般   |         | 5.95 进为 6.0
        100    | 594    | 0            | 5.9  | 不评定 | 低于6分 | 5.94 舍为 5.9
        30     | 300    | 0            | 10.0 | 优秀   |         | 满分
        30     | 0      | 0            | 0.0  | 不评定 | 低于6分 | 零分
        0      | 0      | 0            |      | 不评定 | 无适用项 | 没有适用项不等于合格
    """)
    for row in rows:
        verdict = grade_scores(
            spread(row["总得分"], int(row["适用项"])),
            key_failures=int(row["重点项不合格"]),
            on=ON,
            licensed_on=LICENSED,
            last_accident_on=None,
            rules=RULES,
        )
        assert verdict.score == (Decimal(row["平均"]) if row["平均"] else None), row
        assert verdict.grade == Grade("hygiene_visit", FACES[row["等级"]]), row
        assert verdict.reason == WHY[row["原因"]], row


def test_when_a_visit_earns_no_grade_whatever_its_score(spec):
    rows = spec("""
        检查日     | 发证日     | 事故日     | 等级   | 原因
        2023-03-15 | 2022-12-15 |            | 不评定 | 新办证
        2023-03-16 | 2022-12-15 |            | 优秀   |
        2023-02-28 | 2022-11-30 |            | 不评定 | 新办证
        2023-03-01 | 2022-11-30 |            | 优秀   |
        2023-09-20 | 2020-05-06 | 2023-03-20 | 不评定 | 事故
        2023-09-21 | 2020-05-06 | 2023-03-20 | 优秀   |
        2023-09-20 | 2020-05-06 | 2023-09-20 | 不评定 | 事故
        2023-09-20 | 2020-05-06 | 2023-09-21 | 优秀   |
    """)
    for row in rows:
        verdict = grade_scores(
            spread("285", 30),
            key_failures=0,
            on=day(row["检查日"]),
            licensed_on=day(row["发证日"]),
            last_accident_on=day(row["事故日"]),
            rules=RULES,
        )
        assert (verdict.grade.grade, verdict.reason) == (FACES[row["等级"]], WHY[row["原因"]]), row


def test_h5_the_letter_of_the_year(spec):
    rows = spec("""
        检查得分                                     | 事故日     | 平均 | 等级 | 原因    | 说明
        2022-11-02:9.2 2023-03-08:8.4 2023-08-30:7.9 |            | 8.5  | B    |         | H5
        2022-09-20:5.0 2023-08-30:9.0                |            | 9.0  | A    |         | 满十二个月的那天已出窗口
        2022-09-21:5.0 2023-08-30:9.0                |            | 7.0  | C    |         | 次日仍在窗口
        2023-08-30:5.9                               |            | 5.9  | none | 低于6分 |
        2023-09-21:9.5                               |            |      | none | 无检查  | 尚未发生的不算
                                                     |            |      | none | 无检查  | 没有检查不等于优秀
        2023-08-30:9.5                               | 2023-05-01 | 9.5  | none | 事故    | 事故后六个月
        2023-08-30:9.5                               | 2023-03-01 | 9.5  | A    |         |
    """)
    for row in rows:
        pairs = [one.rsplit(":", 1) for one in row["检查得分"].split()]
        visits = [ScoredVisit(day(on), Decimal(score)) for on, score in pairs]
        verdict = grade_year(visits, on=ON, last_accident_on=day(row["事故日"]), rules=RULES)
        assert verdict.score == (Decimal(row["平均"]) if row["平均"] else None), row
        assert verdict.grade == Grade("hygiene_year", row["等级"]), row
        assert verdict.reason == WHY[row["原因"]], row
