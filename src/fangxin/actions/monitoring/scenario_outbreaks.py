"""Signals and investigations of the synthetic county: a school canteen, a banquet, a false alarm, one that goes on. Everything invented."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from fangxin.actions.monitoring import papers_outbreaks
from fangxin.actions.monitoring.models import Investigation, OutbreakSignal
from fangxin.actions.monitoring.services import outbreaks, outbreaks_detecting, outbreaks_work
from fangxin.actions.monitoring.services import outbreaks_chain as chain
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry

SCHOOL_FOODS = ("凉拌黄瓜", "红烧肉", "番茄蛋汤", "米饭")
BANQUET_FOODS = ("卤猪头肉", "凉拌三丝", "清蒸鱼", "炸丸子", "馒头")
SYMPTOMS = ("腹泻", "腹痛", "呕吐", "发热")


def live(stage: Any) -> None:
    course = _Course(stage)
    ends = stage.ends
    for days, act in (
        (430, course.false_alarm), (410, course.school), (120, course.banquet), (20, course.second_school), (4, course.fresh), (5, course.look),
    ):  # fmt: skip
        stage.at(datetime.combine(stage.workday(ends - timedelta(days=days)), time(9)), act)


class _Course:
    def __init__(self, stage: Any) -> None:
        self.stage, self.code = stage, stage.division_code
        self.cdc = stage.user("cdc")
        self.towns = sorted(town.code for town in stage.world.land.townships)

    def _report(self, unit: str, text: str, town: int = 0, place: Any = None) -> OutbreakSignal:
        code = place.division_code[:9] if place is not None else self.towns[town % len(self.towns)]
        return outbreaks.report(division_code=code, unit=unit, text=text, by=self.cdc)

    def _place(self, kind: str) -> Any:
        return (
            registry.list_premises(self.cdc, "outbreak.work")
            .filter(kind=kind, closed_on=None)
            .order_by("number")
            .first()
        )

    def _open(self, signal: OutbreakSignal, title: str, finding: str, **facts: Any) -> Investigation:
        outbreaks.begin(signal=signal, by=self.cdc)
        return chain.open_from(
            signal=signal, title=title, finding=finding, agency=self.stage.agency("cdc"), by=self.cdc, **facts
        )

    def false_alarm(self) -> None:
        row = self._report("城关一小", "同班 3 名学生当日呕吐（虚构）。")
        outbreaks.exclude(
            signal=row, finding="三人乘车晕车后呕吐，没有共同进餐，24 小时没有新发（虚构）。", by=self.cdc
        )

    def school(self) -> None:
        """From the signal to the closing, with everybody told in time."""
        place = self._place("school_canteen")
        signal = self._report(str(place or "某小学食堂"), "午餐后 20 多名学生腹泻、腹痛（虚构）。", place=place)
        row = self._open(
            signal, "某小学食堂食源性疾病事件（虚构）", "两家医院接诊 24 人，均在食堂吃过午餐（虚构）。", setting="school",
            place=str(place or ""), premises=place, ill=34, exposed=186, meal_at=ledger.clock.now() - timedelta(hours=21),
        )  # fmt: skip
        self._write_list(row, SCHOOL_FOODS, "凉拌黄瓜", 60, 11.0)
        self._tell_all(row)
        chain.confirm_outbreak(
            investigation=row, conclusion="病例集中在食堂用餐学生，凉拌黄瓜与发病有关（虚构）。", by=self.cdc
        )
        chain.grade(investigation=row, by=self.cdc)
        self._tell_all(row)
        measure = outbreaks_work.draft_measure(
            investigation=row,
            kind="control",
            text="食堂暂停供应凉菜，彻底消毒，留样送检（虚构）。",
            premises=place,
            by=self.cdc,
        )
        outbreaks_work.confirm_measure(measure=measure, by=self.cdc)
        chain.respond(investigation=row, text="县政府启动Ⅳ级响应，市场监管局封存剩余食品（虚构）。", by=self.cdc)
        chain.handled(investigation=row, text="食堂整改完毕，三日没有新发（虚构）。", by=self.cdc)
        papers_outbreaks.make(investigation=row, kind="final", by=self.cdc)
        chain.submit_report(
            investigation=row, conclusion="由凉拌黄瓜引起的食源性疾病暴发，生熟刀板混用所致（虚构）。", by=self.cdc
        )
        self._tell_all(row)
        chain.close(investigation=row, assessment="报告及时；学校留样不足 125 克，已要求改正（虚构）。", by=self.cdc)

    def banquet(self) -> None:
        """Not food: closed without a grade."""
        signal = self._report("某村红白理事会", "宴席后 4 人头晕、恶心（虚构）。", 2)
        row = self._open(
            signal,
            "某村宴席后不适事件（虚构）",
            "4 人均在同一间屋取暖（虚构）。",
            setting="banquet",
            place="某村",
            ill=4,
            exposed=70,
        )
        self._tell_all(row)
        chain.not_food(investigation=row, conclusion="四人碳氧血红蛋白升高，判断为一氧化碳中毒（虚构）。", by=self.cdc)
        self._tell_all(row)
        chain.close(investigation=row, assessment="已转告应急部门；宣传取暖安全（虚构）。", by=self.cdc)

    def second_school(self) -> None:
        """Still open, and one report was never made."""
        signal = self._report("南关幼儿园", "两天内 9 名幼儿呕吐（虚构）。", 0)
        row = self._open(
            signal, "某幼儿园呕吐聚集事件（虚构）", "三个班 9 人，晚餐后发病（虚构）。", setting="school", place="某幼儿园", ill=9, exposed=112,
            meal_at=ledger.clock.now() - timedelta(hours=40),
        )  # fmt: skip
        self._write_list(row, BANQUET_FOODS, "卤猪头肉", 36, 33.0)
        late = row.duties.filter(state="waiting").order_by("rule", "recipient").last()
        if late is not None:
            for duty in row.duties.filter(state="waiting").exclude(pk=late.pk):
                chain.tell(duty=duty, how="电话报告（虚构）", by=self.cdc)
            self.stage.plant("late_duty", row.number, row.division_code, rule=late.rule, recipient=late.recipient)

    def fresh(self) -> None:
        self._report("东关卫生院", "一上午接诊 3 名同村腹泻病人，都吃过集市卤肉（虚构）。", 3)

    def look(self) -> None:
        outbreaks_detecting.look(division_code=self.code, by=self.cdc)

    def _tell_all(self, row: Investigation) -> None:
        for duty in row.duties.filter(state="waiting").order_by("rule", "recipient"):
            told = chain.tell(duty=duty, how="电话报告并传真书面材料（虚构）", by=self.cdc)
            if told.agency_id:
                chain.acknowledge(duty=told, by=self.cdc)

    def _write_list(self, row: Investigation, foods: tuple[str, ...], culprit: str, people: int, hours: float) -> None:
        rng: Random = self.stage.rng(f"monitoring.list.{row.title}")
        meal = row.meal_at.astimezone(ledger.clock.LOCAL)
        lines = []
        for number in range(1, people + 1):
            ate = {food: rng.random() < 0.7 for food in foods}
            ill = rng.random() < (0.75 if ate[culprit] else 0.06)
            cells = {
                "id": str(number),
                "ill": "是" if ill else "否",
                "unit": f"{1 + number % 4}班",
                "sex": rng.choice("男女"),
            }
            if ill:
                onset = meal + timedelta(hours=hours * rng.lognormvariate(0, 0.35))
                cells |= {"onset_at": onset.strftime("%Y-%m-%d %H:%M"), "meal_at": meal.strftime("%Y-%m-%d %H:%M"),
                          "symptoms": "、".join(s for s in SYMPTOMS if rng.random() < 0.6) or "腹泻"}  # fmt: skip
            cells |= {f"food:{food}": "是" if yes else "否" for food, yes in ate.items() if rng.random() > 0.05}
            lines.append(cells)
        outbreaks_work.save_list(investigation=row, foods=foods, rows=lines, since=0, by=self.cdc)
        outbreaks_work.define_case(
            investigation=row, text="进餐后 72 小时内出现腹泻、呕吐、腹痛之一者（虚构）。",
            criteria={"since": meal.isoformat(), "until": (meal + timedelta(hours=72)).isoformat(), "units": [],
                      "symptoms": list(SYMPTOMS), "food": "", "suspect_least": 1, "probable_least": 2},
            by=self.cdc,
        )  # fmt: skip
