"""The risk order: learnt from the division's own inspections, checked on later ones, used by the plan only if it helps."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from math import sqrt
from statistics import mean, stdev
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines import ordering
from fangxin.kernel.fieldwork import rules, standards
from fangxin.kernel.fieldwork.models import PremisesRisk, RiskOrder
from fangxin.kernel.fieldwork.models.kinds import InspectionKind
from fangxin.kernel.fieldwork.selectors import history_rows
from fangxin.kernel.jobs import api as jobs
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry

TASK = "fangxin.kernel.fieldwork.tasks.learn_risks"
KEY, TARGET, DAY = "Inspection_ID", "serious", "date"
_SHARED = (KEY, "premises", "premises_kind", "township", "kind", DAY)
_PAST = ("applicable", "general_failed", TARGET)
# Older ones say little that newer ones do not; the bound keeps a province within memory.
MOST_INSPECTIONS = 200_000
WINDOW_DAYS, LONGEST_GAP = 60, 180
# Student's t for windows - 1 degrees of freedom, two-sided 95 %.
_T95 = {3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571}
_BATCH = 5000


def ask_to_learn(*, division_code: str, by: Any) -> jobs.Job:
    """Have the order learnt anew by a worker."""
    return jobs.enqueue(
        TASK, label=_("从历次检查学习风险次序"), arguments={"division_code": division_code, "user": by.pk}, by=by
    )


@transaction.atomic
def learn(*, division_code: str, by: Any) -> RiskOrder:
    """Learn, check and keep the order of every operating place that has a checklist. Raises rules.Refused."""
    today = ledger.clock.today()
    train = _table((*_SHARED, *_PAST), _newest(history_rows(division_code, today)))
    score = _table(_SHARED, _places(division_code, today))
    model = _fitted(train, score, today)
    if not model.out_of_time:
        raise rules.Refused(_("检查记录的时间太短，没法用以后的检查核对，暂按等级和上次结果安排。"))
    order = _keep(division_code, train, score, model, by)
    _write(order, score.columns["premises"], model.score(score))
    ledger.record(
        "fieldwork.risks.learnt", of=order, by=by, division_code=division_code,
        data={"inspections": order.inspections, "premises": order.premises, "usable": order.usable},
    )  # fmt: skip
    return order


def _newest(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(rows)[-MOST_INSPECTIONS:]


def _places(division_code: str, today: date) -> Iterator[dict[str, Any]]:
    rows = registry.Premises.objects.filter(
        people.under(division_code), merged_into=None, status="operating", kind__in=standards.codes_by_kind(today)
    )
    for pk, kind, code in rows.order_by("pk").values_list("pk", "kind", "division_code").iterator():
        township = code[:9]
        yield {
            KEY: pk, "premises": pk, "premises_kind": kind, "township": township, "kind": InspectionKind.ROUTINE,
            DAY: today,
        }  # fmt: skip


def _table(names: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> ordering.Table:
    return ordering.Table.of(names, [[str(row[name]) for name in names] for row in rows])


def _fitted(train: ordering.Table, score: ordering.Table, today: date) -> ordering.Model:
    try:
        columns = ordering.choose_columns(train, score, target=TARGET, key=KEY, when=DAY)
        gap = (today - date.fromisoformat(max(train.columns[DAY]))).days - 1
        return ordering.fit(train, columns, length_days=WINDOW_DAYS, gap_days=min(LONGEST_GAP, max(0, gap)))
    except ordering.Refused:
        raise rules.Refused(_("检查记录或者查出的严重问题太少，学不出次序，暂按等级和上次结果安排。")) from None


def _keep(
    division_code: str, train: ordering.Table, score: ordering.Table, model: ordering.Model, by: Any
) -> RiskOrder:
    low, area, high = _interval(model)
    return RiskOrder.objects.create(
        division_code=division_code, learnt_at=ledger.clock.now(), learnt_by=ledger.Actor.of(by).username, inspections=len(train),
        serious=train.columns[TARGET].count("1"), premises=len(score), windows=len(model.parts),
        checked=sum(len(part.found) for part in model.parts), area=area, area_low=low, area_high=high,
    )  # fmt: skip


def _interval(model: ordering.Model) -> tuple[float, float, float]:
    """Mean over the windows, with the interval that their spread gives."""
    areas = [ordering.area_under_curve(part.found, part.scores) for part in model.parts]
    known = [area for area in areas if area is not None]
    half = _T95[min(len(known), max(_T95))] * stdev(known) / sqrt(len(known))
    middle = mean(known)
    return max(0.0, middle - half), middle, min(1.0, middle + half)


def _write(order: RiskOrder, places: Iterable[str], chances: Iterable[float]) -> None:
    PremisesRisk.objects.filter(order__division_code=order.division_code).delete()
    rows = (
        PremisesRisk(order=order, premises_id=int(pk), probability=p) for pk, p in zip(places, chances, strict=True)
    )
    while batch := list(islice(rows, _BATCH)):
        PremisesRisk.objects.bulk_create(batch)


def risks_of(order: RiskOrder | None) -> dict[int, float]:
    """Chances by premises, for the plan; none without an order."""
    if order is None:
        return {}
    return dict(order.risks.values_list("premises_id", "probability").iterator())
