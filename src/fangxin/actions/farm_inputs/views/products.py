"""Products and what their labels say."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.actions.farm_inputs import access, selectors
from fangxin.actions.farm_inputs import forms as own_forms
from fangxin.actions.farm_inputs.models import Product
from fangxin.actions.farm_inputs.services import products
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs


class ProductTable(tables.Table):
    name = tables.Column(linkify=True)
    actives = tables.Column(verbose_name=gettext_lazy("有效成分"), accessor="ingredients", orderable=False)

    class Meta:
        model = Product
        fields = ("name", "registration_no", "kind", "formulation", "actives")
        order_by = ()

    def render_actives(self, value: list[Any]) -> str:
        return "、".join(f"{one['name']} {one['content']}{one['unit']}" for one in value) or "—"

    def value_actives(self, value: list[Any]) -> str:
        return self.render_actives(value)


class ProductFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=gettext_lazy("名称、登记证号或作物"), method="by_text", max_length=60)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("类别"), choices=Product.Kind.choices)

    class Meta:
        model = Product
        fields = ("text", "kind")

    def by_text(self, rows: Any, _name: str, value: str) -> Any:
        text = value.strip()
        found = Q(name__icontains=text) | Q(registration_no__icontains=text) | Q(label_uses__target=text)
        return rows.filter(found).distinct()


class Products(ListScreen):
    ability = "farm.view"
    title = gettext_lazy("农药兽药产品目录")
    table_class = ProductTable
    filter_class = ProductFilter

    def rows(self) -> Any:
        return selectors.list_products()

    def more_context(self) -> dict[str, Any]:
        if not self.request.user.can("farm.products"):
            return {}
        return {
            "actions": [
                (_("录入产品标签"), reverse("farm_inputs:product_new"), "plus"),
                (_("载入示例标签"), reverse("farm_inputs:products_load"), "download"),
            ]
        }


@needs("farm.view")
def product_page(request: Request, pk: int) -> HttpResponse:
    row = access.get_product(pk)
    context = {"title": row.name, "row": row, "may_enter": request.user.can("farm.products")}
    return render(request, "farm_inputs/product.html", context)


@needs("farm.products")
def product_new(request: Request) -> HttpResponse:
    form = own_forms.ProductForm(request.POST or None)

    def write() -> Product:
        values = dict(form.cleaned_data)
        return products.add_product(ingredients=values.pop("ingredients_text"), by=request.user, **values)

    if request.method == "POST" and (row := saved(form, write)) is not None:
        messages.success(request, _("已录入产品，请接着录入标签上的用法。"))
        return redirect("farm_inputs:label_use_new", row.pk)
    intro = _("照包装标签录入。间隔期、次数和作物以标签为准。")
    return form_page(request, form, _("录入产品标签"), reverse("farm_inputs:products"), intro=intro)


@needs("farm.products")
def label_use_new(request: Request, pk: int) -> HttpResponse:
    product = access.get_product(pk)
    form = own_forms.LabelUseForm(request.POST or None)
    if request.method == "POST":
        line = saved(form, lambda: products.add_label_use(product=product, by=request.user, **form.cleaned_data))
        if line is not None:
            messages.success(request, _("已录入一条用法。"))
            return redirect(product)
    return form_page(request, form, _("%(name)s：录入标签用法") % {"name": product.name}, product.get_absolute_url())


@needs("farm.products")
def products_load(request: Request) -> HttpResponse:
    """Ask, then take over the example labels."""
    if request.method == "POST":
        return _load(request)
    intro = _("载入平台自带的示例标签（登记证号为虚构），已有的登记证号不会改动。实际使用的产品请照标签逐个录入。")
    return form_page(
        request,
        own_forms.forms.Form(),
        _("载入示例标签"),
        reverse("farm_inputs:products"),
        intro=intro,
        submit_label=_("载入"),
    )


@require_POST
def _load(request: Request) -> HttpResponse:
    count = products.load_products(by=request.user)
    messages.success(request, _("已载入 %(n)s 个产品。") % {"n": count})
    return redirect("farm_inputs:products")
