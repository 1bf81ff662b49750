"""The door of casework: matters, their account, and the working-day calendar."""

from fangxin.kernel.casework.data import DeadlineRules, LifeStep, MatterFigures, MatterLife, Rung
from fangxin.kernel.casework.data_cases import PublicDecision
from fangxin.kernel.casework.rules import CLOSED_STATES, OPEN_STATES, MovedOn, Refused
from fangxin.kernel.casework.selectors import (
    figures,
    list_escalations,
    list_interviews,
    list_matters,
    matters_of_term,
    open_matters_of,
    rungs_reached,
)
from fangxin.kernel.casework.selectors import rows_as_of as matters_as_rows
from fangxin.kernel.casework.selectors_cases import list_cases, open_cases_of, public_decisions
from fangxin.kernel.casework.services.cases import open_case
from fangxin.kernel.casework.services.deadlines import (
    complete_calendar_year,
    decide_extension,
    escalate_all,
    request_extension,
    set_calendar_days,
)
from fangxin.kernel.casework.services.loading import load
from fangxin.kernel.casework.services.matters import (
    add_evidence,
    assign,
    attach_evidence,
    close,
    decide_withdrawal,
    fix,
    look_back,
    open_matter,
    reopen,
    report_progress,
    return_,
    start,
    submit,
    withdraw,
)
from fangxin.kernel.casework.services.papers import next_document_number
from fangxin.kernel.casework.services.routing import open_by_route, owner_by_route
from fangxin.kernel.casework.standards import deadline_rules
from fangxin.kernel.casework.work_calendar import (
    CalendarUnknown,
    add_workdays,
    calendar,
    is_workday,
    known_years,
    reminder_dates,
    workdays_between,
)

__all__ = [
    "CLOSED_STATES",
    "OPEN_STATES",
    "CalendarUnknown",
    "DeadlineRules",
    "LifeStep",
    "MatterFigures",
    "MatterLife",
    "MovedOn",
    "PublicDecision",
    "Refused",
    "Rung",
    "add_evidence",
    "add_workdays",
    "assign",
    "attach_evidence",
    "calendar",
    "close",
    "complete_calendar_year",
    "deadline_rules",
    "decide_extension",
    "decide_withdrawal",
    "escalate_all",
    "figures",
    "fix",
    "is_workday",
    "known_years",
    "list_cases",
    "list_escalations",
    "list_interviews",
    "list_matters",
    "load",
    "look_back",
    "matters_as_rows",
    "matters_of_term",
    "next_document_number",
    "open_by_route",
    "open_case",
    "open_cases_of",
    "open_matter",
    "open_matters_of",
    "owner_by_route",
    "public_decisions",
    "reminder_dates",
    "reopen",
    "report_progress",
    "request_extension",
    "return_",
    "rungs_reached",
    "set_calendar_days",
    "start",
    "submit",
    "withdraw",
    "workdays_between",
]
