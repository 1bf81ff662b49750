"""A farm's harvests are what certificates of compliance are given for, and its locks stand in their way."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from fangxin.actions.farm_inputs import selectors
from fangxin.actions.farm_inputs.services import records
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.registry import api as registry
from fangxin.kernel.supply.services import certificates


def harvest(batch: Any, by: Any, quantity: str, day: date) -> Any:
    return records.record_harvest(batch=batch, on=day, quantity=Decimal(quantity), all_the_same=True, by=by)


def issue(farm: Any, by: Any, quantity: str, **given: Any) -> Any:
    [batch] = contribute.batches_at(farm.premises_id)
    return certificates.issue(
        premises=farm.premises, food=batch.facts.food, quantity=Decimal(quantity), unit=batch.unit, batch=batch,
        bases=["quality_control"], promised=True, by=by, **given,
    )  # fmt: skip


def test_what_was_harvested_can_be_certified_and_no_more(farm: Any, spinach: Any, farm_department: Any) -> None:
    assert contribute.batches_at(farm.premises_id) == []
    harvest(spinach, farm_department, "100", date(2023, 3, 13))
    row = issue(farm, farm_department, "60")
    assert (row.food, row.harvested_on, row.unit) == ("菠菜", date(2023, 3, 13), "kg")
    with pytest.raises(ValidationError, match="只剩 40"):
        issue(farm, farm_department, "60")
    harvest(spinach, farm_department, "20", date(2023, 3, 14))
    [batch] = contribute.batches_at(farm.premises_id)
    assert batch.ready == 120
    assert certificates.left_of_batch(batch) == 60


def test_an_open_interval_stands_in_the_way(farm: Any, spinach: Any, labels: Any, farm_department: Any) -> None:
    harvest(spinach, farm_department, "100", date(2023, 3, 10))
    product = next(one for one in labels.values() if one.registration_no.endswith("0003"))
    records.record_application(
        batch=spinach, product=product, began_on=date(2023, 3, 14), dose=Decimal(30), dose_unit="mL/亩", against="菜青虫",
        by=farm_department,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="现在不能开合格证"):
        issue(farm, farm_department, "10")


def test_a_harvest_says_whether_it_needs_has_and_must_have_one(
    farm: Any, spinach: Any, pond: Any, farm_department: Any
) -> None:
    harvest(spinach, farm_department, "100", date(2023, 3, 13))

    def told() -> tuple[bool, bool, bool]:
        row = selectors.harvest_rows(date(2023, 3, 15)).get(batch=spinach)
        return row.certifiable, row.obliged, row.certified

    assert told() == (True, False, False)  # a household is encouraged, not obliged
    registry.Operator.objects.filter(pk=farm.premises.operator_id).update(kind="cooperative")
    assert told() == (True, True, False)
    row = issue(farm, farm_department, "60")
    assert told() == (True, True, True)
    certificates.revoke(certificate=row, reason="检出禁用农药", by=farm_department)
    assert told() == (True, True, False)
    assert not selectors.harvest_rows(date(2022, 12, 31)).filter(obliged=True).exists()
