"""Tasks: refine, split, report on, finish, cancel."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.oversight.plans.agencies import agencies_for
from fangxin.oversight.plans.data import PlanError
from fangxin.oversight.plans.models import Action, Plan, Task
from fangxin.oversight.plans.services.moves import move, person_of

OPEN = (Task.State.OPEN,)


@transaction.atomic
def add_task(
    *, action: Action, title: str, accountable: people.Agency, due_on: date, by: Any, parent: Task | None = None
) -> Task:
    """A task of an action, or a part of one of its tasks, with one accountable agency."""
    if action.plan.state != Plan.State.CONFIRMED:
        raise PlanError(_("方案没有在执行，不能增加任务。"))
    if not agencies_for(action.plan.division_code).filter(pk=accountable.pk).exists():
        raise ValidationError({"accountable": _("这个机构不在本方案的范围内，请另选。")})
    task = Task(
        action=action,
        parent=parent,
        goal=parent.goal if parent else None,
        measure=parent.measure if parent else None,
        year=due_on.year,
        title=title.strip(),
        accountable=accountable,
        division_code=_place(action, accountable),
        due_on=due_on,
    )
    task.full_clean()
    task.save()
    ledger.record("plans.task.added", of=task, by=by, data={"agency": accountable.pk, "due": due_on})
    return task


def _place(action: Action, agency: people.Agency) -> str:
    """Work of a township lies in the township; all other work where the plan lies."""
    whole = action.plan.division_code
    return agency.division_code if agency.division_code.startswith(whole) else whole


@transaction.atomic
def split_to_townships(*, task: Task, by: Any, only: Iterable[str] | None = None) -> list[Task]:
    """Give every township its part of the task; townships that have theirs already keep it."""
    if not task.action.townships:
        raise PlanError(_("这项行动没有要求各乡镇负责，不能按乡镇分解。"))
    if task.state != Task.State.OPEN:
        raise PlanError(_("任务已经结束，不能再分解。"))
    agencies = agencies_for(task.action.plan.division_code).filter(kind="township")
    if only is not None:
        agencies = agencies.filter(division_code__in=list(only))
    have = set(task.parts.values_list("accountable_id", flat=True))
    made = [
        Task(
            action=task.action, parent=task, goal=task.goal, measure=task.measure, year=task.year, title=task.title,
            accountable=agency, division_code=_place(task.action, agency), due_on=task.due_on,
        )
        for agency in agencies
        if agency.pk not in have
    ]  # fmt: skip
    if not made and not have:
        raise PlanError(_("没有找到乡镇机构。请先在“机构”里登记各乡镇。"))
    Task.objects.bulk_create(made)
    ledger.record("plans.task.split", of=task, by=by, data={"townships": len(made)})
    return made


@transaction.atomic
def change_task(*, task: Task, title: str, due_on: date, accountable: people.Agency, by: Any) -> Task:
    """Refine what the platform drafted from the plan's words."""
    if task.state != Task.State.OPEN:
        raise PlanError(_("任务已经结束，不能再改。"))
    before = {"due": task.due_on, "agency": task.accountable_id}
    task.title, task.due_on, task.accountable = title.strip(), due_on, accountable
    task.year, task.division_code = due_on.year, _place(task.action, accountable)
    task.full_clean()
    task.save()
    ledger.record("plans.task.changed", of=task, by=by, data=before | {"new_due": due_on, "new_agency": accountable.pk})
    return task


@transaction.atomic
def report_progress(*, task: Task, progress: str, by: Any, evidence: Any = None) -> Task:
    if not progress.strip():
        raise ValidationError({"progress": _("请写明进展。")})
    fields: dict[str, Any] = {
        "progress": progress.strip(), "progress_at": ledger.clock.now(), "progress_by": person_of(by)
    }  # fmt: skip
    if evidence is not None:
        fields["evidence"] = evidence
    move(task, taken_from=OPEN, to=Task.State.OPEN, **fields)
    ledger.record("plans.task.progressed", of=task, by=by)
    return task


@transaction.atomic
def finish_task(*, task: Task, by: Any, progress: str = "", evidence: Any = None) -> Task:
    """Done needs words or evidence of what was done; parts that are still open keep it open."""
    text = progress.strip() or task.progress
    if not text:
        raise ValidationError({"progress": _("请写明做了什么、结果如何，再确认完成。")})
    if task.parts.filter(state=Task.State.OPEN).exists():
        raise PlanError(_("还有分解出去的任务没有完成，请先督促完成或取消。"))
    now = ledger.clock.now()
    fields: dict[str, Any] = {"done_at": now, "done_by": person_of(by), "progress": text}
    if progress.strip():
        fields |= {"progress_at": now, "progress_by": person_of(by)}
    if evidence is not None:
        fields["evidence"] = evidence
    move(task, taken_from=OPEN, to=Task.State.DONE, **fields)
    ledger.record("plans.task.done", of=task, by=by)
    return task


@transaction.atomic
def finish_tasks(*, tasks: Iterable[Task], at: datetime, progress: str, by: Any) -> int:
    """Many at once, for imports and the synthetic county; each still has its line in the ledger."""
    rows = [task for task in tasks if task.state == Task.State.OPEN]
    for task in rows:
        task.state, task.done_at, task.done_by = Task.State.DONE, at, person_of(by)
        task.progress, task.progress_at, task.progress_by = progress, at, person_of(by)
    Task.objects.bulk_update(
        rows, ["state", "done_at", "done_by", "progress", "progress_at", "progress_by"], batch_size=200
    )
    ledger.record_many([ledger.build_entry("plans.task.done", of=task, by=by) for task in rows])
    return len(rows)


@transaction.atomic
def reopen_task(*, task: Task, reason: str, by: Any) -> Task:
    """Taken back with a reason; the ledger keeps that it had been called done."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明恢复的原因。")})
    move(
        task, taken_from=(Task.State.DONE, Task.State.CANCELLED), to=Task.State.OPEN,
        done_at=None, done_by=None, cancelled_at=None, cancelled_by=None, cancel_reason="",
    )  # fmt: skip
    ledger.record("plans.task.reopened", of=task, by=by, data={"reason": reason.strip()[:300]})
    return task


@transaction.atomic
def cancel_task(*, task: Task, reason: str, by: Any) -> Task:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明取消的原因。")})
    move(
        task,
        taken_from=OPEN,
        to=Task.State.CANCELLED,
        cancelled_at=ledger.clock.now(),
        cancelled_by=person_of(by),
        cancel_reason=reason.strip()[:300],
    )
    ledger.record("plans.task.cancelled", of=task, by=by, data={"reason": reason.strip()[:300]})
    return task
