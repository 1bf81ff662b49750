from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import access, selectors, services
from fangxin.kernel.registry.forms import ChangeRequestForm, DecisionForm
from fangxin.kernel.registry.models import ChangeRequest, Premises
from fangxin.kernel.registry.offers import shown_value
from fangxin.kernel.registry.rules import column
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import masked


class ChangeTable(tables.Table):
    premises = tables.Column(
        accessor="premises__name",
        verbose_name=gettext_lazy("经营场所"),
        orderable=False,
        linkify=lambda record: reverse("registry:change", args=[record.pk]),
    )
    township = TownshipColumn()

    class Meta:
        model = ChangeRequest
        fields = ("premises", "township", "reason", "state", "asked_at", "asked_by", "decided_at", "decided_by")


class ChangeFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=ChangeRequest.State.choices)

    class Meta:
        model = ChangeRequest
        fields = ["state"]


class Changes(ListScreen):
    ability = "registry.propose"
    title = gettext_lazy("变更申请")
    table_class = ChangeTable
    filter_class = ChangeFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_change_requests(self.request.user)


@needs("registry.propose")
def ask(request: Request, premises_pk: int) -> HttpResponse:
    premises = access.get_standing_premises(request.user, premises_pk, "registry.propose")
    form = ChangeRequestForm(
        request.POST or None, instance=premises, user=request.user, initial={"effective_on": ledger.clock.today()}
    )
    made = None
    if request.method == "POST":
        made = saved(form, lambda: _ask(form, premises, request.user))
    if made is not None:
        messages.success(request, _("申请已提交，由底册维护人员审核。"))
        return redirect("registry:change", pk=made.pk)
    back = reverse("registry:premises", args=[premises.pk])
    title = _("申请变更：%(name)s") % {"name": premises.name}
    return form_page(request, form, title, back, submit_label=_("提交申请"))


def _ask(form: ChangeRequestForm, premises: Premises, user: Any) -> ChangeRequest:
    return services.request_change(
        premises=Premises.objects.get(pk=premises.pk),
        changes=form.changed(),
        reason=form.cleaned_data["reason"],
        effective_on=form.cleaned_data["effective_on"],
        by=user,
    )


@needs("registry.propose")
def page(request: Request, pk: int) -> HttpResponse:
    asked = access.get_change_request(request.user, pk)
    is_open = asked.state == ChangeRequest.State.OPEN
    mine = asked.asked_by_id == request.user.pk
    context = {
        "title": _("变更申请：%(name)s") % {"name": asked.premises.name},
        "asked": asked,
        "rows": [_row(field, *values) for field, values in asked.changes.items()],
        "form": DecisionForm(),
        "may_decide": is_open and not mine and request.user.can("registry.edit", asked.division_code),
        "may_withdraw": is_open and mine,
    }
    return render(request, "registry/change.html", context)


def _row(field: str, old: str | None, new: str | None) -> tuple[Any, str, str]:
    label = column(Premises, field).verbose_name
    if field == "phone":
        return label, masked(old or ""), masked(new or "")
    if field == "division_code":
        return label, people.division_path(old or ""), people.division_path(new or "")
    return label, shown_value(field, old), shown_value(field, new)


@needs("registry.edit")
@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    asked = access.get_change_request(request.user, pk)
    access.get_premises(request.user, asked.premises_id, "registry.edit")
    form = DecisionForm(request.POST)
    accept = request.POST.get("decision") == "accept"
    if saved(form, lambda: _decide(asked, accept, form, request.user)) is not None:
        messages.success(request, _("已采纳，底册已更新。") if accept else _("已退回，提出人可看到理由。"))
    else:
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
    return redirect("registry:change", pk=pk)


def _decide(asked: ChangeRequest, accept: bool, form: DecisionForm, user: Any) -> ChangeRequest:
    return services.decide_change(request=asked, accept=accept, note=form.cleaned_data["note"], by=user)


@needs("registry.propose")
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    asked = access.get_change_request(request.user, pk)
    try:
        services.withdraw_change(request=asked, by=request.user)
        messages.success(request, _("申请已撤回。"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("registry:change", pk=pk)
