"""The files of SaTScan: one record a line, fields separated by white space, a field with blanks in double quotes.

    .cas  place count [date] [covariates ...]      .ctl  place count [date]
    .geo  place latitude longitude (or x y ...)    .pop  place date people [covariates ...]

Dates are year/month/day, month/day/year with a year of four digits, year/month or year; `-`, `.` and `*` separate too. A year of
two digits belongs to the study period. A population of a year is that of 1 July, of a month that of the 15th, of a day that of the
whole day; `unspecified` stands for the whole period. Blank lines and lines that begin with // are passed over.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Generic, TypeVar

from fangxin.engines.outbreak.scan.values import Count, Place, Population

Row = TypeVar("Row")
_FIELD = re.compile(r'"([^"]*)"|(\S+)')
_COUNT = re.compile(r"[+-]?[0-9]{1,18}")
_SEPARATORS = re.compile(r"[/\-.*]")


class Precision(IntEnum):
    """How exact a date is, coarser first."""

    NONE = 0
    YEAR = 1
    MONTH = 2
    DAY = 3


class FileRefused(ValueError):
    """A line cannot be used; the message names file and line and says what to do."""

    def __init__(self, name: str, line: int, text: str) -> None:
        super().__init__(f"{name}, line {line}: {text}")


@dataclass(frozen=True, slots=True)
class Read(Generic[Row]):
    """Rows of a file and the line each stood on."""

    name: str
    rows: tuple[Row, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """The study period, how exact the dates of cases are, and which records may be passed over."""

    start: date
    end: date
    precision: Precision
    ignore_outside: bool = False
    ignore_unknown: bool = False


def read_places(text: str, name: str) -> Read[Place]:
    """The coordinates file. A place that stands there twice with the same coordinates counts once. Raises FileRefused."""
    found: dict[str, tuple[Place, int]] = {}
    for line, fields in _records(text):
        if len(fields) < 3:
            raise FileRefused(name, line, "a place needs its name and two coordinates")
        place = Place(fields[0], tuple(_number(field, name, line, "coordinate") for field in fields[1:]))
        earlier = found.setdefault(place.id, (place, line))
        if earlier[0] != place:
            raise FileRefused(
                name, line, f"the place {place.id} has other coordinates than on line {earlier[1]}; keep one line"
            )
    return Read(name, tuple(place for place, _ in found.values()), tuple(line for _, line in found.values()))


def read_counts(text: str, name: str, known: frozenset[str], period: Period) -> Read[Count]:
    """The case file, or the control file. Raises FileRefused."""
    kept = [
        (row, line) for line, fields in _records(text) if (row := _count(fields, name, line, known, period)) is not None
    ]
    return Read(name, tuple(row for row, _ in kept), tuple(line for _, line in kept))


def _count(fields: list[str], name: str, line: int, known: frozenset[str], period: Period) -> Count | None:
    dated = period.precision is not Precision.NONE
    if len(fields) < 2 + dated:
        raise FileRefused(name, line, f"a record needs place, count{' and date' if dated else ''}")
    if not _COUNT.fullmatch(fields[1]):
        raise FileRefused(name, line, f"the count {fields[1]!r} is no whole number")
    if int(fields[1]) < 0:
        raise FileRefused(name, line, f"the count {fields[1]} is negative; correct it or leave the record out")
    if not _is_known(fields[0], name, line, known, period):
        return None
    on = _day_of_count(fields[2], name, line, period) if dated else None
    if on is not None and not period.start <= on <= period.end:
        if period.ignore_outside:
            return None
        raise FileRefused(
            name, line, f"{fields[2]} lies outside the study period {period.start} to {period.end};"
            " change StartDate or EndDate, or set StudyPeriodCheckType to 1 to leave such records out",
        )  # fmt: skip
    return Count(fields[0], int(fields[1]), on, tuple(fields[2 + dated :]))


def _is_known(place: str, name: str, line: int, known: frozenset[str], period: Period) -> bool:
    if place in known or period.ignore_unknown:
        return place in known
    raise FileRefused(
        name, line, f"the place {place} is not in the coordinates file; add it there, or set"
        " GeographicalCoordinatesCheckType to 1 to leave such records out",
    )  # fmt: skip


def _day_of_count(field: str, name: str, line: int, period: Period) -> date:
    on, precision = read_date(field, name, line, period)
    if precision < period.precision:
        raise FileRefused(
            name, line, f"the date {field} is less exact than PrecisionCaseTimes={int(period.precision)} asks for"
        )
    return on


def read_population(text: str, name: str, known: frozenset[str], period: Period) -> Read[Population]:
    """The population file. Raises FileRefused."""
    kept = []
    for line, fields in _records(text):
        if len(fields) < 3:
            raise FileRefused(name, line, "a record needs place, date and population")
        people = _number(fields[2], name, line, "population")
        if people < 0:
            raise FileRefused(name, line, f"the population {fields[2]} is negative")
        if not _is_known(fields[0], name, line, known, period):
            continue
        on, whole_day = _day_of_population(fields[1], name, line, period)
        kept.append((Population(fields[0], people, on, tuple(fields[3:]), whole_day), line))
    return Read(name, tuple(row for row, _ in kept), tuple(line for _, line in kept))


def _day_of_population(field: str, name: str, line: int, period: Period) -> tuple[date | None, bool]:
    if field.lower() == "unspecified":
        return None, False
    on, precision = read_date(field, name, line, period)
    if precision is Precision.YEAR:
        return on.replace(month=7, day=1), False
    return (on.replace(day=15), False) if precision is Precision.MONTH else (on, True)


def read_date(field: str, name: str, line: int, period: Period) -> tuple[date, Precision]:
    """The first day that a date may be, and how exact it is. Raises FileRefused.

    >>> read_date("73", "nm.pop", 1, Period(date(1973, 1, 1), date(1991, 12, 31), Precision.YEAR))
    (datetime.date(1973, 1, 1), <Precision.YEAR: 1>)
    """
    parts = _SEPARATORS.split(field)
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise FileRefused(name, line, f"{field!r} is no date; write year/month/day, year/month or year")
    numbers = [int(part) for part in parts]
    if len(numbers) > 1 and numbers[-1] > 999:
        numbers = [numbers[-1], *numbers[:-1]]
    try:
        return date(_year(numbers[0], period), *(*numbers[1:], 1, 1)[:2]), Precision(len(numbers))
    except ValueError:
        raise FileRefused(name, line, f"there is no day {field}") from None


def _year(year: int, period: Period) -> int:
    """Two digits mean the year of that ending from the century of the period's start or, behind it, of its end."""
    if year > 99:
        return year
    first = period.start.year // 100 * 100 + year
    return first if first >= period.start.year or period.end.year // 100 == period.start.year // 100 else first + 100


def _number(field: str, name: str, line: int, what: str) -> float:
    try:
        value = float(field)
    except ValueError:
        value = float("nan")
    if value - value != 0:
        raise FileRefused(name, line, f"the {what} {field!r} is no number")
    return value


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    for line, record in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        fields = [quoted or bare for quoted, bare in _FIELD.findall(record)]
        if fields and not record.lstrip().startswith("//"):
            yield line, fields


def place_ids(places: Sequence[Place]) -> frozenset[str]:
    """The ids of the places, to check the other files by."""
    return frozenset(place.id for place in places)
