from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.kernel.registry import access, selectors
from fangxin.kernel.registry.forms import UploadForm
from fangxin.kernel.registry.importing.batches import ask_to_apply, check_file, discard
from fangxin.kernel.registry.importing.columns import SHEETS
from fangxin.kernel.registry.importing.templates import template
from fangxin.kernel.registry.importing.undoing import undo
from fangxin.kernel.registry.models import ImportBatch, ImportRow
from fangxin.kernel.screens.export import xlsx_response
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, blame
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.sheets import Unreadable

ROWS_A_PAGE = 50


class ImportTable(tables.Table):
    file_name = tables.Column(linkify=lambda record: reverse("registry:import", args=[record.pk]))

    class Meta:
        model = ImportBatch
        fields = ("file_name", "kind", "state", "total", "faulty", "uploaded_at", "uploaded_by", "applied_at")


class Imports(ListScreen):
    ability = "registry.import"
    title = gettext_lazy("导入")
    table_class = ImportTable
    empty_text = gettext_lazy("还没有导入过。下载模板，填好后上传；上传只是检查，确认后才写入。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_imports(self.request.user)

    def more_context(self) -> dict[str, Any]:
        return {"actions": [(_("上传表格"), reverse("registry:import_new"), "upload")]}


@needs("registry.import")
def new(request: Request) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None, surveys=selectors.list_surveys(request.user))
    if request.method == "POST" and form.is_valid():
        batch = _check(form, request)
        if batch is not None:
            return redirect("registry:import", pk=batch.pk)
    context = {"form": form, "title": _("上传表格"), "kinds": ImportBatch.Kind.choices}
    return render(request, "registry/import_new.html", context)


def _check(form: UploadForm, request: Request) -> ImportBatch | None:
    file = form.cleaned_data["file"]
    try:
        return check_file(
            kind=form.cleaned_data["kind"],
            name=file.name,
            content=file.read(),
            survey=form.cleaned_data["survey"],
            by=request.user,
        )
    except Unreadable as error:
        form.add_error("file", str(error))
    except ValidationError as error:
        blame(form, error)
    return None


@needs("registry.import")
def page(request: Request, pk: int) -> HttpResponse:
    batch = access.get_import(request.user, pk)
    action = request.GET.get("action", "")
    rows = batch.rows.order_by("number")
    if action in ImportRow.Action.values:
        rows = rows.filter(action=action)
    context = {
        "title": batch.file_name,
        "batch": batch,
        "rows": Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "action": action,
        "actions_known": ImportRow.Action.choices,
        "headers": {column.field: column.header for column in SHEETS[batch.kind]},
    }
    return render(request, "registry/import.html", context)


@needs("registry.import")
def file_template(_request: Request, kind: str) -> HttpResponse:
    if kind not in ImportBatch.Kind.values:
        raise Http404
    return xlsx_response(_("导入模板：%(kind)s") % {"kind": ImportBatch.Kind(kind).label}, template(kind))


@needs("registry.import")
@require_POST
def apply(request: Request, pk: int) -> HttpResponse:
    batch = access.get_import(request.user, pk)
    try:
        done = ask_to_apply(batch=batch, by=request.user)
        if done.state == ImportBatch.State.APPLIED:
            messages.success(request, _("已导入 %(n)s 行。") % {"n": done.total})
        else:
            messages.success(request, _("表格较长，已交后台导入，可在“后台任务”查看进度。"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("registry:import", pk=pk)


@needs("registry.import")
@require_POST
def take_back(request: Request, pk: int) -> HttpResponse:
    batch = access.get_import(request.user, pk)
    try:
        undo(batch=batch, by=request.user)
        messages.success(request, _("导入已撤销，底册回到导入之前。"))
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
    return redirect("registry:import", pk=pk)


@needs("registry.import")
@require_POST
def throw_away(request: Request, pk: int) -> HttpResponse:
    batch = access.get_import(request.user, pk)
    try:
        discard(batch=batch, by=request.user)
        messages.success(request, _("已放弃，没有写入任何内容。"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("registry:imports")
