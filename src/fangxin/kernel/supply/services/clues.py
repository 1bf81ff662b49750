"""Signs that a label was copied: each becomes a matter for market supervision, once a certificate and kind."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.supply import standards_certificates as standards
from fangxin.kernel.supply.models import Certificate, CopyClue, Scan
from fangxin.kernel.supply.services.recording import insert

Kind = CopyClue.Kind


@transaction.atomic
def note(
    *, certificate: Certificate, kind: str, text: str, by: Any, first: Scan | None = None, second: Scan | None = None
) -> CopyClue | None:
    """The clue, or None when it is known already."""
    if CopyClue.objects.filter(certificate=certificate, kind=kind).exists():
        return None
    row = insert(
        CopyClue(
            certificate=certificate, kind=kind, text=text[:300], first=first, second=second,
            division_code=certificate.division_code, found_at=ledger.clock.now(),
            matter_key=f"supply.copy_clue:{certificate.number}:{kind}",
        )
    )  # fmt: skip
    ledger.record("supply.copy_clue.found", of=certificate, by=by, data={"number": certificate.number, "kind": kind})
    _announce(row, by=by)
    return row


def _announce(row: CopyClue, *, by: Any) -> None:
    certificate = row.certificate
    route = standards.practice(ledger.clock.today()).routes[row.kind]
    owner = people.first_agency(route.owners, certificate.division_code)
    contribute.announce(
        Announcement(
            name="finding",
            subject_type="supply.certificate",
            subject_id=str(certificate.pk),
            subject_name=str(certificate),
            division_code=certificate.division_code,
            text=row.text,
            facts={
                "key": row.matter_key,
                "origin": "other",
                "severity": route.severity,
                "legal_basis": route.clause,
                **({"owner_agency_id": owner.pk} if owner else {}),
            },
        ),
        by=by,
    )


def over_taken(*, certificate: Certificate, premises: Any, by: Any) -> CopyClue | None:
    text = _("合格证 %(number)s 的数量已全部交付，“%(name)s”又来收取。标签可能被复印套用，请核实货物来源。") % {
        "number": certificate.number, "name": premises.name,
    }  # fmt: skip
    return note(certificate=certificate, kind=Kind.OVER_TAKEN, text=text, by=by)


def matter_closed(announcement: Announcement, *, by: Any) -> None:
    key = announcement.facts.get("key")
    if not key:
        return
    rows = CopyClue.objects.filter(matter_key=key, closed_at=None)
    for row in rows.select_related("certificate"):
        rows.filter(pk=row.pk).update(closed_at=ledger.clock.now(), closed_by=ledger.Actor.of(by).username or "-")
        ledger.record("supply.copy_clue.closed", of=row.certificate, by=by, data={"kind": row.kind})


def matter_reopened(announcement: Announcement, *, by: Any) -> None:
    key = announcement.facts.get("key")
    if key:
        CopyClue.objects.filter(matter_key=key).update(closed_at=None, closed_by="")
