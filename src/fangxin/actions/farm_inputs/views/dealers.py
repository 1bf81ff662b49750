"""Dealers, their books, and the phone page on which a dealer keeps its own."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from fangxin.actions.farm_inputs import access_inputs as access
from fangxin.actions.farm_inputs import forms_inputs as own_forms
from fangxin.actions.farm_inputs import selectors_inputs as selectors
from fangxin.actions.farm_inputs.models import Dealer, LedgerLine
from fangxin.actions.farm_inputs.services import dealers, dealing
from fangxin.actions.farm_inputs.views.common import AreaFilter
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

SHOWN_LINES = 12


class DealerTable(tables.Table):
    name = tables.Column(linkify=True)
    township = TownshipColumn()
    licence_until = DayColumn()
    sale_point = tables.Column(accessor="pk", verbose_name=gettext_lazy("限制使用农药定点店"), orderable=False)

    class Meta:
        model = Dealer
        fields = ("name", "number", "deals", "township", "licence_no", "licence_until", "sale_point")
        order_by = ()

    def render_licence_until(self, value: Any, record: Dealer) -> Any:
        if record.closed_on is None and value < ledger.clock.today():
            return badge(_("%(day)s 已到期") % {"day": value}, "bad")
        return value.isoformat()

    def value_licence_until(self, value: Any) -> Any:
        return value

    def render_sale_point(self, record: Dealer) -> Any:
        return badge(_("定点店"), "info") if dealing.rules.is_sale_point(record, ledger.clock.today()) else "—"

    def value_sale_point(self, record: Dealer) -> Any:
        return _("是") if dealing.rules.is_sale_point(record, ledger.clock.today()) else _("否")


class DealerFilter(AreaFilter):
    text = django_filters.CharFilter(label=gettext_lazy("店名、编号、证号"), method="by_text", max_length=60)
    deals = django_filters.ChoiceFilter(label=gettext_lazy("经营"), choices=Dealer.Deals.choices)
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("情况"), method="by_state",
        choices=[
            ("open", gettext_lazy("在营")), ("expired", gettext_lazy("许可证已到期")),
            ("point", gettext_lazy("限制使用农药定点店")), ("silent", gettext_lazy("兽药一个月没有扫码")),
            ("closed", gettext_lazy("已停业")),
        ],
    )  # fmt: skip

    class Meta:
        model = Dealer
        fields = ("text", "township", "deals", "state")

    def by_text(self, rows: Any, _name: str, value: str) -> Any:
        text = value.strip()
        return rows.filter(Q(name__icontains=text) | Q(number=text) | Q(licence_no=text))

    def by_state(self, rows: Any, _name: str, value: str) -> Any:
        day, user = ledger.clock.today(), self.request.user
        if value == "expired":
            return rows.filter(pk__in=selectors.expired_dealers(user).order_by().values("pk"))
        if value == "silent":
            return rows.filter(pk__in=selectors.silent_dealers(user).order_by().values("pk"))
        if value == "point":
            until = Q(sale_point_until=None) | Q(sale_point_until__gte=day)
            return rows.filter(until, sale_point_from__lte=day)
        return rows.filter(closed_on__isnull=value == "open")


class Dealers(ListScreen):
    ability = "inputs.lists"
    title = gettext_lazy("农资店")
    table_class = DealerTable
    filter_class = DealerFilter
    empty_text = gettext_lazy("还没有农资店。请先登记。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_dealers(self.request.user, "inputs.lists")

    def more_context(self) -> dict[str, Any]:
        actions = [
            (_("进销台账"), reverse("farm_inputs:lines"), "list"),
            (_("拒绝售出"), reverse("farm_inputs:refused"), "ban"),
            (_("农资问题"), reverse("farm_inputs:input_findings"), "alert-triangle"),
            (_("兽药扫码"), reverse("farm_inputs:scans"), "qrcode"),
        ]
        if self.request.user.can("inputs.dealers"):
            actions.insert(0, (_("登记农资店"), reverse("farm_inputs:dealer_new"), "plus"))
        return {"actions": actions}


def may_keep_book(user: Any, dealer: Dealer) -> bool:
    """The dealer itself; and where it hands in paper, the township or the department for it."""
    if dealer.operator.agency_id is not None and dealer.operator.agency_id in user.own_agencies("inputs.own"):
        return True
    return bool(user.prefixes("inputs.record")) and user.can("inputs.record", dealer.division_code)


def to_keep(user: Any, pk: int) -> Dealer:
    dealer = access.get_dealer(user, pk)
    if not may_keep_book(user, dealer):
        raise Http404
    return dealer


@needs("inputs.view")
def page(request: Request, pk: int) -> HttpResponse:
    user, day = request.user, ledger.clock.today()
    dealer = access.get_dealer(user, pk)
    lines = (
        selectors.list_lines(user)
        .filter(dealer=dealer)
        .select_related("taken_back_by", "farm__premises")
        .order_by("-on", "-pk")
    )
    context = {
        "title": dealer.name,
        "dealer": dealer,
        "place": people.division_path(dealer.division_code),
        "expired": dealer.licence_until is not None and dealer.licence_until < day,
        "sale_point": dealing.rules.is_sale_point(dealer, day),
        "stock": [(row, dealing.rules.base_unit(row.product)) for row in selectors.stock_of(dealer)],
        "lines": lines[:SHOWN_LINES],
        "findings": selectors.list_findings(user).filter(dealer=dealer)[:SHOWN_LINES],
        "sheets": selectors.list_sheets(user).filter(dealer=dealer)[:5],
        "may_keep": may_keep_book(user, dealer) and dealer.closed_on is None,
        "may_change": user.can("inputs.dealers", dealer.division_code),
        "may_reveal": user.can("inputs.personal", dealer.division_code),
        "sees_lists": user.can("inputs.lists"),
    }
    return render(request, "farm_inputs/dealer.html", context)


@needs("inputs.own")
def my_shop(request: Request) -> HttpResponse:
    """A dealer's own page on the phone; with one shop it is that shop's."""
    shops = list(selectors.list_dealers(request.user, "inputs.own").filter(closed_on=None))
    if len(shops) == 1:
        return redirect(shops[0])
    return render(request, "farm_inputs/my_shops.html", {"title": _("我的农资店"), "shops": shops})


@needs("inputs.dealers")
def new(request: Request) -> HttpResponse:
    form = own_forms.DealerForm(request.POST or None, user=request.user)
    made = saved(form, lambda: _register(form, request.user)) if request.method == "POST" else None
    if made is not None:
        messages.success(request, _("已登记。"))
        return redirect(made)
    return form_page(request, form, _("登记农资店"), reverse("farm_inputs:dealers"))


def _register(form: own_forms.DealerForm, by: Any) -> Dealer:
    values = dict(form.cleaned_data)
    uscc, name = values.pop("uscc"), values.pop("operator_name")
    operator = registry.Operator.objects.filter(uscc=uscc).first() or registry.register_operator(
        name=name, kind="self_employed", division_code=values["division_code"], uscc=uscc, by=by
    )
    return dealers.add_dealer(operator=operator, by=by, **values)


@needs("inputs.dealers")
def edit(request: Request, pk: int) -> HttpResponse:
    dealer = access.get_dealer(request.user, pk, "inputs.dealers")
    form = own_forms.DealerForm(request.POST or None, instance=dealer, user=request.user)
    if request.method == "POST":
        changed = saved(form, lambda: dealers.change_dealer(dealer=dealer, by=request.user, **form.cleaned_data))
        if changed is not None:
            messages.success(request, _("已保存。"))
            return redirect(dealer)
    return form_page(request, form, _("修改：%(name)s") % {"name": dealer.name}, dealer.get_absolute_url())


@needs("inputs.dealers")
def close(request: Request, pk: int) -> HttpResponse:
    dealer = access.get_dealer(request.user, pk, "inputs.dealers")
    form = own_forms.CloseForm(posted(request)[0])
    closed = None
    if request.method == "POST":
        closed = saved(form, lambda: dealers.close_dealer(dealer=dealer, by=request.user, **form.cleaned_data))
    if closed is not None:
        messages.success(request, _("已登记停业。"))
        return redirect(dealer)
    title = _("登记停业：%(name)s") % {"name": dealer.name}
    return form_page(request, form, title, dealer.get_absolute_url(), submit_label=_("登记停业"))


# --- the book ---------------------------------------------------------------------------------------------------------

TITLES = {
    "purchase": gettext_lazy("记购进"),
    "sale": gettext_lazy("记售出"),
    "return": gettext_lazy("记顾客退货"),
    "loss": gettext_lazy("记报损、退供货商"),
}


@needs("inputs.view")
def enter(request: Request, pk: int, kind: str) -> HttpResponse:
    if kind not in TITLES:
        raise Http404
    dealer = to_keep(request.user, pk)
    form = own_forms.EntryForm(request.POST or None, dealer=dealer, kind=kind)
    if request.method == "POST":
        outcome = saved(form, lambda: dealing.enter(dealer=dealer, entry=form.entry(), by=request.user))
        if outcome is not None and outcome.line is not None:
            messages.success(request, _("已记账，现有库存 %(stock)s %(unit)s。") % _stock_words(dealer, outcome.line))
            for problem in outcome.problems:
                messages.warning(request, problem.said)
            return redirect(dealer)
        if outcome is not None:
            for problem in outcome.problems:
                form.add_error(None, problem.said)
    return form_page(request, form, f"{TITLES[kind]}：{dealer.name}", dealer.get_absolute_url(), submit_label=_("记账"))


def _stock_words(dealer: Dealer, line: LedgerLine) -> dict[str, str]:
    stock = dealing.plain(dealing.stock_of(dealer, line.product))
    return {"stock": stock, "unit": dealing.rules.base_unit(line.product)}


@needs("inputs.view")
def take_back(request: Request, pk: int) -> HttpResponse:
    line = access.get_line(request.user, pk)
    dealer = to_keep(request.user, line.dealer_id)
    form = own_forms.WhyForm(request.POST or None)
    if request.method == "POST":
        done = saved(form, lambda: dealing.take_back(line=line, why=form.cleaned_data["why"], by=request.user))
        if done is not None:
            messages.success(request, _("已撤回，原来的一笔仍可查到。"))
            return redirect(dealer)
    return form_page(
        request, form, _("撤回：%(line)s") % {"line": line}, dealer.get_absolute_url(), submit_label=_("撤回这一笔")
    )


@needs("inputs.personal")
@never_cache
def buyer(request: Request, pk: int) -> HttpResponse:
    """Who bought, shown once to somebody who says what for."""
    line = access.get_line(request.user, pk)
    if not request.user.can("inputs.personal", line.division_code):
        raise PermissionDenied(_("您的岗位不能查看这个地方的购买人。"))
    form = own_forms.PurposeForm(request.POST or None)
    title = _("查看购买人：%(line)s") % {"line": line}
    if request.method == "POST" and saved(form, lambda: _tell_view(line, form, request.user)) is not None:
        names = ("buyer_name", "buyer_identity", "buyer_phone")
        values = [(LedgerLine._meta.get_field(name).verbose_name, getattr(line, name)) for name in names]
        context = {"title": title, "values": values, "back_url": line.dealer.get_absolute_url()}
        return render(request, "farm_inputs/buyer.html", context)
    intro = _("查看会记入留痕：谁、何时、看了谁的信息、为了什么。内容只显示这一次。")
    return form_page(request, form, title, line.dealer.get_absolute_url(), intro=intro, submit_label=_("查看"))


def _tell_view(line: LedgerLine, form: own_forms.PurposeForm, user: Any) -> bool:
    people.record_personal_view(of=line, what="buyer", purpose=form.cleaned_data["purpose"], by=user)
    return True
