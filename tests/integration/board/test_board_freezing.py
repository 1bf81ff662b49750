"""What was reported stays what it was, and can be proved away from the platform."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from tests.integration.board.registers import COUNTY, TODAY, TOWN, load_shops

from fangxin.engines.evidence import new_signing_key
from fangxin.engines.indicators import verify_proof
from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.ledger import api as ledger
from fangxin.oversight.board import api as board
from fangxin.oversight.board import tasks
from fangxin.oversight.board.definitions import definitions
from fangxin.oversight.board.models import SnapshotProof
from fangxin.oversight.board.proofs import pseudonym
from fangxin.oversight.board.selectors import frozen_points

pytestmark = pytest.mark.django_db


def freeze(office: Any, label: str = "2023-Q1", **more: Any) -> board.Snapshot:
    return board.freeze(label, as_of=TODAY, division_code=COUNTY, by=office, **more)


def frozen(snapshot: board.Snapshot, division: str = COUNTY) -> tuple[Any, ...]:
    (figure,) = board.frozen_figures(snapshot, division, ["M05-1"])
    return figure.numerator, figure.denominator, figure.status


def test_a_snapshot_holds_every_indicator_of_the_county_and_its_townships(shops: Any, office: Any) -> None:
    snapshot = freeze(office)
    assert len(board.frozen_figures(snapshot)) == len(board.definitions(TODAY))
    assert frozen(snapshot) == (4, 5, "not_met")
    assert frozen(snapshot, TOWN) == (3, 4, "not_met")


def test_frozen_and_counted_figures_are_the_same(shops: Any, office: Any) -> None:
    counted = {f.code: (f.numerator, f.denominator, f.status) for f in board.figures(COUNTY, TODAY)}
    assert counted == {f.code: (f.numerator, f.denominator, f.status) for f in board.frozen_figures(freeze(office))}


def test_later_facts_do_not_change_it_and_a_correction_stands_beside_it(shops: Any, office: Any) -> None:
    first = freeze(office)
    load_shops(1, town=TOWN, passed=1, prefix="late", by=office)
    assert freeze(office) == first  # asked twice, the first stays
    assert frozen(first) == (4, 5, "not_met")
    second = board.correct(snapshot=first, reason="补登一家", by=office)
    assert (frozen(second), second.corrects) == ((5, 6, "met"), first)
    assert board.snapshot("2023-Q1", COUNTY) == second
    with pytest.raises(ValidationError, match="已经更正过"):
        board.correct(snapshot=first, reason="再补", by=office)
    with pytest.raises(ValidationError, match="更正原因"):
        board.correct(snapshot=second, reason=" ", by=office)


def test_a_day_to_come_is_not_frozen(shops: Any, office: Any) -> None:
    with pytest.raises(ValidationError, match="还没有到"):
        board.freeze("明年", as_of=date(2024, 1, 1), division_code=COUNTY, by=office)


def test_the_rules_it_rests_on_can_no_longer_be_changed(shops: Any, office: Any) -> None:
    assert not catalog.Edition.objects.exclude(used_at=None).exists()
    freeze(office)
    assert not catalog.Edition.objects.filter(kind="indicators", used_at=None).exists()


@pytest.mark.parametrize("model", [board.Snapshot, board.SnapshotFigure, SnapshotProof])
def test_the_database_refuses_to_change_it(shops: Any, office: Any, model: Any) -> None:
    freeze(office)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(**({"label": "x"} if model is board.Snapshot else {"snapshot": 1}))
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all()._raw_delete(using="default")


def test_its_proof_holds_and_names_no_record(shops: Any, office: Any) -> None:
    snapshot = freeze(office)
    proof = SnapshotProof.objects.get(snapshot=snapshot)
    report = verify_proof(BytesIO(bytes(proof.content)))
    assert (report.ok, report.problem) == (True, None)
    assert report.figures == board.SnapshotFigure.objects.filter(snapshot=snapshot).count()
    assert not proof.signed
    assert pseudonym("premises", 1) != pseudonym("staff", 1)


def test_with_a_key_the_proof_is_signed_and_another_key_does_not_fit(
    shops: Any, office: Any, settings: Any, tmp_path: Any
) -> None:
    private, public = new_signing_key()
    (tmp_path / "key.pem").write_bytes(private)
    settings.SIGNING_KEY_FILE = str(tmp_path / "key.pem")
    proof = SnapshotProof.objects.get(snapshot=freeze(office))
    assert proof.signed
    content = bytes(proof.content)
    assert verify_proof(BytesIO(content), public).ok
    assert not verify_proof(BytesIO(content), new_signing_key()[1]).ok


def test_one_changed_bit_of_the_proof_is_noticed(shops: Any, office: Any) -> None:
    content = bytearray(SnapshotProof.objects.get(snapshot=freeze(office)).content)
    for place in range(20, len(content), max(1, len(content) // 40)):
        content[place] ^= 1
        assert not verify_proof(BytesIO(bytes(content))).ok, place
        content[place] ^= 1


def test_a_signed_figure_goes_into_it_under_the_agencys_name(
    shops: Any, office: Any, agencies: Any, department: Any
) -> None:
    paper = ledger.store_evidence(name="报表.txt", content=b"20", by=office)
    typed = board.record_typed_figure(
        code="G06-1", division_code=COUNTY, as_of=TODAY, agency=agencies["market"], numerator=1,
        evidence=paper, by=department,
    )  # fmt: skip
    board.verify_figure(figure=typed, accepted=True, by=office)
    snapshot = freeze(office)
    (figure,) = board.frozen_figures(snapshot, codes=["G06-1"])
    assert (figure.status, figure.typed_id) == ("met", typed.pk)
    assert verify_proof(BytesIO(bytes(SnapshotProof.objects.get(snapshot=snapshot).content))).ok


def test_each_month_the_last_day_of_the_month_before_is_frozen_once(shops: Any, office: Any) -> None:
    assert tasks.monthly() == 2  # every county with an office
    assert tasks.monthly() == 2
    found = board.Snapshot.objects.get(division_code=COUNTY)
    assert (found.label, found.as_of, found.kind) == ("2023-02", date(2023, 2, 28), "month")
    points = frozen_points(COUNTY, {"M05-1": definitions(TODAY)["M05-1"]}, TODAY)["M05-1"]
    assert [(snapshot.as_of, value) for snapshot, value in points] == [(date(2023, 2, 28), 80)]


def test_at_night_the_next_day_is_counted_before_anybody_asks(shops: Any, django_assert_num_queries: Any) -> None:
    tasks.nightly()
    with ledger.clock.held_at(date(2023, 3, 16)):
        assert board.figures(COUNTY, date(2023, 3, 16), ["M05-1"])[0].denominator == 5
