"""What dealers sold, what farms say they used, and what the fields could need: where the three cannot all be true."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Discrepancy(StrEnum):
    """A pair of accounts that do not fit."""

    SOLD_NOT_USED = "sold_not_used"  # sold here, not in any farm's record
    USED_NOT_SOLD = "used_not_sold"  # recorded as used, sold by nobody here
    SOLD_ABOVE_NEED = "sold_above_need"  # more sold than the sown area could take under the label
    USED_ABOVE_NEED = "used_above_need"  # more recorded as used than the label allows on the sown area


class Meaning(StrEnum):
    """What a discrepancy may mean. All of them are possible; somebody has to look."""

    RECORDS_MISSING = "records_missing"  # farms did not write down what they used
    STOCK_AT_FARMS = "stock_at_farms"  # bought and kept for the next season
    CARRIED_AWAY = "carried_away"  # used outside the area
    BOUGHT_ELSEWHERE = "bought_elsewhere"  # from outside, by mail, from an unlicensed seller
    SALES_UNRECORDED = "sales_unrecorded"  # sold here and not written down
    OVERDOSE = "overdose"  # more, or more often, than the label says
    OTHER_CROPS = "other_crops"  # used on crops that the label does not name
    AREA_UNDERSTATED = "area_understated"  # more was sown than the figures say
    ENTRY_ERROR = "entry_error"  # a wrong unit, a misplaced point


MEANINGS: dict[Discrepancy, tuple[Meaning, ...]] = {
    Discrepancy.SOLD_NOT_USED: (
        Meaning.RECORDS_MISSING,
        Meaning.STOCK_AT_FARMS,
        Meaning.CARRIED_AWAY,
        Meaning.ENTRY_ERROR,
    ),
    Discrepancy.USED_NOT_SOLD: (Meaning.BOUGHT_ELSEWHERE, Meaning.SALES_UNRECORDED, Meaning.ENTRY_ERROR),
    Discrepancy.SOLD_ABOVE_NEED: (
        Meaning.CARRIED_AWAY,
        Meaning.STOCK_AT_FARMS,
        Meaning.OVERDOSE,
        Meaning.OTHER_CROPS,
        Meaning.AREA_UNDERSTATED,
        Meaning.ENTRY_ERROR,
    ),
    Discrepancy.USED_ABOVE_NEED: (
        Meaning.OVERDOSE,
        Meaning.OTHER_CROPS,
        Meaning.AREA_UNDERSTATED,
        Meaning.ENTRY_ERROR,
    ),
}


@dataclass(frozen=True, slots=True)
class Flow:
    """One ingredient in one place and span, all in grams. None says that nobody knows.

    `sold` by all dealers and `need` of all fields stand beside `sold_to_recorders`, `used` and `need_of_recorders` of
    the farms that write down what they use: a farm without records is no contradiction. `sold_whole` and `used_whole`
    False say that parts are unknown: such a sum is a lower bound, which may exceed another but proves nothing by being
    less.
    """

    sold: Decimal | None = None
    sold_to_recorders: Decimal | None = None
    used: Decimal | None = None
    need: Decimal | None = None
    need_of_recorders: Decimal | None = None
    sold_whole: bool = True
    used_whole: bool = True

    def __post_init__(self) -> None:
        for value in (self.sold, self.sold_to_recorders, self.used, self.need, self.need_of_recorders):
            if value is not None and (not value.is_finite() or value < 0):
                raise ValueError("amounts are zero or more")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """More on one side than the other allows. `excess` in grams beyond the tolerance, `meanings` what it may mean."""

    kind: Discrepancy
    more: Decimal
    less: Decimal
    excess: Decimal
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """What a label lets a crop take in a season: grams of active ingredient a mu and use, uses, and mu sown."""

    grams_a_mu: Decimal | None
    uses: int | None
    sown_mu: Decimal | None


def label_need(crops: "tuple[Need, ...] | list[Need]") -> Decimal | None:
    """The most that all crops of a label could take (grams): dose × uses × area, summed.

    One missing part makes the whole unknown: a bound that leaves out a crop would accuse wrongly.

    >>> label_need([Need(Decimal(2), 3, Decimal(1000)), Need(Decimal(3), 1, Decimal(500))])
    Decimal('7500')
    >>> label_need([Need(Decimal(2), None, Decimal(1000))]) is None
    True
    """
    total = Decimal(0)
    for crop in crops:
        if crop.grams_a_mu is None or crop.uses is None or crop.sown_mu is None:
            return None
        total += crop.grams_a_mu * crop.uses * crop.sown_mu
    return total if crops else None


def compare_flow(flow: Flow, *, tolerance: Decimal, least: Decimal = Decimal(0)) -> tuple[Contradiction, ...]:
    """Every pair that cannot be true together, the graver first.

    One side must exceed the other by more than `tolerance` (a part of the smaller side, 0.2 for 20 %) and by more than
    `least` grams, so that a bottle more or less is no finding. Recorded use below the need is no contradiction: where
    no pest came nobody sprays.

    >>> flow = Flow(sold=Decimal(1000), sold_to_recorders=Decimal(900), used=Decimal(300), need=Decimal(700))
    >>> [(one.kind.value, one.excess) for one in compare_flow(flow, tolerance=Decimal("0.2"))]
    [('sold_not_used', Decimal('540.0')), ('sold_above_need', Decimal('160.0'))]
    """
    if not 0 <= tolerance < 1:
        raise ValueError("the tolerance is a part of one")
    pairs = (
        (Discrepancy.SOLD_NOT_USED, flow.sold_to_recorders, flow.used if flow.used_whole else None),
        (Discrepancy.USED_NOT_SOLD, flow.used, flow.sold if flow.sold_whole else None),
        (Discrepancy.SOLD_ABOVE_NEED, flow.sold, flow.need),
        (Discrepancy.USED_ABOVE_NEED, flow.used, flow.need_of_recorders),
    )
    found = []
    for kind, more, less in pairs:
        if more is None or less is None:
            continue
        excess = more - less * (1 + tolerance)
        if excess > least:
            found.append(Contradiction(kind, more, less, excess, MEANINGS[kind]))
    return tuple(sorted(found, key=lambda one: -one.excess))
