"""Whole lives of matters written at once, for taking over old accounts and for the synthetic county.

The same rules hold as one by one: the order of states, the second person, the proof.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines.deadlines import WorkCalendar, add_months, add_workdays
from fangxin.kernel.casework import rules, work_calendar
from fangxin.kernel.casework.data import LifeStep, MatterLife
from fangxin.kernel.casework.models import Matter, MatterEvidence, MatterStep
from fangxin.kernel.casework.services.matters import SERIES, format_number
from fangxin.kernel.casework.standards import deadline_rules
from fangxin.kernel.ledger import api as ledger

State = Matter.State
Action = MatterStep.Action
_BATCH = 500
_PROOF = "整改证明"


@transaction.atomic
def load(lives: Sequence[MatterLife], *, by: Any) -> dict[str, int]:
    """Write the lives and return the key of each as a matter's primary key. All or nothing."""
    with work_calendar.known_years():
        calendar = work_calendar.calendar()
        if len({life.key for life in lives}) != len(lives):
            raise rules.Refused(_("装入的数据中有重复的标识，请检查后重试。"))
        numbers = _take_numbers(lives)
        made: dict[str, Matter] = {}
        for level in _levels(lives):
            matters = [(life, _matter(life, numbers[life.key], made, calendar)) for life in level]
            steps = [step for life, matter in matters for step in _live(life, matter, calendar)]
            _save(matters, steps)
            made |= {life.key: matter for life, matter in matters}
    _record(lives, by)
    return {key: matter.pk for key, matter in made.items()}


def _levels(lives: Sequence[MatterLife]) -> list[list[MatterLife]]:
    """First those that stand alone, then those that came back from them, and so on; each by time of opening."""
    left, known, levels = sorted(lives, key=lambda life: life.opened_at), set[str](), []
    while left:
        level = [life for life in left if not life.reopened_from or life.reopened_from in known]
        if not level:
            raise rules.Refused(_("“%(key)s”指向的原事项不在本次装入的数据中。") % {"key": left[0].key})
        levels.append(level)
        known |= {life.key for life in level}
        left = [life for life in left if life.key not in known]
    return levels


def _local(at: datetime) -> date:
    return at.astimezone(ledger.clock.LOCAL).date()


def _take_numbers(lives: Sequence[MatterLife]) -> dict[str, str]:
    """A number for each key, by time of opening within its year."""
    ordered = sorted(lives, key=lambda life: life.opened_at)
    years = Counter(_local(life.opened_at).year for life in ordered)
    serials = {year: iter(ledger.take_numbers(SERIES, year, count)) for year, count in sorted(years.items())}
    opened = ((life.key, _local(life.opened_at).year) for life in ordered)
    return {key: format_number(year, next(serials[year])) for key, year in opened}


def _matter(life: MatterLife, number: str, made: dict[str, Matter], calendar: WorkCalendar) -> Matter:
    opened_on = _local(life.opened_at)
    rule = deadline_rules(opened_on)
    earlier = made.get(life.reopened_from)
    matter = Matter(
        number=number,
        origin=life.origin,
        severity=life.severity,
        hazard=life.hazard,
        legal_basis=life.legal_basis,
        subject_type=life.subject_type,
        subject_id=life.subject_id,
        subject_name=life.subject_name,
        division_code=life.division_code,
        owner_id=life.owner_id,
        opened_at=life.opened_at,
        opened_by=life.opened_by,
        opened_on=opened_on,
        due_on=life.due_on or add_workdays(opened_on, rule.workdays[life.severity], calendar),
        reopened_from=earlier,
        **life.fixings,
    )
    if earlier is not None:
        matter.rebound = earlier.closed_on is not None and opened_on <= add_months(
            earlier.closed_on, deadline_rules(earlier.opened_on).rebound_months
        )
    return matter


def _live(life: MatterLife, matter: Matter, calendar: WorkCalendar) -> list[MatterStep]:
    opening = LifeStep(Action.OPEN, life.opened_at, life.opened_by, life.opened_by_name)
    steps = [_step(matter, opening, "")]
    hands: set[str] = set()
    for step in life.steps:
        move = rules.check_move(matter, step.action)
        _check_hands(life, matter, step, hands)
        before = matter.state
        matter.state = move.after or matter.state
        _tell(matter, step, calendar)
        if step.action in rules.RECTIFYING_ACTIONS:
            hands.add(step.by)
        steps.append(_step(matter, step, before))
    matter.clean_fields(exclude=["owner", "reopened_from"])
    return steps


def _check_hands(life: MatterLife, matter: Matter, step: LifeStep, hands: set[str]) -> None:
    if step.action in (Action.SUBMIT, Action.CLOSE) and life.evidence_id is None:
        raise rules.Refused(_("“%(key)s”没有整改证明，不能申请验收或者销号。") % {"key": life.key})
    judging = (Action.RETURN, Action.PROPOSE_CLOSING, Action.CLOSE, Action.LOOK_BACK_HELD, Action.LOOK_BACK_REBOUNDED)
    first = matter.closing_proposed_by if step.action == Action.CLOSE else matter.withdrawal_asked_by
    same = (step.action in judging and step.by in hands) or (
        step.action in (Action.CLOSE, Action.WITHDRAW) and step.by == first
    )
    if not step.by or same:
        raise rules.Refused(
            _("“%(key)s”的“%(action)s”须由另一名人员办理。")
            % {
                "key": life.key,
                "action": Action(step.action).label,
            }
        )
    alone = step.action == Action.CLOSE and matter.severity == Matter.Severity.CRITICAL and not first
    if alone or (step.action == Action.WITHDRAW and not first):
        raise rules.Refused(_("“%(key)s”须由两人先后办理。") % {"key": life.key})


def _tell(matter: Matter, step: LifeStep, calendar: WorkCalendar) -> None:
    """Write on the matter what the step changed, when and by whom."""
    day = _local(step.at)
    match step.action:
        case Action.SUBMIT:
            matter.submitted_at, matter.submitted_by = step.at, step.by
        case Action.RETURN:
            matter.submitted_at, matter.submitted_by = None, ""
            matter.closing_proposed_at, matter.closing_proposed_by = None, ""
        case Action.PROPOSE_CLOSING:
            matter.closing_proposed_at, matter.closing_proposed_by = step.at, step.by
        case Action.CLOSE:
            matter.closed_at, matter.closed_by, matter.closed_on = step.at, step.by, day
            days = deadline_rules(matter.opened_on).look_back_workdays[matter.severity]
            matter.look_back_due_on = add_workdays(day, days, calendar)
        case Action.LOOK_BACK_HELD | Action.LOOK_BACK_REBOUNDED:
            matter.looked_back_at, matter.looked_back_by = step.at, step.by
            held = step.action == Action.LOOK_BACK_HELD
            matter.look_back_result = Matter.LookBack.HELD if held else Matter.LookBack.REBOUNDED
        case Action.ASK_WITHDRAWAL:
            matter.withdrawal_asked_at, matter.withdrawal_asked_by = step.at, step.by
            matter.withdrawal_reason = step.text
        case Action.WITHDRAW:
            matter.withdrawn_at, matter.withdrawn_by, matter.withdrawn_on = step.at, step.by, day


def _step(matter: Matter, step: LifeStep, before: str) -> MatterStep:
    return MatterStep(
        matter=matter,
        at=step.at,
        by=step.by,
        by_name=step.by_name,
        action=step.action,
        from_state=before,
        state=matter.state,
        owner_id=matter.owner_id,
        due_on=matter.due_on,
        text=step.text,
    )


def _save(matters: list[tuple[MatterLife, Matter]], steps: list[MatterStep]) -> None:
    Matter.objects.bulk_create([matter for _life, matter in matters], batch_size=_BATCH)
    for step in steps:
        step.matter = step.matter  # takes over the key given by the database
    MatterStep.objects.bulk_create(steps, batch_size=_BATCH)
    MatterEvidence.objects.bulk_create(
        [
            MatterEvidence(
                matter=matter,
                file_id=life.evidence_id,
                name=_PROOF,
                kind=MatterEvidence.Kind.RECTIFICATION,
                added_at=next((s.at for s in life.steps if s.action == Action.SUBMIT), life.opened_at),
                added_by=next((s.by for s in life.steps if s.action == Action.SUBMIT), life.opened_by),
                added_by_name=next((s.by_name for s in life.steps if s.action == Action.SUBMIT), life.opened_by_name),
            )
            for life, matter in matters
            if life.evidence_id is not None
        ],
        batch_size=_BATCH,
    )
    through = Matter.cooperating.through
    through.objects.bulk_create(
        [
            through(matter_id=matter.pk, agency_id=agency)
            for life, matter in matters
            for agency in set(life.cooperating_ids) - {life.owner_id}
        ],
        batch_size=_BATCH,
    )


def _record(lives: Sequence[MatterLife], by: Any) -> None:
    counts = Counter(life.division_code[:9] for life in lives)
    ledger.record_many(
        [
            ledger.build_entry("casework.matters.loaded", of=None, by=by, division_code=code, data={"count": count})
            for code, count in sorted(counts.items())
        ]
    )
