"""Whom to check: the legally random and replayable draw (双随机), and what drawn inspections say about all.

    plan = plan_from(values)                                  # refused field by field
    announce(plan_digest(plan))                               # with the commitment, before the public value exists
    result = draw(plan, seed=seed, salt=salt, public=value)   # after it exists
    publish(write_result(result))                             # anyone: verify_result(bytes)
    estimate(result, outcomes)                                # after the visits

Method, guarantees and limits: docs/methods/draw.md.
"""

from fangxin.engines.sampling.checks import check_plan
from fangxin.engines.sampling.drawing import (
    ALGORITHM,
    ALGORITHM_VERSION,
    DrawnTarget,
    DrawResult,
    draw,
    is_public_value,
    plan_digest,
)
from fangxin.engines.sampling.estimation import Estimate, Estimates, IntervalKind, estimate
from fangxin.engines.sampling.inclusion import CellChances, Inclusion, Stratum, inclusion
from fangxin.engines.sampling.plans import (
    DrawPlan,
    Inspector,
    LastVisit,
    PlanFault,
    PlanProblem,
    PlanRefused,
    Quota,
    Rounding,
    StratumKey,
    Target,
)
from fangxin.engines.sampling.publishing import FORMAT, result_digest, write_result
from fangxin.engines.sampling.reading import plan_from, plan_to_mapping
from fangxin.engines.sampling.stream import SECRET_BYTES, CommitmentDiffers, commitment_of
from fangxin.engines.sampling.teams import Bar, Reason, Unserved
from fangxin.engines.sampling.verification import (
    Difference,
    FirstDifference,
    NotAResult,
    Verification,
    parse_json,
    secret_from,
    verify_result,
)

__all__ = [
    "ALGORITHM",
    "ALGORITHM_VERSION",
    "FORMAT",
    "SECRET_BYTES",
    "Bar",
    "CellChances",
    "CommitmentDiffers",
    "Difference",
    "DrawPlan",
    "DrawResult",
    "DrawnTarget",
    "Estimate",
    "Estimates",
    "FirstDifference",
    "Inclusion",
    "Inspector",
    "IntervalKind",
    "LastVisit",
    "NotAResult",
    "PlanFault",
    "PlanProblem",
    "PlanRefused",
    "Quota",
    "Reason",
    "Rounding",
    "Stratum",
    "StratumKey",
    "Target",
    "Unserved",
    "Verification",
    "check_plan",
    "commitment_of",
    "draw",
    "estimate",
    "inclusion",
    "is_public_value",
    "parse_json",
    "plan_digest",
    "plan_from",
    "plan_to_mapping",
    "result_digest",
    "secret_from",
    "verify_result",
    "write_result",
]
