"""Goods arrive: from what is on its way, from a scanned code, from what was bought before, or typed."""

from typing import Any
from urllib.parse import urlencode

import django_filters as filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.fields import LARGEST_KEY
from fangxin.kernel.screens.finding import one_of
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.supply import access, selectors
from fangxin.kernel.supply.forms.lots import UNITS, ReasonForm, ReceiveForm
from fangxin.kernel.supply.models import Dispatch, How, Lot, Receipt
from fangxin.kernel.supply.services import receipts, scans
from fangxin.kernel.supply.views.common import (
    ONE_LINE,
    AmountColumn,
    StateColumn,
    TownFilter,
    done,
    hand_over_file,
    plain,
)

MOST_CHIPS = 12
MOST_CHOICES = 60


class ReceiptFilter(TownFilter):
    q = filters.CharFilter(label=gettext_lazy("食品、供货者、合格证编号"), method="by_text", max_length=100)
    how = filters.ChoiceFilter(label=gettext_lazy("记录方式"), choices=How.choices, empty_label=gettext_lazy("全部"))
    state = filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=Receipt.State.choices, empty_label=gettext_lazy("全部")
    )
    since = filters.DateFilter(label=gettext_lazy("到货日期从"), field_name="received_at", lookup_expr="date__gte")
    until = filters.DateFilter(label=gettext_lazy("到"), field_name="received_at", lookup_expr="date__lte")

    class Meta:
        model = Receipt
        fields = ("how", "state")

    def by_text(self, rows: "QuerySet[Receipt]", _name: str, value: str) -> "QuerySet[Receipt]":
        text = value.strip()
        return (
            rows.filter(lot__food__icontains=text)
            | rows.filter(supplier_name__icontains=text)
            | rows.filter(certificate_code=text)
        )


class ReceiptTable(tables.Table):
    received_at = tables.DateTimeColumn(format="Y-m-d H:i", linkify=True, attrs=ONE_LINE)
    food = tables.Column(accessor="lot__food", verbose_name=gettext_lazy("食品"), orderable=False)
    amount = AmountColumn(orderable=False)
    supplier_name = tables.Column(default="—", orderable=False)
    premises = tables.Column(accessor="premises__name", verbose_name=gettext_lazy("收货场所"), orderable=False)
    township = TownshipColumn(orderable=False)
    how = tables.Column(attrs=ONE_LINE, orderable=False)
    state = StateColumn(orderable=False)

    class Meta:
        model = Receipt
        fields = ("received_at", "food", "amount", "supplier_name", "premises", "township", "how", "state")
        order_by = ()


class ReceiptList(ListScreen):
    ability = "supply.view"
    title = gettext_lazy("进货记录")
    table_class = ReceiptTable
    filter_class = ReceiptFilter
    sorts_when_long = ("received_at",)
    intro = gettext_lazy("谁在什么时候从谁那里进了什么。法律要求保存至产品保质期满后六个月，没有保质期的两年。")
    empty_text = gettext_lazy("还没有进货记录。")

    def rows(self) -> "QuerySet[Receipt]":
        return selectors.list_receipts(self.request.user).order_by("-received_at", "-pk")

    def more_context(self) -> dict[str, Any]:
        context = super().more_context()
        if self.request.user.can("supply.record"):
            context["actions"] = [
                (_("收货"), reverse("supply:receive"), "scan"), (_("导入表格"), reverse("supply:uploads"), "upload"),
            ]  # fmt: skip
        return context


@require_safe
@needs("supply.record")
def start(request: Request) -> HttpResponse:
    """Whose goods: the only own place at once, else a choice."""
    rows = registry.list_premises(request.user, "supply.record").filter(status="operating")
    text = request.GET.get("q", "").strip()[:60]
    if text:
        rows = registry.find_premises(rows, text)
    found = list(rows.order_by("name", "pk")[: MOST_CHOICES + 1])
    if len(found) == 1 and not text:
        return redirect("supply:receive_at", found[0].pk)
    context = {"title": _("收货"), "places": found[:MOST_CHOICES], "more": len(found) > MOST_CHOICES, "text": text}
    return render(request, "supply/receive_start.html", context)


@require_safe
@needs("supply.record")
def at_place(request: Request, pk: int) -> HttpResponse:
    """One scan, or one tap on what is on its way or was bought before."""
    premises = access.get_premises(request.user, pk)
    recent = Receipt.objects.filter(premises=premises, state=Receipt.State.KEPT).select_related("lot")
    chips: dict[tuple[str, str], Receipt] = {}
    for row in recent.order_by("-received_at", "-pk")[:200]:
        chips.setdefault((row.lot.food, row.supplier_name), row)
    context = {
        "title": _("收货：%(place)s") % {"place": premises.name}, "premises": premises,
        "coming": _coming(premises), "chips": list(chips.values())[:MOST_CHIPS],
    }  # fmt: skip
    return render(request, "supply/receive.html", context)


def _coming(premises: Any) -> "QuerySet[Dispatch]":
    rows = Dispatch.objects.filter(to_premises=premises, state=Dispatch.State.SENT)
    return rows.select_related("lot").order_by("-sent_at", "-pk")[:MOST_CHOICES]


@require_http_methods(["GET", "POST"])
@needs("supply.record")
def receive(request: Request, pk: int) -> HttpResponse:
    premises = access.get_premises(request.user, pk)
    code = request.GET.get("code", "").strip()[:800]
    if request.method == "GET" and code and scans.look_up(code)[1] is not None and _collects(request.user):
        return redirect(f"{reverse('supply:certificate_collect')}?{urlencode({'code': code})}")
    told = _told(request, premises)
    form = ReceiveForm(*posted(request), initial=_initial(request, premises, told))
    if request.method == "POST":
        lot = saved(form, lambda: _received(premises, told, form.cleaned_data, request))
        if lot is not None:
            messages.success(request, _("已收货：%(food)s。") % {"food": lot.food})
            return redirect("supply:receive_at", premises.pk)
    context = {
        "form": form, "title": _("收货"), "back_url": reverse("supply:receive_at", args=[premises.pk]),
        "premises": premises, "told": told,
    }  # fmt: skip
    return render(request, "supply/receive_form.html", context)


def _collects(user: Any) -> bool:
    return bool(user.can("certificate.handle"))


def _told(request: Request, premises: Any) -> Dispatch | None:
    number = request.GET.get("dispatch", "")
    if not number:
        return None
    rows = Dispatch.objects.filter(to_premises=premises, state=Dispatch.State.SENT).select_related("lot")
    return one_of(rows, _key(number))


def _key(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(LARGEST_KEY)):
        raise Http404
    return int(text)


def _initial(request: Request, premises: Any, told: Dispatch | None) -> dict[str, Any]:
    if told is not None:
        return {"food": told.lot.food, "quantity": told.quantity and plain(told.quantity), "unit": _unit(told.unit),
                "supplier_name": told.lot.place_name}  # fmt: skip
    like = request.GET.get("like", "")
    if like:
        row = one_of(Receipt.objects.filter(premises=premises).select_related("lot"), _key(like))
        return {"food": row.lot.food, "unit": _unit(row.unit), "supplier_name": row.supplier_name}
    code = request.GET.get("code", "").strip()[:255]
    lot = selectors.find_supplied(code)
    if lot is None:
        return {"code": code}
    return {"code": code, "food": lot.food, "unit": _unit(lot.unit), "supplier_name": lot.place_name}


def _unit(unit: str) -> str:
    return unit if unit in UNITS else "kg"


def _received(premises: Any, told: Dispatch | None, values: dict[str, Any], request: Request) -> Lot:
    photo, code = values["photo"], values["code"].strip()
    from_lot = told.lot if told is not None else selectors.find_supplied(code)
    evidence = [ledger.store_evidence(name=photo.name, content=photo.read(), by=request.user)] if photo else []
    how = How.SCAN if request.POST.get("scanned") == "1" and code else How.PHOTO if photo else How.TYPED
    return receipts.record_receipt(
        premises=premises, food=values["food"], quantity=values["quantity"], unit=values["unit"],
        received_at=values["received_at"], how=how, supplier_name=values["supplier_name"], from_lot=from_lot,
        certificate_code=code[:120], evidence=evidence, by=request.user,
    )  # fmt: skip


@require_safe
@needs("supply.view")
def receipt(request: Request, pk: int) -> HttpResponse:
    found = access.get_receipt(request.user, pk)
    context = {
        "title": _("进货：%(food)s") % {"food": found.lot.food}, "receipt": found,
        "files": list(found.files.select_related("file")), "amount": plain(found.quantity),
        "may_undo": found.state == Receipt.State.KEPT and _may_record(request.user, found),
    }  # fmt: skip
    return render(request, "supply/receipt.html", context)


def _may_record(user: Any, found: Receipt) -> bool:
    return bool(registry.list_premises(user, "supply.record").filter(pk=found.premises_id).exists())


@require_http_methods(["GET", "POST"])
@needs("supply.record")
def undo(request: Request, pk: int) -> HttpResponse:
    found = access.get_receipt(request.user, pk, "supply.record")
    form = ReasonForm(*posted(request))
    if request.method == "POST" and done(
        form, lambda: receipts.undo_receipt(receipt=found, reason=form.cleaned_data["reason"], by=request.user)
    ):
        messages.success(request, _("已撤销这条进货记录。"))
        return redirect(found)
    return form_page(request, form, _("撤销进货记录"), found.get_absolute_url(), submit_label=_("撤销"))


@require_safe
@needs("supply.view")
def picture(request: Request, pk: int, file_pk: int) -> HttpResponse:
    found = access.get_receipt(request.user, pk)
    kept = one_of(found.files.select_related("file"), file_pk)
    return hand_over_file(kept.file, kept.file.name)


@require_http_methods(["GET", "POST"])
@needs("supply.record")
def undo_dispatch(request: Request, pk: int) -> HttpResponse:
    found = access.get_dispatch(request.user, pk)
    form = ReasonForm(*posted(request))
    if request.method == "POST" and done(
        form, lambda: receipts.undo_dispatch(dispatch=found, reason=form.cleaned_data["reason"], by=request.user)
    ):
        messages.success(request, _("已撤销出货记录。"))
        return redirect(found.lot)
    return form_page(request, form, _("撤销出货记录"), found.lot.get_absolute_url(), submit_label=_("撤销"))
