"""Rapid tests: the ledger, one test, a new one."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fangxin.kernel.laboratory import access_results as access
from fangxin.kernel.laboratory import selectors_results as selectors
from fangxin.kernel.laboratory.forms.results import RapidForm
from fangxin.kernel.laboratory.models import RapidTest
from fangxin.kernel.laboratory.services import rapid
from fangxin.kernel.laboratory.views.common import ONE_LINE, TownFilter, names_of
from fangxin.kernel.laboratory.views.result_acts import offered
from fangxin.kernel.laboratory.views.result_lists import Toned
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs

RESULT_TONES = {"negative": "good", "positive": "bad", "invalid": "plain"}
STATE_TONES = {"done": "plain", "followed": "warn", "disputed": "warn"}


class RapidTable(tables.Table):
    number = tables.Column(linkify=True, attrs=ONE_LINE)
    tested_at = tables.DateTimeColumn(format="Y-m-d H:i", attrs=ONE_LINE)
    where = tables.Column(accessor="premises__name", verbose_name=gettext_lazy("经营场所或者地点"), empty_values=())
    township = TownshipColumn()
    result = Toned(RESULT_TONES)
    state = Toned(STATE_TONES)

    class Meta:
        model = RapidTest
        fields = ("number", "tested_at", "food", "item", "where", "township", "result", "state")
        order_by = ()

    def render_where(self, record: RapidTest) -> str:
        return record.premises.name if record.premises is not None else record.place

    def value_where(self, record: RapidTest) -> str:
        return self.render_where(record)


class RapidFilter(TownFilter):
    reach = "rapid.view"
    text = filters.CharFilter(label=gettext_lazy("编号、样品或者场所"), method="by_text", max_length=60)
    result = filters.ChoiceFilter(label=gettext_lazy("结果"), choices=RapidTest.Result.choices)
    state = filters.ChoiceFilter(label=gettext_lazy("状态"), choices=RapidTest.State.choices)

    class Meta:
        model = RapidTest
        fields = ("text", "result", "state", "town")

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        text = value.strip()
        named = Q(premises__name__icontains=text) | Q(place__icontains=text)
        return rows.filter(Q(number__startswith=text) | Q(food__icontains=text) | named)


class RapidList(ListScreen):
    ability = "rapid.view"
    title = gettext_lazy("快检")
    intro = gettext_lazy("快检用于筛查。阳性须送法定检验；对结果有异议的，收到结果后四小时内提出。")
    table_class = RapidTable
    filter_class = RapidFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_rapid_tests(self.request.user).order_by("-tested_at", "-pk")

    def more_context(self) -> dict[str, Any]:
        found = super().more_context()
        if self.request.user.prefixes("rapid.work"):
            found["actions"] = [(_("登记快检"), reverse("laboratory:rapid_new"), "plus")]
        return found


@require_safe
@needs("rapid.view")
def page(request: Request, pk: int) -> HttpResponse:
    row = access.get_rapid(request.user, pk)
    context = {
        "title": row.number, "row": row, "tone": RESULT_TONES[row.result], "state_tone": STATE_TONES[row.state],
        "place": people.division_path(row.division_code), "acts": offered(row, request.user), "task": rapid.task_of(row),
        "tester": names_of(row.tested_by).get(row.tested_by, row.tested_by),
        "staff": bool(request.user.prefixes("rapid.view")),
    }  # fmt: skip
    return render(request, "laboratory/results/rapid.html", context)


@require_http_methods(["GET", "POST"])
@needs("rapid.work")
def new(request: Request) -> HttpResponse:
    user = request.user
    prefixes = user.prefixes("rapid.work")
    if not prefixes:
        raise PermissionDenied(_("您的岗位没有管辖区划，不能登记快检。"))
    towns = [pair for prefix in prefixes for pair in people.townships(prefix)]
    form = RapidForm(posted(request)[0], towns=towns)
    made = None
    if request.method == "POST" and form.is_valid():
        made = _record(form, user)
    if made is not None:
        return redirect(made)
    return form_page(request, form, _("登记快检"), reverse("laboratory:rapid_tests"))


def _record(form: RapidForm, user: Any) -> RapidTest | None:
    data = dict(form.cleaned_data)
    number, town = data.pop("premises_number"), data.pop("township")
    premises = registry.list_premises(user).filter(number=number).first() if number else None
    if number and premises is None:
        form.add_error("premises_number", _("没有找到这个编号的场所，请核对，或者只写地点。"))
        return None
    return saved(
        form, lambda: rapid.record_rapid_test(division_code=town, premises=premises, by=user, **data)
    )  # fmt: skip
