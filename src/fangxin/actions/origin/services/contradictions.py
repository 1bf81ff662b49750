"""What does not fit together on a parcel: class, crop, measure and produce. Each becomes a matter of whom the routing names."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from fangxin.actions.origin import rules, selectors
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry


def conditions(on: date) -> Mapping[str, Q]:
    """Gravest first. The rows carry the columns of `selectors.with_standing`."""
    not_eaten = Q(pk__in=[])
    for word in rules.not_edible(on):
        not_eaten |= Q(crop__contains=word)
    unnamed = Q(crop="")
    strict = Q(soil_class="strict", measured=False)
    return {
        "edible_on_strict": strict & ~unnamed & ~not_eaten,
        "produce_above": Q(produce="above"),
        "strict_without_measure": strict & not_eaten,
        "safe_use_without_measure": Q(soil_class="safe_use", measured=False),
        "crop_unknown": unnamed & Q(soil_class__in=selectors.POLLUTED, measured=False),
    }


def contradicting(rows: "QuerySet[Any]", on: date, code: str = "") -> "QuerySet[Any]":
    """Parcels with one kind of contradiction, or with any."""
    found = conditions(on)
    if code:
        return rows.filter(found[code])
    anything = Q()
    for condition in found.values():
        anything |= condition
    return rows.filter(anything)


def codes_of(parcel: Any, on: date) -> list[str]:
    """The contradictions of one row, gravest first."""
    edible = rules.is_edible(parcel.crop, on)
    polluted, bare = parcel.soil_class in selectors.POLLUTED, not parcel.measured
    found = (
        ("edible_on_strict", parcel.soil_class == "strict" and bare and edible is True),
        ("produce_above", parcel.produce == "above"),
        ("strict_without_measure", parcel.soil_class == "strict" and bare and edible is False),
        ("safe_use_without_measure", parcel.soil_class == "safe_use" and bare),
        ("crop_unknown", polluted and bare and edible is None),
    )
    return [code for code, holds in found if holds]


@transaction.atomic
def tell_all(*, prefix: str, by: Any) -> int:
    """Announce every contradiction of a division; the same one of a year becomes one matter only."""
    today = ledger.clock.today()
    rows = registry.Parcel.objects.filter(people.under(prefix), closed_on=None, kind__in=selectors.CULTIVATED)
    standing = selectors.with_standing(rows, today).order_by("number")
    told = 0
    for parcel in contradicting(standing, today):
        for code in codes_of(parcel, today):
            contribute.announce(_announcement(parcel, code, today), by=by)
            told += 1
    return told


def _announcement(parcel: Any, code: str, today: date) -> Announcement:
    route = rules.route_of(code, today)
    owner = people.first_agency(route.owners, parcel.division_code)
    crop = f"（{parcel.crop}）" if parcel.crop else ""
    return Announcement(
        name="finding",
        subject_type="registry.parcel",
        subject_id=str(parcel.pk),
        subject_name=str(parcel),
        division_code=parcel.division_code,
        text=f"{route.label}{crop}",
        facts={
            "key": f"origin.{code}:{parcel.number}:{today.year}",
            "origin": "other",
            "severity": route.severity,
            "legal_basis": route.clause,
            "owner_agency_id": owner.pk if owner is not None else None,
        },
    )
