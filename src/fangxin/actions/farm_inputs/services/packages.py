"""Empty packages: points, what they took back, and who disposed of it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs.models import PackageMove, PackagePoint
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, who


@transaction.atomic
def open_point(
    *, division_code: str, name: str, opened_on: date, address: str = "", dealer: Any = None, by: Any
) -> PackagePoint:
    row: PackagePoint = insert(
        PackagePoint(
            division_code=division_code,
            name=name.strip(),
            address=address.strip(),
            dealer=dealer,
            opened_on=opened_on,
            recorded_at=ledger.clock.now(),
            recorded_by=who(by),
        )
    )
    ledger.record("farm_inputs.point.opened", of=row, by=by)
    return row


@transaction.atomic
def move_packages(
    *,
    point: PackagePoint,
    kind: str,
    on: date,
    material: str = PackageMove.Material.OTHER,
    packs: int | None = None,
    weight_kg: Decimal | None = None,
    farm: Any = None,
    receiver: str = "",
    evidence: Any = None,
    note: str = "",
    by: Any,
) -> PackageMove:
    if not point.opened_on <= on <= ledger.clock.today():
        raise ledger.Refused({"on": _("日期应在回收点设立之后、今天以前。")})
    row: PackageMove = insert(
        PackageMove(
            point=point,
            division_code=point.division_code,
            kind=kind,
            on=on,
            material=material,
            packs=packs,
            weight_kg=weight_kg,
            farm=farm,
            receiver=receiver.strip(),
            evidence=evidence,
            note=note.strip(),
            recorded_at=ledger.clock.now(),
            recorded_by=who(by),
        )
    )
    ledger.record("farm_inputs.packages.moved", of=row, by=by, data={"kind": kind})
    return row
