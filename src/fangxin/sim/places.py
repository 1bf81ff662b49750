"""Where the invented county lies: real divisions down to the township, invented villages below."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from fangxin.engines.places import Place
from fangxin.sim import names

VILLAGES = 332
COMMUNITIES = 20
# Degrees within which a village may lie from its township's seat: some five kilometres.
AROUND = 0.05
PREFECTURES, COUNTIES_EACH, TOWNSHIPS_EACH = 18, 10, 14
# Prefecture numbers from here on are not in use, so that no generated code is a real county's.
UNUSED_PREFECTURE = 51


@dataclass(frozen=True, slots=True)
class Land:
    """One county: its places with villages, and who stands above it."""

    county: Place
    superiors: tuple[Place, ...]
    townships: tuple[Place, ...]
    villages: tuple[Place, ...]

    @property
    def code(self) -> str:
        return self.county.code

    @property
    def bare_name(self) -> str:
        """The county's name without its last character, as its agencies are called."""
        return self.county.name[:-1]

    @property
    def divisions(self) -> tuple[Place, ...]:
        return (*self.superiors, self.county, *self.townships, *self.villages)


def settle(places: Sequence[Place], *, seed: str, scale: float = 1) -> Land:
    """The county of a reviewed file, with invented villages."""
    rng = Random(f"{seed}:villages")
    county = next(place for place in places if place.level == 2)
    townships = tuple(place for place in places if place.level == 3)
    return Land(
        county=county,
        superiors=tuple(place for place in places if place.level < 2),
        townships=townships,
        villages=tuple(_villages(townships, scale, rng)),
    )


def _villages(townships: Sequence[Place], scale: float, rng: Random) -> Iterator[Place]:
    stems = iter(names.village_stems(rng))
    total = max(len(townships), round(VILLAGES * min(1, scale)))
    whole = sum(_rural_weight(place) for place in townships)
    for township in townships:
        for number in range(1, 1 + max(1, round(total * _rural_weight(township) / whole))):
            yield _village(township, f"{200 + number:03d}", f"{next(stems)}村", "village", rng)
        if township.kind != "township":
            for number in range(1, 2 + (township.weight > 2) * 4 + (township.kind == "street") * 2):
                yield _village(township, f"{number:03d}", f"{next(stems)}社区", "community", rng)


def _rural_weight(township: Place) -> float:
    """Villages are spread more evenly than trade; a street has hardly any."""
    return 0.25 if township.kind == "street" else 1 + min(township.weight, 2) / 4


def _village(township: Place, serial: str, name: str, kind: str, rng: Random) -> Place:
    return Place(
        code=township.code + serial,
        name=name,
        kind=kind,
        valid_from=date(2020, 1, 1),
        latitude=_near(township.latitude, rng),
        longitude=_near(township.longitude, rng),
        note=names.SOURCE,
        source=names.SOURCE,
        confidence="invented",
    )


def _near(degrees: float | None, rng: Random) -> float | None:
    return None if degrees is None else round(degrees + rng.uniform(-AROUND, AROUND), 6)


def invented_counties(province: Place, *, seed: str) -> Iterator[Land]:
    """The other counties of a province that no file describes: codes that are not in use, invented names."""
    for prefecture_number in range(UNUSED_PREFECTURE, UNUSED_PREFECTURE + PREFECTURES):
        prefecture = Place(
            f"{province.code}{prefecture_number}", f"第{prefecture_number}市{names.MARK}", "prefecture",
            source=names.SOURCE, confidence="invented",
        )  # fmt: skip
        for serial in range(1, COUNTIES_EACH + 1):
            yield _invented_county(province, prefecture, serial, seed)


def _invented_county(province: Place, prefecture: Place, serial: int, seed: str) -> Land:
    code = f"{prefecture.code}{20 + serial}"
    rng = Random(f"{seed}:{code}")
    county = Place(code, f"{code}县{names.MARK}", "county", source=names.SOURCE, confidence="invented")
    latitude, longitude = 31.5 + rng.random() * 4.5, 110.5 + rng.random() * 5.5
    stems = names.village_stems(rng)
    townships = tuple(
        Place(
            f"{code}{100 + number}", f"{stems[number]}镇", "town",
            latitude=round(latitude + rng.uniform(-0.3, 0.3), 6), longitude=round(longitude + rng.uniform(-0.3, 0.3), 6),
            weight=4.0 if number == 0 else 1.0, note=names.SOURCE, source=names.SOURCE, confidence="invented",
        )
        for number in range(TOWNSHIPS_EACH)
    )  # fmt: skip
    land = settle((county, *townships), seed=f"{seed}:{code}")
    superiors = (prefecture,) if serial == 1 else ()
    return replace(land, superiors=superiors, villages=land.villages[::6])
