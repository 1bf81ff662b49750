"""The yearly plan: proposed by the allocation engine, changed by people with a reason, approved by a second person."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from fangxin.engines.evidence import canonical_json, digest
from fangxin.engines.sampling.allocation import (
    AllocationFault,
    AllocationRefused,
    Cell,
    Share,
    allocate,
    coverage_floors,
)
from fangxin.kernel.laboratory import standards
from fangxin.kernel.laboratory.data import PlanCell
from fangxin.kernel.laboratory.models import (
    PlanLine,
    Purpose,
    Regime,
    SampleVerdict,
    SamplingPlan,
    SamplingTask,
    Stage,
    Whole,
)
from fangxin.kernel.laboratory.rules import MovedOn, Refused
from fangxin.kernel.laboratory.services.steps import insert, move, named, need_text
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

State = SamplingPlan.State
TOWNSHIP_LENGTH = 9
# A place gives at most so many samples of one class in a year: one a quarter.
MOST_PER_PLACE = 4
_FARM_STAGES = (Stage.FARM,)


@transaction.atomic
def make_plan(
    *,
    year: int,
    agency: Any,
    division_code: str,
    total: int,
    food_classes: Iterable[str],
    purpose: str = Purpose.SUPERVISION,
    regime: str = Regime.MARKET,
    floor: int | None = None,
    township_floor: int = 1,
    information_share: Decimal | None = None,
    note: str = "",
    by: Any,
) -> SamplingPlan:
    """A draft whose numbers are computed from what stands in the register and from past results."""
    now = ledger.clock.now()
    practice = standards.practice(ledger.clock.today())
    plan: SamplingPlan = insert(
        SamplingPlan(
            year=year,
            agency=agency,
            division_code=division_code,
            name=_("%(place)s%(year)s年%(kind)s计划")
            % {"place": people.division_name(division_code), "year": year, "kind": Purpose(purpose).label},
            purpose=purpose,
            regime=regime,
            total=total,
            floor=practice.floor if floor is None else floor,
            township_floor=township_floor,
            information_share=practice.information_share if information_share is None else information_share,
            note=note.strip(),
            made_at=now,
            made_by=named(by),
        )
    )
    chosen = list(dict.fromkeys(food_classes))
    if not chosen:
        raise Refused({"food_classes": _("请至少选择一个食品大类。")})
    propose(plan=plan, food_classes=chosen, by=by)
    ledger.record("laboratory.plan.made", of=plan, by=by, data={"total": plan.total, "digest": plan.proposal_digest})
    return plan


@transaction.atomic
def propose(*, plan: SamplingPlan, food_classes: Sequence[str], by: Any) -> None:
    """Compute the numbers of a draft anew; what people had changed in it is lost, so the page asks before."""
    if plan.state != State.DRAFT:
        raise Refused(_("计划已经不是草稿，不能重新测算。"))
    cells = plan_cells(plan, food_classes)
    shares = {share.key: share for share in _shares(plan, cells)}
    plan.lines.all().delete()
    PlanLine.objects.bulk_create(
        [_line(plan, cell, shares[_key(cell)]) for cell in cells if cell.listed], batch_size=500
    )
    plan.proposal_digest = digest(canonical_json([_told(cell) for cell in cells]).encode())
    plan.save(update_fields=["proposal_digest"])


def plan_cells(plan: SamplingPlan, food_classes: Iterable[str]) -> list[PlanCell]:
    """Every class at every stage in every township, with the places listed there and what past results say."""
    on = ledger.clock.today()
    townships = [code for code, _name in people.townships(plan.division_code)]
    listed = listed_places(plan.division_code, on)
    past = past_results(plan.division_code, before=on, years=standards.practice(on).past_years)
    wanted = set(food_classes)
    stages = _FARM_STAGES if plan.regime == Regime.AGRICULTURE else tuple(Stage)
    return [
        PlanCell(one.name, stage, township, listed[stage, township], *past.get((one.name, stage, township), (0, 0)))
        for one in standards.food_classes(on)
        if one.name in wanted
        for stage in stages
        if stage in one.stages and (plan.regime == Regime.AGRICULTURE or stage != Stage.FARM)
        for township in townships
    ]


def listed_places(division_code: str, on: date) -> Counter[tuple[str, str]]:
    """Operating places by stage and township."""
    rows = registry.Premises.objects.filter(people.under(division_code), merged_into=None, status="operating")
    found = rows.order_by().values_list("kind", "division_code").annotate(n=Count("pk"))
    stages = {stage: set(standards.premises_kinds(stage, on)) for stage in Stage}
    counts: Counter[tuple[str, str]] = Counter()
    for kind, code, number in found:
        for stage, kinds in stages.items():
            if kind in kinds:
                counts[stage, code[:TOWNSHIP_LENGTH]] += number
    return counts


def past_results(division_code: str, *, before: date, years: int) -> dict[tuple[str, str, str], tuple[int, int]]:
    """(tested, failed) by class, stage and township. What could not be judged counts as neither."""
    judged = [Whole.CONFORMING, Whole.NONCONFORMING]
    rows = SampleVerdict.objects.filter(
        people.under(division_code), replaced_by=None, outcome__in=judged,
        made_on__lt=before, made_on__gte=before - timedelta(days=365 * years),
    )  # fmt: skip
    counts: Counter[tuple[str, str, str]] = Counter()
    failed: Counter[tuple[str, str, str]] = Counter()
    columns = ("sample__food_class", "sample__stage", "division_code", "outcome")
    for food_class, stage, code, outcome in rows.values_list(*columns).iterator():
        key = (food_class, stage, code[:TOWNSHIP_LENGTH])
        counts[key] += 1
        failed[key] += outcome == Whole.NONCONFORMING
    return {key: (tested, failed[key]) for key, tested in counts.items()}


def _key(cell: PlanCell) -> str:
    return f"{cell.food_class}|{cell.stage}|{cell.division_code}"


def _told(cell: PlanCell) -> list[Any]:
    return [cell.food_class, cell.stage, cell.division_code, cell.listed, cell.tested, cell.failed]


def _shares(plan: SamplingPlan, cells: Sequence[PlanCell]) -> tuple[Share, ...]:
    prior = standards.practice(ledger.clock.today()).prior
    bare = [Cell(_key(c), c.listed, c.tested, c.failed, 0, c.listed * MOST_PER_PLACE) for c in cells]
    groups = {_key(c): (f"{c.food_class}|{c.stage}", c.division_code) for c in cells}
    floors: Mapping[str, int] = {c.division_code: plan.township_floor for c in cells} | {
        f"{c.food_class}|{c.stage}": plan.floor for c in cells
    }
    least = coverage_floors(bare, groups, floors)
    try:
        return allocate(
            [Cell(c.key, c.size, c.tested, c.failed, least[c.key], c.ceiling) for c in bare],
            total=plan.total,
            prior=prior,
            learning=Decimal(plan.information_share),
        )
    except AllocationRefused as refused:
        raise Refused({"total": _refusal(refused)}) from None


def _refusal(refused: AllocationRefused) -> str:
    texts = {
        AllocationFault.FLOORS_EXCEED_TOTAL: _("要保证每类食品、每个乡镇的最少批次，总批次至少要%(n)s。请增加总批次或者降低最少批次。"),
        AllocationFault.CEILINGS_BELOW_TOTAL: _("底册里的场所最多够抽%(n)s批次（每户每类每季一次）。请减少总批次。"),
        AllocationFault.NOTHING_LISTED: _("底册里没有可以抽样的在营场所。请先建好底册，或者换食品大类。"),
    }  # fmt: skip
    return texts[refused.fault] % {"n": refused.needed}


def _line(plan: SamplingPlan, cell: PlanCell, share: Share) -> PlanLine:
    return PlanLine(
        plan=plan, food_class=cell.food_class, stage=cell.stage, division_code=cell.division_code, listed=cell.listed,
        past_tested=cell.tested, past_failed=cell.failed, expected_rate=share.rate.quantize(Decimal("0.00001")),
        proposed=share.count, planned=share.count,
    )  # fmt: skip


@transaction.atomic
def change_line(*, line: PlanLine, planned: int, reason: str, by: Any) -> PlanLine:
    """A person decides otherwise, and says why; back to the proposal needs no reason."""
    if not 0 <= planned <= 10_000:
        raise Refused({"planned": _("批次应在0到10000之间。")})
    changed = planned != line.proposed
    reason = need_text(reason, "reason", _("与测算不同，请写明理由。")) if changed else ""
    fresh = PlanLine.objects.filter(pk=line.pk, plan__state=State.DRAFT)
    if fresh.update(planned=planned, reason=reason, changed_by=named(by) if changed else "") != 1:
        raise MovedOn(_("计划已经不是草稿，批次没有改动。需要调整的，请先撤回计划。"))
    line.refresh_from_db()
    ledger.record(
        "laboratory.plan.line_changed",
        of=line.plan,
        by=by,
        division_code=line.division_code,
        data={"class": line.food_class, "stage": line.stage, "proposed": line.proposed, "planned": planned},
    )
    return line


@transaction.atomic
def approve_plan(*, plan: SamplingPlan, by: Any) -> SamplingPlan:
    """By somebody else than who made it. What people changed becomes the plan's total."""
    username = named(by)
    if username == plan.made_by:
        raise Refused(_("编制人不能批准自己编制的计划，请由另一人批准。"))
    total = plan.lines.aggregate(n=Sum("planned"))["n"] or 0
    if not total:
        raise Refused(_("计划里没有批次，不能批准。"))
    now = ledger.clock.now()
    moved: SamplingPlan = move(
        plan, [State.DRAFT], State.APPROVED, "laboratory.plan.approved",
        by=by, total=total, approved_at=now, approved_by=username, data={"total": total},
    )  # fmt: skip
    return moved


@transaction.atomic
def withdraw_plan(*, plan: SamplingPlan, reason: str, by: Any) -> SamplingPlan:
    """Open tasks are cancelled with it; samples that were taken stay."""
    reason = need_text(reason, "reason", _("请写明撤回的原因。"))
    move(
        plan, [State.DRAFT, State.APPROVED], State.WITHDRAWN, "laboratory.plan.withdrawn",
        by=by, withdrawn_reason=reason,
    )  # fmt: skip
    SamplingTask.objects.filter(plan_line__plan=plan, state=SamplingTask.State.OPEN).update(
        state=SamplingTask.State.CANCELLED, cancelled_reason=reason
    )
    return plan
