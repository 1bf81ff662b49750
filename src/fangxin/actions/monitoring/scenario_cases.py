"""Two years of cases in the hospitals of the synthetic county: background by season, late ones, returned ones, months without a case and
months without a word. Everything invented."""

from datetime import date, datetime, time, timedelta
from math import cos, pi
from random import Random
from typing import Any

from fangxin.actions.monitoring import selectors_cases as selectors
from fangxin.actions.monitoring.models import CaseReport
from fangxin.actions.monitoring.services import cases
from fangxin.kernel.ledger import api as ledger

MONTHS = 24
SILENT = 0.12  # share of months without a case in which an institution says nothing
A_MONTH = 1.2  # cases of an institution, the mean over the year
FOODS = (
    ("凉拌菜", "cold_dish", "restaurant", "catering", 3), ("卤肉", "meat", "market", "bulk", 4), ("剩饭剩菜", "mixed", "home", "home", 8),
    ("凉皮", "cereal", "street", "catering", 5), ("四季豆", "vegetable", "home", "home", 4),
    ("蛋糕", "cereal", "shop", "packed", 6), ("宴席凉菜", "cold_dish", "banquet", "catering", 9),
)  # fmt: skip
CULPRIT = ("卤猪头肉", "meat", "banquet", "catering", 9)
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", "安宁平静远航晨曦和顺"
HOSPITAL = ledger.Actor("hospital", "医疗机构填报员（虚构）")


def live(stage: Any) -> None:
    course = _Course(stage)
    # The register fills up as the county lives: who reports is known only then.
    stage.at(datetime.combine(course.months[-1], time(8)), course.begin)
    stage.at(datetime.combine(stage.ends - timedelta(days=6), time(8)), course.banquet)


class _Course:
    def __init__(self, stage: Any) -> None:
        self.stage, self.rng = stage, stage.rng("monitoring.cases")
        self.cdc = stage.user("cdc")
        self.planned = 0
        first, self.months = stage.ends.replace(day=1), []
        for _number in range(MONTHS):
            first = (first - timedelta(days=1)).replace(day=1)
            self.months.append(first)

    def begin(self) -> None:
        for place in selectors.list_institutions(self.cdc, selectors.REVIEW):
            for month in self.months:
                self.plan(place, month)

    def banquet(self) -> None:
        """Seven guests of one banquet at one hospital within a day: what the hospital rule must see."""
        place = selectors.list_institutions(self.cdc, selectors.REVIEW).first()
        if place is None:
            return
        seen = ledger.clock.now()
        for guest in range(7):
            own = self.stage.rng(f"monitoring.banquet.{guest}")
            moment = seen + timedelta(hours=own.randrange(1, 9))
            self.stage.at(
                moment.replace(tzinfo=None), lambda r=own, s=moment: self._guest(place, s.replace(tzinfo=None), r)
            )
        self.stage.plant("case_cluster", place.name, place.division_code, food=CULPRIT[0], cases=7)

    def _guest(self, place: Any, seen: datetime, rng: Random) -> None:
        row = self._fill(place, seen, rng, CULPRIT, "村东宴席（虚构）")
        cases.report(case=row, by=HOSPITAL)

    def plan(self, place: Any, month: date) -> None:
        season = 1 - 0.7 * cos(2 * pi * (month.month - 1) / 12)
        expected = A_MONTH * season
        number = sum(self.rng.random() < expected / 8 for _try in range(8))
        following = (month + timedelta(days=32)).replace(day=1)
        for serial in range(number):
            seen = datetime.combine(month + timedelta(days=self.rng.randrange(28)), time(self.rng.randrange(8, 18), 20))
            self.planned += 1
            late, back = self.planned % 14 == 3, self.planned % 19 == 5
            own = self.stage.rng(f"monitoring.case.{place.number}.{seen:%y%m%d%H}.{serial}")
            self.stage.at(
                seen + timedelta(minutes=20),
                lambda s=seen, r=own, w=late, b=back: self._write(place, s, r, w, b),
            )
        if not number:
            if self.rng.random() < SILENT:
                return
            told = self.stage.workday(following + timedelta(days=self.rng.randrange(4)))
            self.stage.at(
                datetime.combine(told, time(9)), lambda: cases.tell_zero(institution=place, month=month, by=HOSPITAL)
            )

    def _write(self, place: Any, seen: datetime, rng: Random, late: bool, back: bool) -> None:
        row = self._fill(place, seen, rng, rng.choice(FOODS), "")
        diagnosed = row.diagnosed_on
        told = self.stage.workday(row.due_on, 3 if late else -1 if row.due_on > diagnosed + timedelta(days=1) else 0)
        moment = max(datetime.combine(told, time(16)), seen + timedelta(minutes=40))
        self.stage.at(moment, lambda: self._report(row, back))

    def _fill(
        self, place: Any, seen: datetime, rng: Random, dish: tuple[str, str, str, str, int], eaten: str
    ) -> CaseReport:
        food, food_class, place_type, packing, hours = dish
        at = seen.replace(tzinfo=ledger.clock.LOCAL)
        onset = at - timedelta(hours=rng.randrange(3, 40))
        born = date(at.year - rng.randrange(1, 85), rng.randrange(1, 13), rng.randrange(1, 28))
        wanted = {"diarrhoea": 0.85, "vomiting": 0.6, "abdominal_pain": 0.7, "nausea": 0.5, "fever": 0.25}
        return cases.write(
            institution=place, by=HOSPITAL,
            facts={
                "sex": rng.choice(("male", "female")), "born_on": born, "occupation": "pupil" if at.year - born.year < 18 else "farmer",
                "belongs": "county", "division_code": place.division_code, "onset_at": onset, "seen_at": at,
                "diagnosed_on": at.date(), "symptoms": [s for s, p in wanted.items() if rng.random() < p] or ["diarrhoea"],
                "stools": rng.randrange(3, 10), "diagnosis": "急性胃肠炎",
            },
            identity={"name": rng.choice(SURNAMES) + rng.choice(GIVEN) + "（虚构）", "phone": "13800000000"},
            exposures=[{
                "food": food, "food_class": food_class, "packing": packing, "place_type": place_type, "place": eaten,
                "people": rng.randrange(1, 6), "eaten_at": onset - timedelta(hours=hours * rng.uniform(0.6, 1.6)),
            }],
        )  # fmt: skip

    def _report(self, row: CaseReport, back: bool) -> None:
        row.refresh_from_db()
        cases.report(case=row, by=HOSPITAL)
        review = datetime.combine(self.stage.workday(ledger.clock.today(), 1), time(10))
        self.stage.at(review, lambda: self._review(row, back))

    def _review(self, row: CaseReport, back: bool) -> None:
        row.refresh_from_db()
        if back:
            cases.send_back(case=row, note="请补充进食地点（虚构）。", by=self.cdc)
        else:
            cases.accept(case=row, by=self.cdc)
