"""Which lots on local shelves may be what a notice speaks of.

Only a number decides: a lot number or a bar code, and even these only where nothing contradicts them. Likeness of names
never decides; it asks a person. A notice that was not distributed here and names no number of ours is only remembered.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rapidfuzz import fuzz

from fangxin.engines.import_risk.notices import Notice, digits_of, plain_number
from fangxin.engines.import_risk.vocabulary import plain

LIKE_NAME = 88.0  # of 100: the likeness from which a maker's name counts as like


class Certainty(StrEnum):
    """What a match asks for."""

    SURE = "sure"  # act at once
    ASK = "ask"  # a person looks and decides
    WATCH = "watch"  # kept for the risk score; nobody is asked
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ShelfLot:
    """A lot as the county knows it. Empty means not recorded."""

    key: str
    name: str  # all names on the label, Chinese and original
    origin: str  # ISO code
    food_class: str = ""
    products: tuple[str, ...] = ()
    maker: str = ""
    maker_number: str = ""
    lot: str = ""
    gtin: str = ""
    made_on: date | None = None
    best_before_on: date | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A lot and a notice: certainty, reasons for (tokens), reasons against, and points for the order of asking."""

    key: str
    certainty: Certainty
    points: int
    reasons: tuple[str, ...]
    against: tuple[str, ...] = ()


_POINTS = {
    "lot": 60, "gtin": 60, "maker_number": 40, "maker": 25, "product": 20, "food_class": 8, "origin": 12,
    "made_on": 15, "best_before": 15, "distributed_here": 15,
}  # fmt: skip


def match_lots(notice: Notice, lots: Iterable[ShelfLot], *, here: str) -> tuple[Match, ...]:
    """All lots that are not ruled out, the most likely first; ties by key. `here` is the country's own ISO code."""
    found = [match_lot(notice, lot, here=here) for lot in lots if not _is_elsewhere(notice, lot)]
    kept = [match for match in found if match.certainty is not Certainty.NONE]
    order = {Certainty.SURE: 0, Certainty.ASK: 1, Certainty.WATCH: 2}
    return tuple(sorted(kept, key=lambda m: (order[m.certainty], -m.points, m.key)))


def _is_elsewhere(notice: Notice, lot: ShelfLot) -> bool:
    """Ruled out at a glance, which most are: no number to compare, and another product or country."""
    if notice.lots or notice.gtins or notice.maker_number:
        return False
    other_product = notice.products and lot.products and not set(notice.products) & set(lot.products)
    return bool(other_product or (notice.origins and lot.origin and lot.origin not in notice.origins))


def match_lot(notice: Notice, lot: ShelfLot, *, here: str) -> Match:
    """Judge one lot against one notice.

    A lot number that agrees is sure only together with the product, the maker or a bar code: the same short number is
    printed by many makers.
    """
    reasons, against = _compare(notice, lot)
    if here in notice.distributed_to:
        reasons.append("distributed_here")
    points = sum(_POINTS[token] for token in reasons)
    return Match(lot.key, _certainty(notice, reasons, against, here), points, tuple(reasons), tuple(against))


_NUMBERS = frozenset({"lot", "gtin", "maker_number"})
_RULES_OUT = frozenset({"origin", "product", "food_class", "lot", "gtin"})


def _certainty(notice: Notice, reasons: list[str], against: list[str], here: str) -> Certainty:
    said, denied = set(reasons), set(against)
    if _is_sure(said, notice) and not denied:
        return Certainty.SURE
    if said & _NUMBERS or ("maker" in said and not denied & {"origin", "product"}):
        return Certainty.ASK
    if denied & _RULES_OUT or not said & {"product", "food_class"}:
        return Certainty.NONE
    elsewhere = bool(notice.distributed_to) and here not in notice.distributed_to
    known = {"product", "origin"} <= said and "after_notice" not in denied
    return Certainty.ASK if known and not elsewhere else Certainty.WATCH


def _is_sure(said: set[str], notice: Notice) -> bool:
    if "lot" in said:
        return bool(said & {"product", "maker", "maker_number", "gtin"})
    return "gtin" in said and not notice.lots


def _compare(notice: Notice, lot: ShelfLot) -> tuple[list[str], list[str]]:
    """Tokens for and against."""
    pairs = (
        ("lot", _numbers(notice.lots, lot.lot)),
        ("gtin", _gtins(notice.gtins, lot.gtin)),
        ("maker_number", _same(plain_number(notice.maker_number), plain_number(lot.maker_number))),
        ("maker", _makers(notice, lot)),
        ("product", _overlap(notice.products, lot.products)),
        ("food_class", _same(notice.food_class, lot.food_class)),
        ("origin", _overlap(notice.origins, (lot.origin,) if lot.origin else ())),
        ("made_on", _same(notice.made_on, lot.made_on)),
        ("best_before", _same(notice.best_before_on, lot.best_before_on)),
        ("after_notice", _made_later(notice, lot)),
    )
    # A maker that is not named alike, or has another number, is no contradiction: firms have several names and plants.
    silent = {"maker", "maker_number"}
    reasons = [token for token, answer in pairs if answer is True]
    return reasons, [token for token, answer in pairs if answer is False and token not in silent]


def _same(a: object, b: object) -> bool | None:
    return a == b if a and b else None


def _overlap(a: tuple[str, ...], b: tuple[str, ...]) -> bool | None:
    return bool(set(a) & set(b)) if a and b else None


def _numbers(printed: tuple[str, ...], own: str) -> bool | None:
    return plain_number(own) in printed if printed and own else None


def _gtins(printed: tuple[str, ...], own: str) -> bool | None:
    """Bar codes of 12, 13 and 14 digits are the same number with leading zeros."""
    if not printed or not own:
        return None
    return digits_of(own).zfill(14) in {code.zfill(14) for code in printed}


def _makers(notice: Notice, lot: ShelfLot) -> bool | None:
    name = plain(lot.maker)
    if len(name) < 4:
        return None
    if notice.maker:
        return fuzz.token_set_ratio(name, plain(notice.maker)) >= LIKE_NAME
    return True if name in plain(notice.text) else None


def _made_later(notice: Notice, lot: ShelfLot) -> bool | None:
    """False (a reason against) where the lot was made after the notice appeared."""
    if notice.published_on is None or lot.made_on is None:
        return None
    return False if lot.made_on > notice.published_on else None
