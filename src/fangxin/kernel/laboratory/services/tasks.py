"""Tasks: one sample that is to be taken, by whom and by when."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fangxin.kernel.laboratory import standards
from fangxin.kernel.laboratory.models import SamplingTask
from fangxin.kernel.laboratory.rules import FEWEST_SAMPLERS, Refused
from fangxin.kernel.laboratory.services.steps import insert, move, need_text
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people

State = SamplingTask.State
_SAMPLING = ("inspector", "department")


@transaction.atomic
def add_task(
    *,
    reason: str,
    purpose: str,
    regime: str,
    stage: str,
    division_code: str,
    food_class: str,
    agency: Any,
    due_on: date,
    food: str = "",
    premises: Any = None,
    parcel: Any = None,
    plan_line: Any = None,
    laboratory: Any = None,
    blind: bool = False,
    basis: str = "",
    asked_from: str | None = None,
    samplers: Iterable[Any] = (),
    by: Any,
) -> SamplingTask:
    """The same `asked_from` never asks twice: then the task that stands is returned."""
    if asked_from is not None:
        standing = SamplingTask.objects.filter(asked_from=asked_from).first()
        if standing is not None:
            return standing
    today = ledger.clock.today()
    if due_on < today:
        raise Refused({"due_on": _("最迟抽样日期已经过去，请核对。")})
    if standards.food_class(food_class, today) is None:
        raise Refused({"food_class": _("没有“%(name)s”这个食品大类，请从列表中选择。") % {"name": food_class}})
    task: SamplingTask = insert(
        SamplingTask(
            reason=reason, purpose=purpose, regime=regime, stage=stage, division_code=division_code,
            food_class=food_class, food=food.strip(), premises=premises, parcel=parcel, plan_line=plan_line,
            agency=agency, laboratory=laboratory, blind=blind, basis=basis[:200], asked_from=asked_from,
            due_on=due_on, made_at=ledger.clock.now(), made_by=ledger.Actor.of(by).username,
        )
    )  # fmt: skip
    task.samplers.set(list(samplers))
    ledger.record("laboratory.task.added", of=task, by=by, data={"reason": task.reason, "due": str(due_on)})
    return task


@transaction.atomic
def assign(
    *,
    tasks: Sequence[SamplingTask],
    samplers: Sequence[Any],
    laboratory: Any = None,
    due_on: date | None = None,
    by: Any,
) -> int:
    """Two people go; the laboratory may be named at once. All of the tasks or none."""
    people_going = list({user.pk: user for user in samplers}.values())
    if len(people_going) < FEWEST_SAMPLERS:
        raise Refused({"samplers": _("抽样人员不少于两名，请再选一名。")})
    if not tasks:
        raise Refused(_("没有勾选抽样任务。"))
    changes: dict[str, Any] = {}
    if laboratory is not None:
        changes["laboratory"] = laboratory
    if due_on is not None:
        changes["due_on"] = due_on
    for task in tasks:
        move(task, [State.OPEN], State.OPEN, "laboratory.task.assigned", by=by, **changes)
        task.samplers.set(people_going)
    return len(tasks)


@transaction.atomic
def cancel_task(*, task: SamplingTask, reason: str, by: Any) -> SamplingTask:
    reason = need_text(reason, "reason", _("请写明取消的原因。"))
    cancelled: SamplingTask = move(
        task, [State.OPEN], State.CANCELLED, "laboratory.task.cancelled", by=by, cancelled_reason=reason
    )
    return cancelled


def samplers_of(division_code: str, day: date | None = None) -> Any:
    """People whose post lets them sample in the division: those of its stations, and of the county above it."""
    on = day or ledger.clock.today()
    reach = people.under(division_code)
    for length in (4, 6, 9):
        if length < len(division_code):
            reach |= Q(division_code=division_code[:length])
    posts = people.Post.objects.filter(reach, role__in=_SAMPLING, starts_on__lte=on).exclude(ends_on__lt=on)
    return people.User.objects.filter(pk__in=posts.values("user_id"), is_active=True).order_by("username")


def laboratories(division_code: str) -> Any:
    """Laboratories of the county, and those of the prefecture and the province that work for it."""
    county = division_code[:6]
    near = people.under(county) | Q(division_code__in=[county[:2], county[:4]])
    return people.Agency.objects.filter(near, kind=people.Agency.Kind.LABORATORY, active=True).order_by("name")
