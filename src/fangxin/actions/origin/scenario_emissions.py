"""Enterprises, water and volatile organic compounds of the synthetic county, with faults planted.

Everything goes through the services of the screens. What has no place in the register is a site left behind.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from fangxin.actions.origin.models import IrrigationNotice, MetalEnterprise, VocFirm, WaterSection
from fangxin.actions.origin.services import enterprises, voc, water
from fangxin.engines.deadlines import add_months
from fangxin.kernel.casework import api as casework
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

METALS, FIRMS, SECTIONS = 12, 15, 6
FIRST_MONTH = date(2021, 11, 1)
PROBLEMS = (
    ("no_barrier", "废水收集池防渗层破损（虚构）", "修复防渗层并做闭水试验"),
    ("solid_waste", "废渣露天堆存、没有围挡（虚构）", "清运废渣，建设封闭堆场"),
    ("raw_materials", "含重金属原料台账不完整（虚构）", "补齐三年台账，专人管理"),
    ("no_monitoring", "没有按方案监测地下水（虚构）", "委托检测并公开结果"),
)
# mg/L of a clean mountain river; the season moves ammonia, phosphorus and oxygen.
WATER = {"pH": 7.7, "CODMn": 2.1, "COD": 9.0, "BOD5": 1.6, "NH3-N": 0.12, "TP": 0.03, "F-": 0.3, "As": 0.0006}
BELOW = {"Cd": "0.0001L", "Pb": "0.001L", "Hg": "0.00004L", "Cr6": "0.004L", "CN": "0.004L", "oil": "0.01L"}


def live(stage: Any) -> None:
    course = _Course(stage)
    stage.at(datetime.combine(date(2022, 6, 8), time(9)), course.survey)
    stage.at(datetime.combine(date(2022, 6, 9), time(9)), course.name_sections)
    stage.at(datetime.combine(date(2022, 6, 10), time(9)), course.list_firms)
    for year in (2022, 2023, 2024):
        stage.at(datetime.combine(date(year, 9, 13), time(10)), partial(course.look, year))
        stage.at(datetime.combine(date(year, 11, 9), time(10)), partial(course.check_firms, year))
        for day in (date(year, 5, 23), date(year, 11, 9)):
            if day > date(2022, 6, 10):
                stage.at(datetime.combine(day, time(11)), partial(course.make_rounds, day))
    stage.at(datetime.combine(date(2023, 6, 20), time(10)), course.accept)
    month = date(2022, 5, 1)
    while month < stage.ends.replace(day=1):
        day = stage.workday(add_months(month, 1) + timedelta(days=8))
        stage.at(datetime.combine(max(day, date(2022, 6, 13)), time(16)), partial(course.measure, month))
        month = add_months(month, 1)
    stage.at(datetime.combine(date(2024, 10, 15), time(11)), course.plant)
    stage.at(datetime.combine(stage.ends - timedelta(days=3), time(7)), course.press)


@dataclass
class _Course:
    stage: Any

    def __post_init__(self) -> None:
        self.rng: Random = self.stage.rng("origin.emissions")
        self.environment, self.second = self.stage.user("environment"), self.stage.user("environment2")
        self.agriculture = self.stage.user("agriculture")
        self.towns = [town for town in self.stage.world.land.townships if town.latitude is not None]
        self.metals: list[MetalEnterprise] = []
        self.firms: list[VocFirm] = []
        self.sections: list[WaterSection] = []
        self.open: list[Any] = []

    def _town(self, number: int) -> Any:
        return self.towns[number % len(self.towns)]

    def _places(self, first: int, count: int) -> list[Any]:
        """Works of the register, as many as there are; None for those that are in no register."""
        rows = registry.Premises.objects.filter(
            people.under(self.stage.division_code), kind="monitored_enterprise", status="operating", merged_into=None
        ).select_related("operator")
        found = list(rows.order_by("number")[first : first + count])
        return found + [None] * (count - len(found))

    # --- enterprises --------------------------------------------------------------------------------------------------

    def survey(self) -> None:
        places = self._places(0, METALS - 4) + [None] * 4
        industries = ("mining", "smelting", "electroplating", "chemical", "battery", "mining")
        for number, premises in enumerate(places):
            town = self._town(number)
            latitude, longitude = (premises.latitude, premises.longitude) if premises else (None, None)
            row = enterprises.register(
                name=premises.name if premises else f"{town.name}历史遗留矿渣点{number + 1}（虚构）",
                uscc=premises.operator.uscc if premises else "", premises=premises,
                division_code=premises.division_code if premises else town.code,
                industry=industries[number % 6], running="producing" if premises else "legacy",
                metals=[["Cd", "Pb"], ["Cd", "As"], ["Cr"], ["Pb", "Sb"]][number % 4],
                outlets=["water", "solid"] if number % 2 else ["gas", "water"], monitoring_plan=number % 3 != 0,
                latitude=latitude or round(town.latitude + 0.01, 6),
                longitude=longitude or round(town.longitude + 0.01, 6),
                flow_bearing=self.rng.randrange(0, 360, 15), farmland_distance_m=self.rng.randrange(2, 30) * 50,
                by=self.environment,
            )  # fmt: skip
            self.metals.append(row)
            if number == METALS - 1:
                enterprises.leave_out(row=row, reason="渣堆已清理，周边土壤达标", by=self.second)
            else:
                enterprises.put_on_list(row=row, by=self.second)

    def look(self, year: int) -> None:
        """The check of the year; last year's one enterprise was left out, another has monitored nothing since 2022."""
        for number, row in enumerate(self.metals[: METALS - 1]):
            row.refresh_from_db()
            if (year, number) == (2024, 5):
                self.stage.plant("metal_unchecked", row.number, row.division_code, year=year)
                continue
            bad = (number + year) % 4 == 0
            day = date(year, 9, 12)
            enterprises.record_check(
                row=row, checked_on=day, result="problems" if bad else "no_problem", by=self.environment
            )
            if not (year > 2022 and number == 2):
                enterprises.record_monitoring(
                    row=row, kind="own", medium="soil", monitored_on=day, exceeded=number == 1, by=self.environment
                )
            if bad:
                self._problem(row, number, add_months(day, 2), rectified=date(year, 10, 25))

    def _problem(self, row: MetalEnterprise, number: int, due_on: date, *, rectified: date) -> None:
        kind, text, measure = PROBLEMS[number % len(PROBLEMS)]
        found = enterprises.report_problem(
            row=row, kind=kind, text=text, measure=measure, due_on=due_on, responsible_person="厂长（虚构）",
            by=self.environment,
        )  # fmt: skip
        self.stage.at(datetime.combine(rectified, time(15)), partial(self._rectify, found.matter))

    def _rectify(self, matter: Any) -> None:
        matter.refresh_from_db()
        casework.start(matter=matter, by=self.environment)
        casework.attach_evidence(matter=matter, kind="rectification", file=self.stage.evidence, by=self.environment)
        casework.submit(matter=matter, text="已完成整治（虚构）", by=self.environment)
        casework.close(matter=matter, text="现场核实", by=self.second)

    def accept(self) -> None:
        """Those without an open problem ask for acceptance; one is sent back."""
        ready = [row for row in self.metals[: METALS - 1] if not row.problems.filter(closed_at=None).exists()]
        for number, row in enumerate(ready[:5]):
            row.refresh_from_db()
            enterprises.submit(row=row, by=self.environment)
            if number == 3:
                enterprises.send_back(row=row, reason="验收监测报告不全", by=self.second)
            elif number < 3:
                enterprises.accept(row=row, file=self.stage.evidence, by=self.second)

    # --- water --------------------------------------------------------------------------------------------------------

    def name_sections(self) -> None:
        for number in range(SECTIONS):
            town, down = self._town(number * 2), self._town(number * 2 + 1)
            river = ("清源河", "石涧河")[number % 2]
            self.sections.append(
                water.register_section(
                    name=f"{town.name.rstrip('镇乡')}桥（虚构）", river=river, basin="清源河水系",
                    target=2 if number < 3 else 3, purpose=("state", "province", "county")[number % 3],
                    division_code=town.code, irrigates=down.code if number in (2, 5) else "",
                    latitude=round(town.latitude - 0.005, 6), longitude=round(town.longitude + 0.005, 6),
                    by=self.environment,
                )
            )  # fmt: skip
        months = [add_months(FIRST_MONTH, n) for n in range(6)]
        rows = [self._measured(number, month) for month in months for number in range(SECTIONS)]
        water.load_months(measured=rows, by=self.environment)

    def measure(self, month: date) -> None:
        """A month of all sections; agriculture signs for what it is told the next morning."""
        water.load_months(measured=[self._measured(n, month) for n in range(SECTIONS)], by=self.environment)
        self._sign(month)

    def _sign(self, month: date) -> None:
        for notice in IrrigationNotice.objects.filter(month__month=month, acknowledged_at=None).order_by("section"):
            if month < date(2024, 10, 1):
                water.acknowledge(notice=notice, measures="已通知用水户停止取水（虚构）", by=self.agriculture)

    def _measured(self, number: int, month: date) -> water.Measured:
        """Section 1 gets better over the years, section 4 worse; section 2 misses its target in two winters, section 5, where
        fields are irrigated, in the last month."""
        section = self.sections[number]
        age = (month.year - 2021) * 12 + month.month - 11
        season = 1.15 if month.month in (12, 1, 2) else 1.0
        factor = {1: 2.2 - age * 0.04, 4: 0.9 + age * 0.05}.get(number, 1.0) * season
        values = {
            item: f"{value * (1 if item == 'pH' else factor * self.rng.uniform(0.85, 1.15)):.4g}"
            for item, value in WATER.items()
        }
        warm = 12 - 9 * abs((month.month - 7) / 6) + 6
        values |= BELOW | {"DO": f"{self.rng.uniform(7.6, 9.2):.1f}", "water_temp": f"{warm:.1f}"}
        if number == 2 and month in (date(2023, 1, 1), date(2024, 1, 1)):
            values["NH3-N"] = "0.72"
        if number == 5 and month == date(2024, 10, 1):
            values |= {"NH3-N": "1.6", "TP": "0.26"}
            self.stage.plant("irrigation_exceeded", section.number, section.division_code, month=f"{month:%Y-%m}")
        return water.Measured(section, month, month.replace(day=6), values)

    # --- volatile organic compounds -----------------------------------------------------------------------------------

    def list_firms(self) -> None:
        for number, premises in enumerate(self._places(METALS - 4, FIRMS)):
            town = self._town(number + 3)
            self.firms.append(
                voc.register_firm(
                    name=premises.name if premises else f"{town.name}涂装点{number + 1}（虚构）",
                    uscc=premises.operator.uscc if premises else "", premises=premises,
                    division_code=premises.division_code if premises else town.code,
                    process=("coating", "production", "storage")[number % 3], material="涂料、稀释剂",
                    collection="none" if number == 4 else "hood" if number % 2 else "sealed",
                    treatment="活性炭吸附" if number % 2 else "催化燃烧", low_voc_material=number % 7 == 6,
                    sealing_points=2400 if number in (0, 3) else self.rng.randrange(60, 900), by=self.environment,
                )
            )  # fmt: skip

    def check_firms(self, year: int) -> None:
        """A check of most; better from year to year."""
        for number, firm in enumerate(self.firms):
            if number % 4 == year % 4 and number != 4:
                continue
            poor = number % 5 == 1 and year < 2024
            voc.record_check(
                firm=firm, checked_on=date(year, 11, 8), initial_rate=Decimal("3.6"),
                outlet_rate=Decimal("1.1") if poor else Decimal("0.4"), stack_height=Decimal(18),
                hood_velocity=Decimal("0.4"), in_plant_hourly=Decimal("4.2"), ledger_years=3, by=self.environment,
            )  # fmt: skip

    def make_rounds(self, day: date) -> None:
        """The two with many sealing points look for leaks; one of them no longer does."""
        for number in (0, 3):
            if number == 0 or day.year < 2024:
                for parts in ("moving", "flanges"):
                    voc.record_round(
                        firm=self.firms[number], parts=parts, done_on=day, points=1200, by=self.environment
                    )

    # --- what is planted ----------------------------------------------------------------------------------------------

    def plant(self) -> None:
        """A discharge that may be a crime, a problem whose time runs out, a leak that nobody repairs."""
        crime, late = self.metals[0], self.metals[7]
        enterprises.report_problem(
            row=crime, kind="discharge", text="废水总排口镉超标（虚构）", measure="停产整治", due_on=date(2024, 12, 20),
            responsible_person="厂长（虚构）", metal="Cd", measured=Decimal("0.45"), limit=Decimal("0.1"),
            by=self.environment,
        )  # fmt: skip
        self.stage.plant("metal_discharge_crime", crime.number, crime.division_code)
        enterprises.report_problem(
            row=late, kind="no_barrier", text="初期雨水池破损（虚构）", measure="修复", due_on=date(2024, 11, 8),
            responsible_person="厂长（虚构）", by=self.environment,
        )  # fmt: skip
        self.stage.plant("metal_overdue", late.number, late.division_code, due_on="2024-11-08")
        self.stage.plant("metal_unmonitored", self.metals[2].number, self.metals[2].division_code)
        firm = self.firms[0]
        voc.report_leak(
            firm=firm, tag="P-103", medium="gas_or_light", reading=Decimal(7200), found_on=date(2024, 10, 14),
            by=self.environment,
        )  # fmt: skip
        self.stage.plant("leak_unrepaired", f"{firm.number} P-103", firm.division_code)
        fine = voc.report_leak(
            firm=self.firms[3], tag="V-12", medium="other", reading=Decimal(2600), found_on=date(2024, 10, 14),
            by=self.environment,
        )  # fmt: skip
        voc.try_repair(leak=fine, tried_on=date(2024, 10, 15), reading_after=Decimal(300), by=self.environment)
        self.stage.plant("ldar_late", self.firms[3].number, self.firms[3].division_code)

    def press(self) -> None:
        for part in (enterprises, voc):
            part.follow(prefix=self.stage.division_code, by=None)
