"""Figures by township, kept counted. The ledger says where facts changed; only there they are counted again."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.db.models.functions import Left

from fangxin.engines.indicators import Figure, Form, IndicatorDefinition
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.board.definitions import Definitions, fingerprint
from fangxin.oversight.board.models import Cell, CellState
from fangxin.oversight.board.subjects import anywhere_under, conditions, countable, subject_rows

CELL_LENGTH = 9
# So many places are asked for in one statement; with more than MOST_PLACES changed, one pass over everything costs less.
MOST_RANGES = 60
MOST_PLACES = 600
KEPT_DAYS = 40
# Fact tables whose rows look at records of other townships: a sighting may have been matched to a place elsewhere
# in the county. They are counted again in the whole county where anything changed.
WIDE = frozenset({"census"})
COUNTY_LENGTH = 6
# Place, indicator, and its numerator, denominator and rows without an amount there.
Counted = tuple[str, IndicatorDefinition, tuple[Decimal, Decimal, int]]


def refresh(as_of: date, found: Definitions) -> None:
    """Bring the cells of a day up to what the ledger knows now. Cheap when nothing changed.

    `found` are the indicators in force on the day.
    """
    if not found:
        return
    print_now = fingerprint(found.values())
    while not _refresh_once(as_of, found, print_now):
        pass


def _refresh_once(as_of: date, found: Definitions, print_now: str) -> bool:
    state = CellState.objects.filter(as_of=as_of).first()
    since, places = -1, None
    # The link is read before the rows: what changes in between is counted twice rather than missed.
    if state is None or state.formulas != print_now:
        through = ledger.head_now()[1]
    else:
        since = state.through_seq
        changed, through = ledger.changed_since(since)
        if not changed:
            return True
        places = _places(changed)
    counted = count(found, as_of, places)
    wide = {d.code for d in found.values() if d.subject in WIDE}
    return _replace(as_of, counted, places, wide=wide, formulas=print_now, since=since, through=through)


@transaction.atomic
def _replace(
    as_of: date,
    counted: list[Counted],
    places: set[str] | None,
    *,
    wide: Collection[str],
    formulas: str,
    since: int,
    through: int,
) -> bool:
    """Put what was counted in the place of what was there; False when it was counted from a state that is gone.

    The state's row is held only for this, not while counting. Who counted at a later link has written more than we
    have, so an older count steps back.
    """
    CellState.objects.get_or_create(as_of=as_of)
    state = CellState.objects.select_for_update().get(as_of=as_of)
    if state.formulas == formulas and state.through_seq >= through:
        return True
    if places is not None and (state.formulas != formulas or state.through_seq < since):
        return False
    _drop(as_of, places, wide)
    now = ledger.clock.now()
    made = [
        Cell(
            as_of=as_of, division_code=place, code=definition.code, formula_version=definition.formula_version,
            numerator=numbers[0], denominator=numbers[1], missing=numbers[2], computed_at=now,
        )
        for place, definition, numbers in counted
    ]  # fmt: skip
    Cell.objects.bulk_create(made, batch_size=500)
    _add_up_counties(as_of, places, now)
    state.through_seq, state.formulas, state.computed_at = through, formulas, now
    state.save()
    return True


def _drop(as_of: date, places: set[str] | None, wide: Collection[str]) -> None:
    old = Cell.objects.filter(as_of=as_of, rolled=False)
    for where in _ranges(places):
        old.filter(where).exclude(code__in=wide).delete()
    for where in _ranges(places and _widened(places)):
        old.filter(where, code__in=wide).delete()


def _add_up_counties(as_of: date, places: set[str] | None, now: datetime) -> None:
    """A province has thousands of townships: its figures are read from the counties' sums, kept beside the cells."""
    totals = Cell.objects.filter(as_of=as_of, rolled=True)
    cells = Cell.objects.filter(as_of=as_of, rolled=False).order_by()
    by_county = cells.annotate(place=Left("division_code", COUNTY_LENGTH)).values("place", "code", "formula_version")
    for where in _ranges(places and _widened(places)):
        totals.filter(where).delete()
        Cell.objects.bulk_create(
            [
                Cell(
                    as_of=as_of, rolled=True, division_code=row["place"], code=row["code"],
                    formula_version=row["formula_version"],
                    numerator=row["n"], denominator=row["d"], missing=row["m"], computed_at=now,
                )
                for row in by_county.filter(where).annotate(**_TOTALS)
            ],
            batch_size=500,
        )  # fmt: skip


def _ranges(places: Collection[str] | None) -> list[Q]:
    """Conditions that together cover the places; no places named means everywhere."""
    if places is None:
        return [Q()]
    ordered = sorted(places)
    return [anywhere_under(ordered[n : n + MOST_RANGES]) for n in range(0, len(ordered), MOST_RANGES)]


def _widened(places: Collection[str]) -> set[str]:
    return {place[:COUNTY_LENGTH] for place in places}


def _places(changed: set[str]) -> set[str] | None:
    """Changed divisions as cells: townships, and shorter codes with all below them."""
    places = {code[:CELL_LENGTH] for code in changed}
    if len(places) > MOST_PLACES:
        return None
    return {p for p in places if not any(p != q and p.startswith(q) for q in places)}


def count(found: Definitions, as_of: date, places: Collection[str] | None) -> list[Counted]:
    """Count all indicators over one fact table after the other, one grouped statement each."""
    result = []
    for name, counted in countable(found.values()).items():
        fields = {field for definition in counted for field in definition.fields}
        rows = subject_rows(contribute.subjects.get(name), as_of, fields).order_by()
        sums: dict[str, Any] = {}
        for number, definition in enumerate(counted):
            sums |= _sums(number, definition)
        for where in _ranges(places and _widened(places) if name in WIDE else places):
            placed = rows.filter(where).annotate(board_cell=Left("division_code", CELL_LENGTH))
            for row in placed.values("board_cell").annotate(**sums):
                result += [(row["board_cell"], d, _numbers(row, number)) for number, d in enumerate(counted)]
    return result


def _sums(number: int, definition: IndicatorDefinition) -> dict[str, Any]:
    parts = conditions(definition)
    whole, reached = definition.sum_of, definition.numerator_sum_of or definition.sum_of
    if not whole:
        return {
            f"board_n{number}": Count("pk", filter=parts["numerator"]),
            f"board_d{number}": Count("pk", filter=parts["denominator"]),
        }
    unknown = parts["denominator"] & Q(**{f"{whole}__isnull": True})
    return {
        f"board_n{number}": Sum(reached, filter=parts["numerator"]),
        f"board_d{number}": Sum(whole, filter=parts["denominator"]),
        f"board_m{number}": Count("pk", filter=unknown),
    }


def _numbers(row: dict[str, Any], number: int) -> tuple[Decimal, Decimal, int]:
    parts = (row[f"board_n{number}"] or 0, row[f"board_d{number}"] or 0)
    return Decimal(parts[0]), Decimal(parts[1]), row.get(f"board_m{number}") or 0


def figures_under(division_code: str, as_of: date, found: Definitions) -> dict[str, Figure]:
    """Computed figures of a division by indicator, summed from its cells. Call `refresh` before."""
    rolled = len(division_code) <= COUNTY_LENGTH
    rows = _cells_of(division_code, as_of, rolled=rolled).filter(code__in=list(found))
    return {row["code"]: _figure(found[row["code"]], row) for row in rows.values("code").annotate(**_TOTALS)}


def figures_by_place(
    definition: IndicatorDefinition, division_code: str, as_of: date, length: int
) -> dict[str, Figure]:
    """One indicator's figures below a division, by code of so many digits; shorter codes stand for themselves."""
    rows = _cells_of(division_code, as_of, rolled=length <= COUNTY_LENGTH).filter(code=definition.code)
    sums = rows.annotate(place=Left("division_code", length)).values("place").annotate(**_TOTALS)
    return {row["place"]: _figure(definition, row) for row in sums}


_TOTALS = {"n": Sum("numerator"), "d": Sum("denominator"), "m": Sum("missing")}


def count_kept(
    definition: IndicatorDefinition, part: str, division_code: str, as_of: date, found: Definitions
) -> int | None:
    """How many records a part of a figure has, from cells that are kept anyway; None where counting them is the only
    way: cells hold amounts instead of numbers of records, or nobody has looked at the day yet."""
    if definition.sum_of or not CellState.objects.filter(as_of=as_of).exists():
        return None
    refresh(as_of, found)
    figure = figures_under(division_code, as_of, {definition.code: definition}).get(definition.code, zero(definition))
    reached, whole = int(figure.numerator or 0), figure.denominator
    if whole is None:
        return 0 if part == "failing" else reached
    return {"numerator": reached, "denominator": int(whole), "failing": int(whole) - reached}[part]


def _cells_of(division_code: str, as_of: date, *, rolled: bool) -> Any:
    return Cell.objects.filter(people.under(division_code), as_of=as_of, rolled=rolled).order_by()


def _figure(definition: IndicatorDefinition, row: dict[str, Any]) -> Figure:
    return Figure(row["n"], None if definition.form is Form.TOTAL else row["d"], verified=not row["m"])


def zero(definition: IndicatorDefinition) -> Figure:
    """What counting gives where there is no row at all."""
    return Figure(Decimal(0), None if definition.form is Form.TOTAL else Decimal(0))


def forget_old(today: date) -> int:
    """Drop cells that nobody needs any more; asked for again, they are counted again."""
    oldest = today - timedelta(days=KEPT_DAYS)
    with transaction.atomic():
        # The state goes first: without it nobody takes what is left of the cells for complete.
        dropped = CellState.objects.filter(as_of__lt=oldest).delete()[0]
        Cell.objects.filter(as_of__lt=oldest).delete()
    return dropped
