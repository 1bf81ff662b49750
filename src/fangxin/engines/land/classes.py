"""A proposal for the quality class of an evaluation unit, from its soil points and its produce.

Source: technical guide for dividing cultivated land by soil environmental quality (耕地土壤环境质量类别划分技术指南). The
corners of the guide (which share of points makes a zone, what counts as serious, what produce can soften) are not
verified, so they are parameters of a dated file; the answer is a proposal until a named official confirms it.

Steps: (1) enough points; (2) a zone for each metal, minority points that touch split off, a lone point above control
becomes a patch; (3) the worst metal is the soil's zone; (4) produce may soften or harden it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fangxin.engines.land.shapes import distance_m
from fangxin.engines.limits.soil import ZONES, Zone


class SoilClass(StrEnum):
    PRIORITY = "priority"  # 优先保护类
    SAFE_USE = "safe_use"  # 安全利用类
    STRICT = "strict"  # 严格管控类


CLASSES = (SoilClass.PRIORITY, SoilClass.SAFE_USE, SoilClass.STRICT)
_OF_ZONE = dict(zip(ZONES, CLASSES, strict=True))


@dataclass(frozen=True, slots=True)
class ClassRules:
    """One edition of the parameters. Shares are numbers from 0 to 1, `together_m` is metres."""

    edition: str
    metals: tuple[str, ...]
    least_points: int
    zone_share: Decimal
    together_m: Decimal
    least_produce: int
    serious_multiple: Decimal
    serious_share: Decimal
    between_within: SoilClass
    above_within: SoilClass
    slight_index: Decimal


@dataclass(frozen=True, slots=True)
class UnitPoint:
    """A point of the unit with the zone of each metal; None where a metal could not be judged."""

    code: str
    zones: Mapping[str, Zone | None]
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, slots=True)
class UnitProduce:
    """One tested produce sample from the unit. `multiple` is result ÷ limit where both are known."""

    sample: str
    analyte: str
    within: bool
    multiple: Decimal | None = None


@dataclass(frozen=True, slots=True)
class MetalZone:
    """The zone of one metal over a unit. `share` is the part of the judged points that lie in `zone`.

    `mixed`: no zone holds enough points, the gravest is taken and the unit should be divided anew.
    """

    metal: str
    zone: Zone | None
    share: Decimal | None
    judged: int
    mixed: bool
    apart: tuple[str, ...]  # codes of minority points that lie together
    patches: tuple[str, ...]  # codes of lone points above the control value


@dataclass(frozen=True, slots=True)
class Proposal:
    """`soil_class` by soil alone, `proposed` after produce. `reasons` are tokens, gravest first; empty class: see them.

    Reasons: too_few_points, metals_missing, mixed, split_off, patch, produce_too_few, produce_within, produce_exceeds,
    produce_serious, produce_against_soil.
    """

    zone: Zone | None
    soil_class: SoilClass | None
    proposed: SoilClass | None
    metals: tuple[MetalZone, ...]
    reasons: tuple[str, ...]
    points: int
    produce: int
    produce_above: int


def read_class_rules(values: Mapping[str, object]) -> ClassRules:
    """The parameters from the file of an edition. Raises ValueError or KeyError where one is missing or out of range."""
    found = ClassRules(
        edition=str(values["edition"]),
        metals=tuple(str(m) for m in values["metals"]),  # type: ignore[attr-defined]
        least_points=int(str(values["least_points"])),
        zone_share=Decimal(str(values["zone_share"])),
        together_m=Decimal(str(values["together_m"])),
        least_produce=int(str(values["least_produce"])),
        serious_multiple=Decimal(str(values["serious_multiple"])),
        serious_share=Decimal(str(values["serious_share"])),
        between_within=SoilClass(str(values["between_within"])),
        above_within=SoilClass(str(values["above_within"])),
        slight_index=Decimal(str(values["slight_index"])),
    )
    if not (0 < found.zone_share <= 1 and 0 <= found.serious_share <= 1 and found.least_points >= 1):
        raise ValueError("shares lie between 0 and 1, and a unit needs at least one point")
    return found


def propose_class(points: Sequence[UnitPoint], produce: Sequence[UnitProduce], rules: ClassRules) -> Proposal:
    """The class that soil and produce speak for, with what speaks against it.

    A metal that no point could be judged for leaves the class open, unless another metal already makes it strict.
    """
    metals = tuple(_metal_zone(metal, points, rules) for metal in rules.metals)
    tested = [p for p in produce if p.analyte in rules.metals]
    above = sum(not p.within for p in tested)
    if len(points) < rules.least_points:
        return Proposal(None, None, None, metals, ("too_few_points",), len(points), len(tested), above)
    reasons = _soil_reasons(metals, rules)
    zone = _unit_zone(metals, rules)
    soil = _OF_ZONE[zone] if zone is not None else None
    proposed, more = _with_produce(soil, tested, rules)
    return Proposal(zone, soil, proposed, metals, (*reasons, *more), len(points), len(tested), above)


def _metal_zone(metal: str, points: Sequence[UnitPoint], rules: ClassRules) -> MetalZone:
    judged = [(p, zone) for p in points if (zone := p.zones.get(metal)) is not None]
    if len(judged) < min(rules.least_points, len(points)) or not judged:
        return MetalZone(metal, None, None, len(judged), False, (), ())
    counts = Counter(zone for _point, zone in judged)
    # Of two zones with as many points the graver one leads.
    leading = max(counts, key=lambda zone: (counts[zone], ZONES.index(zone)))
    share = Decimal(counts[leading]) / Decimal(len(judged))
    minority = [(p, zone) for p, zone in judged if zone is not leading]
    apart = _lying_together(minority, rules)
    patches = tuple(p.code for p, zone in minority if zone is Zone.ABOVE and p.code not in apart)
    mixed = share < rules.zone_share
    zone = max(counts, key=ZONES.index) if mixed else leading
    return MetalZone(metal, zone, share, len(judged), mixed, apart, patches)


def _lying_together(minority: Sequence[tuple[UnitPoint, Zone]], rules: ClassRules) -> tuple[str, ...]:
    """Minority points of one zone that have another of their zone within reach."""
    placed = [(p, z) for p, z in minority if p.longitude is not None and p.latitude is not None]
    return tuple(
        one.code
        for one, zone in placed
        if any(
            other.code != one.code and zone is its_zone and _metres(one, other) <= rules.together_m
            for other, its_zone in placed
        )
    )


def _metres(one: UnitPoint, other: UnitPoint) -> float:
    return distance_m((one.longitude or 0.0, one.latitude or 0.0), (other.longitude or 0.0, other.latitude or 0.0))


def _soil_reasons(metals: Sequence[MetalZone], rules: ClassRules) -> tuple[str, ...]:
    found = (
        ("metals_missing", any(m.zone is None for m in metals)),
        ("mixed", any(m.mixed for m in metals)),
        ("split_off", any(m.apart for m in metals)),
        ("patch", any(m.patches for m in metals)),
    )
    return tuple(token for token, holds in found if holds)


def _unit_zone(metals: Sequence[MetalZone], rules: ClassRules) -> Zone | None:
    zones = [m.zone for m in metals if m.zone is not None]
    worst = max(zones, key=ZONES.index, default=None)
    if len(zones) < len(metals) and worst is not Zone.ABOVE:
        return None
    return worst


def _with_produce(
    soil: SoilClass | None, tested: Sequence[UnitProduce], rules: ClassRules
) -> tuple[SoilClass | None, tuple[str, ...]]:
    if soil is None:
        return None, ()
    above = [p for p in tested if not p.within]
    serious = any(p.multiple is not None and p.multiple > rules.serious_multiple for p in above) or (
        bool(above) and Decimal(len(above)) / Decimal(len(tested)) > rules.serious_share
    )
    if soil is SoilClass.PRIORITY:
        # The soil does not explain it: the source is to be found first, the class is not changed for it.
        return soil, ("produce_against_soil",) if above else ()
    if above:
        hardened = SoilClass.STRICT if serious or soil is SoilClass.STRICT else SoilClass.SAFE_USE
        return hardened, ("produce_serious" if serious else "produce_exceeds",)
    if len(tested) < rules.least_produce:
        return soil, ("produce_too_few",)
    return (rules.between_within if soil is SoilClass.SAFE_USE else rules.above_within), ("produce_within",)
