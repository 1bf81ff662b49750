import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from fangxin.engines import land
from fangxin.engines.land import SoilClass, UnitPoint, UnitProduce
from fangxin.engines.limits.soil import Zone

FILE = Path(__file__).parents[3] / "standards" / "origin" / "quality-class.toml"
RULES = land.read_class_rules(tomllib.loads(FILE.read_text("utf-8")))
LOW, BETWEEN, ABOVE = Zone.LOW, Zone.BETWEEN, Zone.ABOVE


def points(*cadmium: Zone | None, apart_m: float = 2000.0) -> list[UnitPoint]:
    """Points in a row, so far apart that none lie together unless asked."""
    rest = dict.fromkeys(("Hg", "As", "Pb", "Cr"), LOW)
    step = apart_m / 92_000
    return [UnitPoint(f"P{n}", {**rest, "Cd": zone}, 111.0 + n * step, 34.0) for n, zone in enumerate(cadmium)]


def produce(*within: bool, multiple: str = "1.5") -> list[UnitProduce]:
    return [UnitProduce(f"N{n}", "Cd", ok, Decimal("0.5") if ok else Decimal(multiple)) for n, ok in enumerate(within)]


@pytest.mark.parametrize(
    ("zones", "tested", "expected", "reason"),
    [
        ([LOW] * 5, [], SoilClass.PRIORITY, None),
        ([BETWEEN] * 5, [], SoilClass.SAFE_USE, "produce_too_few"),
        ([ABOVE] * 5, [], SoilClass.STRICT, "produce_too_few"),
        ([BETWEEN] * 5, produce(True, True, True), SoilClass.SAFE_USE, "produce_within"),
        ([BETWEEN] * 5, produce(True, True, True, False), SoilClass.SAFE_USE, "produce_exceeds"),
        ([BETWEEN] * 5, produce(True, False, False), SoilClass.STRICT, "produce_serious"),
        ([BETWEEN] * 5, produce(True, True, True, False, multiple="2.1"), SoilClass.STRICT, "produce_serious"),
        ([ABOVE] * 5, produce(True, True, True), SoilClass.SAFE_USE, "produce_within"),
        ([ABOVE] * 5, produce(True, True), SoilClass.STRICT, "produce_too_few"),
        ([LOW] * 5, produce(True, False), SoilClass.PRIORITY, "produce_against_soil"),
        ([LOW] * 4 + [BETWEEN], [], SoilClass.PRIORITY, None),
        ([LOW] * 3 + [BETWEEN] * 2, [], SoilClass.SAFE_USE, "mixed"),
    ],
)
def test_soil_and_produce_speak_for_a_class(
    zones: list[Zone], tested: list[UnitProduce], expected: SoilClass, reason: str | None
) -> None:
    found = land.propose_class(points(*zones), tested, RULES)
    assert found.proposed is expected
    assert reason is None or reason in found.reasons


def test_two_points_are_no_unit() -> None:
    found = land.propose_class(points(ABOVE, ABOVE), [], RULES)
    assert (found.proposed, found.reasons) == (None, ("too_few_points",))


def test_a_metal_that_could_not_be_judged_leaves_the_class_open() -> None:
    found = land.propose_class(points(None, None, None), [], RULES)
    assert found.proposed is None
    assert "metals_missing" in found.reasons


def test_what_is_already_above_control_needs_no_other_metal() -> None:
    bare = [UnitPoint(f"P{n}", {"Cd": ABOVE}) for n in range(3)]
    assert land.propose_class(bare, [], RULES).proposed is SoilClass.STRICT


def test_minority_points_that_lie_together_are_split_off_and_a_lone_grave_one_is_a_patch() -> None:
    near = [*points(*[LOW] * 8), *points(BETWEEN, BETWEEN, apart_m=100)]
    near[8:] = [UnitPoint(f"Q{n}", p.zones, p.longitude, 34.5) for n, p in enumerate(near[8:])]
    found = land.propose_class(near, [], RULES)
    assert found.metals[0].apart == ("Q0", "Q1")
    assert "split_off" in found.reasons
    lone = land.propose_class(points(*[LOW] * 9, ABOVE), [], RULES)
    assert lone.metals[0].patches == ("P9",)
    assert lone.proposed is SoilClass.PRIORITY


def test_the_order_of_points_and_samples_changes_nothing() -> None:
    zones, tested = points(LOW, BETWEEN, BETWEEN, ABOVE, BETWEEN), produce(True, False, True)
    one, other = land.propose_class(zones, tested, RULES), land.propose_class(zones[::-1], tested[::-1], RULES)
    assert (one.proposed, one.reasons, one.zone) == (other.proposed, other.reasons, other.zone)


def test_parameters_out_of_range_are_refused() -> None:
    values = tomllib.loads(FILE.read_text("utf-8"))
    with pytest.raises(ValueError, match="between 0 and 1"):
        land.read_class_rules({**values, "zone_share": "1.2"})
    with pytest.raises(KeyError):
        land.read_class_rules({"edition": "x"})


def test_a_year_is_balanced_in_units_and_area() -> None:
    p, s, c = SoilClass.STRICT, SoilClass.SAFE_USE, SoilClass.PRIORITY
    before = {"a": (p, Decimal(10)), "b": (s, Decimal(20)), "c": (c, Decimal(30)), "gone": (c, Decimal(1))}
    after = {"a": (s, Decimal(10)), "b": (s, Decimal(25)), "c": (s, Decimal(30)), "new": (c, Decimal(2))}
    found = land.balance_years(before, after)
    assert [found.count(change) for change in land.Change] == [1, 1, 1]
    assert (found.only_before, found.only_after) == (("gone",), ("new",))
    assert (found.area_before[s], found.area_after[s]) == (Decimal(20), Decimal(65))
