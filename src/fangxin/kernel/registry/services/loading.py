"""Whole lists at once, for imports and the synthetic county. The caller has checked them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import models, transaction

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry.data import (
    Loaded,
    NewCensusEntry,
    NewCertificate,
    NewCredential,
    NewFact,
    NewOperator,
    NewPremises,
    NewStaff,
)
from fangxin.kernel.registry.models import (
    CensusEntry,
    Credential,
    Operator,
    Premises,
    PremisesFact,
    Staff,
    StaffCertificate,
)
from fangxin.kernel.registry.rules import size_of, usual_expiry
from fangxin.kernel.registry.services.subjects import premises_number, who

BATCH = 1000
T = TypeVar("T", bound=models.Model)
Ref = str | int


@transaction.atomic
def load(
    *,
    by: Any,
    operators: Sequence[NewOperator] = (),
    premises: Sequence[NewPremises] = (),
    credentials: Sequence[NewCredential] = (),
    staff: Sequence[NewStaff] = (),
    certificates: Sequence[NewCertificate] = (),
    facts: Sequence[NewFact] = (),
    census: Sequence[NewCensusEntry] = (),
) -> Loaded:
    """Write lists of new rows with one ledger entry per township and kind of row.

    The database's own checks hold; attribute names and licence numbers are not looked up again.
    """
    loading = _Load(by)
    loading.operators(operators)
    loading.premises(premises)
    loading.credentials(credentials)
    loading.staff(staff)
    made_certificates = loading.certificates(certificates)
    made_facts = loading.facts(facts)
    made_entries = loading.census(census)
    loading.tell()
    return Loaded(
        operators=loading.operator_ids,
        premises=loading.premises_ids,
        credentials=loading.credential_ids,
        staff=loading.staff_ids,
        certificates=made_certificates,
        facts=made_facts,
        census=made_entries,
        counts=loading.totals(),
    )


class _Load:
    def __init__(self, by: Any) -> None:
        self.by = by
        self.stamp: dict[str, Any] = {"recorded_at": ledger.clock.now(), "recorded_by": who(by)}
        self.operator_ids: dict[str, int] = {}
        self.premises_ids: dict[str, int] = {}
        self.credential_ids: dict[str, int] = {}
        self.staff_ids: dict[str, int] = {}
        self.divisions: dict[int, str] = {}
        self.staff_divisions: dict[int, str] = {}
        self.counted: Counter[tuple[str, str]] = Counter()

    def operators(self, values: Sequence[NewOperator]) -> None:
        made = _create(Operator, values, self._operator)
        self.operator_ids = {value.key: row.pk for value, row in zip(values, made, strict=True)}
        self._count("operator", (value.division_code for value in values))

    def _operator(self, value: NewOperator) -> Operator:
        kinds = Operator.IdentityKind
        return Operator(
            name=value.name,
            identity_kind=kinds.CREDIT_CODE if value.uscc else kinds.NONE,
            uscc=value.uscc,
            kind=value.kind,
            legal_representative=value.legal_representative,
            phone=value.phone,
            agency_id=value.agency_id,
            division_code=value.division_code,
            **self.stamp,
        )

    def premises(self, values: Sequence[NewPremises]) -> None:
        year = ledger.clock.today().year
        serials = {
            county: iter(ledger.take_numbers(f"premises-{county}", year, count))
            for county, count in Counter(value.division_code[:6] for value in values).items()
        }
        numbers = [
            premises_number(value.division_code[:6], year, next(serials[value.division_code[:6]])) for value in values
        ]
        given = iter(numbers)
        made = _create(Premises, values, lambda value: self._premises(value, next(given)))
        self.premises_ids = {value.key: row.pk for value, row in zip(values, made, strict=True)}
        self.divisions = {row.pk: row.division_code for row in made}
        self._count("premises", (value.division_code for value in values))

    def _premises(self, value: NewPremises, number: str) -> Premises:
        status = Premises.Status.CLOSED if value.closed_on else Premises.Status.OPERATING
        return Premises(
            operator_id=_found(value.operator, self.operator_ids),
            number=number,
            name=value.name,
            kind=value.kind,
            division_code=value.division_code,
            address=value.address,
            phone=value.phone,
            rural=value.rural,
            latitude=value.latitude,
            longitude=value.longitude,
            area_m2=value.area_m2,
            seats=value.seats,
            size_class=size_of(value.kind, value.area_m2, value.seats),
            status=status,
            opened_on=value.opened_on,
            closed_on=value.closed_on,
            **self.stamp,
        )

    def credentials(self, values: Sequence[NewCredential]) -> None:
        self._know_divisions(value.premises for value in values)
        made = _create(Credential, values, self._credential)
        self.credential_ids = {value.key: row.pk for value, row in zip(values, made, strict=True) if value.key}
        self._count("credential", (row.division_code for row in made))

    def _credential(self, value: NewCredential) -> Credential:
        pk = _found(value.premises, self.premises_ids)
        return Credential(
            premises_id=pk,
            division_code=self.divisions[pk],
            kind=value.kind,
            number=value.number,
            scope=value.scope,
            issuer=value.issuer,
            issued_on=value.issued_on,
            expires_on=value.expires_on or usual_expiry(value.kind, value.issued_on),
            revoked_on=value.revoked_on,
            revoke_reason=value.revoke_reason,
            seen_on_paper=value.seen_on_paper,
            **self.stamp,
        )

    def staff(self, values: Sequence[NewStaff]) -> None:
        self._know_divisions(value.premises for value in values if value.premises is not None)
        made = _create(Staff, values, self._person)
        self.staff_ids = {value.key: row.pk for value, row in zip(values, made, strict=True)}
        self.staff_divisions = {row.pk: row.division_code for row in made}
        self._count("staff", (row.division_code for row in made))

    def _person(self, value: NewStaff) -> Staff:
        pk = None if value.premises is None else _found(value.premises, self.premises_ids)
        return Staff(
            premises_id=pk,
            division_code=value.division_code if pk is None else self.divisions[pk],
            name=value.name,
            phone=value.phone,
            role=value.role,
            joined_on=value.joined_on,
            left_on=value.left_on,
            **self.stamp,
        )

    def certificates(self, values: Sequence[NewCertificate]) -> tuple[int, ...]:
        here = {value.staff for value in values if isinstance(value.staff, int)} - self.staff_divisions.keys()
        self.staff_divisions |= _divisions_of(Staff, here)
        made = _create(StaffCertificate, values, self._certificate)
        self._count("certificate", (self.staff_divisions[row.staff_id] for row in made))
        return tuple(row.pk for row in made)

    def _certificate(self, value: NewCertificate) -> StaffCertificate:
        return StaffCertificate(
            staff_id=_found(value.staff, self.staff_ids),
            kind=value.kind,
            number=value.number,
            passed_on=value.passed_on,
            expires_on=value.expires_on or usual_expiry(value.kind, value.passed_on),
            score=value.score,
            channel=value.channel,
            **self.stamp,
        )

    def facts(self, values: Sequence[NewFact]) -> tuple[int, ...]:
        self._know_divisions(value.premises for value in values)
        made = _create(PremisesFact, values, self._fact)
        self._count("fact", (self.divisions[row.premises_id] for row in made))
        return tuple(row.pk for row in made)

    def _fact(self, value: NewFact) -> PremisesFact:
        return PremisesFact(
            premises_id=_found(value.premises, self.premises_ids),
            name=value.name,
            value=value.value,
            valid_from=value.valid_from,
            valid_to=value.valid_to,
            note=value.note,
            evidence_id=value.evidence_id,
            **self.stamp,
        )

    def census(self, values: Sequence[NewCensusEntry]) -> tuple[int, ...]:
        made = _create(CensusEntry, values, self._entry)
        self._count("census", (value.division_code for value in values))
        return tuple(row.pk for row in made)

    def _entry(self, value: NewCensusEntry) -> CensusEntry:
        decided = value.match != CensusEntry.Match.UNMATCHED
        return CensusEntry(
            survey_id=value.survey,
            division_code=value.division_code,
            name_seen=value.name_seen,
            address_seen=value.address_seen,
            phone_seen=value.phone_seen,
            kind_seen=value.kind_seen,
            latitude=value.latitude,
            longitude=value.longitude,
            operating=value.operating,
            seen_on=value.seen_on,
            seen_by=self.stamp["recorded_by"],
            match=value.match,
            premises_id=None if value.premises is None else _found(value.premises, self.premises_ids),
            matched_at=self.stamp["recorded_at"] if decided else None,
            matched_by=self.stamp["recorded_by"] if decided else "",
            **self.stamp,
        )

    def _know_divisions(self, references: Iterable[Ref]) -> None:
        """Credentials, staff and facts lie where their premises lie."""
        here = {ref for ref in references if isinstance(ref, int)} - self.divisions.keys()
        self.divisions |= _divisions_of(Premises, here)

    def _count(self, what: str, divisions: Iterable[str]) -> None:
        self.counted.update((what, division[:9]) for division in divisions)

    def totals(self) -> dict[str, int]:
        totals: Counter[str] = Counter()
        for (what, _), count in self.counted.items():
            totals[what] += count
        return dict(totals)

    def tell(self) -> None:
        ledger.record_many(
            [
                ledger.build_entry(
                    "registry.loaded", of=None, by=self.by, division_code=division, data={"what": what, "count": count}
                )
                for (what, division), count in sorted(self.counted.items())
            ]
        )


def _create(model: type[T], values: Sequence[Any], make: Callable[[Any], T]) -> list[T]:
    return model._default_manager.bulk_create([make(value) for value in values], batch_size=BATCH)


def _found(reference: Ref, known: Mapping[str, int]) -> int:
    return reference if isinstance(reference, int) else known[reference]


def _divisions_of(model: type[models.Model], keys: Iterable[int]) -> dict[int, str]:
    wanted = sorted(keys)
    found: dict[int, str] = {}
    for start in range(0, len(wanted), BATCH):
        rows = model._default_manager.filter(pk__in=wanted[start : start + BATCH])
        found.update(rows.values_list("pk", "division_code"))
    return found
