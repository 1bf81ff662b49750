"""Drawn tables: a spec test reads like the regulation it proves."""

from collections.abc import Callable

import pytest

Rows = list[dict[str, str]]


def parse_table(text: str) -> Rows:
    """The rows of a drawn table, first line its header; columns part at | or ｜, outer blanks go."""
    lines = [line.replace("｜", "|") for line in text.splitlines() if line.strip()]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    if len(cells) < 2:
        raise ValueError("a drawn table needs a header and at least one row")
    header, *rows = cells
    if len(set(header)) != len(header):
        raise ValueError(f"a column is drawn twice: {header}")
    for row in rows:
        if len(row) != len(header):
            raise ValueError(f"row {row} does not fit the header {header}")
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.fixture
def spec() -> Callable[[str], Rows]:
    """`rows = spec(table)`: list of rows, each a dict from column title to text."""
    return parse_table
