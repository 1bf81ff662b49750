"""How much of a trace a person is shown. A business sees one step each way (from whom, to whom), which the law asks it to
know; an officer the whole chain, with the names of places outside the own divisions left out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from fangxin.kernel.people import api as people
from fangxin.kernel.supply.data import Trace, TracedLot
from fangxin.kernel.supply.models import Certificate, Lot

TOWNSHIP_LENGTH = 9


def unit_name(unit: str) -> str:
    """How people call a unit that certificates keep as a token; any other as it was written."""
    return str(dict(Certificate.Unit.choices).get(unit, unit))


def for_person(user: Any, trace: Trace) -> Trace:
    if user.prefixes("supply.view"):
        return trace
    return steps_of(trace, 1)


def steps_of(trace: Trace, most: int) -> Trace:
    """The lots within so many links of the asked one, and the links that touch it."""
    lots = tuple(lot for lot in trace.lots if abs(lot.depth) <= most)
    kept = {lot.id for lot in lots}
    links = tuple(
        link for link in trace.links
        if link.from_lot in kept and link.to_lot in kept and trace.lot_id in (link.from_lot, link.to_lot)
    )  # fmt: skip
    return replace(trace, lots=lots, links=links)


def open_lots(user: Any, trace: Trace) -> set[int]:
    """Lots whose page the person may open."""
    prefixes = user.prefixes("supply.view")
    if prefixes:
        return {lot.id for lot in trace.lots if any(lot.division_code.startswith(prefix) for prefix in prefixes)}
    own = user.own_agencies("supply.view")
    ids = [lot.id for lot in trace.lots]
    return set(Lot.objects.filter(pk__in=ids[:900], premises__operator__agency__in=own).values_list("pk", flat=True))


def place_names(user: Any, trace: Trace, opened: set[int]) -> dict[int, str]:
    """How each lot's place is called to the person."""
    townships = people.division_names({lot.division_code[:TOWNSHIP_LENGTH] for lot in trace.lots})
    neighbours = {link.to_lot for link in trace.links if link.from_lot == trace.lot_id}
    neighbours |= {link.from_lot for link in trace.links if link.to_lot == trace.lot_id}
    business = not user.prefixes("supply.view")
    return {
        lot.id: _called(lot) if lot.id in opened or (business and lot.id in neighbours) else _hidden(lot, townships)
        for lot in trace.lots
    }


def _called(lot: TracedLot) -> str:
    return lot.place_name or _("场所不明")


def _hidden(lot: TracedLot, townships: Mapping[str, str]) -> str:
    town = townships.get(lot.division_code[:TOWNSHIP_LENGTH], "")
    return _("辖区外场所（%(town)s）") % {"town": town} if town else _("辖区外场所")
