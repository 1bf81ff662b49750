"""The door of the board."""

from collections.abc import Iterable
from datetime import date

from fangxin.engines.indicators import IndicatorDefinition
from fangxin.oversight.board.data import IndicatorFigure, TypedValue
from fangxin.oversight.board.definitions import definitions as _definitions
from fangxin.oversight.board.freezing import correct, freeze
from fangxin.oversight.board.models import STATUSES, Snapshot, SnapshotFigure, TypedFigure
from fangxin.oversight.board.selectors import figures, snapshot, trend
from fangxin.oversight.board.services import record_typed_figure, verify_figure


def definitions(on: date) -> tuple[IndicatorDefinition, ...]:
    """The indicators in force on a day, in the order of the actions."""
    return tuple(_definitions(on).values())


def frozen_figures(
    found: Snapshot, division_code: str = "", codes: Iterable[str] | None = None
) -> list[SnapshotFigure]:
    """The figures of a snapshot for its own division, or for one of its townships."""
    rows = SnapshotFigure.objects.filter(snapshot=found, division_code=division_code or found.division_code)
    return list((rows if codes is None else rows.filter(code__in=list(codes))).order_by("pk"))


__all__ = [
    "STATUSES",
    "IndicatorFigure",
    "Snapshot",
    "SnapshotFigure",
    "TypedFigure",
    "TypedValue",
    "correct",
    "definitions",
    "figures",
    "freeze",
    "frozen_figures",
    "record_typed_figure",
    "snapshot",
    "trend",
    "verify_figure",
]
