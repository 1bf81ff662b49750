"""The draw: targets, the order of visits and teams, from a plan, a revealed seed and a public value."""

from dataclasses import dataclass
from fractions import Fraction

from fangxin.engines.evidence import canonical_bytes, digest
from fangxin.engines.sampling.inclusion import Stratum, inclusion
from fangxin.engines.sampling.plans import DrawPlan
from fangxin.engines.sampling.reading import plan_to_mapping
from fangxin.engines.sampling.selection import select
from fangxin.engines.sampling.stream import CommitmentDiffers, Stream, commitment_of
from fangxin.engines.sampling.teams import Unserved, assign_teams

ALGORITHM = "pivotal-random-order"
ALGORITHM_VERSION = 1
_DOMAIN = b"fangxin.draw.plan.v1\n"


@dataclass(frozen=True, slots=True)
class DrawnTarget:
    """What the draw says about one target on the list, drawn or not."""

    id: str
    probability: Fraction  # of being drawn, as stated before the draw
    strata: tuple[str, ...]  # its stratum in each quota
    order: int | None  # 1, 2, … among the drawn; None when not drawn
    team: tuple[str, ...] = ()  # empty when not drawn, or drawn and without inspectors (see `unserved`)

    @property
    def drawn(self) -> bool:
        return self.order is not None


@dataclass(frozen=True, slots=True)
class DrawResult:
    """A whole draw. `targets` are in order of their ids, `unserved` in order of the draw."""

    plan: DrawPlan
    plan_digest: str
    seed: bytes
    salt: bytes
    public: str
    strata: tuple[Stratum, ...]
    targets: tuple[DrawnTarget, ...]
    unserved: tuple[Unserved, ...]

    @property
    def drawn(self) -> tuple[DrawnTarget, ...]:
        """The drawn targets in order of their visits."""
        return tuple(sorted((t for t in self.targets if t.order is not None), key=lambda t: t.order or 0))


def plan_digest(plan: DrawPlan) -> str:
    """What is announced with the commitment: SHA-256 over the canonical form of the plan."""
    return digest(_DOMAIN + canonical_bytes(plan_to_mapping(plan)))


def is_public_value(text: str) -> bool:
    """Text without blanks around it: a blank more or less would be another draw, as copying often makes them.

    >>> is_public_value("03 07 12 19 25 31 + 08"), is_public_value("0308 "), is_public_value("")
    (True, False, False)
    """
    return bool(text) and text == text.strip() and text.isprintable()


def draw(plan: DrawPlan, *, seed: bytes, salt: bytes, public: str) -> DrawResult:
    """Draw targets and teams; the same values give the same draw on any machine.

    Raises PlanRefused when the plan cannot be drawn from, CommitmentDiffers when seed and salt are not those committed
    to, and ValueError when the public value is none (see `is_public_value`) or a secret has another length than 32.
    """
    if not is_public_value(public):
        raise ValueError("the public value is text without blanks around it")
    chances = inclusion(plan)
    if commitment_of(seed, salt) != plan.commitment:
        raise CommitmentDiffers("seed and salt are not those committed to")
    stream = Stream.of(seed, public)
    order = stream.child("order").shuffled(sorted(select(chances.cells, stream.child("targets"))))
    assigned = assign_teams(plan, order, stream.child("teams"))
    place = {name: number for number, name in enumerate(order, 1)}
    probabilities = chances.probabilities
    targets = tuple(
        DrawnTarget(
            target.id,
            probabilities[target.id],
            tuple(target.stratum(quota.by) for quota in plan.quotas),
            place.get(target.id),
            assigned.teams.get(target.id, ()),
        )
        for target in plan.targets
    )
    return DrawResult(plan, plan_digest(plan), seed, salt, public, chances.strata, targets, assigned.unserved)
