"""Draw again from a result file and compare: does it say what its own plan, seed and public value give?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, NoReturn

from fangxin.engines.sampling.drawing import ALGORITHM, ALGORITHM_VERSION, DrawResult, draw, is_public_value
from fangxin.engines.sampling.plans import PlanRefused
from fangxin.engines.sampling.publishing import FORMAT, result_to_mapping, write_result
from fangxin.engines.sampling.reading import escape, plan_from
from fangxin.engines.sampling.stream import SECRET_BYTES, CommitmentDiffers

# What decides the draw comes first, so that the first difference named is a cause and not a consequence.
_ORDER = ("format", "algorithm", "plan", "plan_digest", "revealed", "strata", "targets", "unserved", "digest")


class NotAResult(ValueError):
    """The bytes are no result file at all: not UTF-8, not JSON, or not an object."""


class Difference(StrEnum):
    """How a file differs from what its own plan and seed give."""

    VALUE = "value"
    MISSING = "missing"  # the draw has it, the file does not
    SURPLUS = "surplus"  # the file has it, the draw does not
    PLAN_REFUSED = "plan_refused"
    COMMITMENT = "commitment"  # the revealed seed is not the one committed to
    NOT_ANNOUNCED = "not_announced"  # the plan is not the one announced
    FORM = "form"  # the same values, other bytes


@dataclass(frozen=True, slots=True)
class FirstDifference:
    """Where (a JSON pointer; for FORM the number of the first differing byte, from 1), how, and both values."""

    pointer: str
    kind: Difference
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """`result` is the draw computed again; None when the file did not allow it."""

    result: DrawResult | None
    difference: FirstDifference | None

    @property
    def reproduced(self) -> bool:
        return self.difference is None


class _Differs(Exception):
    """The file does not allow the draw to be computed again."""

    def __init__(self, pointer: str, kind: Difference, expected: str = "", found: str = "") -> None:
        super().__init__(pointer)
        self.difference = FirstDifference(pointer, kind, expected, found)


def parse_json(data: bytes) -> Any:
    """Parse JSON with decimals as they are written. Raises NotAResult."""
    try:
        return json.loads(data.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise NotAResult(str(error)) from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def verify_result(data: bytes, *, announced: str = "") -> Verification:
    """Draw again from the file alone and compare, down to the last byte.

    `announced` is the plan digest as it was published before the draw; without it the file is only shown to agree
    with itself. Raises NotAResult when there is nothing to compare.
    """
    found = parse_json(data)
    if not isinstance(found, Mapping):
        raise NotAResult("not an object")
    for key, expected in (("format", FORMAT), ("algorithm", {"name": ALGORITHM, "version": ALGORITHM_VERSION})):
        if difference := _compare(expected, found.get(key, _ABSENT), f"/{key}"):
            return Verification(None, difference)
    try:
        drawn = _draw_again(found)
    except _Differs as differs:
        return Verification(None, differs.difference)
    if announced and announced.lower() != drawn.plan_digest:
        difference = FirstDifference("/plan", Difference.NOT_ANNOUNCED, announced.lower(), drawn.plan_digest)
        return Verification(drawn, difference)
    return Verification(drawn, _compare(result_to_mapping(drawn), found, "") or _compare_bytes(drawn, data))


def _draw_again(found: Mapping[str, Any]) -> DrawResult:
    revealed = found.get("revealed")
    if not isinstance(revealed, Mapping):
        raise _Differs("/revealed", Difference.MISSING)
    seed, salt = (_secret(revealed, key) for key in ("seed", "salt"))
    public = revealed.get("public_value")
    if not isinstance(public, str) or not is_public_value(public):
        raise _Differs("/revealed/public_value", Difference.VALUE, "", _show(public))
    try:
        return draw(plan_from(found.get("plan")), seed=seed, salt=salt, public=public)
    except PlanRefused as refused:
        problem = refused.problems[0]
        raise _Differs(f"/plan{problem.pointer}", Difference.PLAN_REFUSED, problem.fault, problem.found) from None
    except CommitmentDiffers:
        raise _Differs("/revealed/seed", Difference.COMMITMENT) from None


def _secret(revealed: Mapping[str, Any], key: str) -> bytes:
    secret = secret_from(revealed.get(key))
    if secret is None:
        raise _Differs(f"/revealed/{key}", Difference.VALUE, "64 × [0-9a-f]", _show(revealed.get(key)))
    return secret


def secret_from(text: object) -> bytes | None:
    """32 bytes from 64 hexadecimal digits, lower case, as they are written; None when they are not that."""
    if not isinstance(text, str) or len(text) != 2 * SECRET_BYTES or not set(text) <= set("0123456789abcdef"):
        return None
    return bytes.fromhex(text)


_ABSENT = object()


def _compare(expected: object, found: object, pointer: str) -> FirstDifference | None:
    if found is _ABSENT:
        return FirstDifference(pointer, Difference.MISSING, _show(expected))
    if expected is _ABSENT:
        return FirstDifference(pointer, Difference.SURPLUS, "", _show(found))
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        keys = [key for key in _ORDER if not pointer and key in expected]
        keys += sorted((expected.keys() | found.keys()) - set(keys))
        parts = ((k, expected.get(k, _ABSENT), found.get(k, _ABSENT)) for k in keys)
    elif isinstance(expected, list) and isinstance(found, Sequence) and not isinstance(found, str):
        length = max(len(expected), len(found))
        parts = (
            (str(n), expected[n] if n < len(expected) else _ABSENT, found[n] if n < len(found) else _ABSENT)
            for n in range(length)
        )
    elif type(expected) is type(found) and expected == found:
        return None
    else:
        return FirstDifference(pointer, Difference.VALUE, _show(expected), _show(found))
    differences = (_compare(a, b, f"{pointer}/{escape(key)}") for key, a, b in parts)
    return next((difference for difference in differences if difference is not None), None)


def _compare_bytes(drawn: DrawResult, data: bytes) -> FirstDifference | None:
    expected = write_result(drawn)
    if expected == data:
        return None
    same = next(
        (n for n, (a, b) in enumerate(zip(expected, data, strict=False)) if a != b), min(len(expected), len(data))
    )
    return FirstDifference(str(same + 1), Difference.FORM)


def _show(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= 120 else f"{text[:119]}…"
