"""The risk orders: what was learnt, how good it was on later inspections, and learning anew."""

from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fangxin.kernel.fieldwork import selectors
from fangxin.kernel.fieldwork.forms.plans import LearnForm
from fangxin.kernel.fieldwork.models import RiskOrder
from fangxin.kernel.fieldwork.services import risks
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs


class RiskOrderTable(tables.Table):
    learnt_at = tables.DateTimeColumn(format="Y-m-d H:i")
    division = TownshipColumn(verbose_name=gettext_lazy("范围"))
    area = tables.Column(verbose_name=gettext_lazy("分辨力（95%区间）"), orderable=False)
    usable = tables.Column(verbose_name=gettext_lazy("能否使用"), orderable=False)

    class Meta:
        model = RiskOrder
        fields = ("learnt_at", "division", "inspections", "serious", "premises", "windows", "checked", "area", "usable")
        order_by = ()

    def render_area(self, record: RiskOrder) -> str:
        return f"{record.area:.2f}（{record.area_low:.2f}–{record.area_high:.2f}）"

    def render_usable(self, record: RiskOrder) -> str:
        return _("可以") if record.usable else _("不可以：不比碰运气强")


class RiskOrderList(ListScreen):
    ability = "inspection.plan"
    title = gettext_lazy("风险次序")
    table_class = RiskOrderTable
    template_name = "fieldwork/list.html"
    intro = gettext_lazy(
        "从历次检查学习谁更可能有严重问题，再用没学过的、后来的检查核对。分辨力0.5等于碰运气，1等于全对；"
        "区间下限超过0.5才能用来编制计划。谁去检查从来不是依据。每月自动学习一次。"
    )
    empty_text = gettext_lazy("还没有学习过。检查记录够多以后，每月自动学习一次，也可以现在学习。")

    def rows(self) -> "QuerySet[RiskOrder]":
        return selectors.list_risk_orders(self.request.user).order_by("-learnt_at", "-pk")

    def more_context(self) -> dict[str, Any]:
        return {"intro": self.intro, "actions": [(_("现在学习"), reverse("fieldwork:risk_learn"), "refresh")]}


@require_http_methods(["GET", "POST"])
@needs("inspection.plan")
def learn(request: Request) -> HttpResponse:
    form = LearnForm(posted(request)[0], user=request.user)
    if request.method == "POST" and saved(form, lambda: _ask(request, form.cleaned_data["division_code"])):
        messages.success(request, _("已交给后台学习，学完列在这里。"))
        return redirect("fieldwork:risks")
    return form_page(
        request, form, _("学习风险次序"), reverse("fieldwork:risks"), submit_label=_("现在学习"),
        intro=_("用这个范围内已告知结果的检查学习，几分钟内完成，原来的次序由新的代替，已编制的计划不变。"),
    )  # fmt: skip


def _ask(request: Request, division_code: str) -> Any:
    if not request.user.can("inspection.plan", division_code):
        raise PermissionDenied(_("您的岗位不能为这个范围学习次序。"))
    return risks.ask_to_learn(division_code=division_code, by=request.user)
