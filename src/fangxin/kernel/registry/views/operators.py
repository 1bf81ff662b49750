from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import access, selectors, services
from fangxin.kernel.registry.forms import OperatorForm
from fangxin.kernel.registry.models import Operator
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs


class OperatorTable(tables.Table):
    name = tables.Column(linkify=lambda record: reverse("registry:operator", args=[record.pk]))
    township = TownshipColumn()

    class Meta:
        model = Operator
        fields = ("name", "uscc", "kind", "township")


class OperatorFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=gettext_lazy("名称或信用代码"), method="by_text", max_length=100)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("类型"), choices=Operator.Kind.choices)

    class Meta:
        model = Operator
        fields = ["text", "kind"]

    def by_text(self, rows: "QuerySet[Operator]", _name: str, value: str) -> "QuerySet[Operator]":
        return selectors.find_operators(rows, value)


class Operators(ListScreen):
    ability = "registry.view"
    title = gettext_lazy("经营主体")
    table_class = OperatorTable
    filter_class = OperatorFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_operators(self.request.user)

    def more_context(self) -> dict[str, Any]:
        if not self.request.user.can("registry.edit"):
            return {}
        return {"actions": [(_("登记经营主体"), reverse("registry:operator_new"), "plus")]}


@needs("registry.view")
def page(request: Request, pk: int) -> HttpResponse:
    operator = access.get_operator(request.user, pk)
    context = {
        "title": operator.name,
        "operator": operator,
        "place": people.division_path(operator.division_code),
        "premises": selectors.list_premises(request.user).filter(operator=operator)[:200],
        "may_edit": request.user.can("registry.edit", operator.division_code),
        "may_see_personal": request.user.can("registry.personal", operator.division_code),
    }
    return render(request, "registry/operator.html", context)


@needs("registry.edit")
def new(request: Request) -> HttpResponse:
    form = OperatorForm(request.POST or None, user=request.user)
    made = None
    if request.method == "POST":
        made = saved(form, lambda: services.register_operator(by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("经营主体已登记，接着登记它的经营场所。"))
        return redirect("registry:premises_new", operator_pk=made.pk)
    return form_page(request, form, _("登记经营主体"), reverse("registry:operators"))


@needs("registry.edit")
def edit(request: Request, pk: int) -> HttpResponse:
    operator = access.get_operator_to_edit(request.user, pk)
    shown = {field: getattr(operator, field) for field in ("name", "kind", "uscc", "division_code")}
    form = OperatorForm(request.POST or None, user=request.user, operator=operator, initial=shown)
    back = reverse("registry:operator", args=[pk])
    if request.method == "POST" and saved(form, lambda: _change(form, operator, request.user)) is not None:
        messages.success(request, _("已保存。"))
        return redirect(back)
    return form_page(request, form, _("修改：%(name)s") % {"name": operator.name}, back)


def _change(form: OperatorForm, operator: Operator, user: Any) -> Operator:
    """An empty personal field means that what is on file stays."""
    changes = {name: form.cleaned_data[name] for name in form.changed_data if name in form.cleaned_data}
    for name in ("legal_representative", "phone"):
        if not changes.get(name, "x"):
            changes.pop(name)
    return services.change_operator(operator=operator, by=user, **changes) if changes else operator
