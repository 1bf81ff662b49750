"""What was planted among the synthetic county's certificates is found by a plain question, and nothing else is."""

import heapq
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Sum

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import BatchFacts, SourceBatch
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply import rules_certificates as rules
from fangxin.kernel.supply import scenario_certificates
from fangxin.kernel.supply.models import Certificate, CertifiedBatch, Collection, CopyClue, Receipt, Scan
from fangxin.kernel.supply.services.certificates import left_of_batch

ENDS = date(2024, 11, 25)


class Stage:
    """The little that the scenario needs of a stage."""

    def __init__(self, user: Any) -> None:
        self.ends, self.division_code = ENDS, "990101"
        self.user = lambda _name: user
        self.planted: list[SimpleNamespace] = []
        self.acts: list[tuple[datetime, int, Any]] = []
        self._order = count()

    def rng(self, name: str) -> Random:
        return Random(f"7:{name}")

    def at(self, moment: datetime, act: Any) -> None:
        heapq.heappush(self.acts, (moment, next(self._order), act))

    def plant(self, kind: str, subject: str, division_code: str = "", **facts: Any) -> None:
        self.planted.append(SimpleNamespace(kind=kind, subject=subject, facts=facts))

    def of(self, kind: str) -> set[str]:
        return {fault.subject for fault in self.planted if fault.kind == kind}

    def live(self) -> None:
        while self.acts:
            moment, _order, act = heapq.heappop(self.acts)
            with ledger.clock.held_at(moment):
                act()


@pytest.fixture
def stage(place: Any, department: Any) -> Iterator[Stage]:
    farms = [place(f"菜园{number:02d}", "farm") for number in range(20)]
    for number in range(8):
        place(f"菜店{number:02d}", "food_sales")

    def batches(premises: int) -> list[SourceBatch]:
        number = next((n for n, farm in enumerate(farms) if farm.pk == premises), None)
        if number is None:
            return []
        facts = BatchFacts("test.batch", str(number), "番茄", farms[number].division_code, ENDS, premises_id=premises)
        return [SourceBatch(facts, "番茄", Decimal(1000), "kg", date(2024, 10, 1) + timedelta(days=2 * number))]

    contribute.batch_sources.add("test.batches", batches)
    stage = Stage(department)
    scenario_certificates.live(stage)
    stage.live()
    yield stage
    contribute.batch_sources._offers.pop("test.batches")


def test_planted_certificates_are_found(stage: Stage) -> None:
    clues = CopyClue.objects.values_list("certificate__number", "kind")
    assert {number for number, kind in clues if kind == "far_apart"} == stage.of("copied_certificate")
    assert {number for number, kind in clues if kind == "forged"} == stage.of("forged_certificate")
    assert set(Certificate.objects.filter(state="revoked").values_list("number", flat=True)) == stage.of(
        "revoked_certificate"
    )
    assert [len(stage.of(f"{kind}_certificate")) for kind in ("copied", "forged", "revoked")] == [4, 1, 1]
    assert Collection.objects.filter(told_at__isnull=False).exists()
    assert CopyClue.objects.count() == 5


def test_the_books_agree(stage: Stage) -> None:
    rows = Certificate.objects.all()
    assert rows.count() > 60
    for row in rows:
        taken = row.collections.aggregate(sum=Sum("quantity"))["sum"] or 0
        assert row.taken == taken * 1000
        assert row.left >= 0
        assert rules.holds(row)
    for receipt in Receipt.objects.select_related("collection__certificate"):
        assert receipt.certificate_code == receipt.collection.certificate.number
    for batch in CertifiedBatch.objects.all():
        certified = rows.filter(subject_id=batch.subject_id).aggregate(sum=Sum("quantity"))["sum"]
        assert batch.certified == certified * 1000 <= 1_000_000
    assert Scan.objects.exists()


def test_it_goes_on_where_it_ended(stage: Stage) -> None:
    facts = BatchFacts("test.batch", "0", "番茄", "", ENDS)
    left = left_of_batch(SourceBatch(facts, "", Decimal(1000), "kg"))
    assert left is not None
    assert 0 < left < 1000
