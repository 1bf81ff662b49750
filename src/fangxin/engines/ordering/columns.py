"""Which columns of two tables may speak about the outcome, decided from the values and never from one file's names.

The one exception is the inspector: who looks is known by the name of the column, and is never a feature.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from math import isfinite

from fangxin.engines.ordering.values import USED, Columns, Refusal, Refused, Role, Table

PERSONS = ("inspector", "sanitarian", "examiner", "officer", "assigned_to", "检查员", "检查人", "执法人员", "监管人员")
_TRUE, _FALSE = frozenset({"1", "1.0", "true", "yes", "y"}), frozenset({"0", "0.0", "false", "no", "n"})
_DATE_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%Y%m%d")
_FEW_LEVELS = 50
_READABLE = 0.98
_ENTITY_SHARE, _ENTITY_REPEATS, _SHARED = 0.2, 1.2, 0.05
LEAST_ROWS, LEAST_OF_A_CLASS = 50, 10


def choose_columns(
    train: Table, score: Table, *, target: str, key: str, when: str | None = None, exclude: Sequence[str] = ()
) -> Columns:
    """The role of each column for learning `target` (0/1) from `train` and scoring the rows of `score`.

    `key` names the rows in both tables; `when` the date of the visit (by default the shared date column whose
    values lie latest); `exclude` adds regular expressions to those that recognise an inspector's column.
    Raises Refused.
    """
    _check(train, score, target, key)
    persons = re.compile("|".join([*PERSONS, *exclude]), re.IGNORECASE)
    when = _when(train, score, {target, key}, persons) if when is None else _checked_date(train, score, when)
    roles = {target: Role.TARGET, key: Role.KEY} | ({when: Role.WHEN} if when else {})
    for name in train.columns:
        if name not in roles:
            roles[name] = _role(name, train, score, when, persons)
    roles |= {name: Role.ONLY_SCORE for name in score.columns if name not in train.columns}
    roles |= _finer(train, [name for name, role in roles.items() if role is Role.ENTITY])
    columns = Columns(roles)
    if not columns.of(*USED):
        raise Refused(Refusal.NOTHING_USABLE)
    return columns


def outcomes(table: Table, target: str) -> list[int]:
    """The target as 0 and 1; Refused where it is anything else, or missing.

    >>> outcomes(Table.of(["found"], [["1"], ["no"], ["TRUE"]]), "found")
    [1, 0, 1]
    """
    found = []
    for row, value in enumerate(table.columns[target], start=1):
        if value.lower() not in _TRUE | _FALSE:
            raise Refused(Refusal.NOT_BINARY, f"{target!r}, row {row}: {value or 'missing'}")
        found.append(int(value.lower() in _TRUE))
    return found


def number(text: str) -> float | None:
    """The text as a finite number, or None.

    >>> number("2.5"), number("blue"), number("inf"), number("")
    (2.5, None, None, None)
    """
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and abs(value) < 1e15 else None


@lru_cache(maxsize=100_000)
def day(text: str) -> date | None:
    """The text as a date, time of day dropped, or None.

    >>> day("2014-09-03T10:00"), day("9/3/2014"), day("soon")
    (datetime.date(2014, 9, 3), datetime.date(2014, 9, 3), None)
    """
    first = text.replace("T", " ").split(" ")[0]
    for form in _DATE_FORMS if 8 <= len(first) <= 10 else ():
        try:
            found = datetime.strptime(first, form).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
        if 1900 <= found.year <= 2200:
            return found
    return None


def _mostly(parse: Callable[[str], object], values: Iterable[str]) -> bool:
    """Whether nearly all values that are there can be read so; the few others count as missing."""
    texts = [value for value in values if value]
    return bool(texts) and sum(parse(text) is not None for text in texts) >= _READABLE * len(texts)


def _check(train: Table, score: Table, target: str, key: str) -> None:
    if not len(train) or not len(score):
        raise Refused(Refusal.EMPTY, "training" if not len(train) else "score")
    if target not in train.columns:
        raise Refused(Refusal.NO_TARGET, target)
    if key not in train.columns or key not in score.columns or key == target:
        raise Refused(Refusal.NO_KEY, key)
    found = outcomes(train, target)
    fewer = min(sum(found), len(found) - sum(found))
    if not fewer:
        raise Refused(Refusal.ONE_CLASS, target)
    if len(train) < LEAST_ROWS or fewer < LEAST_OF_A_CLASS:
        raise Refused(Refusal.TOO_FEW, f"{len(train)} rows, {fewer} of the rarer outcome")


def _whole_dates(table: Table, name: str) -> list[date] | None:
    """The column as dates, if not one is missing."""
    dates = [found for found in map(day, table.columns.get(name, ())) if found]
    return dates if len(dates) == len(table) and name in table.columns else None


def _checked_date(train: Table, score: Table, name: str) -> str:
    if not (_whole_dates(train, name) and _whole_dates(score, name)):
        raise Refused(Refusal.NOT_A_DATE, name)
    return name


def _when(train: Table, score: Table, apart: set[str], persons: re.Pattern[str]) -> str | None:
    latest: dict[str, date] = {}
    for name in train.columns:
        if name not in apart and not persons.search(name) and _whole_dates(train, name):
            dates = _whole_dates(score, name)
            if dates:
                latest[name] = sorted(dates)[len(dates) // 2]
    return max(latest, key=lambda name: latest[name]) if latest else None


def _role(name: str, train: Table, score: Table, when: str | None, persons: re.Pattern[str]) -> Role:
    values = train.columns[name]
    if persons.search(name):
        return Role.PERSON
    if name not in score.columns:
        return Role.OUTCOME if _mostly(number, values) else Role.ONLY_TRAINING
    if len(set(values)) < 2:
        return Role.CONSTANT
    if when and _describes_the_day(train.columns[when], values):
        return Role.DAY
    return _kind(values, score.columns[name])


def _kind(values: Sequence[str], scored: Sequence[str]) -> Role:
    counts = Counter(v for v in values if v)
    repeats = sum(counts.values()) / len(counts)
    if _mostly(number, values) and (_mostly(number, scored) or not any(scored)):
        whole = all(n is None or n.is_integer() for n in map(number, values))
        if not whole or len(counts) < max(_FEW_LEVELS, _ENTITY_SHARE * len(values)):
            return Role.NUMBER
        # Whole numbers that hardly repeat may be a measure as well as a number plate; only a shared plate has a past.
        return Role.ENTITY if repeats >= _ENTITY_REPEATS and _shared(counts, scored) else Role.ONCE
    if _mostly(day, values) and (_mostly(day, scored) or not any(scored)):
        return Role.DATE
    if len(counts) <= _FEW_LEVELS:
        return Role.CATEGORY
    return Role.ENTITY if repeats >= _ENTITY_REPEATS and _shared(counts, scored) else Role.ONCE


def _shared(counts: Counter[str], scored: Sequence[str]) -> bool:
    return sum(v in counts for v in scored) >= _SHARED * len(scored)


def _describes_the_day(days: Sequence[str], values: Sequence[str]) -> bool:
    """Whether every visit of a day has the same value, though days differ: the weather, the season."""
    dates = len(set(days))
    return 3 <= dates <= len(days) / 2 and len(set(zip(days, values, strict=True))) == dates


def _finer(train: Table, entities: Sequence[str]) -> dict[str, Role]:
    """Entity columns that another one contains: a licence's renewals beside the licence."""
    finer: dict[str, Role] = {}
    for a in entities:
        for b in entities:
            if a != b and b not in finer and _determines(train.columns[a], train.columns[b]):
                finer[a] = Role.FINER
    return finer


def _determines(a: Sequence[str], b: Sequence[str]) -> bool:
    return len(set(zip(a, b, strict=True))) == len(set(a))
