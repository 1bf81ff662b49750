"""The result file: the plan, the revealed seed and the whole draw, so that anyone can compute it again.

JSON with keys ascending and one value a line. Reading it, drawing again and writing must give the same bytes.
"""

import json
from fractions import Fraction

from fangxin.engines.evidence import canonical_bytes, digest
from fangxin.engines.sampling.drawing import ALGORITHM, ALGORITHM_VERSION, DrawnTarget, DrawResult
from fangxin.engines.sampling.reading import plan_to_mapping

FORMAT = "fangxin-draw-1"
_DOMAIN = b"fangxin.draw.result.v1\n"
_DECIMAL_PLACES = 12


def write_result(result: DrawResult) -> bytes:
    """The result file, the same bytes for the same draw."""
    values = result_to_mapping(result)
    return (json.dumps(values, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def result_digest(result: DrawResult) -> str:
    """The digest that stands in the file, over the canonical form of everything else in it."""
    return str(result_to_mapping(result)["digest"])


def result_to_mapping(result: DrawResult) -> dict[str, object]:
    """The values of the result file (docs/methods/draw.md has the schema)."""
    values: dict[str, object] = {
        "format": FORMAT,
        "algorithm": {"name": ALGORITHM, "version": ALGORITHM_VERSION},
        "plan": plan_to_mapping(result.plan),
        "plan_digest": result.plan_digest,
        "revealed": {"seed": result.seed.hex(), "salt": result.salt.hex(), "public_value": result.public},
        "strata": [
            {"by": s.by.value, "key": s.key, "listed": s.listed, "drawn": s.quota} for s in result.strata
        ],
        "targets": [_target_values(target) for target in result.targets],
        "unserved": [
            {
                "target": u.target, "reason": u.reason.value, "needed": u.needed, "allowed": u.allowed,
                "barred": {bar.value: count for bar, count in u.barred},
            }
            for u in result.unserved
        ],
    }  # fmt: skip
    return {**values, "digest": digest(_DOMAIN + canonical_bytes(values))}


def _target_values(target: DrawnTarget) -> dict[str, object]:
    return {
        "id": target.id,
        "probability": str(target.probability),
        "probability_decimal": decimal_text(target.probability),
        "drawn": target.drawn,
        "order": target.order,
        "team": list(target.team),
    }


def decimal_text(value: Fraction, places: int = _DECIMAL_PLACES) -> str:
    """A fraction of 0 or more as a decimal, rounded half up without floating point.

    >>> decimal_text(Fraction(2, 3), 4), decimal_text(Fraction(1), 4)
    ('0.6667', '1.0000')
    """
    scaled = (2 * value.numerator * 10**places + value.denominator) // (2 * value.denominator)
    text = str(scaled).rjust(places + 1, "0")
    return f"{text[:-places]}.{text[-places:]}"
