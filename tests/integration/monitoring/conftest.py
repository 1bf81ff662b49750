"""Results of an invented county: rice with cadmium that rises, and what people eat."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from math import exp
from random import Random
from typing import Any

import pytest

from fangxin.actions.monitoring import rules
from fangxin.actions.monitoring.models import SurveyFigure
from fangxin.actions.monitoring.services import importing, surveys
from fangxin.kernel.screens.export import to_xlsx

TOWN, OTHER_TOWN = "990101100", "990101200"
HEADERS = [names[0] for names in importing.HEADERS.values()]


@pytest.fixture
def line() -> Callable[..., dict[str, Any]]:
    """A result as it is written after reading."""

    def make(sample_no: str, value: str = "0.05", **more: Any) -> dict[str, Any]:
        unit, lod, loq = more.pop("unit", "mg/kg"), Decimal(more.pop("lod", "0.002")), Decimal(more.pop("loq", "0.006"))
        row = {
            "sample_no": sample_no, "food": "大米", "food_class": "", "analyte": "镉", "as_typed": value, "unit": unit,
            "hazard": "Cd", "food_group": "cereals", "over_limit": "no", "sampled_on": date(2023, 2, 1),
            "division_code": TOWN, **rules.read_result(value, unit, lod, loq),
        }  # fmt: skip
        return row | more

    return make


@pytest.fixture
def load(county: str, health_department: Any) -> Callable[..., Any]:
    def make(rows: list[dict[str, Any]], name: str = "2023年监测.xlsx") -> Any:
        return importing.load_results(
            name=name, source="疾控中心", division_code=county, rows=rows, digest=name, by=health_department
        )

    return make


@pytest.fixture
def rising(line: Any) -> Callable[..., list[dict[str, Any]]]:
    """Two years of rice: level before, `times` that from the day `since`."""

    def make(times: float = 2.6, since: date = date(2022, 12, 1), seed: int = 5) -> list[dict[str, Any]]:
        rng = Random(seed)
        rows = []
        for number in range(104):
            day = date(2021, 3, 20) + timedelta(days=7 * number)
            value = 0.03 * exp(rng.gauss(0, 0.4)) * (times if day >= since else 1.0)
            town = TOWN if number % 2 else OTHER_TOWN
            rows.append(line(f"R{number:03d}", f"{value:.4f}", sampled_on=day, division_code=town))
        return rows

    return make


@pytest.fixture
def diet(county: str, health_department: Any, office: Any) -> Any:
    """A confirmed local survey."""
    figures = [
        SurveyFigure(food_group="cereals", grams=Decimal(240), variation=Decimal("0.4"), portion_g=Decimal(400)),
        SurveyFigure(food_group="vegetables", grams=Decimal(280), variation=Decimal("0.5")),
    ]
    row = surveys.load_survey(
        name="本县膳食调查", people="general", year=2022, division_code=county, source="三天回顾", respondents=400,
        body_weight_kg=Decimal(60), figures=figures, by=health_department,
    )  # fmt: skip
    return surveys.confirm_survey(survey=row, by=office)


@pytest.fixture
def sheet() -> Callable[..., bytes]:
    def make(*rows: list[Any], headers: list[str] = HEADERS) -> bytes:
        return to_xlsx(headers, rows)

    return make
