"""Risk monitoring in the synthetic county: quarterly sheets of a department, one hazard that truly rises, one township that
truly stands out, a local diet survey, assessments, a consultation with decisions. Everything invented."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import exp, log
from random import Random
from typing import Any

from fangxin.actions.monitoring import rules
from fangxin.actions.monitoring.models import Measurement, Signal, SurveyFigure
from fangxin.actions.monitoring.services import (
    assessing,
    consulting,
    detecting,
    dossier,
    importing,
    signals,
    surveys,
)
from fangxin.engines.evidence import digest
from fangxin.engines.exposure import Mode
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

QUARTERS = tuple(
    date(year, month, 10) for year in (2022, 2023, 2024) for month in (2, 5, 8, 11) if (year, month) >= (2022, 8)
)
RISES_FROM = date(2024, 2, 1)
RISE = 2.6  # times the level before; still mostly below the limit
OUTLIER_SHARE = 0.45


@dataclass(frozen=True, slots=True)
class Watched:
    """A hazard in a food as the county measures it: level and spread in mg/kg, limits of the method, limit compared with."""

    analyte: str
    hazard: str
    food: str
    food_group: str
    median: float
    spread: float
    lod: str
    loq: str
    limit: float
    a_quarter: int


WATCHED = (
    Watched("镉", "Cd", "大米", "cereals", 0.032, 0.55, "0.002", "0.006", 0.2, 12),
    Watched("无机砷", "iAs", "大米", "cereals", 0.07, 0.3, "0.02", "0.06", 0.2, 9),
    Watched("脱氧雪腐镰刀菌烯醇", "DON", "小麦", "cereals", 0.12, 0.9, "0.02", "0.05", 1.0, 9),
    Watched("铅", "Pb", "菠菜", "vegetables", 0.035, 0.6, "0.01", "0.02", 0.3, 16),
    Watched("黄曲霉毒素B1", "AFB1", "花生油", "oils", 0.0006, 1.1, "0.0003", "0.001", 0.02, 8),
    Watched("铅", "Pb", "猪肉", "meat", 0.008, 0.6, "0.01", "0.02", 0.2, 6),
)
DIET = {
    "cereals": ("342.5", "0.45", "1", "620"), "vegetables": ("281.0", "0.5", "1", "560"),
    "fruit": ("62.0", "0.9", "0.8", "400"), "meat": ("74.0", "0.7", "0.95", "250"),
    "eggs": ("31.0", "0.6", "0.9", "120"), "fish": ("12.0", "1.2", "0.4", "180"),
    "oils": ("36.0", "0.4", "1", "70"), "milk": ("28.0", "1.3", "0.35", "300"),
}  # fmt: skip


def live(stage: Any) -> None:
    course = _Course(stage)
    for quarter in QUARTERS:
        stage.at(datetime.combine(stage.workday(quarter), time(10)), lambda on=quarter: course.bring(on))
    stage.at(datetime.combine(date(2023, 6, 20), time(10)), course.survey)
    stage.at(datetime.combine(date(2023, 6, 21), time(10)), course.confirm)
    stage.at(datetime.combine(date(2023, 9, 5), time(10)), lambda: course.assess("Cd", "Cd:PTMI:JECFA73rd2010"))
    stage.at(datetime.combine(date(2024, 5, 21), time(9)), course.look)
    stage.at(datetime.combine(date(2024, 5, 27), time(9)), course.settle)
    stage.at(datetime.combine(date(2024, 5, 28), time(9)), course.arrange)
    stage.at(datetime.combine(date(2024, 6, 6), time(15)), course.meet)
    stage.at(datetime.combine(date(2024, 8, 20), time(9)), course.look)
    stage.at(datetime.combine(date(2024, 9, 3), time(9)), course.assess_all)
    stage.at(datetime.combine(date(2024, 10, 8), time(9)), course.check)
    stage.at(datetime.combine(stage.ends - timedelta(days=4), time(9)), course.end)


class _Course:
    def __init__(self, stage: Any) -> None:
        self.stage = stage
        self.rng: Random = stage.rng("monitoring")
        self.health, self.office = stage.user("health"), stage.user("office")
        self.code = stage.division_code
        self.towns = sorted(town.code for town in stage.world.land.townships)
        self.outlier = self.towns[len(self.towns) // 2]
        self.talk: Any = None
        self.assessed: list[Any] = []

    # --- results ------------------------------------------------------------------------------------------------------

    def bring(self, quarter: date) -> None:
        """A quarter's sheet, told to the platform as rows that were read."""
        rows = list(self._rows(quarter))
        name = f"{quarter.year}年第{(quarter.month + 2) // 3}季度风险监测.xlsx"
        text = "".join(f"{r['sample_no']}{r['as_typed']}" for r in rows)
        importing.load_results(
            name=name, source="县疾控中心食品污染物监测（虚构）", division_code=self.code, rows=rows,
            digest=digest(text.encode()), by=self.health,
        )  # fmt: skip
        if quarter == QUARTERS[-1]:
            self._tell_truth()

    def _rows(self, quarter: date) -> Iterator[Mapping[str, Any]]:
        serial = 0
        for watched in WATCHED:
            for _number in range(watched.a_quarter):
                serial += 1
                town = self.rng.choice(self.towns)
                sampled = quarter - timedelta(days=self.rng.randrange(4, 80))
                yield self._row(watched, f"FX{quarter:%y%m}-{serial:03d}", town, sampled)
        # More vegetables are taken where one township was noticed.
        lead = next(w for w in WATCHED if w.food == "菠菜")
        for _number in range(3):
            serial += 1
            yield self._row(lead, f"FX{quarter:%y%m}-{serial:03d}", self.outlier, quarter - timedelta(days=20))

    def _row(self, watched: Watched, sample_no: str, town: str, sampled: date) -> Mapping[str, Any]:
        value = watched.median * exp(self.rng.gauss(0, watched.spread))
        if (watched.hazard, watched.food) == ("Cd", "大米") and sampled >= RISES_FROM:
            value *= RISE
        if watched.food == "菠菜" and town == self.outlier and self.rng.random() < OUTLIER_SHARE:
            value = watched.limit * exp(abs(self.rng.gauss(0.25, 0.2)))
        text = _written(value, watched)
        said = rules.read_result(text, "mg/kg", Decimal(watched.lod), Decimal(watched.loq))
        over = Measurement.OverLimit.YES if value > watched.limit else Measurement.OverLimit.NO
        return {
            "sample_no": sample_no, "food": watched.food, "food_class": "", "analyte": watched.analyte,
            "as_typed": text, "unit": "mg/kg", **said, "hazard": watched.hazard, "food_group": watched.food_group,
            "over_limit": over, "sampled_on": sampled, "division_code": town,
        }  # fmt: skip

    def _tell_truth(self) -> None:
        names = people.division_names({self.outlier})
        self.stage.plant(
            "rising_hazard", "大米·镉", self.code, since=RISES_FROM.isoformat(), times=RISE, hazard="Cd", food="cereals"
        )
        self.stage.plant(
            "township_above", f"{names.get(self.outlier, self.outlier)}·菠菜·铅", self.outlier, hazard="Pb",
            share=OUTLIER_SHARE,
        )  # fmt: skip

    # --- diets and assessments ----------------------------------------------------------------------------------------

    def survey(self) -> None:
        figures = [
            SurveyFigure(
                food_group=food, grams=Decimal(grams), variation=Decimal(cv), eaters=Decimal(eaters),
                portion_g=Decimal(portion),
            )
            for food, (grams, cv, eaters, portion) in DIET.items()
        ]  # fmt: skip
        self.diet = surveys.load_survey(
            name="县居民膳食调查（虚构）", people="general", year=2023, division_code=self.code,
            source="县疾控中心，三天 24 小时回顾法（虚构）", respondents=612, body_weight_kg=Decimal("61.4"),
            figures=figures, by=self.health,
        )  # fmt: skip

    def confirm(self) -> None:
        surveys.confirm_survey(survey=self.diet, by=self.office)

    def assess(self, hazard: str, reference_point: str) -> None:
        question = assessing.Question(
            division_code=self.code, hazard=hazard, people="general", since=date(2022, 1, 1), until=ledger.clock.today(),
            mode=Mode.CHRONIC, reference_point=reference_point,
        )  # fmt: skip
        self.assessed.append(assessing.assess(question=question, by=self.health))

    def assess_all(self) -> None:
        for hazard, reference_point in (
            ("Cd", "Cd:TWI:EFSA20092011"), ("Pb", "Pb:BMDL01:EFSA2010"), ("DON", "DON:group-PMTDI/TDI:JECFA72nd2010"),
            ("AFB1", "AFB1:BMDL10:EFSA2020"),
        ):  # fmt: skip
            self.assess(hazard, reference_point)

    # --- signals and the consultation ---------------------------------------------------------------------------------

    def look(self) -> None:
        detecting.detect(division_code=self.code, by=self.health)

    def settle(self) -> None:
        for row in Signal.objects.filter(people.under(self.code), state="raised").order_by("number"):
            signals.confirm(signal=row, finding="复核原始记录无误，近两季样品来自同一灌区（虚构）。", by=self.health)

    def arrange(self) -> None:
        self.talk = consulting.arrange(
            title="稻米镉和蔬菜铅风险会商", division_code=self.code, planned_on=date(2024, 6, 6),
            convened_by=self.office.posts_today[0].agency, background="近两季监测提示含量上升，须判断来源和措施。",
            agencies=[self.stage.agency(key) for key in ("health", "agriculture", "environment", "market")],
            by=self.office,
        )  # fmt: skip
        for row in Signal.objects.filter(people.under(self.code), state="confirmed").order_by("number"):
            consulting.put_on_agenda(consultation=self.talk, signal=row, by=self.office)
        consulting.add_assessments(consultation=self.talk, assessments=self.assessed, by=self.office)
        dossier.make_dossier(consultation=self.talk, by=self.office)

    def meet(self) -> None:
        talk = self.talk
        said = "同意加密监测，排查灌溉水和投入品来源。"
        for participant in talk.participants.order_by("pk"):
            consulting.record_opinion(participant=participant, who_came="", came=True, opinion=said, by=self.office)
        consulting.hold(
            consultation=talk, held_on=date(2024, 6, 6), chair="食安办负责人", place="县政府会议室", by=self.office
        )
        for key, text, due in (
            (
                "agriculture",
                "排查涉及乡镇稻田的灌溉水、肥料和秸秆还田情况，提出替代种植或者调酸措施。",
                date(2024, 8, 30),
            ),
            ("environment", "核查灌区上游涉重金属企业排放和历史遗留渣场。", date(2024, 8, 16)),
        ):
            consulting.decide(
                consultation=talk, text=text, owner=self.stage.agency(key), due_on=due, check_on=date(2024, 10, 8),
                by=self.office,
            )  # fmt: skip
        consulting.conclude(
            consultation=talk, level="moderate", by=self.office,
            conclusion="暴露低于参考值，但上升趋势明确，须在超过限量以前采取措施；两个月后看效果。",
        )  # fmt: skip

    def check(self) -> None:
        decision = self.talk.decisions.order_by("pk").first()
        consulting.check_outcome(
            decision=decision, outcome="unclear", text="新季稻米样品尚未检测，待第四季度结果。", by=self.office
        )

    def end(self) -> None:
        """What waits on the desks on the last days."""
        self.look()
        consulting.arrange(
            title="年度食品污染物风险会商", division_code=self.code, planned_on=date(2024, 12, 6),
            convened_by=self.office.posts_today[0].agency,
            agencies=[self.stage.agency(key) for key in ("health", "agriculture", "market")], by=self.office,
        )  # fmt: skip


def _written(value: float, watched: Watched) -> str:
    """As a laboratory writes it."""
    if value < float(watched.lod):
        return "未检出"
    if value < float(watched.loq):
        return f"<{watched.loq}"
    digits = max(0, 2 - int(log(value, 10) // 1))
    return f"{value:.{digits}f}"
