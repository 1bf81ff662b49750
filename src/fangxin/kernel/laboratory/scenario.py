"""Sampling in the synthetic county: three organisers' yearly plans, some two thousand samples, and planted faults.

A month's samples are loaded at once after its end, when all have reached the laboratory. The laboratory's half of the
scenario takes them from there.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from fangxin.engines.deadlines import add_months
from fangxin.kernel.laboratory import standards
from fangxin.kernel.laboratory.data import Handover, SampleLife
from fangxin.kernel.laboratory.models import PlanLine, Purpose, Regime, SamplingPlan, Stage, Storage
from fangxin.kernel.laboratory.services import noticing, plans, tasks
from fangxin.kernel.laboratory.services.loading import load
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

# Planted in a county of ordinary size.
FAULTS: Mapping[str, int] = {
    "late_sample_receipt": 12,
    "broken_seal_accepted": 8,
    "sample_without_duplicate": 10,
    "unpaid_sample": 9,
}
FOODS: Mapping[str, Sequence[str]] = {
    "粮食加工品": ("小麦粉", "大米", "挂面", "玉米粉"),
    "食用油、油脂及其制品": ("花生油", "大豆油", "菜籽油", "芝麻油"),
    "调味品": ("酱油", "食醋", "辣椒酱", "味精"),
    "肉制品": ("酱卤肉", "熏煮香肠火腿制品", "腊肉"),
    "乳制品": ("灭菌乳", "发酵乳", "巴氏杀菌乳"),
    "饮料": ("包装饮用水", "果蔬汁饮料", "蛋白饮料"),
    "方便食品": ("方便面", "调味面制品"),
    "速冻食品": ("速冻水饺", "速冻汤圆"),
    "茶叶及相关制品": ("绿茶", "红茶"),
    "酒类": ("白酒", "啤酒", "葡萄酒"),
    "蔬菜制品": ("酱腌菜", "干制香菇", "黑木耳"),
    "水果制品": ("蜜饯", "水果干制品"),
    "炒货食品及坚果制品": ("瓜子", "花生仁", "核桃"),
    "糕点": ("糕点", "面包", "月饼"),
    "豆制品": ("豆腐", "腐竹", "豆干"),
    "淀粉及淀粉制品": ("粉条", "粉丝", "淀粉"),
    "蜂产品": ("蜂蜜",),
    "保健食品": ("维生素片", "鱼油软胶囊"),
    "餐饮食品": ("油条", "馒头", "火锅底料", "凉菜", "复用餐饮具"),
    "食用农产品": ("韭菜", "芹菜", "豇豆", "菠菜", "普通白菜", "辣椒", "黄瓜", "番茄", "苹果", "梨", "桃", "葡萄",
              "猪肉", "鸡肉", "鸡蛋", "鲫鱼", "草鱼"),
}  # fmt: skip
# Of a hundred planned samples so many are taken.
DONE = 95
BLIND = 20
MOST_DAY = 27
# The smallest plan, in the smallest county.
LEAST = 24
# From this total on there is room for floors of every class and township.
WIDE = 300
# Longer than five working days over the longest holiday.
LATE_DAYS = 21


@dataclass(frozen=True, slots=True)
class Organiser:
    """Whose plan: agency, who makes and who approves it, its purpose and size in a county of ordinary size."""

    agency: str
    maker: str
    approver: str
    purpose: str
    regime: str
    total: int
    laboratory: str


ORGANISERS = (
    Organiser("market", "market", "market2", Purpose.SUPERVISION, Regime.MARKET, 620, "laboratory"),
    Organiser("agriculture", "agriculture", "agriculture2", Purpose.SUPERVISION, Regime.AGRICULTURE, 100, "farm_laboratory"),
    Organiser("health", "health", "health2", Purpose.RISK_MONITORING, Regime.MARKET, 70, "laboratory"),
)  # fmt: skip


def live(stage: Any) -> None:
    course = _Course(stage)
    for year in range(stage.begins.year, stage.ends.year + 1):
        day = stage.begins + timedelta(days=14) if year == stage.begins.year else date(year, 1, 9)
        stage.at(datetime.combine(stage.workday(day), time(9)), lambda y=year: course.make_plans(y))
        stage.at(datetime.combine(stage.workday(day, 2), time(9)), lambda y=year: course.approve_plans(y))
    month = add_months(stage.begins.replace(day=1), 1)
    while month < stage.ends:
        loaded = min(add_months(month, 1) + timedelta(days=14), stage.ends - timedelta(days=1))
        stage.at(datetime.combine(loaded, time(6, 30)), lambda m=month: course.month(m))
        month = add_months(month, 1)
    last = stage.workday(stage.ends, -1)
    stage.at(datetime.combine(last, time(8)), course.ask)
    stage.at(datetime.combine(stage.ends - timedelta(days=1), time(8, 30)), noticing.notice_all)


class _Course:
    def __init__(self, stage: Any) -> None:
        self.stage = stage
        self.rng = stage.rng("laboratory")
        share = min(1, float(stage.world.scale))
        self._left = {kind: max(1, round(count * share)) for kind, count in FAULTS.items()}
        self._places: dict[tuple[str, str], list[Any]] = {}
        self._seal = 0
        self._rules = {one.name: one for one in standards.food_classes(stage.begins)}

    # --- plans --------------------------------------------------------------------------------------------------------

    def make_plans(self, year: int) -> None:
        months = 12 - (self.stage.begins.month if year == self.stage.begins.year else 0)
        for who in ORGANISERS:
            total = self._total(who, months)
            if not total:
                continue
            plans.make_plan(
                year=year, agency=self.stage.agency(who.agency), division_code=self.stage.division_code, total=total,
                food_classes=_classes(who), purpose=who.purpose, regime=who.regime, floor=2 if total > WIDE else 0,
                township_floor=4 if total > WIDE else 0, by=self.stage.user(who.maker),
            )  # fmt: skip

    def _total(self, who: Organiser, months: int) -> int:
        """As many as suit a county of this size, and never more than its places can give."""
        wanted = max(LEAST, round(who.total * float(self.stage.world.scale) * months / 12))
        listed = plans.listed_places(self.stage.division_code, ledger.clock.today())
        stages = (Stage.FARM,) if who.regime == Regime.AGRICULTURE else (Stage.CIRCULATION,)
        places = sum(count for (stage, _town), count in listed.items() if stage in stages)
        return min(wanted, places * plans.MOST_PER_PLACE)

    def approve_plans(self, year: int) -> None:
        for who in ORGANISERS:
            drafts = SamplingPlan.objects.filter(year=year, agency=self.stage.agency(who.agency), state="draft")
            for plan in drafts.order_by("purpose"):
                plans.approve_plan(plan=plan, by=self.stage.user(who.approver))

    # --- samples ------------------------------------------------------------------------------------------------------

    def month(self, first: date) -> None:
        """What was planned for the month, nearly all of it taken."""
        owed = list(self._owed(first))
        lives = [self._life(who, line, turn, first) for who, line, turn in owed]
        kept = [life for life in lives if life is not None]
        faults = {life.key: kind for life in kept if (kind := self._fault(life))}
        samples = load([_spoilt(life, faults.get(life.key, "")) for life in kept], by=self.stage.user("market"))
        for key, kind in sorted(faults.items(), key=lambda one: samples[one[0]].number):
            sample = samples[key]
            self.stage.plant(kind, sample.number, sample.division_code, on=str(sample.sampled_on))

    def _owed(self, first: date) -> Iterator[tuple[Organiser, PlanLine, int]]:
        """Each planned sample has a month of its own among those that the plan covers."""
        by_agency = {self.stage.agency(who.agency).pk: who for who in ORGANISERS}
        rows = PlanLine.objects.filter(plan__year=first.year, plan__state="approved", planned__gt=0)
        # Sorted here: databases put Chinese words in different orders.
        ordered = sorted(
            rows.select_related("plan"), key=lambda line: (by_agency[line.plan.agency_id].agency, *_cell(line))
        )
        covered = range(self.stage.begins.month + 1 if first.year == self.stage.begins.year else 1, 13)
        for line in ordered:
            who = by_agency[line.plan.agency_id]
            for turn in range(line.planned):
                own = self._own(f"{who.agency}:{line.food_class}:{line.stage}:{line.division_code}:{first.year}:{turn}")
                if covered[own % len(covered)] == first.month and own // 12 % 100 < DONE:
                    yield who, line, turn

    def _own(self, text: str) -> int:
        return zlib.crc32(f"{self.stage.world.seed}:{text}".encode())

    def _standing(self, stage: str, township: str) -> list[Any]:
        """Places of a stage in a township that stood from the first day to the last."""
        if (stage, township) not in self._places:
            kinds = standards.premises_kinds(stage, ledger.clock.today())
            rows = registry.Premises.objects.filter(
                people.under(township), kind__in=kinds, merged_into=None, status="operating"
            )
            self._places[stage, township] = list(rows.exclude(opened_on__gt=self.stage.begins).order_by("number"))
        return self._places[stage, township]

    def _life(self, who: Organiser, line: PlanLine, turn: int, first: date) -> SampleLife | None:
        places = self._standing(line.stage, line.division_code)
        if not places:
            return None
        last = min(add_months(first, 1), self.stage.ends - timedelta(days=9)) - timedelta(days=1)
        day = self.stage.workday(first + timedelta(days=self.rng.randrange(min(MOST_DAY, (last - first).days + 1))))
        at = datetime.combine(day, time(9 + self.rng.randrange(7), self.rng.randrange(60)), tzinfo=ledger.clock.LOCAL)
        rule = self._rules[line.food_class]
        place, price = self.rng.choice(places), Decimal(self.rng.randrange(30, 900)) / 10
        samplers = self._samplers(who, line.division_code)
        storage = Storage.NORMAL if rule.warmest is None else Storage.FROZEN if rule.warmest < 0 else Storage.CHILLED
        best_before = day + timedelta(days=self.rng.choice((180, 270, 365)))
        fresh = line.food_class in ("食用农产品", "餐饮食品")
        quantity = rule.test + rule.duplicate
        laboratory = self.stage.agency(who.laboratory)
        self._seal += 1
        return SampleLife(
            key=f"{who.agency}:{line.food_class}:{line.stage}:{line.division_code}:{first}:{turn}",
            columns={
                "plan_line": line, "purpose": who.purpose, "regime": who.regime, "premises": place,
                "subject_name": place.name, "stage": line.stage, "division_code": place.division_code,
                "place": place.address, "food": self.rng.choice(FOODS[line.food_class]), "food_class": line.food_class,
                "batch": "" if fresh else f"{day:%Y%m}{self.rng.randrange(1, 30):02d}",
                "production_on": day - timedelta(days=self.rng.randrange(1, 4 if fresh else 60)),
                "best_before_on": None if fresh else best_before, "storage": storage,
                "producer": "" if fresh else "某食品厂（虚构）", "quantity": quantity, "quantity_unit": rule.unit,
                "unit_price": price, "price_paid": (price * quantity).quantize(Decimal("0.01")),
                "agency": self.stage.agency(who.agency), "sampler": samplers[0], "second_sampler": samplers[1],
                "subject_signer": "" if line.stage == Stage.NETWORK else "现场负责人（虚构）", "laboratory": laboratory,
                "blind": self._own(f"blind:{self._seal}") % 100 < BLIND,
            },
            sampled_at=at,
            seals=(f"F{day:%Y}{self._seal:05}A",),
            duplicate_seals=(f"F{day:%Y}{self._seal:05}B",),
            duplicate_quantity=rule.duplicate,
            received=self._handover(at, laboratory, samplers[0], who, rule.warmest),
            online=_bought(place, at, self._seal) if line.stage == Stage.NETWORK else None,
            due_on=add_months(first, 1) - timedelta(days=1),
        )  # fmt: skip

    def _samplers(self, who: Organiser, township: str) -> tuple[Any, Any]:
        if who.agency != "market":
            return self.stage.user(who.maker), self.stage.user(who.approver)
        seat = max(self.stage.world.land.townships, key=lambda land: land.weight).code
        short = "" if township == seat else township[-3:]
        return self.stage.user(f"inspector{short}"), self.stage.user("market")

    def _handover(
        self, at: datetime, laboratory: Any, sampler: Any, who: Organiser, warmest: Decimal | None
    ) -> Handover:
        day = self.stage.workday(at.astimezone(ledger.clock.LOCAL).date(), self.rng.randrange(0, 4))
        taken = max(datetime.combine(day, time(16, self.rng.randrange(60)), tzinfo=ledger.clock.LOCAL), at)
        cold = None if warmest is None else warmest - self.rng.randrange(1, 5)
        receiver = "lab" if who.laboratory == "laboratory" else "lab_farm"
        return Handover(
            to_agency_id=laboratory.pk, handed_at=taken - timedelta(minutes=30) if taken > at else at, taken_at=taken,
            handed_by=sampler.username, taken_by=receiver, handed_temperature=cold, taken_temperature=cold,
        )  # fmt: skip

    # --- faults -------------------------------------------------------------------------------------------------------

    def _fault(self, life: SampleLife) -> str:
        """Whether one of the planted faults falls here: never on monitoring, and early enough for its whole course."""
        late = life.sampled_at.date() > self.stage.ends - timedelta(days=60)
        if late or life.columns["purpose"] == Purpose.RISK_MONITORING:
            return ""
        chance = 0.3 if self.stage.world.scale < 0.5 else 0.04
        for kind, left in self._left.items():
            if left and self.rng.random() < chance / len(self._left):
                self._left[kind] -= 1
                return kind
        return ""

    # --- the desks of the last days -----------------------------------------------------------------------------------

    def ask(self) -> None:
        """Some tasks stand open: assigned, not assigned, overdue from a complaint."""
        today = ledger.clock.today()
        lines = PlanLine.objects.filter(
            plan__year=today.year, plan__state="approved", plan__agency=self.stage.agency("market"), stage=Stage.CIRCULATION,
            planned__gt=0,
        )  # fmt: skip
        for number, line in enumerate(sorted(lines, key=_cell)[:12]):
            places = self._standing(line.stage, line.division_code)
            if not places:
                continue
            going = [] if number % 4 == 3 else list(self._samplers(ORGANISERS[0], line.division_code))
            tasks.add_task(
                reason="special" if number % 3 else "complaint", purpose="supervision", regime="market", stage=line.stage,
                division_code=places[0].division_code, food_class=line.food_class, food=FOODS[line.food_class][0],
                premises=places[number % len(places)], agency=self.stage.agency("market"), laboratory=self.stage.agency("laboratory"), samplers=going,
                basis="节前专项（虚构）" if number % 3 else "投诉核查（虚构）", due_on=today + timedelta(days=number % 4 * 5),
                by=self.stage.user("market"),
            )  # fmt: skip


def _classes(who: Organiser) -> list[str]:
    return ["食用农产品"] if who.regime == Regime.AGRICULTURE else list(FOODS)


def _cell(line: PlanLine) -> tuple[str, str, str]:
    return line.food_class, line.stage, line.division_code


def _bought(place: Any, at: datetime, number: int) -> Mapping[str, Any]:
    return {
        "platform": "某外卖平台（虚构）", "shop_name": place.name, "buyer": "买样人员（虚构）", "account": f"buyer{number}",
        "delivered_to": "县市场监管局（虚构）", "order_number": f"{at:%Y%m%d}{number:06}", "paid_by": "公务账户",
        "unpacked_at": at,
    }  # fmt: skip


def _spoilt(life: SampleLife, kind: str) -> SampleLife:
    """The life with its fault, as an old file would tell it."""
    given = life.received
    if not kind or given is None:
        return life
    if kind == "unpaid_sample":
        return replace(life, columns={**life.columns, "price_paid": None, "unit_price": None})
    if kind == "sample_without_duplicate":
        return replace(life, duplicate_quantity=None, duplicate_seals=())
    if kind == "broken_seal_accepted":
        return replace(life, received=replace(given, intact=False), receipt_note="封条一角脱开，未记录经谁同意")
    return replace(life, received=replace(given, taken_at=given.taken_at + timedelta(days=LATE_DAYS)))
