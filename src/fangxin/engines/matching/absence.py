"""How probable it is that a listed place stands in no register.

Every place of an outside list is compared with the register rows worth comparing (as in `search`); the row that is
most probably the same place decides. The weights were fitted by logistic regression on invented registers with a
tenth of the rows hidden (benchmarks/bench_find_unregistered.py --fit), not on the one they are reported on. They hold
for lists in which about one place in ten is unregistered: with fewer, the probabilities are too high, the order stays.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import exp

from fangxin.engines.matching.scoring import (
    MatchScore,
    address_likeness,
    distance_m,
    name_likeness,
    same_township,
    score_prepared,
)
from fangxin.engines.matching.search import Blocks
from fangxin.engines.matching.values import Premises, Prepared, prepare

FEATURES = (
    "constant", "name", "same_core", "core_inside", "address", "no_address", "same_address", "same_phone", "other_phone",
    "same_licence", "same_holder", "other_holder", "same_township", "other_township", "other_trade", "near", "far",
)  # fmt: skip
# Licence, holder and distance do not occur in the lists used for fitting: theirs are a design.
WEIGHTS = (
    -20.028, 14.291, 1.698, 1.767, 8.74, 4.809, 4.882, 11.149, -1.974,
    12.0, 4.0, -1.5, 1.579, -0.225, -2.422, 1.0, -2.0,
)  # fmt: skip
# From the logit of the best pair to the logit of being in the register.
CALIBRATION = (2.352, 0.814)
_NEAR_M, _FAR_M = 60.0, 1000.0


@dataclass(frozen=True, slots=True)
class Absence:
    """One place of the list: the probability that it is unregistered, and the register row nearest to it with the
    contributions of their likeness; no row where none was worth comparing."""

    entry: str
    probability: float
    nearest: str | None
    match: MatchScore | None


def absences(entries: Iterable[Premises], register: Iterable[Premises], *, strip: Sequence[str] = ()) -> list[Absence]:
    """Every entry with its probability of being in no register row, most probable first, then by key.

    >>> register = [Premises("r1", "云禾便利店", "解放路12号", "13800000000", "410101001")]
    >>> found = absences(
    ...     [Premises("a", "云禾便民店", "解放路12号", "13800000000"), Premises("b", "老井酒坊", "东街3号")], register
    ... )
    >>> [(one.entry, one.nearest) for one in found]
    [('b', None), ('a', 'r1')]
    """
    blocks = Blocks(prepare(row, strip) for row in register)
    found = [_judge(prepare(entry, strip), blocks) for entry in entries]
    return sorted(found, key=lambda one: (-one.probability, one.entry))


def _judge(entry: Prepared, blocks: Blocks) -> Absence:
    scored = [(pair_logit(entry, row), row.key, row) for row in blocks.near(entry)]
    if not scored:
        return Absence(entry.key, _unknown(entry), None, None)
    logit, _key, row = max(scored, key=lambda one: (one[0], one[1]))
    offset, slope = CALIBRATION
    registered = _sigmoid(offset + slope * logit)
    return Absence(entry.key, round(1 - registered, 4), row.key, score_prepared(entry, row))


def _unknown(entry: Prepared) -> float:
    """Nothing in the register shares so much as a rare pair of characters; without a name nobody can tell."""
    return 0.99 if entry.name.core else 0.5


def pair_logit(a: Prepared, b: Prepared) -> float:
    """How much speaks for one place rather than two, as a logit."""
    return sum(weight * value for weight, value in zip(WEIGHTS, pair_features(a, b), strict=True))


def pair_features(a: Prepared, b: Prepared) -> tuple[float, ...]:
    """The values of `FEATURES` for a pair, each between 0 and 1."""
    return tuple(float(value) for value in _features(a, b))


def _features(a: Prepared, b: Prepared) -> Iterator[float | bool]:
    yield 1.0
    yield name_likeness(a, b) if a.name.core and b.name.core else 0.0
    yield bool(a.name.core) and a.name.core == b.name.core
    shorter, longer = sorted((a.name.core, b.name.core), key=len)
    yield len(shorter) > 1 and shorter != longer and shorter in longer
    both = bool(a.address and b.address)
    yield address_likeness(a, b) if both else 0.0
    yield not both
    yield both and a.address == b.address
    yield bool(a.phones & b.phones)
    yield bool(a.phones and b.phones) and not a.phones & b.phones
    yield bool(a.licence) and a.licence == b.licence
    held = bool(a.credit_code and b.credit_code)
    yield held and a.credit_code == b.credit_code
    yield held and a.credit_code != b.credit_code
    together = same_township(a, b)
    yield together is True
    yield together is False
    yield bool(a.trades and b.trades) and not a.trades & b.trades
    metres = distance_m(a.point, b.point) if a.point and b.point else None
    yield metres is not None and metres <= _NEAR_M
    yield metres is not None and metres > _FAR_M


def _sigmoid(logit: float) -> float:
    return 1 / (1 + exp(-max(-40.0, min(40.0, logit))))
