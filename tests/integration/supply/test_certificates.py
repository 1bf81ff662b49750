"""Certificates of compliance, from the promise at the origin to the buyer, the revocation and the copied label."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from fangxin.engines import certificates as engine
from fangxin.engines.evidence import new_signing_key
from fangxin.kernel.casework import api as casework
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import BatchFacts, Blocker, SourceBatch
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.kernel.supply import api as supply
from fangxin.kernel.supply import rules_certificates as rules
from fangxin.kernel.supply import selectors_certificates as selectors
from fangxin.kernel.supply.models import Certificate, CertificateKey, CopyClue, Link, Lot, Scan
from fangxin.kernel.supply.services import certificates as services
from fangxin.kernel.supply.services import reissuing, scans

MORNING = datetime(2023, 3, 15, 9, 0, tzinfo=ledger.clock.LOCAL)
TODAY = MORNING.date()


@pytest.fixture
def key(tmp_path: Any, settings: Any) -> bytes:
    private, public = new_signing_key()
    file = tmp_path / "certificates.pem"
    file.write_bytes(private)
    settings.CERTIFICATE_KEY_FILE = str(file)
    return public


@pytest.fixture
def batch(farm: Any) -> Iterator[list[SourceBatch]]:
    """Whatever a test puts here is what the farm's own records say."""
    found: list[SourceBatch] = []
    contribute.batch_sources.add("test.batches", lambda premises: [b for b in found if b.facts.premises_id == premises])
    yield found
    contribute.batch_sources._offers.pop("test.batches")


def a_batch(farm: Any, ready: str = "100", food: str = "菠菜") -> SourceBatch:
    facts = BatchFacts("test.batch", "7", food, farm.division_code, TODAY, premises_id=farm.pk)
    return SourceBatch(facts, f"{food} 7", Decimal(ready), "kg", TODAY - timedelta(days=1))


@pytest.fixture
def issue(farm: Any, township_clerk: Any) -> Callable[..., Certificate]:
    def make(premises: Any = None, **given: Any) -> Certificate:
        filled = {
            "food": "韭菜", "quantity": Decimal(120), "unit": "kg", "bases": ["quality_control"], "promised": True,
            "harvested_on": TODAY - timedelta(days=1),
        }  # fmt: skip
        return services.issue(premises=premises or farm, by=township_clerk, **(filled | given))

    return make


def collected(certificate: Certificate, premises: Any, quantity: str, by: Any) -> Any:
    return services.collect(certificate=certificate, premises=premises, quantity=Decimal(quantity), by=by)


# --- issue ----------------------------------------------------------------------------------------------------------------


def test_a_certificate_says_who_what_where_and_when(issue: Any, farm: Any, key: bytes) -> None:
    row = issue()
    verdict = engine.verify(row.code, [engine.Key(key)])
    assert verdict.outcome is engine.Outcome.GENUINE
    said = verdict.statement
    assert said is not None
    assert (said.number, said.producer, said.product) == ("990101-2023-0000001", "柳沟菜园", "韭菜")
    assert (said.quantity, said.unit, said.origin, said.issued_on) == (Decimal(120), "kg", farm.division_code, TODAY)
    assert said.digest == row.digest
    assert rules.holds(row)
    assert row.lot.quantity == Decimal(120)
    assert row.lot.premises == farm


def test_a_record_changed_afterwards_no_longer_holds(issue: Any) -> None:
    row = issue()
    Certificate.objects.filter(pk=row.pk).update(quantity=Decimal(1200))
    row.refresh_from_db()
    assert not rules.holds(row)


def test_without_a_key_a_certificate_is_issued_unsigned(issue: Any) -> None:
    row = issue()
    assert row.code == ""
    assert scans.look_up(row.number)[0] == Scan.Outcome.UNSIGNED


def test_nothing_is_issued_without_the_promise(issue: Any) -> None:
    for given in (
        {"promised": False}, {"bases": []}, {"bases": ["own_test"]}, {"bases": ["heard_so"]},
        {"harvested_on": TODAY + timedelta(days=1)}, {"quantity": Decimal(0)}, {"unit": "ton"}, {"food": ""},
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            issue(**given)
    assert not Certificate.objects.exists()
    assert not Lot.objects.exists()
    assert issue(bases=["own_test"], basis_note="2023-03-14 胶体金 3 项").bases == ["own_test"]


def test_a_shop_issues_no_certificate_of_origin(issue: Any, stall: Any) -> None:
    with pytest.raises(ValidationError):
        issue(premises=stall)


def test_any_reason_stands_in_the_way(issue: Any) -> None:
    contribute.certificate_blockers.add("test.lock", lambda _facts: [Blocker("lock", "间隔期到 3 月 20 日")])
    try:
        with pytest.raises(ValidationError, match="间隔期到 3 月 20 日"):
            issue()
    finally:
        contribute.certificate_blockers._offers.pop("test.lock")
    assert not Certificate.objects.exists()


def test_two_certificates_of_60_from_a_batch_of_100_leave_40(issue: Any, farm: Any, batch: list[SourceBatch]) -> None:
    # The drawn case of the domain notes: the second is refused, 40 kg are left.
    batch.append(a_batch(farm))
    issue(food="菠菜", quantity=Decimal(60), batch=batch[0])
    with pytest.raises(ValidationError, match="只剩 40"):
        issue(food="菠菜", quantity=Decimal(60), batch=batch[0])
    assert services.left_of_batch(batch[0]) == 40
    issue(food="菠菜", quantity=Decimal(40), batch=batch[0])
    assert services.left_of_batch(batch[0]) == 0
    # A further harvest makes room again.
    batch[0] = replace(batch[0], ready=Decimal(150))
    issue(food="菠菜", quantity=Decimal("50"), batch=batch[0])


def test_tenths_add_up_exactly(issue: Any, farm: Any, batch: list[SourceBatch]) -> None:
    batch.append(a_batch(farm, "0.3"))
    issue(food="菠菜", quantity=Decimal("0.1"), batch=batch[0])
    issue(food="菠菜", quantity=Decimal("0.2"), batch=batch[0])
    assert services.left_of_batch(batch[0]) == 0


def test_a_recorded_crop_is_not_certified_past_its_records(issue: Any, farm: Any, batch: list[SourceBatch]) -> None:
    batch.append(a_batch(farm))
    with pytest.raises(ValidationError, match="从那一批开证"):
        issue(food="菠菜")


def test_the_rule_of_the_day_gives_the_words(issue: Any) -> None:
    assert issue().edition == "2021"
    with ledger.clock.held_at(date(2026, 2, 1)):
        later = issue(harvested_on=date(2026, 1, 31))
        assert later.edition == "2025"
        with pytest.raises(ValidationError):
            issue(bases=["own_promise"], harvested_on=None)
    with ledger.clock.held_at(date(2021, 11, 2)), pytest.raises(ValidationError):
        issue(harvested_on=None)


def test_a_new_key_ends_the_use_of_the_one_before(issue: Any, key: bytes, tmp_path: Any, settings: Any) -> None:
    old = issue()
    with ledger.clock.held_at(date(2023, 6, 1)):
        private, _public = new_signing_key()
        (tmp_path / "next.pem").write_bytes(private)
        settings.CERTIFICATE_KEY_FILE = str(tmp_path / "next.pem")
        new = issue(harvested_on=None)
    assert CertificateKey.objects.count() == 2
    assert {scans.look_up(row.code)[0] for row in (old, new)} == {Scan.Outcome.GENUINE}
    known = engine.keys_from_json(supply.certificate_keys())
    assert [one.valid_to for one in known] == [date(2023, 6, 1), None]


# --- take back, revoke ----------------------------------------------------------------------------------------------------


def test_a_slip_is_taken_back_within_the_hour(
    issue: Any, farm: Any, batch: list[SourceBatch], township_clerk: Any
) -> None:
    batch.append(a_batch(farm))
    row = issue(food="菠菜", quantity=Decimal(60), batch=batch[0])
    services.withdraw(certificate=row, by=township_clerk)
    assert services.left_of_batch(batch[0]) == 100
    assert scans.look_up(row.number)[0] == Scan.Outcome.WITHDRAWN
    with pytest.raises(ValidationError):
        services.withdraw(certificate=row, by=township_clerk)


def test_what_somebody_saw_or_took_or_is_old_is_not_taken_back(issue: Any, stall: Any, township_clerk: Any) -> None:
    seen, taken, old = issue(), issue(), issue()
    supply.scan_code(seen.number)
    collected(taken, stall, "1", township_clerk)
    for row in (seen, taken):
        with pytest.raises(ValidationError):
            services.withdraw(certificate=row, by=township_clerk)
    with ledger.clock.held_at(MORNING + timedelta(minutes=61)), pytest.raises(ValidationError):
        services.withdraw(certificate=old, by=township_clerk)


def test_a_revoked_certificate_says_so_at_once_and_buyers_are_told(
    issue: Any, stall: Any, canteen: Any, vendor: Any, principal: Any, township_clerk: Any
) -> None:
    row = issue()
    first = collected(row, stall, "80", vendor)
    made = reissuing.reissue(
        premises=stall, parts=[(row, Decimal(50))], outputs=[Decimal(50)], bases=["quality_control"], promised=True,
        by=vendor,
    )[0]  # fmt: skip
    second = collected(made, canteen, "30", principal)
    services.revoke(certificate=row, reason="检出禁用农药", by=township_clerk)
    for one in (row, made):
        answer = supply.scan_code(one.number)
        assert answer.outcome == Scan.Outcome.REVOKED
        assert answer.certificate is not None
        assert answer.certificate.revoked_reason == "检出禁用农药"
    assert {one.pk for user in (vendor, principal) for one in selectors.to_heed(user)} == {first.pk, second.pk}
    with pytest.raises(ValidationError):
        collected(made, canteen, "10", principal)
    services.heed(collection=second, note="剩 5 千克，已下架退回", by=principal)
    assert not selectors.to_heed(principal)
    row.lot.refresh_from_db()
    assert row.lot.state == Lot.State.STOPPED
    with pytest.raises(ValidationError):
        services.revoke(certificate=row, reason="再来一次", by=township_clerk)


def test_a_revocation_needs_a_reason(issue: Any, township_clerk: Any) -> None:
    with pytest.raises(ValidationError):
        services.revoke(certificate=issue(), reason="  ", by=township_clerk)


# --- collect --------------------------------------------------------------------------------------------------------------


def test_collecting_makes_the_receipt_and_the_link(issue: Any, stall: Any, vendor: Any) -> None:
    row = issue()
    taken = collected(row, stall, "50.5", vendor)
    assert taken.receipt.certificate_code == row.number
    assert taken.receipt.lot.quantity == Decimal("50.5")
    assert Link.objects.filter(from_lot=row.lot, to_lot=taken.receipt.lot).exists()
    row.refresh_from_db()
    assert row.left == Decimal("69.5")
    services.undo_collection(collection=taken, reason="记错了", by=vendor)
    row.refresh_from_db()
    assert row.left == 120
    assert not Link.objects.filter(from_lot=row.lot).exists()


def test_nobody_takes_more_than_there_is(issue: Any, stall: Any, canteen: Any, vendor: Any, principal: Any) -> None:
    row = issue()
    collected(row, stall, "100", vendor)
    with pytest.raises(ValidationError, match="只剩 20"):
        collected(row, canteen, "21", principal)
    assert not CopyClue.objects.exists()
    collected(row, canteen, "20", principal)
    with pytest.raises(ValidationError, match="复印"):
        collected(row, canteen, "1", principal)
    clue = CopyClue.objects.get()
    assert clue.kind == CopyClue.Kind.OVER_TAKEN
    row.refresh_from_db()
    assert row.left == 0


def test_an_issuer_collects_nothing_of_its_own(issue: Any, farm: Any, township_clerk: Any) -> None:
    with pytest.raises(ValidationError):
        collected(issue(), farm, "1", township_clerk)


# --- mixed and divided ----------------------------------------------------------------------------------------------------


def test_a_mixture_keeps_every_origin(issue: Any, place: Any, stall: Any, vendor: Any) -> None:
    # 120 kg of one and 80 kg of another make a certificate of 200 kg that cites both.
    other = place("松坪菜园", "farm", code="990101200201")
    first, second = issue(), issue(premises=other, quantity=Decimal(80))
    for row, much in ((first, "120"), (second, "80")):
        collected(row, stall, much, vendor)
    made = reissuing.reissue(
        premises=stall, parts=[(first, Decimal(120)), (second, Decimal(80))], outputs=[Decimal(200)],
        bases=["quality_control"], promised=True, by=vendor,
    )[0]  # fmt: skip
    assert made.quantity == 200
    assert {one.source.number: one.quantity for one in made.sources.all()} == {first.number: 120, second.number: 80}
    assert made.origin_code == "990101"
    public = selectors.public_certificate(made)
    assert set(public.premises_ids) == {first.premises_id, other.pk}
    assert {step.number for step in public.steps if step.kind == "origin"} == {first.number, second.number}
    trace = supply.trace(made.lot_id, "back")
    assert {first.lot_id, second.lot_id} <= {lot.id for lot in trace.lots}
    assert rules.holds(made)


def test_a_division_never_makes_more(issue: Any, farm: Any, township_clerk: Any) -> None:
    row = issue()
    given = {"premises": farm, "bases": ["quality_control"], "promised": True, "by": township_clerk}
    made = reissuing.reissue(parts=[(row, Decimal(100))], outputs=[Decimal(60), Decimal(40)], **given)
    assert [one.quantity for one in made] == [60, 40]
    row.refresh_from_db()
    assert row.left == 20
    for parts, outputs in (
        ([(row, Decimal(20))], [Decimal(15), Decimal(6)]),
        ([(row, Decimal(21))], [Decimal(21)]),
        ([(row, Decimal(1)), (row, Decimal(1))], [Decimal(2)]),
        ([(row, Decimal(1)), (made[0], Decimal(1))], [Decimal(1), Decimal(1)]),
        ([], [Decimal(1)]),
    ):
        with pytest.raises(ValidationError):
            reissuing.reissue(parts=parts, outputs=outputs, **given)
    row.refresh_from_db()
    assert row.left == 20


def test_a_buyer_only_uses_what_it_collected(issue: Any, stall: Any, vendor: Any) -> None:
    row = issue()
    collected(row, stall, "30", vendor)
    collected(row, stall, "20", vendor)
    given = {"premises": stall, "bases": ["quality_control"], "promised": True, "by": vendor}
    reissuing.reissue(parts=[(row, Decimal(45))], outputs=[Decimal(45)], **given)
    with pytest.raises(ValidationError, match="没有这么多货"):
        reissuing.reissue(parts=[(row, Decimal(6))], outputs=[Decimal(6)], **given)
    assert [left for certificate, left in selectors.held_at(stall) if certificate == row] == [5]


# --- scans and copies -----------------------------------------------------------------------------------------------------


def look(code: str, minutes: int, longitude: float) -> None:
    with ledger.clock.held_at(MORNING + timedelta(minutes=minutes)):
        answer = supply.scan_code(code)
        assert answer.scan is not None
        supply.tell_place(answer.scan, longitude=longitude, latitude=34.0)


def test_a_label_seen_at_two_far_places_becomes_a_matter(issue: Any, office: Any, key: bytes) -> None:
    row = issue()
    look(row.code, 1, 111.0)
    look(row.code, 30, 113.0)
    clue = CopyClue.objects.get()
    assert clue.kind == CopyClue.Kind.FAR_APART
    matter = casework.list_matters(office).get()
    assert row.number in matter.hazard
    assert matter.owner.short_name == "市场监管局"
    look(row.code, 40, 115.0)
    assert CopyClue.objects.count() == 1


def test_a_lorry_on_its_way_is_no_copy(issue: Any, key: bytes) -> None:
    row = issue()
    look(row.code, 1, 111.0)
    look(row.code, 120, 113.0)  # 184 km in two hours
    assert not CopyClue.objects.exists()


def test_places_of_known_buyers_are_explained(
    issue: Any, farm: Any, stall: Any, canteen: Any, vendor: Any, principal: Any
) -> None:
    row = issue()
    for premises, longitude in ((farm, 110.0), (stall, 111.0), (canteen, 113.0)):
        registry.Premises.objects.filter(pk=premises.pk).update(longitude=longitude, latitude=34.0)
        premises.refresh_from_db()
    collected(row, stall, "50", vendor)
    collected(row, canteen, "50", principal)
    look(row.number, 1, 111.0)
    look(row.number, 2, 113.0)
    assert not CopyClue.objects.exists()


def test_a_label_seen_more_often_than_its_portions_becomes_a_clue(issue: Any) -> None:
    row = issue(quantity=Decimal(5))  # 20 portions, three looks each
    for number in range(61):
        with ledger.clock.held_at(MORNING + timedelta(minutes=number)):
            supply.scan_code(row.number)
    assert CopyClue.objects.get().kind == CopyClue.Kind.TOO_MANY


def test_a_forged_code_is_told_and_shows_nothing_of_the_true_one(issue: Any, key: bytes) -> None:
    row = issue()
    said = replace(rules.statement_of(row), quantity=Decimal(9999))
    private, _public = new_signing_key()
    foreign = engine.Signer(private).sign(said)
    answer = supply.scan_code(foreign)
    assert (answer.outcome, answer.claimed, answer.certificate) == (Scan.Outcome.FORGED, row.number, None)
    assert CopyClue.objects.get().kind == CopyClue.Kind.FORGED


def test_a_code_signed_by_us_but_not_in_our_books_is_false(issue: Any, key: bytes) -> None:
    row = issue()
    signer = rules.signer()
    assert signer is not None
    more = signer.sign(replace(rules.statement_of(row), quantity=Decimal(9999)))
    none = signer.sign(replace(rules.statement_of(row), number="990101-2023-0009999"))
    assert {scans.look_up(code)[0] for code in (more, none)} == {Scan.Outcome.FORGED}


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "990101-2023-9999999", "A" * 5000, "假的", "HTTPS://X/C/", "\U0001f4a3", "-", "MFRA"]
)
def test_any_text_gets_an_answer(db: None, text: str) -> None:
    assert supply.scan_code(text).outcome == Scan.Outcome.UNKNOWN


def test_a_flood_of_looks_is_bounded(issue: Any) -> None:
    row = issue()
    Scan.objects.bulk_create([Scan(certificate=row, outcome="unsigned", at=MORNING) for _ in range(500)])
    assert supply.scan_code(row.number).scan is None
    assert Scan.objects.count() == 500


def test_a_scan_keeps_about_where_and_nothing_about_whom(issue: Any) -> None:
    answer = supply.scan_code(issue().number)
    assert answer.scan is not None
    assert supply.tell_place(answer.scan, longitude=111.23456, latitude=34.56789)
    assert not supply.tell_place(answer.scan, longitude=1, latitude=1)
    row = Scan.objects.get()
    assert (row.longitude, row.latitude) == (111.23, 34.57)
    assert {field.name for field in Scan._meta.get_fields()} == {
        "id", "certificate", "claimed", "outcome", "at", "longitude", "latitude", "premises"
    }  # fmt: skip


def test_a_closed_matter_closes_its_clue(issue: Any, office: Any) -> None:
    row = issue()
    for number in range(2):
        look(row.number, number, 111.0 + 3 * number)
    clue = CopyClue.objects.get()
    from fangxin.kernel.contributing.data import Announcement

    contribute.announce(
        Announcement("matter.closed", "", "", "", row.division_code, "", {"key": clue.matter_key}), by=office
    )
    clue.refresh_from_db()
    assert clue.closed_at is not None


def test_the_clerk_of_another_township_sees_none_of_it(
    issue: Any, stall: Any, vendor: Any, other_township_clerk: Any, outsider: Any, reader: people.User
) -> None:
    row = issue()
    collected(row, stall, "1", vendor)
    for stranger in (other_township_clerk, outsider):
        assert not selectors.list_certificates(stranger)
        assert not selectors.list_collections(stranger)
    assert list(selectors.list_certificates(vendor)) == [row]
    assert list(selectors.list_certificates(reader)) == [row]
