"""The county's day at a glance: what of illness, of signals and of food is known, and what is not.

Who works on cases sees counts as they are. Everybody else sees them with small cells hidden, also against subtraction.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count

from fangxin.actions.monitoring import rules_outbreaks as rules
from fangxin.actions.monitoring import selectors_cases, selectors_outbreaks
from fangxin.actions.monitoring.models import OutbreakSignal
from fangxin.actions.monitoring.services.outbreaks_found import seen_shares
from fangxin.engines.limits import Outcome
from fangxin.engines.outbreak.suppression import suppress
from fangxin.kernel.laboratory import api as laboratory
from fangxin.kernel.people import api as people

RECENT, BEFORE = 7, 28
COUNTY_LENGTH, TOWNSHIP_LENGTH = 6, 9


@dataclass(frozen=True, slots=True)
class Line:
    """Cases by onset of a place: the last week, the four weeks before it. None where a count is hidden."""

    code: str
    name: str
    recent: int | None
    before: int | None
    at: tuple[float, float] | None

    @property
    def weekly_before(self) -> float | None:
        return _a_week(self.before)


@dataclass(frozen=True, slots=True)
class Illness:
    lines: tuple[Line, ...]
    recent: int | None
    before: int | None
    share_seen: float | None  # how much of the last week is reported by now
    exact: bool

    @property
    def weekly_before(self) -> float | None:
        return _a_week(self.before)


def _a_week(before: int | None) -> float | None:
    return None if before is None else before * RECENT / BEFORE


def area(user: Any) -> str:
    """The widest division in which the person may see the picture."""
    prefixes: Sequence[str] = sorted(user.prefixes(rules.VIEW), key=lambda code: (len(code), code))
    return prefixes[0] if prefixes else ""


def illness(user: Any, division_code: str, today: date) -> Illness:
    """By township in a county, by county above it."""
    width = TOWNSHIP_LENGTH if len(division_code) >= COUNTY_LENGTH else COUNTY_LENGTH
    first = today - timedelta(days=RECENT + BEFORE)
    recent, before = Counter[str](), Counter[str]()
    for day, code, n in selectors_cases.daily_counts(division_code, first, today - timedelta(days=1)):
        (recent if day >= today - timedelta(days=RECENT) else before)[code[:width]] += n
    places = {d.code: d for d in people.list_divisions(division_code, length=width, day=today)}
    codes = sorted(set(places) | set(recent) | set(before))
    exact = bool(user.can(rules.WORK, division_code))
    counts = [[recent[code], before[code]] for code in codes]
    shown: Sequence[Sequence[int | None]] = counts
    totals: Sequence[int | None] = (recent.total(), before.total())
    if not exact and codes:
        table = suppress(counts)
        shown, totals = table.shown, table.column_totals
    lines = [
        Line(code, places[code].name if code in places else code, cells[0], cells[1], _position(places.get(code)))
        for code, cells in zip(codes, shown, strict=True)
    ]
    shares = seen_shares(division_code, today) if len(division_code) >= COUNTY_LENGTH else {}
    week = [shares.get(today - timedelta(days=back), 1.0) for back in range(1, RECENT + 1)]
    share = sum(week) / RECENT if totals[0] else None
    return Illness(tuple(lines), totals[0], totals[1], share, exact)


def _position(place: Any) -> tuple[float, float] | None:
    return (place.latitude, place.longitude) if place is not None and place.latitude is not None else None


def signals(division_code: str, since: Any) -> list[tuple[str, int, int]]:
    """By kind: raised since a moment, waiting now. Kinds with neither are left out."""
    rows = OutbreakSignal.objects.filter(people.under(division_code)).order_by()
    new = Counter(dict(rows.filter(raised_at__gte=since).values_list("kind").annotate(n=Count("pk"))))
    waiting = Counter(dict(selectors_outbreaks.waiting_signals(rows).values_list("kind").annotate(n=Count("pk"))))
    return [(str(kind.label), new[kind], waiting[kind]) for kind in OutbreakSignal.Kind if new[kind] or waiting[kind]]


def failed_foods(division_code: str, today: date) -> list[tuple[str, str, int]]:
    """Foods and analytes whose samples of the last week failed, the most frequent first."""
    found = laboratory.results_of(division_code, since=today - timedelta(days=RECENT), until=today)
    failed = Counter((value.food, value.analyte) for value in found if value.outcome == Outcome.NONCONFORMING.value)
    return [(food, analyte, n) for (food, analyte), n in sorted(failed.items(), key=lambda x: (-x[1], x[0]))]


def silent_institutions(user: Any, today: date) -> tuple[int, int]:
    """Hospitals of the person's that told of no case and no zero last month, and all of them."""
    lines = selectors_cases.coverage(user, selectors_cases.months_before(today, 1))
    return sum(not marks[0] for _place, marks in lines), len(lines)
