"""After a superior authority's visit the lower one leaves the same items alone for a while."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fangxin.engines.deadlines import add_months
from fangxin.engines.grading.reading import RuleRefused
from fangxin.engines.grading.results import ResultRules
from fangxin.engines.grading.values import Basis


@dataclass(frozen=True, slots=True)
class SuperiorVisit:
    """What a superior authority looked at, and when."""

    on: date
    items: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standstill:
    """Items that may not be looked at on the day asked about, and the last day on which that holds."""

    blocked: tuple[str, ...]
    blocked_until: date | None
    basis: Basis


def standstill(
    items: Iterable[str], *, on: date, superior: Iterable[SuperiorVisit], suspicion: bool, rules: ResultRules
) -> Standstill:
    """Which of `items` a lower authority must leave alone on `on`.

    `suspicion` of a breach, such as a complaint, lifts the block; its evidence is the caller's to keep.
    Raises `RuleRefused` if the edition knows no standstill.
    """
    if rules.standstill_months is None:
        raise RuleRefused(f"rule {rules.head.code} of {rules.head.edition} knows no standstill")
    wanted = list(dict.fromkeys(items))
    last: dict[str, date] = {}
    for visit in superior:
        if visit.on <= on <= (ends := add_months(visit.on, rules.standstill_months)):
            last |= {code: max(ends, last.get(code, ends)) for code in visit.items & set(wanted)}
    blocked = () if suspicion else tuple(code for code in wanted if code in last)
    until = max((last[code] for code in blocked), default=None)
    inputs = [("on", on), ("items", len(wanted)), ("checked by superior", len(last)), ("suspicion", suspicion)]
    comparison = f"{on} <= {until}" if until else ("suspicion" if last else "no such visit in the months before")
    return Standstill(blocked, until, rules.head.basis(inputs, comparison))
