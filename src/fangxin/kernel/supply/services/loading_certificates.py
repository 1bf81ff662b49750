"""Many certificates at once, for the synthetic county and for imports: with their lots, receipts and looks."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.supply import rules_certificates as rules
from fangxin.kernel.supply import standards_certificates as standards
from fangxin.kernel.supply.data import Load, NewLink, NewLot
from fangxin.kernel.supply.data_certificates import PastCertificate
from fangxin.kernel.supply.models import Certificate, CertifiedBatch, Collection, How, Lot, Receipt, Scan, Source
from fangxin.kernel.supply.models.certificates import thousandths
from fangxin.kernel.supply.services.certificates import COUNTY_LENGTH, know_key, number_of
from fangxin.kernel.supply.services.loading import load as load_lots
from fangxin.kernel.supply.services.recording import who

BATCH = 500
NAME_LENGTH = 30


@transaction.atomic
def load(rows: Sequence[PastCertificate], *, by: Any) -> list[Certificate]:
    """The caller has seen to it that nothing stood in the way then. Nothing is announced; the ledger holds one line a township."""
    if not rows:
        return []
    name = who(by)
    drafts = [_draft(row, number, name) for row, number in zip(rows, _numbers(rows), strict=True)]
    lots = load_lots(_load(rows, drafts), by=by)
    _seal(rows, drafts, lots)
    made = Certificate.objects.bulk_create(drafts, batch_size=BATCH)
    _count_batches(rows)
    _collections(rows, made, lots, name)
    looks = [_scan(certificate, look) for row, certificate in zip(rows, made, strict=True) for look in row.looks]
    Scan.objects.bulk_create(looks, batch_size=BATCH)
    _tell(made, by)
    return made


def _numbers(rows: Sequence[PastCertificate]) -> list[str]:
    """In the order of the rows, each county and year in its own series."""
    keys = [(row.premises.division_code[:COUNTY_LENGTH], _day(row).year) for row in rows]
    series = {
        (county, year): iter(ledger.take_numbers(f"certificates-{county}", year, count))
        for (county, year), count in Counter(keys).items()
    }
    return [number_of(*key, next(series[key])) for key in keys]


def _day(row: PastCertificate) -> Any:
    return row.issued_at.astimezone(ledger.clock.LOCAL).date()


def _draft(row: PastCertificate, number: str, name: str) -> Certificate:
    place, on = row.premises, _day(row)
    rule = standards.rules_on(on)
    return Certificate(
        number=number, premises=place, food=row.food, quantity=row.quantity, unit=row.unit,
        subject_type=row.subject_type, subject_id=row.subject_id, harvested_on=row.harvested_on,
        division_code=place.division_code, origin_code=place.division_code, producer=place.name[:NAME_LENGTH],
        contact=place.phone or place.operator.phone, commitments=list(rule.commitments), bases=[row.basis],
        basis_note=row.basis_note, edition=rule.edition, issued_on=on, issued_at=row.issued_at, issued_by=name,
        issued_for=row.issued_for, taken=thousandths(sum((take.quantity for take in row.takes), Decimal(0))),
    )  # fmt: skip


def _load(rows: Sequence[PastCertificate], drafts: Sequence[Certificate]) -> Load:
    lots, links = [], []
    for row, draft in zip(rows, drafts, strict=True):
        given: dict[str, Any] = {
            "food": row.food, "source": Source.CERTIFICATE, "code": draft.number, "maker_name": draft.producer,
            "made_on": row.harvested_on, "unit": row.unit,
        }  # fmt: skip
        place = row.premises
        lots.append(
            NewLot(
                key=draft.number,
                division_code=place.division_code,
                began_on=row.harvested_on,
                premises_id=place.pk,
                place_name=place.name,
                quantity=row.quantity,
                vouched_by=place.name,
                **given,
            )
        )
        for order, take in enumerate(row.takes):
            key, to = f"{draft.number}/{order}", take.premises
            day = take.at.astimezone(ledger.clock.LOCAL).date()
            lots.append(
                NewLot(
                    key=key,
                    division_code=to.division_code,
                    began_on=day,
                    premises_id=to.pk,
                    place_name=to.name,
                    quantity=take.quantity,
                    vouched_by=to.name,
                    sureness="scanned",
                    **given,
                )
            )
            links.append(
                NewLink(draft.number, key, received_at=take.at, quantity=take.quantity, unit=row.unit, how=How.SCAN)
            )
    return Load(tuple(lots), tuple(links))


def _seal(rows: Sequence[PastCertificate], drafts: Sequence[Certificate], lots: dict[str, Lot]) -> None:
    signing = rules.signer()
    if signing is not None:
        know_key(signing.key_id, signing.public_pem.decode("ascii"), min(_day(row) for row in rows))
    paths: dict[str, str] = {}
    for draft in drafts:
        code = draft.origin_code
        if code not in paths:
            paths[code] = people.division_path(code)
        draft.origin, draft.lot = paths[code], lots[draft.number]
        rules.seal(draft, signing)


def _count_batches(rows: Sequence[PastCertificate]) -> None:
    sums: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row.subject_type:
            sums[row.subject_type, row.subject_id] += thousandths(row.quantity)
    CertifiedBatch.objects.bulk_create(
        [CertifiedBatch(subject_type=kind, subject_id=key, certified=count) for (kind, key), count in sums.items()],
        batch_size=BATCH,
    )


def _collections(rows: Sequence[PastCertificate], made: Sequence[Certificate], lots: dict[str, Lot], name: str) -> None:
    taken = [
        (certificate, take, lots[f"{certificate.number}/{order}"])
        for row, certificate in zip(rows, made, strict=True)
        for order, take in enumerate(row.takes)
    ]
    numbers = {lot.pk: certificate.number for certificate, _take, lot in taken}
    receipts = [row for row in Receipt.objects.filter(recorded_by=name, how=How.SCAN) if row.lot_id in numbers]
    for receipt in receipts:
        receipt.certificate_code = numbers[receipt.lot_id]
    Receipt.objects.bulk_update(receipts, ["certificate_code"], batch_size=BATCH)
    by_lot = {receipt.lot_id: receipt for receipt in receipts}
    Collection.objects.bulk_create(
        [
            Collection(
                certificate=certificate, premises=take.premises, receipt=by_lot[lot.pk], quantity=take.quantity,
                division_code=take.premises.division_code, collected_at=take.at, collected_by=name,
            )
            for certificate, take, lot in taken
        ],
        batch_size=BATCH,
    )  # fmt: skip


def _scan(certificate: Certificate, look: Any) -> Scan:
    outcome = Scan.Outcome.GENUINE if certificate.code else Scan.Outcome.UNSIGNED
    return Scan(
        certificate=certificate, claimed=certificate.number, outcome=outcome, at=look.at, longitude=look.longitude,
        latitude=look.latitude,
    )  # fmt: skip


def _tell(made: Sequence[Certificate], by: Any) -> None:
    towns = Counter(row.division_code[:9] for row in made)
    ledger.record_many(
        [
            ledger.build_entry("supply.certificates.loaded", of=None, by=by, division_code=town, data={"count": count})
            for town, count in sorted(towns.items())
        ]
    )
