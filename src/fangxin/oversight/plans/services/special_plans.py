"""A special plan's way: drafting → countersigning → reviewing → submitted → filed, or returned."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.plans.data import PlanError
from fangxin.oversight.plans.models import SpecialPlan, SpecialPlanStep
from fangxin.oversight.plans.services.moves import move, person_of

State = SpecialPlan.State
TEXTS = (
    "goals", "measures", "division_of_labour", "timetable", "safeguards", "annual_tasks",
    "responsible_person", "contact_officer", "contact_phone",
)  # fmt: skip
EDITABLE = (State.DRAFTING, State.RETURNED)
NEEDED = ("goals", "measures", "division_of_labour", "timetable", "safeguards", "annual_tasks", "responsible_person")


@transaction.atomic
def save_draft(*, special_plan: SpecialPlan, texts: Mapping[str, str], by: Any, attachment: Any = None) -> SpecialPlan:
    """Keep what the department has written so far."""
    if special_plan.state not in EDITABLE:
        raise PlanError(_("方案已经提交，不能再改。退回后可以修改。"))
    for name in TEXTS:
        if name in texts:
            setattr(special_plan, name, texts[name].strip())
    if attachment is not None:
        special_plan.attachment = attachment
    special_plan.drafted_at, special_plan.drafted_by = ledger.clock.now(), person_of(by)
    special_plan.approved_at = special_plan.approved_by = None
    special_plan.full_clean()
    special_plan.save()
    ledger.record("plans.special_plan.drafted", of=special_plan, by=by)
    return special_plan


def _step(special_plan: SpecialPlan, verb: str, by: Any, text: str = "", agency: Any = None) -> None:
    SpecialPlanStep.objects.create(
        special_plan=special_plan, verb=verb, text=text.strip(), agency=agency, at=ledger.clock.now(), by=person_of(by)
    )
    ledger.record(f"plans.special_plan.{verb}", of=special_plan, by=by)


@transaction.atomic
def send_to_countersign(*, special_plan: SpecialPlan, by: Any) -> SpecialPlan:
    """Ask the cooperating agencies to sign; every part of the scheme has to be there."""
    missing = [str(SpecialPlan._meta.get_field(n).verbose_name) for n in NEEDED if not getattr(special_plan, n)]
    if missing:
        raise PlanError(_("还没有填写：%(names)s。请补充后再提交。") % {"names": "、".join(missing)})
    move(special_plan, taken_from=EDITABLE, to=State.COUNTERSIGNING)
    _step(special_plan, "sent_to_countersign", by)
    return special_plan


@transaction.atomic
def countersign(*, special_plan: SpecialPlan, agency: people.Agency, by: Any, text: str = "") -> None:
    """A cooperating agency agrees, with or without remarks."""
    if special_plan.state != State.COUNTERSIGNING:
        raise PlanError(_("现在不在会签阶段。"))
    if not special_plan.action.agencies.filter(agency=agency).exists():
        raise PlanError(_("本单位不是这项行动的配合单位，不需要会签。"))
    if special_plan.steps.filter(verb="countersigned", agency=agency, pk__gt=last_round(special_plan)).exists():
        raise PlanError(_("本单位已经会签过。"))
    _step(special_plan, "countersigned", by, text, agency)


def last_round(special_plan: SpecialPlan) -> int:
    """Where the present round of signatures began."""
    sent = special_plan.steps.filter(verb="sent_to_countersign").order_by("-pk").values_list("pk", flat=True)
    return sent.first() or 0


@transaction.atomic
def send_to_review(*, special_plan: SpecialPlan, by: Any, text: str = "") -> SpecialPlan:
    """On to the department head; who has not signed is seen there."""
    move(special_plan, taken_from=(State.COUNTERSIGNING,), to=State.REVIEWING)
    _step(special_plan, "sent_to_review", by, text)
    return special_plan


@transaction.atomic
def approve(*, special_plan: SpecialPlan, by: Any, text: str = "") -> SpecialPlan:
    """The department head approves, and with that it is sent to the food-safety office."""
    person = person_of(by)
    if person is not None and person.pk == special_plan.drafted_by_id:
        raise PlanError(_("起草人不能审定自己的方案，请由本单位另一位负责人审定。"))
    now = ledger.clock.now()
    first = {} if special_plan.submitted_at else {"submitted_at": now}
    move(special_plan, taken_from=(State.REVIEWING,), to=State.SUBMITTED, approved_at=now, approved_by=person, **first)
    _step(special_plan, "approved", by, text)
    return special_plan


@transaction.atomic
def file(*, special_plan: SpecialPlan, by: Any, text: str = "") -> SpecialPlan:
    """The office takes it on file."""
    move(
        special_plan,
        taken_from=(State.SUBMITTED,),
        to=State.FILED,
        filed_at=ledger.clock.now(),
        filed_by=person_of(by),
    )
    _step(special_plan, "filed", by, text)
    return special_plan


@transaction.atomic
def send_back(*, special_plan: SpecialPlan, reason: str, by: Any) -> SpecialPlan:
    """Back to the drafter, from the department head or from the office, with what to change."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明退回的原因和修改要求。")})
    move(special_plan, taken_from=(State.COUNTERSIGNING, State.REVIEWING, State.SUBMITTED), to=State.RETURNED)
    _step(special_plan, "returned", by, reason)
    return special_plan
