"""The list of products: what comes with the platform, and what a county adds from the labels sold there."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs import standards
from fangxin.actions.farm_inputs.models import LabelUse, Product
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import Refused, insert, who

USE_FIELDS = ("target", "produce", "pest", "dose_unit", "interval_unit", "confidence", "source")
AMOUNTS = ("dose_low", "dose_high", "interval")


@transaction.atomic
def load_products(*, by: Any) -> int:
    """Take over the labels that come with the platform; a number that is known already is left as it is."""
    known = set(Product.objects.values_list("registration_no", flat=True))
    rows = [row for row in standards.products(ledger.clock.today()) if row["registration_no"] not in known]
    made = Product.objects.bulk_create([_product(row, by) for row in rows])
    LabelUse.objects.bulk_create(
        [_use(product, use) for product, row in zip(made, rows, strict=True) for use in row.get("use", ())]
    )
    if made:
        ledger.record("farm_inputs.products.loaded", of=None, by=by, data={"count": len(made)})
    return len(made)


def _product(row: Mapping[str, Any], by: Any) -> Product:
    return Product(
        kind=row["kind"], registration_no=row["registration_no"], name=row["name"], form=row["form"],
        formulation=row.get("formulation", ""), ingredients=[dict(one) for one in row["ingredients"]],
        density_g_ml=standards.decimal_of(row, "density_g_ml"), antimicrobial=row.get("antimicrobial", False),
        source=row["source"], confidence=row.get("confidence", ""), entered_at=ledger.clock.now(), entered_by=who(by),
    )  # fmt: skip


def _use(product: Product, row: Mapping[str, Any]) -> LabelUse:
    return LabelUse(
        product=product, most_uses=row.get("most_uses"),
        **{name: row.get(name, "") for name in USE_FIELDS}, **{name: standards.decimal_of(row, name) for name in AMOUNTS},
    )  # fmt: skip


@transaction.atomic
def add_product(
    *,
    kind: str,
    registration_no: str,
    name: str,
    form: str,
    source: str,
    by: Any,
    formulation: str = "",
    ingredients: Sequence[Mapping[str, str]] = (),
    density_g_ml: Decimal | None = None,
    antimicrobial: bool = False,
    holder: str = "",
    valid_until: Any = None,
) -> Product:
    """A product by its label. Its uses are added line by line."""
    product = Product(
        kind=kind, registration_no=registration_no.strip(), name=name.strip(), form=form, formulation=formulation.strip(),
        ingredients=[dict(one) for one in ingredients], density_g_ml=density_g_ml, antimicrobial=antimicrobial,
        holder=holder.strip(), valid_until=valid_until, source=source.strip(),
        entered_at=ledger.clock.now(), entered_by=who(by),
    )  # fmt: skip
    # A biological product has no chemical ingredient, so an empty list is an answer too.
    insert(product, exclude=["ingredients"])
    ledger.record("farm_inputs.product.added", of=product, by=by, data={"registration_no": product.registration_no})
    return product


@transaction.atomic
def add_label_use(*, product: Product, by: Any, **values: Any) -> LabelUse:
    """One line of the label. A line for the same crop and pest takes the place of the older one."""
    if values.get("dose_low") and values.get("dose_high") and values["dose_low"] > values["dose_high"]:
        raise Refused({"dose_high": _("用量上限小于下限，请核对。")})
    line = LabelUse(product=product, **values)
    product.label_uses.filter(target=line.target, produce=line.produce, pest=line.pest).delete()
    insert(line)
    data = {
        "target": line.target,
        "interval": str(line.interval),
        "unit": line.interval_unit,
        "most_uses": line.most_uses,
    }
    ledger.record("farm_inputs.label_use.entered", of=product, by=by, data=data)
    return line
