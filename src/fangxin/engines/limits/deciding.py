"""One result against one rule: the gate of the detection limit first, then the comparison."""

from dataclasses import dataclass
from decimal import Decimal

from fangxin.engines.limits.data import Outcome, Reason
from fangxin.engines.limits.expressions import Form, Reading
from fangxin.engines.limits.rounding import exceeds, plain
from fangxin.engines.limits.tables import Rule

NEAR = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Decision:
    """What the comparison says; `missing` names the columns that would settle an open one."""

    outcome: Outcome
    comparison: str
    reason: Reason
    missing: tuple[str, ...] = ()
    notes: tuple[Reason, ...] = ()
    near: bool = False


def judge_value(
    reading: Reading,
    *,
    rule: Rule,
    limit: Decimal | None,
    unit: str,
    lod: Decimal | None = None,
    loq: Decimal | None = None,
    official_level: Decimal | None = None,
    official_method: str = "",
    interval: Decimal | None = None,
) -> Decision:
    """Judge one reading by one rule; all numbers in `unit`.

    A maximum is compared by full value, or rounded once to `interval` where the standard says so. What was not detected
    conforms only where the method could have seen the limit.

    >>> from fangxin.engines.limits.expressions import read_expression
    >>> judge_value(read_expression("0.204"), rule=Rule.MAXIMUM, limit=Decimal("0.2"), unit="mg/kg").comparison
    '0.204 mg/kg > 0.2 mg/kg (full value)'
    >>> judge_value(read_expression("ND"), rule=Rule.MAXIMUM, limit=Decimal("0.02"), unit="mg/kg", lod=Decimal("0.05")).outcome
    <Outcome.UNDETERMINED: 'undetermined'>
    """
    if rule is Rule.MAXIMUM and limit is not None:
        return _maximum(reading, limit, unit, lod, loq, interval)
    return _absence(reading, rule, unit, lod, loq, official_level, official_method)


def _maximum(
    reading: Reading, limit: Decimal, unit: str, lod: Decimal | None, loq: Decimal | None, interval: Decimal | None
) -> Decision:
    match reading.form:
        case Form.NUMBER:
            return _number(_known(reading.low), limit, unit, lod, loq, interval)
        case Form.NOT_DETECTED:
            return _below(lod if lod is not None else loq, limit, unit)
        case Form.BELOW:
            return _below(reading.high if reading.high is not None else loq, limit, unit)
        case Form.ABOVE | Form.RANGE:
            return _interval(reading, limit, unit)
    return Decision(Outcome.UNDETERMINED, "", Reason.of("number_needed"), ("value",))


def _number(
    value: Decimal, limit: Decimal, unit: str, lod: Decimal | None, loq: Decimal | None, interval: Decimal | None
) -> Decision:
    if lod is not None and value < lod:
        return _below(lod, limit, unit)
    over = exceeds(value, limit, interval=interval)
    way = "full value" if interval is None else f"rounded to {plain(interval)}"
    said = f"{_say(value)} {unit} {'>' if over else '<='} {_say(limit)} {unit} ({way})"
    notes = (Reason.of("below_loq", loq=_say(loq), unit=unit),) if loq is not None and value < loq else ()
    return Decision(
        Outcome.NONCONFORMING if over else Outcome.CONFORMING,
        said,
        Reason.of("exceeds" if over else "within", value=_say(value), limit=_say(limit), unit=unit),
        notes=notes,
        near=limit > 0 and abs(value - limit) <= limit * NEAR,
    )


def _below(bound: Decimal | None, limit: Decimal, unit: str) -> Decision:
    """Not detected: the method must have been able to see the limit."""
    if bound is None:
        return Decision(Outcome.UNDETERMINED, "", Reason.of("lod_missing"), ("lod",))
    said = f"< {_say(bound)} {unit}; limit {_say(limit)} {unit}"
    if bound <= limit:
        return Decision(
            Outcome.CONFORMING, said, Reason.of("not_detected", bound=_say(bound), limit=_say(limit), unit=unit)
        )
    return Decision(
        Outcome.UNDETERMINED,
        said,
        Reason.of("method_not_fit", bound=_say(bound), limit=_say(limit), unit=unit),
        ("lod",),
    )


def _interval(reading: Reading, limit: Decimal, unit: str) -> Decision:
    low, high = _known(reading.low), reading.high
    if low > limit or (low == limit and not reading.inclusive):
        return Decision(
            Outcome.NONCONFORMING,
            f">= {_say(low)} {unit} > {_say(limit)} {unit}",
            Reason.of("exceeds", value=_say(low), limit=_say(limit), unit=unit),
        )
    if high is not None and high <= limit:
        said = f"{_say(low)}-{_say(high)} {unit} <= {_say(limit)} {unit}"
        return Decision(Outcome.CONFORMING, said, Reason.of("within", value=_say(high), limit=_say(limit), unit=unit))
    return Decision(Outcome.UNDETERMINED, "", Reason.of("straddles", limit=_say(limit), unit=unit), ("value",))


def _absence(
    reading: Reading,
    rule: Rule,
    unit: str,
    lod: Decimal | None,
    loq: Decimal | None,
    official_level: Decimal | None,
    official_method: str,
) -> Decision:
    """不得检出, 不得使用: nothing may be found, from the detection limit of the method on."""
    notes = (Reason.of("carry_over"),) if rule is Rule.NOT_USED else ()
    if reading.form in (Form.NOT_DETECTED, Form.BELOW):
        return Decision(Outcome.CONFORMING, "not detected", Reason.of("absent"))
    if reading.form is Form.DETECTED:
        return Decision(Outcome.NONCONFORMING, "detected", Reason.of("found"), notes=notes)
    value = _known(reading.low)
    floor, note = _floor(lod, loq, official_level, official_method, unit)
    if floor is None:
        return Decision(Outcome.UNDETERMINED, "", Reason.of("lod_missing"), ("lod",))
    if value >= floor and value > 0:
        said = f"{_say(value)} {unit} >= {_say(floor)} {unit}; must not be detected"
        why = Reason.of("found_value", value=_say(value), unit=unit)
        return Decision(Outcome.NONCONFORMING, said, why, notes=(*note, *notes))
    if lod is None:
        return Decision(Outcome.UNDETERMINED, "", Reason.of("lod_missing"), ("lod",))
    said = f"{_say(value)} {unit} < {_say(lod)} {unit}; not detected"
    return Decision(Outcome.CONFORMING, said, Reason.of("absent"))


def _floor(
    lod: Decimal | None, loq: Decimal | None, official_level: Decimal | None, official_method: str, unit: str
) -> tuple[Decimal | None, tuple[Reason, ...]]:
    """From which number on a substance counts as found, and a word on where that comes from."""
    if lod is not None:
        return lod, ()
    if loq is not None:
        return loq, ()
    if official_level is not None:
        # The report does not say what its method can see: a number counts from the level that an official method quantifies.
        return official_level, (
            Reason.of("official_level", floor=_say(official_level), method=official_method, unit=unit),
        )
    return None, ()


def _known(value: Decimal | None) -> Decimal:
    if value is None:
        raise ValueError("a number was expected")
    return value


def _say(value: Decimal | None) -> str:
    """A number as people write it: no exponent, no more than eight decimals where a conversion made more."""
    if value is None:
        return ""
    text = plain(value)
    return plain(round(value, 8).normalize()) if len(text) > 24 else text


say = _say
