"""Sheets of limits: uploaded, compared with what stands, reviewed by a second person; two editions side by side."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxin.engines.limits import Change, Difference
from fangxin.kernel.catalog import limit_tables, services_limits
from fangxin.kernel.catalog.access import get_limit_table
from fangxin.kernel.catalog.forms import CompareForm, LimitTableForm, ReasonForm
from fangxin.kernel.catalog.models import LimitTable
from fangxin.kernel.catalog.selectors import list_limit_tables
from fangxin.kernel.catalog.sheets import template_of
from fangxin.kernel.screens.export import to_xlsx, xlsx_response
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, blame, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.sheets import Unreadable
from fangxin.kernel.screens.templatetags.screens import badge

State = LimitTable.State
TONES = {State.WAITING: "warn", State.IN_USE: "good", State.REFUSED: "plain", State.WITHDRAWN: "plain"}
LINES_A_PAGE = 50
CHANGES = {
    Change.ADDED: gettext_lazy("新增"),
    Change.CHANGED: gettext_lazy("改变"),
    Change.REMOVED: gettext_lazy("取消"),
    Change.SAME: gettext_lazy("不变"),
}


class LimitTableTable(tables.Table):
    name = tables.Column(linkify=True)
    state = tables.Column()
    uploaded_at = tables.DateTimeColumn(format="Y-m-d")

    class Meta:
        model = LimitTable
        fields = (
            "name",
            "kind",
            "standard",
            "edition",
            "in_force_from",
            "total",
            "state",
            "uploaded_at",
            "uploaded_by",
        )
        order_by = ()

    def render_state(self, record: LimitTable) -> Any:
        return badge(record.get_state_display(), TONES[State(record.state)])

    def value_state(self, record: LimitTable) -> str:
        return record.get_state_display()


class LimitTableList(ListScreen):
    ability = "catalog.view"
    title = gettext_lazy("限量表导入")
    table_class = LimitTableTable
    empty_text = gettext_lazy("还没有导入过限量表。下载模板，填好后上传，由另一人复核后启用。")

    def rows(self) -> "QuerySet[Any]":
        return list_limit_tables(self.request.user)

    def more_context(self) -> dict[str, Any]:
        actions = [(_("比较两个版本"), reverse("catalog:limits_compare"), "git-compare")]
        if self.request.user.can("catalog.limits"):
            actions.insert(0, (_("上传限量表"), reverse("catalog:limit_table_new"), "upload"))
        return {
            "actions": actions,
            "intro": _("随平台安装的限量之外，本单位从表格导入的限量。判定时用触发日施行的版本。"),
        }


@require_http_methods(["GET", "POST"])
@needs("catalog.limits")
def new(request: Request) -> HttpResponse:
    form = LimitTableForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        table = _uploaded(form, request)
        if table is not None:
            messages.success(request, _("表格没有错误，已列入待复核。请看下面它会改变什么。"))
            return redirect(table)
    kinds = [
        (kind, label, reverse("catalog:limit_table_template", args=[kind])) for kind, label in LimitTable.Kind.choices
    ]
    context = {"title": _("上传限量表"), "form": form, "kinds": kinds}
    return render(request, "catalog/limit_table_new.html", context)


def _uploaded(form: LimitTableForm, request: Request) -> LimitTable | None:
    facts = dict(form.cleaned_data)
    file = facts.pop("file")
    try:
        return services_limits.upload(content=file.read(), file_name=file.name, by=request.user, **facts)
    except Unreadable as error:
        form.add_error("file", str(error))
    except ValidationError as error:
        blame(form, error)
    return None


@require_GET
@needs("catalog.limits")
def template(_request: Request, kind: str) -> HttpResponse:
    label = dict(LimitTable.Kind.choices).get(kind, kind)
    return xlsx_response(_("限量表模板-%(kind)s") % {"kind": label}, to_xlsx(template_of(kind), []))


@require_GET
@needs("catalog.view")
def detail(request: Request, pk: int) -> HttpResponse:
    table = get_limit_table(request.user, pk)
    may = request.user.can("catalog.limits")
    context = {
        "title": str(table),
        "table": table,
        "tone": TONES[State(table.state)],
        "may_decide": may and table.state == State.WAITING and table.uploaded_by != request.user.username,
        "waits_for_other": may and table.state == State.WAITING and table.uploaded_by == request.user.username,
        "may_withdraw": may and table.state == State.IN_USE,
        **_lines(request, _differences(table)),
    }
    return render(request, "catalog/limit_table.html", context)


def _differences(table: LimitTable) -> Sequence[Difference]:
    if table.kind in (LimitTable.Kind.FOODS, LimitTable.Kind.ANALYTES) or table.state in (
        State.REFUSED,
        State.WITHDRAWN,
    ):
        return ()
    return limit_tables.differences_of(table)


def _lines(request: Request, found: Sequence[Difference]) -> dict[str, Any]:
    """One page of differences of the kind asked for; those that are the same only when asked for."""
    counts = Counter(one.change for one in found)
    asked = request.GET.get("change", "")
    shown = [one for one in found if (one.change == asked if asked else one.change is not Change.SAME)]
    page = Paginator(shown, LINES_A_PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "lines": [(CHANGES[one.change], one) for one in page],
        "counts": [(change.value, label, counts[change]) for change, label in CHANGES.items()],
        "asked": asked,
    }


@require_GET
@needs("catalog.view")
def compare(request: Request) -> HttpResponse:
    chosen = "one" in request.GET
    form = CompareForm(request.GET if chosen else None)
    context: dict[str, Any] = {"title": _("比较两个版本的限量"), "form": form}
    if chosen and form.is_valid():
        found = limit_tables.compare_editions(form.cleaned_data["one"], form.cleaned_data["other"])
        if request.GET.get("export"):
            return _exported(found)
        query = request.GET.copy()
        for name in ("page", "change"):
            query.pop(name, None)
        context |= {"query": query.urlencode(), **_lines(request, found)}
    return render(request, "catalog/limits_compare.html", context)


def _exported(found: Sequence[Difference]) -> HttpResponse:
    headers = [
        _("变化"),
        _("检测项目"),
        _("食品"),
        _("条件"),
        _("原限量"),
        _("原单位"),
        _("新限量"),
        _("新单位"),
        _("条款"),
    ]
    rows = [
        [
            str(CHANGES[one.change]), one.analyte, one.subject, one.condition, one.before.limit if one.before else "",
            one.before.unit if one.before else "", one.after.limit if one.after else "", one.after.unit if one.after else "",
            (one.after or one.before).clause if one.after or one.before else "",  # type: ignore[union-attr]
        ]
        for one in found
    ]  # fmt: skip
    return xlsx_response(_("限量版本比较"), to_xlsx(headers, rows))


@require_POST
@needs("catalog.limits")
def approve(request: Request, pk: int) -> HttpResponse:
    table = get_limit_table(request.user, pk)
    try:
        services_limits.approve(table=table, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, _("已启用。以后的判定都用这张表；以前的判定不变，可以在“重新判定”里列出会改变的结果。")
        )
    return redirect(table)


@require_http_methods(["GET", "POST"])
@needs("catalog.limits")
def refuse(request: Request, pk: int) -> HttpResponse:
    return _with_reason(request, pk, services_limits.refuse, _("不通过限量表"), _("已退回，不会启用。"))


@require_http_methods(["GET", "POST"])
@needs("catalog.limits")
def withdraw(request: Request, pk: int) -> HttpResponse:
    return _with_reason(request, pk, services_limits.withdraw, _("停用限量表"), _("已停用，以后的判定不再用它。"))


def _with_reason(request: Request, pk: int, act: Callable[..., Any], title: str, done: str) -> HttpResponse:
    table = get_limit_table(request.user, pk)
    form = ReasonForm(posted(request)[0])
    if request.method == "POST" and saved(form, lambda: act(table=table, by=request.user, **form.cleaned_data)):
        messages.success(request, done)
        return redirect(table)
    return form_page(request, form, title, table.get_absolute_url())
