"""A new certificate out of others: mixed, divided, or written anew. What it came from stays with it."""

from collections.abc import Collection as Several
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.supply.data import Portion
from fangxin.kernel.supply.models import Certificate, Collection, How, Lot
from fangxin.kernel.supply.models.certificates import from_thousandths, thousandths
from fangxin.kernel.supply.rules_certificates import Refused
from fangxin.kernel.supply.services import certificates as services
from fangxin.kernel.supply.services.receipts import record_transformation

MOST_PARTS = 40
Part = tuple[Certificate, Decimal]


@transaction.atomic
def reissue(
    *,
    premises: Any,
    parts: Sequence[Part],
    outputs: Sequence[Decimal],
    bases: Several[str],
    promised: bool,
    by: Any,
    basis_note: str = "",
    for_them: bool = False,
) -> list[Certificate]:
    """One certificate out of several, or several out of one. `parts` are certificates the place issued or collected, each with
    the amount that is used; the new quantities may be less in sum (trimmed, spoilt), never more."""
    _check_shape(parts, outputs)
    for certificate, _quantity in parts:
        services.refuse_unusable(certificate)
    food, unit = parts[0][0].food, parts[0][0].unit
    services.refuse_blocked(services.facts_at(premises, food, ledger.clock.today()))
    lots = {certificate.pk: _use(certificate, quantity, premises) for certificate, quantity in parts}
    made = []
    for output in outputs:
        sources = parts if len(outputs) == 1 else [(parts[0][0], output)]
        row = services.drafted(
            premises=premises, food=food, quantity=output, unit=unit, bases=bases, promised=promised, origin=_origin(parts),
            basis_note=basis_note, harvested_on=None, for_them=for_them, on=ledger.clock.today(), by=by,
            made=Certificate.Made.AGAIN,
        )  # fmt: skip
        row.food_class, row.origin_code = parts[0][0].food_class, _common_origin(parts)
        row.lot = _made_lot(premises, row, sources, lots, by)
        made.append(services.finish(row, by=by, sources=sources))
    return made


def _check_shape(parts: Sequence[Part], outputs: Sequence[Decimal]) -> None:
    if not parts or not outputs:
        raise Refused(_("请选择原合格证，并填写新证的数量。"))
    if len(parts) > 1 and len(outputs) > 1:
        raise Refused(_("请先混装成一批，再分装；不要一次既混又分。"))
    if len(parts) > MOST_PARTS or len(outputs) > MOST_PARTS:
        raise Refused(_("一次最多办理 %(most)s 张，请分几次办理。") % {"most": MOST_PARTS})
    if len({certificate.pk for certificate, _quantity in parts}) < len(parts):
        raise Refused(_("同一张合格证选了两次，请合并数量。"))
    if len({(certificate.food, certificate.unit) for certificate, _quantity in parts}) > 1:
        raise Refused(_("不同产品或者不同单位的合格证不能合在一起。"))
    if sum(outputs) > sum(quantity for _certificate, quantity in parts):
        raise Refused(_("新证的数量合计超过了原证用去的数量，请核对。"))


def _use(certificate: Certificate, quantity: Decimal, premises: Any) -> list[tuple[Lot | None, Decimal]]:
    """Take the amount off what the place holds of a certificate; answers with the lots it lies in."""
    if certificate.premises_id == premises.pk:
        services.take(certificate, quantity)
        return [(certificate.lot, quantity)]
    wanted, lots = thousandths(quantity), []
    rows = Collection.objects.filter(certificate=certificate, premises=premises, undone_at=None)
    for row in rows.select_related("receipt__lot").order_by("collected_at", "pk"):
        some = min(wanted, thousandths(row.quantity) - row.used)
        if some <= 0:
            continue
        if Collection.objects.filter(pk=row.pk, used=row.used).update(used=F("used") + some) == 1:
            wanted -= some
            lots.append((row.receipt.lot if row.receipt else None, from_thousandths(some)))
    if wanted:
        raise Refused(
            _("合格证 %(number)s 在本场所没有这么多货了，请核对用去的数量。") % {"number": certificate.number}
        )
    return lots


def _made_lot(premises: Any, row: Certificate, sources: Sequence[Part], lots: dict[int, Any], by: Any) -> Lot | None:
    """The lot under the new certificate. A division takes each part from the same lots in turn."""
    inputs = []
    for certificate, quantity in sources:
        inputs += _portions(lots[certificate.pk], quantity, row.unit)
    if not inputs:
        return None
    return record_transformation(
        premises=premises, inputs=inputs, food=row.food, food_class=row.food_class, quantity=row.quantity, unit=row.unit,
        made_at=ledger.clock.now(), code=row.number, how=How.SCAN, by=by,
    )  # fmt: skip


def _portions(held: list[tuple[Lot | None, Decimal]], quantity: Decimal, unit: str) -> list[Portion]:
    found = []
    for place, (lot, amount) in enumerate(held):
        some = min(amount, quantity)
        if some > 0:
            held[place] = (lot, amount - some)
            quantity -= some
            if lot is not None:
                found.append(Portion(lot.pk, some, unit))
    return found


def _origin(parts: Sequence[Part]) -> str:
    """Every origin, as long as the label has room."""
    names = list(dict.fromkeys(certificate.origin for certificate, _quantity in parts))
    text = "、".join(names)
    return (
        text
        if len(text) <= services.ORIGIN_LENGTH
        else _("%(first)s等 %(n)s 处") % {"first": names[0], "n": len(names)}
    )


def _common_origin(parts: Sequence[Part]) -> str:
    """The division that holds every origin; at least a county."""
    codes = [certificate.origin_code for certificate, _quantity in parts]
    for length in (12, 9):
        if len({code[:length] for code in codes}) == 1 and len(codes[0]) >= length:
            return codes[0][:length]
    return codes[0][: services.COUNTY_LENGTH]
