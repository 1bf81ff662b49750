"""Opinions on grain standards, trainings, enterprise standards and messages of the synthetic county. Everything invented."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from fangxin.actions.monitoring.models import Questionnaire
from fangxin.actions.monitoring.services import messages, standards
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

STANDARDS = (("GB 2715-2016", "食品安全国家标准 粮食"), ("GB 2761-2017", "食品安全国家标准 食品中真菌毒素限量"))
RESPONDENTS = (
    "县粮油检测站（虚构）",
    "县食品检验所（虚构）",
    "县消费者协会（虚构）",
    "县粮食行业协会（虚构）",
    "东关粮油经营部（虚构）",
    "北门面粉厂（虚构）",
)
TIPS = (
    (
        date(2023, 6, 6),
        "夏季凉拌菜怎么吃才放心",
        "凉拌菜现做现吃，室温放置不超过两小时。生熟刀板分开，冰箱里的熟食吃前彻底加热。",
    ),
    (
        date(2024, 6, 4),
        "采食野生蘑菇有危险",
        "野生蘑菇靠颜色和气味分不清有没有毒，不采、不买、不吃。吃后不舒服的，留好剩余食物，立即就医。",
    ),
    (
        date(2024, 9, 3),
        "秋季开学，家长怎样看学校食堂",
        "看量化等级公示、看每周食谱、看陪餐记录。发现问题可向学校膳食委员会反映，也可以拨打 12315。",
    ),
)


def live(stage: Any) -> None:
    course = _Course(stage)
    for year in (2023, 2024):
        for number, (code, name) in enumerate(STANDARDS):
            day = stage.workday(date(year, 4 + 4 * number, 12))
            stage.at(datetime.combine(day, time(10)), lambda c=code, n=name: course.assign(c, n))
        stage.at(datetime.combine(stage.workday(date(year, 5, 25)), time(16)), lambda on=year: course.train(on))
    for day, topic, text in TIPS:
        stage.at(datetime.combine(stage.workday(day), time(9)), lambda t=topic, x=text: course.tell(t, x))
    stage.at(datetime.combine(date(2023, 10, 17), time(11)), course.file_standards)
    stage.at(datetime.combine(date(2024, 8, 13), time(9)), course.hear)
    stage.at(datetime.combine(stage.ends - timedelta(days=3), time(10)), course.end)


class _Course:
    def __init__(self, stage: Any) -> None:
        self.stage, self.rng = stage, stage.rng("monitoring.standards")
        self.health, self.office = stage.user("health"), stage.user("office")
        self.code = stage.division_code

    def assign(self, code: str, name: str) -> None:
        due = ledger.clock.today() + timedelta(days=45)
        rows = standards.assign(
            division_code=self.code, standard_number=code, standard_name=name, respondents=RESPONDENTS,
            respondent_kind="producer", due_on=due, by=self.health,
        )  # fmt: skip
        # The last two of the second year never answered.
        silent = rows[-2:] if due.year == self.stage.ends.year else []
        for row in rows:
            answered = due - timedelta(days=self.rng.randrange(3, 30))
            if row in silent:
                continue
            at = datetime.combine(self.stage.workday(answered), time(10))
            self.stage.at(at, lambda one=row: self.answer(one))

    def answer(self, row: Questionnaire) -> None:
        row.refresh_from_db()
        wrong = self.rng.random() < 0.3
        standards.take_return(
            questionnaire=row, returned_on=ledger.clock.today(), problem="operability" if wrong else "none", product="小麦粉",
            clause="第 3 章" if wrong else "", evidence="小型加工点没有条件每批自检（虚构）。" if wrong else "",
            proposal="明确小型加工点可以委托检验（虚构）。" if wrong else "", by=self.health,
        )  # fmt: skip
        standards.review(questionnaire=row, valid=True, by=self.office)
        if wrong:
            standards.report(questionnaire=row, by=self.office)

    def train(self, year: int) -> None:
        standards.record_training(
            division_code=self.code, held_on=ledger.clock.today(), topic="standards", title=f"{year}年食品安全标准宣贯培训（虚构）",
            audience="粮食加工企业、检验机构、乡镇监管人员", people=46 + year % 7, hours=Decimal("6.0"), passed=44, by=self.health,
        )  # fmt: skip

    def tell(self, topic: str, text: str) -> None:
        row = messages.write(
            division_code=self.code, kind="knowledge", topic=topic, text=text, audience="public",
            channel="县政府网站、村广播", by=self.health,
        )  # fmt: skip
        messages.submit(message=row, by=self.health)
        messages.release(message=row, by=self.office)

    def file_standards(self) -> None:
        makers = registry.list_premises(self.health, "risk.standards").filter(kind="food_producer", closed_on=None)
        for number, place in enumerate(makers.order_by("number")[:3], start=1):
            standards.record_own_standard(
                premises=place, number=f"Q/XG {number:04d}S-2023", name="挂面（虚构）", filing_number=f"41{number:04d}-2023",
                filed_on=ledger.clock.today(), valid_until=date(2026, 10, 16), stricter="水分不高于 13.5%，严于国家标准（虚构）。",
                by=self.health,
            )  # fmt: skip

    def hear(self) -> None:
        row = messages.record_rumour(
            division_code=self.code,
            text="有人说本县卖的西瓜打了甜味针。",
            source="短视频平台",
            heard_on=ledger.clock.today(),
            by=self.office,
        )
        messages.settle_rumour(
            rumour=row,
            true=False,
            finding="抽查产地和市场，没有发现注射痕迹；注射后的西瓜很快变质（虚构）。",
            by=self.office,
        )
        told = messages.answer_rumour(
            rumour=row, topic="西瓜“打针”的说法不属实", by=self.office, audience="public", channel="县政府网站",
            text="县里核查了产地和市场，没有发现给西瓜注射的情况。选西瓜看瓜皮完整，切开的西瓜尽快吃完。",
        )  # fmt: skip
        messages.submit(message=told, by=self.office)
        messages.release(message=told, by=self.health)

    def end(self) -> None:
        """What waits on the desks on the last days."""
        heard = ledger.clock.today()
        messages.record_rumour(
            division_code=self.code,
            text="传言有一批假牛肉流入集市。",
            source="村民微信群",
            heard_on=heard,
            by=self.office,
        )
        row = messages.write(
            division_code=self.code, kind="knowledge", topic="冬季自制血豆腐、火锅食材的提示", audience="public",
            text="自制血制品容易变质，现做现吃。火锅食材煮熟煮透再吃，生熟筷子分开。", by=self.health,
        )  # fmt: skip
        messages.submit(message=row, by=self.health)
        waiting = Questionnaire.objects.filter(people.under(self.code), state=Questionnaire.State.ASSIGNED).order_by(
            "number"
        )
        if (last := waiting.last()) is not None:
            standards.take_return(questionnaire=last, returned_on=heard, problem="none", by=self.health)
