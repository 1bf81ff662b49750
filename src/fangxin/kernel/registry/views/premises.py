from itertools import chain
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import access, selectors, services
from fangxin.kernel.registry.forms import (
    CloseForm,
    FactForm,
    PremisesChangeForm,
    PremisesForm,
    ReopenForm,
    attributes_for,
)
from fangxin.kernel.registry.models import Operator, Premises
from fangxin.kernel.registry.views.common import AreaFilter
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs

PAPERS = [
    ("expiring", gettext_lazy("90 日内到期")),
    ("expired", gettext_lazy("在营而证件已过期")),
    ("none", gettext_lazy("没有有效证件")),
]
MOST_SHOWN = 50


class PremisesTable(tables.Table):
    name = tables.Column(linkify=lambda record: reverse("registry:premises", args=[record.pk]))
    operator = tables.Column(accessor="operator__name", verbose_name=gettext_lazy("经营主体"), orderable=False)
    township = TownshipColumn()
    opened_on = DayColumn()

    class Meta:
        model = Premises
        fields = ("number", "name", "kind", "operator", "township", "address", "status", "opened_on")
        order_by = ()


class PremisesFilter(AreaFilter):
    text = django_filters.CharFilter(label=gettext_lazy("名称、编号或证号"), method="by_text", max_length=100)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("类别"), choices=Premises.Kind.choices)
    status = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=Premises.Status.choices)
    paper = django_filters.ChoiceFilter(label=gettext_lazy("证件"), choices=PAPERS, method="by_paper")

    class Meta:
        model = Premises
        fields = ["text", "township", "kind", "status", "paper"]

    def by_text(self, rows: "QuerySet[Premises]", _name: str, value: str) -> "QuerySet[Premises]":
        return selectors.find_premises(rows, value)

    def by_paper(self, rows: "QuerySet[Premises]", _name: str, value: str) -> "QuerySet[Premises]":
        day = ledger.clock.today()
        if value == "none":
            return selectors.without_valid_credential(rows.filter(status=Premises.Status.OPERATING), day)
        chosen = selectors.expiring if value == "expiring" else selectors.expired
        return rows.filter(
            pk__in=chosen(selectors.list_credentials(self.request.user).order_by(), day).values("premises_id")
        )


class PremisesList(ListScreen):
    ability = "registry.view"
    title = gettext_lazy("经营场所")
    table_class = PremisesTable
    sorts_when_long = ("township",)
    filter_class = PremisesFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_premises(self.request.user)

    def more_context(self) -> dict[str, Any]:
        if not self.request.user.can("registry.edit"):
            return {}
        return {"actions": [(_("登记经营主体"), reverse("registry:operator_new"), "plus")]}


@needs("registry.view")
def page(request: Request, pk: int) -> HttpResponse:
    """Everything about one place."""
    premises = access.get_premises(request.user, pk)
    day = ledger.clock.today()
    may_edit = request.user.can("registry.edit", premises.division_code) and premises.merged_into is None
    facts = selectors.facts_on(premises, day)
    context = {
        "title": premises.name,
        "premises": premises,
        "place": people.division_path(premises.division_code),
        "may_edit": may_edit,
        "may_propose": request.user.can("registry.propose") and not may_edit and premises.merged_into is None,
        "may_see_personal": request.user.can("registry.personal", premises.division_code),
        "credentials": [
            (row, selectors.credential_status(row, day))
            for row in premises.credentials.order_by("-issued_on", "-pk")[:MOST_SHOWN]
        ],
        "staff": premises.staff.prefetch_related("certificates").order_by("left_on", "pk")[:MOST_SHOWN],
        "facts": [(a, facts.get(a.name), _shown(a, facts.get(a.name))) for a in attributes_for(premises.kind)],
        "sightings": premises.sightings.select_related("survey").order_by("-seen_on")[:MOST_SHOWN],
        "changes": premises.change_requests.select_related("asked_by").order_by("-pk")[:MOST_SHOWN],
        "merges": premises.merges.select_related("merged").order_by("-pk")[:MOST_SHOWN],
        "moments": _life(request.user, premises),
        "day": day,
    }
    return render(request, "registry/premises.html", context)


def _shown(attribute: Any, fact: Any) -> Any:
    if fact is None or fact.value == "":
        return ""
    return attribute.choices.get(fact.value, f"{fact.value} {attribute.unit}".strip())


def _life(user: Any, premises: Premises) -> list[Any]:
    tellers = list(contribute.timelines)
    moments = chain.from_iterable(tell(user, Premises._meta.label_lower, str(premises.pk)) for tell in tellers)
    return sorted(moments, key=lambda moment: moment.at, reverse=True)[: 2 * MOST_SHOWN]


@needs("registry.edit")
def new(request: Request, operator_pk: int) -> HttpResponse:
    operator: Operator = access.get_operator(request.user, operator_pk)
    form = PremisesForm(request.POST or None, user=request.user)
    made = None
    if request.method == "POST":
        made = saved(form, lambda: services.register_premises(operator=operator, by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("已登记，底册编号 %(number)s。") % {"number": made.number})
        return redirect("registry:premises", pk=made.pk)
    back = reverse("registry:operator", args=[operator.pk])
    return form_page(request, form, _("登记经营场所：%(name)s") % {"name": operator.name}, back)


@needs("registry.edit")
def edit(request: Request, pk: int) -> HttpResponse:
    premises = access.get_standing_premises(request.user, pk, "registry.edit")
    form = PremisesChangeForm(
        request.POST or None, instance=premises, user=request.user, initial={"effective_on": ledger.clock.today()}
    )
    back = reverse("registry:premises", args=[pk])
    if request.method == "POST" and saved(form, lambda: _change(form, premises, request.user)) is not None:
        messages.success(request, _("已保存。"))
        return redirect(back)
    return form_page(request, form, _("修改：%(name)s") % {"name": premises.name}, back)


def _change(form: PremisesChangeForm, premises: Premises, user: Any) -> Premises:
    changes = form.changed()
    if not changes:
        return premises
    day = form.cleaned_data["effective_on"]
    return services.change_premises(premises=premises, by=user, effective_on=day, **changes)


@needs("registry.edit")
def close(request: Request, pk: int) -> HttpResponse:
    premises = access.get_standing_premises(request.user, pk, "registry.edit")
    form = CloseForm(request.POST or None, initial={"closed_on": ledger.clock.today()})
    back = reverse("registry:premises", args=[pk])
    if (
        request.method == "POST"
        and saved(form, lambda: services.close_premises(premises=premises, by=request.user, **form.cleaned_data))
        is not None
    ):
        messages.success(request, _("已注销。如有误，可在本页“恢复在营”。"))
        return redirect(back)
    title = _("注销：%(name)s") % {"name": premises.name}
    return form_page(request, form, title, back, submit_label=_("注销"))


@needs("registry.edit")
def reopen(request: Request, pk: int) -> HttpResponse:
    premises = access.get_standing_premises(request.user, pk, "registry.edit")
    form = ReopenForm(request.POST or None, initial={"on": ledger.clock.today()})
    back = reverse("registry:premises", args=[pk])
    if (
        request.method == "POST"
        and saved(form, lambda: services.reopen_premises(premises=premises, by=request.user, **form.cleaned_data))
        is not None
    ):
        messages.success(request, _("已恢复在营。"))
        return redirect(back)
    title = _("恢复在营：%(name)s") % {"name": premises.name}
    return form_page(request, form, title, back, submit_label=_("恢复在营"))


@needs("registry.edit")
def record_fact(request: Request, pk: int, name: str) -> HttpResponse:
    premises = access.get_standing_premises(request.user, pk, "registry.edit")
    attribute = next((a for a in attributes_for(premises.kind) if a.name == name), None)
    if attribute is None:
        raise Http404
    form = FactForm(request.POST or None, attribute=attribute, initial={"valid_from": ledger.clock.today()})
    back = reverse("registry:premises", args=[pk])
    if (
        request.method == "POST"
        and saved(
            form, lambda: services.record_fact(premises=premises, name=name, by=request.user, **form.cleaned_data)
        )
        is not None
    ):
        messages.success(request, _("已登记。原来的值仍按日期保留。"))
        return redirect(back)
    return form_page(request, form, f"{attribute.label}：{premises.name}", back)
