"""How the dated facts of premises run through the years: better, but never everywhere, and not in a straight line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from fangxin.kernel.registry.data import NewFact, NewPremises

# Facts found by the first stocktaking of the three years.
TAKEN_ON = date(2022, 5, 20)
YEARS = (2022, 2023, 2024)


@dataclass(frozen=True, slots=True)
class Standing:
    """A value that stays until it is bettered: `good` for a share at first, for a larger share at the end."""

    name: str
    kinds: Sequence[str]
    good: str
    poor: Mapping[str, float]
    first: float
    last: float
    relapse: str = ""  # a value that a good one falls back to for some weeks


@dataclass(frozen=True, slots=True)
class Yearly:
    """A value that holds for the year in which it was found; the share reached each year, and which values."""

    name: str
    kinds: Sequence[str]
    values: Mapping[str, float]
    reached: tuple[float, float, float]


KITCHENS = ("restaurant", "canteen", "school_canteen", "group_meal", "central_kitchen")

STANDING: Sequence[Standing] = (
    Standing("catering.open_kitchen", ("restaurant",), "active", {"none": 1}, 0.12, 0.55, "fault"),
    Standing("catering.open_kitchen", ("group_meal", "central_kitchen", "off_campus_supplier"), "active", {"none": 1}, 0.5, 1.0),
    Standing("catering.open_kitchen", ("canteen", "school_canteen"), "active", {"none": 3, "fault": 1}, 0.46, 0.97, "fault"),
    Standing("catering.waste_zone", KITCHENS, "inside", {"outside": 1}, 0.45, 0.62),
    Standing("catering.waste_contract", KITCHENS, "valid", {"none": 1}, 0.35, 0.9),
    Standing("catering.waste_ledger", KITCHENS, "current", {"lapsed": 1}, 0.5, 0.9, "lapsed"),
    Standing("monitoring.reporting", ("health_institution",), "reporting", {"no_account": 2, "silent": 1}, 0.55, 0.97, "silent"),
    Standing("rural_food.standard_shop", ("small_shop", "food_sales"), "passed", {"failed": 6, "vetoed": 1}, 0.38, 0.835),
    Standing("school_meals.exam_app", ("school_canteen",), "in_use", {"none": 2, "installed": 1}, 0.3, 0.985, "installed"),
    Standing("school_meals.procurement", ("school_canteen",), "fixed_point", {"none": 1}, 0.6, 0.96),
    Standing("school_meals.self_run", ("school_canteen",), "self_run", {"contracted": 1}, 0.82, 0.97),
    Standing("grain.online_monitoring", ("grain_depot",), "on_time", {"none": 2, "late": 1}, 0.2, 0.85, "late"),
    Standing("online_food.licence_match", ("restaurant",), "match", {"mismatch": 3, "unlicensed": 1}, 0.6, 0.93),
)  # fmt: skip

YEARLY: Sequence[Yearly] = (
    Yearly("catering.hygiene_grade", KITCHENS, {"A": 2, "B": 5, "C": 3}, (0.72, 0.88, 0.96)),
    Yearly("health_food.inspection", ("health_food_shop",), {"compliant": 8, "problems": 2}, (0.7, 0.9, 1.0)),
    Yearly("imported_food.purchase_check", ("importer",), {"compliant": 7, "problems": 2}, (0.7, 0.9, 1.0)),
    Yearly("school_meals.principal_duty", ("school_canteen",), {"signed": 1}, (0.85, 0.96, 1.0)),
    Yearly("small_operators.inspection", ("small_workshop", "small_shop", "stall"), {"compliant": 8, "problems": 2}, (0.5, 0.68, 0.85)),
)  # fmt: skip

# What kind of school, farm or works it is: found once, and it stays.
FIXED: Mapping[str, tuple[str, Mapping[str, float]]] = {
    "school_canteen": ("school_meals.stage", {"kindergarten": 4, "compulsory": 7, "senior": 1}),
    "farm": ("farm_inputs.farm_type", {"crop": 6, "livestock": 3, "aquatic": 1}),
}
SMALL_ENOUGH_TO_BE_OFFLINE = 0.75


def facts_of(premises: NewPremises, until: date, rng: Random) -> Iterator[NewFact]:
    """The dated facts of one place from the first stocktaking, or its opening, to the last day lived."""
    begins = max(TAKEN_ON, premises.opened_on or TAKEN_ON)
    last = premises.closed_on or until
    for standing in STANDING:
        if premises.kind in standing.kinds and _applies(standing.name, premises, rng):
            yield from _standing(standing, premises.key, begins, last, rng)
    for yearly in YEARLY:
        if premises.kind in yearly.kinds:
            yield from _yearly(yearly, premises.key, begins, last, rng)
    if premises.kind in FIXED:
        name, values = FIXED[premises.kind]
        yield NewFact(premises.key, name, pick(values, rng), begins)
    if premises.kind == "grain_depot":
        yield from _capacity(premises.key, begins, rng)


def _applies(name: str, premises: NewPremises, rng: Random) -> bool:
    """Only shops in the country strive for the rural standard; only some restaurants sell through platforms."""
    if name == "rural_food.standard_shop":
        return premises.rural
    if name == "online_food.licence_match":
        return rng.random() > SMALL_ENOUGH_TO_BE_OFFLINE
    return True


def _standing(course: Standing, key: str, begins: date, last: date, rng: Random) -> Iterator[NewFact]:
    if rng.random() < course.first:
        yield NewFact(key, course.name, course.good, begins)
        if course.relapse and rng.random() < 0.25:
            yield from _relapse(course, key, begins, last, rng)
        return
    yield NewFact(key, course.name, pick(course.poor, rng), begins)
    better_on = between(begins + timedelta(days=20), date(2024, 11, 20), rng)
    bettered = rng.random() < (course.last - course.first) / (1 - course.first)
    if bettered and better_on < last:
        yield NewFact(key, course.name, course.good, better_on)


def _relapse(course: Standing, key: str, begins: date, last: date, rng: Random) -> Iterator[NewFact]:
    worse = between(begins + timedelta(days=30), begins + timedelta(days=700), rng)
    better = worse + timedelta(days=rng.randrange(10, 90))
    if better < last:
        yield NewFact(key, course.name, course.relapse, worse)
        yield NewFact(key, course.name, course.good, better)


def _yearly(course: Yearly, key: str, begins: date, last: date, rng: Random) -> Iterator[NewFact]:
    for year, share in zip(YEARS, course.reached, strict=True):
        earliest = max(begins, date(year, 2, 1))
        latest = date(year, 11, 20)
        if rng.random() < share and earliest < latest:
            day = between(earliest, latest, rng)
            if day < last:
                yield NewFact(key, course.name, pick(course.values, rng), day, date(year + 1, 1, 1))


def _capacity(key: str, begins: date, rng: Random) -> Iterator[NewFact]:
    whole = rng.randrange(20, 120) * 100
    yield NewFact(key, "grain.capacity", str(whole), begins)
    cool = whole * rng.choice((0, 2, 4)) // 10
    yield NewFact(key, "grain.low_temperature_capacity", str(cool), begins)
    rebuilt = between(date(2022, 9, 1), date(2024, 10, 1), rng)
    yield NewFact(key, "grain.low_temperature_capacity", str(min(whole, cool + whole * 4 // 10)), rebuilt)


def pick(values: Mapping[str, float], rng: Random) -> str:
    return rng.choices(list(values), weights=list(values.values()))[0]


def between(first: date, last: date, rng: Random) -> date:
    """A day from `first` to before `last`; `first` when there is none."""
    return first + timedelta(days=rng.randrange(max(1, (last - first).days)))
