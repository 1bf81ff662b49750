"""Markets: the list, the archive of one, its stalls and holders, board, grade."""

from datetime import timedelta
from typing import Any

import django_filters
import django_tables2 as tables
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.produce_markets import access, rules, selectors, standards
from fangxin.actions.produce_markets import forms as own_forms
from fangxin.actions.produce_markets.models import HolderPaper, Market, Stall, Tenancy
from fangxin.actions.produce_markets.services import archive, checks, grading
from fangxin.actions.produce_markets.views.common import GRADE_TONES, AreaFilter, market_to_run, one_form
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import Refused
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, posted, saved
from fangxin.kernel.screens.permission import needs

MOST_STALLS = 400
LATELY = 30


class MarketTable(tables.Table):
    name = tables.Column(
        accessor="premises__name", verbose_name=gettext_lazy("市场"), linkify=lambda record: record.get_absolute_url()
    )
    township = TownshipColumn()
    reported_on = DayColumn()

    class Meta:
        model = Market
        fields = ("name", "kind", "township", "room", "testers", "reported_on")
        order_by = ()


class MarketFilter(AreaFilter):
    text = django_filters.CharFilter(
        label=gettext_lazy("市场名称"), field_name="premises__name", lookup_expr="icontains", max_length=60
    )
    kind = django_filters.ChoiceFilter(label=gettext_lazy("类型"), choices=Market.Kind.choices)
    room = django_filters.ChoiceFilter(label=gettext_lazy("快检能力"), choices=Market.Room.choices)
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("情况"), method="by_state", choices=[("ungraded", gettext_lazy("今年未评风险等级"))]
    )

    class Meta:
        model = Market
        fields = ("text", "kind", "room", "when", "township")

    def by_state(self, rows: "QuerySet[Any]", _name: str, _value: str) -> "QuerySet[Any]":
        return selectors.ungraded(rows, ledger.clock.today())


class Markets(ListScreen):
    ability = "market.lists"
    title = gettext_lazy("市场档案")
    table_class = MarketTable
    filter_class = MarketFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_markets(self.request.user).order_by("division_code", "premises__name", "pk")

    def more_context(self) -> dict[str, Any]:
        if not self.request.user.can("market.work"):
            return {}
        return {"actions": [(_("建市场档案"), reverse("produce_markets:market_new"), "plus")]}


@needs("market.work")
def market_new(request: Request) -> HttpResponse:
    form = own_forms.NewMarketForm(posted(request)[0])
    waiting = list(selectors.unfiled(request.user, "market.work").values_list("number", "name")[:20])
    intro = (
        _("底册中还没有建档的：%(what)s") % {"what": "、".join(f"{name}（{n}）" for n, name in waiting)}
        if waiting
        else ""
    )
    made: Market | None = None
    if request.method == "POST":
        made = saved(form, lambda: _open(form, request.user))
    if made is not None:
        return redirect(made)
    back = reverse("produce_markets:markets")
    return render(
        request, "screens/form.html", {"form": form, "title": _("建市场档案"), "back_url": back, "intro": intro}
    )


def _open(form: own_forms.NewMarketForm, user: Any) -> Market:
    values = dict(form.cleaned_data)
    rows = people.within(registry.list_premises(user), user, "market.work")
    premises = rows.filter(number=values.pop("number").strip()).first()
    if premises is None:
        raise Refused({"number": _("没有找到这个编号的场所，请核对。")})
    return archive.open_market(premises=premises, by=user, **values)


@needs("market.view")
def market_page(request: Request, pk: int) -> HttpResponse:
    user, today = request.user, ledger.clock.today()
    market = access.get_market(user, pk)
    stalls = list(Stall.objects.filter(market=market).order_by("code")[:MOST_STALLS])
    held = {t.stall_id: t for t in Tenancy.objects.filter(stall__in=stalls, ended_on=None).select_related("operator")}
    whole = set(
        selectors.complete_files(Tenancy.objects.filter(pk__in=[t.pk for t in held.values()]), today).values_list(
            "pk", flat=True
        )
    )
    grade = fieldwork.grade_of(market.premises, selectors.RISK, today)
    context = {
        "title": market.premises.name,
        "market": market,
        "place": people.division_path(market.division_code),
        "stalls": [(stall, held.get(stall.pk), stall.pk in held and held[stall.pk].pk in whole) for stall in stalls],
        "whole": len(whole),
        "held": len(held),
        "board": selectors.board_of(market, today),
        "sheets": market.grade_sheets.select_related("grade").order_by("-year", "-pk")[:4],
        "grade": grade,
        "grade_tones": GRADE_TONES,
        "projects": market.projects.order_by("-starts_on", "-pk")[:6],
        "files": market.data_files.order_by("-uploaded_at", "-pk")[:6],
        "joined": selectors.joined(market, today - timedelta(days=LATELY), today),
        "per_day": selectors.tests_per_day(market, today),
        "may_run": access.may_run(user, market),
        "may_grade": user.can("market.grade", market.division_code),
        "may_plan": user.can("market.projects", market.division_code),
    }
    return render(request, "produce_markets/market.html", context)


@needs("market.view")
def market_edit(request: Request, pk: int) -> HttpResponse:
    market = market_to_run(request.user, pk)
    form = own_forms.MarketForm(posted(request)[0], instance=market)
    fresh = access.get_market(request.user, pk)
    return one_form(
        request, form, lambda: archive.change_market(market=fresh, by=request.user, **form.cleaned_data),
        title=_("修改档案：%(name)s") % {"name": market}, back=market.get_absolute_url(), done=_("已保存。"),
    )  # fmt: skip


@needs("market.view")
def stall_new(request: Request, pk: int) -> HttpResponse:
    market = market_to_run(request.user, pk)
    form = own_forms.StallForm(posted(request)[0])
    return one_form(
        request, form, lambda: archive.add_stall(market=market, by=request.user, **form.cleaned_data),
        title=_("登记摊位：%(name)s") % {"name": market}, back=market.get_absolute_url(),
    )  # fmt: skip


@needs("market.view")
def publish(request: Request, pk: int) -> HttpResponse:
    market = market_to_run(request.user, pk)
    form = own_forms.PublishForm(*posted(request), initial={"item": request.GET.get("item", "")[:30]})
    return one_form(
        request, form, lambda: archive.publish(market=market, by=request.user, **form.cleaned_data),
        title=_("更新公示：%(name)s") % {"name": market}, back=market.get_absolute_url(),
    )  # fmt: skip


@needs("market.grade")
def grade(request: Request, pk: int) -> HttpResponse:
    """Counted points are shown before; the assessor enters the rest."""
    market = access.get_market(request.user, pk)
    if not request.user.can("market.grade", market.division_code):
        raise PermissionDenied(_("这个市场不在您的管辖范围。"))
    form = own_forms.GradeForm(posted(request)[0])
    today = ledger.clock.today()
    known = selectors.dynamic_counts(market, today)
    counted = [rules.score_factor(f, *known[f.code]) for f in standards.dynamic_factors(today)[1] if not f.typed]
    if request.method == "POST":
        made = saved(form, lambda: grading.score(market=market, by=request.user, **form.values()))
        if made is not None:
            return redirect(market)
    context = {
        "title": _("评风险等级：%(name)s") % {"name": market}, "form": form, "market": market, "counted": counted,
        "back_url": market.get_absolute_url(),
    }  # fmt: skip
    return render(request, "produce_markets/grade.html", context)


# --- stalls and holders -------------------------------------------------------------------------------------------------


@needs("market.view")
def stall_page(request: Request, pk: int) -> HttpResponse:
    user = request.user
    stall = access.get_stall(user, pk)
    seen = selectors.list_tenancies(user).filter(stall=stall)
    tenancies = list(seen.prefetch_related("papers__file").order_by("-starts_on", "-pk")[:20])
    entries = list(selectors.list_entries(user).filter(stall=stall).order_by("-arrived_at", "-pk")[:30])
    context = {
        "title": f"{stall.market.premises.name} {stall}",
        "stall": stall,
        "tenancies": tenancies,
        "entries": entries,
        "asked": stall.proof_checks.order_by("-checked_on", "-pk")[:10],
        "may_run": access.may_run(user, stall.market),
        "may_ask": user.can("market.supervise", stall.market.division_code),
        "own": {t.pk for t in tenancies if t.operator.agency_id in user.own_agencies("market.own")},
        "today": ledger.clock.today(),
    }
    return render(request, "produce_markets/stall.html", context)


def _stall_to_run(user: Any, pk: int) -> Stall:
    stall = access.get_stall(user, pk)
    market_to_run(user, stall.market_id)
    return stall


@needs("market.view")
def holder_new(request: Request, pk: int) -> HttpResponse:
    stall = _stall_to_run(request.user, pk)
    form = own_forms.HolderForm(posted(request)[0], user=request.user)
    return one_form(
        request, form, lambda: _admit(stall, dict(form.cleaned_data), request.user),
        title=_("销售者入场：%(stall)s") % {"stall": stall}, back=stall.get_absolute_url(),
    )  # fmt: skip


def _admit(stall: Stall, values: dict[str, Any], user: Any) -> Tenancy:
    name = values.pop("name", "").strip()
    place = values["premises"]
    operator = place.operator if place is not None else registry.register_operator(
        name=name, kind=registry.Operator.Kind.INDIVIDUAL,
        division_code=stall.market.division_code, by=user,
    )  # fmt: skip
    return archive.admit_holder(stall=stall, operator=operator, by=user, **values)


@needs("market.view")
def holder_end(request: Request, pk: int) -> HttpResponse:
    tenancy = access.get_tenancy(request.user, pk)
    market_to_run(request.user, tenancy.stall.market_id)
    form = own_forms.LeaveForm(posted(request)[0])
    return one_form(
        request, form, lambda: archive.end_tenancy(tenancy=tenancy, by=request.user, **form.cleaned_data),
        title=_("退场：%(who)s") % {"who": tenancy}, back=tenancy.get_absolute_url(),
    )  # fmt: skip


@needs("market.view")
def paper_new(request: Request, pk: int) -> HttpResponse:
    """The market, or the holder for the own papers."""
    tenancy = access.get_tenancy(request.user, pk)
    own = tenancy.operator.agency_id in request.user.own_agencies("market.own")
    if not own:
        market_to_run(request.user, tenancy.stall.market_id)
    form = own_forms.PaperForm(*posted(request))
    return one_form(
        request, form, lambda: archive.add_paper(tenancy=tenancy, by=request.user, **form.cleaned_data),
        title=_("上传入场材料：%(who)s") % {"who": tenancy},
        back=reverse("produce_markets:mine") if own else tenancy.get_absolute_url(),
        intro=_("需要：%(what)s") % {"what": "、".join(str(label) for _code, label in HolderPaper.Kind.choices)},
    )  # fmt: skip


@needs("market.supervise")
def ask_stall(request: Request, pk: int) -> HttpResponse:
    stall = access.get_stall(request.user, pk)
    if not request.user.can("market.supervise", stall.market.division_code):
        raise PermissionDenied(_("这个市场不在您的管辖范围。"))
    form = own_forms.AskStallForm(posted(request)[0])
    return one_form(
        request, form, lambda: checks.ask_stall(stall=stall, by=request.user, **form.cleaned_data),
        title=_("抽查索证：%(stall)s") % {"stall": f"{stall.market} {stall}"}, back=stall.get_absolute_url(),
    )  # fmt: skip
