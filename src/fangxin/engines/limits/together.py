"""What the verdicts of one sample do to each other once each is known."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from fangxin.engines.limits.analytes import Analytes
from fangxin.engines.limits.data import Outcome, Reason, Verdict
from fangxin.engines.limits.preparing import Case
from fangxin.engines.limits.samples import Share, judge_shares


def settle_species(cases: Sequence[Case], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """A total that waits for its species takes the species' verdict where the sample holds it."""
    return [_settled(case, verdict, cases, verdicts) for case, verdict in zip(cases, verdicts, strict=True)]


def _settled(case: Case, verdict: Verdict, cases: Sequence[Case], verdicts: Sequence[Verdict]) -> Verdict:
    if verdict.outcome is not Outcome.PENDING_SPECIATION:
        return verdict
    for other, found in zip(cases, verdicts, strict=True):
        same = other.analyte.name == case.analyte.name and other.row.food == case.row.food
        decided = found.outcome in (Outcome.CONFORMING, Outcome.NONCONFORMING)
        if same and decided and other.analyte.species in verdict.missing:
            reason = Reason.of("species_told", comparison=found.comparison)
            return replace(verdict, outcome=found.outcome, reason=reason, missing=())
    return verdict


def share_functions(cases: Sequence[Case], verdicts: list[Verdict], analytes: Analytes) -> list[Verdict]:
    """Preservatives, antioxidants and colours of one hue share one whole between them."""
    groups: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for number, (case, verdict) in enumerate(zip(cases, verdicts, strict=True)):
        function = analytes[case.analyte.name].function if case.analyte.sure else ""
        if function and verdict.limit and verdict.value is not None:
            groups[function, case.row.food][case.analyte.name] = number
    found = list(verdicts)
    for numbers in groups.values():
        for number, verdict in _shared(numbers, verdicts).items():
            found[number] = verdict
    return found


def _shared(numbers: dict[str, int], verdicts: Sequence[Verdict]) -> dict[int, Verdict]:
    """The verdicts of one group that fail only together."""
    told = {name: verdicts[number] for name, number in numbers.items()}
    shares = [Share(name, one.value, one.limit) for name, one in told.items() if one.value is not None and one.limit]
    decision = judge_shares(shares)
    if decision is None or decision.outcome is Outcome.CONFORMING:
        return {}
    return {
        numbers[name]: replace(one, outcome=decision.outcome, comparison=decision.comparison, reason=decision.reason)
        for name, one in told.items()
        if one.outcome is Outcome.CONFORMING and one.value
    }
