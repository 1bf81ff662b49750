"""Appeals: the list, one of them, the decision."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge
from fangxin.oversight.assessment import access, selectors
from fangxin.oversight.assessment.forms import AppealDecisionForm
from fangxin.oversight.assessment.models import Appeal
from fangxin.oversight.assessment.services import appeals as services
from fangxin.oversight.assessment.views.common import act_page, bound

TONES = {"lodged": "warn", "upheld": "good", "rejected": "plain"}


class AppealTable(tables.Table):
    agency = tables.Column(
        accessor="participant__agency",
        verbose_name=gettext_lazy("申诉单位"),
        linkify=lambda record: record.get_absolute_url(),
    )
    round = tables.Column(
        accessor="participant__round", verbose_name=gettext_lazy("考核"), order_by=("participant__round__year",)
    )
    lodged_at = tables.DateTimeColumn(format="Y-m-d H:i")

    class Meta:
        model = Appeal
        fields = ("agency", "round", "state", "lodged_at", "decided_at")

    def render_state(self, record: Appeal) -> Any:
        return badge(record.get_state_display(), TONES[record.state])

    def value_state(self, record: Appeal) -> str:
        return str(record.get_state_display())

    def value_round(self, record: Appeal) -> str:
        return str(record.participant.round)

    def value_agency(self, record: Appeal) -> str:
        return str(record.participant.agency.name)


class AppealFilter(filters.FilterSet):
    state = filters.ChoiceFilter(
        label=gettext_lazy("结果"), choices=Appeal.State.choices, empty_label=gettext_lazy("全部")
    )

    class Meta:
        model = Appeal
        fields = ("state",)


class AppealList(ListScreen):
    ability = "assessment.view"
    title = gettext_lazy("考核申诉")
    table_class = AppealTable
    filter_class = AppealFilter

    def rows(self) -> Any:
        return selectors.list_appeals(self.request.user).order_by("-pk")

    def more_context(self) -> dict[str, Any]:
        return {"actions": [(_("返回考核"), reverse("assessment:rounds"), "arrow-left")]}


def _may_decide(user: Any, item: Appeal) -> bool:
    round_ = item.participant.round
    strange = user.pk not in (item.lodged_by_id, round_.scored_by_id)
    return bool(item.state == "lodged" and strange and user.can("assessment.review", round_.division_code))


@require_safe
@needs("assessment.view")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    item = access.get_appeal(request.user, pk)
    context = {
        "title": _("申诉 · %(agency)s") % {"agency": item.participant.agency.name},
        "item": item,
        "tone": TONES[item.state],
        "may_decide": _may_decide(request.user, item),
    }
    return render(request, "assessment/appeal.html", context)


@require_http_methods(["GET", "POST"])
@needs("assessment.review")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    item = access.get_appeal_to_decide(request.user, pk)
    access.refuse_if(not _may_decide(request.user, item))
    return act_page(
        request,
        AppealDecisionForm(bound(request)[0]),
        lambda data: services.decide(appeal=item, by=request.user, **data),
        title=_("处理申诉 · %(agency)s") % {"agency": item.participant.agency.name},
        label=_("处理"),
        intro=_("如需改正记录或加减分，请先在相应页面办好，再处理申诉；申诉成立时按改正后的记录重新计算全组。"),
        back=item.get_absolute_url(),
        done=_("申诉已处理。"),
    )
