"""The farmer's phone: what may be harvested when, and a spraying written down with three taps.

Tap one: the crop's “记用药”. Tap two: the product. Tap three: “记下”. Everything between is filled in already.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fangxin.actions.farm_inputs import access, rules, selectors, standards
from fangxin.actions.farm_inputs import forms as own_forms
from fangxin.actions.farm_inputs.models import Batch, Product
from fangxin.actions.farm_inputs.selectors_inputs import unread_notices
from fangxin.actions.farm_inputs.services import judging, records
from fangxin.actions.farm_inputs.templatetags.farm_inputs import plain
from fangxin.actions.farm_inputs.views.common import require_writing
from fangxin.engines import withholding
from fangxin.engines.withholding import Produce, Use
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.pages import Request, saved
from fangxin.kernel.screens.permission import needs

MOST_BATCHES = 60
MOST_FOUND = 20
MOST_NOTICES = 3


@needs("farm.own")
def mine(request: Request) -> HttpResponse:
    farms = list(selectors.list_farms(request.user, "farm.own").filter(ended_on=None))
    rows = selectors.list_batches(request.user, "farm.own").filter(ended_on=None, farm__in=farms)
    batches = list(rows.order_by("food", "started_on", "number")[:MOST_BATCHES])
    today = ledger.clock.today()
    told = judging.told_of_all(batches, today)
    context = {
        "title": _("我的农场"),
        "farms": farms,
        "notices": unread_notices(request.user)[:MOST_NOTICES],
        "batches": [(batch, told[batch.pk], rules.verb_of(batch.produce)) for batch in batches],
    }
    return render(request, "farm_inputs/mine.html", context)


@needs("farm.view")
def choose(request: Request, pk: int) -> HttpResponse:
    """Which product: those used last and those labelled for the crop are buttons; the others are searched."""
    batch = _writable(request, pk)
    text = request.GET.get("q", "").strip()[:60]
    context = {
        "title": _("%(food)s：用了什么？") % {"food": batch.food},
        "batch": batch,
        "text": text,
        "products": _found(batch, text) if text else selectors.products_for(batch),
    }
    return render(request, "farm_inputs/choose.html", context)


def _writable(request: Request, pk: int) -> Batch:
    batch = access.get_batch(request.user, pk)
    require_writing(request.user, batch.farm)
    if batch.ended_on is not None:
        raise Http404
    return batch


def _found(batch: Batch, text: str) -> list[Product]:
    kind = Product.Kind.PESTICIDE if batch.produce == Produce.CROP else Product.Kind.VETERINARY
    rows = Product.objects.filter(kind=kind)
    found = rows.filter(name__icontains=text) | rows.filter(registration_no__icontains=text)
    return list(found.order_by("name", "registration_no")[:MOST_FOUND])


@needs("farm.view")
def quick(request: Request, pk: int, product: int) -> HttpResponse:
    """What will follow is said before it is written down."""
    batch, chosen = _writable(request, pk), access.get_product(product)
    line = withholding.match_label(
        batch.food, Produce(batch.produce), rules.label_lines(chosen), standards.groups(ledger.clock.today())
    )
    dose, unit = _usual_dose(batch, chosen, line)
    form = own_forms.QuickForm(request.POST or None, initial={"dose": dose})
    form.fields["dose"].help_text = unit

    def write() -> Any:
        values = form.cleaned_data
        return records.record_application(
            batch=batch, product=chosen, began_on=values["on"], dose=values["dose"],
            dose_unit=unit if values["dose"] is not None else "", area_mu=batch.area_mu, by=request.user,
        )  # fmt: skip

    if request.method == "POST" and saved(form, write) is not None:
        batch.refresh_from_db()
        messages.success(request, _("已记下。%(now)s") % {"now": judging.told(batch).sentence})
        own = request.user.can("farm.own")
        return redirect("farm_inputs:mine") if own else redirect(batch)
    context = {"title": f"{batch.food}：{chosen.name}", "batch": batch, "product": chosen, "form": form}
    return render(request, "farm_inputs/quick.html", context | _preview(batch, chosen))


def _usual_dose(batch: Batch, product: Product, line: Any) -> tuple[Any, str]:
    """What the farm used of it last, else what the label says."""
    last = (
        batch.farm.applications.filter(selectors.STANDS, product=product)
        .exclude(dose=None)
        .order_by("-last_on", "-pk")
        .first()
    )
    if last is not None:
        return plain(last.dose), last.dose_unit
    if line is None:
        return None, ""
    return plain(line.dose_low) if line.dose_low is not None else None, line.dose_unit


def _preview(batch: Batch, product: Product) -> dict[str, Any]:
    """How the batch would stand after a use of today, and what would be wrong with it."""
    today = ledger.clock.today()
    rows = list(selectors.standing_applications([batch.pk]))
    produce, bans = Produce(batch.produce), rules.ban_finder()
    new = Use(
        "new", product.registration_no, today, label=rules.label_lines(product),
        bans=bans(product, batch.food, produce, today),
    )  # fmt: skip
    standing = withholding.judge_batch(
        batch.food, produce, [*rules.uses_of(batch, rows, bans), new], groups=standards.groups(today),
        water=rules.water_of(selectors.water_entries([batch.pk])), on=today,
    )  # fmt: skip
    names = {str(row.pk): judging.name_of(row) for row in rows} | {"new": product.name}
    problems = [rules.problem_text(p, product.name, batch.food) for p in rules.problems_of(standing, ["new"])]
    return {"told": rules.told(batch, standing, names, today), "problems": problems}
