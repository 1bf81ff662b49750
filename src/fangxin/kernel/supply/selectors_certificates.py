"""What a person may read of certificates, and what everybody may."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.kernel.supply import standards_certificates as standards
from fangxin.kernel.supply.data_certificates import CertificateStep, PublicCertificate
from fangxin.kernel.supply.models import Certificate, CertificateSource, Collection, CopyClue, Scan
from fangxin.kernel.supply.services.certificates import ancestors, revoked_source

State = Certificate.State
MOST_STEPS = 60


def list_certificates(user: Any, ability: str = "certificate.view") -> "QuerySet[Certificate]":
    """Certificates issued in the person's divisions; for others those their own places issued or collected."""
    rows = Certificate.objects.select_related("premises__operator")
    if user.prefixes(ability):
        return people.within(rows, user, ability)
    own = user.own_agencies(ability)
    taken = Collection.objects.filter(certificate=OuterRef("pk"), premises__operator__agency__in=own, undone_at=None)
    return rows.filter(Q(premises__operator__agency__in=own) | Exists(taken))


def list_collections(user: Any, ability: str = "certificate.view") -> "QuerySet[Collection]":
    rows = Collection.objects.select_related("certificate", "premises", "receipt")
    if user.prefixes(ability):
        return people.within(rows, user, ability)
    return rows.filter(premises__operator__agency__in=user.own_agencies(ability))


def list_clues(user: Any) -> "QuerySet[CopyClue]":
    rows = CopyClue.objects.select_related("certificate__premises", "first", "second")
    return people.within(rows, user, "certificate.clues")


def places_of(user: Any) -> "QuerySet[Any]":
    """Places for which the person issues and collects: the own ones, or those of the divisions on their behalf."""
    rows = registry.Premises.objects.filter(merged_into=None).exclude(status="closed").select_related("operator")
    if user.prefixes("certificate.handle"):
        return people.within(rows, user, "certificate.handle")
    return rows.filter(operator__agency__in=user.own_agencies("certificate.handle"))


def may_act_for(user: Any, premises: Any) -> bool:
    """The place's own people, or the township and the department on its behalf."""
    near = any(premises.division_code.startswith(prefix) for prefix in user.prefixes("certificate.handle"))
    return near or premises.operator.agency_id in user.own_agencies("certificate.handle")


def to_heed(user: Any, ability: str = "certificate.own") -> "QuerySet[Collection]":
    """Collections whose certificate was revoked and of which nobody has said what became of the goods."""
    return list_collections(user, ability).filter(told_at__isnull=False, heeded_at=None, undone_at=None)


def held_at(premises: Any) -> list[tuple[Certificate, Any]]:
    """Certificates under which a place holds goods, with how much: own ones not given away, collected ones not used."""
    own = Certificate.objects.filter(premises=premises, state=State.ISSUED).order_by("-issued_on", "-number")[:200]
    held = [(row, row.left) for row in own if row.left]
    collected = Collection.objects.filter(premises=premises, undone_at=None, certificate__state=State.ISSUED)
    found: dict[int, list[Any]] = {}
    for row in collected.select_related("certificate").order_by("-collected_at", "-pk")[:200]:
        entry = found.setdefault(row.certificate_id, [row.certificate, 0])
        entry[1] += row.left
    return held + [(certificate, left) for certificate, left in found.values() if left]


# --- for everybody ----------------------------------------------------------------------------------------------------------


def public_certificate(row: Certificate) -> PublicCertificate:
    """What a shopper may know: who, what, where, when, the promise, and the way of the goods; no phone of a person."""
    rule = standards.rules_on(row.issued_on)
    revoked = revoked_source(row)
    individual = row.premises.operator.kind == row.premises.operator.Kind.INDIVIDUAL
    return PublicCertificate(
        number=row.number, title=rule.title, food=row.food, quantity=row.quantity, unit=str(row.get_unit_display()),
        producer=row.producer, origin=row.origin, contact="" if individual else row.contact, issued_on=row.issued_on,
        harvested_on=row.harvested_on, made=row.made, made_label=str(row.get_made_display()), opening=rule.opening,
        commitments=tuple(rule.commitments.get(code, code) for code in row.commitments),
        bases=tuple(rule.basis_text(code) for code in row.bases), basis_note=row.basis_note, state=row.state,
        revoked_number=revoked.number if revoked else "", revoked_reason=revoked.ended_reason if revoked else "",
        revoked_on=_day(revoked.ended_at) if revoked else None, digest=row.digest, signed=bool(row.code),
        premises_ids=tuple(_makers(row)), steps=tuple(_steps(row)),
    )  # fmt: skip


def _day(moment: Any) -> date | None:
    return moment.astimezone(ledger.clock.LOCAL).date() if moment else None


def _makers(row: Certificate) -> list[int]:
    rows = Certificate.objects.filter(pk__in=ancestors([row.pk]), made=Certificate.Made.ORIGIN)
    return sorted(set(rows.values_list("premises", flat=True)))


def _steps(row: Certificate) -> list[CertificateStep]:
    """The way of the goods up to this certificate and on from it, oldest first."""
    keys = ancestors([row.pk])
    certificates = Certificate.objects.filter(pk__in=keys).order_by("issued_at", "pk")[:MOST_STEPS]
    steps = [(one.issued_at, 2 * (one.made == Certificate.Made.AGAIN), _issued(one)) for one in certificates]
    # Buyers on the way here, and of this certificate; what others bought from the same farm is not this shopper's business.
    used = CertificateSource.objects.filter(source=OuterRef("certificate"), certificate__in=keys)
    used = used.filter(certificate__premises=OuterRef("premises"))
    taken = Collection.objects.filter(certificate__in=keys, undone_at=None).filter(Q(certificate=row.pk) | Exists(used))
    bought = taken.select_related("premises", "certificate").order_by("collected_at", "pk")[:MOST_STEPS]
    steps += [(one.collected_at, 3 if one.certificate_id == row.pk else 1, _taken(one)) for one in bought]
    return [step for _at, _rank, step in sorted(steps, key=lambda line: line[:2])]


def _issued(row: Certificate) -> CertificateStep:
    unit = str(row.get_unit_display())
    return CertificateStep(row.issued_on, row.made, row.producer, row.origin, row.quantity, unit, row.number)


def _taken(row: Collection) -> CertificateStep:
    unit, place = str(row.certificate.get_unit_display()), people.division_path(row.division_code[:9])
    on = row.collected_at.astimezone(ledger.clock.LOCAL).date()
    return CertificateStep(on, "collected", row.premises.name, place, row.quantity, unit, row.certificate.number)


# --- rows for the board -----------------------------------------------------------------------------------------------------


def end_of(day: date) -> datetime:
    """The first moment after the local day."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ledger.clock.LOCAL)


def certificate_rows(as_of: date) -> "QuerySet[Certificate]":
    """One row per certificate issued in the year up to the day and not withdrawn by then."""
    rows = Certificate.objects.filter(issued_on__lte=as_of, issued_on__year=as_of.year)
    end = end_of(as_of)
    rows = rows.exclude(state=State.WITHDRAWN, ended_at__lt=end).order_by()
    return rows.annotate(
        operator_kind=F("premises__operator__kind"),
        revoked=Exists(Certificate.objects.filter(pk=OuterRef("pk"), state=State.REVOKED, ended_at__lt=end)),
        collected=Exists(Collection.objects.filter(certificate=OuterRef("pk"), collected_at__lt=end, undone_at=None)),
        scanned=Exists(Scan.objects.filter(certificate=OuterRef("pk"), at__lt=end)),
        copied=Exists(CopyClue.objects.filter(certificate=OuterRef("pk"), found_at__lt=end)),
    )


def standing_of_batches(subject_type: str, as_of: date) -> "QuerySet[Certificate]":
    """Certificates for batches of a kind that were given by the day and neither withdrawn nor revoked by its end."""
    rows = Certificate.objects.filter(subject_type=subject_type, issued_on__lte=as_of).order_by()
    return rows.exclude(ended_at__lt=end_of(as_of))
