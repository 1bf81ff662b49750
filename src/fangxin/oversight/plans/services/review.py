"""Correcting what was read: one field at a time, with who changed what."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.plans.agencies import NameBook, agencies_for
from fangxin.oversight.plans.data import PlanError
from fangxin.oversight.plans.models import (
    Action,
    ActionAgency,
    Correction,
    Defect,
    Goal,
    Measure,
    Plan,
    PlanDeadline,
)
from fangxin.oversight.plans.rules import agency_kind
from fangxin.oversight.plans.services.moves import person_of

# What may be corrected, by kind of row. Everything else in a form is ignored.
FIELDS: Mapping[str, tuple[type[models.Model], frozenset[str]]] = {
    "plan": (Plan, frozenset({"title", "document_number", "issuer", "issued_on", "starts_on", "ends_on"})),
    "action": (Action, frozenset({"number", "title", "code", "lead_printed", "townships"})),
    "unit": (ActionAgency, frozenset({"printed", "duty", "part"})),
    "goal": (
        Goal,
        frozenset(
            {"action", "text", "metric", "comparison", "value", "unit", "due", "indicator_code", "base_year", "note"}
        ),
    ),
    "deadline": (PlanDeadline, frozenset({"kind", "on", "month_day", "what", "who", "purpose"})),
    "defect": (Defect, frozenset({"clarified_text"})),
}
AFTER_CONFIRMATION = {("goal", "indicator_code"), ("goal", "base_year"), ("goal", "note"), ("defect", "clarified_text")}
MOST_ROWS = 200


def row_of(plan: Plan, kind: str, pk: int) -> Any:
    """The row of this plan, or an error in words; rows of other plans are not there."""
    model = FIELDS[kind][0]
    if kind == "plan":
        return plan
    key = "action__plan" if kind == "unit" else "plan"
    row = model._default_manager.filter(pk=pk, **{key: plan}).first()
    if row is None:
        raise PlanError(_("这一行已被删除。请刷新页面。"))
    return row


@transaction.atomic
def correct(*, plan: Plan, kind: str, pk: int, field: str, value: str, by: Any) -> str:
    """Set one field from what was typed and return the value as kept."""
    if kind == "action" and field == "measures":
        return _correct_measures(plan, row_of(plan, "action", pk), value, by)
    if kind not in FIELDS or field not in FIELDS[kind][1]:
        raise PlanError(_("这一项不能修改。"))
    if not plan.is_draft and (kind, field) not in AFTER_CONFIRMATION:
        raise PlanError(_("方案已经确认，不能再改。如需更正，请先撤回确认。"))
    row = row_of(plan, kind, pk)
    before = getattr(row, row._meta.get_field(field).attname)
    setattr(row, field, _clean(plan, row, field, value))
    after = getattr(row, row._meta.get_field(field).attname)
    if before == after:
        return _text(after)
    if kind == "defect":
        row.clarified_at, row.clarified_by = ledger.clock.now(), person_of(by)
    row.full_clean()
    row.save()
    _note(plan, f"{kind}.{pk}.{field}", before, after, by)
    return _text(after)


def _clean(plan: Plan, row: Any, field: str, value: str) -> Any:
    model_field = row._meta.get_field(field)
    if field == "action":
        return row_of(plan, "action", whole_number(value)) if value else None
    if field == "month_day":
        return _month_day(value)
    if isinstance(model_field, models.BooleanField):
        return value in ("true", "on", "1")
    form_field = model_field.formfield(required=not (model_field.blank or model_field.null))
    cleaned = form_field.clean(value.strip())
    return "" if cleaned is None and not model_field.null else cleaned


def _month_day(value: str) -> str:
    month, _sep, day = value.strip().replace("月", "-").replace("日", "").partition("-")
    days = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if month.isdecimal() and day.isdecimal() and 1 <= int(month) <= 12 and 1 <= int(day) <= days[int(month) - 1]:
        return f"{int(month):02d}-{int(day):02d}"
    raise ValidationError(_("请按“月-日”填写，例如 03-25。"))


def whole_number(value: str) -> int:
    """A record number out of a form; 0, which no record has, for anything else."""
    text = value.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _correct_measures(plan: Plan, action: Action, value: str, by: Any) -> str:
    """One measure a line. Lines that stay keep their row."""
    _only_draft(plan)
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    if len(lines) > MOST_ROWS:
        raise PlanError(_("措施超过 200 条，请合并后再填。"))
    before = list(action.measures.values_list("text", flat=True))
    if before != lines:
        action.measures.all().delete()
        Measure.objects.bulk_create([Measure(action=action, order=n, text=line) for n, line in enumerate(lines, 1)])
        _note(plan, f"action.{action.pk}.measures", "\n".join(before), "\n".join(lines), by)
    return "\n".join(lines)


def _only_draft(plan: Plan) -> None:
    if not plan.is_draft:
        raise PlanError(_("方案已经确认，不能再改。如需更正，请先撤回确认。"))


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _note(plan: Plan, field: str, before: Any, after: Any, by: Any) -> None:
    Correction.objects.create(
        plan=plan, field=field[:60], before=_text(before), after=_text(after), at=ledger.clock.now(), by=person_of(by)
    )
    ledger.record("plans.plan.corrected", of=plan, by=by, data={"field": field})


@transaction.atomic
def add_row(*, plan: Plan, kind: str, by: Any, action: Action | None = None) -> Any:
    """A new, still empty row that the reader missed."""
    _only_draft(plan)
    if kind == "action":
        last = plan.actions.order_by("number").last()
        row: Any = Action.objects.create(plan=plan, number=last.number + 1 if last else 1, title=str(_("新的行动")))
    elif kind == "goal":
        row = Goal.objects.create(plan=plan, order=plan.goals.count() + 1, text=str(_("新的目标")), due=plan.ends_on)
    elif kind == "deadline":
        row = PlanDeadline.objects.create(plan=plan, kind="yearly", month_day="12-31", what=str(_("新的时限")))
    elif kind == "unit" and action is not None:
        row = ActionAgency.objects.create(action=action, printed=str(_("新的单位")))
    else:
        raise PlanError(_("不能增加这一类内容。"))
    _note(plan, f"{kind}.{row.pk}", "", str(row), by)
    return row


@transaction.atomic
def remove_row(*, plan: Plan, kind: str, pk: int, by: Any) -> None:
    """Strike a row that the document does not have. What it said stays in the corrections."""
    _only_draft(plan)
    if kind not in ("action", "goal", "deadline", "unit"):
        raise PlanError(_("不能删除这一类内容。"))
    row = row_of(plan, kind, pk)
    said = str(row)
    row.delete()
    _note(plan, f"{kind}.{pk}", said, "", by)


@transaction.atomic
def resolve_name(*, plan: Plan, printed: str, agency: people.Agency, by: Any) -> None:
    """Say which agency a printed name means, everywhere in the plan, and remember it for the next document."""
    _only_draft(plan)
    if not agencies_for(plan.division_code).filter(pk=agency.pk).exists():
        raise PlanError(_("这个机构不在本方案的范围内，请另选。"))
    leads = plan.actions.filter(lead_printed=printed)
    units = ActionAgency.objects.filter(action__plan=plan, printed=printed)
    if not leads.exists() and not units.exists():
        raise PlanError(_("方案里已经没有这个单位名称。请刷新页面。"))
    leads.update(lead=agency)
    for unit in units.select_related("action"):
        # An agency stands in an action once: as its lead, or as one of the others.
        double = unit.action.agencies.filter(agency=agency).exclude(pk=unit.pk).exists()
        if double or unit.action.lead_id == agency.pk:
            unit.delete()
        else:
            unit.agency = agency
            unit.save(update_fields=["agency"])
    if printed not in (agency.name, agency.short_name):
        people.add_agency_name(agency=agency, name=printed, by=by)
    _note(plan, f"name.{printed}"[:60], printed, agency.name, by)


@transaction.atomic
def create_for_name(*, plan: Plan, printed: str, by: Any, name: str = "", kind: str = "") -> people.Agency:
    """Make the agency a printed name means, and resolve the name to it."""
    _only_draft(plan)
    book = NameBook(plan.division_code)
    full = name.strip() or book.full(printed)
    agency = people.create_agency(
        name=full[:100],
        short_name=book.bare(printed)[:30],
        kind=kind or agency_kind(full),
        division_code=plan.division_code,
        by=by,
    )
    resolve_name(plan=plan, printed=printed, agency=agency, by=by)
    return agency
