"""Whole lists at once, for the synthetic county: applications that were decided in the past, and their first visits."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from fangxin.actions.small_operators import rules
from fangxin.actions.small_operators.models import Application, FirstVisit
from fangxin.actions.small_operators.services.applications import SERIES
from fangxin.kernel.ledger import api as ledger

BATCH = 500


@dataclass(frozen=True, slots=True)
class Decided:
    """A paper of the register, the application that led to it, and the first visit if there was one."""

    credential: Any
    submitted_on: date
    decided_on: date
    products: str
    received: bool = False
    water: str = ""
    visited_on: date | None = None
    result: str = ""
    note: str = ""


@transaction.atomic
def load(*, decided: Sequence[Decided], by: Any) -> int:
    """Write applications as decided and first visits as planned or done, with one ledger entry for all."""
    if not decided:
        return 0
    name = ledger.Actor.of(by).username
    place = decided[0].credential.division_code[:6]
    numbers = _numbers(decided, place)
    rows = [_application(one, number, name) for one, number in zip(decided, numbers, strict=True)]
    Application.objects.bulk_create(rows, batch_size=BATCH)
    FirstVisit.objects.bulk_create([_visit(one, name) for one in decided], batch_size=BATCH)
    ledger.record("small_operators.applications.loaded", of=None, by=by, division_code=place, data={"count": len(rows)})
    return len(rows)


def _numbers(decided: Sequence[Decided], county: str) -> list[str]:
    years = Counter(one.submitted_on.year for one in decided)
    series = {year: iter(ledger.take_numbers(f"{SERIES}-{county}", year, n)) for year, n in years.items()}
    return [f"{county}-{one.submitted_on.year}-{next(series[one.submitted_on.year]):05d}" for one in decided]


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=ledger.clock.LOCAL)


def _application(one: Decided, number: str, name: str) -> Application:
    premises, operator = one.credential.premises, one.credential.premises.operator
    on, place = one.submitted_on, premises.division_code
    return Application(
        number=number, purpose=Application.Purpose.NEW, kind=premises.kind, state=Application.State.ISSUED,
        division_code=place, agency_id=operator.agency_id, premises=premises, issued=one.credential,
        holder_name=operator.name, operator_kind=operator.kind, uscc=operator.uscc,
        principal=operator.legal_representative or operator.name, phone=operator.phone or premises.phone,
        sign_name=premises.name, address=premises.address or premises.name, latitude=premises.latitude,
        longitude=premises.longitude, products=one.products, water=one.water,
        edition=rules.ordinance_for(place, on).basis,
        entered_at=_at(on, 9), entered_by=name, submitted_at=_at(on, 10), submitted_by=name, submitted_on=on,
        complete_on=on, due_on=rules.decision_due(premises.kind, on, division_code=place),
        accepted_at=_at(on, 11), accepted_by=name, decided_at=_at(one.decided_on, 15), decided_by=name,
        decided_on=one.decided_on, on_the_spot=True,
        received_at=_at(one.decided_on, 16) if one.received else None, received_by=name if one.received else "",
    )  # fmt: skip


def _visit(one: Decided, name: str) -> FirstVisit:
    premises = one.credential.premises
    seen = one.visited_on is not None
    return FirstVisit(
        premises=premises, credential=one.credential, kind=premises.kind, division_code=premises.division_code,
        due_on=rules.first_visit_due(premises.kind, one.credential.issued_on, division_code=premises.division_code),
        visited_on=one.visited_on, result=one.result, note=one.note,
        recorded_at=_at(one.visited_on, 16) if one.visited_on else None, recorded_by=name if seen else "",
    )  # fmt: skip
