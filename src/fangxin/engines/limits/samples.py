"""What only a whole sample can say: residue sums, microbiological plans, additives of one function."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fangxin.engines.limits.analytes import Analyte
from fangxin.engines.limits.data import Outcome, Reason
from fangxin.engines.limits.deciding import Decision, say
from fangxin.engines.limits.expressions import Form, Reading
from fangxin.engines.limits.units import EXACT


@dataclass(frozen=True, slots=True)
class Part:
    """One component of a residue sum: its name ("" for the parent), its reading and LOD in the limit's unit, its factor."""

    component: str
    reading: Reading
    lod: Decimal | None
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum that is compared. Parts below their LOD count as nothing; `upper` counts them at it, for information."""

    reading: Reading
    lod: Decimal | None
    upper: Decimal
    missing: tuple[str, ...] = ()


def sum_parts(parts: Sequence[Part], analyte: Analyte) -> Sum | None:
    """The residue as defined, told as the parent; nothing where a part cannot be read.

    Source: GB 2763, residue definitions; the factor is the ratio of molar masses. `missing` are parts of the definition
    that nobody reported and without which the sum is only a least value.
    """
    total, upper = Decimal(0), Decimal(0)
    hidden: list[Decimal | None] = []
    shown: list[Decimal | None] = []
    for part in parts:
        value, bound = _counts(part)
        if value is None:
            return None
        lod = None if part.lod is None else EXACT.multiply(part.lod, part.factor)
        edge = None if bound is None else EXACT.multiply(bound, part.factor)
        (shown if value > 0 else hidden).append(lod if value > 0 else edge)
        total = EXACT.add(total, EXACT.multiply(value, part.factor))
        upper = EXACT.add(upper, EXACT.multiply(value, part.factor) if value > 0 else edge or Decimal(0))
    missing = _missing({part.component for part in parts}, analyte)
    if shown:
        # Whatever part was seen above its own detection limit shows that the residue is there.
        return Sum(
            Reading(Form.NUMBER, total, total), min((x for x in shown if x is not None), default=None), upper, missing
        )
    blind = None if None in hidden else sum((x for x in hidden if x is not None), Decimal(0))
    return Sum(Reading(Form.NOT_DETECTED), blind, upper, missing)


def _counts(part: Part) -> tuple[Decimal | None, Decimal | None]:
    """What a part adds, and the LOD that hides it where it adds nothing."""
    reading = part.reading
    if reading.form is Form.NOT_DETECTED:
        return Decimal(0), part.lod
    if reading.form is Form.BELOW:
        return Decimal(0), reading.high
    if reading.form is Form.NUMBER and reading.low is not None:
        if part.lod is not None and reading.low < part.lod:
            return Decimal(0), part.lod
        return reading.low, None
    return None, None


def _missing(told: set[str], analyte: Analyte) -> tuple[str, ...]:
    if "" in told or analyte.alone == "yes":
        return ()
    if analyte.alone == "all":
        return tuple(name for name, _ in analyte.components if name not in told)
    return (analyte.name,)


def judge_plan(readings: Sequence[Reading], *, n: int, c: int, m: Decimal, most: Decimal | None, unit: str) -> Decision:
    """A microbiological plan over the units of one sample, on the raw values: x = m and x = M are still acceptable.

    Source: GB 4789.1, GB 29921. Fewer than `n` results give no verdict; more do not fit the plan.

    >>> from fangxin.engines.limits.expressions import read_values
    >>> judge_plan(read_values("50;180;120;90;30"), n=5, c=1, m=Decimal(100), most=Decimal(1000), unit="CFU/g").outcome
    <Outcome.NONCONFORMING: 'nonconforming'>
    """
    if len(readings) != n:
        return Decision(Outcome.UNDETERMINED, "", Reason.of("replicates", have=len(readings), n=n), ("replicate",))
    above_m = [_above(reading, m) for reading in readings]
    above_most = [most is not None and _above(reading, most) for reading in readings]
    if any(found is None for found in (*above_m, *above_most)):
        return Decision(Outcome.UNDETERMINED, "", Reason.of("straddles", limit=say(m), unit=unit), ("value",))
    over, worst = sum(map(bool, above_m)), sum(map(bool, above_most))
    third = f", {worst} above M={say(most)}" if most is not None else ""
    said = f"n={n} c={c}: {over} above m={say(m)}{third} {unit}"
    if worst or over > c:
        return Decision(
            Outcome.NONCONFORMING, said, Reason.of("plan_failed", over=over, c=c, worst=worst, m=say(m), unit=unit)
        )
    return Decision(Outcome.CONFORMING, said, Reason.of("plan_kept", over=over, c=c, m=say(m), unit=unit))


def _above(reading: Reading, bound: Decimal) -> bool | None:
    """Whether a unit lies above a bound; nothing where its statement does not settle it."""
    low, high = _ends(reading, bound)
    if low is not None and (low > bound or (low == bound and not reading.inclusive and reading.form is Form.ABOVE)):
        return True
    return False if high is not None and high <= bound else None


def _ends(reading: Reading, bound: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """Between which values a unit lies. What was seen, or not seen, in a portion stands on one side of nothing."""
    if reading.form is Form.NOT_DETECTED or (reading.form is Form.BELOW and bound == 0):
        return Decimal(0), Decimal(0)
    if reading.form is Form.DETECTED:
        return (Decimal(1), None) if bound == 0 else (None, None)
    return reading.low, reading.high


@dataclass(frozen=True, slots=True)
class Share:
    """One additive's use against its own limit, both in the limit's unit."""

    name: str
    value: Decimal
    limit: Decimal


def judge_shares(shares: Sequence[Share]) -> Decision | None:
    """Additives of one function together: Σ use / limit may not exceed 1. Nothing for fewer than two.

    Source: GB 2760, appendix A.

    >>> judge_shares([Share("a", Decimal("0.6"), Decimal(1)), Share("b", Decimal("0.5"), Decimal(1))]).comparison
    '0.6/1 + 0.5/1 = 1.1 > 1'
    """
    used = [share for share in shares if share.value > 0 and share.limit > 0]
    if len(used) < 2:
        return None
    total = sum((Fraction(share.value) / Fraction(share.limit) for share in used), Fraction(0))
    terms = " + ".join(f"{say(share.value)}/{say(share.limit)}" for share in used)
    told = say(round(EXACT.divide(Decimal(total.numerator), Decimal(total.denominator)), 4).normalize())
    if total <= 1:
        return Decision(Outcome.CONFORMING, f"{terms} = {told} <= 1", Reason.of("shares_kept", total=told))
    names = "、".join(share.name for share in used)
    return Decision(Outcome.NONCONFORMING, f"{terms} = {told} > 1", Reason.of("shares_exceed", total=told, names=names))
