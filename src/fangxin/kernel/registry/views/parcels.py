"""Fields, ponds and herd houses: list, page, shapes in and out."""

from itertools import chain
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.engines import land
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import access, selectors, services
from fangxin.kernel.registry.forms import CloseForm, ParcelFileForm, ParcelForm
from fangxin.kernel.registry.importing.columns import in_tables
from fangxin.kernel.registry.importing.parcels_table import PARCELS, Read, read_file
from fangxin.kernel.registry.models import Parcel
from fangxin.kernel.registry.views.common import AreaFilter
from fangxin.kernel.screens.export import attachment, to_xlsx, xlsx_response
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.sheets import Unreadable
from fangxin.kernel.screens.templatetags.screens import badge

MOST_MOMENTS = 100
MOST_SHAPES = 20_000


class ParcelTable(tables.Table):
    number = tables.Column(linkify=True)
    township = TownshipColumn()
    operator = tables.Column(accessor="operator__name", verbose_name=gettext_lazy("经营主体"), orderable=False)
    state = tables.Column(verbose_name=gettext_lazy("状态"), accessor="closed_on", empty_values=(), orderable=False)

    class Meta:
        model = Parcel
        fields = ("number", "name", "kind", "township", "area_mu", "crop", "land_use", "operator", "state")
        order_by = ()

    def render_state(self, record: Parcel) -> str:
        return badge(self.value_state(record), "plain" if record.closed_on else "good")

    def value_state(self, record: Parcel) -> str:
        return _("已停用") if record.closed_on else _("使用中")


class ParcelFilter(AreaFilter):
    text = django_filters.CharFilter(label=gettext_lazy("编号、名称或作物"), method="by_text", max_length=80)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("类别"), choices=Parcel.Kind.choices)
    land_use = django_filters.ChoiceFilter(label=gettext_lazy("土地利用"), choices=Parcel.LandUse.choices)

    class Meta:
        model = Parcel
        fields = ["text", "township", "kind", "land_use"]

    def by_text(self, rows: "QuerySet[Parcel]", _name: str, value: str) -> "QuerySet[Parcel]":
        text = value.strip()
        return rows.filter(Q(number__istartswith=text) | Q(name__icontains=text) | Q(crop__icontains=text))


class Parcels(ListScreen):
    ability = "registry.view"
    title = gettext_lazy("地块")
    table_class = ParcelTable
    filter_class = ParcelFilter
    sorts_when_long = ("number",)

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_parcels(self.request.user)

    def more_context(self) -> dict[str, Any]:
        actions = [(_("导出 GeoJSON"), reverse("registry:parcel_shapes"), "map-down")]
        if self.request.user.can("parcel.edit"):
            actions.insert(0, (_("导入"), reverse("registry:parcel_upload"), "file-import"))
            actions.insert(0, (_("登记地块"), reverse("registry:parcel_new"), "plus"))
        return {"actions": actions}


@needs("registry.view")
def page(request: Request, pk: int) -> HttpResponse:
    """Everything about one parcel, told by every app that knows of it."""
    parcel = access.get_parcel(request.user, pk)
    tellers = list(contribute.timelines)
    moments = chain.from_iterable(tell(request.user, Parcel._meta.label_lower, str(parcel.pk)) for tell in tellers)
    context = {
        "title": parcel.name,
        "parcel": parcel,
        "place": people.division_path(parcel.division_code),
        "may_edit": request.user.can("parcel.edit", parcel.division_code),
        "moments": sorted(moments, key=lambda moment: moment.at, reverse=True)[:MOST_MOMENTS],
    }
    return render(request, "registry/parcel.html", context)


def _form(request: Request, parcel: Parcel | None = None) -> ParcelForm:
    owners = selectors.list_operators(request.user)
    return ParcelForm(request.POST or None, instance=parcel, user=request.user, operators=owners)


@needs("parcel.edit")
def new(request: Request) -> HttpResponse:
    form = _form(request)
    made = None
    if request.method == "POST":
        made = saved(form, lambda: services.add_parcel(by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("已登记，地块编号 %(number)s。") % {"number": made.number})
        return redirect(made)
    return form_page(request, form, _("登记地块"), reverse("registry:parcels"))


@needs("parcel.edit")
def edit(request: Request, pk: int) -> HttpResponse:
    parcel = access.get_parcel(request.user, pk, "parcel.edit")
    form = _form(request, parcel)
    if request.method == "POST":
        done = saved(
            form,
            lambda: services.change_parcel(
                parcel=access.get_parcel(request.user, pk, "parcel.edit"), by=request.user, **form.cleaned_data
            ),
        )
        if done is not None:
            messages.success(request, _("已保存。"))
            return redirect(done)
    return form_page(request, form, _("修改：%(name)s") % {"name": parcel.name}, parcel.get_absolute_url())


@needs("parcel.edit")
def close(request: Request, pk: int) -> HttpResponse:
    parcel = access.get_parcel(request.user, pk, "parcel.edit")
    form = CloseForm(request.POST or None, initial={"closed_on": ledger.clock.today()})
    if request.method == "POST":
        done = saved(form, lambda: services.close_parcel(parcel=parcel, by=request.user, **form.cleaned_data))
        if done is not None:
            messages.success(request, _("已停用。如有误，可在本页恢复。"))
            return redirect(parcel)
    title = _("停用：%(name)s") % {"name": parcel.name}
    return form_page(request, form, title, parcel.get_absolute_url(), submit_label=_("停用"))


@needs("parcel.edit")
@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    parcel = access.get_parcel(request.user, pk, "parcel.edit")
    try:
        services.reopen_parcel(parcel=parcel, by=request.user)
        messages.success(request, _("已恢复。"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(parcel)


@needs("parcel.edit")
def upload(request: Request) -> HttpResponse:
    """One file, all of it or nothing; what is wrong is said line by line."""
    form = ParcelFileForm(request.POST or None, request.FILES or None)
    found: Read | None = None
    if request.method == "POST" and form.is_valid():
        found = _read(request, form)
        if found is not None and not found.errors and saved(form, lambda: _load(found, request)) is not None:
            messages.success(request, _("已导入 %(n)s 个地块。") % {"n": len(found.values)})
            for note in found.warnings:
                messages.warning(request, _("第 %(line)s 行：%(text)s") % {"line": note.line, "text": note.text})
            return redirect("registry:parcels")
    context = {"title": _("导入地块"), "form": form, "found": found, "back_url": reverse("registry:parcels")}
    return render(request, "registry/parcel_upload.html", context)


def _read(request: Request, form: ParcelFileForm) -> Read | None:
    file = form.cleaned_data["file"]
    try:
        return read_file(file.name, file.read(), user=request.user, update=form.cleaned_data["update"])
    except Unreadable as error:
        form.add_error("file", str(error))
        return None


def _load(found: Read, request: Request) -> list[Parcel]:
    return services.load_parcels(found.values, by=request.user)


@needs("parcel.edit")
def file_template(_request: Request) -> HttpResponse:
    headers = [column.header for column in PARCELS]
    notes = ["、".join(map(str, column.choices().values())) for column in PARCELS]
    return xlsx_response(_("导入模板：地块"), to_xlsx(headers, [], title="地块", note=_legend(headers, notes)))


def _legend(headers: list[str], notes: list[str]) -> str:
    return "；".join(f"{header}可填：{note}" for header, note in zip(headers, notes, strict=True) if note)


@needs("registry.view")
def download(request: Request) -> HttpResponse:
    """The parcels of the person's divisions with a shape or a point, as GeoJSON that the upload reads again."""
    rows = selectors.list_parcels(request.user).filter(closed_on=None)
    rows = rows.filter(Q(geometry__isnull=False) | Q(longitude__isnull=False)).order_by("number")[:MOST_SHAPES]
    text = land.write_shapes(land.Shape(_geometry(row), _properties(row)) for row in rows)
    ledger.record("screens.exported", of=None, by=request.user, data={"list": "地块 GeoJSON", "query": ""})
    response = HttpResponse(text, content_type="application/geo+json; charset=utf-8")
    response.headers["Content-Disposition"] = attachment(f"{_('地块')}.geojson")
    return response


def _geometry(parcel: Parcel) -> Any:
    return parcel.geometry or {"type": "Point", "coordinates": [parcel.longitude, parcel.latitude]}


def _properties(parcel: Parcel) -> dict[str, Any]:
    return {
        "地块编号": parcel.number, "名称": parcel.name, "类别": in_tables(parcel.get_kind_display()),
        "区划代码": parcel.division_code, "面积": float(parcel.area_mu), "作物": parcel.crop,
        "土地利用": in_tables(parcel.get_land_use_display()),
    }  # fmt: skip
