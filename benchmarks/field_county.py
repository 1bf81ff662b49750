"""Phones of a county and what they left: `python -m benchmarks.field_county make --phones 500` and `… count`.

`make` fills an empty, migrated database with a small synthetic county and one inspector, one visit and one phone for
each place; prints what each phone knows as JSON. `count` prints what the platform holds after they have spoken.
"""

import argparse
import json
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import django


def make(phones: int) -> dict[str, Any]:
    from fangxin.kernel.fieldwork import api as fieldwork  # noqa: PLC0415  (Django must have started)
    from fangxin.kernel.ledger import api as ledger  # noqa: PLC0415
    from fangxin.kernel.registry import api as registry  # noqa: PLC0415
    from fangxin.sim import life  # noqa: PLC0415
    from fangxin.surfaces.field.services import devices  # noqa: PLC0415

    life.build(scale=max(0.05, phones / 2500), with_oversight=False)
    today = ledger.clock.today()
    kinds = set(fieldwork.codes_by_kind(today))
    rows = registry.Premises.objects.filter(status="operating", merged_into=None, kind__in=kinds, opened_on__lt=today)
    places = list(rows.select_related("operator").order_by("division_code", "pk")[:phones])
    if len(places) < phones:
        raise SystemExit(f"only {len(places)} places for {phones} phones")
    users = [_inspector(number, place) for number, place in enumerate(places)]
    made = []
    for number, (place, user) in enumerate(zip(places, users, strict=True)):
        colleague = _colleague(number, places, users)
        fieldwork.add_visit(
            premises=place, kind="routine", reason="special", from_on=today, due_on=today + timedelta(days=9),
            officers=[user, colleague], by=None,
        )  # fmt: skip
        phone = devices.enrol(user=user, name="bench", by=user)
        made.append({
            "device": str(phone.device.uuid), "token": phone.token, "user": user.pk, "colleague": colleague.pk,
            "premises": place.pk,
        })  # fmt: skip
    ledger.seal_pending()
    return {"phones": made, "ahead_s": (ledger.clock.now() - datetime.now(UTC)).total_seconds()}


def _inspector(number: int, place: Any) -> Any:
    from fangxin.kernel.fieldwork.services.visits import inspecting_agency  # noqa: PLC0415
    from fangxin.kernel.people import api as people  # noqa: PLC0415

    user = people.create_user(username=f"phone{number}", name=f"检查员{number} 虚构", by=None)
    people.give_post(
        user=user, agency=inspecting_agency(place.division_code), role="inspector",
        division_code=place.division_code[:6], starts_on=date(2022, 1, 4), by=None,
    )  # fmt: skip
    return user


def _colleague(number: int, places: list[Any], users: list[Any]) -> Any:
    return users[(number + 1) % len(places)]


def count() -> dict[str, Any]:
    from fangxin.kernel.fieldwork import models  # noqa: PLC0415
    from fangxin.kernel.ledger import api as ledger  # noqa: PLC0415
    from fangxin.surfaces.field.models import Conflict, SyncedOperation, Upload  # noqa: PLC0415

    ledger.seal_pending()
    verified = ledger.verify()
    return {
        "operations": SyncedOperation.objects.count(),
        "applied": SyncedOperation.objects.filter(outcome="applied").count(),
        "reasons": sorted(set(SyncedOperation.objects.exclude(outcome="applied").values_list("reason", flat=True)))[:5],
        "conflicts": Conflict.objects.count(),
        "inspections_told": models.Inspection.objects.filter(told_at__isnull=False).count(),
        "answers": models.ItemResult.objects.count(),
        "photos": models.ItemPhoto.objects.count(),
        "uploads": Upload.objects.filter(file__isnull=False).count(),
        "chain_holds": verified.holds,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["make", "count"])
    parser.add_argument("--phones", type=int, default=500)
    args = parser.parse_args()
    django.setup()
    print(json.dumps(make(args.phones) if args.what == "make" else count()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
