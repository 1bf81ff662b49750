"""Dealers, books, codes, packages and forecasts of the synthetic county, with faults planted in them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from fangxin.actions.farm_inputs import rules_inputs as rules
from fangxin.actions.farm_inputs.models import (
    Application,
    Dealer,
    Farm,
    Forecast,
    ForecastNotice,
    PackagePoint,
    Product,
)
from fangxin.actions.farm_inputs.services import areas, codes, dealers, forecasts, packages, products
from fangxin.actions.farm_inputs.services.dealing import Entry, load_lines
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

DEALERS, SALES = 25, 8000
FIRST = date(2022, 6, 7)
CROPS = (("小麦", 9000), ("玉米", 8000), ("番茄", 900), ("苹果", 1500), ("菠菜", 500))
# crop, pest, month and day of issue, days to the window, length of the window
SEASONS = (
    ("小麦", "条锈病", 3, 20, 5, 25), ("小麦", "蚜虫", 4, 25, 3, 18), ("小麦", "赤霉病", 4, 15, 4, 12),
    ("番茄", "早疫病", 5, 20, 2, 8), ("番茄", "白粉虱", 6, 15, 4, 20), ("玉米", "草地贪夜蛾", 6, 25, 5, 30),
    ("玉米", "玉米螟", 7, 10, 3, 20), ("玉米", "大斑病", 8, 1, 5, 25), ("苹果", "斑点落叶病", 5, 10, 4, 20),
    ("苹果", "桃小食心虫", 6, 10, 3, 15), ("菠菜", "菜青虫", 9, 25, 2, 8), ("菠菜", "小菜蛾", 10, 10, 3, 20),
)  # fmt: skip
WARNINGS = frozenset({"草地贪夜蛾", "条锈病"})
ADVICE = "清除田间病残体，选用抗病品种，悬挂诱虫板；达到防治指标时再用药，轮换用药，严格按标签用量和安全间隔期。"
PHORATE = "PD虚构0101"
BANNED, NOT_POINT, OVERSOLD, COPIED = 2, 2, 2, 2
# Kilograms sold at once that never came in.
OVERSOLD_BY = Decimal(400)
DAY = timedelta(days=1)


def live(stage: Any) -> None:
    course = _Course(stage)
    last = stage.ends - DAY
    stage.at(datetime.combine(FIRST, time(9)), course.open_dealers)
    for year in (2022, 2023, 2024):
        stage.at(datetime.combine(date(year, 11, 18), time(10)), partial(course.state_year, year))
    stage.at(datetime.combine(date(2024, 9, 10), time(10)), course.scan_packs)
    stage.at(datetime.combine(last, time(11)), course.write_books)
    for year in (2022, 2023, 2024):
        for season in SEASONS:
            for round_ in range(2):
                issued = date(year, season[2], season[3]) + timedelta(days=7 * round_)
                if FIRST < issued < last - timedelta(days=5):
                    stage.at(datetime.combine(issued, time(15)), partial(course.forecast, season, issued))


@dataclass
class _Course:
    stage: Any

    def __post_init__(self) -> None:
        self.rng: Random = self.stage.rng("farm_inputs.dealing")
        self.department = self.stage.user("agriculture")
        self.towns = list(self.stage.world.land.townships)
        self.dealers: list[Dealer] = []
        self.products: dict[str, Product] = {}
        self.scale = min(Decimal(1), Decimal(str(self.stage.world.scale)))

    def open_dealers(self) -> None:
        """Twenty-five shops, each fifth a fixed sale point; a place for empty packages in each township."""
        products.add_product(
            kind="pesticide", registration_no=PHORATE, name="甲拌磷 5% 颗粒剂", form="solid", formulation="颗粒剂",
            ingredients=[{"name": "甲拌磷", "content": "5", "unit": "%"}], source="虚构", by=self.department,
        )  # fmt: skip
        for number in range(DEALERS):
            town = self.towns[number % len(self.towns)]
            self.dealers.append(self._dealer(number, town))
        for town in self.towns:
            packages.open_point(
                division_code=town.code, name=f"{town.name}农药包装回收点", opened_on=FIRST, by=self.department
            )
        for crop, grams in (("", 46), ("小麦", 33), ("番茄", 210), ("苹果", 260)):
            area = sum(self._area(c, town, 2021) for c, _mu in CROPS for town in self.towns if crop in ("", c))
            areas.state_usage(
                division_code=self.stage.division_code, year=2021, kind="pesticide", crop=crop,
                active_kg=(area * grams / 1000).quantize(Decimal("0.1")), area_mu=area, source="农业统计年报（虚构）",
                by=self.department,
            )  # fmt: skip

    def _dealer(self, number: int, town: Any) -> Dealer:
        operator = registry.register_operator(
            name=f"{town.name[:2]}农资经营部{number + 1}号（虚构）", kind="self_employed", division_code=town.code,
            by=self.department, legal_representative="负责人（虚构）", phone=f"154{self.rng.randrange(10**8):08d}",
        )  # fmt: skip
        return dealers.add_dealer(
            operator=operator, division_code=town.code, name=f"{town.name[:2]}农资店{number + 1}号",
            deals=("pesticide", "both", "pesticide", "veterinary", "both")[number % 5], address=f"{town.name}（虚构）",
            licence_no=f"农药经许虚构{number + 1:04d}",
            licence_until=date(2024, 11, 1) if number in (7, 16) else date(2027, 6, 30),
            sale_point_from=date(2022, 1, 1) if number % 5 == 0 else None, by=self.department,
        )  # fmt: skip

    # --- areas, treatments --------------------------------------------------------------------------------------------

    def _area(self, crop: str, town: Any, year: int) -> Decimal:
        """The same for the same town and year, growing or shrinking a little from year to year."""
        lasting = self.stage.rng(f"farm_inputs.area:{crop}:{town.code}").uniform(0.6, 1.4)
        yearly = self.stage.rng(f"farm_inputs.area:{crop}:{town.code}:{year}").uniform(0.97, 1.03)
        return Decimal(int(dict(CROPS)[crop] * lasting * yearly))

    def state_year(self, year: int) -> None:
        for town in self.towns:
            for crop, _usual in CROPS:
                area = self._area(crop, town, year)
                share = Decimal(str(round(self.rng.uniform(0.38, 0.5) + 0.04 * (year - 2022), 3)))
                uncounted = self.rng.random() < 0.03
                areas.state_area(
                    division_code=town.code, year=year, crop=crop, main_crop=crop in ("小麦", "玉米"), area_mu=area,
                    green_mu=None if uncounted else (area * share).quantize(Decimal("0.1")),
                    green_means="诱虫灯、色板、生物农药", source="乡镇农业统计（虚构）", by=self.department,
                )  # fmt: skip
            for crop, pest in (("小麦", "蚜虫"), ("玉米", "玉米螟")):
                professional = self.rng.random() < 0.4
                areas.record_control(
                    division_code=town.code, on=date(year, 7 if crop == "玉米" else 4, 15) if year > 2022 else date(2022, 7, 20),
                    crop=crop, pest=pest, area_mu=self._area(crop, town, year), times=1, professional=professional,
                    team="植保服务队（虚构）" if professional else "", green=False, by=self.department,
                )  # fmt: skip

    # --- codes --------------------------------------------------------------------------------------------------------

    def scan_packs(self) -> None:
        shops = [dealer for dealer in self.dealers if dealer.sells("veterinary")]
        listed = [f"{2024:04d}{self.rng.randrange(10**12):012d}{n:08d}" for n in range(60)]
        codes.list_packs(
            codes=listed, division_code=self.stage.division_code, product_name="恩诺沙星溶液", batch_no="240301",
            expires_on=date(2026, 2, 28), by=self.department,
        )  # fmt: skip
        for number, code in enumerate(listed[:30]):
            shop = shops[number % len(shops)]
            codes.scan(dealer=shop, kind="in", read=code, other_party="兽药批发（虚构）", by=self.department)
            if number % 3 == 0:
                codes.scan(dealer=shop, kind="check", read=code, by=self.department)
        for number in range(COPIED):
            other = shops[(number + 1) % len(shops)]
            codes.scan(dealer=other, kind="check", read=listed[number], note="同一个码在另一家店", by=self.department)
            self.stage.plant("copied_drug_code", other.name, other.division_code, code=listed[number])

    # --- forecasts ----------------------------------------------------------------------------------------------------

    def forecast(self, season: tuple[str, str, int, int, int, int], issued: date) -> None:
        crop, pest, _month, _day, ahead, length = season
        first = issued + timedelta(days=ahead)
        row = forecasts.draft(
            division_code=self.stage.division_code, by=self.department, crop=crop, pest=pest,
            kind="warning" if pest in WARNINGS else "forecast", degree=self.rng.randrange(1, 6), window_from=first,
            window_to=first + timedelta(days=length), area_mu=Decimal(self.rng.randrange(500, 9000)),
            basis="系统监测点 6 个，大田普查 40 块（虚构）。", advice=ADVICE,
        )  # fmt: skip
        forecasts.issue(forecast=row, by=self.department)
        looked = datetime.combine(row.window_to + timedelta(days=7), time(9))
        if self.rng.random() < 0.92:
            self.stage.at(looked, partial(self.check, row, first, length))

    def check(self, row: Forecast, first: date, length: int) -> None:
        drawn = self.rng.random()
        degree = (
            min(5, max(1, row.degree + self.rng.choice((-1, 0, 0, 0, 1)))) if drawn < 0.85 else (row.degree + 2) % 6
        )
        peak = first + timedelta(days=self.rng.randrange(-2, length)) if degree else None
        today = ledger.clock.today()
        forecasts.check(forecast=row, surveyed_on=today, degree=degree, peak_on=peak, by=self.department)

    # --- books --------------------------------------------------------------------------------------------------------

    def write_books(self) -> None:
        """Two and a half years of every dealer's book at once, and who had been told of what."""
        listed = Product.objects.filter(kind="pesticide").order_by("registration_no")
        self.products = {row.registration_no: row for row in listed}
        sales = [*self._usual_sales(), *self._sales_to_farms()]
        planted = list(self._planted_sales())
        bought = list(self._purchases([*sales, *planted]))
        load_lines(entries=[*bought, *sales, *planted], by=self.department)
        self._take_back_packages()
        self._tell_farms()

    def _shops(self) -> list[Dealer]:
        return [dealer for dealer in self.dealers if dealer.sells("pesticide")]

    def _usual_sales(self) -> Iterator[tuple[Dealer, Entry]]:
        """To people who keep no records: small amounts, more in the growing season. Restricted ones only where allowed."""
        shops, span = self._shops(), (self.stage.ends - FIRST).days - 2
        free = [row for row in self.products.values() if row.ingredient_names and not _restricted(row)]
        bound = [row for row in self.products.values() if row.registration_no != PHORATE and _restricted(row)]
        for number in range(int(SALES * self.scale)):
            shop = shops[number % len(shops)]
            on = FIRST + timedelta(days=1 + self.rng.randrange(span))
            if on.month in (12, 1, 2) and self.rng.random() < 0.7:
                on = min(on + timedelta(days=90), self.stage.ends - 2 * DAY)
            licensed = shop.licence_until is None or on <= shop.licence_until
            restricted = shop.sale_point_from is not None and number % 9 == 0 and bound
            product = self.rng.choice(bound if restricted else free)
            amount = Decimal(self.rng.randrange(1, 20)) / 10
            if licensed:
                crop = self.rng.choices([name for name, _mu in CROPS], weights=(5, 4, 2, 3, 1))[0]
                yield shop, self._sale(product, on, amount, crop=crop, named=bool(restricted))

    def _sale(
        self, product: Product, on: date, amount: Decimal, *, crop: str, named: bool = False, **more: Any
    ) -> Entry:
        buyer = {}
        if named:
            number = self.rng.randrange(10**8)
            buyer = {
                "buyer_name": "购买人（虚构）",
                "buyer_identity": f"990000{number:08d}0000",
                "purpose": f"{crop}病虫害",
            }
        packs = max(1, int(amount * 5)) if self.rng.random() < 0.95 else None
        unit = "L" if product.form == Product.Form.LIQUID else "kg"
        return Entry(
            kind="sale", product=product, on=on, amount=amount, unit=unit, packs=packs, crop=crop, happened=True,
            **(buyer | more),
        )  # fmt: skip

    def _sales_to_farms(self) -> Iterator[tuple[Dealer, Entry]]:
        """What the farms wrote down as used, bought a few days before from a shop of the township."""
        uses = Application.objects.filter(
            people.under(self.stage.division_code), void=False, replaced_by=None,
            product__kind="pesticide",
        ).select_related("product", "farm", "batch").order_by("batch__number", "last_on", "product__registration_no")  # fmt: skip
        for use in uses:
            took = rules.used_of(use)
            if took is None or use.last_on <= FIRST + 3 * DAY or _restricted(use.product):
                continue
            shop = self._shop_near(use.division_code)
            on = max(use.began_on - timedelta(days=self.rng.randrange(1, 9)), FIRST + DAY)
            if shop.licence_until is not None and on > shop.licence_until:
                continue
            entry = self._sale(use.product, on, took[0], crop=use.batch.food, farm=use.farm)
            yield shop, replace(entry, unit=took[1])

    def _shop_near(self, code: str) -> Dealer:
        shops = self._shops()
        return next((dealer for dealer in shops if dealer.division_code[:9] == code[:9]), shops[0])

    def _planted_sales(self) -> Iterator[tuple[Dealer, Entry]]:
        shops = self._shops()
        points = [dealer for dealer in shops if dealer.sale_point_from is not None]
        others = [
            dealer for dealer in shops if dealer.sale_point_from is None and dealer.licence_until == date(2027, 6, 30)
        ]
        phorate, carbofuran = self.products[PHORATE], self.products["PD虚构0017"]
        for number, shop in enumerate(points[:BANNED]):
            on = date(2024, 9, 20) + timedelta(days=number * 9)
            yield shop, self._sale(phorate, on, Decimal(2), crop="花生", named=True)
            self._plant("banned_input_sold", shop, on=on)
        for number, shop in enumerate(others[:NOT_POINT]):
            on = date(2024, 5, 6) + timedelta(days=number * 5)
            yield shop, self._sale(carbofuran, on, Decimal(3), crop="花生", named=True)
            self._plant("restricted_not_at_point", shop, on=on)
        for number, shop in enumerate(others[NOT_POINT : NOT_POINT + OVERSOLD]):
            on = date(2024, 10, 8) + timedelta(days=number * 3)
            yield shop, self._sale(self.products["PD虚构0014"], on, OVERSOLD_BY, crop="番茄")
            self._plant("oversold_input", shop, on=on)
        farm = (
            Farm.objects.filter(people.under(self.stage.division_code), kind="crop").order_by("premises__number").last()
        )
        if farm is not None:
            shop = self._shop_near(farm.division_code)
            yield shop, self._sale(self.products["PD虚构0009"], date(2024, 4, 12), Decimal(90), crop="小麦", farm=farm)
            self.stage.plant("unrecorded_use", "三唑酮", self.stage.division_code, year=2024)

    def _plant(self, kind: str, shop: Dealer, *, on: date) -> None:
        self.stage.plant(kind, shop.name, shop.division_code, on=on.isoformat())

    def _purchases(self, sales: list[tuple[Dealer, Entry]]) -> Iterator[tuple[Dealer, Entry]]:
        """What was sold in a half year came in at its beginning, with a tenth to spare; except what was planted short."""
        needed: dict[tuple[int, str, date], Decimal] = {}
        shops = {dealer.pk: dealer for dealer in self.dealers}
        for shop, entry in sales:
            half = max(date(entry.on.year, 1 if entry.on.month < 7 else 7, 1), FIRST)
            amount = entry.amount / (1000 if entry.unit in ("g", "mL") else 1)
            short = amount >= OVERSOLD_BY or entry.product.registration_no == PHORATE
            key = (shop.pk, entry.product.registration_no, half)
            needed[key] = needed.get(key, Decimal(0)) + (Decimal(0) if short else amount)
        order = {dealer.pk: n for n, dealer in enumerate(self.dealers)}
        for pk, number, half in sorted(needed, key=lambda key: (key[2], order[key[0]], key[1])):
            amount = (needed[pk, number, half] * Decimal("1.1") + 1).quantize(Decimal("0.1"))
            # The banned one was bought while that was still allowed.
            on, amount = (FIRST, Decimal(10)) if number == PHORATE else (half, amount)
            product = self.products[number]
            unit = "L" if product.form == Product.Form.LIQUID else "kg"
            yield (
                shops[pk],
                Entry(
                    kind="purchase",
                    product=product,
                    on=on,
                    amount=amount,
                    unit=unit,
                    supplier="农资批发（虚构）",
                    happened=True,
                ),
            )

    def _take_back_packages(self) -> None:
        for point in PackagePoint.objects.filter(people.under(self.stage.division_code)).order_by("name"):
            for year in (2022, 2023, 2024):
                on = date(year, 10, 20)
                taken = self.rng.randrange(120, 420) + 60 * (year - 2022)
                packages.move_packages(
                    point=point, kind="taken", on=on, packs=taken, weight_kg=Decimal(taken) / 20, by=self.department
                )

    def _tell_farms(self) -> None:
        """The books were written up late, so the notices are too: by what stood in the fields on the day of issue."""
        rows = []
        county = Forecast.objects.filter(people.under(self.stage.division_code), state="issued", notices=None)
        for forecast in county.order_by("number"):
            growers = forecasts.growers_of(forecast, forecast.issued_on)
            numbers = dict(
                Farm.objects.filter(pk__in=growers).order_by("premises__number").values_list("pk", "premises__number")
            )
            for pk in sorted(numbers, key=lambda key: numbers[key]):
                read = self.rng.random() < 0.8
                later = timedelta(hours=self.rng.randrange(1, 110))
                rows.append(
                    ForecastNotice(
                        forecast=forecast, farm_id=pk, division_code=growers[pk], told_at=forecast.issued_at,
                        read_at=forecast.issued_at + later if read else None, read_by="farm" if read else "",
                    )
                )  # fmt: skip
        forecasts.load_notices(notices=rows, by=self.department)


def _restricted(product: Product) -> bool:
    """Sold at fixed points only, on any day of the county's life."""
    return rules.is_restricted(product, FIRST)
