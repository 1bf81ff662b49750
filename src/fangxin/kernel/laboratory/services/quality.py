"""Quality samples, runs, and what Westgard's rules say of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines import quality_control
from fangxin.engines.quality_control import ControlValue, RunVerdict, Target
from fangxin.kernel.laboratory import rules_results as rules
from fangxin.kernel.laboratory.models import AnalyticalRun, ControlPoint, QualitySample
from fangxin.kernel.laboratory.rules import MovedOn, Refused
from fangxin.kernel.laboratory.services.steps import insert, named, need_text
from fangxin.kernel.ledger import api as ledger

Outcome = AnalyticalRun.Outcome
SERIES = "laboratory-run"
# Longer than the longest rule looks back, for two levels.
LOOK_BACK = 40


@transaction.atomic
def add_quality_sample(
    *, laboratory: Any, analyte: str, level: str, lot: str, unit: str, mean: str, sd: str, method: str = "",
    found_from: int = 20, by: Any,
) -> QualitySample:  # fmt: skip
    target, spread = rules.number_in(mean), rules.number_in(sd)
    if not target:
        raise Refused({"mean": _("靶值请填数字。")})
    if not spread or Decimal(spread) <= 0:
        raise Refused({"sd": _("标准差请填大于0的数字。")})
    row: QualitySample = insert(
        QualitySample(
            laboratory=laboratory, division_code=laboratory.division_code,
            analyte=need_text(analyte, "analyte", _("请填写检验项目。"), most=120), method=method.strip(),
            level=need_text(level, "level", _("请填写水平。"), most=30), lot=need_text(lot, "lot", _("请填写批号。"), most=60),
            unit=need_text(unit, "unit", _("请填写单位。"), most=30), mean=target, sd=spread, found_from=found_from,
            made_at=ledger.clock.now(), made_by=named(by),
        )
    )  # fmt: skip
    ledger.record("laboratory.quality_sample.added", of=row, by=by, data={"mean": target, "sd": spread})
    return row


@transaction.atomic
def measure_run(
    *, laboratory: Any, analyte: str, values: Mapping[QualitySample, str], method: str = "",
    measured_on: date | None = None, by: Any,
) -> AnalyticalRun:  # fmt: skip
    """Open a run with the values of its controls, and judge it at once."""
    today = ledger.clock.today()
    on = measured_on or today
    if on > today:
        raise Refused({"measured_on": _("测定日期还没有到，请核对。")})
    if not values:
        raise Refused(_("请至少填写一个质控样的测定值。"))
    run: AnalyticalRun = insert(
        AnalyticalRun(
            number=f"QC{on.year}-{ledger.next_number(SERIES, on.year):05d}",
            laboratory=laboratory, division_code=laboratory.division_code, analyte=analyte, method=method.strip(),
            measured_on=on, opened_at=ledger.clock.now(), opened_by=named(by),
        )
    )  # fmt: skip
    for control, text in values.items():
        _point(run, control, text, named(by))
    verdict = judge_run(run)
    run.outcome, run.violations = Outcome(verdict.outcome.value), told(verdict, run)
    run.save(update_fields=["outcome", "violations"])
    ledger.record("laboratory.run.measured", of=run, by=by, data={"outcome": run.outcome})
    return run


def _point(run: AnalyticalRun, control: QualitySample, text: str, username: str) -> None:
    number = rules.number_in(text)
    if not number:
        raise Refused(_("%(control)s的测定值“%(text)s”不是数字。") % {"control": control, "text": text[:20]})
    if control.analyte != run.analyte or control.laboratory_id != run.laboratory_id:
        raise Refused(_("%(control)s不是这个项目的质控样。") % {"control": control})
    insert(
        ControlPoint(quality_sample=control, run=run, number=number, entered_at=ledger.clock.now(), entered_by=username)
    )


def judge_run(run: AnalyticalRun) -> RunVerdict:
    """The verdict on a run, seen with the runs before it."""
    return judge_runs_until(run)[-1]


def judge_runs_until(run: AnalyticalRun) -> tuple[RunVerdict, ...]:
    points = _series(run)
    targets = {str(p.quality_sample_id): _target(p.quality_sample) for p in points}
    values = [ControlValue(str(p.run_id), str(p.quality_sample_id), Decimal(p.number)) for p in points]
    return quality_control.judge_runs(values, targets)


def _series(run: AnalyticalRun) -> list[ControlPoint]:
    """The controls of this run and of the runs of the same item and method before it, oldest first."""
    runs = AnalyticalRun.objects.filter(
        laboratory=run.laboratory_id, analyte=run.analyte, method=run.method, pk__lte=run.pk
    )
    latest = list(runs.order_by("-pk").values_list("pk", flat=True)[:LOOK_BACK])
    rows = ControlPoint.objects.filter(run__in=latest).select_related("quality_sample", "run")
    return list(rows.order_by("run_id", "pk"))


def _target(control: QualitySample) -> Target:
    return Target(Decimal(control.mean), Decimal(control.sd))


def told(verdict: RunVerdict, run: AnalyticalRun) -> list[dict[str, Any]]:
    """The violations as the database keeps them: rule, level, values."""
    points: Sequence[ControlPoint] = _series(run)
    return [
        {
            "rule": violation.rule.value,
            "level": str(points[violation.places[-1]].quality_sample.level) if violation.level else "",
            "values": [points[place].number for place in violation.places],
        }
        for violation in verdict.violations
    ]


@transaction.atomic
def release(*, run: AnalyticalRun, reason: str, by: Any) -> AnalyticalRun:
    """Somebody signs why the results of a rejected run may stand. Not the one who measured it."""
    reason = need_text(reason, "reason", _("请写明失控原因和放行理由。"), most=400)
    username = named(by)
    if run.opened_by == username:
        raise Refused(_("测定人不能放行自己的分析批，请由另一名负责人放行。"))
    changes = {"released_at": ledger.clock.now(), "released_by": username, "release_reason": reason}
    rejected = AnalyticalRun.objects.filter(pk=run.pk, outcome=Outcome.REJECTED, released_at=None)
    if rejected.update(**changes) != 1:
        raise MovedOn(_("这一批没有失控，或者已经放行。"))
    run.refresh_from_db()
    ledger.record("laboratory.run.released", of=run, by=by, data={"reason": reason})
    return run
