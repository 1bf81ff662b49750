"""The synthetic county's goods, and that each planted fault is found by a plain query."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F, Sum
from pytest_django.plugin import DjangoDbBlocker

from fangxin.kernel.casework.models import Matter
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply import api as supply
from fangxin.kernel.supply.models import Link, Lot, Recall, Receipt
from fangxin.kernel.supply.tasks import tell_impossible
from fangxin.sim.life import build
from fangxin.sim.truth import Truth

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def truth(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Truth]:
    alone = {name: contribute.scenarios.get(name) for name in ("supply.goods", "supply.recalls")}
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(contribute.scenarios, "_offers", alone)
        yield build(seed=7, scale=0.05)
        transaction.set_rollback(True)


def planted(truth: Truth, kind: str) -> set[str]:
    found = {fault.subject for fault in truth.of(kind)}
    assert found
    return found


def test_goods_went_from_farms_to_kitchens(truth):
    assert Lot.objects.count() > 300
    assert Receipt.objects.filter(from_lot__premises__kind="farm").exists()
    dish = (
        Lot.objects.filter(food_class="餐饮食品", in_links__from_lot__in_links__isnull=False).order_by("number").first()
    )
    assert len(supply.trace(dish.pk, "back").lots) >= 4


def test_more_sold_than_received_is_found(truth):
    lots = list(Lot.objects.filter(quantity__isnull=False))
    lefts = supply.lefts_of(lots)
    short = {lot.number for lot in lots if (lefts[lot.pk].quantity or 0) < 0}
    assert short == planted(truth, "supply_oversold")


def test_receipts_without_a_supplier_are_found(truth):
    rows = Receipt.objects.filter(from_lot=None, supplier_name="", certificate_code="")
    assert set(rows.values_list("lot__number", flat=True)) == planted(truth, "receipt_without_supplier")


def test_products_made_before_their_inputs_came_are_found(truth):
    rows = Link.objects.filter(sent_at__date__lt=F("from_lot__began_on"))
    assert set(rows.values_list("to_lot__number", flat=True)) == planted(truth, "output_before_input")


def test_what_was_sold_was_there(truth):
    total = Link.objects.filter(from_lot__premises__kind="farm").aggregate(n=Sum("quantity"))["n"]
    assert total <= Lot.objects.filter(premises__kind="farm").aggregate(n=Sum("quantity"))["n"]


@pytest.mark.parametrize(("kind", "code"), [("supply_oversold", "oversold"), ("output_before_input", "before_input")])
def test_what_cannot_be_becomes_one_matter(truth, kind, code):
    number = min(planted(truth, kind))
    after = Lot.objects.get(number=number).began_on + timedelta(days=3)
    with transaction.atomic(), ledger.clock.held_at(after):
        for _night in range(2):
            assert tell_impossible() >= 1
        opened = Matter.objects.filter(opened_from=f"supply.{code}:{number}").count()
        transaction.set_rollback(True)
    assert opened == 1


def test_there_is_a_drill_a_recall_that_ended_and_one_that_runs(truth):
    found = {(recall.drill, recall.state): recall for recall in Recall.objects.all()}
    assert set(found) == {(True, "closed"), (False, "closed"), (False, "open")}
    running = found[False, "open"]
    assert running.places.filter(told_at=None).exists() or running.places.filter(answered_at=None).exists()
