"""The laboratory's counter: samples on their way, the receipt, the work list, and the store of duplicates."""

from datetime import date
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from fangxin.kernel.laboratory import access, clocks, selectors, standards
from fangxin.kernel.laboratory.clocks import Limit
from fangxin.kernel.laboratory.forms.sampling import AnalystForm, DestroyForm, ReasonForm, ReceiveForm
from fangxin.kernel.laboratory.models import Duplicate, Part, Receipt, Sample
from fangxin.kernel.laboratory.services import duplicates, receipt
from fangxin.kernel.laboratory.views.common import ONE_LINE, StateColumn, TownFilter, keys_from
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.finding import one_of
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

State = Sample.State
NO_TICK: Any = format_html("")


def tick(pk: int, label: str) -> Any:
    html = '<input class="row-tick" type="checkbox" name="chosen" value="{}" form="many" aria-label="{}">'
    return format_html(html, pk, label)


class IncomingTable(tables.Table):
    number = tables.Column(linkify=lambda record: reverse("laboratory:receive", args=[record.pk]))
    food = tables.Column()
    food_class = tables.Column()
    storage = tables.Column()
    sampled_on = DayColumn()
    agency = tables.Column(accessor="agency__short_name", verbose_name=gettext_lazy("组织单位"), orderable=False)

    class Meta:
        model = Sample
        fields = ("number", "food", "food_class", "storage", "sampled_on", "agency")
        order_by = ()


class IncomingList(ListScreen):
    ability = "sample.receive"
    title = gettext_lazy("收样")
    table_class = IncomingTable
    intro = gettext_lazy("正在送来的样品。收到后点编号，逐项查验，接收或者拒收。")
    empty_text = gettext_lazy("没有正在送来的样品。")

    def rows(self) -> "QuerySet[Sample]":
        return selectors.list_incoming(self.request.user).filter(state=State.SENT).order_by("sampled_on", "number")


@require_http_methods(["GET", "POST"])
@needs("sample.receive")
def receive(request: Request, pk: int) -> HttpResponse:
    found = access.get_incoming(request.user, pk)
    if found.state != State.SENT:
        raise PermissionDenied(_("这份样品已经登记过收样，请在检验清单里查看。"))
    form = ReceiveForm(posted(request)[0])
    if request.method == "POST":
        accept = request.POST.get("accept") == "yes"
        row = saved(form, lambda: receipt.receive(sample=found, accept=accept, by=request.user, **form.cleaned_data))
        if row is not None:
            _tell(request, row)
            return redirect("laboratory:incoming")
    last = clocks.last_day(Limit.DELIVER, found.sampled_on)
    context = {
        "title": _("收样：%(what)s") % {"what": found},
        "sample": found,
        "form": form,
        "seals": found.seals.filter(part=Part.TEST),
        "rule": standards.food_class(found.food_class, ledger.clock.today()),
        "deliver_by": last,
        "late": last is not None and ledger.clock.today() > last,
    }
    return render(request, "laboratory/receive.html", context)


def _tell(request: Request, row: Receipt) -> None:
    if row.outcome == Receipt.Outcome.REFUSED:
        messages.success(request, _("已拒收。抽样单位会看到理由，并重新列入抽样任务。"))
        return
    known = {"number": row.lab_number, "day": row.report_due_on or _("没有规定")}
    messages.success(request, _("已接收，受理编号%(number)s，报告期限%(day)s。") % known)


class WorkFilter(filters.FilterSet):
    when = filters.ChoiceFilter(
        label=gettext_lazy("期限"), method="by_deadline", empty_label=gettext_lazy("全部"),
        choices=[("overdue", gettext_lazy("已超期")), ("soon", gettext_lazy("五天内到期"))],
    )  # fmt: skip
    whose = filters.ChoiceFilter(
        label=gettext_lazy("检验人员"), method="by_analyst", empty_label=gettext_lazy("全部"),
        choices=[("mine", gettext_lazy("派给我的")), ("none", gettext_lazy("还没有派检"))],
    )  # fmt: skip
    state = filters.ChoiceFilter(
        label=gettext_lazy("进度"), field_name="sample__state", empty_label=gettext_lazy("全部"),
        choices=[(State.RECEIVED.value, State.RECEIVED.label), (State.TESTING.value, State.TESTING.label)],
    )  # fmt: skip

    class Meta:
        model = Receipt
        fields: tuple[str, ...] = ()

    def by_deadline(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        today = ledger.clock.today()
        if value == "overdue":
            return rows.filter(report_due_on__lt=today)
        return rows.filter(report_due_on__range=(today, date.fromordinal(today.toordinal() + 5)))

    def by_analyst(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(analyst=None) if value == "none" else rows.filter(analyst=self.request.user)


class WorkTable(tables.Table):
    chosen = tables.Column(verbose_name=gettext_lazy("选"), empty_values=(), orderable=False, accessor="pk")
    lab_number = tables.Column(linkify=lambda record: record.sample.get_absolute_url(), attrs=ONE_LINE)
    number = tables.Column(accessor="sample__number", verbose_name=gettext_lazy("抽样编号"), attrs=ONE_LINE)
    food = tables.Column(accessor="sample__food", verbose_name=gettext_lazy("食品名称"))
    received_on = DayColumn()
    analyst = tables.Column(
        accessor="analyst__name", verbose_name=gettext_lazy("检验人员"), default=gettext_lazy("还没有派检")
    )
    report_due_on = DayColumn()
    state = tables.Column(accessor="sample__get_state_display", verbose_name=gettext_lazy("进度"), orderable=False)
    actions = tables.Column(verbose_name="", empty_values=(), orderable=False, accessor="pk")

    class Meta:
        model = Receipt
        fields = (
            "chosen",
            "lab_number",
            "number",
            "food",
            "received_on",
            "analyst",
            "report_due_on",
            "state",
            "actions",
        )
        order_by = ()

    def render_chosen(self, record: Receipt) -> Any:
        return tick(record.pk, _("选择%(name)s") % {"name": record.lab_number})

    def render_report_due_on(self, value: date) -> Any:
        late = (ledger.clock.today() - value).days
        return (
            format_html("{} {}", value, badge(_("超期%(n)s天") % {"n": late}, "bad")) if late > 0 else value.isoformat()
        )

    def render_actions(self, record: Receipt) -> Any:
        if record.sample.state != State.RECEIVED:
            return NO_TICK
        url = reverse("laboratory:undo_receipt", args=[record.pk])
        return format_html('<a class="btn btn-sm" href="{}">{}</a>', url, _("撤销收样"))


class WorkList(ListScreen):
    ability = "sample.receive"
    title = gettext_lazy("检验清单")
    table_class = WorkTable
    filter_class = WorkFilter
    template_name = "laboratory/work.html"
    export_without = ("chosen", "actions")
    intro = gettext_lazy("已接收、还没有出报告的样品，按报告期限排列。")
    empty_text = gettext_lazy("没有在检的样品。")

    def rows(self) -> "QuerySet[Receipt]":
        return selectors.work_of_laboratory(self.request.user)

    def more_context(self) -> dict[str, Any]:
        return {"intro": self.intro, "many": AnalystForm(user=self.request.user)}


@require_POST
@needs("sample.receive")
def assign_many(request: Request) -> HttpResponse:
    rows = list(selectors.work_of_laboratory(request.user).filter(pk__in=keys_from(request)))
    form = AnalystForm(request.POST, user=request.user)
    if not rows:
        messages.error(request, _("还没有选中样品。请在清单左边勾选。"))
    elif saved(form, lambda: receipt.assign_analyst(receipts=rows, by=request.user, **form.cleaned_data)) is None:
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    else:
        messages.success(request, _("已派检%(n)s份样品。") % {"n": len(rows)})
    return redirect("laboratory:work")


@require_http_methods(["GET", "POST"])
@needs("sample.receive")
def undo(request: Request, pk: int) -> HttpResponse:
    row = one_of(selectors.list_receipts(request.user).filter(undone_at=None), pk)
    form = ReasonForm(posted(request)[0], label=_("撤销的原因"))
    back = reverse("laboratory:work")
    if request.method == "POST" and saved(
        form, lambda: receipt.undo_receipt(receipt=row, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("收样记录已撤销，样品回到“收样”里。"))
        return redirect("laboratory:incoming")
    title = _("撤销收样：%(number)s") % {"number": row.lab_number}
    return form_page(request, form, title, back, submit_label=_("撤销收样"))


class DuplicateFilter(TownFilter):
    when = filters.ChoiceFilter(
        label=gettext_lazy("保存期限"), method="by_end", empty_label=gettext_lazy("全部"),
        choices=[("over", gettext_lazy("已到期，可以处置")), ("open", gettext_lazy("还没有结论"))],
    )  # fmt: skip
    state = filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=Duplicate.State.choices, empty_label=gettext_lazy("全部")
    )
    division_field = "sample__division_code"

    class Meta:
        model = Duplicate
        fields = ("state",)

    def by_end(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        if value == "over":
            return selectors.may_be_destroyed(rows, ledger.clock.today())
        return rows.filter(state=Duplicate.State.KEPT, keep_until=None)


class DuplicateTable(tables.Table):
    chosen = tables.Column(verbose_name=gettext_lazy("选"), empty_values=(), orderable=False, accessor="pk")
    sample = tables.Column(accessor="sample", linkify=lambda record: record.sample.get_absolute_url())
    amount = tables.Column(verbose_name=gettext_lazy("备样数量"), empty_values=(), orderable=False, accessor="pk")
    holder = tables.Column(accessor="holder__short_name", verbose_name=gettext_lazy("保存单位"), default="—")
    place = tables.Column(default="—")
    keep_until = DayColumn()
    keep_basis = tables.Column(default="—", orderable=False)
    state = StateColumn()

    class Meta:
        model = Duplicate
        fields = ("chosen", "sample", "amount", "holder", "place", "keep_until", "keep_basis", "state")
        order_by = ()

    def render_chosen(self, record: Duplicate) -> Any:
        over = record.keep_until is not None and record.keep_until < ledger.clock.today()
        if record.state != Duplicate.State.KEPT or not over:
            return NO_TICK
        return tick(record.pk, _("选择%(name)s") % {"name": record.sample})

    def render_amount(self, record: Duplicate) -> str:
        return f"{record.quantity.normalize():f} {record.quantity_unit}"


class DuplicateList(ListScreen):
    ability = "sample.view"
    title = gettext_lazy("备样")
    table_class = DuplicateTable
    filter_class = DuplicateFilter
    template_name = "laboratory/duplicates.html"
    export_without = ("chosen",)
    intro = gettext_lazy("合格的保存三个月，不合格的保存六个月，保质期先到的以保质期为准。没有结论的不能处置。")
    empty_text = gettext_lazy("没有符合条件的备样。")

    def rows(self) -> "QuerySet[Duplicate]":
        return selectors.list_duplicates(self.request.user).order_by("keep_until", "pk")

    def more_context(self) -> dict[str, Any]:
        user = self.request.user
        many = DestroyForm() if user.can("sample.receive") or user.can("sample.take") else None
        return {"intro": self.intro, "many": many}


@require_POST
@needs("sample.view")
def destroy_many(request: Request) -> HttpResponse:
    """Ticked duplicates whose keeping has ended, by whoever keeps them."""
    user = request.user
    if not (user.can("sample.receive") or user.can("sample.take")):
        raise PermissionDenied(_("您的岗位不能处置备样。"))
    rows = list(selectors.list_duplicates(user).filter(pk__in=keys_from(request)))
    form = DestroyForm(request.POST)
    if saved(form, lambda: duplicates.destroy(duplicates=rows, by=user, **form.cleaned_data)) is None:
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    else:
        messages.success(request, _("已登记处置%(n)s份备样。") % {"n": len(rows)})
    return redirect(reverse("laboratory:duplicates") + "?when=over")
