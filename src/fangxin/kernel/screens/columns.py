"""Columns that lists of all apps share."""

from datetime import date
from typing import Any

import django_tables2 as tables


class DayColumn(tables.Column):
    """A day in the form in which people type it, on one line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default="—", attrs={"td": {"class": "text-nowrap"}}, **options)

    def render(self, value: date) -> str:
        return value.isoformat()
