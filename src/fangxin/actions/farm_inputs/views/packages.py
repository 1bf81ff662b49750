"""Empty packages taken back."""

from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.farm_inputs import access_inputs as access
from fangxin.actions.farm_inputs import forms_inputs as own_forms
from fangxin.actions.farm_inputs import selectors_inputs as selectors
from fangxin.actions.farm_inputs.models import PackageMove, PackagePoint
from fangxin.actions.farm_inputs.services import packages
from fangxin.actions.farm_inputs.views.common import AreaFilter
from fangxin.actions.farm_inputs.views.common_inputs import asked_year
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs


class PointTable(tables.Table):
    name = tables.Column(linkify=True)
    township = TownshipColumn()
    opened_on = DayColumn()
    dealer = tables.Column(accessor="dealer__name", verbose_name=gettext_lazy("设在农资店"), orderable=False)

    class Meta:
        model = PackagePoint
        fields = ("name", "township", "address", "dealer", "opened_on")
        order_by = ()


class PointFilter(AreaFilter):
    class Meta:
        model = PackagePoint
        fields = ("township",)


class Points(ListScreen):
    ability = "inputs.lists"
    title = gettext_lazy("包装废弃物回收点")
    table_class = PointTable
    filter_class = PointFilter
    empty_text = gettext_lazy("还没有回收点。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_points(self.request.user)

    def more_context(self) -> dict[str, Any]:
        actions = [(_("回收率"), reverse("farm_inputs:recovery"), "percentage")]
        if self.request.user.can("inputs.record"):
            actions.append((_("设立回收点"), reverse("farm_inputs:point_new"), "plus"))
        return {"actions": actions}


@needs("inputs.lists")
def recovery(request: Request) -> HttpResponse:
    today = ledger.clock.today()
    year = asked_year(request, today.year)
    context = {
        "title": _("农药包装废弃物回收率"),
        "year": year,
        "years": range(today.year, today.year - 4, -1),
        "rows": selectors.recovery(request.user, year),
    }
    return render(request, "farm_inputs/recovery.html", context)


@needs("inputs.record")
def point_new(request: Request) -> HttpResponse:
    open_dealers = selectors.list_dealers(request.user, "inputs.record").filter(closed_on=None)
    form = own_forms.PointForm(request.POST or None, user=request.user, dealers=open_dealers)
    if request.method == "POST":
        made = saved(form, lambda: packages.open_point(by=request.user, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("已设立。"))
            return redirect(made)
    return form_page(request, form, _("设立回收点"), reverse("farm_inputs:points"))


@needs("inputs.lists")
def point(request: Request, pk: int) -> HttpResponse:
    row = access.get_point(request.user, pk)
    context = {
        "title": row.name,
        "point": row,
        "place": people.division_path(row.division_code),
        "moves": row.moves.order_by("-on", "-pk")[:100],
        "may_record": request.user.can("inputs.record", row.division_code),
    }
    return render(request, "farm_inputs/point.html", context)


@needs("inputs.record")
def move(request: Request, pk: int) -> HttpResponse:
    row = access.get_point(request.user, pk, "inputs.record")
    form = own_forms.MoveForm(*posted(request))
    if request.method == "POST":
        made = saved(form, lambda: _record(form, row, request.user))
        if made is not None:
            messages.success(request, _("已登记。"))
            return redirect(row)
    return form_page(request, form, _("登记回收、转运：%(name)s") % {"name": row.name}, row.get_absolute_url())


def _record(form: own_forms.MoveForm, point: PackagePoint, by: Any) -> PackageMove:
    return packages.move_packages(
        point=point, evidence=kept(form.cleaned_data.get("file"), by), by=by, **own_forms.without_file(form)
    )


def kept(file: Any, by: Any) -> Any:
    """The evidence row of an upload; none where nothing was uploaded."""
    return ledger.store_evidence(name=file.name, content=file.read(), by=by) if file else None
