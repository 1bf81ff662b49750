"""The door of fieldwork: plans, visits, draws, inspections, grades."""

from fangxin.kernel.fieldwork.data import (
    Coverage,
    GradeLife,
    InspectionLife,
    ItemAnswer,
    ItemOnForm,
    OperationOutcome,
    PlanPreview,
    PublicResult,
    Spot,
)
from fangxin.kernel.fieldwork.models import PlannedVisit
from fangxin.kernel.fieldwork.models.kinds import InspectionKind
from fangxin.kernel.fieldwork.rules import MovedOn, Refused, allowed_actions
from fangxin.kernel.fieldwork.selectors import (
    coverage,
    form_of,
    grade_of,
    history_rows,
    list_findings,
    list_grades,
    list_inspections,
    list_visits,
    outdated,
    public_draws,
    public_result,
    public_results,
    snapshot_for,
    visits_for,
    without_grade,
)
from fangxin.kernel.fieldwork.services.draws import (
    commit_draw,
    inspectors_of,
    plan_of_draw,
    plan_of_register,
    publish_draw,
    run_draw,
    withdraw_draw,
)
from fangxin.kernel.fieldwork.services.grades import (
    confirm_grade,
    load_grades,
    refuse_grade,
    regrade,
    score_grade,
    tell_grade,
)
from fangxin.kernel.fieldwork.services.inspections import cancel, start
from fangxin.kernel.fieldwork.services.judging import judge, revise, verdict_of
from fangxin.kernel.fieldwork.services.loading import load
from fangxin.kernel.fieldwork.services.operations import apply_operation
from fangxin.kernel.fieldwork.services.papers import issue_paper
from fangxin.kernel.fieldwork.services.plans import approve_plan, make_plan, preview_plan, withdraw_plan
from fangxin.kernel.fieldwork.services.recording import add_photo, record_item, record_items
from fangxin.kernel.fieldwork.services.recusals import declare_recusal, end_recusal
from fangxin.kernel.fieldwork.services.telling import close, publish, publish_many, sign_officer, tell
from fangxin.kernel.fieldwork.services.visits import (
    add_visit,
    assign_visit,
    assign_visits,
    cancel_visit,
    reschedule_visit,
)
from fangxin.kernel.fieldwork.standards import (
    checklist_editions,
    checklist_of,
    codes_by_kind,
    edition_for,
    result_rules,
    risk_rules,
    static_form_for,
    statute_for,
)

VisitReason = PlannedVisit.Reason

__all__ = [
    "Coverage",
    "GradeLife",
    "InspectionKind",
    "InspectionLife",
    "ItemAnswer",
    "ItemOnForm",
    "MovedOn",
    "OperationOutcome",
    "PlanPreview",
    "PublicResult",
    "Refused",
    "Spot",
    "VisitReason",
    "add_photo",
    "add_visit",
    "allowed_actions",
    "apply_operation",
    "approve_plan",
    "assign_visit",
    "assign_visits",
    "cancel",
    "cancel_visit",
    "checklist_editions",
    "checklist_of",
    "close",
    "codes_by_kind",
    "commit_draw",
    "confirm_grade",
    "coverage",
    "declare_recusal",
    "edition_for",
    "end_recusal",
    "form_of",
    "grade_of",
    "history_rows",
    "inspectors_of",
    "issue_paper",
    "judge",
    "list_findings",
    "list_grades",
    "list_inspections",
    "list_visits",
    "load",
    "load_grades",
    "make_plan",
    "outdated",
    "plan_of_draw",
    "plan_of_register",
    "preview_plan",
    "public_draws",
    "public_result",
    "public_results",
    "publish",
    "publish_draw",
    "publish_many",
    "record_item",
    "record_items",
    "refuse_grade",
    "regrade",
    "reschedule_visit",
    "result_rules",
    "revise",
    "risk_rules",
    "run_draw",
    "score_grade",
    "sign_officer",
    "snapshot_for",
    "start",
    "static_form_for",
    "statute_for",
    "tell",
    "tell_grade",
    "verdict_of",
    "visits_for",
    "withdraw_draw",
    "withdraw_plan",
    "without_grade",
]
