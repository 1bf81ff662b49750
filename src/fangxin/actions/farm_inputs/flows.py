"""Dealers' sales, farms' use and what the fields could need, side by side for a division and year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from fangxin.actions.farm_inputs import rules_inputs as rules
from fangxin.actions.farm_inputs import standards
from fangxin.actions.farm_inputs.models import Application, Batch, CropYear, LabelUse, LedgerLine, Product
from fangxin.actions.farm_inputs.selectors_inputs import standing, year_span
from fangxin.engines import reduction
from fangxin.engines.reduction import Flow, Need, Unknown
from fangxin.kernel.people import api as people

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One ingredient of a county and year: the accounts, and where they contradict each other."""

    ingredient: str
    flow: Flow
    contradictions: tuple[reduction.Contradiction, ...]
    unknown_sales: int
    unknown_uses: int


def flows(prefix: str, year: int, *, on: date) -> list[FlowRow]:
    """Every ingredient that was sold or used in a division and year, contradictions first."""
    practice = rules.practice(on)
    since, until = year_span(year, on)
    sold, sold_unknown = _sold(prefix, since, until)
    bought, _unknown = _sold(prefix, since, until, farm__isnull=False)
    used, used_unknown = _used(prefix, since, until)
    need = _needs(_areas(prefix, year), on)
    own_need = _needs(_recorders_areas(prefix, since, until), on)
    found = []
    for name in sorted({*sold, *used, *sold_unknown, *used_unknown}):
        flow = Flow(
            sold=sold.get(name, ZERO), sold_to_recorders=bought.get(name), used=used.get(name, ZERO),
            need=need.get(name), need_of_recorders=own_need.get(name),
            sold_whole=name not in sold_unknown, used_whole=name not in used_unknown,
        )  # fmt: skip
        wrong = reduction.compare_flow(flow, tolerance=practice.tolerance, least=practice.least_g)
        found.append(FlowRow(name, flow, wrong, sold_unknown.get(name, 0), used_unknown.get(name, 0)))
    return sorted(found, key=lambda row: (not row.contradictions, row.ingredient))


Sums = tuple[dict[str, Decimal], dict[str, int]]


def _sold(prefix: str, since: date, until: date, **only: Any) -> Sums:
    """The same product and unit convert alike, so the database adds the amounts first."""
    rows = LedgerLine.objects.filter(people.under(prefix), kind="sale", on__range=(since, until), **only)
    rows = standing(rows).filter(product__kind="pesticide").order_by()
    products = {product.pk: product for product in Product.objects.filter(kind="pesticide")}
    counted = rows.values_list("product", "unit").annotate(sum=Sum("amount"), n=Count("pk"))
    return _sums((products[key], (amount, unit), n) for key, unit, amount, n in counted)


def _used(prefix: str, since: date, until: date) -> Sums:
    rows = Application.objects.filter(people.under(prefix), last_on__range=(since, until), product__kind="pesticide")
    rows = rows.filter(void=False, replaced_by=None).select_related("product", "batch").order_by()
    return _sums((row.product, rules.used_of(row), 1) for row in rows.iterator())


def _sums(parts: Iterable[tuple[Any, tuple[Decimal, str] | None, int]]) -> Sums:
    """Grams by ingredient, and how many rows could not be converted."""
    grams: dict[str, Decimal] = {}
    unknown: dict[str, int] = {}
    for product, measured, count in parts:
        known = rules.actives_of(product, *measured) if measured is not None else {}
        for name in product.ingredient_names:
            value = known.get(name, Unknown.CONTENT)
            if isinstance(value, Unknown):
                unknown[name] = unknown.get(name, 0) + count
            else:
                grams[name] = grams.get(name, ZERO) + value
    return grams, unknown


def _areas(prefix: str, year: int) -> dict[str, Decimal]:
    rows = CropYear.objects.filter(people.under(prefix), year=year).order_by()
    return dict(rows.values_list("crop").annotate(mu=Sum("area_mu")))


def _recorders_areas(prefix: str, since: date, until: date) -> dict[str, Decimal]:
    """Mu of the farms that keep records, by crop, of batches that stood in the span."""
    rows = Batch.objects.filter(people.under(prefix), produce="crop", started_on__lte=until)
    rows = rows.filter(Q(ended_on=None) | Q(ended_on__gte=since)).order_by()
    counted = rows.values("food").annotate(mu=Sum("area_mu"), without=Count("pk", filter=Q(area_mu=None)))
    return {row["food"]: row["mu"] for row in counted if row["mu"] is not None and not row["without"]}


def _needs(areas: dict[str, Decimal], on: date) -> dict[str, Decimal]:
    """The most of each ingredient that the labels allow on the areas; ingredients with an unclear label are left out."""
    groups = standards.groups(on)
    lines = LabelUse.objects.filter(produce="crop", product__kind="pesticide").select_related("product")
    crops: dict[str, dict[str, Need]] = {}
    for line in lines:
        grams = rules.dose_grams(line.product, line.dose_high, line.dose_unit)
        for crop, mu in areas.items():
            if line.target != crop and line.target not in groups.get(crop, ()):
                continue
            for name in line.product.ingredient_names:
                need = Need(grams.get(name) if grams is not None else None, line.most_uses, mu)
                crops.setdefault(name, {})[crop] = _greater(crops.get(name, {}).get(crop), need)
    found = {name: reduction.label_need(list(needs.values())) for name, needs in crops.items()}
    return {name: value for name, value in found.items() if value is not None}


def _greater(one: Need | None, other: Need) -> Need:
    """The label that allows more; an unclear one makes the crop unclear."""
    if one is None:
        return other
    allowed = reduction.label_need([one]), reduction.label_need([other])
    if allowed[0] is None or allowed[1] is None:
        return one if allowed[0] is None else other
    return one if allowed[0] >= allowed[1] else other
