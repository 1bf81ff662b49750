"""Many lots, links and receipts at once: for imports and for the synthetic county."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.db import transaction

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry
from fangxin.kernel.supply.data import Load, NewLink, NewLot
from fangxin.kernel.supply.models import Link, Lot, Outflow, Receipt, Source
from fangxin.kernel.supply.services.recording import COUNTY_LENGTH, make_link, who

_COLUMNS = (
    "food", "food_class", "code", "premises_id", "parcel_id", "place_name", "maker_name", "made_on", "best_before_on",
    "began_on", "quantity", "unit", "division_code", "source", "vouched_by", "sureness",
)  # fmt: skip


@transaction.atomic
def load(values: Load, *, by: Any) -> dict[str, Lot]:
    """Lots by the keys of the load. Nothing is announced, and the ledger holds one line for the whole."""
    name = who(by)
    lots = _lots(values.lots, name)
    places = registry.Premises.objects.in_bulk(
        {lot.premises_id for lot in lots.values() if lot.premises_id is not None}
    )
    for lot in lots.values():
        lot.premises = places.get(lot.premises_id or 0)
    Link.objects.bulk_create([_link(link, lots) for link in values.links], batch_size=1000)
    Receipt.objects.bulk_create(_receipts(values, lots, name), batch_size=500)
    Outflow.objects.bulk_create(
        [
            Outflow(
                premises=lots[o.lot_key].premises, lot=lots[o.lot_key], food=o.food, kind=Outflow.Kind.SOLD,
                at=o.at, quantity=o.quantity, unit=o.unit, source=Source.SCALE,
                division_code=lots[o.lot_key].division_code, recorded_by=name,
            )
            for o in values.outflows
        ],
        batch_size=500,
    )  # fmt: skip
    where = {value.division_code[:COUNTY_LENGTH] for value in values.lots}
    for county in sorted(where):
        ledger.record("supply.loaded", of=None, by=by, division_code=county, data={"lots": len(lots)})
    return lots


def _lots(values: Iterable[NewLot], name: str) -> dict[str, Lot]:
    by_county: dict[str, list[NewLot]] = {}
    for value in values:
        by_county.setdefault(value.division_code[:COUNTY_LENGTH], []).append(value)
    rows: dict[str, Lot] = {}
    for county, group in by_county.items():
        serials = ledger.take_numbers(f"lots-{county}", 0, len(group))
        for value, serial in zip(group, serials, strict=True):
            at = datetime.combine(value.began_on, time(9), tzinfo=ledger.clock.LOCAL)
            rows[value.key] = Lot(
                number=f"PC{county}{serial:08d}", recorded_at=at, recorded_by=name,
                **{column: getattr(value, column) for column in _COLUMNS},
            )  # fmt: skip
    Lot.objects.bulk_create(rows.values(), batch_size=500)
    return rows


def _link(value: NewLink, lots: dict[str, Lot]) -> Link:
    return make_link(
        lots[value.from_key], lots[value.to_key], sent_at=value.sent_at, received_at=value.received_at,
        quantity=value.quantity, unit=value.unit, inferred=value.inferred,
    )  # fmt: skip


def _receipts(values: Load, lots: dict[str, Lot], name: str) -> list[Receipt]:
    rows = []
    for link in values.links:
        if link.how and link.received_at is not None:
            came = lots[link.from_key]
            rows.append(
                _receipt(
                    lots[link.to_key], link, name, from_lot=came, supplier_premises_id=came.premises_id,
                    supplier_name=came.place_name,
                )
            )  # fmt: skip
    for told in values.receipts:
        more = {"supplier_name": told.supplier_name, "certificate_code": told.certificate_code}
        rows.append(_receipt(lots[told.lot_key], told, name, **more))
    return rows


def _receipt(lot: Lot, value: Any, name: str, **more: Any) -> Receipt:
    return Receipt(
        premises=lot.premises, lot=lot, quantity=value.quantity, unit=value.unit, received_at=value.received_at,
        how=value.how, division_code=lot.division_code, recorded_at=value.received_at, recorded_by=name, **more,
    )  # fmt: skip
