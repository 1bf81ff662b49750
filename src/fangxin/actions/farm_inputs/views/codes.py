"""Codes on packs of veterinary drugs."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.farm_inputs import access_inputs as access
from fangxin.actions.farm_inputs import forms_inputs as own_forms
from fangxin.actions.farm_inputs import selectors_inputs as selectors
from fangxin.actions.farm_inputs.models import DrugPack, PackScan
from fangxin.actions.farm_inputs.services import codes
from fangxin.actions.farm_inputs.views.common import AreaFilter
from fangxin.actions.farm_inputs.views.dealers import may_keep_book
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

TONES = {"valid": "good", "expired": "warn"}


class ScanTable(tables.Table):
    on = DayColumn()
    dealer = tables.Column(accessor="dealer__name", verbose_name=gettext_lazy("农资店"), orderable=False,
                           linkify=lambda record: record.dealer.get_absolute_url())  # fmt: skip
    product = tables.Column(accessor="pack__product_name", verbose_name=gettext_lazy("产品"), orderable=False)
    township = TownshipColumn()

    class Meta:
        model = PackScan
        fields = ("on", "dealer", "kind", "read", "product", "outcome", "township")
        order_by = ()

    def render_outcome(self, value: str, record: PackScan) -> Any:
        return badge(value, TONES.get(record.outcome, "bad"))

    def value_outcome(self, value: str) -> str:
        return value


class ScanFilter(AreaFilter):
    kind = django_filters.ChoiceFilter(label=gettext_lazy("类别"), choices=PackScan.Kind.choices)
    outcome = django_filters.ChoiceFilter(label=gettext_lazy("结果"), choices=PackScan.Outcome.choices)

    class Meta:
        model = PackScan
        fields = ("township", "kind", "outcome")


class Scans(ListScreen):
    ability = "inputs.lists"
    title = gettext_lazy("兽药扫码和抽查")
    table_class = ScanTable
    filter_class = ScanFilter
    empty_text = gettext_lazy("还没有扫码记录。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_scans(self.request.user, "inputs.lists")

    def more_context(self) -> dict[str, Any]:
        actions = [(_("已知的码"), reverse("farm_inputs:packs"), "list")]
        if self.request.user.can("inputs.dealers"):
            actions.append((_("列入新码"), reverse("farm_inputs:codes_new"), "plus"))
        return {"actions": actions}


@needs("inputs.view")
def scan(request: Request, pk: int) -> HttpResponse:
    user = request.user
    dealer = access.get_dealer(user, pk)
    may_check = user.can("inputs.record", dealer.division_code) and bool(user.prefixes("inputs.record"))
    if not (may_check or may_keep_book(user, dealer)):
        raise Http404
    form = own_forms.ScanForm(
        request.POST or None, may_check=may_check, initial={"kind": "check" if may_check else "in"}
    )
    if request.method == "POST":
        made = saved(form, lambda: codes.scan(dealer=dealer, by=user, **form.cleaned_data))
        if made is not None:
            word = made.get_outcome_display()
            if made.outcome == PackScan.Outcome.VALID:
                messages.success(request, _("%(what)s：%(outcome)s。可以继续扫下一个。") % _words(made, word))
            else:
                messages.warning(
                    request, _("%(what)s：%(outcome)s。已记下并转交农业农村部门，请先不要出售。") % _words(made, word)
                )
            return redirect("farm_inputs:scan", pk=dealer.pk)
    title = _("扫兽药追溯码：%(name)s") % {"name": dealer.name}
    return form_page(request, form, title, dealer.get_absolute_url(), submit_label=_("记下"))


def _words(made: PackScan, outcome: Any) -> dict[str, Any]:
    return {"what": made.get_kind_display(), "outcome": outcome}


class PackTable(tables.Table):
    expires_on = DayColumn()
    dealer = tables.Column(accessor="dealer__name", verbose_name=gettext_lazy("所在农资店"), orderable=False)

    class Meta:
        model = DrugPack
        fields = ("code", "product_name", "batch_no", "expires_on", "state", "dealer")
        order_by = ()


class PackFilter(django_filters.FilterSet):
    code = django_filters.CharFilter(label=gettext_lazy("追溯码"), method="by_code", max_length=60)
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=DrugPack.State.choices)

    class Meta:
        model = DrugPack
        fields = ("code", "state")

    def by_code(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(code__startswith="".join(value.split()))


class Packs(ListScreen):
    ability = "inputs.lists"
    title = gettext_lazy("已知的兽药追溯码")
    table_class = PackTable
    filter_class = PackFilter
    empty_text = gettext_lazy("还没有列入追溯码。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_packs(self.request.user)


@needs("inputs.dealers")
def codes_new(request: Request) -> HttpResponse:
    form = own_forms.CodesForm(request.POST or None, user=request.user)
    if request.method == "POST":
        listed = saved(form, lambda: codes.list_packs(by=request.user, **form.cleaned_data))
        if listed is not None:
            messages.success(request, _("已列入 %(n)s 个新码。") % {"n": listed})
            return redirect("farm_inputs:packs")
    intro = _("从国家兽药产品追溯系统导出的码，粘贴在这里。平台只核对是不是 24 位数字，不能代替国家系统的查验。")
    return form_page(request, form, _("列入追溯码"), reverse("farm_inputs:packs"), intro=intro)
