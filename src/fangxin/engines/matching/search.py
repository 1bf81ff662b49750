"""Finding the pairs worth scoring, so that a long list meets a large register without meeting all of it.

Blocks: same licence, credit code, telephone or street number; a rare pair of name characters in the same
township; the grid cells around a point. A pair that shares none of these is not looked at.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import floor

from fangxin.engines.matching.scoring import (
    MatchScore,
    address_likeness,
    name_likeness,
    same_township,
    score_prepared,
)
from fangxin.engines.matching.values import Premises, Prepared, prepare

LIKELY_FROM = 0.80
POSSIBLE_FROM = 0.40
# Two premises scored this close cannot be told apart by the score alone.
_RIVAL_MARGIN = 0.05

_CELL_DEGREES = 0.001  # about 100 m
_RARE_GRAMS = 3
_SPOT = re.compile(r"([\u3400-\u9fff]{2}[路街巷道村区])[\u3400-\u9fff]*?(\d+)号")


class Certainty(StrEnum):
    """How far a candidate may be relied on. Only a person decides; nothing is merged by a score."""

    EXACT = "exact"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A register row that an entry may be: the keys of both, how certain, and why."""

    entry: str
    register: str
    certainty: Certainty
    match: MatchScore


def candidates(
    entries: Iterable[Premises],
    register: Iterable[Premises],
    *,
    strip: Sequence[str] = (),
    most: int = 5,
) -> list[Candidate]:
    """For every entry the register rows it may be, entries in the order of their keys, best row first.

    An entry that agrees exactly with a row gets only its exact rows. Otherwise up to `most` rows with a
    score of at least 0.40; a score of 0.80 is likely, unless a second row comes within 0.05 of it.
    """
    blocks = Blocks(prepare(row, strip) for row in register)
    found: list[Candidate] = []
    for entry in sorted((prepare(row, strip) for row in entries), key=lambda row: row.key):
        found.extend(_rank(entry, blocks.near(entry), most))
    return found


def _rank(entry: Prepared, rows: Iterable[Prepared], most: int) -> list[Candidate]:
    scored = [(score_prepared(entry, row), row) for row in rows]
    scored.sort(key=lambda pair: (-pair[0].score, pair[1].key))
    exact = [(match, row) for match, row in scored if _agree_exactly(entry, row)]
    if exact:
        return [Candidate(entry.key, row.key, Certainty.EXACT, match) for match, row in exact]
    close = [(match, row) for match, row in scored if match.score >= POSSIBLE_FROM]
    rivals = len(close) > 1 and close[0][0].score - close[1][0].score < _RIVAL_MARGIN
    return [Candidate(entry.key, row.key, _certainty(match.score, rivals), match) for match, row in close[:most]]


def _certainty(score: float, rivals: bool) -> Certainty:
    return Certainty.LIKELY if score >= LIKELY_FROM and not rivals else Certainty.POSSIBLE


def _agree_exactly(a: Prepared, b: Prepared) -> bool:
    if same_township(a, b) is False:
        return False
    same_licence = bool(a.licence) and a.licence == b.licence
    same_holder = bool(a.credit_code) and a.credit_code == b.credit_code
    if same_licence or same_holder:
        # One holder may run two shops of one name in a township: the addresses must not disagree.
        fits = same_licence or not (a.address and b.address) or address_likeness(a, b) >= 0.5
        return fits and name_likeness(a, b) >= 0.8
    return bool(a.address) and a.address == b.address and a.full_name == b.full_name


class Blocks:
    """The register, filed under every key by which an entry may ask for it."""

    def __init__(self, rows: Iterable[Prepared]) -> None:
        self._rows = list(rows)
        self._by_key: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        self._by_cell: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for index, row in enumerate(self._rows):
            for key in _sure_keys(row):
                self._by_key[key].append(index)
            for gram in _grams(row.name.core):
                self._by_key[("gram", row.township, gram)].append(index)
                self._by_key[("gram", "*", gram)].append(index)
            if row.point:
                self._by_cell[_cell(row.point)].append(index)

    def near(self, entry: Prepared) -> list[Prepared]:
        found: set[int] = set()
        for key in (*_sure_keys(entry), *self._rare_grams(entry)):
            found.update(self._by_key.get(key, ()))
        if entry.point:
            row, column = _cell(entry.point)
            for cell in ((row + up, column + right) for up in (-1, 0, 1) for right in (-1, 0, 1)):
                found.update(self._by_cell.get(cell, ()))
        return [self._rows[index] for index in found]

    def _rare_grams(self, entry: Prepared) -> Iterator[tuple[str, ...]]:
        """The rarest character pairs of the name: in its township and where none is known, or anywhere."""
        places = (entry.township, entry.township[:6], "") if len(entry.township) == 9 else ("*",)
        for place in dict.fromkeys(places):
            keys = [("gram", place, gram) for gram in _grams(entry.name.core)]
            known = [key for key in keys if key in self._by_key]
            yield from sorted(known, key=lambda key: (len(self._by_key[key]), key))[:_RARE_GRAMS]


def _sure_keys(row: Prepared) -> Iterator[tuple[str, ...]]:
    if row.licence:
        yield "licence", row.licence
    if row.credit_code:
        yield "holder", row.credit_code
    for phone in row.phones:
        yield "phone", phone
    if row.address:
        yield "address", row.address
    for street, number in _SPOT.findall(row.address):
        yield "spot", street, number


def _grams(core: str) -> frozenset[str]:
    return frozenset(core[place : place + 2] for place in range(max(1, len(core) - 1))) if core else frozenset()


def _cell(point: tuple[float, float]) -> tuple[int, int]:
    return floor(point[0] / _CELL_DEGREES), floor(point[1] / _CELL_DEGREES)
