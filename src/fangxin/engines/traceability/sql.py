"""The time rule as one recursive query, the same text for SQLite and PostgreSQL.

A table of links keeps, beside its dates, the two seconds of `spans.window` as whole numbers that are never null: `leaves`
(the latest second of leaving, `spans.MOST` where nothing is known) and `arrives` (the earliest of arriving, `spans.LEAST`).
Both walks are then served by covering indexes (`index_sql`).
"""

import re

from fangxin.engines.traceability.spans import LEAST, MOST
from fangxin.engines.traceability.values import Direction

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def recursive_sql(
    direction: Direction,
    *,
    table: str,
    from_lot: str = "from_lot_id",
    to_lot: str = "to_lot_id",
    leaves: str = "leaves",
    arrives: str = "arrives",
    parameter: str = "%s",
    condition: str = "",
) -> str:
    """A query of one lot (its one parameter) that gives rows `(lot, second)`: every lot reached, the lot itself with
    it, and the least second (back: the greatest) of `values.Reached`, with the sentinels for "not limited".

    `parameter` is the driver's place holder (`%s` for Django, `?` for sqlite3). `condition` narrows the links, written
    for the alias `e` and trusted: it must never hold what a person typed.

    >>> recursive_sql(Direction.FORWARD, table="supply_link").splitlines()[0]
    'WITH RECURSIVE walk (lot, second) AS ('
    """
    _check(table, from_lot, to_lot, leaves, arrives)
    narrowed = f" AND ({condition})" if condition else ""
    if direction is Direction.FORWARD:
        here, there, start, best = from_lot, to_lot, LEAST, "MIN"
        allowed = f"e.{leaves} >= w.second"
        then = f"CASE WHEN e.{arrives} > w.second THEN e.{arrives} ELSE w.second END"
    elif direction is Direction.BACK:
        here, there, start, best = to_lot, from_lot, MOST, "MAX"
        allowed = f"e.{arrives} <= w.second"
        then = f"CASE WHEN e.{leaves} < w.second THEN e.{leaves} ELSE w.second END"
    else:
        raise ValueError("one query walks one way; ask for back and forward in turn")
    number = "CAST({} AS bigint)".format
    lines = (
        "WITH RECURSIVE walk (lot, second) AS (",
        f"  SELECT {number(parameter)}, {number(start)}",
        "  UNION",
        f"  SELECT e.{there}, {then}",
        f"  FROM walk w JOIN {table} e ON e.{here} = w.lot AND {allowed}{narrowed}",
        ")",
        f"SELECT lot, {best}(second) FROM walk GROUP BY lot",  # noqa: S608  (all names are checked)
    )
    return "\n".join(lines)


def index_sql(
    *,
    table: str,
    from_lot: str = "from_lot_id",
    to_lot: str = "to_lot_id",
    leaves: str = "leaves",
    arrives: str = "arrives",
) -> tuple[str, str]:
    """The two covering indexes that `recursive_sql` reads."""
    _check(table, from_lot, to_lot, leaves, arrives)
    return (
        f"CREATE INDEX {table}_forward ON {table} ({from_lot}, {leaves}, {to_lot}, {arrives})",
        f"CREATE INDEX {table}_back ON {table} ({to_lot}, {arrives}, {from_lot}, {leaves})",
    )


def _check(*names: str) -> None:
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a plain name of a table or column")
