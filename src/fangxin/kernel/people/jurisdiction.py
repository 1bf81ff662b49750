"""Jurisdiction: one rule for every scope. A division code is a prefix, and a range on it uses the index."""

from typing import Any, TypeVar

from django.db.models import F, Func, Model, Q, QuerySet

T = TypeVar("T", bound=Model)


def after(prefix: str) -> str:
    """The first code that no longer begins with `prefix`.

    >>> after("990101")
    '990102'

    Nothing of the same length follows on nines alone; what is longer than any code does.

    >>> after("99") > "999999999999"
    True
    """
    if not prefix.strip("9"):
        return "9" * 13
    return str(int(prefix) + 1).zfill(len(prefix))


def under(prefix: str, field: str = "division_code") -> Q:
    """Everything in the division and below. Digits only, so a range says the same as a prefix on every database."""
    return Q(**{f"{field}__gte": prefix, f"{field}__lt": after(prefix)})


class _Compared(Func):
    """The column as it is. SQLite, which keeps no statistics, then takes no index of it and reads in the order asked for."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **options: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **options)


def within(
    queryset: "QuerySet[T]", user: Any, ability: str, field: str = "division_code", *, in_order: bool = False
) -> "QuerySet[T]":
    """Rows in the divisions where the person has the ability; nothing when nowhere.

    `in_order` is for the first rows of very many, where an index keeps their order and sorting them all would be slow.
    """
    prefixes = user.prefixes(ability)
    if not prefixes:
        return queryset.none()
    rows: Any = queryset
    if in_order:
        rows, field = rows.alias(compared_place=_Compared(F(field))), "compared_place"
    condition = Q()
    for prefix in prefixes:
        condition |= under(prefix, field)
    found: QuerySet[T] = rows.filter(condition)
    return found
