"""Who keeps away from which place."""

from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fangxin.kernel.fieldwork import access, selectors
from fangxin.kernel.fieldwork.forms.recusals import RecusalForm
from fangxin.kernel.fieldwork.models import Recusal
from fangxin.kernel.fieldwork.services import recusals
from fangxin.kernel.fieldwork.views.common import find_box, people_of, premises_from
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, done_or_told, form_page, posted, saved
from fangxin.kernel.screens.permission import needs


class RecusalTable(tables.Table):
    user = tables.Column(accessor="user__name", verbose_name=gettext_lazy("检查人员"))
    premises = tables.Column(accessor="premises__name", verbose_name=gettext_lazy("回避对象"))
    township = TownshipColumn()
    reason = tables.Column(orderable=False)
    declared_at = tables.DateTimeColumn(format="Y-m-d")
    ended_at = tables.DateTimeColumn(format="Y-m-d", default="—")
    actions = tables.Column(verbose_name="", empty_values=(), orderable=False)

    class Meta:
        model = Recusal
        fields = ("user", "premises", "township", "reason", "declared_at", "ended_at", "actions")
        order_by = ()

    def render_actions(self, record: Recusal) -> Any:
        if record.ended_at is not None:
            return ""
        url = reverse("fieldwork:recusal_end", args=[record.pk])
        return format_html('<a class="btn btn-sm" href="{}">{}</a>', url, _("解除"))


class RecusalList(ListScreen):
    ability = "inspection.plan"
    title = gettext_lazy("回避登记")
    table_class = RecusalTable
    template_name = "fieldwork/list.html"
    export_without = ("actions", "reason")
    intro = gettext_lazy("登记以后，这名人员不会被安排或者抽取去检查这个对象。")
    empty_text = gettext_lazy("没有回避登记。")

    def rows(self) -> "QuerySet[Recusal]":
        return selectors.list_recusals(self.request.user).order_by("-pk")

    def more_context(self) -> dict[str, Any]:
        return {"intro": self.intro, "actions": [(_("登记回避"), reverse("fieldwork:recusal_new"), "plus")]}


@require_http_methods(["GET", "POST"])
@needs("inspection.plan")
def new(request: Request) -> HttpResponse:
    premises = premises_from(request)
    if premises is None:
        return render(request, "fieldwork/choose_premises.html", {"title": _("登记回避"), **find_box(request)})
    form = RecusalForm(posted(request)[0], officers=people_of([premises.division_code], near=request.user))
    if request.method == "POST" and saved(
        form, lambda: recusals.declare_recusal(premises=premises, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("已登记回避。"))
        return redirect("fieldwork:recusals")
    title = _("登记回避：%(name)s") % {"name": premises.name}
    return form_page(request, form, title, reverse("fieldwork:recusals"))


@require_http_methods(["GET", "POST"])
@needs("inspection.plan")
def end(request: Request, pk: int) -> HttpResponse:
    """Asks first: the page says whom and what."""
    found = access.get_recusal(request.user, pk)
    if request.method == "POST":
        done_or_told(request, _("已解除回避。"), lambda: recusals.end_recusal(recusal=found, by=request.user))
        return redirect("fieldwork:recusals")
    context = {"title": _("解除回避"), "recusal": found}
    return render(request, "fieldwork/recusal_end.html", context)
