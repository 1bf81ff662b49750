"""A chain of entries in which each holds the digest of the one before it.

Whoever changes, removes, inserts or reorders an entry breaks the chain at that place. Cutting entries off
the end leaves a shorter chain that is whole; only a checkpoint kept elsewhere shows it, so hand those in
as `anchors`. Whoever can rewrite everything after a place, and holds no signing key, is caught the same way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fangxin.engines.evidence.canonical import CanonicalError, canonical_bytes
from fangxin.engines.evidence.digests import DEFAULT_ALGORITHM, UnknownAlgorithm, digest

_DOMAIN = b"fangxin.ledger.v1\n"


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The last entry accepted so far: its number and digest."""

    seq: int
    digest: str


GENESIS = ChainHead(seq=0, digest="")


@dataclass(frozen=True, slots=True)
class ChainEntry:
    """One event as stored.

    `payload` is everything the digest covers besides the previous digest and the algorithm's name; it must hold
    the entry's own number and time, or these could be changed unseen.
    """

    seq: int  # 1, 2, 3, … without a gap
    at: datetime  # aware
    payload: Mapping[str, object]
    digest: str
    algorithm: str = DEFAULT_ALGORITHM
    prev: str | None = None  # digest of the entry before, where a store keeps it beside the entry


class ChainFault(StrEnum):
    """Why an entry is bad."""

    GAP = "gap"  # its number does not follow: removed, repeated, reordered
    WRONG_PREV = "wrong_prev"  # does not point to the entry before it
    WRONG_DIGEST = "wrong_digest"  # its content is not what was digested
    UNKNOWN_ALGORITHM = "unknown_algorithm"
    UNREADABLE = "unreadable"  # its content has no canonical form
    ANCHOR_DIFFERS = "anchor_differs"  # whole in itself, but not the entry a checkpoint signed
    CUT_OFF = "cut_off"  # ends before the last entry a checkpoint signed


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """The first bad entry. `seq` is the number it should have had."""

    seq: int
    fault: ChainFault
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a verification saw. `head` is the last good entry."""

    entries: int
    head: ChainHead
    problem: ChainProblem | None
    clock_set_back: int  # entries whose time lies before that of the entry before them
    first_set_back: int | None  # the first such entry; told, but no fault of the chain

    @property
    def ok(self) -> bool:
        return self.problem is None


def entry_digest(payload: Mapping[str, object], prev: str, algorithm: str = DEFAULT_ALGORITHM) -> str:
    """Digest of an entry: over the algorithm's name, the previous digest and the canonical payload.

    >>> entry_digest({"seq": 1}, GENESIS.digest)[:16]
    '32a0cb1a7a51a6ad'
    """
    return digest(_DOMAIN + f"{algorithm}\n{prev}\n".encode() + canonical_bytes(payload), algorithm)


def next_entry(
    head: ChainHead, *, at: datetime, payload: Mapping[str, object], algorithm: str = DEFAULT_ALGORITHM
) -> ChainEntry:
    """Make the entry that follows `head`; its number and time join the payload as `seq` and `at`."""
    covered = {**payload, "seq": head.seq + 1, "at": at}
    sealed = entry_digest(covered, head.digest, algorithm)
    return ChainEntry(head.seq + 1, at, covered, sealed, algorithm, prev=head.digest)


def verify_chain(
    entries: Iterable[ChainEntry],
    start: ChainHead = GENESIS,
    anchors: Mapping[int, str] | None = None,
) -> ChainReport:
    """Verify entries one by one, in the order given, and stop at the first bad one.

    `start` is the entry before the first one given. `anchors` are numbers and digests from checkpoints
    whose signatures the caller has verified; those at or before `start` are not looked at.
    Memory does not grow with the number of entries.
    """
    pending = {seq: value for seq, value in (anchors or {}).items() if seq > start.seq}
    seq, prev, problem = start.seq, start.digest, None
    earlier: datetime | None = None
    set_back, first_set_back = 0, None
    for entry in entries:
        problem = _find_fault(entry, seq + 1, prev, pending)
        if problem is not None:
            break
        if earlier is not None and entry.at < earlier:
            set_back += 1
            first_set_back = first_set_back or entry.seq
        seq, prev, earlier = entry.seq, entry.digest, entry.at
    problem = problem or _cut_off(seq, pending)
    return ChainReport(seq - start.seq, ChainHead(seq, prev), problem, set_back, first_set_back)


def _find_fault(entry: ChainEntry, seq: int, prev: str, anchors: Mapping[int, str]) -> ChainProblem | None:
    if entry.seq != seq:
        return ChainProblem(seq, ChainFault.GAP, str(seq), str(entry.seq))
    if entry.prev is not None and entry.prev != prev:
        return ChainProblem(seq, ChainFault.WRONG_PREV, prev, entry.prev)
    try:
        computed = entry_digest(entry.payload, prev, entry.algorithm)
    except (UnknownAlgorithm, CanonicalError) as error:
        known = isinstance(error, CanonicalError)
        return ChainProblem(seq, ChainFault.UNREADABLE if known else ChainFault.UNKNOWN_ALGORITHM, "", str(error))
    if computed != entry.digest:
        return ChainProblem(seq, ChainFault.WRONG_DIGEST, computed, entry.digest)
    if anchors and anchors.get(seq, computed) != computed:
        return ChainProblem(seq, ChainFault.ANCHOR_DIFFERS, anchors[seq], computed)
    return None


def _cut_off(seq: int, anchors: Mapping[int, str]) -> ChainProblem | None:
    missing = min((number for number in anchors if number > seq), default=None)
    if missing is None:
        return None
    return ChainProblem(missing, ChainFault.CUT_OFF, anchors[missing], f"the chain ends at {seq}")
