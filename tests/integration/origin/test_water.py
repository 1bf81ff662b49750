"""Sections and their months: judged, corrected, told; agriculture hears of an irrigation intake within a day."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from fangxin.actions.origin import selectors_emissions as selectors
from fangxin.actions.origin import waterways
from fangxin.actions.origin.models import IrrigationNotice, WaterMonth
from fangxin.actions.origin.services import water
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger

FOUL = {"pH": "7.8", "DO": "6.8", "CODMn": "4.2", "COD": "18", "BOD5": "3.2", "NH3-N": "0.62", "TP": "0.12"}
CLEAN = {"pH": "7.6", "DO": "8", "COD": "10", "NH3-N": "0.1", "Cd": "0.0001L", "Hg": "＜0.00004"}


def record(section: Any, by: Any, readings: dict[str, str] = FOUL, day: date = date(2023, 3, 6)) -> WaterMonth:
    return water.record_month(section=section, month=day, sampled_on=day, readings=readings, by=by)


def test_a_month_is_judged_by_its_worst_item_and_says_how_far_it_exceeds(
    section: Callable[..., Any], environment: Any
) -> None:
    row = record(section(), environment)
    assert (row.water_class, row.meets_target, row.standard) == (3, False, "GB 3838-2002")
    assert [(e["item"], e["class"], e["multiple"][:4]) for e in row.exceeded][:3] == [
        ("NH3-N", 3, "0.24"), ("COD", 3, "0.20"), ("TP", 3, "0.20"),
    ]  # fmt: skip
    assert len(row.missing) == 14


def test_readings_below_detection_are_kept_as_such(section: Callable[..., Any], environment: Any) -> None:
    row = record(section(), environment, CLEAN)
    assert (row.readings["Cd"], row.readings["Hg"]) == ("<0.0001", "<0.00004")
    assert (row.water_class, row.sure, row.meets_target) == (1, True, True)


def test_the_temperature_gives_the_oxygen_its_saturation(section: Callable[..., Any], environment: Any) -> None:
    warm = record(section(), environment, {"DO": "7.4", "water_temp": "28"})
    assert warm.water_class == 1


@pytest.mark.parametrize(
    "readings",
    [{}, {"COD": " "}, {"COD": "ND"}, {"COD": "0,05"}, {"COD": "-1"}, {"COD": "much"}, {"pH": "15"}, {"Cd": "6"},
     {"TN": "1"}, {"gold": "1"}, {"water_temp": "20"}, {"COD": "9" * 30}, {"COD": "<0"}, {"COD": "\x00"}],
)  # fmt: skip
def test_what_no_laboratory_reports_is_refused(
    section: Callable[..., Any], environment: Any, readings: dict[str, str]
) -> None:
    with pytest.raises(ValidationError):
        record(section(), environment, readings)
    assert WaterMonth.objects.count() == 0


def test_a_month_is_entered_once_and_in_its_own_month(section: Callable[..., Any], environment: Any) -> None:
    row = section()
    record(row, environment)
    with pytest.raises(ValidationError, match="已有数据"):
        record(row, environment, day=date(2023, 3, 9))
    with pytest.raises(ValidationError, match="还没有到"):
        record(row, environment, day=date(2023, 3, 16))
    with pytest.raises(ValidationError, match="不在这个月份"):
        water.record_month(
            section=row, month=date(2023, 2, 1), sampled_on=date(2023, 3, 1), readings=CLEAN, by=environment
        )


def test_a_correction_is_a_new_row_and_the_old_one_stays(section: Callable[..., Any], environment: Any) -> None:
    row = record(section(), environment)
    made = water.correct_month(row=row, sampled_on=row.sampled_on, readings=CLEAN, why="录入错行", by=environment)
    assert list(selectors.list_months(environment)) == [made]
    assert [r.meets for r in selectors.month_rows(date(2023, 3, 15))] == [True]
    assert WaterMonth.objects.get(pk=row.pk).water_class == 3
    with pytest.raises(ValidationError, match="已经更正过"):
        water.correct_month(row=row, sampled_on=row.sampled_on, readings=CLEAN, why="再改", by=environment)
    with pytest.raises(ValidationError):
        water.correct_month(row=made, sampled_on=row.sampled_on, readings=CLEAN, why=" ", by=environment)


def test_months_cannot_be_changed_in_the_database(section: Callable[..., Any], environment: Any) -> None:
    row = record(section(), environment)
    with pytest.raises(DatabaseError), transaction.atomic():
        WaterMonth.objects.filter(pk=row.pk).update(meets_target=True)


def test_a_missed_target_is_one_matter_however_many_months_it_lasts(
    section: Callable[..., Any], environment: Any, environment_agency: Any
) -> None:
    row = section()
    record(row, environment, day=date(2023, 2, 6))
    record(row, environment, day=date(2023, 3, 6))
    matters = casework.open_matters_of("origin.watersection", row.pk)
    assert [m.owner for m in matters] == [environment_agency]
    assert "氨氮超 0.24 倍" in matters[0].hazard
    assert IrrigationNotice.objects.count() == 0


def test_agriculture_is_told_of_an_irrigation_intake_within_a_day_and_signs_for_it(
    section: Callable[..., Any], environment: Any, agriculture: Any, agencies: Any
) -> None:
    row = section(irrigates="990101200")
    record(row, environment)
    notice = IrrigationNotice.objects.get()
    assert (notice.agency, notice.due_on, notice.division_code) == (agencies["farm"], date(2023, 3, 16), "990101200")
    owners = {m.owner for m in casework.open_matters_of("origin.watersection", row.pk)}
    assert agencies["farm"] in owners
    assert len(owners) == 2
    waiting = selectors.waiting(agriculture)
    assert (waiting["notices"].count(), waiting["notices_late"].count()) == (1, 0)
    with ledger.clock.held_at(date(2023, 3, 17)):
        assert selectors.waiting(agriculture)["notices_late"].count() == 1
    water.acknowledge(notice=notice, measures="已通知停止取水", by=agriculture)
    assert (notice.acknowledged_by, selectors.waiting(agriculture)["notices"].count()) == ("agriculture", 0)
    with pytest.raises(ValidationError, match="已由他人签收"):
        water.acknowledge(notice=notice, measures="再签", by=agriculture)


def test_each_failing_month_is_told_anew_under_the_same_matter(
    section: Callable[..., Any], environment: Any, agriculture: Any
) -> None:
    row = section(irrigates="990101200")
    record(row, environment, day=date(2023, 2, 6))
    record(row, environment, day=date(2023, 3, 6))
    assert IrrigationNotice.objects.values("matter").distinct().count() == 1
    assert IrrigationNotice.objects.count() == 2


def test_a_section_irrigates_its_own_county_only(section: Callable[..., Any]) -> None:
    with pytest.raises(ValidationError, match="本县"):
        section(irrigates="990102100")


def test_years_are_judged_by_the_mean_of_their_months(section: Callable[..., Any], environment: Any) -> None:
    row = section()
    for month, value in ((1, "0.3"), (2, "0.5"), (3, "0.85")):
        record(row, environment, {"NH3-N": value}, date(2023, month, 6))
    (year,) = waterways.years_of(row, list(waterways.months_of(row)))
    # mean 0.55: class III against II
    assert (year.grade, year.met, year.months, year.pollutants) == ("Ⅲ类", 2, 3, "氨氮")


def test_a_trend_compares_the_same_month_of_the_years_and_says_when_there_are_too_few(
    section: Callable[..., Any], environment: Any
) -> None:
    row = section(target=3)
    rows = [
        water.Measured(row, date(2018 + n, m, 1), date(2018 + n, m, 8), {"NH3-N": f"{1 - n * 0.1 + m * 0.01:.2f}"})
        for n in range(5)
        for m in range(1, 13)
    ]
    water.load_months(measured=rows[:12], by=environment)
    early = waterways.trends_of(row, list(waterways.months_of(row)))
    assert [(line.item, str(line.word)) for line in early] == [("氨氮", "数据太少，不能说明")]
    water.load_months(measured=rows[12:], by=environment)
    (line,) = waterways.trends_of(row, list(waterways.months_of(row)))
    assert (str(line.word), line.points, line.years) == ("好转", 60, 5)


def test_a_river_system_is_rated_by_shares_from_five_sections_on(section: Callable[..., Any], environment: Any) -> None:
    for n in range(5):
        record(section(name=f"断面{n}", target=3), environment, {"COD": "60" if n == 0 else "10"})
    (basin,) = waterways.basins_of(selectors.list_months(environment))
    assert (basin.sections, basin.good, basin.worst, str(basin.word)) == (5, 4, 1, "良好")
