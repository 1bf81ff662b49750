"""Accounts of days and visits, by counting in another way."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.grading import self_control as engine

FIRST = date(2024, 2, 1)
DAYS = st.sets(st.integers(-3, 34))


@settings(max_examples=60)
@given(recorded=st.dictionaries(st.integers(-3, 34), st.integers(0, 5)), closed=DAYS, length=st.integers(0, 31))
def test_every_operating_day_is_recorded_late_or_a_gap(recorded, closed, length):
    def day(n):
        return FIRST + timedelta(n)

    records = {day(n): day(n + wait) for n, wait in recorded.items()}
    account = engine.account_days(FIRST, day(length - 1), records=records, closed={day(n) for n in closed})
    by_hand = {n: recorded.get(n) for n in range(length) if n in recorded or n not in closed}
    assert account.operating == len(by_hand)
    assert account.on_day == sum(wait == 0 for wait in by_hand.values())
    assert account.gaps == tuple(day(n) for n, wait in by_hand.items() if wait is None)
    assert account.operating == account.on_day + len(account.late) + len(account.gaps)


@settings(max_examples=60)
@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)), months=st.sampled_from((1, 2, 3, 4, 6, 12)))
def test_periods_cut_the_year_without_gap_or_overlap(day, months):
    first, last = engine.period_of(day, months)
    assert first <= day <= last
    assert first.day == 1
    assert (last + timedelta(1)).day == 1
    assert engine.period_of(first, months) == engine.period_of(last, months) == (first, last)
    assert engine.period_of(last + timedelta(1), months)[0] == last + timedelta(1)


def test_months_that_do_not_divide_the_year_are_refused():
    with pytest.raises(ValueError, match="5 months"):
        engine.period_of(FIRST, 5)


def test_a_visit_after_the_day_asked_about_is_not_counted_yet():
    visits = [(1, date(2023, 8, 1)), (1, date(2023, 8, 2)), (2, date(2023, 9, 1)), (9, date(2023, 8, 1))]
    account = engine.account_visits({1, 2}, visits, day=date(2023, 8, 15), as_of=date(2023, 8, 15))
    assert (account.assigned, account.visited, account.overdue) == (2, 1, 0)
