"""Produce beside soil: metals in what grew on a parcel, as the laboratory told them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from fangxin.actions.origin import rules
from fangxin.actions.origin.models import ProduceResult
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import who
from fangxin.kernel.registry import api as registry


@dataclass(frozen=True, slots=True)
class NewProduce:
    """One result beside a parcel. `limit` in the unit of the value, where a limit was compared."""

    parcel: Any
    sample_number: str
    food: str
    analyte: str
    element: str
    expression: str
    unit: str
    outcome: str
    sampled_on: date
    value: Decimal | None = None
    limit: Decimal | None = None
    standard: str = ""


def verdict_told(announcement: Announcement, *, by: Any) -> None:
    """A verdict of the laboratory: kept where it speaks of a metal in the produce of a parcel."""
    facts = announcement.facts
    element = rules.element_of(str(facts.get("analyte", "")), str(facts.get("food", "")))
    parcel = registry.Parcel.objects.filter(pk=facts.get("parcel_id")).first() if element else None
    if parcel is None:
        return
    limit, standard = rules.produce_limit(facts)
    load_produce([_from(facts, parcel, element, limit, standard)], by=by)


def _from(facts: Mapping[str, Any], parcel: Any, element: str, limit: Decimal | None, standard: str) -> NewProduce:
    return NewProduce(
        parcel=parcel,
        sample_number=str(facts["sample_no"]),
        food=str(facts["food"]),
        analyte=str(facts["analyte"]),
        element=element,
        expression=str(facts["expression"]),
        unit=str(facts["unit"]),
        outcome=str(facts["outcome"]),
        sampled_on=facts["sampled_on"],
        value=facts["value"],
        limit=limit,
        standard=standard,
    )


@transaction.atomic
def load_produce(values: Iterable[NewProduce], *, by: Any) -> list[ProduceResult]:
    rows = [_row(value, by) for value in values]
    for row in rows:
        row.clean_fields(exclude=["parcel"])
    ProduceResult.objects.bulk_create(rows, batch_size=300)
    ledger.record_many(
        [ledger.build_entry("origin.produce.told", of=row, by=by, data={"outcome": row.outcome}) for row in rows]
    )
    return rows


def _row(value: NewProduce, by: Any) -> ProduceResult:
    multiple = None
    if value.value is not None and value.limit:
        multiple = min(value.value / value.limit, Decimal(99_999_999)).quantize(Decimal("0.0001"))
    return ProduceResult(
        parcel=value.parcel, division_code=value.parcel.division_code, sample_number=value.sample_number[:60],
        food=value.food[:120], analyte=value.analyte[:40], element=value.element, value=value.expression[:40],
        unit=value.unit[:20], limit=value.limit, multiple=multiple, outcome=value.outcome,
        standard=value.standard[:80], sampled_on=value.sampled_on, told_at=ledger.clock.now(), told_by=who(by),
    )  # fmt: skip
