"""Lots that may not be sold: list, page, steps; buyers told and goods called back."""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.actions.imported_food import access, selectors
from fangxin.actions.imported_food import forms as own_forms
from fangxin.actions.imported_food.models import Disposal, Withdrawal
from fangxin.actions.imported_food.services import disposals
from fangxin.actions.imported_food.views.common import AreaFilter, with_evidence
from fangxin.kernel.casework import api as casework
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on, acts_by_name, plain
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

TONES = {"open": "bad", "stopped": "warn", "disposed": "info", "reported": "good"}
WHEN = [
    ("stop_late", gettext_lazy("超过时限没有停止销售")),
    ("late", gettext_lazy("超过处置时限")),
    ("report", gettext_lazy("已处置、没有报告结果")),
]


def _dispose(row: Disposal, by: Any, values: Mapping[str, Any]) -> Any:
    return disposals.dispose(disposal=row, by=by, **with_evidence(values, by))


ACTS = acts_by_name(
    Act("stop", gettext_lazy("登记停止销售、封存"), "hand-stop", lambda row, by, v: disposals.stop(disposal=row, by=by, **v),
        plain(own_forms.StopForm), intro=gettext_lazy("登记后这个批次不能再出货，系统按来源去向列出购货者。")),
    Act("dispose", gettext_lazy("登记处置"), "trash", _dispose,
        lambda request, row, _user: own_forms.DisposeForm(*posted(request), disposal=row)),
    Act("report", gettext_lazy("报告结果"), "send", lambda row, by, v: disposals.report(disposal=row, by=by, **v),
        plain(own_forms.ReportForm), intro=gettext_lazy("报告给发出通报的海关或者上级部门。")),
    Act("buyers", gettext_lazy("重新列出购货者"), "refresh", lambda row, by, _v: disposals.list_buyers(disposal=row, by=by)),
)  # fmt: skip


def allowed(user: Any, row: Disposal) -> list[str]:
    if not (user.prefixes("import.supervise") and user.can("import.supervise", row.division_code)):
        return []
    return {"open": ["stop"], "stopped": ["dispose", "buyers"], "disposed": ["report"], "reported": []}[row.state]


class DisposalTable(tables.Table):
    number = tables.Column(linkify=True, attrs={"td": {"class": "text-nowrap"}})
    food = tables.Column(verbose_name=gettext_lazy("食品"), accessor="consignment__lot__food")
    trader = tables.Column(verbose_name=gettext_lazy("经营者"), accessor="consignment__trader__premises__name")
    township = TownshipColumn()
    due_on = DayColumn()
    disposed_on = DayColumn()

    class Meta:
        model = Disposal
        fields = (
            "number",
            "food",
            "trader",
            "township",
            "cause",
            "found_at",
            "due_on",
            "disposed_on",
            "outcome",
            "state",
        )
        order_by = ()

    def render_state(self, value: str, record: Disposal) -> Any:
        return badge(value, TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


class DisposalFilter(AreaFilter):
    cause = django_filters.ChoiceFilter(label=gettext_lazy("缘由"), choices=Disposal.Cause.choices)
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=Disposal.State.choices)
    when = django_filters.ChoiceFilter(label=gettext_lazy("办理"), choices=WHEN, method="by_when")

    class Meta:
        model = Disposal
        fields = ("township", "cause", "state", "when")

    def by_when(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return {
            "stop_late": rows.filter(state="open", stop_due_at__lt=ledger.clock.now()),
            "late": rows.filter(state__in=("open", "stopped"), due_on__lt=ledger.clock.today()),
            "report": rows.filter(state="disposed"),
        }[value]


class Disposals(ListScreen):
    ability = "import.lists"
    title = gettext_lazy("进口食品处置")
    table_class = DisposalTable
    filter_class = DisposalFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_disposals(self.request.user, "import.lists")


class WithdrawalTable(tables.Table):
    disposal = tables.Column(linkify=lambda record: record.disposal.get_absolute_url())
    food = tables.Column(verbose_name=gettext_lazy("食品"), accessor="disposal__consignment__lot__food")
    number = tables.Column(verbose_name=gettext_lazy("购货者批次"), accessor="lot__number", default="—")

    class Meta:
        model = Withdrawal
        fields = ("disposal", "food", "name", "number", "delivered", "unit", "told_at", "returned", "note")
        order_by = ()


class WithdrawalFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label=gettext_lazy("购货者"), lookup_expr="icontains", max_length=100)
    untold = django_filters.ChoiceFilter(
        label=gettext_lazy("通知"), choices=[("no", gettext_lazy("还没有通知"))], method="by_untold"
    )

    class Meta:
        model = Withdrawal
        fields = ("name", "untold")

    def by_untold(self, rows: "QuerySet[Any]", _name: str, _value: str) -> "QuerySet[Any]":
        return rows.filter(told_at=None)


class Withdrawals(ListScreen):
    ability = "import.lists"
    title = gettext_lazy("召回清单")
    table_class = WithdrawalTable
    filter_class = WithdrawalFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_withdrawals(self.request.user)


@needs("import.view")
def page(request: Request, pk: int) -> HttpResponse:
    row = access.get_disposal(request.user, pk)
    acts = [ACTS[name] for name in allowed(request.user, row)]
    now = ledger.clock.now()
    context = {
        "title": f"{row} {row.consignment.lot.food}", "row": row, "acts": acts, "tone": TONES[row.state],
        "buyers": row.withdrawals.select_related("lot"), "may_act": bool(acts),
        "sees_matter": casework.list_matters(request.user).filter(pk=row.matter_id).exists(),
        "stop_late": row.stop_due_at < (row.stopped_at or now),
        "late": (row.disposed_on or ledger.clock.today()) > row.due_on,
    }  # fmt: skip
    return render(request, "imported_food/disposal.html", context)


@needs("import.supervise")
def act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_disposal(request.user, pk, "import.supervise")
    return act_on(request, row, ACTS, allowed(request.user, row), name)


@require_POST
@needs("import.supervise")
def told(request: Request, pk: int) -> HttpResponse:
    row = access.get_withdrawal(request.user, pk)
    try:
        disposals.tell_buyer(withdrawal=row, by=request.user)
        messages.success(request, _("已登记通知时间。"))
    except ledger.Refused as error:
        messages.error(request, " ".join(error.messages))
    return redirect(row.disposal)


@needs("import.supervise")
def returned(request: Request, pk: int) -> HttpResponse:
    row = access.get_withdrawal(request.user, pk)
    form = own_forms.ReturnedForm(posted(request)[0])

    def write() -> Withdrawal:
        return disposals.record_returned(withdrawal=row, by=request.user, **form.cleaned_data)

    if request.method == "POST" and saved(form, write) is not None:
        messages.success(request, _("已登记追回数量。"))
        return redirect(row.disposal)
    return form_page(request, form, _("登记追回：%(name)s") % {"name": row.name}, row.disposal.get_absolute_url())
