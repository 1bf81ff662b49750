"""Certificates of compliance: issued at the origin, taken back by a slip, revoked, collected by the buyer."""

from collections.abc import Collection as Several
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import BatchFacts, Blocker, SourceBatch
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.supply import rules_certificates as rules
from fangxin.kernel.supply import standards_certificates as standards
from fangxin.kernel.supply.models import (
    Certificate,
    CertificateKey,
    CertificateSource,
    CertifiedBatch,
    Collection,
    How,
    Lot,
    Source,
)
from fangxin.kernel.supply.models.certificates import from_thousandths, thousandths
from fangxin.kernel.supply.rules_certificates import MovedOn, Refused
from fangxin.kernel.supply.services import clues
from fangxin.kernel.supply.services.lots import add_lot, stop_lot
from fangxin.kernel.supply.services.receipts import record_receipt, undo_receipt
from fangxin.kernel.supply.services.recording import insert, who

State = Certificate.State
COUNTY_LENGTH = 6
MOST_GENERATIONS = 12
ORIGIN_LENGTH = 120
_NAME_LENGTH = 30


# --- what speaks against a certificate ------------------------------------------------------------------------------------


def facts_at(premises: Any, food: str, on: date, parcels: Sequence[Any] = ()) -> BatchFacts:
    """What is known of goods whose production is not recorded here."""
    return BatchFacts(
        "registry.premises", str(premises.pk), food, premises.division_code, on, premises_id=premises.pk,
        parcel_ids=tuple(parcel.pk for parcel in parcels),
    )  # fmt: skip


def blockers_of(batch: SourceBatch, on: date) -> list[Blocker]:
    return contribute.blockers_of(replace(batch.facts, on=on))


def left_of_batch(batch: SourceBatch) -> Decimal | None:
    """What of a harvest has no certificate yet; None where nobody counted the harvest."""
    if batch.ready is None:
        return None
    done = CertifiedBatch.objects.filter(subject_type=batch.facts.subject_type, subject_id=batch.facts.subject_id)
    certified = done.values_list("certified", flat=True).first() or 0
    return max(Decimal(0), batch.ready - from_thousandths(certified))


def refuse_blocked(facts: BatchFacts) -> None:
    found = contribute.blockers_of(facts)
    if found:
        raise Refused([_("现在不能开合格证：%(why)s") % {"why": blocker.text} for blocker in found])


def _take_from_batch(batch: SourceBatch, quantity: Decimal) -> None:
    """The database decides who was first: two certificates never share a kilogram."""
    key = {"subject_type": batch.facts.subject_type, "subject_id": batch.facts.subject_id}
    CertifiedBatch.objects.get_or_create(subject_type=key["subject_type"], subject_id=key["subject_id"])
    rows = CertifiedBatch.objects.filter(**key)
    if batch.ready is not None:
        rows = rows.filter(certified__lte=thousandths(batch.ready) - thousandths(quantity))
    if rows.update(certified=F("certified") + thousandths(quantity)) != 1:
        left = left_of_batch(batch) or Decimal(0)
        raise Refused(
            {
                "quantity": _("这一批已采收登记的数量里只剩 %(left)s 没有开证。如又采收了，请先登记采收再开证。")
                % {"left": plain(left)}
            }
        )


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"


# --- issue ----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def issue(
    *,
    premises: Any,
    food: str,
    quantity: Decimal,
    unit: str,
    bases: Several[str],
    promised: bool,
    by: Any,
    basis_note: str = "",
    harvested_on: date | None = None,
    batch: SourceBatch | None = None,
    parcels: Sequence[Any] = (),
    origin: str = "",
    for_them: bool = False,
) -> Certificate:
    """Give a certificate for goods of a farm. `promised` says that every commitment of the rule was made; with `batch` the
    quantity counts against its harvest. Raises Refused with every reason that stands in the way."""
    today = ledger.clock.today()
    _check_maker(premises, food, batch, harvested_on, today)
    refuse_blocked(replace(batch.facts, on=today) if batch else facts_at(premises, food, today, parcels))
    if batch is not None:
        if unit != batch.unit:
            raise Refused({"unit": _("这一批按另一种单位登记采收，请用同一种单位。")})
        _take_from_batch(batch, quantity)
        harvested_on = harvested_on or batch.harvested_on
    row = drafted(
        premises=premises, food=food, quantity=quantity, unit=unit, bases=bases, promised=promised, basis_note=basis_note,
        harvested_on=harvested_on, origin=origin, for_them=for_them, on=today, by=by,
    )  # fmt: skip
    if batch is not None:
        row.subject_type, row.subject_id = batch.facts.subject_type, batch.facts.subject_id
        row.food_class = batch.food_class
    row.lot = add_lot(
        food=food, food_class=row.food_class, premises=premises, parcel=parcels[0] if len(parcels) == 1 else None,
        began_on=harvested_on or today, made_on=harvested_on, source=Source.CERTIFICATE, quantity=quantity, unit=unit,
        code=row.number, maker_name=row.producer, vouched_by=premises.name, by=by,
    )  # fmt: skip
    finish(row, by=by)
    row.parcels.set(parcels or (batch.facts.parcel_ids if batch else ()))
    return row


def _check_maker(premises: Any, food: str, batch: SourceBatch | None, harvested_on: date | None, today: date) -> None:
    if premises.kind != premises.Kind.FARM:
        raise Refused(_("“%(name)s”不是种植养殖主体。收购后混装、分装的，请用“重新开具”。") % {"name": premises.name})
    if premises.status == premises.Status.CLOSED:
        raise Refused(_("“%(name)s”已注销，不能开具合格证。") % {"name": premises.name})
    if harvested_on is not None and harvested_on > today:
        raise Refused({"harvested_on": _("采收日期还没有到，请核对。")})
    if batch is None and any(one.facts.food == food for one in contribute.batches_at(premises.pk)):
        # Typed by hand, the open intervals of the recorded batch would go unseen.
        raise Refused({"food": _("这家有“%(food)s”的生产批次记录，请从那一批开证。") % {"food": food}})


def drafted(
    *, premises: Any, food: str, quantity: Decimal, unit: str, bases: Several[str], promised: bool, basis_note: str,
    harvested_on: date | None, origin: str, for_them: bool, on: date, by: Any, made: str = Certificate.Made.ORIGIN,
) -> Certificate:  # fmt: skip
    """A certificate with its words and its number, not yet signed or kept."""
    rule = standards.rules_on(on)
    _check_promise(rule, bases, promised, basis_note)
    county = premises.division_code[:COUNTY_LENGTH]
    serial = ledger.next_number(f"certificates-{county}", on.year)
    return Certificate(
        number=number_of(county, on.year, serial), made=made, premises=premises, food=food.strip(), quantity=quantity,
        unit=unit, harvested_on=harvested_on, division_code=premises.division_code,
        origin_code=premises.division_code,
        origin=(origin.strip() or people.division_path(premises.division_code))[:ORIGIN_LENGTH],
        producer=premises.name[:_NAME_LENGTH], contact=premises.phone or premises.operator.phone,
        commitments=list(rule.commitments), bases=[basis.code for basis in rule.bases if basis.code in bases],
        basis_note=basis_note.strip(), edition=rule.edition, issued_on=on, issued_at=ledger.clock.now(),
        issued_by=who(by), issued_for=for_them,
    )  # fmt: skip


def number_of(county: str, year: int, serial: int) -> str:
    return f"{county}-{year}-{serial:07d}"


def _check_promise(rule: standards.CertificateRules, bases: Several[str], promised: bool, note: str) -> None:
    if not promised:
        raise Refused({"promised": _("请读完承诺内容并作出承诺，否则不能开具。")})
    known = {basis.code: basis for basis in rule.bases}
    if not bases or not set(bases) <= set(known):
        raise Refused({"bases": _("请至少选择一种承诺依据。")})
    if any(known[code].asks_note for code in bases) and not note.strip():
        raise Refused({"basis_note": _("以检测为依据的，请写检测报告编号，或者检测日期和项目。")})


def finish(row: Certificate, *, by: Any, sources: Sequence[tuple[Certificate, Decimal]] = ()) -> Certificate:
    """Sign, keep and tell."""
    signing = rules.signer()
    if signing is not None:
        know_key(signing.key_id, signing.public_pem.decode("ascii"), row.issued_on)
    rules.seal(row, signing, [source.number for source, _quantity in sources])
    insert(row)
    for source, quantity in sources:
        insert(CertificateSource(certificate=row, source=source, quantity=quantity))
    event = "supply.certificate.issued" if row.made == Certificate.Made.ORIGIN else "supply.certificate.issued_again"
    data = {
        "number": row.number,
        "food": row.food,
        "quantity": str(row.quantity),
        "unit": row.unit,
        "digest": row.digest,
    }
    data["sources"] = [source.number for source, _quantity in sources]  # type: ignore[assignment]
    ledger.record(event, of=row, by=by, division_code=row.division_code, data=data)
    return row


def know_key(key_id: str, public_pem: str, on: date) -> None:
    """The first certificate under a new key puts the key into the list and ends the use of the one before."""
    if CertificateKey.objects.filter(key_id=key_id).exists():
        return
    CertificateKey.objects.filter(valid_to=None, valid_from__lte=on).update(valid_to=on)
    key, made = CertificateKey.objects.get_or_create(
        key_id=key_id, defaults={"public_pem": public_pem, "valid_from": on}
    )
    if made:
        ledger.record("supply.certificate.key_begun", of=key, by=None, data={"key_id": key_id})


# --- take back, revoke ----------------------------------------------------------------------------------------------------


def may_withdraw(row: Certificate) -> bool:
    """A slip of the last minutes that nobody has seen yet."""
    last = row.issued_at + timedelta(minutes=standards.practice(row.issued_on).withdraw_minutes)
    fresh = row.state == State.ISSUED and row.made == Certificate.Made.ORIGIN and ledger.clock.now() <= last
    return fresh and not row.taken and not row.scans.exists()


@transaction.atomic
def withdraw(*, certificate: Certificate, by: Any) -> Certificate:
    """Undo a certificate that was a slip; its quantity may be certified again."""
    if not may_withdraw(certificate):
        raise Refused(_("已有人扫过码、收过货，或者已超过撤回时限，不能撤回。确有错误的，请撤销并写明原因。"))
    now = ledger.clock.now()
    rows = Certificate.objects.filter(pk=certificate.pk, state=State.ISSUED, taken=0)
    if rows.update(state=State.WITHDRAWN, ended_at=now, ended_by=who(by), ended_reason=_("开具后撤回")) != 1:
        raise MovedOn(_("这张合格证刚刚已被收取或者撤销，请刷新后查看。"))
    CertifiedBatch.objects.filter(subject_type=certificate.subject_type, subject_id=certificate.subject_id).update(
        certified=F("certified") - thousandths(certificate.quantity)
    )
    if certificate.lot_id is not None:
        Lot.objects.filter(pk=certificate.lot_id).update(state=Lot.State.UNDONE)
    certificate.refresh_from_db()
    ledger.record("supply.certificate.withdrawn", of=certificate, by=by, data={"number": certificate.number})
    return certificate


def descendants(keys: Iterable[int]) -> set[int]:
    """Certificates that were made out of these, generation by generation."""
    found: set[int] = set(keys)
    newest = set(found)
    for _generation in range(MOST_GENERATIONS):
        rows = CertificateSource.objects.filter(source__in=newest).values_list("certificate", flat=True)
        newest = set(rows) - found
        if not newest:
            break
        found |= newest
    return found


def ancestors(keys: Iterable[int]) -> set[int]:
    found: set[int] = set(keys)
    newest = set(found)
    for _generation in range(MOST_GENERATIONS):
        rows = CertificateSource.objects.filter(certificate__in=newest).values_list("source", flat=True)
        newest = set(rows) - found
        if not newest:
            break
        found |= newest
    return found


def revoked_source(row: Certificate) -> Certificate | None:
    """A revoked certificate on which this one rests, or itself."""
    return Certificate.objects.filter(pk__in=ancestors([row.pk]), state=State.REVOKED).order_by("number").first()


@transaction.atomic
def revoke(*, certificate: Certificate, reason: str, by: Any) -> Certificate:
    """From now on every scan says so, the lot goes no further, and everybody who took goods on it is told."""
    reason = reason.strip()
    if not reason:
        raise Refused({"reason": _("请写明撤销原因，已经收货的单位会看到。")})
    now = ledger.clock.now()
    rows = Certificate.objects.filter(pk=certificate.pk, state=State.ISSUED)
    if rows.update(state=State.REVOKED, ended_at=now, ended_by=who(by), ended_reason=reason[:200]) != 1:
        raise MovedOn(_("这张合格证已经撤回或者撤销，请刷新后查看。"))
    certificate.refresh_from_db()
    reached = Collection.objects.filter(certificate__in=descendants([certificate.pk]), undone_at=None)
    told = reached.update(told_at=now, heeded_at=None, heeded_by="", heeded_note="")
    ledger.record(
        "supply.certificate.revoked", of=certificate, by=by, division_code=certificate.division_code,
        data={"number": certificate.number, "reason": reason[:200], "told": told},
    )  # fmt: skip
    if certificate.lot is not None and certificate.lot.state == Lot.State.OPEN:
        stop_lot(lot=certificate.lot, reason=_("合格证已撤销：%(why)s") % {"why": reason}, by=by)
    return certificate


@transaction.atomic
def heed(*, collection: Collection, note: str, by: Any) -> Collection:
    """A buyer says what became of goods whose certificate was revoked."""
    note = note.strip()
    if not note:
        raise Refused({"note": _("请写还剩多少、怎样处理的，例如“剩 20 千克，已下架退回”。")})
    rows = Collection.objects.filter(pk=collection.pk, heeded_at=None).exclude(told_at=None)
    if rows.update(heeded_at=ledger.clock.now(), heeded_by=who(by), heeded_note=note[:200]) != 1:
        raise MovedOn(_("这条通知已经处理过，请刷新后查看。"))
    collection.refresh_from_db()
    ledger.record("supply.collection.heeded", of=collection, by=by, data={"number": collection.certificate.number})
    return collection


# --- collect --------------------------------------------------------------------------------------------------------------


def collect(
    *, certificate: Certificate, premises: Any, quantity: Decimal, by: Any, received_at: datetime | None = None,
    how: str = How.SCAN, evidence: Sequence[Any] = (),
) -> Collection:  # fmt: skip
    """A buyer takes goods over with their certificate; makes the receipt. When nothing is left of it, somebody may have copied
    the label: the refusal leaves a clue."""
    try:
        return _collected(certificate, premises, quantity, received_at or ledger.clock.now(), how, evidence, by)
    except NothingLeft:
        clues.over_taken(certificate=certificate, premises=premises, by=by)
        raise


class NothingLeft(Refused):
    """The whole quantity of the certificate was taken over before."""


@transaction.atomic
def _collected(
    certificate: Certificate, premises: Any, quantity: Decimal, at: datetime, how: str, evidence: Sequence[Any], by: Any
) -> Collection:
    refuse_unusable(certificate)
    if certificate.premises_id == premises.pk:
        raise Refused(_("这张合格证就是本场所开具的，不用收取。"))
    take(certificate, quantity)
    lot = record_receipt(
        premises=premises, food=certificate.food, quantity=quantity, unit=certificate.unit, received_at=at, how=how,
        supplier_premises=certificate.premises, from_lot=certificate.lot, certificate_code=certificate.number,
        evidence=evidence, code=certificate.number, food_class=certificate.food_class, by=by,
    )  # fmt: skip
    row: Collection = insert(
        Collection(
            certificate=certificate, premises=premises, receipt=lot.receipt, quantity=quantity,
            division_code=premises.division_code, collected_at=at, collected_by=who(by),
        )
    )  # fmt: skip
    ledger.record(
        "supply.certificate.collected", of=row, by=by, division_code=row.division_code,
        data={"number": certificate.number, "quantity": str(quantity)},
    )  # fmt: skip
    return row


def refuse_unusable(certificate: Certificate) -> None:
    if certificate.state == State.WITHDRAWN:
        raise Refused(_("这张合格证开具后已撤回，不能收货。请供货方重新开具。"))
    revoked = revoked_source(certificate)
    if revoked is not None:
        raise Refused(
            _("合格证 %(number)s 已撤销，不能收货。请退回货物，并告诉监管人员。") % {"number": revoked.number}
        )


def take(certificate: Certificate, quantity: Decimal) -> None:
    """Take an amount off a certificate; the database decides whether there is so much."""
    if quantity <= 0 or quantity != from_thousandths(thousandths(quantity)):
        raise Refused({"quantity": _("数量应大于 0，最多三位小数。")})
    most = thousandths(certificate.quantity) - thousandths(quantity)
    rows = Certificate.objects.filter(pk=certificate.pk, state=State.ISSUED, taken__lte=most)
    if rows.update(taken=F("taken") + thousandths(quantity)) == 1:
        certificate.refresh_from_db(fields=["taken"])
        return
    certificate.refresh_from_db(fields=["taken", "state"])
    if certificate.left:
        raise Refused(
            {"quantity": _("这张合格证只剩 %(left)s 没有交付，请核对数量。") % {"left": plain(certificate.left)}}
        )
    raise NothingLeft(_("这张合格证的数量已经全部被收取，标签可能是复印的。请不要收货，平台已记下线索。"))


@transaction.atomic
def undo_collection(*, collection: Collection, reason: str, by: Any) -> Collection:
    """Take back a collection entered by mistake, together with its receipt."""
    rows = Collection.objects.filter(pk=collection.pk, undone_at=None, used=0)
    if rows.update(undone_at=ledger.clock.now(), undone_by=who(by)) != 1:
        raise Refused(_("这批货已经用来重新开证，或者已撤销，不能再撤销收取。"))
    if collection.receipt is not None:
        undo_receipt(receipt=collection.receipt, reason=reason, by=by)
    Certificate.objects.filter(pk=collection.certificate_id).update(taken=F("taken") - thousandths(collection.quantity))
    collection.refresh_from_db()
    ledger.record(
        "supply.certificate.collection_undone", of=collection, by=by, data={"number": collection.certificate.number}
    )
    return collection
