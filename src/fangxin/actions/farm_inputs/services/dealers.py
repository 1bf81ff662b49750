"""Dealers of pesticides and veterinary drugs."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs.models import Dealer
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import insert, who

SERIES = "farm_inputs.dealer"


@transaction.atomic
def add_dealer(*, operator: Any, division_code: str, name: str, deals: str, by: Any, **more: Any) -> Dealer:
    today, county = ledger.clock.today(), division_code[:6]
    number = ledger.next_number(f"{SERIES}-{county}", today.year)
    row: Dealer = insert(
        Dealer(
            number=f"NZ{county}-{today.year}-{number:04d}",
            operator=operator,
            division_code=division_code,
            name=name.strip(),
            deals=deals,
            recorded_at=ledger.clock.now(),
            recorded_by=who(by),
            **more,
        )
    )
    ledger.record("farm_inputs.dealer.added", of=row, by=by, data={"deals": deals})
    return row


CHANGEABLE = (
    "name", "address", "phone", "deals", "licence_no", "licence_until", "sale_point_from", "sale_point_until",
    "uploads_from",
)  # fmt: skip


@transaction.atomic
def change_dealer(*, dealer: Dealer, by: Any, **changes: Any) -> Dealer:
    before = {name: getattr(dealer, name) for name in changes}
    for name, value in changes.items():
        if name not in CHANGEABLE:
            raise ValueError(name)
        setattr(dealer, name, value)
    dealer.full_clean()
    dealer.save(update_fields=list(changes))
    changed = sorted(name for name, value in changes.items() if value != before[name])
    if changed:
        ledger.record("farm_inputs.dealer.changed", of=dealer, by=by, data={"fields": changed})
    return dealer


@transaction.atomic
def close_dealer(*, dealer: Dealer, closed_on: date, by: Any) -> Dealer:
    if closed_on > ledger.clock.today():
        raise ledger.Refused({"closed_on": _("停业日期还没有到，请核对。")})
    if Dealer.objects.filter(pk=dealer.pk, closed_on=None).update(closed_on=closed_on) != 1:
        raise ledger.Refused(_("这家店已经登记停业，没有重复办理。"))
    dealer.refresh_from_db()
    ledger.record("farm_inputs.dealer.closed", of=dealer, by=by, data={"on": closed_on.isoformat()})
    return dealer
