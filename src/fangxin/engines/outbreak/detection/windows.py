"""Which past periods a period is compared with.

Sources: Farrington et al. 1996 (windows around each anniversary); Noufaily et al. 2013 (a seasonal factor over all weeks).
Years are stepped back by the calendar where there are dates, else by `frequency` periods.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fangxin.engines.outbreak.detection.controls import Farrington, FarringtonFlexible
from fangxin.engines.outbreak.detection.values import Days, DetectionRefused, Panel

Day = Any  # one of the dates of a panel; NumPy gives its arithmetic no narrower type
_DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, slots=True)
class Windows:
    """Baseline of each row looked at, padded to one width.

    rows    (n,) 0-based rows looked at
    index   (n, width) 0-based rows of the baseline, -1 where padded
    level   (n, width) season level of a baseline row, from 0
    time    (n, width) its time, in periods
    levels  how many levels there are; the row itself stands at the last
    now     (n,) the time of the row itself
    """

    rows: NDArray[np.int64]
    index: NDArray[np.int64]
    level: NDArray[np.int64]
    time: NDArray[np.float64]
    levels: int
    now: NDArray[np.float64]


def anniversary_windows(panel: Panel, rows: range, control: Farrington) -> Windows:
    """2w+1 periods around each of the last b anniversaries; what lies before the first row is left out."""
    looked_at = np.arange(rows.start - 1, rows.stop - 1)
    steps = np.arange(-control.w, control.w + 1)
    if panel.dates is None:
        years = np.arange(control.b, 0, -1) * panel.frequency
        index = (looked_at[:, None, None] - years[None, :, None] + steps[None, None, :]).reshape(len(looked_at), -1)
        index = np.where(index < 0, -1, index)
    else:
        index = np.array([_dated_window(panel.dates, int(row), control, panel.frequency) for row in looked_at])
    return Windows(
        looked_at, index.astype(np.int64), np.zeros(index.shape, np.int64), (index + 1).astype(float), 1,
        (looked_at + 1).astype(float),
    )  # fmt: skip


def _dated_window(dates: Days, row: int, control: Farrington, frequency: int) -> NDArray[np.int64]:
    found = []
    for year in range(1, control.b + 1):
        centre = years_before(dates[row], year)
        for step in range(-control.w, control.w + 1):
            day = _same_place(_step(centre, step, frequency), dates[row], frequency)
            at = int(np.searchsorted(dates, day))
            found.append(at if at < len(dates) and dates[at] == day else -1)
    return np.array(found)


def years_before(day: Day, years: int) -> Day:
    """The same day of an earlier year; 1 March where that year has no 29 February."""
    month = day.astype("datetime64[M]")
    return (month - 12 * years).astype("datetime64[D]") + (day - month.astype("datetime64[D]"))


def _step(day: Day, steps: int, frequency: int) -> Day:
    if frequency == 12:
        month = day.astype("datetime64[M]")
        return (month + steps).astype("datetime64[D]") + (day - month.astype("datetime64[D]"))
    return day + steps * (7 if frequency == 52 else 1) * _DAY


def _same_place(day: Day, like: Day, frequency: int) -> Day:
    """The nearest day of the same weekday, or the same day of the month."""
    if frequency == 52:
        ahead = (_weekday(like) - _weekday(day)) % 7
        back = (_weekday(day) - _weekday(like)) % 7
        return day + (ahead if ahead < back else -back) * _DAY
    if frequency == 12:
        return day - (_day_of_month(day) - _day_of_month(like)) * _DAY
    return day


def _weekday(day: Day) -> int:
    return int((day.astype("datetime64[D]").astype(np.int64) + 4) % 7)


def _day_of_month(day: Day) -> int:
    return int((day - day.astype("datetime64[M]").astype("datetime64[D]")) / _DAY)


def season_windows(panel: Panel, rows: range, control: FarringtonFlexible, *, compat: bool = False) -> Windows:
    """All periods back to the b-th anniversary in `noPeriods` levels, the last ones before the row left out."""
    looked_at = np.arange(rows.start - 1, rows.stop - 1)
    left_out = control.w if control.left_out is None else control.left_out
    found = [_levels(panel, int(row), control, left_out, compat) for row in looked_at]
    width = max(len(index) for index, _level in found)
    index = np.full((len(found), width), -1, np.int64)
    level = np.zeros((len(found), width), np.int64)
    for place, (rows_of_one, levels_of_one) in enumerate(found):
        index[place, : len(rows_of_one)] = rows_of_one
        level[place, : len(rows_of_one)] = levels_of_one
    time, now = _times(panel, looked_at, index)
    return Windows(looked_at, index, level, time, control.season_levels, now)


def _times(
    panel: Panel, looked_at: NDArray[np.int64], index: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """In periods since the first row of the baseline where there are dates, else the number of the row."""
    if panel.dates is None:
        return (index + 1).astype(float), (looked_at + 1).astype(float)
    days = panel.dates.astype(np.int64).astype(float)
    a_period = float(days[1] - days[0])
    first = days[index[:, 0]]
    return (days[np.maximum(index, 0)] - first[:, None]) / a_period, (days[looked_at] - first) / a_period


def _levels(
    panel: Panel, row: int, control: FarringtonFlexible, left_out: int, compat: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    anniversaries = _anniversaries(panel, row, control.b)
    w, last = control.w, control.season_levels
    shortest = min(later - earlier for later, earlier in pairwise(anniversaries)) if control.b else 0
    if shortest < max(last, 2 * w + 1):
        raise DetectionRefused("noPeriods or w is too large: a year has not so many periods", row=row + 1)
    if anniversaries[-1] - w < 0:
        raise DetectionRefused(
            f"the baseline of row {row + 1} would begin before the first row: lower b, or begin the range later",
            row=row + 1,
        )
    levels = np.zeros(panel.periods, np.int64)
    levels[row - w : row + 1] = last
    for later, anniversary in pairwise(anniversaries):
        levels[anniversary - w : anniversary + w + 1] = last
        if last > 1:
            _cut(levels, anniversary + w + 1, later - w, last - 1, compat)
    levels[max(row - left_out, 0) : row + 1] = 0
    index = np.flatnonzero(levels)
    if not len(index):
        raise DetectionRefused(f"row {row + 1} has no baseline: lower pastWeeksNotIncluded, or raise b", row=row + 1)
    return index, levels[index] - 1


def _anniversaries(panel: Panel, row: int, b: int) -> list[int]:
    if panel.dates is None:
        found = [row - year * panel.frequency for year in range(b + 1)]
        missing = found[-1] < 0
    else:
        days = [
            _nearest(years_before(panel.dates[row], year), panel.dates[row], panel.frequency) for year in range(b + 1)
        ]
        found = [int(at) for at in np.searchsorted(panel.dates, np.array(days))]
        missing = any(at >= panel.periods or panel.dates[at] != day for at, day in zip(found, days, strict=True))
    if missing:
        raise DetectionRefused(
            f"row {row + 1} has no row {b} years before it: lower b, or begin the range later", row=row + 1
        )
    return found


def _nearest(day: Day, like: Day, frequency: int) -> Day:
    if frequency != 52:
        return day
    same = day - (_weekday(day) - _weekday(like)) * _DAY
    other = same + (-7 if same > day else 7) * _DAY
    return other if abs(other - day) < abs(same - day) else same


def _cut(levels: NDArray[np.int64], start: int, end: int, blocks: int, compat: bool) -> None:
    """Near-equal blocks between two windows; the first ones take what is left over.

    Where there are more blocks than periods the last ones are empty. R counts backwards then: the last empty block takes the
    period before it and the one after it, which belongs to the window.
    """
    length, rest = divmod(end - start, blocks)
    at = start
    for block in range(blocks):
        size = length + (block < rest)
        if size == 0 and compat:
            levels[at - 1 : at + 1] = block + 1
        levels[at : at + size] = block + 1
        at += size
