"""When a discharge of metals must be looked at as a suspected crime: how many times the permitted value, by metal and day."""

import itertools
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from typing import Any

_WIDE = Context(prec=28)


@dataclass(frozen=True, slots=True)
class CrimeRules:
    """One edition: a discharge of a metal above `times[metal]` times its limit is a case for the police."""

    edition: str
    source: str
    in_force_from: date
    in_force_to: date
    times: Mapping[str, Decimal]
    clauses: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What speaks for handing the case over, with the comparison and the clause."""

    metal: str
    times: Decimal
    threshold: Decimal
    comparison: str
    clause: str


def load_crime_rules(text: str) -> tuple[CrimeRules, ...]:
    """All editions of a reviewed file (`[[edition]]` tables). Raises ValueError where two are in force on one day."""
    rules = tuple(_edition(row) for row in tomllib.loads(text)["rule"])
    ordered = sorted(rules, key=lambda rule: rule.in_force_from)
    for earlier, later in itertools.pairwise(ordered):
        if later.in_force_from <= earlier.in_force_to:
            raise ValueError(f"two editions in force on {later.in_force_from}")
    return tuple(ordered)


def _edition(row: Mapping[str, Any]) -> CrimeRules:
    groups = row["group"]
    return CrimeRules(
        edition=row["edition"],
        source=row["source"],
        in_force_from=row["in_force_from"],
        in_force_to=row.get("in_force_to", date.max),
        times={metal: Decimal(group["times"]) for group in groups for metal in group["metals"]},
        clauses={metal: group["clause"] for group in groups for metal in group["metals"]},
    )


def suspect(
    rules: Iterable[CrimeRules], metal: str, *, measured: Decimal, limit: Decimal, on: date
) -> Suspicion | None:
    """Whether a discharge measured on a day, against its limit in the same unit, is a suspected crime.

    Exceeding by N times is read as measured / limit − 1 ≥ N, as exceedance multiples are counted. None: it is not, or no rule was in
    force. Raises ValueError for a limit that is not positive.

    >>> rules = load_crime_rules('''
    ... [[rule]]
    ... edition = "1"
    ... source = "example"
    ... in_force_from = 2020-01-01
    ... group = [{metals = ["Cd"], times = 3, clause = "第一条"}]
    ... ''')
    >>> suspect(rules, "Cd", measured=Decimal("0.41"), limit=Decimal("0.1"), on=date(2022, 1, 1)).comparison
    '0.41 / 0.1 - 1 >= 3'
    """
    if limit <= 0:
        raise ValueError("a discharge limit is positive")
    for rule in rules:
        if rule.in_force_from <= on <= rule.in_force_to and metal in rule.times:
            times = _WIDE.subtract(_WIDE.divide(measured, limit), Decimal(1))
            threshold = rule.times[metal]
            if times < threshold:
                return None
            said = f"{measured} / {limit} - 1 >= {threshold}"
            return Suspicion(metal, times, threshold, said, f"{rule.source}{rule.clauses[metal]}")
    return None
