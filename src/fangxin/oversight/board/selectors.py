"""What the board shows: figures of a division as of a day, typed figures beside them, trends."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet

from fangxin.engines.indicators import Figure, IndicatorDefinition, Kind, judge, value_in_unit
from fangxin.kernel.people import api as people
from fangxin.oversight.board import cells
from fangxin.oversight.board.data import IndicatorFigure, TypedValue
from fangxin.oversight.board.definitions import Definitions, definitions
from fangxin.oversight.board.models import Snapshot, SnapshotFigure, TypedFigure
from fangxin.oversight.board.subjects import countable


def figures(
    division_code: str, as_of: date, codes: Collection[str] | None = None, *, known: Definitions | None = None
) -> list[IndicatorFigure]:
    """Every indicator in force, or those named, for a division as of a day, in the order of the actions.

    `known` are the indicators in force on the day, where the caller has them already.
    """
    known = definitions(as_of) if known is None else known
    chosen = {c: d for c, d in known.items() if codes is None or c in codes}
    counted: dict[str, Figure] = {}
    if any(d.kind is Kind.COMPUTED for d in chosen.values()):
        cells.refresh(as_of, known)
        counted = cells.figures_under(division_code, as_of, known)
    typed, bases = typed_values(division_code, as_of, chosen)
    able = {d.code for group in countable(chosen.values()).values() for d in group}
    return [
        make_figure(
            definition,
            division_code,
            as_of,
            counted.get(code) or (cells.zero(definition) if code in able else None),
            typed=typed.get(code),
            base=bases.get(code),
        )
        for code, definition in chosen.items()
    ]


def make_figure(
    definition: IndicatorDefinition,
    division_code: str,
    as_of: date,
    counted: Figure | None,
    *,
    typed: TypedValue | None = None,
    base: Figure | None = None,
) -> IndicatorFigure:
    """Counted where it is counted; else what was signed for. A typed figure never takes a counted one's place."""
    figure = counted
    if definition.kind is not Kind.COMPUTED:
        figure = typed.figure if typed else None
    status = judge(definition, figure, base=base)
    return IndicatorFigure(definition, division_code, as_of, figure, status, base, typed)


def typed_values(
    division_code: str, as_of: date, chosen: Definitions
) -> tuple[dict[str, TypedValue], dict[str, Figure]]:
    """The newest typed figure of each indicator that nobody refused, and the figures of the base years."""
    rows = TypedFigure.objects.filter(division_code=division_code, as_of__lte=as_of, code__in=chosen)
    rows = rows.filter(~Q(verification__accepted=False)).select_related("verification", "agency", "evidence")
    typed: dict[str, TypedValue] = {}
    bases: dict[str, Figure] = {}
    for row in rows.order_by("as_of", "pk"):
        definition = chosen[row.code]
        value = typed_value(row, definition)
        if row.base_year is None:
            typed[row.code] = value
        elif row.base_year == definition.base_year:
            bases[row.code] = value.figure
    return typed, bases


def typed_value(row: TypedFigure, definition: IndicatorDefinition) -> TypedValue:
    accepted = is_accepted(row)
    figure = Figure(row.numerator, row.denominator, verified=accepted and row.evidence_id is not None)
    value = row.value if row.numerator is None else value_in_unit(definition, figure)
    evidence = (row.evidence.digest,) if row.evidence is not None else ()
    return TypedValue(row.pk, figure, row.as_of, str(row.agency), accepted, row.text, evidence, value)


def is_accepted(row: TypedFigure) -> bool:
    found = getattr(row, "verification", None)
    return found is not None and found.accepted


def by_place(
    definition: IndicatorDefinition, division_code: str, as_of: date
) -> list[tuple[IndicatorFigure, people.Division | None]]:
    """One computed indicator by the divisions of the next level; those without any row are there with nothing."""
    length = next((n for n in (4, 6, 9) if n > len(division_code)), 9)
    found = cells.figures_by_place(definition, division_code, as_of, length)
    known = {row.code: row for row in people.list_divisions(division_code, length=length, day=as_of)}
    for place in known:
        found.setdefault(place, cells.zero(definition))
    return [
        (make_figure(definition, place, as_of, figure), known.get(place)) for place, figure in sorted(found.items())
    ]


def list_typed(user: Any) -> "QuerySet[TypedFigure]":
    rows = people.within(TypedFigure.objects.all(), user, "board.view")
    return rows.select_related("verification", "agency", "evidence")


def waiting_typed(user: Any) -> "QuerySet[TypedFigure]":
    """Typed figures that this person may verify: in reach, with evidence, not their own."""
    rows = people.within(TypedFigure.objects.filter(verification=None), user, "board.verify")
    return rows.exclude(entered_by=user.username)


def differing(rows: "QuerySet[TypedFigure]") -> "QuerySet[TypedFigure]":
    """Typed figures that are not what the platform counted when they were typed."""
    same = Q(numerator=F("computed_numerator")) & (
        Q(denominator=F("computed_denominator")) | Q(denominator=None, computed_denominator=None)
    )
    return rows.filter(computed_numerator__isnull=False).filter(~same | Q(numerator=None))


def list_snapshots(user: Any) -> "QuerySet[Snapshot]":
    """Snapshots of the person's divisions, and those of divisions above, of which they see their own part."""
    rows = people.within(Snapshot.objects.all(), user, "board.view")
    above = {prefix[:n] for prefix in user.prefixes("board.view") for n in (2, 4, 6, 9) if n < len(prefix)}
    if above:
        rows = rows | Snapshot.objects.filter(division_code__in=above)
    return rows.select_related("corrected_by")


def snapshot(label: str, division_code: str) -> Snapshot | None:
    """The snapshot of a name as it holds now: the last correction, or the first where nobody corrected it."""
    return Snapshot.objects.filter(label=label, division_code=division_code, corrected_by=None).first()


def frozen_points(
    division_code: str, chosen: Definitions, until: date, limit: int = 12
) -> dict[str, list[tuple[Snapshot, Decimal | None]]]:
    """Frozen values of the newest snapshots by indicator, in its unit, oldest first. For trends."""
    newest = Snapshot.objects.filter(
        as_of__lte=until, corrected_by=None, division_code__in=_at_and_above(division_code)
    )
    rows = SnapshotFigure.objects.filter(
        snapshot__in=newest.order_by("-as_of", "-pk").values("pk")[:limit], division_code=division_code, code__in=chosen
    )
    found: dict[str, list[tuple[Snapshot, Decimal | None]]] = {}
    for row in rows.select_related("snapshot").order_by("snapshot__as_of", "snapshot"):
        value = value_in_unit(chosen[row.code], Figure(row.numerator, row.denominator))
        found.setdefault(row.code, []).append((row.snapshot, value))
    return found


def _at_and_above(division_code: str) -> list[str]:
    return [division_code[:n] for n in (2, 4, 6, 9, 12) if n <= len(division_code)]


def trend(code: str, division_code: str, dates: Iterable[date]) -> list[tuple[date, IndicatorFigure | None]]:
    """One indicator counted as of each day; None on days when it was not in force."""
    points = []
    for day in dates:
        found = figures(division_code, day, [code])
        points.append((day, found[0] if found else None))
    return points


def typed_difference(row: TypedFigure, definition: IndicatorDefinition) -> Decimal | None:
    """Typed minus counted, in the indicator's unit; None where either has no value."""
    theirs = typed_value(row, definition).value
    counted = value_in_unit(definition, Figure(row.computed_numerator, row.computed_denominator))
    return None if theirs is None or counted is None else theirs - counted
