"""Lots: the list, one lot with its life, stopping, passing on."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.supply import access, selectors, showing
from fangxin.kernel.supply.data import Direction, Portion
from fangxin.kernel.supply.forms.lots import DispatchForm, MakeForm, OutflowForm, ReasonForm
from fangxin.kernel.supply.models import Lot, LotTest, Source
from fangxin.kernel.supply.selectors_recalls import recalls_of
from fangxin.kernel.supply.selectors_stock import left_of, lefts_of
from fangxin.kernel.supply.selectors_trace import trace
from fangxin.kernel.supply.services import lots as services
from fangxin.kernel.supply.services import receipts
from fangxin.kernel.supply.views.common import ONE_LINE, AmountColumn, StateColumn, TownFilter, done, plain

MOST_NEIGHBOURS = 50
MOST_USED = 30


class LotFilter(TownFilter):
    q = filters.CharFilter(label=gettext_lazy("食品、批次编号或追溯码"), method="by_text", max_length=100)
    source = filters.ChoiceFilter(
        label=gettext_lazy("记录来源"), choices=Source.choices, empty_label=gettext_lazy("全部")
    )
    state = filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=[c for c in Lot.State.choices if c[0] != "undone"],
        empty_label=gettext_lazy("全部"),
    )  # fmt: skip
    failed = filters.ChoiceFilter(
        label=gettext_lazy("检验"), method="by_failed", choices=[("1", gettext_lazy("有不合格结果"))],
        empty_label=gettext_lazy("全部"),
    )  # fmt: skip
    since = filters.DateFilter(label=gettext_lazy("到场日期从"), field_name="began_on", lookup_expr="gte")
    until = filters.DateFilter(label=gettext_lazy("到"), field_name="began_on", lookup_expr="lte")

    class Meta:
        model = Lot
        fields = ("source", "state")

    def by_text(self, rows: "QuerySet[Lot]", _name: str, value: str) -> "QuerySet[Lot]":
        return selectors.find_lots(rows, value)

    def by_failed(self, rows: "QuerySet[Lot]", _name: str, _value: str) -> "QuerySet[Lot]":
        return rows.filter(Exists(LotTest.objects.filter(lot=OuterRef("pk"), outcome="nonconforming")))


class LotTable(tables.Table):
    number = tables.Column(linkify=True, attrs=ONE_LINE)
    food = tables.Column()
    place_name = tables.Column(orderable=False, default="—")
    township = TownshipColumn(orderable=False)
    began_on = DayColumn()
    amount = AmountColumn()
    source = tables.Column(attrs=ONE_LINE)
    sureness = tables.Column(attrs=ONE_LINE)
    state = StateColumn()

    class Meta:
        model = Lot
        fields = ("number", "food", "place_name", "township", "began_on", "amount", "source", "sureness", "state")
        order_by = ()


class LotList(ListScreen):
    ability = "supply.view"
    title = gettext_lazy("批次")
    table_class = LotTable
    filter_class = LotFilter
    sorts_when_long = ("began_on",)
    intro = gettext_lazy("每一批食品在每一个场所是一行。点开一批，可以看到它从哪里来、到哪里去。")
    empty_text = gettext_lazy("还没有批次。登记进货、导入表格或者接入企业追溯系统后，批次会出现在这里。")

    def rows(self) -> "QuerySet[Lot]":
        return selectors.list_lots(self.request.user).order_by("-began_on", "-number")


@require_safe
@needs("supply.view")
def lot(request: Request, pk: int) -> HttpResponse:
    found = access.get_lot(request.user, pk)
    user = request.user
    near = showing.steps_of(trace(found.pk, Direction.BOTH, most=2_000), 1)
    opened = showing.open_lots(user, near)
    names = showing.place_names(user, near, opened)
    left = left_of(found)
    may_record = _may_record(user, found)
    context = {
        "title": found.food, "lot": found, "left": left, "left_text": plain(left.quantity),
        "back": _neighbours(near, found.pk, -1, opened, names), "forward": _neighbours(near, found.pk, 1, opened, names),
        "tests": found.tests.all(), "receipt": getattr(found, "receipt", None),
        "outflows": found.outflows.order_by("-at", "-pk")[:MOST_NEIGHBOURS],
        "moments": sorted(
            (m for provide in contribute.timelines for m in provide(user, "supply.lot", str(found.pk))),
            key=lambda m: str(m.at), reverse=True,
        ),
        "may_record": may_record and found.state == Lot.State.OPEN,
        "may_stop": user.can("supply.stop", found.division_code),
        "may_recall": user.can("supply.recall", found.division_code), "recalls": recalls_of(user, found),
    }  # fmt: skip
    return render(request, "supply/lot.html", context)


def _neighbours(near: Any, pk: int, way: int, opened: set[int], names: dict[int, str]) -> list[dict[str, Any]]:
    lots = {lot.id: lot for lot in near.lots}
    rows = []
    for link in near.links:
        other = link.to_lot if way > 0 else link.from_lot
        if (link.from_lot if way > 0 else link.to_lot) == pk and other in lots and other != pk:
            rows.append({"lot": lots[other], "link": link, "open": other in opened, "name": names[other],
                         "amount": plain(link.quantity)})  # fmt: skip
    return rows[:MOST_NEIGHBOURS]


def _may_record(user: Any, found: Lot) -> bool:
    if found.premises is None:
        return False
    if user.prefixes("supply.record"):
        return bool(user.can("supply.record", found.premises.division_code))
    return found.premises.operator.agency_id in user.own_agencies("supply.record")


def _to_write(request: Request, pk: int) -> Lot:
    found = access.get_lot(request.user, pk, "supply.record")
    if found.premises is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
@needs("supply.stop")
def stop(request: Request, pk: int) -> HttpResponse:
    found = access.get_lot(request.user, pk, "supply.stop")
    again = found.state == Lot.State.STOPPED
    form = ReasonForm(*posted(request))
    write = services.release_lot if again else services.stop_lot
    if request.method == "POST" and done(
        form, lambda: write(lot=found, reason=form.cleaned_data["reason"], by=request.user)
    ):
        messages.success(request, _("已恢复。") if again else _("已停售，去向中的场所可以在溯源图里看到。"))
        return redirect(found)
    title = _("恢复“%(lot)s”") if again else _("停售“%(lot)s”")
    return form_page(request, form, title % {"lot": found}, found.get_absolute_url(), submit_label=_("确定"))


@require_http_methods(["GET", "POST"])
@needs("supply.record")
def dispatch(request: Request, pk: int) -> HttpResponse:
    found = _to_write(request, pk)
    form = DispatchForm(*posted(request))
    if request.method == "POST" and done(form, lambda: _dispatched(found, form.cleaned_data, request.user)):
        messages.success(request, _("已登记出货。"))
        return redirect(found)
    return form_page(
        request, form, _("出货：%(lot)s") % {"lot": found}, found.get_absolute_url(), intro=_remaining(found)
    )


def _dispatched(found: Lot, values: dict[str, Any], user: Any) -> Any:
    number, to_premises = values["to_number"].strip(), None
    if number:
        to_premises = registry.Premises.objects.filter(number__iexact=number, merged_into=None).first()
        if to_premises is None:
            raise ValidationError({"to_number": _("底册里没有这个编号，请核对；不在底册就只填名称。")})
    return receipts.record_dispatch(
        lot=found, to_premises=to_premises, to_name=values["to_name"], quantity=values["quantity"], unit=found.unit,
        sent_at=values["sent_at"], by=user,
    )  # fmt: skip


def _remaining(found: Lot) -> str:
    left = left_of(found)
    if left.quantity is None:
        return _("剩余数量不明：有的记录没有写数量。")
    return _("按记录还剩 %(left)s %(unit)s。") % {"left": plain(left.quantity), "unit": showing.unit_name(left.unit)}


@require_http_methods(["GET", "POST"])
@needs("supply.record")
def outflow(request: Request, pk: int) -> HttpResponse:
    found = _to_write(request, pk)
    form = OutflowForm(*posted(request))
    if request.method == "POST" and done(
        form, lambda: receipts.record_outflow(lot=found, unit=found.unit, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("已登记。"))
        return redirect(found)
    return form_page(
        request, form, _("零售、损耗：%(lot)s") % {"lot": found}, found.get_absolute_url(), intro=_remaining(found)
    )


@require_http_methods(["GET", "POST"])
@needs("supply.record")
def make(request: Request, pk: int) -> HttpResponse:
    """Cook, pack, mix: from this lot and others of the place."""
    found = _to_write(request, pk)
    lots = _usable(found)
    form = MakeForm(*posted(request), lots=lots)
    if request.method == "POST":
        made = saved(form, lambda: _made(found, lots, form.cleaned_data, request.user))
        if made is not None:
            messages.success(request, _("已登记加工。"))
            return redirect(made)
    return form_page(request, form, _("加工：%(place)s") % {"place": found.place_name}, found.get_absolute_url())


def _usable(found: Lot) -> list[Lot]:
    """This lot first, then others of the place of which something is left."""
    rows = list(
        Lot.objects.filter(premises=found.premises_id, state=Lot.State.OPEN).order_by("-began_on", "-number")[:200]
    )
    lefts = lefts_of(rows)
    others = [row for row in rows if row.pk != found.pk and lefts[row.pk].quantity != 0]
    return [found, *others[: MOST_USED - 1]]


def _made(found: Lot, lots: list[Lot], values: dict[str, Any], user: Any) -> Lot:
    inputs = [
        Portion(row.pk, values[f"use_{row.pk}"], row.unit if values[f"use_{row.pk}"] is not None else "")
        for row in lots if values[f"use_{row.pk}"] is not None or values[f"some_{row.pk}"]
    ]  # fmt: skip
    if not inputs:
        raise ValidationError(_("请至少填写一种投入的原料，或者勾选“用了，没有称”。"))
    return receipts.record_transformation(
        premises=found.premises, inputs=inputs, food=values["food"], quantity=values["quantity"], unit=values["unit"],
        made_at=values["made_at"], by=user,
    )  # fmt: skip
