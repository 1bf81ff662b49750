"""Traders: who brings imported food in or sells it, and what customs decided."""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.imported_food import access, describing, rules, selectors
from fangxin.actions.imported_food import forms as own_forms
from fangxin.actions.imported_food.models import Trader
from fangxin.actions.imported_food.services import traders
from fangxin.actions.imported_food.views.common import BANDS, AreaFilter, with_evidence
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on, acts_by_name, plain
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs

MOST_SHOWN = 60


def _change_form(request: Any, row: Trader, _user: Any) -> Any:
    return own_forms.TraderChangeForm(
        posted(request)[0], initial={"role": row.role, "filing_number": row.filing_number}
    )


def _record_credit(row: Trader, by: Any, values: Mapping[str, Any]) -> Any:
    scheme, _colon, grade = values["grade"].partition(":")
    return traders.record_credit(trader=row, by=by, **{**with_evidence(values, by), "scheme": scheme, "grade": grade})


ACTS = acts_by_name(
    Act("credit", gettext_lazy("录入海关信用等级"), "certificate", _record_credit, plain(own_forms.CreditForm),
        intro=gettext_lazy("平台只记录海关的认定，不自己评定。等级体系更换后，须等海关认定再录入新等级。")),
    Act("coaching", gettext_lazy("更新信用培育"), "trending-up",
        lambda row, by, v: traders.change_coaching(trader=row, by=by, **v),
        lambda request, row, _user: own_forms.CoachingForm(posted(request)[0], trader=row)),
    Act("change", gettext_lazy("修改登记"), "edit", lambda row, by, v: traders.change_trader(trader=row, by=by, **v), _change_form),
)  # fmt: skip


def allowed(user: Any, row: Trader) -> list[str]:
    if not (user.prefixes("import.supervise") and user.can("import.supervise", row.division_code)):
        return []
    return [name for name in ACTS if name != "coaching" or traders.next_coaching(row)]


class TraderTable(tables.Table):
    trader = tables.Column(
        verbose_name=gettext_lazy("经营者"), accessor="premises__name", linkify=lambda record: record.get_absolute_url()
    )
    township = TownshipColumn()
    credit = tables.Column(verbose_name=gettext_lazy("海关信用"), empty_values=(), orderable=False)
    held = tables.Column(verbose_name=gettext_lazy("在店批次"), attrs={"td": {"class": "number"}})
    high = tables.Column(verbose_name=gettext_lazy("高关注"), attrs={"td": {"class": "number"}})

    class Meta:
        model = Trader
        fields = ("trader", "role", "township", "filing_number", "credit", "coaching", "held", "high")
        order_by = ()

    def render_credit(self, record: Trader) -> str:
        return describing.credit(rules.credit_of(list(record.credit_records.all()), ledger.clock.today()))[0]


class TraderFilter(AreaFilter):
    text = django_filters.CharFilter(label=gettext_lazy("名称"), method="by_text", max_length=100)

    class Meta:
        model = Trader
        fields = ("text", "township", "role", "coaching")

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(premises__name__icontains=value.strip())


class Traders(ListScreen):
    ability = "import.lists"
    title = gettext_lazy("进口食品经营者")
    table_class = TraderTable
    filter_class = TraderFilter

    def rows(self) -> "QuerySet[Any]":
        held = Q(consignments__state__in=selectors.HELD)
        rows = selectors.list_traders(self.request.user, "import.lists").prefetch_related("credit_records")
        return rows.annotate(
            held=Count("consignments", filter=held),
            high=Count("consignments", filter=held & Q(consignments__band="high")),
        )

    def more_context(self) -> dict[str, Any]:
        if not self.request.user.can("import.supervise"):
            return {}
        return {"actions": [(_("登记经营者"), reverse("imported_food:trader_new"), "plus")]}


@needs("import.supervise")
def new(request: Request) -> HttpResponse:
    form = own_forms.TraderForm(posted(request)[0], user=request.user)

    def write() -> Trader:
        values = {name: value for name, value in form.cleaned_data.items() if name != "number"}
        return traders.register_trader(premises=form.premises, by=request.user, **values)

    if request.method == "POST" and (made := saved(form, write)) is not None:
        messages.success(request, _("已列入进口食品经营者名单。"))
        return redirect(made)
    return form_page(request, form, _("登记进口食品经营者"), reverse("imported_food:traders"))


@needs("import.view")
def page(request: Request, pk: int) -> HttpResponse:
    row = access.get_trader(request.user, pk)
    records = list(row.credit_records.all())
    lots = selectors.list_consignments(request.user).filter(trader=row).order_by("-lot__began_on", "-pk")
    context = {
        "title": str(row),
        "row": row,
        "place": people.division_path(row.division_code),
        "credit": describing.credit(rules.credit_of(records, ledger.clock.today())),
        "records": [(r, rules.scheme_name(r.scheme), rules.grade_name(r.scheme, r.grade)) for r in records],
        "lots": [(lot, BANDS[lot.band]) for lot in lots[:MOST_SHOWN]],
        "acts": [ACTS[name] for name in allowed(request.user, row)],
        "may_record": access.may_record(request.user, row),
    }
    return render(request, "imported_food/trader.html", context)


@needs("import.supervise")
def act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_trader(request.user, pk, "import.supervise")
    return act_on(request, row, ACTS, allowed(request.user, row), name)
