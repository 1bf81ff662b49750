"""What detection is given and what it gives back."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]


class DetectionRefused(ValueError):
    """Counts or parameters cannot be used; the message says what, where and what to do.

    `row` is the 1-based row of the counts and `unit` the name of the series, where the fault has one.
    """

    def __init__(self, message: str, *, row: int | None = None, unit: str = "") -> None:
        super().__init__(message)
        self.row, self.unit = row, unit


@dataclass(frozen=True, slots=True)
class Panel:
    """Counts of several series over the same periods.

    counts      (periods, series), whole numbers not below zero; NaN where a period was not observed
    units       names of the series
    frequency   periods in a year: 365, 52 or 12
    dates       first day of each period, rising, or None where years are cut into `frequency` equal periods
    population  (periods, series), or None
    """

    counts: Floats
    units: tuple[str, ...]
    frequency: int = 52
    dates: Days | None = None
    population: Floats | None = None

    def __post_init__(self) -> None:
        if self.counts.ndim != 2 or self.counts.shape[1] != len(self.units):
            raise DetectionRefused("counts must have one column for each unit")
        wrong = np.argwhere((self.counts < 0) | ((self.counts % 1) != 0) & ~np.isnan(self.counts))
        if len(wrong):
            row, unit = wrong[0]
            raise DetectionRefused(
                f"{self.counts[row, unit]:g} is no count: counts are whole numbers, not below zero",
                row=int(row) + 1, unit=self.units[unit],
            )  # fmt: skip
        if self.dates is not None:
            self._check_dates(self.dates)

    def _check_dates(self, dates: Days) -> None:
        if len(dates) != len(self.counts):
            raise DetectionRefused("there must be one date for each row of counts")
        if not len(dates):
            return
        wrong = np.flatnonzero(dates[1:] != following(dates[:-1], self.frequency))
        if len(wrong):
            row = int(wrong[0])
            should = following(dates[row : row + 1], self.frequency)[0]
            raise DetectionRefused(
                f"after {dates[row]} should come {should}, not {dates[row + 1]}: give a row for every period, with a zero "
                "where nothing was reported", row=row + 2,
            )  # fmt: skip

    @property
    def periods(self) -> int:
        return int(self.counts.shape[0])


def following(dates: Days, frequency: int) -> Days:
    """The first day of the next period."""
    if frequency != 12:
        return dates + np.timedelta64(7 if frequency == 52 else 1, "D")
    months = dates.astype("datetime64[M]")
    later: Days = (months + 1).astype("datetime64[D]") + (dates - months.astype("datetime64[D]"))
    return later


@dataclass(frozen=True, slots=True)
class Detections:
    """Results for the rows that were looked at, each (rows, series).

    rows          1-based rows of the counts
    observed      as given
    expected      the mean that the method expects, NaN where it has none
    upperbound    the bound that `observed` is compared with, NaN where it could not be found or too few cases were seen
    alarm         decided; False where there is no bound
    tail          probability of a count at least as large where nothing is wrong; NaN where the method gives none
    more          further arrays of the method, by name
    """

    rows: NDArray[np.int64]
    observed: Floats
    expected: Floats
    upperbound: Floats
    alarm: Flags
    tail: Floats
    more: dict[str, NDArray[Any]]
