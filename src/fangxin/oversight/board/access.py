from datetime import date
from typing import Any

from django.http import Http404

from fangxin.engines.indicators import IndicatorDefinition
from fangxin.oversight.board.definitions import Definitions, definitions
from fangxin.oversight.board.models import Snapshot, SnapshotProof, TypedFigure
from fangxin.oversight.board.selectors import list_snapshots, list_typed


def division_for(user: Any, asked: str, ability: str = "board.view") -> str:
    """The division asked for, if the person's posts reach it; without one, where their pages begin."""
    prefixes = user.prefixes(ability)
    if not asked:
        if not prefixes:
            raise Http404
        return str(min(prefixes, key=lambda code: (len(code), code)))
    if asked.isascii() and asked.isdigit() and len(asked) <= 12 and any(asked.startswith(p) for p in prefixes):
        return asked
    raise Http404


def get_definition(code: str, on: date, known: Definitions | None = None) -> IndicatorDefinition:
    try:
        return (definitions(on) if known is None else known)[code]
    except KeyError:
        raise Http404 from None


def get_typed(user: Any, pk: int) -> TypedFigure:
    try:
        return list_typed(user).get(pk=pk)
    except (TypedFigure.DoesNotExist, OverflowError):
        raise Http404 from None


def get_snapshot(user: Any, pk: int) -> Snapshot:
    try:
        return list_snapshots(user).get(pk=pk)
    except (Snapshot.DoesNotExist, OverflowError):
        raise Http404 from None


def get_whole_snapshot(user: Any, pk: int, ability: str) -> Snapshot:
    """A snapshot all of which lies in the person's reach: to correct it, or to hand out all its rows."""
    found = get_snapshot(user, pk)
    if not user.can(ability, found.division_code):
        raise Http404
    return found


def get_proof(user: Any, pk: int) -> SnapshotProof:
    try:
        found = get_whole_snapshot(user, pk, "board.proof")
        return SnapshotProof.objects.select_related("snapshot").get(snapshot=found)
    except SnapshotProof.DoesNotExist:
        raise Http404 from None
