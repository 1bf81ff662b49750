"""How much of the truth a trace from a file contains, where the caller says how often links go missing."""

from collections.abc import Iterable
from typing import Any

from fangxin.engines.traceability.asking import whom_to_ask
from fangxin.engines.traceability.completeness import LEVEL, Completeness, Interval
from fangxin.engines.traceability.inference import Stay
from fangxin.engines.traceability.missing import LotFacts
from fangxin.engines.traceability.values import Direction, Network

# The certificate is drawn at random from a fixed beginning: the same file gives the same answer.
SEED = 1


def certificates(
    network: Network, lot: str, direction: Direction, *, missing: float, stays: Iterable[Stay] = ()
) -> dict[str, Any]:
    """By direction: the share of the true lots and quantity that the trace contains, and whom to ask next."""
    records = Completeness(network, _facts(network, stays), given=missing)
    ways = [way for way in (Direction.BACK, Direction.FORWARD) if direction in (way, Direction.BOTH)]
    return {"level": float(LEVEL)} | {way.value: _certificate(records, lot, way) for way in ways}


def _facts(network: Network, stays: Iterable[Stay]) -> dict[str, LotFacts]:
    facts = {link.to_lot: LotFacts(link.to_lot, link.premises) for link in network.links if link.premises}
    for stay in stays:
        amount = None if stay.quantity is None else float(stay.quantity)
        facts[stay.lot] = LotFacts(stay.lot, stay.premises, stay.product, stay.since, amount)
    return facts


def _certificate(records: Completeness, lot: str, way: Direction) -> dict[str, Any]:
    found = records.certify(lot, way, seed=SEED)
    return {
        "lots_share": _interval(found.lots_share),
        "missing_lots": _interval(found.missing_lots),
        "quantity_share": _interval(found.quantity_share),
        "ask": [
            {"premises": ask.premises or None, "lots": list(ask.lots), "chance": ask.chance, "gain": ask.expected_lots}
            for ask in whom_to_ask(records, lot, way, seed=SEED)
        ],
    }


def _interval(found: Interval | None) -> dict[str, float] | None:
    return None if found is None else {"low": found.low, "middle": found.middle, "high": found.high}
