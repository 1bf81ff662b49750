"""Facts about dealers and fields carried to the rules in force on a day, and back as verdicts with their clause."""

import csv
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs.models import Application, Dealer, Product
from fangxin.engines import reduction
from fangxin.kernel.ledger import api as ledger

KG, LITRE = "kg", "L"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with an entry, and what to do. `blocks` refuses it when it is still to be made."""

    code: str
    text: str
    advice: str
    clause: str = ""
    blocks: bool = True

    @property
    def said(self) -> str:
        """As the person at the counter reads it."""
        return f"{self.text}{self.advice}"


@dataclass(frozen=True, slots=True)
class Route:
    clause: str
    label: str
    owners: tuple[str, ...]
    cooperating: tuple[str, ...]
    severity: str


@dataclass(frozen=True, slots=True)
class Practice:
    """The choices of standards/farm_inputs/flows.toml."""

    tolerance: Decimal
    least_g: Decimal
    forecast_days: int
    check_days: int
    upload_days: int


@dataclass(frozen=True, slots=True)
class Restriction:
    """One row of the table of banned and restricted pesticides."""

    substance: str
    kind: str
    since: date
    until: date
    clause: str


# --- files ------------------------------------------------------------------------------------------------------------


@cache
def _documents(folder: Path) -> tuple[Mapping[str, Any], ...]:
    return tuple(tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml")))


def edition_of(code: str, on: date) -> Mapping[str, Any]:
    """The file of standards/farm_inputs in force on a day."""
    for values in _documents(Path(settings.STANDARDS_DIR) / "farm_inputs"):
        if values.get("code") == code and values["in_force_from"] <= on <= values.get("in_force_to", date.max):
            return values
    raise ledger.Refused(_("%(day)s 没有施行中的规则“%(code)s”，请管理员先录入。") % {"day": on, "code": code})


def route_of(finding: str, on: date) -> Route:
    for row in edition_of("farm-input-routing", on)["finding"]:
        if row["code"] == finding:
            owners, others = tuple(row["owners"]), tuple(row["cooperating"])
            return Route(row["clause"], row["label"], owners, others, row["severity"])
    raise ledger.Refused(_("问题“%(code)s”没有责任单位规则，请管理员先录入。") % {"code": finding})


def practice(on: date) -> Practice:
    values = edition_of("farm-input-flows", on)
    return Practice(
        tolerance=Decimal(values["tolerance_percent"]) / 100,
        least_g=Decimal(values["least_g"]),
        forecast_days=values["forecast_days"],
        check_days=values["check_days"],
        upload_days=values["upload_days"],
    )


def forecast_issuers(on: date) -> tuple[str, ...]:
    return tuple(edition_of("pest-forecasts", on)["issuers"])


def scale_of(crop: str, pest: str, on: date) -> tuple[str, tuple[Decimal, ...]] | None:
    """What is measured for a pest on a crop, and the bounds of its degrees; None where no scale is entered."""
    for row in edition_of("pest-forecasts", on)["scale"]:
        if row["crop"] in crop and row["pest"] in pest:
            return row["measure"], tuple(Decimal(str(bound)) for bound in row["bounds"])
    return None


@cache
def _restrictions(folder: Path) -> tuple[Restriction, ...]:
    """The rows of the table of banned and restricted pesticides, kept with the limits."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        head = tomllib.loads(path.read_text(encoding="utf-8"))
        if head.get("kind") != "banned_pesticide":
            continue
        with (path.parent / head["table"]).open(encoding="utf-8-sig", newline="") as lines:
            found += [_restriction(row) for row in csv.DictReader(lines)]
    return tuple(found)


def _restriction(row: Mapping[str, str]) -> Restriction:
    until = date.fromisoformat(row["in_force_to"]) if row["in_force_to"] else date.max
    return Restriction(
        row["analyte"], row["restriction"], date.fromisoformat(row["in_force_from"]), until, row["clause"]
    )


@cache
def _by_substance(folder: Path) -> Mapping[str, tuple[Restriction, ...]]:
    found: dict[str, tuple[Restriction, ...]] = {}
    for row in _restrictions(folder):
        found[_plain(row.substance)] = (*found.get(_plain(row.substance), ()), row)
    return found


def restrictions_of(names: Iterable[str], on: date) -> list[Restriction]:
    """What was in force against any of these ingredients on a day."""
    table = _by_substance(Path(settings.STANDARDS_DIR) / "limits")
    rows = (row for name in names for row in table.get(_plain(name), ()))
    return [row for row in rows if row.since <= on <= row.until]


def _plain(name: str) -> str:
    """A substance's name without what stands in brackets."""
    return name.split("(", maxsplit=1)[0].split("（", maxsplit=1)[0].strip()


def is_restricted(product: Product, on: date) -> bool:
    """Whether only fixed sale points may sell it, to a named buyer."""
    return any(row.kind == "restricted_sale_point" for row in restrictions_of(product.ingredient_names, on))


# --- sales ------------------------------------------------------------------------------------------------------------


def ban_on(product: Product, on: date) -> Restriction | None:
    """The ban under which the product may be neither sold nor used anywhere on a day."""
    found = restrictions_of(product.ingredient_names, on) if product.kind == Product.Kind.PESTICIDE else []
    return next((row for row in found if row.kind == "prohibited_all"), None)


def check_sale(
    product: Product, dealer: Dealer, on: date, *, buyer_name: str, buyer_identity: str, purpose: str
) -> list[Problem]:
    """What is wrong with selling this product here on this day to this buyer, the gravest first."""
    ban = ban_on(product, on)
    if ban is not None:
        text = _("%(name)s 自 %(day)s 起禁止销售和使用，不能售出。") % {"name": ban.substance, "day": ban.since}
        return [Problem("banned_sale", text, _("请下架封存，联系农业农村部门处置。"), ban.clause)]
    found = []
    if dealer.licence_until is not None and dealer.licence_until < on:
        text = _("经营许可证已于 %(day)s 到期。") % {"day": dealer.licence_until}
        found.append(Problem("licence_expired", text, _("请先办理延续，再继续销售。"), blocks=False))
    if product.kind == Product.Kind.PESTICIDE and is_restricted(product, on):
        found = [*_check_restricted(dealer, on, buyer_name, buyer_identity, purpose), *found]
    return found


def _check_restricted(dealer: Dealer, on: date, name: str, identity: str, purpose: str) -> list[Problem]:
    found = []
    if not is_sale_point(dealer, on):
        text = _("这是限制使用农药，只有定点经营的店可以售出。本店 %(day)s 不是定点店。") % {"day": on}
        found.append(Problem("not_sale_point", text, _("请顾客到定点店购买。")))
    lacking = [
        word for word, value in ((_("购买人"), name), (_("身份证件号码"), identity), (_("用途"), purpose)) if not value.strip()
    ]  # fmt: skip
    if lacking:
        text = _("限制使用农药实名购买，还缺：%(what)s。") % {"what": "、".join(lacking)}
        found.append(Problem("no_real_name", text, _("请补填后再售出。")))
    return found


def is_sale_point(dealer: Dealer, on: date) -> bool:
    since, until = dealer.sale_point_from, dealer.sale_point_until
    return since is not None and since <= on and (until is None or on <= until)


# --- amounts ----------------------------------------------------------------------------------------------------------


def quantity_of(product: Product, amount: Decimal, unit: str) -> Decimal:
    """In kilograms or litres, as the product is measured. A weight of a liquid needs its density."""
    value, base = reduction.in_base_unit(reduction.Amount(amount, reduction.Unit(unit)))
    wanted = base_unit(product)
    if base == wanted:
        return value
    density: Decimal | None = product.density_g_ml
    if density is None:
        word = _("升或毫升") if wanted == LITRE else _("千克或克")
        raise ledger.Refused(
            {"unit": _("这个产品按%(word)s计，标签上没有密度，不能换算。请按%(word)s填写。") % {"word": word}}
        )
    return value / density if wanted == LITRE else value * density


def base_unit(product: Product) -> str:
    return LITRE if product.form == Product.Form.LIQUID else KG


def ingredients_of(product: Product) -> tuple[reduction.Ingredient, ...]:
    """The label's ingredients; a content that cannot be read is not known."""
    return tuple(_ingredient(row) for row in product.ingredients)


def _ingredient(row: Mapping[str, Any]) -> reduction.Ingredient:
    try:
        content = Decimal(str(row["content"]))
        return reduction.Ingredient(str(row["name"]), content, reduction.Basis(str(row.get("unit", "%"))))
    except (ArithmeticError, KeyError, ValueError):
        return reduction.Ingredient(str(row.get("name", "")), None)


def actives_of(product: Product, amount: Decimal, unit: str) -> dict[str, Decimal | reduction.Unknown]:
    """Grams of each active ingredient."""
    counted = reduction.Amount(amount, reduction.Unit(unit))
    return {
        one.name: reduction.active_grams(counted, one, density=product.density_g_ml) for one in ingredients_of(product)
    }


def active_total(product: Product, amount: Decimal, unit: str) -> Decimal | None:
    """Grams of all active ingredients together; None unless each is known. A biological product has none."""
    if not product.ingredients:
        return Decimal(0)
    total = reduction.total_of(actives_of(product, amount, unit).values())
    return total.grams if total.whole else None


def used_of(use: Application) -> tuple[Decimal, str] | None:
    """How much of the product a use took: as written down, or the dose on the area; None where neither tells."""
    if use.total is not None and use.total_unit:
        return use.total, use.total_unit
    area = use.area_mu if use.area_mu is not None else use.batch.area_mu
    known = _DOSE_UNITS.get(use.dose_unit.strip().lower())
    return (use.dose * area, known) if use.dose is not None and known is not None and area is not None else None


_DOSE_UNITS = {
    "g/亩": "g", "克/亩": "g", "kg/亩": "kg", "千克/亩": "kg", "公斤/亩": "kg",
    "ml/亩": "mL", "毫升/亩": "mL", "l/亩": "L", "升/亩": "L",
}  # fmt: skip


def dose_grams(product: Product, dose: Decimal | None, unit: str) -> dict[str, Decimal] | None:
    """Grams of each ingredient a mu and use; None where the label counts in another way, as by dilution."""
    known = _DOSE_UNITS.get(unit.strip().lower())
    if dose is None or known is None:
        return None
    actives = actives_of(product, dose, known)
    grams = {name: value for name, value in actives.items() if isinstance(value, Decimal)}
    return grams if len(grams) == len(actives) else None


def problem_codes(problems: Sequence[Problem]) -> list[str]:
    return [problem.code for problem in problems]
