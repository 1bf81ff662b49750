"""What is to be drawn: targets, inspectors, quotas, exclusions, and the commitment to a seed nobody has seen.

The values are held in one order (ids, keys and lists ascending), so that the order of the rows in a file
changes neither the digest nor the draw.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_MOST_PROBLEMS = 100


class StratumKey(StrEnum):
    """What quotas are set by."""

    ALL = "all"  # one stratum: everything listed
    GRADE = "grade"
    TOWNSHIP = "township"
    KIND = "kind"


class Rounding(StrEnum):
    """How a rate of a stratum becomes a whole number of targets."""

    UP = "up"
    NEAREST = "nearest"  # a half goes up
    DOWN = "down"


class LastVisit(StrEnum):
    """What the last visit forbids this one."""

    ALL_NEW = "all_new"  # nobody of the last visit comes again
    ONE_NEW = "one_new"  # at least one person is new
    ANY = "any"  # nothing


class PlanFault(StrEnum):
    """Why a plan cannot be drawn from."""

    MISSING = "missing"
    UNKNOWN_KEY = "unknown_key"
    WRONG_KIND = "wrong_kind"  # text where a number belongs, and the like
    EMPTY = "empty"
    OUT_OF_RANGE = "out_of_range"
    TOO_PRECISE = "too_precise"  # more than six decimal places
    NOT_A_CHOICE = "not_a_choice"
    NOT_HEX = "not_hex"
    REPEATED = "repeated"
    NO_SUCH_TARGET = "no_such_target"  # a recusal from something that is not listed
    QUOTA_FORM = "quota_form"  # not exactly one of counts, rates, shares
    QUOTA_MISSING = "quota_missing"  # targets of this stratum would have no chance at all
    QUOTA_WITHOUT_TARGETS = "quota_without_targets"
    QUOTA_TOO_LARGE = "quota_too_large"
    SHARES_NOT_ONE = "shares_not_one"
    TOTALS_DIFFER = "totals_differ"
    IMPOSSIBLE_TOGETHER = "impossible_together"
    TOO_MANY_QUOTAS = "too_many_quotas"


@dataclass(frozen=True, slots=True)
class PlanProblem:
    """One thing that is wrong, and where (a JSON pointer into the plan). `found` is what stands there."""

    pointer: str
    fault: PlanFault
    found: str = ""


class PlanRefused(ValueError):
    """The plan cannot be drawn from; `problems` says why, field by field, the first hundred of them."""

    def __init__(self, problems: Sequence[PlanProblem]) -> None:
        self.problems = tuple(problems[:_MOST_PROBLEMS])
        super().__init__("; ".join(f"{p.pointer or '/'}: {p.fault} {p.found}".rstrip() for p in self.problems[:3]))


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody who may be inspected. `weight` ≥ 0 is relative: twice the weight, twice the risk."""

    id: str
    name: str = ""
    grade: str = ""
    township: str = ""
    kind: str = ""
    weight: Decimal = Decimal(1)
    last_inspectors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "last_inspectors", tuple(sorted(self.last_inspectors)))

    def stratum(self, by: StratumKey) -> str:
        """The stratum it belongs to; everything is of the stratum "all"."""
        return "all" if by is StratumKey.ALL else str(getattr(self, by.value))


@dataclass(frozen=True, slots=True)
class Inspector:
    """Somebody who may inspect. `recused` are targets out of bounds (kinship, interest); the reason stays out."""

    id: str
    max_visits: int
    township: str = ""
    recused: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "recused", tuple(sorted(self.recused)))


@dataclass(frozen=True, slots=True)
class Quota:
    """How many of each stratum: as counts, as rates of the stratum (0–1), or as shares (sum 1) of a total."""

    by: StratumKey
    counts: Mapping[str, int] | None = None
    rates: Mapping[str, Decimal] | None = None
    rounding: Rounding | None = None  # with rates only
    shares: Mapping[str, Decimal] | None = None  # rounded by largest remainder, ties to the first key
    total: int | None = None  # with shares only


@dataclass(frozen=True, slots=True)
class DrawPlan:
    """Everything that decides a draw, except the seed and the public value.

    Announce its digest before the public value can be known: then nobody, not even who keeps the seed, chose.
    """

    title: str
    commitment: str  # SHA-256 of seed and salt, 64 hexadecimal digits
    public_source: str  # where the public value will be read, said beforehand
    targets: tuple[Target, ...]
    inspectors: tuple[Inspector, ...]
    quotas: tuple[Quota, ...]  # one, or two that both hold, such as by grade and by township
    exploration: Decimal  # 0.01–1: this share of the draws is blind to weights
    purpose: str = ""
    year: int | None = None
    team_size: int = 2  # inspectors per visit
    last_visit: LastVisit = LastVisit.ALL_NEW
    avoid_own_township: bool = False

    def __post_init__(self) -> None:
        order = list(StratumKey)
        object.__setattr__(self, "targets", tuple(sorted(self.targets, key=lambda t: t.id)))
        object.__setattr__(self, "inspectors", tuple(sorted(self.inspectors, key=lambda i: i.id)))
        object.__setattr__(self, "quotas", tuple(sorted(self.quotas, key=lambda q: order.index(q.by))))
