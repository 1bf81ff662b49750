"""Headline rules for volatile organic compounds, and when a discharge of metals may be a crime."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from fangxin.engines import emissions
from fangxin.engines.emissions import Checked, Outcome

ORIGIN = Path(__file__).parents[3] / "standards" / "origin"
VOC = emissions.load_voc_rules((ORIGIN / "voc-gb37822-2019.toml").read_text("utf-8"))
CRIME = emissions.load_crime_rules((ORIGIN / "police-transfer.toml").read_text("utf-8"))


def outcome(code: str, **checked: object) -> Outcome:
    return next(one.outcome for one in emissions.judge_check(VOC, Checked(**checked)) if one.code == code)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("initial", "outlet", "key_region", "low", "expected"),
    [
        ("3", "0.6", False, False, Outcome.MET),  # exactly 80 %
        ("3", "0.601", False, False, Outcome.NOT_MET),
        ("2.999", "2.999", False, False, Outcome.NOT_APPLICABLE),
        ("2", "1", True, False, Outcome.NOT_MET),
        ("9", "9", False, True, Outcome.NOT_APPLICABLE),
        ("9", None, False, False, Outcome.UNKNOWN),
        (None, None, False, False, Outcome.UNKNOWN),
    ],
)
def test_treatment_is_asked_from_a_rate_on(
    initial: str | None, outlet: str | None, key_region: bool, low: bool, expected: Outcome
) -> None:
    found = outcome(
        "treatment",
        initial_rate=Decimal(initial) if initial else None,
        outlet_rate=Decimal(outlet) if outlet else None,
        key_region=key_region,
        low_voc_material=low,
    )
    assert found is expected


def test_special_limits_are_stricter_in_the_plant() -> None:
    assert outcome("in_plant_hourly", in_plant_hourly=Decimal(8)) is Outcome.MET
    assert outcome("in_plant_hourly", in_plant_hourly=Decimal(8), special_limits=True) is Outcome.NOT_MET
    assert outcome("in_plant_once", in_plant_once=Decimal(20), special_limits=True) is Outcome.MET


def test_a_hood_is_judged_only_where_there_is_one() -> None:
    assert outcome("hood", hood_velocity=Decimal("0.29")) is Outcome.NOT_MET
    assert outcome("hood", hood_velocity=Decimal("0.29"), has_hood=False) is Outcome.NOT_APPLICABLE


def test_what_was_not_measured_is_never_met() -> None:
    assert emissions.overall(emissions.judge_check(VOC, Checked())) is Outcome.UNKNOWN
    assert emissions.overall(()) is Outcome.UNKNOWN
    whole = Checked(
        initial_rate=Decimal(5), outlet_rate=Decimal("0.5"), stack_height=Decimal(15), hood_velocity=Decimal("0.3")
    )
    assert emissions.overall(emissions.judge_check(VOC, whole)) is Outcome.MET
    short = Checked(initial_rate=Decimal(5), outlet_rate=Decimal("0.5"), stack_height=Decimal("14.9"))
    assert emissions.overall(emissions.judge_check(VOC, short)) is Outcome.NOT_MET


def test_leaks_begin_at_thresholds_by_medium_and_area() -> None:
    assert emissions.leak_threshold(VOC, "gas_or_light", special=True) == 2000
    assert emissions.leak_threshold(VOC, "other", special=False) == 2000
    assert emissions.needs_ldar(VOC, 2000)
    assert not emissions.needs_ldar(VOC, 1999)
    with pytest.raises(ValueError, match="threshold"):
        emissions.leak_threshold(VOC, "honey", special=False)


def test_a_file_that_lacks_a_figure_is_refused() -> None:
    text = (ORIGIN / "voc-gb37822-2019.toml").read_text("utf-8")
    with pytest.raises(ValueError, match="stack_height"):
        emissions.load_voc_rules(text.replace("stack_height = 15", ""))
    with pytest.raises(ValueError, match="stack_height"):
        emissions.load_voc_rules(text.replace("stack_height = 15", 'stack_height = "tall"'))


@pytest.mark.parametrize(
    ("metal", "measured", "on", "suspected"),
    [
        ("Cd", "0.4", date(2022, 6, 1), True),  # 0.4 / 0.1 − 1 = 3
        ("Cd", "0.399", date(2022, 6, 1), False),
        ("Zn", "0.9", date(2022, 6, 1), False),
        ("Zn", "1.1", date(2023, 9, 1), True),
        ("Cd", "9", date(2016, 6, 1), False),  # no rule of ours was in force
        ("F", "9", date(2022, 6, 1), False),
    ],
)
def test_from_how_many_times_a_discharge_may_be_a_crime(metal: str, measured: str, on: date, suspected: bool) -> None:
    found = emissions.suspect(CRIME, metal, measured=Decimal(measured), limit=Decimal("0.1"), on=on)
    assert (found is not None) is suspected


def test_the_suspicion_cites_the_edition_of_the_day() -> None:
    before = emissions.suspect(CRIME, "Pb", measured=Decimal(9), limit=Decimal(1), on=date(2023, 8, 14))
    after = emissions.suspect(CRIME, "Pb", measured=Decimal(9), limit=Decimal(1), on=date(2023, 8, 15))
    assert before is not None
    assert after is not None
    assert "2017" in before.clause
    assert "2023" in after.clause
    with pytest.raises(ValueError, match="positive"):
        emissions.suspect(CRIME, "Pb", measured=Decimal(9), limit=Decimal(0), on=date(2023, 8, 15))
