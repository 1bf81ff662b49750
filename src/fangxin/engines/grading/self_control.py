"""The two responsibilities (两个责任): what operators check by themselves, and officials who answer for them.

Source: Provisions on Enterprises' Principal Responsibility for Food Safety (总局令60, in force 2022-11-01) and the
notices on territorial responsibility; the figures themselves are dated data in `standards/self_control`.
A day without a record is a gap. It is never read as a day without problems.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from fangxin.engines.indicators import Figure


@dataclass(frozen=True, slots=True)
class DayAccount:
    """Operating days of a span, and what became of each: recorded on the day, recorded later, or not at all."""

    operating: int
    on_day: int
    late: tuple[date, ...]
    gaps: tuple[date, ...]

    @property
    def completion(self) -> Figure:
        """Days recorded on the day itself ÷ operating days."""
        return Figure(Decimal(self.on_day), Decimal(self.operating))


def account_days(first: date, last: date, *, records: Mapping[date, date], closed: Collection[date]) -> DayAccount:
    """Account for every day from `first` to `last`, both included.

    `records` gives for a recorded day the day on which the record was made; `closed` are days declared closed. A
    closed day that was recorded all the same was operated. Days outside the span are left aside.

    >>> days = [date(2023, 6, n) for n in range(1, 31)]
    >>> account = account_days(days[0], days[-1], records={day: day for day in days[:27]}, closed=())
    >>> account.completion.value(), len(account.gaps)
    (Decimal('90'), 3)
    """
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    operating = [day for day in days if day in records or day not in closed]
    late = tuple(day for day in operating if day in records and records[day] > day)
    gaps = tuple(day for day in operating if day not in records)
    return DayAccount(len(operating), len(operating) - len(late) - len(gaps), late, gaps)


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the ISO week a day belongs to.

    >>> week_of(date(2023, 1, 1))
    (datetime.date(2022, 12, 26), datetime.date(2023, 1, 1))
    """
    monday = day - timedelta(days=day.isoweekday() - 1)
    return monday, monday + timedelta(days=6)


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def period_of(day: date, months: int = 3) -> tuple[date, date]:
    """First and last day of the period in which a day lies, when the year is cut into periods of `months` months.

    `months` divides the year: 1, 2, 3, 4, 6 or 12; other numbers raise `ValueError`.

    >>> period_of(date(2023, 8, 15))
    (datetime.date(2023, 7, 1), datetime.date(2023, 9, 30))
    """
    if months not in (1, 2, 3, 4, 6, 12):
        raise ValueError(f"{months} months do not divide a year")
    first = date(day.year, day.month - (day.month - 1) % months, 1)
    return first, month_of(date(day.year, first.month + months - 1, 1))[1]


class Standing(StrEnum):
    """How an open problem stands."""

    FRESH = "fresh"  # within the days in which the operator puts it right alone
    CARRIED = "carried"  # open longer, and the weekly report says so
    SILENT = "silent"  # open longer, and the weekly report is silent about it


@dataclass(frozen=True, slots=True)
class OpenProblem:
    """A problem that is not put right, and the day on which it was found."""

    key: int
    found_on: date


def must_be_carried(problem: OpenProblem, *, on: date, days: int) -> bool:
    """Whether it has been open for more than `days` days, so that the weekly report may not leave it out."""
    return (on - problem.found_on).days > days


def judge_open_problem(problem: OpenProblem, *, on: date, days: int, carried: Collection[int]) -> Standing:
    """Judge an open problem on a day; `carried` are the keys that the last weekly report names.

    Everything but `FRESH` goes up to the authority: what stays open is not left to its owner.

    >>> judge_open_problem(OpenProblem(3, date(2023, 6, 1)), on=date(2023, 6, 9), days=7, carried={1, 2}).name
    'SILENT'
    """
    if not must_be_carried(problem, on=on, days=days):
        return Standing.FRESH
    return Standing.CARRIED if problem.key in carried else Standing.SILENT


def left_out(problems: Iterable[OpenProblem], *, on: date, days: int, carried: Collection[int]) -> tuple[int, ...]:
    """Keys of the problems that a weekly report of the day leaves out though it may not."""
    return tuple(p.key for p in problems if must_be_carried(p, on=on, days=days) and p.key not in carried)


@dataclass(frozen=True, slots=True)
class DirectorLine:
    """One line of who must have a safety director. An empty condition asks nothing.

    `fact` and `values` name a dated fact of the premises that has to hold; `diners` is the mean number of persons
    at a meal from which the line holds.
    """

    label: str
    kinds: frozenset[str]
    sizes: frozenset[str] = frozenset()
    fact: str = ""
    values: frozenset[str] = frozenset()
    diners: int | None = None


class Need(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"
    UNKNOWN = "unknown"  # a fact that decides is not in the register


@dataclass(frozen=True, slots=True)
class DirectorNeed:
    """Whether a safety director must be appointed, by which line, with which values compared."""

    need: Need
    line: str = ""
    compared: str = ""


def director_need(
    lines: Iterable[DirectorLine], *, kind: str, size: str, facts: Mapping[str, str], diners: int | None
) -> DirectorNeed:
    """Judge by the first line that holds; a line that may hold but lacks a fact leaves the answer open.

    >>> line = DirectorLine("kindergarten", frozenset({"school_canteen"}), diners=300)
    >>> director_need([line], kind="school_canteen", size="", facts={}, diners=299).need.name
    'OPTIONAL'
    >>> director_need([line], kind="school_canteen", size="", facts={}, diners=300).need.name
    'REQUIRED'
    """
    unknown: DirectorNeed | None = None
    nearest = ""
    for line in (one for one in lines if kind in one.kinds):
        holds, compared = _holds(line, size, facts, diners)
        if holds:
            return DirectorNeed(Need.REQUIRED, line.label, compared)
        if holds is None:
            unknown = unknown or DirectorNeed(Need.UNKNOWN, line.label, compared)
        nearest = compared or nearest
    return unknown or DirectorNeed(Need.OPTIONAL, compared=nearest)


def _holds(line: DirectorLine, size: str, facts: Mapping[str, str], diners: int | None) -> tuple[bool | None, str]:
    """Whether the line holds (None: cannot be told), and the number compared."""
    compared = f"{diners} ≥ {line.diners}" if line.diners is not None and diners is not None else ""
    if compared and diners is not None and line.diners is not None and diners < line.diners:
        compared = f"{diners} < {line.diners}"
    asked = [
        (bool(size), size in line.sizes) if line.sizes else (True, True),
        (line.fact in facts, facts.get(line.fact, "") in line.values) if line.fact else (True, True),
        (diners is not None, diners is not None and diners >= line.diners) if line.diners is not None else (True, True),
    ]
    if any(known and not true for known, true in asked):
        return False, compared
    return (None if any(not known for known, _true in asked) else True), compared


@dataclass(frozen=True, slots=True)
class VisitAccount:
    """Subjects assigned, subjects visited in a period, and those overdue as of a day."""

    assigned: int
    visited: int
    overdue: int

    @property
    def coverage(self) -> Figure:
        """Subjects visited ÷ subjects assigned."""
        return Figure(Decimal(self.visited), Decimal(self.assigned))


def account_visits(
    assigned: Collection[int], visits: Iterable[tuple[int, date]], *, day: date, as_of: date, months: int = 3
) -> VisitAccount:
    """Count the period in which `day` lies: a subject counts once, however often it was visited.

    What is not visited is overdue only once the period is over.

    >>> visits = [(n, date(2023, 8, 1)) for n in range(13)]
    >>> account_visits(range(14), visits, day=date(2023, 9, 30), as_of=date(2023, 10, 1))
    VisitAccount(assigned=14, visited=13, overdue=1)
    """
    first, last = period_of(day, months)
    seen = {subject for subject, on in visits if first <= on <= min(last, as_of)} & set(assigned)
    missing = len(assigned) - len(seen)
    return VisitAccount(len(assigned), len(seen), missing if as_of > last else 0)
