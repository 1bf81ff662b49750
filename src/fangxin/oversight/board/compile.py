"""Conditions as database filters, with the engine's two-valued rule about missing values.

SQL answers "unknown" where a value is missing. Above the leaves only `not` can tell unknown from false, so each
node is compiled twice: a filter for where it is true, and one for where it is false. `not` exchanges the two, and
no filter is ever negated that could be unknown.
"""

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_

from django.db.models import F, Q

from fangxin.engines.indicators import Expression, Field, Operator, fold

_LOOKUPS = {
    Operator.EQ: "exact",
    Operator.LT: "lt",
    Operator.LE: "lte",
    Operator.GT: "gt",
    Operator.GE: "gte",
}
Pair = tuple[Q, Q]
_ALWAYS, _NEVER = Q(pk__isnull=False), Q(pk__isnull=True)


def holds(expression: Expression) -> Q:
    """The filter for rows on which the condition holds. Its fields must be columns or annotations of the rows."""
    return _pair(expression)[0]


def fails(expression: Expression) -> Q:
    """The filter for all other rows."""
    return _pair(expression)[1]


def _pair(expression: Expression) -> Pair:
    return fold(
        expression,
        compare=_compare,
        membership=_membership,
        presence=lambda field, present: _swap(_missing(field), present),
        conjunction=_conjunction,
        disjunction=_disjunction,
        negation=lambda pair: (pair[1], pair[0]),
        truth=lambda value: (_ALWAYS, _NEVER) if value else (_NEVER, _ALWAYS),
        flag=lambda field: (Q(**{field.name: True}), _missing(field) | Q(**{field.name: False})),
    )


def _missing(field: Field) -> Q:
    return Q(**{f"{field.name}__isnull": True})


def _present(*names: str) -> Q:
    return reduce(and_, (Q(**{f"{name}__isnull": False}) for name in names))


def _swap(missing: Q, present: bool) -> Pair:
    return (~missing, missing) if present else (missing, ~missing)


def _compare(left: Field, op: Operator, right: object) -> Pair:
    other = F(right.name) if isinstance(right, Field) else right
    names = [left.name] + ([right.name] if isinstance(right, Field) else [])
    known, same = _present(*names), Q(**{f"{left.name}__{_LOOKUPS.get(op, 'exact')}": other})
    if op is Operator.NE:
        return known & ~same, ~known | same
    return same, ~known | ~same


def _membership(field: Field, values: tuple[object, ...], negated: bool) -> Pair:
    known, listed = _present(field.name), Q(**{f"{field.name}__in": list(values)})
    if negated:
        return known & ~listed, ~known | listed
    return listed, ~known | ~listed


def _conjunction(parts: Sequence[Pair]) -> Pair:
    return reduce(and_, (p[0] for p in parts)), reduce(or_, (p[1] for p in parts))


def _disjunction(parts: Sequence[Pair]) -> Pair:
    return reduce(or_, (p[0] for p in parts)), reduce(and_, (p[1] for p in parts))
