"""The vectors of handing suspected crimes to the police: triggers and clocks."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from fangxin.engines.deadlines import Pause, clock_in_force, due, load_clocks, national_calendar
from fangxin.engines.deadlines.arithmetic import LOCAL
from fangxin.engines.penalties import Answer, CrimeFacts, Trigger, load_transfer_rules, review_transfer

title = "行刑衔接：何时移送、多久办完"

STANDARDS = Path(__file__).parents[2] / "standards"
RULES = load_transfer_rules((STANDARDS / "statutes/transfer.toml").read_text("utf-8"))
CLOCKS = tuple(
    clock
    for name in ("clocks.toml", "cases.toml")
    for clock in load_clocks((STANDARDS / "clocks" / name).read_text("utf-8"))
)
CALENDAR = national_calendar(range(2021, 2027))
YES_NO = {"是": True, "否": False, "不清": None}
# Everything cleared up, nothing found: each test changes what it is about.
CLEAN = CrimeFacts(
    on=date(2024, 3, 8),
    amount=Decimal(600),
    gain=Decimal(100),
    began=date(2024, 2, 1),
    ended=date(2024, 3, 1),
    over_limit=False,
    over_limit_seriously=False,
    meat=False,
    banned_food=False,
    infant_nutrition=False,
    injured=0,
    minor_injury=False,
    seriously_ill=0,
    special_food=False,
    vulnerable_place=False,
    prior_crime=False,
    toxic_material=False,
    illegal_business=False,
    health_food_fraud=False,
    relabelled=False,
)
TOLD = {"触发": Answer.FIRES, "人工判断": Answer.MANUAL, "不触发": Answer.SILENT}


def answer(trigger, **facts):
    review = review_transfer(replace(CLEAN, **facts), RULES)
    return next(found for found in review.results if found.trigger is trigger).answer


def test_drugs_in_health_food_fire_whatever_the_amount():
    """保健食品检出西地那非，货值600元。"""
    review = review_transfer(replace(CLEAN, toxic_material=True), RULES)
    assert [found.trigger for found in review.answered(Answer.FIRES)] == [Trigger.TOXIC_MATERIAL]
    assert review.answer is Answer.FIRES
    assert review_transfer(CLEAN, RULES).answer is Answer.SILENT


def test_amounts(spec):
    rows = spec("""
        金额   | 时长     | 特定食品 | 校园周边等 | 有前科 | 两年内受过处罚 | 数量大 | 结论
        200000 | 一个月   | 否       | 否         | 否     | 否             | 否     | 触发
        199999 | 一个月   | 否       | 否         | 否     | 否             | 否     | 不触发
        120000 | 一个月   | 否       | 是         | 否     | 否             | 否     | 触发
        120000 | 一个月   | 否       | 否         | 否     | 否             | 否     | 不触发
        120000 | 一个月   | 否       | 否         | 否     | 否             | 是     | 人工判断
        120000 | 一个月   | 否       | 否         | 否     | 否             | 不清   | 人工判断
        100000 | 六个月   | 否       | 否         | 否     | 否             | 否     | 触发
        100000 | 一个月   | 是       | 否         | 否     | 否             | 否     | 触发
        100000 | 一个月   | 否       | 否         | 是     | 否             | 否     | 触发
        100000 | 一个月   | 否       | 否         | 否     | 是             | 否     | 触发
        100000 | 一个月   | 否       | 不清       | 否     | 否             | 否     | 人工判断
        99999  | 六个月   | 是       | 是         | 是     | 是             | 是     | 不触发
        未查清 | 一个月   | 否       | 否         | 否     | 否             | 否     | 人工判断
    """)
    for row in rows:
        found = answer(
            Trigger.AMOUNT,
            amount=None if row["金额"] == "未查清" else Decimal(row["金额"]),
            began=date(2023, 9, 1) if row["时长"] == "六个月" else date(2024, 2, 1),
            special_food=YES_NO[row["特定食品"]],
            vulnerable_place=YES_NO[row["校园周边等"]],
            prior_crime=YES_NO[row["有前科"]],
            penalized_on=date(2022, 3, 8) if YES_NO[row["两年内受过处罚"]] else None,
            large_quantity=YES_NO[row["数量大"]],
        )
        assert found is TOLD[row["结论"]], row


def test_danger_of_the_food_itself(spec):
    rows = spec("""
        超限量 | 严重超限 | 病死肉 | 明令禁止 | 婴幼儿营养 | 结论
        是     | 是       | 否     | 否       | 否         | 触发
        是     | 不清     | 否     | 否       | 否         | 人工判断
        是     | 否       | 否     | 否       | 否         | 不触发
        否     | 不清     | 否     | 否       | 否         | 不触发
        否     | 否       | 是     | 否       | 否         | 触发
        否     | 否       | 否     | 是       | 否         | 触发
        否     | 否       | 否     | 否       | 是         | 触发
        否     | 否       | 不清   | 否       | 否         | 人工判断
    """)
    for row in rows:
        found = answer(
            Trigger.UNSAFE_FOOD,
            over_limit=YES_NO[row["超限量"]],
            over_limit_seriously=YES_NO[row["严重超限"]],
            meat=YES_NO[row["病死肉"]],
            banned_food=YES_NO[row["明令禁止"]],
            infant_nutrition=YES_NO[row["婴幼儿营养"]],
        )
        assert found is TOLD[row["结论"]], row


def test_harm_to_people(spec):
    rows = spec("""
        受伤 | 轻伤以上 | 严重食源性疾病 | 结论     | 后果特别严重
        0    | 不清     | 0              | 不触发   | 否
        1    | 是       | 0              | 触发     | 否
        9    | 否       | 9              | 不触发   | 否
        10   | 否       | 10             | 触发     | 否
        30   | 否       | 30             | 触发     | 是
        3    | 不清     | 0              | 人工判断 | 否
    """)
    for row in rows:
        review = review_transfer(
            replace(
                CLEAN,
                injured=int(row["受伤"]),
                minor_injury=YES_NO[row["轻伤以上"]],
                seriously_ill=int(row["严重食源性疾病"]),
            ),
            RULES,
        )
        found = next(r for r in review.results if r.trigger is Trigger.HARM)
        assert (found.answer, found.especially) == (TOLD[row["结论"]], YES_NO[row["后果特别严重"]]), row


def test_other_routes(spec):
    rows = spec("""
        情形     | 属实 | 金额   | 违法所得 | 结论
        非法经营 | 是   | 99999  | 49999    | 不触发
        非法经营 | 是   | 100000 | 0        | 触发
        非法经营 | 是   | 100    | 50000    | 触发
        非法经营 | 不清 | 100000 | 0        | 人工判断
        非法经营 | 否   | 100000 | 50000    | 不触发
        欺诈宣传 | 是   | 600    | 0        | 触发
        欺诈宣传 | 不清 | 600    | 0        | 人工判断
        更换标签 | 是   | 49999  | 0        | 不触发
        更换标签 | 是   | 50000  | 0        | 触发
        更换标签 | 是   | 未查清 | 0        | 人工判断
    """)
    triggers = {
        "非法经营": (Trigger.ILLEGAL_BUSINESS, "illegal_business"),
        "欺诈宣传": (Trigger.HEALTH_FOOD_FRAUD, "health_food_fraud"),
        "更换标签": (Trigger.RELABELLED, "relabelled"),
    }
    for row in rows:
        trigger, fact = triggers[row["情形"]]
        amount = None if row["金额"] == "未查清" else Decimal(row["金额"])
        found = answer(trigger, amount=amount, gain=Decimal(row["违法所得"]), **{fact: YES_NO[row["属实"]]})
        assert found is TOLD[row["结论"]], row


def test_what_is_not_cleared_up_is_never_a_no():
    review = review_transfer(CrimeFacts(on=date(2024, 3, 8)), RULES)
    assert all(found.answer is Answer.MANUAL for found in review.results)
    assert all(found.unknown for found in review.results)


def started(text):
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL) if ":" in text else date.fromisoformat(text)


def end_of(code, text, **more):
    start = started(text)
    on = start.date() if isinstance(start, datetime) else start
    return due(clock_in_force(CLOCKS, code, on), start, calendar=CALENDAR, **more)


def test_clocks_of_a_penalty_case(spec):
    rows = spec("""
        时限             | 代码     | 起算       | 延长 | 届满
        立案决定         | DL04     | 2023-09-15 | 否   | 2023-10-12
        立案决定延长     | DL04     | 2023-09-15 | 是   | 2023-11-02
        办案期限         | DL06     | 2023-07-05 | 否   | 2023-10-07
        办案期限延长     | DL06     | 2023-07-05 | 是   | 2023-11-02
        法制审核         | P3       | 2023-04-20 | 否   | 2023-05-06
        陈述申辩         | DL09     | 2023-04-24 | 否   | 2023-05-04
        听证通知（倒推） | P5       | 2023-05-10 | 否   | 2023-04-27
        送达决定         | P6       | 2023-06-20 | 否   | 2023-06-30
        缴纳罚款         | DL11     | 2023-06-08 | 否   | 2023-06-25
        公示             | DL10     | 2023-09-20 | 否   | 2023-10-24
        外省推送         | P8-PUSH  | 2023-09-20 | 否   | 2023-10-10
        停止公示（短）   | P9-SHORT | 2023-11-30 | 否   | 2024-02-29
        停止公示         | P9       | 2023-03-15 | 否   | 2026-03-15
        撤回公示         | P10      | 2023-09-28 | 否   | 2023-10-09
        扣押             | DL07     | 2024-01-15 | 否   | 2024-02-14
        扣押延长         | DL07     | 2024-01-15 | 是   | 2024-03-30
        先行登记保存     | DL08     | 2023-09-22 | 否   | 2023-10-09
        追究期限         | P14      | 2022-02-28 | 否   | 2024-02-28
        追究期限（危害） | P14-HARM | 2022-02-28 | 否   | 2027-02-28
    """)
    for row in rows:
        assert str(end_of(row["代码"], row["起算"], extended=row["延长"] == "是").last_day) == row["届满"], row


def test_clocks_of_a_transfer(spec):
    rows = spec("""
        时限         | 代码             | 起算             | 届满
        负责人决定   | DL12             | 2024-03-08       | 2024-03-11 23:59:59
        移送公安     | DL13             | 2024-03-11 10:00 | 2024-03-12 10:00:00
        移送公安     | DL13             | 2024-02-09 17:30 | 2024-02-10 17:30:00
        告知材料不全 | T4-TELL          | 2024-03-12 10:00 | 2024-03-13 10:00:00
        补正材料     | T4               | 2024-03-13       | 2024-03-16 23:59:59
        转送管辖     | T5               | 2024-03-12 23:30 | 2024-03-13 23:30:00
        公安审查     | T6               | 2024-03-12       | 2024-03-15 23:59:59
        公安审查     | T6-JOINT         | 2024-03-12       | 2024-03-22 23:59:59
        告知决定     | T7               | 2024-03-22       | 2024-03-25 23:59:59
        提请复议     | DL14             | 2024-03-15       | 2024-03-18 23:59:59
        复议答复     | T8               | 2024-03-18       | 2024-03-21 23:59:59
        建议监督     | T8-PROCURATORATE | 2024-03-21       | 2024-03-24 23:59:59
        移交物品     | T9               | 2024-03-15       | 2024-03-18 23:59:59
    """)
    for row in rows:
        moment = end_of(row["代码"], row["起算"]).moment
        assert f"{moment:%Y-%m-%d %H:%M:%S}" == row["届满"], row


def test_time_in_the_laboratory_does_not_count():
    """送检二十天：办案期限顺延二十天。"""
    plain = end_of("DL06", "2023-07-05").raw
    paused = end_of("DL06", "2023-07-05", pauses=[Pause(date(2023, 7, 10), date(2023, 7, 30))]).raw
    assert (paused - plain).days == 20
