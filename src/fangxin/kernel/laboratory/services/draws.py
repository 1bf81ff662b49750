"""The draw of whom to sample: sealed first, drawn with a public value, open to be drawn again by anybody."""

import secrets
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from fangxin.engines import sampling
from fangxin.engines.evidence import canonical_json
from fangxin.kernel.laboratory import standards
from fangxin.kernel.laboratory.models import PlanLine, SamplingDraw, SamplingPlan, SamplingTask
from fangxin.kernel.laboratory.rules import Refused
from fangxin.kernel.laboratory.services.plans import TOWNSHIP_LENGTH
from fangxin.kernel.laboratory.services.steps import insert, move, named, need_text
from fangxin.kernel.laboratory.services.tasks import samplers_of
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

State = SamplingDraw.State
SERIES = "laboratory.draw"
# This share of the chances is blind to everything: nobody is ever out of reach.
EXPLORATION = Decimal("0.2")
MOST_VISITS = 400


def owed_lines(plan: SamplingPlan, food_class: str, stage: str) -> list[tuple[PlanLine, int]]:
    """Cells of a class at a stage, with how many samples nobody has been asked for yet."""
    standing = Count("tasks", filter=~Q(tasks__state=SamplingTask.State.CANCELLED))
    rows = plan.lines.filter(food_class=food_class, stage=stage).annotate(asked=standing)
    return [(line, line.planned - line.asked) for line in rows.filter(planned__gt=F("asked")).order_by("division_code")]


def plan_of(
    plan: SamplingPlan, *, food_class: str, stage: str, public_source: str, share: Decimal = Decimal(1)
) -> sampling.DrawPlan:
    """The engine's plan: the places of the stage in the townships where samples are owed. Not sealed yet.

    `share` is the part of what is owed that is drawn this time, at least one a township. Where fewer places stand than
    samples are owed, each gets one now and the rest waits for the next draw.
    """
    owed = {line.division_code: number for line, number in owed_lines(plan, food_class, stage)}
    if not owed:
        raise Refused(_("这一格的批次都已安排，没有要抽的。"))
    kinds = standards.premises_kinds(stage, ledger.clock.today())
    rows = registry.Premises.objects.filter(
        people.under(plan.division_code), kind__in=kinds, merged_into=None, status="operating"
    )
    places = rows.order_by("number").values_list("number", "name", "kind", "division_code")
    targets = tuple(
        sampling.Target(id=number, name=name, kind=kind, township=code[:TOWNSHIP_LENGTH])
        for number, name, kind, code in places
        if code[:TOWNSHIP_LENGTH] in owed
    )
    standing = Counter(target.township for target in targets)
    counts = {town: min(max(1, int(owed[town] * share)), number) for town, number in standing.items()}
    return sampling.DrawPlan(
        title=f"{plan.name} {food_class}",
        commitment="0" * 64,
        public_source=public_source.strip(),
        targets=targets,
        inspectors=_samplers(plan.division_code),
        quotas=(sampling.Quota(by=sampling.StratumKey.TOWNSHIP, counts=counts),),
        exploration=EXPLORATION,
        year=plan.year,
        last_visit=sampling.LastVisit.ANY,
    )


def _samplers(division_code: str) -> tuple[sampling.Inspector, ...]:
    """By account name, so that the file says the same on every machine."""
    users = samplers_of(division_code)
    return tuple(sampling.Inspector(id=user.username, max_visits=MOST_VISITS) for user in users)


@transaction.atomic
def commit_draw(
    *,
    plan: SamplingPlan,
    food_class: str,
    stage: str,
    public_source: str,
    due_on: date,
    share: Decimal = Decimal(1),
    seed: bytes | None = None,
    salt: bytes | None = None,
    by: Any,
) -> SamplingDraw:
    """Seal list, numbers and seed: their digests stand in the ledger before anybody can know the public value."""
    if plan.state != SamplingPlan.State.APPROVED:
        raise Refused(_("计划批准以后才能抽取抽样对象。"))
    need_text(public_source, "public_source", _("请写明公开随机数的出处，如“某月某日福利彩票双色球开奖号码”。"))
    secret, grain = (
        seed or secrets.token_bytes(sampling.SECRET_BYTES),
        salt or secrets.token_bytes(sampling.SECRET_BYTES),
    )
    wanted = plan_of(plan, food_class=food_class, stage=stage, public_source=public_source, share=share)
    sealed = replace(wanted, commitment=sampling.commitment_of(secret, grain))
    if sampling.check_plan(sealed):
        raise Refused(_("没有可以抽取的场所，或者抽样人员不足两名。请先核对底册和人员岗位。"))
    year = ledger.clock.today().year
    draw: SamplingDraw = insert(
        SamplingDraw(
            number=f"CYCQ{year}-{ledger.next_number(SERIES, year):04}", plan=plan, food_class=food_class, stage=stage,
            division_code=plan.division_code, body=canonical_json(sampling.plan_to_mapping(sealed)),
            plan_digest=sampling.plan_digest(sealed), commitment=sealed.commitment,
            seed=f"{secret.hex()}:{grain.hex()}", public_value_source=sealed.public_source, due_on=due_on,
            committed_at=ledger.clock.now(), committed_by=named(by),
        )
    )  # fmt: skip
    told = {"plan": draw.plan_digest, "commitment": draw.commitment, "public_source": draw.public_value_source}
    ledger.record("laboratory.draw.committed", of=draw, by=by, data=told)
    return draw


def plan_of_draw(draw: SamplingDraw) -> sampling.DrawPlan:
    return sampling.plan_from(sampling.parse_json(draw.body.encode()))


@transaction.atomic
def run_draw(*, draw: SamplingDraw, public_value: str, by: Any) -> SamplingDraw:
    """Draw with the value that has appeared since; each place drawn becomes a task of its team."""
    public_value = public_value.strip()
    if not sampling.is_public_value(public_value):
        raise Refused({"public_value": _("请照原样填写公开随机数。")})
    seed, salt = (bytes.fromhex(part) for part in draw.seed.split(":"))
    result = sampling.draw(plan_of_draw(draw), seed=seed, salt=salt, public=public_value)
    file = ledger.store_evidence(name=f"{draw.number}.json", content=sampling.write_result(result), by=by)
    move(
        draw, [State.COMMITTED], State.DRAWN, "laboratory.draw.drawn", by=by, public_value=public_value,
        drawn_at=ledger.clock.now(), drawn_by=named(by), result=file,
        data={"result": sampling.result_digest(result), "drawn": len(result.drawn)},
    )  # fmt: skip
    _ask(draw, result, by=by)
    return draw


def _ask(draw: SamplingDraw, result: sampling.DrawResult, *, by: Any) -> None:
    plan, now = draw.plan, ledger.clock.now()
    places = registry.Premises.objects.in_bulk([t.id for t in result.drawn], field_name="number")
    lines = {line.division_code: line for line in plan.lines.filter(food_class=draw.food_class, stage=draw.stage)}
    tasks = [
        SamplingTask(
            plan_line=lines[places[target.id].division_code[:TOWNSHIP_LENGTH]], draw=draw, reason=SamplingTask.Reason.PLAN,
            purpose=plan.purpose, regime=plan.regime, stage=draw.stage, food_class=draw.food_class, agency=plan.agency,
            premises=places[target.id], division_code=places[target.id].division_code, due_on=draw.due_on,
            basis=f"{draw.number} 第{target.order}号", asked_from=f"laboratory.draw:{draw.number}:{target.id}",
            made_at=now, made_by=ledger.Actor.of(by).username,
        )
        for target in result.drawn
    ]  # fmt: skip
    SamplingTask.objects.bulk_create(tasks, batch_size=500)
    through = SamplingTask.samplers.through
    keys = dict(people.User.objects.values_list("username", "pk"))
    teams = [
        through(samplingtask_id=task.pk, user_id=keys[member])
        for task, target in zip(tasks, result.drawn, strict=True)
        for member in target.team
    ]
    through.objects.bulk_create(teams, batch_size=500)


@transaction.atomic
def withdraw_draw(*, draw: SamplingDraw, reason: str, by: Any) -> SamplingDraw:
    """Void a draw with its open tasks. It stays to be seen: nobody draws until the result pleases."""
    reason = need_text(reason, "reason", _("请写明作废的原因。"))
    if draw.tasks.filter(state=SamplingTask.State.TAKEN).exists():
        raise Refused(_("抽中的对象已经抽样，不能作废。"))
    move(
        draw, [State.COMMITTED, State.DRAWN], State.WITHDRAWN, "laboratory.draw.withdrawn",
        by=by, withdrawn_reason=reason,
    )  # fmt: skip
    draw.tasks.filter(state=SamplingTask.State.OPEN).update(state=SamplingTask.State.CANCELLED, cancelled_reason=reason)
    return draw
