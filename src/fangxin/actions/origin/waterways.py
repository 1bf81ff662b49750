"""What pages show of water: years by the mean of months, trends, river systems, the items of a month."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.origin import rules_emissions as rules
from fangxin.actions.origin.models import WaterMonth, WaterSection
from fangxin.actions.origin.models.water import WaterClass
from fangxin.engines import trends
from fangxin.engines.limits import water

# Months of the same season are compared over the years. Several items are looked at, so each is asked at one in a hundred.
ALPHA = 0.01
TREND_ITEMS = ("CODMn", "COD", "BOD5", "NH3-N", "TP", "DO", "Cd", "Pb", "As", "Hg", "Cr6")
BETTER_WHEN_HIGHER = frozenset({rules.OXYGEN})
MOST_YEARS = 10
STATUS = {
    "excellent": (gettext_lazy("优"), "good"), "good": (gettext_lazy("良好"), "good"),
    "light": (gettext_lazy("轻度污染"), "warn"), "moderate": (gettext_lazy("中度污染"), "bad"),
    "heavy": (gettext_lazy("重度污染"), "bad"),
}  # fmt: skip
DIRECTIONS = {
    "improving": (gettext_lazy("好转"), "good"), "stable": (gettext_lazy("没有明显变化"), "info"),
    "worse": (gettext_lazy("变差"), "bad"), "too_few": (gettext_lazy("数据太少，不能说明"), "plain"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Year:
    """A year of a section by the mean of its months."""

    year: int
    months: int
    met: int
    grade: str
    word: Any
    tone: str
    pollutants: str


@dataclass(frozen=True, slots=True)
class TrendLine:
    item: str
    word: Any
    tone: str
    points: int
    years: int
    slope: str


@dataclass(frozen=True, slots=True)
class Basin:
    """A river system in a year, with the counts behind its status."""

    name: str
    sections: int
    good: int
    worst: int
    by: str
    word: Any
    tone: str


def months_of(section: WaterSection) -> "QuerySet[WaterMonth]":
    """The months of a section as they stand, corrections in place of what they correct, oldest first."""
    return WaterMonth.objects.filter(section=section, replaced_by=None).order_by("month").select_related("section")


def met(value: bool | None) -> tuple[Any, str]:
    """In words whether a target is met, with a tone."""
    if value is None:
        return _("不能判定"), "plain"
    return (_("达标"), "good") if value else (_("未达标"), "bad")


def _grade(value: int | None) -> str:
    return str(WaterClass(value).label) if value else "—"


def years_of(section: WaterSection, months: Sequence[WaterMonth]) -> list[Year]:
    """Each year by the mean of its months' values, latest first."""
    by_year: dict[int, list[WaterMonth]] = defaultdict(list)
    for row in months:
        by_year[row.month.year].append(row)
    return [_year(section, year, by_year[year]) for year in sorted(by_year, reverse=True)[:MOST_YEARS]]


def _year(section: WaterSection, year: int, rows: Sequence[WaterMonth]) -> Year:
    means = water.mean_readings([rules.readings_of(row.readings) for row in rows])
    table = rules.water_standard(rows[-1].sampled_on).table
    verdict = water.judge_section(table, means, body=section.body, target=rows[-1].target)
    names = rules.bare_item_names(rows[-1].sampled_on)
    count = sum(row.meets_target is True for row in rows)
    pollutants = "、".join(names.get(item, item) for item in verdict.main_pollutants)
    return Year(year, len(rows), count, _grade(verdict.water_class), *met(verdict.meets_target), pollutants)


def trends_of(section: WaterSection, months: Sequence[WaterMonth]) -> list[TrendLine]:
    """Each main item over all years, each month compared with the same month of other years. Values below a detection limit
    stand on the footing of the highest limit; an item that was never detected has no trend."""
    if not months:
        return []
    names = rules.bare_item_names(months[-1].sampled_on)
    series: dict[str, list[trends.Reading]] = defaultdict(list)
    for row in months:
        for reading in rules.readings_of({k: v for k, v in row.readings.items() if k in TREND_ITEMS}):
            value = float(reading.value) if reading.value is not None else None
            lod = float(reading.lod) if reading.lod is not None else None
            series[reading.item].append(trends.Reading(row.month.year, value, lod, f"{row.month.month:02d}"))
    seen = [item for item in TREND_ITEMS if any(one.value is not None for one in series[item])]
    return [_trend(item, names.get(item, item), series[item]) for item in seen]


def _trend(item: str, name: str, readings: Iterable[trends.Reading]) -> TrendLine:
    blocks: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for one in trends.level(readings):
        if one.value is not None:
            blocks[one.block].append((one.time, one.value))
    found = trends.judge_trend_of_blocks(blocks, rising_is_bad=item not in BETTER_WHEN_HIGHER, alpha=ALPHA)
    slope = found.slope
    said = ""
    if slope is not None:
        between = "" if slope.low is None or slope.high is None else f"（{slope.low:+.3g} ~ {slope.high:+.3g}）"
        said = f"{slope.slope:+.3g}{between}"
    return TrendLine(name, *DIRECTIONS[str(found.direction)], found.points, found.times, said)


def items_of(row: WaterMonth) -> list[Mapping[str, Any]]:
    """The items of a month, each with its class and the comparison made, the gravest first."""
    standard = rules.water_standard(row.sampled_on)
    names = rules.item_names(row.section.body, row.sampled_on)
    verdict = water.judge_section(
        standard.table, rules.readings_of(row.readings), body=row.section.body, target=row.target
    )
    found = [
        {
            "name": names.get(item.item, item.item), "text": row.readings.get(item.item, ""),
            "grade": _grade(item.water_class) if item.water_class else _("不能判定"),
            "limit": item.limit, "multiple": "" if item.multiple is None else f"{item.multiple:.2f}",
            "bad": item.counted and item.sure and (item.water_class or 0) > row.target,
            "counted": item.counted, "order": -(item.water_class or 0),
        }
        for item in verdict.items
    ]  # fmt: skip
    if rules.WATER_TEMPERATURE in row.readings:
        found.append(
            {"name": names[rules.WATER_TEMPERATURE], "text": row.readings[rules.WATER_TEMPERATURE], "grade": "—",
             "limit": None, "multiple": "", "bad": False, "counted": False, "order": 0}
        )  # fmt: skip
    return sorted(found, key=lambda item: (not item["bad"], item["order"]))


def chart_of(section: WaterSection, months: Sequence[WaterMonth]) -> dict[str, Any]:
    """Numbers for the chart by item; everything in it stands in tables too. Below a detection limit: its half, marked."""
    if not months:
        return {"months": [], "items": []}
    day = months[-1].sampled_on
    table, names = rules.water_standard(day).table, rules.item_names(section.body, day)
    seen = {item for row in months for item in row.readings}
    parsed = [{r.item: r for r in rules.readings_of(row.readings)} for row in months]
    items = []
    for item, name in names.items():
        found = table.find(item, section.body)
        if item not in seen or found is None:
            continue
        limit = float(found.bounds[section.target - 1]) if found.bounds else None
        above = sum(item in {one["item"] for one in row.exceeded} for row in months)
        points = [_point(values.get(item)) for values in parsed]
        items.append({"name": name, "limit": limit, "points": points, "above": above})
    return {
        "months": [f"{row.month:%Y-%m}" for row in months],
        # What exceeds most often is shown first, then what has a limit at all.
        "items": sorted(items, key=lambda one: (-one["above"], one["limit"] is None)),
        "words": {"limit": _("目标限值"), "below": _("低于检出限（按一半画）")},
    }


def _point(reading: water.Reading | None) -> dict[str, Any] | None:
    if reading is None:
        return None
    if reading.value is not None:
        return {"value": float(reading.value), "below": False}
    return {"value": float(reading.lod) / 2, "below": True} if reading.lod is not None else None


def basins_of(rows: "QuerySet[WaterMonth]") -> list[Basin]:
    """The river systems of the months given: each section by the mean of its months."""
    by_basin: dict[tuple[str, str], dict[int, list[WaterMonth]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.select_related("section").order_by("section__number", "month"):
        by_basin[row.section.basin, row.section.body][row.section_id].append(row)
    return [_basin(name, body, sections) for (name, body), sections in sorted(by_basin.items())]


def _basin(name: str, body: str, sections: Mapping[int, Sequence[WaterMonth]]) -> Basin:
    latest = max(rows[-1].sampled_on for rows in sections.values())
    means = [water.mean_readings([rules.readings_of(row.readings) for row in rows]) for rows in sections.values()]
    found = water.judge_basin(rules.water_standard(latest).table, means, body=body)
    word, tone = STATUS[str(found.status)] if found.status is not None else (_("不能判定"), "plain")
    by = _("按断面类别比例") if found.by == "shares" else _("断面不足五个，按均值")
    return Basin(name, found.sections, found.good, found.worst, by, word, tone)
