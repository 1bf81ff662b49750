import csv
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.limits import soil
from fangxin.engines.limits.soil import SoilReading, Zone

TABLE = Path(__file__).parents[3] / "standards" / "limits" / "gb15618-2018.csv"
METALS = ("Cd", "Hg", "As", "Pb", "Cr", "Cu", "Ni", "Zn")


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def judge(element: str, value: str | None, ph: str | None, use: str, lod: str | None = None) -> soil.MetalRisk:
    reading = SoilReading(element, Decimal(value) if value else None, Decimal(lod) if lod else None)
    return soil.judge_metal(soil.read_table(rows()), reading, ph=Decimal(ph) if ph else None, land_use=use)


def test_every_metal_has_one_screening_value_at_every_ph_and_land_use() -> None:
    table = soil.read_table(rows())
    for element in METALS:
        for use in soil.LAND_USES:
            for ph in ("3", "5.5", "5.51", "6.5", "7.5", "7.6", "14"):
                assert soil.screening_value(table, element, ph=Decimal(ph), land_use=use) is not None


def test_bands_join_without_gap_or_overlap() -> None:
    table = soil.read_table(rows())
    groups: dict[tuple[str, str, str], list[soil.SoilLimit]] = {}
    for limit in table.limits:
        groups.setdefault((limit.analyte, limit.value_type, limit.land_use), []).append(limit)
    for group in groups.values():
        ordered = sorted(group, key=lambda x: x.ph_gt or Decimal(-1))
        assert ordered[0].ph_gt is None
        assert ordered[-1].ph_le is None
        assert all(a.ph_le == b.ph_gt for a, b in pairwise(ordered))


@pytest.mark.parametrize("element", ["Cu", "Ni", "Zn"])
def test_copper_nickel_and_zinc_have_no_control_value_and_are_never_above_it(element: str) -> None:
    found = judge(element, "99999", "7.0", "other")
    assert (found.zone, found.reason, found.control) == (Zone.BETWEEN, "no_control_value", None)


def test_a_value_equal_to_a_limit_is_not_above_it() -> None:
    assert judge("Cd", "0.3", "5.5", "other").zone is Zone.LOW
    assert judge("Cd", "1.5", "5.5", "other").zone is Zone.BETWEEN
    assert judge("Cd", "1.5001", "5.5", "other").zone is Zone.ABOVE


def test_rotation_takes_the_stricter_value() -> None:
    for element in METALS:
        values = {use: judge(element, "1", "6.2", use).screening for use in ("paddy", "other", "rotation")}
        assert values["rotation"] == min(values["paddy"], values["other"])  # type: ignore[type-var]


def test_an_orchard_is_other_land_but_for_copper() -> None:
    assert judge("Cu", "1", "6", "orchard").screening == 150
    assert judge("Cd", "1", "6", "orchard").screening == judge("Cd", "1", "6", "dry").screening


def test_without_ph_nothing_is_judged_that_depends_on_it() -> None:
    found = judge("Cd", "0.01", None, "dry")
    assert (found.zone, found.reason) == (None, "ph_missing")
    assert judge("BaP", "0.1", None, "dry").zone is Zone.LOW


def test_not_detected_is_low_only_where_the_method_could_see() -> None:
    assert judge("Cd", None, "6", "dry", lod="0.01").zone is Zone.LOW
    assert (judge("Cd", None, "6", "dry", lod="0.5").zone, judge("Cd", None, "6", "dry").reason) == (None, "no_value")


def test_a_point_with_an_unjudged_element_is_not_called_low() -> None:
    table = soil.read_table(rows())
    low, unseen = SoilReading("Cd", Decimal("0.1")), SoilReading("Hg", None, Decimal(5))
    high = SoilReading("As", Decimal(500))
    assert soil.judge_point(table, [low], ph=Decimal(7), land_use="dry").zone is Zone.LOW
    assert soil.judge_point(table, [low, unseen], ph=Decimal(7), land_use="dry").zone is None
    assert soil.judge_point(table, [high, unseen], ph=Decimal(7), land_use="dry").zone is Zone.ABOVE


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(METALS),
    st.decimals(min_value="0", max_value="14", places=2),
    st.decimals(min_value="0", max_value="2000", places=3),
    st.decimals(min_value="0", max_value="2000", places=3),
    st.sampled_from(soil.LAND_USES),
)
def test_more_of_an_element_is_never_better(element: str, ph: Decimal, a: Decimal, b: Decimal, use: str) -> None:
    table = soil.read_table(rows())
    less, more = (
        soil.judge_metal(table, SoilReading(element, value), ph=ph, land_use=use).zone for value in sorted((a, b))
    )
    assert less is not None
    assert more is not None
    assert soil.ZONES.index(less) <= soil.ZONES.index(more)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(METALS),
    st.decimals(min_value="0", max_value="14", places=2),
    st.decimals(min_value="0", max_value="2000", places=3),
    st.sampled_from(("paddy", "dry", "orchard", "other")),
)
def test_engine_and_a_plain_walk_through_the_table_agree(element: str, ph: Decimal, value: Decimal, use: str) -> None:
    def walk(kind: str) -> Decimal | None:
        split = {row["land_use"] for row in rows() if row["analyte"] == element and row["value_type"] == kind}
        here = use if use in split else "other" if "other" in split else "all"
        for row in rows():
            if (row["analyte"], row["value_type"], row["land_use"]) != (element, kind, here):
                continue
            if (not row["ph_gt"] or ph > Decimal(row["ph_gt"])) and (not row["ph_le"] or ph <= Decimal(row["ph_le"])):
                return Decimal(row["value"])
        return None

    s, c = walk("screening"), walk("control")
    assert s is not None
    expected = Zone.LOW if value <= s else Zone.ABOVE if c is not None and value > c else Zone.BETWEEN
    table = soil.read_table(rows())
    assert soil.judge_metal(table, SoilReading(element, value), ph=ph, land_use=use).zone is expected


@pytest.mark.parametrize(
    "row",
    [
        {"analyte": "Cd", "value_type": "screening", "land_use": "all", "ph_gt": "", "ph_le": "", "value": "x"},
        {"analyte": "Cd", "value_type": "guess", "land_use": "all", "ph_gt": "", "ph_le": "", "value": "1"},
        {"analyte": "Cd", "value_type": "control", "land_use": "moon", "ph_gt": "", "ph_le": "", "value": "1"},
        {"analyte": "Cd", "value_type": "control", "land_use": "all", "ph_gt": "7", "ph_le": "6", "value": "1"},
    ],
)
def test_a_table_with_a_bad_row_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(soil.SoilTableError):
        soil.read_table([row])


def test_a_table_that_says_two_things_of_one_case_is_refused() -> None:
    row = {"analyte": "Cd", "value_type": "control", "land_use": "all", "ph_gt": "5", "ph_le": "7", "value": "1"}
    with pytest.raises(soil.SoilTableError):
        soil.read_table([row, {**row, "ph_gt": "6", "ph_le": "8"}])
