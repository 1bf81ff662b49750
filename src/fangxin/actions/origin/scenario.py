"""The farmland of the synthetic county: parcels, three years of soil, classes and measures, and what does not fit."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from fangxin.actions.origin.models import LandUnit, SoilPoint
from fangxin.actions.origin.services import classes, contradictions, measures, produce, soil
from fangxin.kernel.registry import api as registry
from fangxin.kernel.registry.data import NewParcel

TRACTS, PARCELS_EACH = 38, 8
YEARS = (2022, 2023, 2024)
CROPS = ("小麦、玉米", "玉米", "蔬菜", "红薯", "大豆", "中药材")
SIDE = 0.0016  # degrees: a field of some 150 metres


@dataclass(frozen=True, slots=True)
class Kind:
    """How a tract is polluted: mg/kg of cadmium and arsenic, pH, and the share by which cadmium moves a year."""

    name: str
    cadmium: float
    arsenic: float
    ph: float
    drift: float = 0.0


CLEAN = Kind("clean", 0.14, 9.0, 7.1)
# Four tracts between the values and one above control make the polluted land of the county.
POLLUTED = (
    Kind("safe_use", 0.52, 12.0, 6.9, -0.15),
    Kind("safe_use", 0.46, 14.0, 7.2, 0.22),
    Kind("safe_use", 0.90, 11.0, 6.8),
    Kind("safe_use", 0.75, 13.0, 7.0),
    Kind("strict", 3.9, 20.0, 6.8),
)
_OTHERS = {"Hg": 0.08, "Pb": 28.0, "Cr": 52.0, "Cu": 24.0, "Ni": 30.0, "Zn": 71.0}


def live(stage: Any) -> None:
    course = _Course(stage)
    stage.at(datetime.combine(date(2022, 6, 7), time(9)), course.settle)
    for year in YEARS:
        stage.at(datetime.combine(date(year, 7, 18), time(15)), partial(course.sample, year))
        stage.at(datetime.combine(date(year, 9, 27), time(15)), partial(course.test_produce, year))
        stage.at(datetime.combine(date(year, 10, 24), time(9)), partial(course.classify, year))
    stage.at(datetime.combine(date(2023, 3, 14), time(9)), partial(course.treat, date(2023, 3, 14)))
    stage.at(datetime.combine(date(2024, 3, 12), time(9)), partial(course.treat, date(2024, 3, 12)))
    stage.at(datetime.combine(date(2024, 10, 28), time(9)), course.leave_open)
    stage.at(datetime.combine(stage.ends - timedelta(days=4), time(9)), course.tell)


@dataclass
class _Tract:
    """An evaluation unit with its parcels and points."""

    kind: Kind
    unit: LandUnit
    parcels: list[Any]
    points: list[SoilPoint]


@dataclass
class _Course:
    """The scenario's memory: rows made on one day are needed on a later one."""

    stage: Any
    tracts: list[_Tract] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng: Random = self.stage.rng("origin")
        self.clerk, self.boss = self.stage.user("agriculture"), self.stage.user("agriculture2")
        self.labs = self.stage.user("environment")

    @property
    def polluted(self) -> list[_Tract]:
        return [tract for tract in self.tracts if tract.kind.name != "clean"]

    # --- land -----------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Tracts of eight fields near villages, each with a point in every field."""
        villages = [v for v in self.stage.world.land.villages if v.latitude is not None and v.kind == "village"]
        count = max(len(POLLUTED) + 1, min(TRACTS, round(TRACTS * self.stage.world.scale), len(villages)))
        chosen = [villages[i * len(villages) // count] for i in range(count)]
        for number, village in enumerate(chosen):
            self.tracts.append(self._tract(village, POLLUTED[number] if number < len(POLLUTED) else CLEAN))

    def _tract(self, village: Any, kind: Kind) -> _Tract:
        fields = registry.load_parcels(self._fields(village, kind), by=self.clerk)
        unit = classes.add_unit(name=f"{village.name}片区", division_code=village.code[:9], parcels=[], by=self.clerk)
        classes.join(unit=unit, parcels=fields, by=self.clerk)
        points = soil.load_points(
            [
                {
                    "division_code": village.code, "land_use": "dry", "crop": parcel.crop, "parcel": parcel,
                    "soil_type": "褐土", "longitude": parcel.longitude, "latitude": parcel.latitude,
                }
                for parcel in fields
            ],
            by=self.labs,
        )  # fmt: skip
        return _Tract(kind, unit, fields, points)

    def _fields(self, village: Any, kind: Kind) -> Iterator[NewParcel]:
        for number in range(PARCELS_EACH):
            east = village.longitude + (number % 4 - 2) * SIDE * 1.2
            north = village.latitude + (number // 4) * SIDE * 1.2
            ring = [
                [east, north],
                [east + SIDE, north],
                [east + SIDE, north + SIDE],
                [east, north + SIDE],
                [east, north],
            ]
            crop = "苗木" if kind.name == "strict" and number >= 2 else self.rng.choice(CROPS)
            yield NewParcel(
                name=f"{village.name}{number + 1}号地", kind="field", division_code=village.code, land_use="dry",
                crop=crop, geometry={"type": "Polygon", "coordinates": [[[round(x, 6), round(y, 6)] for x, y in ring]]},
            )  # fmt: skip

    # --- soil and produce -----------------------------------------------------------------------------------------

    def sample(self, year: int) -> None:
        rows = []
        for tract in self.tracts:
            for number, point in enumerate(tract.points):
                without_ph = (
                    year == YEARS[-1] and tract.kind.name == "clean" and number == 0 and self._first_clean(tract)
                )
                rows.append(self._result(tract.kind, point, year, without_ph=without_ph))
                if without_ph:
                    self.stage.plant("soil_without_ph", point.code, point.division_code)
        soil.load_samples(rows, by=self.labs)

    def _first_clean(self, tract: _Tract) -> bool:
        """The first three clean tracts each have a result without a pH."""
        clean = [t.unit.number for t in self.tracts if t.kind.name == "clean"]
        return tract.unit.number in clean[:3]

    def _result(self, kind: Kind, point: SoilPoint, year: int, *, without_ph: bool) -> soil.NewSample:
        spread = 0.94 + 0.12 * (sum(map(ord, point.code)) % 10) / 10
        moved = (1 + kind.drift) ** (year - YEARS[0])
        values = {"Cd": kind.cadmium * spread * moved, "As": kind.arsenic * spread, **_OTHERS}
        readings = {e: f"{value * self.rng.uniform(0.98, 1.02):.3f}" for e, value in values.items()}
        return soil.NewSample(
            point=point, sampled_on=date(year, 7, 4 + sum(map(ord, point.code)) % 10), readings=readings,
            ph=None if without_ph else Decimal(f"{kind.ph + self.rng.uniform(-0.1, 0.1):.2f}"),
            laboratory="县环境监测站（虚构）", report_number=f"TR-{year}-{point.code[-5:]}",
        )  # fmt: skip

    def test_produce(self, year: int) -> None:
        """Maize from the polluted tracts, and from some clean ones; three parcels above the limit in the last year."""
        rows = []
        for place, tract in enumerate(self.tracts):
            if tract.kind.name == "clean" and place % 4:
                continue
            for number, parcel in enumerate(tract.parcels):
                if number % 2 or (tract.kind.name == "strict" and number >= 2):
                    continue
                above = year == YEARS[-1] and tract.kind.name == "safe_use" and number == 2 and place < 3
                rows.append(self._produce(parcel, year, above=above))
                if above:
                    self.stage.plant("parcel_produce_above", parcel.number, parcel.division_code)
        produce.load_produce(rows, by=self.labs)

    def _produce(self, parcel: Any, year: int, *, above: bool) -> produce.NewProduce:
        value = Decimal(f"{self.rng.uniform(0.13, 0.18) if above else self.rng.uniform(0.02, 0.06):.3f}")
        return produce.NewProduce(
            parcel=parcel, sample_number=f"NC{year}-{parcel.number}", food="玉米", analyte="镉", element="Cd",
            expression=f"{value}", unit="mg/kg", outcome="nonconforming" if above else "conforming",
            sampled_on=date(year, 9, 20), value=value, limit=Decimal("0.1"),
            standard="GB 2762-2017" if year < 2023 else "GB 2762-2022",
        )  # fmt: skip

    # --- classes and measures -------------------------------------------------------------------------------------

    def classify(self, year: int) -> None:
        """Polluted tracts go the whole way each year; the clean ones come on one approved list."""
        number = f"政农〔{year}〕18号（虚构）"
        for tract in self.polluted:
            if year == YEARS[-1] and tract is self.polluted[3]:
                continue  # still on its way when the county is looked at
            tract.unit.refresh_from_db()
            decision = classes.propose(unit=tract.unit, by=self.clerk)
            self._carry_through(decision, tract.kind.name, number)
        clean = [tract.unit for tract in self.tracts if tract.kind.name == "clean"]
        classes.load_approved(
            [
                classes.Approved(unit, "priority", number, date(year, 10, 24), self.boss.username, self.boss.name)
                for unit in clean
            ],
            by=self.clerk,
        )

    def _carry_through(self, decision: Any, decided: str, number: str) -> None:
        classes.consult(
            decision=decision, participants="农业农村、生态环境、自然资源三部门（虚构）", consultation="同意按点位结果划定",
            by=self.clerk,
        )  # fmt: skip
        why = "" if decision.proposed == decided else "结合历年结果确定"
        classes.confirm(decision=decision, decided=decided, why_other=why, by=self.boss)
        classes.submit(decision=decision, submitted_on=decision.made_at.date(), by=self.clerk)
        classes.put_in_force(
            decision=decision, approval_number=number, effective_on=decision.made_at.date(), by=self.clerk,
            approval_file=self.stage.evidence,
        )  # fmt: skip

    def treat(self, on: date) -> None:
        """Measures of the year. A few parcels are left without, on purpose."""
        for place, tract in enumerate(self.polluted):
            for number, parcel in enumerate(tract.parcels):
                if self._left_without(tract, place, number):
                    if on.year == YEARS[-1]:
                        self._plant_bare(tract, parcel)
                    continue
                kind = "conversion" if tract.kind.name == "strict" else ("low_uptake_variety", "liming")[number % 2]
                measure = measures.plan(
                    parcel=parcel, kind=kind, starts_on=on, ends_on=on + timedelta(days=360), by=self.clerk
                )
                measures.approve(measure=measure, by=self.boss)
                measures.carry_out(
                    measure=measure,
                    executed_on=on,
                    evidence=self.stage.evidence,
                    result="已逐户落实（虚构）",
                    by=self.clerk,
                )

    @staticmethod
    def _left_without(tract: _Tract, place: int, number: int) -> bool:
        """Two fields of the strict tract with crops that are eaten, and one field of each other tract."""
        return number < 2 if tract.kind.name == "strict" else number == 5 and place < 4

    def _plant_bare(self, tract: _Tract, parcel: Any) -> None:
        kind = "edible_on_strict" if tract.kind.name == "strict" else "safe_use_without_measure"
        self.stage.plant(kind, parcel.number, parcel.division_code)

    def leave_open(self) -> None:
        """One class waits for its confirmation, and one tract gets worse from year to year."""
        tract = self.polluted[3]
        decision = classes.propose(unit=tract.unit, by=self.clerk)
        classes.consult(
            decision=decision,
            participants="农业农村、生态环境两部门（虚构）",
            consultation="请按程序确认",
            by=self.clerk,
        )
        worse = self.polluted[1].unit
        self.stage.plant("soil_worse", worse.number, worse.division_code)

    def tell(self) -> None:
        contradictions.tell_all(prefix=self.stage.division_code, by=self.clerk)
