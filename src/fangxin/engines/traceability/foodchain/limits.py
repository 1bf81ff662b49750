"""Between which days a delivery left and arrived: as stated, and as FoodChain-Lab infers it through the chain.

Days count from year 1; a day that is not known lies anywhere between minus and plus infinity. The inference visits every
delivery once, those with the latest arrival first (backward: the earliest departure first), in the order of the file where
days are equal. That order is part of the rule that is reproduced here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf

_ISO, _GERMAN = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII), re.compile(r"(\d\d)\.(\d\d)\.(\d{4})", re.ASCII)


@dataclass(slots=True)
class Limits:
    """The earliest and latest day of leaving and of arriving, for every delivery by its number."""

    out_first: list[float]
    out_last: list[float]
    in_first: list[float]
    in_last: list[float]


def day_number(text: str | None) -> float | None:
    """The day of a text in one of the two writings that count as a day; None for every other.

    >>> day_number("10.06.2020") == day_number("2020-06-10"), day_number("06/2020"), day_number("2020-06")
    (True, None, None)
    """
    iso, german = _ISO.fullmatch(text or ""), _GERMAN.fullmatch(text or "")
    if iso is None and german is None:
        return None
    year, month, day = iso.groups() if iso is not None else reversed(german.groups())  # type: ignore[union-attr]
    try:
        return float(date(int(year), int(month), int(day)).toordinal())
    except ValueError:
        return None


def stated_limits(sent: Sequence[str | None], received: Sequence[str | None]) -> Limits:
    """The days as they are given."""
    out, into = [day_number(text) for text in sent], [day_number(text) for text in received]
    return Limits(
        [-inf if day is None else day for day in out], [inf if day is None else day for day in out],
        [-inf if day is None else day for day in into], [inf if day is None else day for day in into],
    )  # fmt: skip


def inferred_limits(stated: Limits, after: Sequence[Sequence[int]], before: Sequence[Sequence[int]]) -> Limits:
    """The days narrowed through the chain: what went into a delivery arrived before it left, and so on, both ways.

    A day that contradicts the chain is not used, and the narrowing is done once more without it.
    """
    count = len(stated.out_first)
    wrong_in = [stated.out_first[d] > stated.in_last[d] for d in range(count)]
    wrong_out = list(wrong_in)
    limits = _narrowed(stated, after, before, wrong_in, wrong_out)
    found = False
    for d in range(count):
        if not wrong_out[d] and (stated.out_first[d] > limits.out_last[d] or stated.out_last[d] < limits.out_first[d]):
            wrong_out[d] = found = True
        if not wrong_in[d] and (stated.in_first[d] > limits.in_last[d] or stated.in_last[d] < limits.in_first[d]):
            wrong_in[d] = found = True
    return _narrowed(stated, after, before, wrong_in, wrong_out) if found else limits


def _narrowed(
    stated: Limits,
    after: Sequence[Sequence[int]],
    before: Sequence[Sequence[int]],
    wrong_in: Sequence[bool],
    wrong_out: Sequence[bool],
) -> Limits:
    count = range(len(wrong_in))
    out_first = [-inf if wrong_out[d] else stated.out_first[d] for d in count]
    out_last = [inf if wrong_out[d] else stated.out_last[d] for d in count]
    in_first = [-inf if wrong_in[d] else stated.in_first[d] for d in count]
    in_last = [inf if wrong_in[d] else stated.in_last[d] for d in count]
    limits = Limits(
        out_first, [min(out_last[d], in_last[d]) for d in count],
        [max(out_first[d], in_first[d]) for d in count], in_last,
    )  # fmt: skip
    latest_first = sorted((d for d in count if not wrong_in[d]), key=lambda d: -limits.in_first[d])
    for d, following in _pairs(latest_first, after):
        limits.out_first[following] = max(limits.in_first[d], limits.out_first[following])
        limits.in_first[following] = max(limits.in_first[d], limits.in_first[following])
    earliest_first = sorted((d for d in count if not wrong_out[d]), key=lambda d: limits.out_last[d])
    for d, earlier in _pairs(earliest_first, before):
        limits.in_last[earlier] = min(limits.out_last[d], limits.in_last[earlier])
        limits.out_last[earlier] = min(limits.out_last[d], limits.out_last[earlier])
    return limits


def _pairs(order: Sequence[int], onward: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Each delivery with each that follows, depth first, in the order the rule visits them."""
    visited = bytearray(len(onward))
    for start in order:
        if visited[start]:
            continue
        visited[start] = 1
        path = [(start, iter(onward[start]))]
        while path:
            at, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                continue
            yield at, following
            if not visited[following]:
                visited[following] = 1
                path.append((following, iter(onward[following])))
