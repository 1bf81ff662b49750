"""Classes of surface water: against a slow reading of the printed table, at the bounds, below detection limits."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.limits import water
from fangxin.engines.limits.water import Reading

LIMITS = Path(__file__).parents[3] / "standards" / "limits"
ROWS = list(csv.DictReader((LIMITS / "gb3838-2002.csv").open(encoding="utf-8")))
TABLE = water.read_table(ROWS)
COUNTED_RIVER = [row.item for row in TABLE.counted("river")]
values = st.decimals(min_value=0, max_value=50, places=5, allow_nan=False, allow_infinity=False)


def judged(readings: list[Reading], target: int = 3, body: str = "river") -> water.SectionVerdict:
    return water.judge_section(TABLE, readings, body=body, target=target)


def class_by_reading_down_the_row(item: str, value: Decimal) -> int:
    """As somebody reads the printed table: the first column that the value still fits."""
    row = next(row for row in ROWS if row["item"] == item and row["body"] in ("river", "both"))
    if row["direction"] == "range":
        return 1 if 6 <= value <= 9 else 6
    for grade in range(1, 6):
        bound = Decimal(row[f"class_{grade}"])
        if (row["direction"] == "min" and value >= bound) or (row["direction"] == "max" and value <= bound):
            return grade
    return 6


def test_twenty_one_items_decide_the_class_of_a_river_and_of_a_lake() -> None:
    assert len(TABLE.counted("river")) == 21
    assert len(TABLE.counted("lake")) == 21
    assert not {"water_temp", "TN", "fecal_coliform"} & set(COUNTED_RIVER)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(COUNTED_RIVER), values, min_size=1), st.integers(1, 5))
def test_the_worst_item_decides_whatever_the_order(found: dict[str, Decimal], target: int) -> None:
    expected = {item: class_by_reading_down_the_row(item, value) for item, value in found.items()}
    readings = [Reading(item, value) for item, value in found.items()]
    verdict = judged(readings, target)
    backwards = judged(readings[::-1], target)
    assert {i.item: i.water_class for i in verdict.items} == expected
    assert verdict.water_class == max(expected.values())
    assert verdict.meets_target is (max(expected.values()) <= target)
    assert verdict.main_pollutants == backwards.main_pollutants


@pytest.mark.parametrize("item", [i for i in COUNTED_RIVER if i not in ("pH", "DO")])
def test_a_value_equal_to_a_limit_still_has_the_class_and_a_hair_more_has_not(item: str) -> None:
    row = TABLE.find(item, "river")
    assert row is not None
    for bound in set(row.bounds):
        best = row.bounds.index(bound) + 1
        last = 5 - row.bounds[::-1].index(bound)
        assert judged([Reading(item, bound)]).water_class == best
        assert judged([Reading(item, bound + Decimal("1e-9"))]).water_class == last + 1


def test_lakes_have_their_own_phosphorus_and_nitrogen_does_not_count() -> None:
    phosphorus = [Reading("TP", Decimal("0.1"))]
    assert judged(phosphorus, body="river").water_class == 2
    assert judged(phosphorus, body="lake").water_class == 4
    assert judged([*phosphorus, Reading("TN", Decimal(9))], body="lake").water_class == 4
    assert judged([Reading("TN", Decimal(9))], body="river").items[0].reason == "not_in_standard"


def test_oxygen_of_class_one_by_value_or_by_saturation() -> None:
    assert judged([Reading("DO", Decimal("7.5"))]).water_class == 1
    assert judged([Reading("DO", Decimal("7.0"))]).water_class == 2
    assert judged([Reading("DO", Decimal("7.0"), saturation=Decimal(91))]).water_class == 1
    # 25 ℃: saturated at 8.27 mg/L
    assert water.saturation_percent(Decimal("7.6"), Decimal(25)).quantize(Decimal("0.1")) == Decimal("91.9")


def test_oxygen_and_acidity_have_no_multiple_but_can_be_main_pollutants() -> None:
    verdict = judged([Reading("DO", Decimal("1.5")), Reading("pH", Decimal("9.5")), Reading("COD", Decimal(45))])
    assert {i.item: i.multiple for i in verdict.exceeded} == {"COD": Decimal("1.25"), "DO": None, "pH": None}
    assert verdict.main_pollutants == ("COD", "DO", "pH")


def test_at_most_three_main_pollutants_the_worse_class_first() -> None:
    verdict = judged(
        [Reading("COD", Decimal(28)), Reading("NH3-N", Decimal("2.5")), Reading("TP", Decimal("0.38")),
         Reading("BOD5", Decimal("5.9")), Reading("CODMn", Decimal("6.1"))],
    )  # fmt: skip
    assert verdict.main_pollutants == ("NH3-N", "TP", "BOD5")
    assert len(verdict.exceeded) == 5


# --- below the detection limit ------------------------------------------------------------------------------------


def test_below_a_good_detection_limit_is_class_one() -> None:
    found = judged([Reading("Cd", None, lod=Decimal("0.001"))])
    assert (found.water_class, found.sure, found.meets_target) == (1, True, True)


def test_a_poor_detection_limit_proves_only_its_own_class() -> None:
    reading = [Reading("Cd", None, lod=Decimal("0.004"))]
    assert (judged(reading).water_class, judged(reading).sure, judged(reading).meets_target) == (2, False, True)
    # The water may be of class I; that it is not cannot be said.
    assert judged(reading, target=1).meets_target is None


def test_a_method_that_cannot_see_class_five_says_nothing() -> None:
    blind = Reading("Hg", None, lod=Decimal("0.01"))
    assert judged([blind]).water_class is None
    assert judged([blind, Reading("COD", Decimal(10))]).meets_target is None
    assert judged([blind, Reading("COD", Decimal(25))]).meets_target is False


def test_no_reading_is_no_class_and_no_target_met() -> None:
    verdict = judged([])
    assert (verdict.water_class, verdict.meets_target, len(verdict.missing)) == (None, None, 21)


# --- means and rivers ---------------------------------------------------------------------------------------------


def test_half_the_detection_limit_enters_the_mean() -> None:
    months = [[Reading("Pb", Decimal("0.02"))], [Reading("Pb", None, lod=Decimal("0.01"))], []]
    assert water.mean_readings(months)[0].value == Decimal("0.0125")
    unseen = [[Reading("Pb", None, lod=Decimal("0.01"))], [Reading("Pb", None, lod=Decimal("0.002"))]]
    assert water.mean_readings(unseen)[0] == Reading("Pb", None, lod=Decimal("0.01"))


@pytest.mark.parametrize(
    ("good", "worst", "status"),
    [("0.90", "0", "excellent"), ("0.8999", "0.1", "good"), ("0.75", "0.25", "good"), ("0.7499", "0.1999", "light"),
     ("0.5", "0.2", "moderate"), ("0.5", "0.3999", "moderate"), ("0.5", "0.4", "heavy")],
)  # fmt: skip
def test_status_by_shares_at_its_bounds(good: str, worst: str, status: str) -> None:
    assert water.status_by_shares(Decimal(good), Decimal(worst)).value == status


def test_five_sections_are_rated_by_shares_and_four_by_their_mean() -> None:
    clean, foul = [Reading("COD", Decimal(10))], [Reading("COD", Decimal(60))]
    five = water.judge_basin(TABLE, [clean, clean, clean, clean, foul])
    assert (five.status, five.by, five.good, five.worst) == (water.BasinStatus.GOOD, "shares", 4, 1)
    four = water.judge_basin(TABLE, [clean, clean, clean, foul])
    # mean 22.5: class IV
    assert (four.status, four.by, four.water_class) == (water.BasinStatus.LIGHT, "mean", 4)
    assert water.judge_basin(TABLE, [[]]).status is None


# --- tables that cannot be used -----------------------------------------------------------------------------------

GOOD = {
    "item": "X", "direction": "max", "body": "both", "counted": "1",
    "class_1": "1", "class_2": "2", "class_3": "3", "class_4": "4", "class_5": "5",
}  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        [GOOD | {"class_3": "much"}],
        [GOOD | {"class_3": "1.5"}],
        [GOOD | {"class_1": "-1"}],
        [GOOD | {"direction": "about"}],
        [GOOD | {"body": "sea"}],
        [GOOD, GOOD | {"body": "river"}],
        [GOOD | {"direction": "range", **{f"class_{n}": "9-6" for n in range(1, 6)}}],
    ],
)
def test_a_table_with_a_doubtful_row_is_refused(rows: list[dict[str, str]]) -> None:
    with pytest.raises(water.WaterTableError):
        water.read_table(rows)


def test_an_item_given_twice_or_an_unknown_target_is_refused() -> None:
    twice = [Reading("COD", Decimal(1)), Reading("COD", Decimal(2))]
    with pytest.raises(ValueError, match="twice"):
        judged(twice)
    with pytest.raises(ValueError, match="target"):
        judged([], target=6)
