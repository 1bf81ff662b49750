"""An invented county to draw from: plans as they come out of a JSON file."""

import random
from decimal import Decimal

from fangxin.engines.sampling import DrawnTarget, DrawResult, commitment_of, inclusion, plan_from
from fangxin.engines.sampling.selection import select
from fangxin.engines.sampling.stream import Stream

SEED, SALT, PUBLIC = bytes(range(32)), bytes(range(32, 64)), "03 07 12 19 25 31 + 08"


def plan_values(targets=40, inspectors=8, *, seed=1, quotas=None, **changes):
    chance = random.Random(seed)
    names = [f"T{n:03}" for n in range(targets)]
    staff = [f"I{n:02}" for n in range(inspectors)]
    return {
        "title": "2023年第二季度双随机抽查",
        "commitment": commitment_of(SEED, SALT),
        "public_source": "中国福利彩票双色球第2023050期开奖号码",
        "exploration": "0.2",
        "quotas": quotas or [{"by": "grade", "counts": {"A": 4, "B": 3, "C": 2}}],
        "targets": [
            {
                "id": name,
                "grade": "ABC"[n % 3] if n % 4 else "A",
                "township": f"W{n % 4}",
                "weight": str(Decimal(chance.randrange(0, 4000)) / 1000),
                "last_inspectors": chance.sample(staff, min(2, inspectors)),
            }
            for n, name in enumerate(names)
        ],
        "inspectors": [
            {"id": name, "township": f"W{n % 4}", "max_visits": 4, "recused": chance.sample(names, min(3, targets))}
            for n, name in enumerate(staff)
        ],
        **changes,
    }


def plan(*args, **kwargs):
    return plan_from(plan_values(*args, **kwargs))


def repeated(plan, times):
    """The selection alone, many times over: quicker than whole draws."""
    chances = inclusion(plan)
    probabilities = chances.probabilities
    for number in range(times):
        drawn = select(chances.cells, Stream.of(number.to_bytes(32, "big"), PUBLIC))
        yield as_result(plan, chances.strata, probabilities, drawn)


def as_result(plan, strata, probabilities, drawn):
    targets = tuple(
        DrawnTarget(
            t.id,
            probabilities[t.id],
            tuple(t.stratum(q.by) for q in plan.quotas),
            1 if t.id in drawn else None,
        )
        for t in plan.targets
    )
    return DrawResult(plan, "", b"", b"", "", strata, targets, ())
