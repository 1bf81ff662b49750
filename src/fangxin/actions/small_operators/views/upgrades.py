"""From the small paper to a full licence."""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.actions.small_operators import access, rules, selectors
from fangxin.actions.small_operators import forms as own_forms
from fangxin.actions.small_operators.models import Upgrade
from fangxin.actions.small_operators.services import upgrades
from fangxin.actions.small_operators.views.common import AreaFilter
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.acts import Act, act_on
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

TONES = {"preparing": "info", "applied": "warn", "licensed": "good", "given_up": "plain"}
KINDS = dict(registry.Premises.Kind.choices)
ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("apply", gettext_lazy("条件齐备，已申请许可"), "send",
            lambda u, by, _v: upgrades.apply_for_licence(upgrade=u, by=by)),
        Act("finish", gettext_lazy("已取得许可，办结"), "certificate",
            lambda u, by, _v: upgrades.finish_upgrade(upgrade=u, by=by),
            ask=gettext_lazy("办结后原登记证（卡）失效，底册类别随之改变。继续吗？")),
        Act("give_up", gettext_lazy("不再升级"), "circle-x", lambda u, by, _v: upgrades.give_up(upgrade=u, by=by),
            ask=gettext_lazy("以后可以重新准备。现在结束吗？")),
        Act("again", gettext_lazy("重新准备"), "rotate", lambda u, by, _v: upgrades.take_up_again(upgrade=u, by=by)),
    )
}  # fmt: skip


def allowed(user: Any, row: Upgrade) -> list[str]:
    if not user.can("small.supervise", row.division_code):
        return []
    return {
        "preparing": ["apply", "finish", "give_up"], "applied": ["finish", "give_up"], "given_up": ["again"],
    }.get(row.state, [])  # fmt: skip


class UpgradeTable(tables.Table):
    premises = tables.Column(
        accessor="premises__name", verbose_name=gettext_lazy("经营场所"), orderable=False,
        linkify=lambda record: record.get_absolute_url(),
    )  # fmt: skip
    township = TownshipColumn()

    class Meta:
        model = Upgrade
        fields = ("premises", "kind", "becomes", "township", "state", "note")
        order_by = ()

    def render_becomes(self, value: str) -> Any:
        return KINDS.get(value, value)

    def render_state(self, value: str, record: Upgrade) -> str:
        return badge(value, TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


class UpgradeFilter(AreaFilter):
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=Upgrade.State.choices)

    class Meta:
        model = Upgrade
        fields = ("township", "state")


class Upgrades(ListScreen):
    ability = "small.lists"
    title = gettext_lazy("升级许可")
    table_class = UpgradeTable
    filter_class = UpgradeFilter
    empty_text = gettext_lazy("还没有正在升级的。请从经营者页面开始。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_upgrades(self.request.user)


@needs("small.supervise")
def new(request: Request, pk: int) -> HttpResponse:
    premises = access.get_premises(request.user, pk, "small.supervise")
    path = rules.upgrade_path(premises.kind, ledger.clock.today())
    choices = [(kind, KINDS[kind]) for kind in path.becomes]
    form = own_forms.UpgradeForm(request.POST or None, choices=choices)
    made = None
    if request.method == "POST":
        made = saved(form, lambda: upgrades.begin_upgrade(premises=premises, by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("已开始。请逐项核对条件。"))
        return redirect(made)
    back = reverse("small_operators:subject", args=[pk])
    return form_page(request, form, _("升级许可：%(name)s") % {"name": premises.name}, back, submit_label=_("开始"))


@needs("small.view")
def page(request: Request, pk: int) -> HttpResponse:
    row = access.get_upgrade(request.user, pk)
    known = {item.code: item for item in row.items.all()}
    may = request.user.can("small.supervise", row.division_code)
    context = {
        "title": row.premises.name,
        "row": row,
        "tone": TONES[row.state],
        "becomes": KINDS.get(row.becomes, row.becomes),
        "place": people.division_path(row.division_code),
        "items": [(code, label, known.get(code)) for code, label in upgrades.conditions(row)],
        "lacking": upgrades.lacking(row),
        "may_check": may and row.state in upgrades.OPEN,
        "acts": [ACTS[name] for name in allowed(request.user, row)],
    }
    return render(request, "small_operators/upgrade.html", context)


@require_POST
@needs("small.supervise")
def check(request: Request, pk: int, code: str) -> HttpResponse:
    row = access.get_upgrade(request.user, pk, "small.supervise")
    try:
        upgrades.check_item(
            upgrade=row, code=code, met=request.POST.get("met") == "1", note=request.POST.get("note", "").replace("\0", ""),
            by=request.user,
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(row)


@needs("small.supervise")
def act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_upgrade(request.user, pk, "small.supervise")
    if name not in ACTS:
        raise Http404
    if request.method != "POST":
        return redirect(row)
    return act_on(request, row, ACTS, allowed(request.user, row), name)
