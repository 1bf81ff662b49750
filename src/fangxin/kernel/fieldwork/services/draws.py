"""The draw of whom to check and by whom: sealed first, drawn after, open to be drawn again by anybody."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines import sampling
from fangxin.engines.evidence import canonical_json
from fangxin.kernel.fieldwork import rules, standards
from fangxin.kernel.fieldwork.models import Draw, Inspection, InspectionOfficer, PlannedVisit, Recusal
from fangxin.kernel.fieldwork.models.kinds import InspectionKind
from fangxin.kernel.fieldwork.selectors import standing_grades
from fangxin.kernel.fieldwork.services.steps import named, need_text
from fangxin.kernel.fieldwork.services.visits import inspecting_agency
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

State = Draw.State
SERIES = "fieldwork.draw"
TOWNSHIP_LENGTH = 9
NOT_GRADED = "none"
UNSEALED = "0" * 64
_BATCH = 500
_INSPECTORS = ("inspector", "department")


def plan_of_register(
    *,
    title: str,
    year: int,
    division_code: str,
    quotas: Sequence[sampling.Quota],
    public_source: str,
    kinds: Iterable[str] = (),
    exploration: Decimal = Decimal("0.2"),
    max_visits: int = 50,
    team_size: int = rules.FEWEST_OFFICERS,
    last_visit: sampling.LastVisit = sampling.LastVisit.ONE_NEW,
    avoid_own_township: bool = False,
    weights: Mapping[int, Decimal] | None = None,
    inspectors: Iterable[Any] | None = None,
    purpose: str = "",
) -> sampling.DrawPlan:
    """The engine's plan from the register: who can be drawn and who can go. Not sealed yet.

    Ids are register numbers and account numbers, so that the file can be published; `weights` shift the chances by
    premises key; without `inspectors` everybody who may inspect in the division.
    """
    today = ledger.clock.today()
    wanted = set(kinds) or set(standards.codes_by_kind(today))
    rows = registry.Premises.objects.filter(
        people.under(division_code), merged_into=None, status="operating", kind__in=wanted
    )
    places = list(rows.order_by("number").values_list("pk", "number", "name", "kind", "division_code"))
    grades = standing_grades(division_code, year)
    last = _last_teams(division_code)
    targets = tuple(
        sampling.Target(
            id=number,
            name=name,
            grade=grades.get(pk, NOT_GRADED),
            township=code[:TOWNSHIP_LENGTH],
            kind=kind,
            weight=Decimal(1) if weights is None else weights.get(pk, Decimal(1)),
            last_inspectors=last.get(pk, ()),
        )
        for pk, number, name, kind, code in places
    )
    going = list(inspectors_of(division_code)) if inspectors is None else list(inspectors)
    return sampling.DrawPlan(
        title=title.strip(),
        commitment=UNSEALED,
        public_source=public_source.strip(),
        targets=targets,
        inspectors=_inspectors(going, {pk: number for pk, number, *_rest in places}, max_visits),
        quotas=tuple(quotas),
        exploration=exploration,
        purpose=purpose.strip(),
        year=year,
        team_size=team_size,
        last_visit=last_visit,
        avoid_own_township=avoid_own_township,
    )


def inspectors_of(division_code: str, day: date | None = None) -> Any:
    """People whose post lets them inspect somewhere in the division."""
    on = day or ledger.clock.today()
    posts = people.Post.objects.filter(people.under(division_code), role__in=_INSPECTORS, starts_on__lte=on)
    posts = posts.exclude(ends_on__lt=on)
    return people.User.objects.filter(pk__in=posts.values("user_id"), is_active=True).order_by("pk")


def _inspectors(users: Iterable[Any], numbers: Mapping[int, str], most: int) -> tuple[sampling.Inspector, ...]:
    barred: dict[int, list[str]] = {}
    for user_id, premises_id in Recusal.objects.filter(ended_at=None).values_list("user_id", "premises_id"):
        if premises_id in numbers:
            barred.setdefault(user_id, []).append(numbers[premises_id])
    return tuple(
        sampling.Inspector(
            id=_inspector_id(user.pk),
            max_visits=most,
            township=_township(user),
            recused=tuple(barred.get(user.pk, ())),
        )
        for user in users
    )


def _inspector_id(pk: int) -> str:
    return f"R{pk}"


def _township(user: Any) -> str:
    codes = [post.division_code for post in user.posts_today if len(post.division_code) >= TOWNSHIP_LENGTH]
    return codes[0][:TOWNSHIP_LENGTH] if codes else ""


def _last_teams(division_code: str) -> dict[int, tuple[str, ...]]:
    """Who made the last inspection of each place."""
    rows = Inspection.objects.filter(people.under(division_code)).exclude(state=Inspection.State.CANCELLED)
    last = dict(rows.order_by("started_on", "pk").values_list("premises_id", "pk"))
    teams: dict[int, list[str]] = {}
    of_inspection = {inspection: premises for premises, inspection in last.items()}
    members = InspectionOfficer.objects.filter(people.under(division_code, "inspection__division_code"))
    for inspection_id, user_id in members.values_list("inspection_id", "user_id").iterator():
        if inspection_id in of_inspection:
            teams.setdefault(of_inspection[inspection_id], []).append(_inspector_id(user_id))
    return {premises: tuple(team) for premises, team in teams.items()}


@transaction.atomic
def commit_draw(
    *,
    title: str,
    year: int,
    agency: Any,
    division_code: str,
    plan: sampling.DrawPlan,
    seed: bytes | None = None,
    salt: bytes | None = None,
    by: Any,
) -> Draw:
    """Seal plan and seed: their digests stand in the ledger before anybody can know the public value."""
    secret, grain = (
        seed or secrets.token_bytes(sampling.SECRET_BYTES),
        salt or secrets.token_bytes(sampling.SECRET_BYTES),
    )
    sealed = replace(plan, commitment=sampling.commitment_of(secret, grain))
    check_plan(sealed)
    today = ledger.clock.today()
    draw = Draw(
        number=f"CQ{today.year}-{ledger.next_number(SERIES, today.year):04}",
        title=need_text(title, "title", _("请填写抽取的名称。"), most=120),
        year=year,
        division_code=division_code,
        agency=agency,
        plan=canonical_json(sampling.plan_to_mapping(sealed)),
        plan_digest=sampling.plan_digest(sealed),
        commitment=sealed.commitment,
        seed=f"{secret.hex()}:{grain.hex()}",
        public_value_source=sealed.public_source,
        committed_at=ledger.clock.now(),
        committed_by=named(by),
    )
    draw.clean_fields()
    draw.save(force_insert=True)
    told = {"plan": draw.plan_digest, "commitment": draw.commitment, "public_source": draw.public_value_source}
    ledger.record("fieldwork.draw.committed", of=draw, by=by, data=told)
    return draw


def check_plan(plan: sampling.DrawPlan) -> None:
    problems = sampling.check_plan(plan)
    if problems:
        raise rules.Refused([_problem_text(one) for one in problems[:10]])
    try:
        sampling.inclusion(plan)
    except sampling.PlanRefused as refused:
        raise rules.Refused([_problem_text(one) for one in refused.problems[:10]]) from None


def _problem_text(problem: sampling.PlanProblem) -> str:
    texts = {
        sampling.PlanFault.EMPTY: _("没有可以抽取的对象或者人员。"),
        sampling.PlanFault.QUOTA_MISSING: _("有的分组没有写抽取数量，其中的对象就没有机会被抽中。"),
        sampling.PlanFault.QUOTA_WITHOUT_TARGETS: _("给没有对象的分组写了抽取数量。"),
        sampling.PlanFault.QUOTA_TOO_LARGE: _("抽取数量超过了分组里的对象数。"),
        sampling.PlanFault.SHARES_NOT_ONE: _("各组比例相加应等于1。"),
        sampling.PlanFault.TOTALS_DIFFER: _("两种分组的抽取总数不一致。"),
        sampling.PlanFault.IMPOSSIBLE_TOGETHER: _("两种分组的数量不能同时满足。"),
        sampling.PlanFault.OUT_OF_RANGE: _("有的数值超出范围。"),
    }
    text = texts.get(problem.fault, _("抽取方案有一处填写不对。"))
    return f"{text}（{problem.found or problem.pointer}）" if problem.found or problem.pointer else text


def plan_of_draw(draw: Draw) -> sampling.DrawPlan:
    return sampling.plan_from(sampling.parse_json(draw.plan.encode()))


@transaction.atomic
def run_draw(
    *, draw: Draw, public_value: str, public_value_source: str = "", due_on: date | None = None, by: Any
) -> Draw:
    """Draw with the public value that has appeared since; the visits drawn are owed by `due_on` (the year's end)."""
    public_value = public_value.strip()
    if not sampling.is_public_value(public_value):
        raise rules.Refused({"public_value": _("请照原样填写公开随机数。")})
    seed, salt = (bytes.fromhex(part) for part in draw.seed.split(":"))
    result = sampling.draw(plan_of_draw(draw), seed=seed, salt=salt, public=public_value)
    _advance(
        draw,
        State.COMMITTED,
        "drawn",
        by=by,
        state=State.DRAWN,
        public_value=public_value,
        public_value_source=public_value_source.strip() or draw.public_value_source,
        drawn_at=ledger.clock.now(),
        drawn_by=named(by),
        result=ledger.store_evidence(name=f"{draw.number}.json", content=sampling.write_result(result), by=by),
        told={"result": sampling.result_digest(result), "drawn": len(result.drawn), "unserved": len(result.unserved)},
    )
    _owe(draw, result, due_on or max(date(draw.year, 12, 31), ledger.clock.today()), by=by)
    return draw


def _owe(draw: Draw, result: sampling.DrawResult, due_on: date, *, by: Any) -> None:
    today = ledger.clock.today()
    drawn = result.drawn
    places = registry.Premises.objects.in_bulk([t.id for t in drawn], field_name="number")
    codes, agencies = standards.codes_by_kind(today), {}
    visits = []
    for target in drawn:
        premises = places[target.id]
        township = premises.division_code[:TOWNSHIP_LENGTH]
        if township not in agencies:
            agencies[township] = inspecting_agency(premises.division_code)
        visits.append(
            PlannedVisit(
                draw=draw, premises=premises, division_code=premises.division_code, agency=agencies[township],
                kind=InspectionKind.ROUTINE, reason=PlannedVisit.Reason.DRAWN, basis=f"{draw.number} 第{target.order}号",
                asked_from=f"fieldwork.draw:{draw.pk}:{premises.pk}", checklist=codes.get(premises.kind, ""),
                from_on=today, due_on=due_on, made_at=ledger.clock.now(), made_by=named(by),
            )
        )  # fmt: skip
    PlannedVisit.objects.bulk_create(visits, batch_size=_BATCH)
    through = PlannedVisit.officers.through
    teams = [
        through(plannedvisit_id=visit.pk, user_id=int(inspector.removeprefix("R")))
        for visit, target in zip(visits, drawn, strict=True)
        for inspector in target.team
    ]
    through.objects.bulk_create(teams, batch_size=_BATCH)


@transaction.atomic
def publish_draw(*, draw: Draw, by: Any) -> Draw:
    now = ledger.clock.now()
    return _advance(
        draw, State.DRAWN, "published", by=by, state=State.PUBLISHED, published_at=now, published_by=named(by)
    )


@transaction.atomic
def withdraw_draw(*, draw: Draw, reason: str, by: Any) -> Draw:
    """Void a draw, with its open visits. A withdrawn draw stays to be seen: nobody draws until the result pleases."""
    reason = need_text(reason, "reason", _("请写明作废的原因。"), most=200)
    if draw.visits.filter(state__in=["started", "done"]).exists():
        raise rules.Refused(_("抽中的对象已经开始检查，不能作废。"))
    _advance(draw, draw.state, "withdrawn", by=by, state=State.WITHDRAWN, withdrawn_reason=reason)
    draw.visits.filter(state=PlannedVisit.State.OPEN).update(
        state=PlannedVisit.State.CANCELLED, cancelled_reason=reason
    )
    return draw


def _advance(
    draw: Draw, before: str, event: str, *, by: Any, told: Mapping[str, Any] | None = None, **changes: Any
) -> Draw:
    fresh = Draw.objects.filter(pk=draw.pk, state=before).exclude(state=State.WITHDRAWN)
    if fresh.update(**changes) != 1:
        draw.refresh_from_db()
        raise rules.MovedOn(
            _("抽取%(number)s现在是“%(state)s”，这一步不能办理或者已经有人办理。请刷新页面再看。")
            % {"number": draw.number, "state": draw.get_state_display()}
        )
    for name, value in changes.items():
        setattr(draw, name, value)
    ledger.record(f"fieldwork.draw.{event}", of=draw, by=by, data=dict(told or {}))
    return draw
