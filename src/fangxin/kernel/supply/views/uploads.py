"""Sheets of receipts and files of scales: upload, look, write, take back."""

from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fangxin.kernel.screens.export import to_xlsx, xlsx_response
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, done_or_told, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.supply import access, selectors
from fangxin.kernel.supply.forms.lots import ReasonForm, UploadForm
from fangxin.kernel.supply.models import Upload
from fangxin.kernel.supply.services import uploads as services
from fangxin.kernel.supply.views.common import ONE_LINE, StateColumn, done


class UploadTable(tables.Table):
    uploaded_at = tables.DateTimeColumn(format="Y-m-d H:i", linkify=True, attrs=ONE_LINE)
    kind = tables.Column()
    premises = tables.Column(accessor="premises__name", verbose_name=gettext_lazy("场所"), default="—")
    rows = tables.Column()
    state = StateColumn()

    class Meta:
        model = Upload
        fields = ("uploaded_at", "kind", "premises", "rows", "state")
        order_by = ()


class UploadList(ListScreen):
    ability = "supply.record"
    title = gettext_lazy("导入文件")
    table_class = UploadTable
    intro = gettext_lazy(
        "上传的进货表和电子秤文件。先检查，确认后才写入；写错了可以整份撤销。要上传，请先从“收货”进入场所。"
    )
    empty_text = gettext_lazy("还没有上传过文件。")

    def rows(self) -> "QuerySet[Upload]":
        return selectors.list_uploads(self.request.user).order_by("-uploaded_at", "-pk")


@require_http_methods(["GET", "POST"])
@needs("supply.record")
def new(request: Request, pk: int, kind: str) -> HttpResponse:
    premises = access.get_premises(request.user, pk)
    if kind not in Upload.Kind.values:
        raise Http404
    form = UploadForm(*posted(request))
    if request.method == "POST":
        upload = saved(form, lambda: _checked(form, premises, kind, request))
        if upload is not None:
            return redirect(upload)
    columns = "、".join(services.template(kind))
    intro = _("列：%(columns)s。") % {"columns": columns}
    if kind == Upload.Kind.SCALE:
        intro += _("每行一笔零售；stall 填摊位的底册编号，weight 按 kg，price 为金额。")
    title = _("导入进货表：%(place)s") if kind == Upload.Kind.RECEIPTS else _("导入电子秤文件：%(place)s")
    return form_page(
        request, form, title % {"place": premises.name}, reverse("supply:receive_at", args=[premises.pk]),
        submit_label=_("上传并检查"), intro=intro,
    )  # fmt: skip


def _checked(form: UploadForm, premises: Any, kind: str, request: Request) -> Upload:
    file = form.cleaned_data["file"]
    return services.check(kind=kind, premises=premises, name=file.name, content=file.read(), by=request.user)


@require_safe
@needs("supply.record")
def template(request: Request, kind: str) -> HttpResponse:
    if kind not in Upload.Kind.values:
        raise Http404
    return xlsx_response("导入模板", to_xlsx(services.template(kind), [], title="导入"))


@require_safe
@needs("supply.record")
def page(request: Request, pk: int) -> HttpResponse:
    upload = access.get_upload(request.user, pk)
    context = {"title": str(upload), "upload": upload, "receipts": upload.receipts.select_related("lot")[:200],
               "outflows": upload.outflows.select_related("lot")[:200]}  # fmt: skip
    return render(request, "supply/upload.html", context)


@require_POST
@needs("supply.record")
def apply(request: Request, pk: int) -> HttpResponse:
    upload = access.get_upload(request.user, pk)
    done_or_told(request, _("已写入。"), lambda: services.apply(upload=upload, by=request.user))
    return redirect(upload)


@require_http_methods(["GET", "POST"])
@needs("supply.record")
def undo(request: Request, pk: int) -> HttpResponse:
    upload = access.get_upload(request.user, pk)
    form = ReasonForm(*posted(request))
    if request.method == "POST" and done(
        form, lambda: services.undo(upload=upload, reason=form.cleaned_data["reason"], by=request.user)
    ):
        messages.success(request, _("已撤销整份文件。"))
        return redirect(upload)
    return form_page(request, form, _("撤销导入"), upload.get_absolute_url(), submit_label=_("撤销"))
