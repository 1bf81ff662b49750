"""How alike two premises are, as a sum of named contributions.

The weights are a design, not a law: each kind of agreement is worth so much, and no single kind is enough
to be sure. A chain has the same name in two townships, an owner the same telephone in two shops, a new
tenant the same address.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from rapidfuzz.fuzz import ratio

from fangxin.engines.matching.values import Premises, Prepared, prepare

_EARTH_RADIUS_M = 6_371_008.8

_LICENCE = 0.60
_NAME = 0.45
_CREDIT_CODE = 0.35
_ADDRESS = 0.30
_PHONE = 0.30
_NEAR = 0.15
_SAME_TOWNSHIP = 0.05
_OTHER_CREDIT_CODE = -0.10
_OTHER_NAME = -0.10
_OTHER_TRADE = -0.15
_FAR = -0.20
_OTHER_TOWNSHIP = -0.25

_NEAR_M, _REACH_M, _FAR_M = 30.0, 300.0, 1000.0


@dataclass(frozen=True, slots=True)
class Reason:
    """One contribution to a score: a token for the app to phrase, and its signed share."""

    token: str
    contribution: float


@dataclass(frozen=True, slots=True)
class MatchScore:
    """A likeness from 0 to 1 and the contributions that made it, in a fixed order."""

    score: float
    reasons: tuple[Reason, ...]

    def has(self, token: str) -> bool:
        """Whether the reason `token` took part."""
        return any(reason.token == token for reason in self.reasons)


def score_pair(a: Premises, b: Premises, *, strip: Sequence[str] = ()) -> MatchScore:
    """How alike two premises are; the same in either order.

    >>> shop = Premises("1", "好又多超市", phone="13800000000", division="410101001")
    >>> branch = Premises("2", "好又多超市", phone="13900000000", division="410101002")
    >>> score_pair(shop, branch)
    MatchScore(score=0.2, reasons=(Reason(token='name', contribution=0.45), Reason(token='other_township', contribution=-0.25)))
    """
    return score_prepared(prepare(a, strip), prepare(b, strip))


def score_prepared(a: Prepared, b: Prepared) -> MatchScore:
    """`score_pair` on values already in comparable form."""
    reasons = tuple(Reason(token, round(share, 4)) for token, share in _contributions(a, b) if share)
    total = sum(reason.contribution for reason in reasons)
    return MatchScore(round(min(1.0, max(0.0, total)), 4), reasons)


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance in metres between two (latitude, longitude) points in degrees, by the haversine.

    >>> round(distance_m((34.0, 111.0), (34.001, 111.0)))
    111
    """
    lat_a, lat_b = radians(a[0]), radians(b[0])
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b[1] - a[1]) / 2) ** 2
    return 2 * _EARTH_RADIUS_M * asin(min(1.0, sqrt(half)))


def name_likeness(a: Prepared, b: Prepared) -> float:
    """Likeness of two names from 0 to 1; the core weighs three times the whole."""
    return (0.75 * ratio(a.name.core, b.name.core) + 0.25 * ratio(a.full_name, b.full_name)) / 100


def address_likeness(a: Prepared, b: Prepared) -> float:
    """Likeness of two addresses from 0 to 1; house numbers that disagree count against it."""
    likeness = ratio(a.address, b.address) / 100
    if a.house_numbers and b.house_numbers and not a.house_numbers & b.house_numbers:
        likeness *= 0.6
    return likeness


def same_township(a: Prepared, b: Prepared) -> bool | None:
    """Whether both lie in one township; None if one of the codes is too coarse to tell."""
    length = min(len(a.township), len(b.township))
    if a.township[:length] != b.township[:length]:
        return False
    return True if length == 9 else None


def _contributions(a: Prepared, b: Prepared) -> Iterator[tuple[str, float]]:
    if a.licence and a.licence == b.licence:
        yield "licence", _LICENCE
    if a.credit_code and b.credit_code:
        same = a.credit_code == b.credit_code
        yield ("credit_code", _CREDIT_CODE) if same else ("other_credit_code", _OTHER_CREDIT_CODE)
    yield from _name(a, b)
    if a.address and b.address:
        yield "address", _ADDRESS * _above(0.5, address_likeness(a, b))
    if a.phones & b.phones:
        yield "phone", _PHONE
    if a.point and b.point:
        yield _distance(distance_m(a.point, b.point))
    together = same_township(a, b)
    if together is not None:
        yield ("township", _SAME_TOWNSHIP) if together else ("other_township", _OTHER_TOWNSHIP)


def _name(a: Prepared, b: Prepared) -> Iterator[tuple[str, float]]:
    if not (a.name.core and b.name.core):
        return
    likeness = name_likeness(a, b)
    yield ("name", _NAME * _above(0.4, likeness)) if likeness >= 0.3 else ("other_name", _OTHER_NAME)
    if a.trades and b.trades and not a.trades & b.trades:
        yield "other_trade", _OTHER_TRADE


def _distance(metres: float) -> tuple[str, float]:
    if metres > _FAR_M:
        return "far", _FAR
    share = (_REACH_M - metres) / (_REACH_M - _NEAR_M)
    return "near", _NEAR * min(1.0, max(0.0, share))


def _above(floor: float, likeness: float) -> float:
    return max(0.0, (likeness - floor) / (1 - floor))
