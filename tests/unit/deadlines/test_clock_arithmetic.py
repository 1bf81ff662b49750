"""Promises of the deadline engine that hold for any date, and what it refuses."""

import doctest
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxin.engines.deadlines import (
    CalendarMissing,
    Clock,
    ClockMissing,
    DayKind,
    Pause,
    Unit,
    add_months,
    add_workdays,
    arithmetic,
    clock_in_force,
    clocks,
    due,
    is_timely,
    late_days,
    load_clocks,
    national_calendar,
    published_years,
    roll_forward,
    subtract_workdays,
    work_calendar,
    workdays_between,
)
from fangxin.engines.deadlines.arithmetic import LOCAL

CALENDAR = national_calendar(published_years())
DAYS = st.dates(date(2019, 1, 1), date(2025, 6, 30))
LENGTHS = st.integers(0, 90)
few = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize("module", [arithmetic, clocks, work_calendar])
def test_examples_in_the_docstrings_run(module):
    failed, attempted = doctest.testmod(module)
    assert attempted
    assert not failed


@few
@given(DAYS, LENGTHS)
def test_adding_and_counting_working_days_undo_each_other(start, days):
    end = add_workdays(start, days, CALENDAR)
    assert workdays_between(start, end, CALENDAR) == days
    assert days == 0 or CALENDAR.is_workday(end)


@few
@given(DAYS, st.integers(1, 60))
def test_subtracting_from_a_working_day_undoes_adding(start, days):
    end = add_workdays(start, days, CALENDAR)
    back = subtract_workdays(end, days, CALENDAR)
    assert workdays_between(back, end, CALENDAR) == days


@few
@given(DAYS, LENGTHS)
def test_more_working_days_never_end_sooner(start, days):
    assert add_workdays(start, days, CALENDAR) < add_workdays(start, days + 1, CALENDAR)


@few
@given(DAYS)
def test_rolling_stops_at_the_first_working_day(day):
    end = roll_forward(day, CALENDAR)
    between = [day + timedelta(days=n) for n in range((end - day).days)]
    assert CALENDAR.is_workday(end)
    assert not any(CALENDAR.is_workday(rest) for rest in between)


@few
@given(DAYS, st.integers(0, 30), st.integers(0, 40), st.integers(1, 60))
def test_a_pause_inside_a_day_clock_lengthens_it_by_its_days(start, before, paused, length):
    began = start + timedelta(days=min(before, length - 1))
    pause = Pause(began, began + timedelta(days=paused))
    clock = Clock("X", length, Unit.DAY, pausable=True)
    plain = due(clock, start, calendar=CALENDAR).last_day
    assert due(clock, start, calendar=CALENDAR, pauses=[pause]).last_day == plain + timedelta(days=paused)


@few
@given(DAYS, st.integers(0, 20), st.integers(0, 20), LENGTHS)
def test_overlapping_pauses_are_not_counted_twice(start, first, second, length):
    clock = Clock("X", length, Unit.WORKDAY, pausable=True)
    pauses = [Pause(start, start + timedelta(days=n)) for n in (first, second)]
    longest = [max(pauses, key=lambda pause: pause.ended)]
    twice = due(clock, start, calendar=CALENDAR, pauses=pauses)
    assert twice == due(clock, start, calendar=CALENDAR, pauses=longest)


@few
@given(DAYS, st.integers(-24, 24))
def test_months_are_clipped_never_spilled(start, count):
    end = add_months(start, count)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == count
    assert end.day == start.day or (end + timedelta(days=1)).day == 1


def test_a_count_through_a_year_without_calendar_stops():
    last = published_years()[-1]
    with pytest.raises(CalendarMissing) as caught:
        add_workdays(date(last, 12, 28), 10, CALENDAR)
    assert caught.value.year == last + 1


def test_a_year_without_published_make_up_days_is_refused():
    beyond = published_years()[-1] + 1
    with pytest.raises(CalendarMissing) as caught:
        national_calendar([2022, beyond])
    assert caught.value.year == beyond


def test_an_override_changes_one_day_and_only_it():
    storm = date(2024, 5, 8)
    changed = CALENDAR.with_overrides({storm: DayKind.REST, date(2024, 5, 12): DayKind.WORK})
    assert not changed.is_workday(storm)
    assert changed.is_workday(date(2024, 5, 12))
    assert changed.is_workday(date(2024, 5, 9)) == CALENDAR.is_workday(date(2024, 5, 9))


def test_an_override_can_undo_a_make_up_day():
    make_up = date(2024, 5, 11)
    assert not CALENDAR.with_overrides({make_up: DayKind.REST}).is_workday(make_up)


def test_one_known_day_does_not_make_a_known_year():
    year = published_years()[-1] + 1
    rows = {date(year, 1, 1): DayKind.REST}
    with pytest.raises(CalendarMissing):
        CALENDAR.with_overrides(rows)
    entered = CALENDAR.with_overrides(rows, whole_years=[year])
    assert not entered.is_workday(date(year, 1, 1))


def test_a_fixed_date_on_its_own_day_is_due_that_day():
    clock = Clock("X", 0, Unit.DATE, dates=((11, 30), (3, 25)))
    assert due(clock, date(2023, 3, 25), calendar=CALENDAR).last_day == date(2023, 3, 25)
    assert due(clock, date(2023, 12, 1), calendar=CALENDAR).last_day == date(2024, 3, 25)


def test_moments_of_other_zones_are_read_in_local_time():
    # 16:30 in Greenwich is already the next day in Shanghai.
    assert late_days(date(2022, 6, 25), datetime(2022, 6, 25, 16, 30, tzinfo=UTC)) == 1


def test_a_moment_is_kept_to_the_second():
    end = datetime(2024, 5, 8, 13, 20, tzinfo=LOCAL)
    assert is_timely(end, end + timedelta(milliseconds=400))
    assert late_days(end, end + timedelta(seconds=1)) == 1


def test_the_last_second_of_the_day_is_in_time():
    clock = Clock("X", 1, Unit.DAY)
    end = due(clock, date(2024, 5, 8), calendar=CALENDAR).moment
    assert is_timely(end, datetime(2024, 5, 9, 23, 59, 59, 999999, tzinfo=LOCAL))


@pytest.mark.parametrize(
    "ask",
    [
        lambda: due(Clock("X", 4, Unit.HOUR), date(2024, 5, 8), calendar=CALENDAR),
        lambda: due(Clock("X", 4, Unit.HOUR), datetime(2024, 5, 8, 9), calendar=CALENDAR),  # noqa: DTZ001
        lambda: due(Clock("X", 4, Unit.DAY), datetime(2024, 5, 8, 9), calendar=CALENDAR),  # noqa: DTZ001
        lambda: due(Clock("X", 4, Unit.DAY), date(2024, 5, 8), calendar=CALENDAR, extended=True),
        lambda: due(
            Clock("X", 4, Unit.DAY),
            date(2024, 5, 8),
            calendar=CALENDAR,
            pauses=[Pause(date(2024, 5, 8), date(2024, 5, 9))],
        ),
        lambda: Pause(date(2024, 5, 9), date(2024, 5, 8)),
        lambda: workdays_between(date(2024, 5, 9), date(2024, 5, 8), CALENDAR),
        lambda: add_workdays(date(2024, 5, 9), -1, CALENDAR),
        lambda: subtract_workdays(date(2024, 5, 9), -1, CALENDAR),
        lambda: Clock("X", 0, Unit.DATE),
        lambda: Clock("X", 4, Unit.HOUR, pausable=True),
        lambda: Clock("X", -4, Unit.MONTH),
        lambda: Clock("X", 4, Unit.DAY, in_force_from=date(2024, 1, 2), in_force_to=date(2024, 1, 1)),
    ],
)
def test_questions_without_an_answer_are_refused(ask):
    with pytest.raises(ValueError, match=r"\w"):
        ask()


EDITION = """
[[clock]]
code = "DL01"
start_event = "收到投诉"
length = {length}
unit = "workday"
source = "示例规定"
confidence = "{confidence}"
in_force_from = {first}
in_force_to = {last}
"""


def edition(first, last, length=7, confidence="V:LRB"):
    return EDITION.format(first=first, last=last, length=length, confidence=confidence)


def test_the_edition_in_force_on_the_day_is_taken():
    both = load_clocks(edition("2020-01-01", "2022-12-31") + edition("2023-01-01", "2024-12-31", length=10))
    assert clock_in_force(both, "DL01", date(2022, 12, 31)).length == 7
    assert clock_in_force(both, "DL01", date(2023, 1, 1)).length == 10
    with pytest.raises(ClockMissing):
        clock_in_force(both, "DL01", date(2025, 1, 1))


def test_two_editions_of_a_clock_never_overlap():
    with pytest.raises(ValueError, match="2022-12-31"):
        load_clocks(edition("2020-01-01", "2022-12-31") + edition("2022-12-31", "2024-12-31"))


@pytest.mark.parametrize("text", ["", "[[clock]]\ncode='X'", edition("2020-01-01", "2022-12-31") + 'colour = "red"'])
def test_a_clock_file_that_is_not_whole_is_refused(text):
    with pytest.raises(ValueError, match="clock"):
        load_clocks(text)


@pytest.mark.parametrize(
    ("confidence", "asks"), [("V:plan", False), ("M-high", False), ("M-med", True), ("M-low", True), ("DESIGN", True)]
)
def test_remembered_figures_wait_for_confirmation(confidence, asks):
    assert load_clocks(edition("2020-01-01", "2022-12-31", confidence=confidence))[0].needs_confirmation is asks
