"""From a document, or from reviewed facts, to a draft plan."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines.plans import (
    NotAPlan,
    PlanFacts,
    PlanReading,
    UnreadableFile,
    load_plan_facts,
    read_plan,
    read_text,
    to_json,
)
from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.plans import rules
from fangxin.oversight.plans.agencies import NameBook
from fangxin.oversight.plans.data import PlanError
from fangxin.oversight.plans.models import Action, ActionAgency, Defect, Goal, Measure, Plan, PlanDeadline
from fangxin.oversight.plans.refusals import refusal_words
from fangxin.oversight.plans.services.indicators import suggest_indicators
from fangxin.oversight.plans.services.moves import person_of

LONGEST_TEXT = 2_000_000
MOST_ACTIONS = 999
LARGEST = Decimal(10) ** 10


def read_upload(*, name: str, content: bytes, division_code: str, by: Any) -> Plan:
    """Read an uploaded .txt or .docx; a refusal says why in words."""
    try:
        text = read_text(content, name)
    except UnreadableFile as refused:
        raise PlanError(refusal_words(refused)) from refused
    return draft_from_text(text=text, division_code=division_code, by=by, file=(name, content))


def draft_from_text(*, text: str, division_code: str, by: Any, file: tuple[str, bytes] | None = None) -> Plan:
    """Read a plan's text and keep it as a draft for review."""
    text = text.replace("\x00", "")
    if len(text) > LONGEST_TEXT:
        raise PlanError(_("文本超过 200 万字，不像一份工作方案。请只提交方案正文。"))
    try:
        reading = read_plan(text)
    except NotAPlan as refused:
        raise PlanError(refusal_words(refused)) from refused
    return _keep(reading, division_code=division_code, by=by, text=text, file=file, note=_("原文读取"))


def list_reviewed() -> list[tuple[str, str]]:
    """(name, title) of the reviewed plans that came with the installation."""
    return [(path.stem, _facts_of(path).plan.title) for path in sorted(_reviewed_folder().glob("*.toml"))]


def _reviewed_folder() -> Path:
    return Path(settings.STANDARDS_DIR) / "plans"


def _facts_of(path: Path) -> PlanFacts:
    return load_plan_facts(path.read_text("utf-8"))


def draft_from_reviewed(*, name: str, division_code: str, by: Any) -> Plan:
    """Start from a reviewed plan by its name in the list."""
    if name not in dict(list_reviewed()):
        raise PlanError(_("没有找到这份预置方案，请重新选择。"))
    facts = _facts_of(_reviewed_folder() / f"{name}.toml")
    return draft_from_facts(facts=facts, division_code=division_code, by=by)


def draft_from_facts(*, facts: PlanFacts | PlanReading, division_code: str, by: Any) -> Plan:
    """Keep reviewed facts as a draft; there is no text to show beside them."""
    if isinstance(facts, PlanReading):
        return _keep(facts, division_code=division_code, by=by, note=_("已审核的方案要点"))
    note = _("已审核的方案要点，来源：%(source)s") % {"source": facts.source}
    return _keep(facts.plan, division_code=division_code, by=by, note=note, goal_notes=facts.notes)


@transaction.atomic
def _keep(
    reading: PlanReading,
    *,
    division_code: str,
    by: Any,
    note: str,
    text: str = "",
    file: tuple[str, bytes] | None = None,
    goal_notes: Sequence[str] = (),
) -> Plan:
    stored = ledger.store_evidence(name=file[0], content=file[1], by=by) if file else None
    plan = Plan(
        title=reading.title[:300],
        document_number=(reading.document_number or "")[:60],
        issuer=(reading.issuer or "")[:100],
        issued_on=reading.issued_on,
        starts_on=period_day(reading.period.start, first=True),
        ends_on=period_day(reading.period.end, first=False),
        division_code=division_code,
        source_text=text,
        source_file=stored,
        source_note=note[:300],
        reading=to_json(reading),
        entered_at=ledger.clock.now(),
        entered_by=person_of(by),
    )
    if plan.starts_on and plan.ends_on and plan.ends_on < plan.starts_on:
        plan.ends_on = None
    plan.full_clean()
    plan.save()
    actions = _keep_actions(plan, reading)
    _keep_goals(plan, reading, actions, goal_notes)
    _keep_rest(plan, reading)
    suggest_indicators(plan)
    ledger.record("plans.plan.read", of=plan, by=by, data={"actions": len(actions), "goals": len(reading.goals)})
    return plan


def period_day(text: str | None, *, first: bool) -> date | None:
    """A period's end as a date: a year stands for its first or last day."""
    if not text:
        return None
    if len(text) == 4:
        text += "-01-01" if first else "-12-31"
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None  # left open for the clerk


def _keep_actions(plan: Plan, reading: PlanReading) -> Mapping[int, Action]:
    known = NameBook(plan.division_code)
    actions = [
        Action(
            plan=plan,
            position=position,
            number=read.number if 0 < read.number <= MOST_ACTIONS else position + 1,
            title=read.title[:200],
            code=rules.guess_code(read.title),
            lead_printed=(read.lead or "")[:100],
            lead=known.exactly(read.lead),
            townships=read.townships,
        )
        for position, read in enumerate(reading.actions)
    ]
    Action.objects.bulk_create(actions)
    for action, read in zip(actions, reading.actions, strict=True):
        _keep_units(action, read.cooperating, known)
        Measure.objects.bulk_create([Measure(action=action, order=n, text=t) for n, t in enumerate(read.measures, 1)])
    # Of two actions with one number the first takes the goals; the double number is a defect to be settled.
    return {action.number: action for action in reversed(actions)}


def _keep_units(action: Action, printed: Sequence[str], known: NameBook) -> None:
    taken = {action.lead_id} - {None}
    units = []
    for position, name in enumerate(printed):
        agency = known.exactly(name)
        # The same agency named twice keeps its second line as printed, for the clerk to strike.
        if agency is not None and agency.pk in taken:
            agency = None
        if agency is not None:
            taken.add(agency.pk)
        units.append(ActionAgency(action=action, position=position, printed=name[:100], agency=agency))
    ActionAgency.objects.bulk_create(units)


def _keep_goals(plan: Plan, reading: PlanReading, actions: Mapping[int, Action], notes: Sequence[str]) -> None:
    Goal.objects.bulk_create(
        Goal(
            plan=plan,
            action=actions.get(read.action) if read.action is not None else None,
            order=position + 1,
            position=position,
            text=read.text,
            metric=(read.metric or "")[:200],
            comparison=str(read.comparison),
            value=_storable(read.value),
            unit=(read.unit or "")[:30],
            due=read.due or plan.ends_on,
            note=notes[position][:300] if position < len(notes) else "",
        )
        for position, read in enumerate(reading.goals)
    )


def _storable(value: Decimal | None) -> Decimal | None:
    """The printed value, if it is one that a goal can have; anything else is left open for the clerk."""
    if value is None or not value.is_finite() or not 0 <= value < LARGEST:
        return None
    return value.quantize(Decimal("0.0001"))


def _keep_rest(plan: Plan, reading: PlanReading) -> None:
    PlanDeadline.objects.bulk_create(
        PlanDeadline(
            plan=plan,
            position=position,
            kind=str(read.kind),
            on=read.date,
            # A date that exists every year.
            month_day="02-28" if read.month_day == "02-29" else read.month_day or "",
            what=read.what[:300],
            who=(read.who or "")[:200],
            purpose=rules.guess_purpose(str(read.kind), read.what),
        )
        for position, read in enumerate(reading.deadlines)
    )
    Defect.objects.bulk_create(
        Defect(plan=plan, position=position, kind=str(read.kind)[:40], quote=read.quote)
        for position, read in enumerate(reading.defects)
    )
