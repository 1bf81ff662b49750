"""Counts in the layout of a CSV table with a JSON beside it: `index, year, period, date` and one column for each series."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from fangxin.engines.outbreak.detection.values import Days, DetectionRefused, Panel

_PLACES = ("index", "year", "period", "date")
_FREQUENCIES = (365, 52, 12)
MOST_ROWS = 40_000


def read_panel(text: str, beside: Mapping[str, Any] | None = None, units: Sequence[str] | None = None) -> Panel:
    """A panel from the text of a CSV file.

    beside  the JSON object beside the file, where there is one: `freq`, `units`, `epochAsDate`
    units   columns to take; else those named beside, else the first column that is no place in time

    Raises DetectionRefused with row and column for what cannot be read.
    """
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or not rows[0]:
        raise DetectionRefused("the file is empty: it needs a line of column names, and a line for each period")
    head, body = [name.strip().lstrip("\ufeff") for name in rows[0]], [row for row in rows[1:] if any(row)]
    if not body:
        raise DetectionRefused("there are no rows below the column names")
    if len(body) > MOST_ROWS:
        raise DetectionRefused(f"there are more than {MOST_ROWS} rows")
    beside = beside or {}
    chosen = _units(head, beside, units)
    counts = np.column_stack([_counts(head, body, name) for name in chosen])
    dates = _dates(head, body)
    if beside.get("epochAsDate") is False:
        dates = None
    return Panel(counts, tuple(chosen), _frequency(beside, head, body, dates), dates)


def _units(head: Sequence[str], beside: Mapping[str, Any], units: Sequence[str] | None) -> list[str]:
    chosen = list(units or beside.get("units") or [name for name in head if name not in _PLACES][:1])
    if not chosen:
        raise DetectionRefused("there is no column of counts")
    for name in chosen:
        if name not in head:
            raise DetectionRefused(f"there is no column {name!r}; the columns are {', '.join(head)}")
        if head.count(name) > 1:
            raise DetectionRefused(f"two columns are named {name!r}: give each its own name")
    return chosen


def _counts(head: Sequence[str], body: Sequence[Sequence[str]], name: str) -> "np.ndarray[Any, np.dtype[np.float64]]":
    column = head.index(name)
    found = np.empty(len(body))
    for place, row in enumerate(body):
        text = row[column].strip() if column < len(row) else ""
        if text in ("", "NA"):
            found[place] = np.nan
            continue
        try:
            found[place] = float(text)
        except ValueError:
            raise DetectionRefused(f"{text!r} is no count", row=place + 1, unit=name) from None
        if not np.isfinite(found[place]):
            raise DetectionRefused(f"{text!r} is no count", row=place + 1, unit=name)
    return found


def _dates(head: Sequence[str], body: Sequence[Sequence[str]]) -> Days | None:
    if "date" not in head:
        return None
    column = head.index("date")
    texts = [row[column].strip() if column < len(row) else "" for row in body]
    if not any(texts):
        return None
    found = []
    for place, text in enumerate(texts):
        try:
            found.append(np.datetime64(date.fromisoformat(text), "D"))
        except ValueError:
            raise DetectionRefused(f"{text!r} is no date: write it as 2024-03-31", row=place + 1, unit="date") from None
    return np.array(found)


def _frequency(
    beside: Mapping[str, Any], head: Sequence[str], body: Sequence[Sequence[str]], dates: Days | None
) -> int:
    given = beside.get("freq")
    if given is not None:
        if given not in _FREQUENCIES:
            raise DetectionRefused(f"freq is {given!r}; a year has 365, 52 or 12 periods")
        return int(given)
    if dates is not None and len(dates) > 1:
        gap = int((dates[1] - dates[0]) / np.timedelta64(1, "D"))
        found = {1: 365, 7: 52}.get(gap, 12 if 28 <= gap <= 31 else 0)
        if not found:
            raise DetectionRefused(
                f"{dates[0]} and {dates[1]} lie {gap} days apart: give a row for every day, week or month",
                row=2,
                unit="date",
            )
        return found
    periods = (
        [int(row[head.index("period")]) for row in body if row[head.index("period")].isdecimal()]
        if "period" in head
        else []
    )
    most = max(periods, default=52)
    return 12 if most <= 12 and len(body) > 12 else 52 if most <= 53 else 365
