"""A person's work of today: what waits is told by rows, and all rows of all apps are counted by one statement."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from fangxin.kernel.contributing.data import Waiting, WorkItem


def counted(lines: Iterable[WorkItem | Waiting]) -> list[WorkItem]:
    """The lines with their counts, in the order given; what nothing waits for is left out."""
    lines = list(lines)
    asked = {number: line.rows for number, line in enumerate(lines) if isinstance(line, Waiting)}
    counts = count_together(asked)
    told = (
        WorkItem(line.kind, line.label % {"n": counts[n]}, line.url, line.due, line.detail, counts[n])
        if isinstance(line, Waiting)
        else line
        for n, line in enumerate(lines)
    )
    return [line for line in told if line.count]


def count_together(asked: "Mapping[int, QuerySet[Any]]") -> dict[int, int]:
    """How many rows each of the querysets has, asked of the database at once."""
    counts = dict.fromkeys(asked, 0)
    selects: dict[int, str] = {}
    parameters: list[Any] = []
    for key, rows in asked.items():
        try:
            sql, values = rows.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        selects[key] = f"(SELECT COUNT(*) FROM ({sql}) counted)"  # noqa: S608  the ORM wrote it
        parameters += values
    if not selects:
        return counts
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(selects.values()), parameters)
        found: Sequence[int] = cursor.fetchone() or ()
    return counts | dict(zip(selects, found, strict=True))
