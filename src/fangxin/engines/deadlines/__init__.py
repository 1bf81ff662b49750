"""Clock arithmetic of the law: working days, deadlines, pauses, lateness.

Everything here takes its dates as arguments; nothing reads a clock. A year whose make-up working days
are not published is refused with `CalendarMissing`, never guessed from Monday to Friday.
"""

from fangxin.engines.deadlines.arithmetic import (
    Deadline,
    Pause,
    due,
    due_dates,
    is_timely,
    late_days,
    reminder_dates,
)
from fangxin.engines.deadlines.clocks import (
    Clock,
    ClockMissing,
    Unit,
    clock_in_force,
    load_clocks,
)
from fangxin.engines.deadlines.work_calendar import (
    CalendarMissing,
    DayKind,
    WorkCalendar,
    add_months,
    add_workdays,
    is_workday,
    national_calendar,
    published_years,
    roll_forward,
    subtract_workdays,
    workdays_between,
)

__all__ = [
    "CalendarMissing",
    "Clock",
    "ClockMissing",
    "DayKind",
    "Deadline",
    "Pause",
    "Unit",
    "WorkCalendar",
    "add_months",
    "add_workdays",
    "clock_in_force",
    "due",
    "due_dates",
    "is_timely",
    "is_workday",
    "late_days",
    "load_clocks",
    "national_calendar",
    "published_years",
    "reminder_dates",
    "roll_forward",
    "subtract_workdays",
    "workdays_between",
]
