"""Products and lots: entered one by one, stopped and released."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.engines.identifiers import check_gtin
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import Announcement
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply.models import Lot, Product, Source, Sureness
from fangxin.kernel.supply.services.recording import COUNTY_LENGTH, check_amount, insert, new_lot, who


@transaction.atomic
def add_product(
    *,
    name: str,
    division_code: str,
    by: Any,
    gtin: str = "",
    food_class: str = "",
    unit: str = "kg",
    operator: Any = None,
    code: str = "",
) -> Product:
    """Without a code the next one is given."""
    gtin = gtin.strip()
    if gtin:
        checked = check_gtin(gtin)
        if not checked.valid:
            raise ValidationError({"gtin": _("商品条码的校验位或位数不对，请对照包装逐位核对。")})
        gtin = checked.normalized
    county = division_code[:COUNTY_LENGTH]
    product = insert(
        Product(
            code=code.strip() or f"CP{county}{ledger.next_number(f'products-{county}', 0):06d}",
            gtin=gtin,
            name=name.strip(),
            food_class=food_class.strip(),
            unit=unit.strip(),
            operator=operator,
            division_code=division_code,
            recorded_at=ledger.clock.now(),
            recorded_by=who(by),
        )
    )
    ledger.record("supply.product.added", of=product, by=by, data={"code": product.code, "gtin": gtin})
    return product


@transaction.atomic
def add_lot(
    *,
    food: str = "",
    by: Any,
    product: Product | None = None,
    premises: Any = None,
    parcel: Any = None,
    division_code: str = "",
    began_on: date | None = None,
    source: str = Source.TYPED,
    sureness: str = Sureness.STATED,
    vouched_by: str = "",
    quantity: Decimal | None = None,
    unit: str = "",
    code: str = "",
    food_class: str = "",
    place_name: str = "",
    maker_name: str = "",
    made_on: date | None = None,
    best_before_on: date | None = None,
) -> Lot:
    """A lot that begins here: harvested, made, or simply found. What comes from somebody else is a receipt."""
    check_amount(quantity)
    place = premises or parcel
    lot = new_lot(
        food=food or (product.name if product else ""),
        food_class=food_class or (product.food_class if product else ""),
        product=product,
        premises=premises,
        parcel=parcel,
        division_code=division_code or (place.division_code if place is not None else ""),
        place_name=place_name or (place.name if place is not None else ""),
        began_on=began_on or made_on or ledger.clock.today(),
        source=source,
        sureness=sureness,
        vouched_by=vouched_by,
        quantity=quantity,
        unit=unit or (product.unit if product else ""),
        code=code.strip(),
        maker_name=maker_name.strip(),
        made_on=made_on,
        best_before_on=best_before_on,
        by=by,
    )
    ledger.record("supply.lot.added", of=lot, by=by, data={"number": lot.number, "food": lot.food})
    return lot


@transaction.atomic
def stop_lot(*, lot: Lot, reason: str, by: Any) -> Lot:
    """The lot may not be passed on. Whoever holds what came of it is found by a trace."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("请写明停售原因，收货方会看到。")})
    changed = Lot.objects.filter(pk=lot.pk, state=Lot.State.OPEN).update(
        state=Lot.State.STOPPED, stopped_at=ledger.clock.now(), stopped_by=who(by), stopped_reason=reason[:200]
    )
    if changed != 1:
        raise ValidationError(_("这个批次刚刚已被停售或者撤销，请刷新后查看。"))
    lot.refresh_from_db()
    ledger.record("supply.lot.stopped", of=lot, by=by, data={"number": lot.number, "reason": reason[:200]})
    contribute.announce(
        Announcement(
            name="supply.lot_stopped",
            subject_type="supply.lot",
            subject_id=str(lot.pk),
            subject_name=str(lot),
            division_code=lot.division_code,
            text=_("%(lot)s已停售：%(reason)s") % {"lot": lot, "reason": lot.stopped_reason},
            facts={"lot_id": lot.pk, "premises_id": lot.premises_id, "reason": lot.stopped_reason},
        ),
        by=by,
    )
    return lot


@transaction.atomic
def release_lot(*, lot: Lot, reason: str, by: Any) -> Lot:
    if not reason.strip():
        raise ValidationError({"reason": _("请写明为什么可以恢复。")})
    changed = Lot.objects.filter(pk=lot.pk, state=Lot.State.STOPPED).update(
        state=Lot.State.OPEN, stopped_at=None, stopped_by="", stopped_reason=""
    )
    if changed != 1:
        raise ValidationError(_("这个批次没有停售，不必恢复。"))
    lot.refresh_from_db()
    ledger.record("supply.lot.released", of=lot, by=by, data={"number": lot.number, "reason": reason.strip()[:200]})
    return lot
