"""The farms of the synthetic county: what grew, what was sprayed, what was harvested too early."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from fangxin.actions.farm_inputs.data import PastBatch, PastEntry, PastUse
from fangxin.actions.farm_inputs.models import Farm, Product
from fangxin.actions.farm_inputs.services import farms, loading, products, records
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

MOST_FARMS = 250
TYPE_FACT = "farm_inputs_farm_type"


@dataclass(frozen=True, slots=True)
class Course:
    """How a crop goes through its year: sown and harvested by day of the year, and what is usual on it."""

    food: str
    sown: tuple[int, int]
    days: int
    wait: int
    # registration number (last four digits), dose, unit, against
    sprays: tuple[tuple[str, str, str, str], ...]


CROPS = (
    Course("小麦", (10, 12), 242, 24, (("0005", "30", "g/亩", "蚜虫"), ("0007", "120", "g/亩", "赤霉病"))),
    Course("菠菜", (9, 5), 58, 9, (("0003", "30", "mL/亩", "菜青虫"),)),
    Course("小白菜", (3, 12), 62, 10, (("0004", "30", "mL/亩", "菜青虫"),)),
    Course("番茄", (3, 20), 105, 18, (("0008", "180", "g/亩", "早疫病"), ("0011", "180", "g/亩", "早疫病"))),
    Course("油麦菜", (10, 25), 45, 12, (("0004", "30", "mL/亩", "菜青虫"),)),
    Course("苹果", (3, 1), 214, 16, (("0011", "600", "倍液", "斑点落叶病"),)),
)
HERDS = (("猪", 160, 90, "0012", "支原体病"), ("肉鸡", 45, 3000, "0013", "细菌病"))
FISH = "草鱼"
# How many of each fault are planted, and what is found by them.
EARLY, BANNED, OVER, GAPS = 5, 3, 4, 4


def live(stage: Any) -> None:
    course = _Course(stage)
    last = stage.ends - timedelta(days=1)
    stage.at(datetime.combine(date(2022, 6, 6), time(9)), course.open_farms)
    stage.at(datetime.combine(last, time(7)), course.write_books)
    for number in range(EARLY):
        stage.at(
            datetime.combine(date(2024, 5, 13) + timedelta(days=7 * number), time(10)),
            partial(course.harvest_early, number),
        )
    for number in range(BANNED):
        stage.at(
            datetime.combine(date(2024, 4, 8) + timedelta(days=9 * number), time(11)),
            partial(course.use_banned, number),
        )
    for number in range(OVER):
        stage.at(
            datetime.combine(date(2024, 9, 9) + timedelta(days=5 * number), time(15)),
            partial(course.use_too_often, number),
        )


def _by_serial(begins: str) -> dict[str, Product]:
    rows = Product.objects.filter(registration_no__startswith=begins).prefetch_related("label_uses")
    return {row.registration_no.removeprefix(begins): row for row in rows}


@dataclass
class _Course:
    stage: Any

    def __post_init__(self) -> None:
        self.rng: Random = self.stage.rng("farm_inputs")
        self.department = self.stage.user("agriculture")
        self.rows: list[Farm] = []
        self.products: dict[str, Product] = {}
        self.drugs: dict[str, Product] = {}

    def open_farms(self) -> None:
        products.load_products(by=self.department)
        self.products, self.drugs = _by_serial("PD虚构"), _by_serial("兽药字虚构")
        today = date(2022, 6, 6)
        kinds = {
            row["pk"]: row[TYPE_FACT] for row in registry.premises_rows(today, {"kind", TYPE_FACT}).filter(kind="farm")
        }
        found = registry.Premises.objects.filter(
            people.under(self.stage.division_code), kind="farm", merged_into=None, status="operating"
        ).exclude(opened_on__gt=today)
        listed = list(found.select_related("operator").order_by("number")[:MOST_FARMS])
        files = [(row, kinds.get(row.pk) or "crop", self.rng.random() < 0.4, today) for row in listed]
        self.rows = loading.load_farms(farms=files, by=self.department)

    def _crops(self) -> list[Farm]:
        return [row for row in self.rows if row.kind == Farm.Kind.CROP]

    # --- planted faults, through the same services as the screens -----------------------------------------------------------

    def harvest_early(self, number: int) -> None:
        """Leaf vegetables cut three days after a spraying that asks for seven."""
        today = date(2024, 5, 13) + timedelta(days=7 * number)
        farm = self._planted(number)
        if farm is None:
            return
        batch = farms.open_batch(
            farm=farm, food="小白菜", produce="crop", started_on=today - timedelta(days=45), area_mu=Decimal(2),
            planned_on=today, by=self.department,
        )  # fmt: skip
        records.record_application(
            batch=batch, product=self.products["0004"], began_on=today - timedelta(days=3), dose=Decimal(30),
            dose_unit="mL/亩", against="菜青虫", by=self.department,
        )  # fmt: skip
        records.record_harvest(
            batch=batch,
            on=today,
            quantity=Decimal(1500),
            all_the_same=True,
            ends=True,
            note="收购商当天来拉",
            by=self.department,
        )
        self._plant("harvested_within_interval", farm, batch)

    def use_banned(self, number: int) -> None:
        """Chlorpyrifos on leeks: not on vegetables since the end of 2016."""
        farm = self._planted(EARLY + number)
        if farm is None:
            return
        today = date(2024, 4, 8) + timedelta(days=9 * number)
        batch = farms.open_batch(
            farm=farm,
            food="韭菜",
            produce="crop",
            started_on=today - timedelta(days=60),
            area_mu=Decimal(3),
            by=self.department,
        )
        records.record_application(
            batch=batch, product=self.products["0001"], began_on=today, dose=Decimal(1000), dose_unit="倍液",
            against="韭蛆", by=self.department,
        )  # fmt: skip
        self._plant("banned_use", farm, batch)

    def use_too_often(self, number: int) -> None:
        """A second spraying where the label allows one."""
        farm = self._planted(EARLY + BANNED + number)
        if farm is None:
            return
        today = date(2024, 9, 9) + timedelta(days=5 * number)
        batch = farms.open_batch(
            farm=farm,
            food="菠菜",
            produce="crop",
            started_on=today - timedelta(days=40),
            area_mu=Decimal(4),
            by=self.department,
        )
        for days in (14, 7):
            records.record_application(
                batch=batch, product=self.products["0006"], began_on=today - timedelta(days=days), dose=Decimal(40),
                dose_unit="mL/亩", against="小菜蛾", by=self.department,
            )  # fmt: skip
        self._plant("over_uses", farm, batch)

    def _planted(self, number: int) -> Farm | None:
        rows = self._crops()
        return rows[number % len(rows)] if rows else None

    def _plant(self, kind: str, farm: Farm, batch: Any) -> None:
        self.stage.plant(kind, farm.premises.name, farm.division_code, batch=batch.number)

    # --- two and a half years of books ----------------------------------------------------------------------------------------

    def write_books(self) -> None:
        gaps = [row for row in self.rows if row.kind == Farm.Kind.AQUATIC][:GAPS]
        batches = [batch for farm in self.rows for batch in self._book(farm, farm in gaps)]
        loading.load_batches(batches=batches, by=self.department)
        for farm in gaps:
            self.stage.plant("fish_records_missing", farm.premises.name, farm.division_code)
        for farm in self.rows:
            if farm.premises.operator.agency_id is not None and not farm.batches.filter(ended_on=None).exists():
                self._begin_anew(farm)

    def _begin_anew(self, farm: Farm) -> None:
        """Whoever signs in has something growing."""
        food, produce = {"crop": ("油麦菜", "crop"), "livestock": ("肉鸡", "meat"), "aquatic": (FISH, "fish")}[
            farm.kind
        ]
        began = self.stage.ends - timedelta(days=20)
        farms.open_batch(farm=farm, food=food, produce=produce, started_on=began, by=self.department)

    def _book(self, farm: Farm, gap: bool) -> Iterator[PastBatch]:
        if farm.kind == Farm.Kind.CROP:
            yield from self._fields(farm)
        elif farm.kind == Farm.Kind.LIVESTOCK:
            yield from self._herds(farm)
        else:
            yield from self._ponds(farm, gap)

    def _fields(self, farm: Farm) -> Iterator[PastBatch]:
        course = self.rng.choice(CROPS)
        area = Decimal(self.rng.randrange(2, 60))
        for year in (2022, 2023, 2024):
            sown = date(year, *course.sown) + timedelta(days=self.rng.randrange(9))
            if sown < farm.since or sown >= self.stage.ends - timedelta(days=20):
                continue
            yield self._field(farm, course, sown, area)

    def _field(self, farm: Farm, course: Course, sown: date, area: Decimal) -> PastBatch:
        planned = sown + timedelta(days=course.days)
        uses = []
        for code, dose, unit, against in course.sprays:
            on = planned - timedelta(days=course.wait + self.rng.randrange(12))
            uses.append(PastUse(self.products[code], on, Decimal(dose), unit, against))
        done = planned < self.stage.ends
        crop = area * self.rng.randrange(300, 900)
        return PastBatch(
            farm, course.food, "crop", sown, planned if done else None, planned, area_mu=area,
            uses=tuple(use for use in uses if use.on < self.stage.ends),
            harvests=((planned, crop),) if done else (),
            diary=(PastEntry("sale", planned, f"{course.food}批发", crop, "kg"),) if done else (),
        )  # fmt: skip

    def _herds(self, farm: Farm) -> Iterator[PastBatch]:
        food, days, most, code, against = self.rng.choice(HERDS)
        start = farm.since + timedelta(days=self.rng.randrange(60))
        while start < self.stage.ends - timedelta(days=10):
            out = start + timedelta(days=days)
            count = self.rng.randrange(most // 3, most)
            on = start + timedelta(days=days // 3)
            uses = (PastUse(self.drugs[code], on, against=against),) if on < self.stage.ends else ()
            done = out < self.stage.ends
            yield PastBatch(
                farm, food, "meat", start, out if done else None, out, animals=count, unit="head", uses=uses,
                harvests=((out, Decimal(count)),) if done else (),
                diary=(PastEntry("sale", out, f"{food}出栏", Decimal(count), "头"),) if done else (),
            )  # fmt: skip
            start = out + timedelta(days=self.rng.randrange(20, 160))

    def _ponds(self, farm: Farm, gap: bool) -> Iterator[PastBatch]:
        """One pond from each April to November; the last one is kept over the winter."""
        for year in (2023, 2024):
            stocked = date(year, 4, 6) + timedelta(days=self.rng.randrange(12))
            out = date(year, 11, 10) if year == 2023 else None
            ends = out or (date(2024, 9, 20) if gap else self.stage.ends)
            lines = [PastEntry("stocking", stocked, f"{FISH}鱼种", Decimal(2000), "尾")]
            lines += self._months(stocked, ends)
            uses: tuple[PastUse, ...] = ()
            if year == 2024 and self.rng.random() < 0.4:
                treated = date(2024, 7, 1) + timedelta(days=self.rng.randrange(10))
                uses = (PastUse(self.drugs["0005"], treated, against="细菌性败血症"),)
                lines += [
                    PastEntry("water", treated + timedelta(days=n), water_c=Decimal(self.rng.randrange(220, 280)) / 10)
                    for n in range(1, 19)
                ]
            if out is not None:
                lines.append(PastEntry("sale", out, f"{FISH}批发", Decimal(1800), "kg"))
            yield PastBatch(
                farm, FISH, "fish", stocked, out, out or date(2025, 5, 1), animals=2000, uses=uses, diary=tuple(lines),
                harvests=((out, Decimal(1800)),) if out is not None else (),
            )  # fmt: skip

    def _months(self, since: date, until: date) -> Iterator[PastEntry]:
        day, number = since + timedelta(days=20), 0
        while day < until:
            yield PastEntry("feed", day, "配合饲料", Decimal(120), "kg")
            if number % 2 == 0:
                yield PastEntry("no_drug", day)
            day, number = day + timedelta(days=28), number + 1
