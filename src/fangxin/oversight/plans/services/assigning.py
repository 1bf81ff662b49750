"""Who does what in an action, after the plan is confirmed."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.plans.agencies import agencies_for
from fangxin.oversight.plans.data import Duty, PlanError
from fangxin.oversight.plans.models import Action, ActionAgency, Plan, Return, SpecialPlan, Task


@transaction.atomic
def set_duty(*, action: Action, agency: people.Agency, duty: str, by: Any, part: str = "") -> None:
    """Give an agency a duty in an action; an empty duty takes it out. The lead changes with `change_lead`."""
    if duty and duty not in Duty.values:
        raise PlanError(_("请选择牵头、承担、配合或知悉。"))
    if action.lead_id == agency.pk:
        raise PlanError(_("牵头单位只有一个。请先给这项行动另定牵头单位，再改它的职责。"))
    if not agencies_for(action.plan.division_code).filter(pk=agency.pk).exists():
        raise PlanError(_("这个机构不在本方案的范围内，请另选。"))
    if duty == Duty.LEAD:
        return change_lead(action=action, agency=agency, by=by)
    if duty == Duty.PART and not part.strip():
        raise PlanError(_("请写明承担的具体任务。"))
    existing = action.agencies.filter(agency=agency)
    before = existing.values_list("duty", flat=True).first() or ""
    if not duty:
        existing.delete()
    else:
        ActionAgency.objects.update_or_create(
            action=action, agency=agency, defaults={"duty": duty, "part": part.strip()[:300]}
        )
    ledger.record(
        "plans.duty.changed", of=action, by=by, division_code=action.plan.division_code,
        data={"agency": agency.pk, "from": before, "to": duty},
    )  # fmt: skip
    return None


@transaction.atomic
def change_lead(*, action: Action, agency: people.Agency, by: Any) -> None:
    """Another agency leads from now on; the former lead cooperates. What was reported stays with who reported it."""
    if action.plan.state == Plan.State.SUPERSEDED:
        raise PlanError(_("方案已停用，不能再调整分工。"))
    former = action.lead
    action.agencies.filter(agency=agency).delete()
    Action.objects.filter(pk=action.pk).update(lead=agency)
    if former is not None and former.pk != agency.pk:
        ActionAgency.objects.get_or_create(action=action, agency=former, defaults={"duty": Duty.COOPERATE})
        open_tasks = Task.objects.filter(action=action, accountable=former, state=Task.State.OPEN)
        open_tasks.update(accountable=agency)
        Return.objects.filter(action=action, state=Return.State.NOT_STARTED).update(agency=agency)
        SpecialPlan.objects.filter(action=action, submitted_at__isnull=True).update(agency=agency)
    action.refresh_from_db()
    ledger.record(
        "plans.lead.changed", of=action, by=by, division_code=action.plan.division_code,
        data={"from": former.pk if former else None, "to": agency.pk},
    )  # fmt: skip
