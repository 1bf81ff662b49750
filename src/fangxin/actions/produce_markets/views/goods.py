"""Goods: the list of entries, the gate, one entry with what can be done; withdrawals."""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.actions.produce_markets import access, selectors
from fangxin.actions.produce_markets import forms as own_forms
from fangxin.actions.produce_markets.models import Entry, Goods, Proof, Withdrawal
from fangxin.actions.produce_markets.services import entries, rapid, withdrawals
from fangxin.actions.produce_markets.views.common import STATE_TONES, AreaFilter, market_to_run
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on, plain
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

ONE_LINE = {"td": {"class": "text-nowrap"}}


class EntryTable(tables.Table):
    number = tables.Column(linkify=True, attrs=ONE_LINE)
    arrived_at = tables.DateTimeColumn(format="Y-m-d H:i", attrs=ONE_LINE)
    market = tables.Column(accessor="market__premises__name", verbose_name=gettext_lazy("市场"))
    stall = tables.Column(accessor="stall__code", verbose_name=gettext_lazy("摊位"), default="—")
    quantity = tables.Column(attrs={"td": {"class": "number"}})
    proofs = tables.Column(orderable=False)

    class Meta:
        model = Entry
        fields = ("number", "arrived_at", "market", "stall", "food", "quantity", "supplier", "proofs", "state")
        order_by = ()

    def render_quantity(self, record: Entry) -> str:
        return f"{record.quantity.normalize():f} {record.get_unit_display()}"

    def value_quantity(self, record: Entry) -> Any:
        return record.quantity

    def render_proofs(self, value: Any) -> str:
        return self.value_proofs(value)

    def value_proofs(self, value: Any) -> str:
        labels = dict(Proof.choices)
        return "、".join(str(labels.get(kind, kind)) for kind in value or {}) or _("没有")

    def render_state(self, record: Entry) -> Any:
        return badge(record.get_state_display(), STATE_TONES[record.state])

    def value_state(self, record: Entry) -> Any:
        return record.get_state_display()


class EntryFilter(AreaFilter):
    text = django_filters.CharFilter(label=gettext_lazy("编号、品名、车牌、供货者"), method="by_text", max_length=60)
    goods = django_filters.ChoiceFilter(label=gettext_lazy("品种"), choices=Goods.choices)
    state = django_filters.ChoiceFilter(label=gettext_lazy("结果"), choices=Entry.State.choices)
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("情况"), method="by_when",
        choices=[("open", gettext_lazy("待查验")), ("no_proof", gettext_lazy("无凭证、无检测在售")), ("today", gettext_lazy("今天到场"))],
    )  # fmt: skip

    class Meta:
        model = Entry
        fields = ("text", "goods", "state", "when", "township")

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        text = value.strip()
        named = Q(food__icontains=text) | Q(supplier__icontains=text)
        return rows.filter(Q(number__startswith=text) | Q(vehicle__startswith=text.upper()) | named)

    def by_when(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        if value == "open":
            return selectors.open_entries(rows)
        if value == "no_proof":
            return selectors.without_proof(rows)
        return rows.filter(arrived_at__gte=selectors.start_of(ledger.clock.today()))


class Entries(ListScreen):
    ability = "market.view"
    title = gettext_lazy("货物入场")
    table_class = EntryTable
    filter_class = EntryFilter
    sorts_when_long = ("arrived_at",)

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_entries(self.request.user).order_by("-arrived_at", "-pk")


@needs("market.view")
def entry_new(request: Request, pk: int) -> HttpResponse:
    """The gate: what came, by what; the answer stands on the next page."""
    market = market_to_run(request.user, pk)
    form = own_forms.EntryForm(*posted(request), market=market)
    if request.method == "POST":
        made = saved(form, lambda: entries.record_entry(market=market, by=request.user, **form.values()))
        if made is not None:
            messages.info(request, made.reasons[-1]["text"])
            return redirect(made)
    return form_page(
        request, form, _("入场查验：%(name)s") % {"name": market}, reverse("produce_markets:day", args=[pk]),
        submit_label=_("登记并判定"), intro=_("看到哪种凭证就填哪种的编号；没有的不填。"),
    )  # fmt: skip


def _sell(entry: Entry, by: Any, values: Mapping[str, Any]) -> Any:
    return entries.sell(entry=entry, by=by, **values)


def _dispose(entry: Entry, by: Any, values: Mapping[str, Any]) -> Any:
    return withdrawals.finish(row=entry.withdrawal, by=by, **values)


def _test(entry: Entry, by: Any, values: Mapping[str, Any]) -> Any:
    return rapid.record_test(
        market=entry.market, entry=entry, by=by, **{**values, "stall": values["stall"] or entry.stall}
    )


def _test_form(request: Any, entry: Entry, _user: Any) -> Any:
    return own_forms.TestForm(
        posted(request)[0], market=entry.market, initial={"food": entry.food, "stall": str(entry.stall_id or "")}
    )


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("check", gettext_lazy("查验"), "eye-check",
            lambda e, by, v: entries.check(entry=e, by=by, **v), plain(own_forms.CheckForm)),
        Act("test", gettext_lazy("快检"), "test-pipe", _test, _test_form),
        Act("proof", gettext_lazy("补凭证"), "file-plus",
            lambda e, by, v: entries.add_proof(entry=e, by=by, **v), plain(own_forms.ProofForm)),
        Act("sell", gettext_lazy("记去向"), "shopping-cart", _sell, plain(own_forms.SellForm)),
        Act("withdraw", gettext_lazy("停止销售、退市"), "package-off",
            lambda e, by, v: withdrawals.order(entry=e, by=by, **v), plain(own_forms.WithdrawForm),
            intro=gettext_lazy("登记后立即停止销售，并在时限内处置完毕。")),
        Act("dispose", gettext_lazy("登记处置"), "trash", _dispose, plain(own_forms.DisposeForm)),
        Act("undo", gettext_lazy("撤销登记"), "arrow-back-up",
            lambda e, by, v: entries.undo(entry=e, by=by, **v), plain(own_forms.WhyForm)),
    )
}  # fmt: skip


def allowed(user: Any, entry: Entry) -> list[str]:
    runs, trades = access.may_run(user, entry.market), access.may_trade(user, entry)
    found = []
    live = entry.state in (Entry.State.ADMITTED, Entry.State.ISOLATED)
    if runs and live:
        found += ["check"] if entry.checked_at is None else []
        found += ["test"]
    if trades and entry.state == Entry.State.ISOLATED:
        found.append("proof")
    if trades and entry.state == Entry.State.ADMITTED:
        found.append("sell")
    if runs and live:
        found.append("withdraw")
    if runs and entry.state == Entry.State.WITHDRAWN and entry.withdrawal.done_at is None:
        found.append("dispose")
    if trades and entry.state not in (Entry.State.WITHDRAWN, Entry.State.UNDONE) and not entry.gone:
        found.append("undo")
    return found


@needs("market.view")
def entry_page(request: Request, pk: int) -> HttpResponse:
    entry = access.get_entry(request.user, pk)
    lines = list(entry.outgoings.select_related("takes_back").order_by("-at", "-pk")[:50])
    undone = {line.takes_back_id for line in lines if line.takes_back_id}
    labels = dict(Proof.choices)
    context = {
        "title": str(entry),
        "entry": entry,
        "tone": STATE_TONES[entry.state],
        "proofs": [(labels.get(kind, kind), number) for kind, number in entry.proofs.items()],
        "left": entries.left_of([entry])[entry.pk],
        "lines": [(line, line.takes_back_id is None and line.pk not in undone) for line in lines],
        "tests": entry.room_tests.select_related("rapid_test").order_by("-pk"),
        "hauls": entry.hauls.order_by("-pk")[:5],
        "withdrawal": getattr(entry, "withdrawal", None),
        "meat": getattr(entry, "slaughter_check", None),
        "referrals": selectors.list_referrals(request.user).filter(entry=entry),
        "acts": [ACTS[name] for name in allowed(request.user, entry)],
        "may_trade": access.may_trade(request.user, entry),
        "sees_lot": request.user.can("supply.view"),
        "needs_meat": entry.goods in (Goods.PORK, Goods.MEAT, Goods.POULTRY)
        and access.may_run(request.user, entry.market),
        "may_see_rapid": request.user.can("rapid.view"),
    }
    return render(request, "produce_markets/entry.html", context)


@needs("market.view")
def entry_act(request: Request, pk: int, name: str) -> HttpResponse:
    entry = access.get_entry(request.user, pk)
    return act_on(request, entry, ACTS, allowed(request.user, entry), name)


@require_POST
@needs("market.view")
def take_back(request: Request, pk: int) -> HttpResponse:
    line = access.get_outgoing(request.user, pk)
    if not access.may_trade(request.user, access.get_entry(request.user, line.entry_id)):
        raise PermissionDenied(_("这批货由市场或者摊主登记，您的岗位只能查看。"))
    try:
        entries.take_back(line=line, by=request.user)
        messages.success(request, _("已冲销，两笔都保留。"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(line.entry)


class WithdrawalTable(tables.Table):
    entry = tables.Column(
        verbose_name=gettext_lazy("货物"), orderable=False, linkify=lambda record: record.get_absolute_url()
    )
    market = tables.Column(accessor="entry__market__premises__name", verbose_name=gettext_lazy("市场"))
    township = TownshipColumn()
    ordered_at = tables.DateTimeColumn(format="Y-m-d H:i", attrs=ONE_LINE)
    due_at = tables.DateTimeColumn(format="Y-m-d H:i", attrs=ONE_LINE)
    done_at = tables.DateTimeColumn(format="Y-m-d H:i", attrs=ONE_LINE, default="—")

    class Meta:
        model = Withdrawal
        fields = (
            "entry",
            "market",
            "township",
            "cause",
            "ordered_at",
            "expected",
            "found",
            "disposal",
            "due_at",
            "done_at",
        )
        order_by = ()

    def render_expected(self, value: Any) -> str:
        return f"{value.normalize():f}"

    def render_found(self, value: Any) -> str:
        return f"{value.normalize():f}"

    def render_due_at(self, value: Any, record: Withdrawal) -> Any:
        said = f"{value.astimezone(ledger.clock.LOCAL):%Y-%m-%d %H:%M}"
        late = record.done_at is None and value < ledger.clock.now()
        return badge(_("%(due)s 已超时限") % {"due": said}, "bad") if late else said

    def value_due_at(self, value: Any) -> Any:
        return value


class WithdrawalFilter(AreaFilter):
    cause = django_filters.ChoiceFilter(label=gettext_lazy("原因"), choices=Withdrawal.Cause.choices)
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("情况"), method="by_when",
        choices=[("open", gettext_lazy("处置中")), ("late", gettext_lazy("超时限没有处置"))],
    )  # fmt: skip

    class Meta:
        model = Withdrawal
        fields = ("cause", "when", "township")

    def by_when(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        if value == "late":
            return selectors.overdue_withdrawals(rows, ledger.clock.now())
        return rows.filter(done_at=None)


class Withdrawals(ListScreen):
    ability = "market.view"
    title = gettext_lazy("退市")
    table_class = WithdrawalTable
    filter_class = WithdrawalFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_withdrawals(self.request.user).order_by("-ordered_at", "-pk")
