"""Small counts stay hidden from whoever subtracts; nothing else is hidden without need."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.outbreak.suppression import ranges, suppress

tables = st.integers(1, 4).flatmap(
    lambda columns: st.lists(st.lists(st.integers(0, 30), min_size=columns, max_size=columns), min_size=1, max_size=4)
)


@settings(max_examples=60, deadline=None)
@given(counts=tables, k=st.integers(2, 8))
def test_no_small_count_can_be_told_from_what_is_shown(counts, k):
    table = suppress(counts, k)
    whole = [[*row, sum(row)] for row in counts]
    whole.append([sum(column) for column in zip(*whole, strict=True)])
    shown = [
        [*row, margin]
        for row, margin in zip((*table.shown, table.column_totals), (*table.row_totals, table.total), strict=True)
    ]
    found = ranges(table)
    for i, row in enumerate(whole):
        for j, value in enumerate(row):
            if 0 < value < k:
                assert shown[i][j] is None
                low, high = found[i, j]
                assert low <= 1e-6
                assert high >= k - 1 - 1e-6
            elif shown[i][j] is not None:
                assert shown[i][j] == value


def test_a_lone_small_count_takes_others_with_it():
    table = suppress([[3, 40, 50], [60, 70, 80], [90, 11, 12]])
    hidden = [(i, j) for i, row in enumerate(table.shown) for j, value in enumerate(row) if value is None]
    assert (0, 0) in hidden
    assert len(hidden) == 4
    assert table.total == 416
    assert None not in table.row_totals


def test_what_is_large_or_zero_is_shown():
    table = suppress([[0, 12], [30, 5]])
    assert table.shown == ((0, 12), (30, 5))
    assert (table.row_totals, table.column_totals, table.total) == ((12, 35), (30, 17), 47)


def test_the_same_table_hides_the_same_cells():
    counts = [[1, 9, 9], [9, 2, 9], [9, 9, 9]]
    assert suppress(counts) == suppress(counts)


def test_two_tables_of_one_total_cannot_be_subtracted():
    """Last week's and this week's table as rows of one: the difference of two totals is a cell of it."""
    table = suppress([[20, 31], [20, 33]], 5)
    assert table.shown == ((20, 31), (20, 33))
    growing = suppress([[20, 31], [0, 2]], 5)
    assert growing.shown[1][1] is None


@pytest.mark.parametrize(("counts", "k"), [([[1], [2, 3]], 5), ([[-1]], 5), ([], 5), ([[1]], 1)])
def test_what_is_no_table_is_refused(counts, k):
    with pytest.raises(ValueError, match=r"rows of one length|below zero|2 or more"):
        suppress(counts, k)
