"""Whom to ask next: at which premises one question would probably complete a trace most."""

import random
from collections import defaultdict
from dataclasses import dataclass

from fangxin.engines.traceability.chances import Gap
from fangxin.engines.traceability.completeness import Completeness
from fangxin.engines.traceability.values import Direction

DRAWS = 100


@dataclass(frozen=True, slots=True)
class Question:
    """Asking a premises for all links of some of its lots, and what that is worth.

    `chance`: that at least one link is missing there. `expected_lots` and `expected_quantity`: what the answer adds to the
    trace on average, links already recorded beyond it included. `unexplained`: of the lots whose balance is known, the
    quantity that no record explains (the reason with the most weight); `rate`: how often links of this premises go missing.
    """

    premises: str
    lots: tuple[str, ...]
    chance: float
    expected_lots: float
    expected_quantity: float
    unexplained: float | None
    rate: float


def whom_to_ask(
    records: Completeness, lot: str, direction: Direction, *, seed: int, draws: int = DRAWS, most: int = 10
) -> tuple[Question, ...]:
    """The questions that a trace gains most from, the best first; every question is taken to cost the same.

    Lots without premises are asked about one by one. Empty when no witness tells how often links go missing, or when
    nothing is likely to be missing. Raises UnknownLot.
    """
    if direction is Direction.BOTH:
        raise ValueError("questions are of one direction")
    back = direction is Direction.BACK
    base = records.reached(lot, back=back)
    filling = records.filling(back=back)
    if filling is None:
        return ()
    rng = random.Random(seed)  # noqa: S311  repeatable, not secret
    places: dict[str, list[int]] = defaultdict(list)
    for number in sorted(base):
        if filling.out.expected[number] > 0.005:
            fact = records.facts[number]
            places[fact.premises or fact.lot].append(number)
    questions = []
    for lots in places.values():
        gains = [filling.gain(rng, base, lots) for _ in range(draws)]
        nothing = 1.0
        for number in lots:
            nothing *= filling.out.chances[number][0]
        gaps = [gap.middle for n in lots if (gap := _gap(records, n, back=back)) is not None]
        premises = records.facts[lots[0]].premises
        questions.append(
            Question(
                premises=premises,
                lots=tuple(records.network.names[number] for number in lots),
                chance=1 - nothing,
                expected_lots=sum(count for count, _ in gains) / draws,
                expected_quantity=sum(quantity for _, quantity in gains) / draws,
                unexplained=sum(max(gap, 0.0) for gap in gaps) if gaps else None,
                rate=filling.out.rates.get(premises, filling.out.overall.share or 0.0),
            )
        )
    worth = [question for question in questions if question.expected_lots > 0]
    return tuple(sorted(worth, key=lambda q: (-q.expected_lots, -q.chance, q.premises, q.lots))[:most])


def _gap(records: Completeness, number: int, *, back: bool) -> Gap | None:
    fact = records.facts[number]
    return fact.came if back else fact.left
