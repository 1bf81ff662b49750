"""Farms: list, page, opening, and the file for an inspection."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.farm_inputs import access, papers, selectors, standards
from fangxin.actions.farm_inputs import forms as own_forms
from fangxin.actions.farm_inputs.models import Farm
from fangxin.actions.farm_inputs.services import farms, judging
from fangxin.actions.farm_inputs.views.common import AreaFilter, require_writing
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.export import attachment
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 30


class FarmTable(tables.Table):
    farm = tables.Column(
        verbose_name=gettext_lazy("农场"), accessor="premises__name", linkify=lambda record: record.get_absolute_url()
    )
    township = TownshipColumn()
    open_batches = tables.Column(verbose_name=gettext_lazy("在养在种批次"), attrs={"td": {"class": "number"}})
    locked = tables.Column(verbose_name=gettext_lazy("间隔期内"), attrs={"td": {"class": "number"}})
    since = DayColumn()

    class Meta:
        model = Farm
        fields = ("farm", "kind", "household", "township", "open_batches", "locked", "since")
        order_by = ()

    def render_household(self, value: bool) -> str:
        return _("农户") if value else _("单位")

    def value_household(self, value: bool) -> str:
        return self.render_household(value)


class FarmFilter(AreaFilter):
    text = django_filters.CharFilter(label=gettext_lazy("名称"), method="by_text", max_length=100)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("类型"), choices=Farm.Kind.choices)
    books = django_filters.ChoiceFilter(
        label=gettext_lazy("水产三项记录"), method="by_books", choices=[("incomplete", gettext_lazy("不完整"))]
    )

    class Meta:
        model = Farm
        fields = ("text", "township", "kind", "books")

    def by_text(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(premises__name__icontains=value.strip())

    def by_books(self, rows: Any, _name: str, _value: str) -> Any:
        return selectors.incomplete_books(rows, ledger.clock.today())


class Farms(ListScreen):
    ability = "farm.lists"
    title = gettext_lazy("农场档案")
    table_class = FarmTable
    filter_class = FarmFilter

    def rows(self) -> Any:
        open_batches = Q(batches__ended_on=None)
        locked = open_batches & Q(batches__locked_until__gt=ledger.clock.today())
        rows = selectors.list_farms(self.request.user, "farm.lists").order_by("division_code", "premises__name", "pk")
        return rows.annotate(open_batches=Count("batches", filter=open_batches), locked=Count("batches", filter=locked))

    def more_context(self) -> dict[str, Any]:
        if not self.request.user.can("farm.record"):
            return {}
        return {
            "actions": [
                (_("从底册建档"), reverse("farm_inputs:farm_new"), "plus"),
                (_("新建农户"), reverse("farm_inputs:household_new"), "user-plus"),
            ]
        }


@needs("farm.record")
def farm_new(request: Request) -> HttpResponse:
    form = own_forms.FarmForm(request.POST or None, user=request.user)

    def write() -> Farm:
        values = {name: value for name, value in form.cleaned_data.items() if name != "number"}
        return farms.open_farm(premises=form.premises, by=request.user, **values)

    if request.method == "POST" and (farm := saved(form, write)) is not None:
        messages.success(request, _("已建立农场档案。"))
        return redirect(farm)
    return form_page(request, form, _("从底册建农场档案"), reverse("farm_inputs:farms"))


@needs("farm.record")
def household_new(request: Request) -> HttpResponse:
    form = own_forms.HouseholdForm(request.POST or None, prefixes=request.user.prefixes("farm.record"))
    if request.method == "POST":
        farm = saved(form, lambda: farms.open_household(by=request.user, **form.cleaned_data))
        if farm is not None:
            messages.success(request, _("已登记农户并建立农场档案。"))
            return redirect(farm)
    return form_page(request, form, _("新建农户"), reverse("farm_inputs:farms"))


@needs("farm.view")
def farm_page(request: Request, pk: int) -> HttpResponse:
    farm = access.get_farm(request.user, pk)
    today = ledger.clock.today()
    batches = list(
        farm.batches.select_related("farm__premises").order_by("ended_on", "-started_on", "number")[:MOST_SHOWN]
    )
    open_batches = [batch for batch in batches if batch.ended_on is None]
    book = (
        selectors.with_books(Farm.objects.filter(pk=farm.pk), today).get() if farm.kind == Farm.Kind.AQUATIC else None
    )
    context = {
        "title": str(farm),
        "row": farm,
        "place": people.division_path(farm.division_code),
        "told": judging.told_of_all(open_batches, today),
        "batches": batches,
        "book": book,
        "findings": selectors.list_findings(request.user).filter(farm=farm)[:MOST_SHOWN] if request.user.can("farm.lists") else [],
        "may_write": access.may_write(request.user, farm),
        "keeping": kept_rules(farm),
        "moments": sorted(
            (m for provider in contribute.timelines for m in provider(request.user, "registry.premises", str(farm.premises_id))),
            key=lambda moment: moment.at, reverse=True,
        )[:MOST_SHOWN],
    }  # fmt: skip
    return render(request, "farm_inputs/farm.html", context)


def kept_rules(farm: Farm) -> list[Any]:
    """How long the records of what the farm keeps must be kept."""
    today = ledger.clock.today()
    rules, groups = standards.record_rules(today), standards.groups(today)
    foods = set(farm.batches.values_list("food", flat=True)) or {""}
    found = [rules.kept_for(farm.kind, food, groups.get(food, ())) for food in sorted(foods)]
    return [row for n, row in enumerate(found) if row is not None and row not in found[:n]]


@needs("farm.view")
def farm_edit(request: Request, pk: int) -> HttpResponse:
    farm = access.get_farm(request.user, pk)
    require_writing(request.user, farm)
    form = own_forms.FarmChangeForm(request.POST or None, instance=farm)
    if request.method == "POST":
        changed = saved(form, lambda: farms.change_farm(farm=farm, by=request.user, **form.cleaned_data))
        if changed is not None:
            messages.success(request, _("已保存。"))
            return redirect(farm)
    return form_page(request, form, _("修改农场档案"), farm.get_absolute_url())


@needs("farm.view")
def farm_file(request: Request, pk: int, kind: str) -> HttpResponse:
    """The whole book of the farm, for an inspection."""
    farm = access.get_farm(request.user, pk)
    makers = {"docx": (papers.as_paper, DOCX), "xlsx": (papers.as_sheet, XLSX)}
    if kind not in makers:
        raise Http404
    make, content_type = makers[kind]
    names = access.may_write(request.user, farm)
    response = HttpResponse(make(farm, ledger.clock.today(), names=names), content_type=content_type)
    response.headers["Content-Disposition"] = attachment(f"{farm}{_('生产记录')}.{kind}")
    ledger.record("farm_inputs.file.exported", of=farm, by=request.user, data={"kind": kind, "names": names})
    return response
