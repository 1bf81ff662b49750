"""What a plan must satisfy as a whole before anything is drawn from it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from fangxin.engines.sampling.plans import DrawPlan, PlanFault, PlanProblem, PlanRefused, Quota, StratumKey
from fangxin.engines.sampling.quotas import quota_counts

PLACES = 6
_MAX_WEIGHT = Decimal(10) ** 9
_COMMITMENT = re.compile(r"[0-9a-f]{64}")


def refuse_unless_sound(plan: DrawPlan) -> None:
    """Raise PlanRefused with everything that is wrong."""
    if problems := check_plan(plan):
        raise PlanRefused(problems)


def check_plan(plan: DrawPlan) -> tuple[PlanProblem, ...]:
    """Everything that is wrong with a plan; empty when it can be drawn from."""
    numbers = tuple(_numbers(plan))
    # Quotas are only worth checking over numbers that make sense.
    return (*_words(plan), *_ids(plan), *(numbers or _quotas(plan)))


def _words(plan: DrawPlan) -> Iterator[PlanProblem]:
    for pointer, text in (("/title", plan.title), ("/public_source", plan.public_source)):
        if not text.strip():
            yield PlanProblem(pointer, PlanFault.EMPTY)
    if not _COMMITMENT.fullmatch(plan.commitment):
        yield PlanProblem("/commitment", PlanFault.NOT_HEX, plan.commitment)
    if not plan.targets:
        yield PlanProblem("/targets", PlanFault.EMPTY)


def _ids(plan: DrawPlan) -> Iterator[PlanProblem]:
    targets = [target.id for target in plan.targets]
    yield from _repeated("/targets", targets)
    yield from _repeated("/inspectors", (inspector.id for inspector in plan.inspectors))
    known = set(targets)
    for inspector in plan.inspectors:
        for target in inspector.recused:
            if target not in known:
                yield PlanProblem("/inspectors", PlanFault.NO_SUCH_TARGET, f"{inspector.id}: {target}")


def _repeated(pointer: str, ids: Iterable[str]) -> Iterator[PlanProblem]:
    for name, times in Counter(ids).items():
        if times > 1:
            yield PlanProblem(pointer, PlanFault.REPEATED, name)
        if not name:
            yield PlanProblem(pointer, PlanFault.EMPTY)


def _numbers(plan: DrawPlan) -> Iterator[PlanProblem]:
    yield from _decimal("/exploration", plan.exploration, Decimal("0.01"), Decimal(1))
    for target in plan.targets:
        yield from _decimal("/targets", target.weight, Decimal(0), _MAX_WEIGHT, f"{target.id}: ")
    if not 2 <= plan.team_size <= 10:
        yield PlanProblem("/team_size", PlanFault.OUT_OF_RANGE, str(plan.team_size))
    for inspector in plan.inspectors:
        if not 0 <= inspector.max_visits <= 1_000_000:
            yield PlanProblem("/inspectors", PlanFault.OUT_OF_RANGE, f"{inspector.id}: {inspector.max_visits}")
    for quota in plan.quotas:
        for name, parts in (("rates", quota.rates), ("shares", quota.shares)):
            for key, part in (parts or {}).items():
                yield from _decimal(f"/quotas/{quota.by}/{name}/{key}", part, Decimal(0), Decimal(1))


def _decimal(pointer: str, value: Decimal, low: Decimal, high: Decimal, prefix: str = "") -> Iterator[PlanProblem]:
    if not value.is_finite() or not low <= value <= high:
        yield PlanProblem(pointer, PlanFault.OUT_OF_RANGE, f"{prefix}{value}")
    elif value != round(value, PLACES):
        yield PlanProblem(pointer, PlanFault.TOO_PRECISE, f"{prefix}{value}")


def _quotas(plan: DrawPlan) -> Iterator[PlanProblem]:
    keys = [quota.by for quota in plan.quotas]
    if not keys:
        yield PlanProblem("/quotas", PlanFault.EMPTY)
    elif len(keys) > 2 or (len(keys) == 2 and StratumKey.ALL in keys):
        # Three at once cannot always be kept exactly; one over everything beside another says nothing new.
        yield PlanProblem("/quotas", PlanFault.TOO_MANY_QUOTAS, str(len(keys)))
    elif len(set(keys)) < len(keys):
        yield PlanProblem("/quotas", PlanFault.REPEATED, keys[0])
    else:
        found = [tuple(_quota(plan, quota)) for quota in plan.quotas]
        yield from (problem for problems in found for problem in problems)
        if not any(found):
            yield from _totals(plan)


def _quota(plan: DrawPlan, quota: Quota) -> Iterator[PlanProblem]:
    pointer = f"/quotas/{quota.by}"
    if not _has_one_form(quota):
        yield PlanProblem(pointer, PlanFault.QUOTA_FORM)
        return
    if quota.shares is not None and sum(quota.shares.values()) != 1:
        yield PlanProblem(f"{pointer}/shares", PlanFault.SHARES_NOT_ONE, str(sum(quota.shares.values())))
        return
    sizes = Counter(target.stratum(quota.by) for target in plan.targets)
    counts = quota_counts(quota, sizes)
    for key in sorted(sizes.keys() | counts.keys()):
        count = counts.get(key, 0)
        if not sizes[key]:
            yield PlanProblem(pointer, PlanFault.QUOTA_WITHOUT_TARGETS, key)
        elif count < 1:
            yield PlanProblem(pointer, PlanFault.QUOTA_MISSING, key)
        elif count > sizes[key]:
            yield PlanProblem(pointer, PlanFault.QUOTA_TOO_LARGE, f"{key}: {count} > {sizes[key]}")


def _has_one_form(quota: Quota) -> bool:
    forms = (
        (quota.counts is not None, quota.rounding is None and quota.total is None),
        (quota.rates is not None, quota.rounding is not None and quota.total is None),
        (quota.shares is not None, quota.rounding is None and quota.total is not None and quota.total > 0),
    )
    return [complete for given, complete in forms if given] == [True]


def _totals(plan: DrawPlan) -> Iterator[PlanProblem]:
    totals = {
        quota.by: sum(quota_counts(quota, Counter(t.stratum(quota.by) for t in plan.targets)).values())
        for quota in plan.quotas
    }
    if len(set(totals.values())) > 1:
        yield PlanProblem(
            "/quotas", PlanFault.TOTALS_DIFFER, ", ".join(f"{by}: {total}" for by, total in totals.items())
        )
