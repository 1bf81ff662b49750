"""Sheets of results: uploaded, looked at, written or given up."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fangxin.kernel.laboratory import access_results as access
from fangxin.kernel.laboratory import importing
from fangxin.kernel.laboratory.forms.results import UploadForm
from fangxin.kernel.laboratory.models import ResultFile, Test
from fangxin.kernel.laboratory.views.result_lists import FILE_TONES
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.export import to_xlsx, xlsx_response
from fangxin.kernel.screens.pages import Request, blame, form_page, posted
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.sheets import Unreadable


def laboratory_of(user: Any) -> people.Agency:
    """The laboratory in whose name the person enters results."""
    found = people.Agency.objects.filter(pk__in=user.own_agencies("result.enter"), kind="laboratory").first()
    if found is None:
        raise PermissionDenied(_("您的岗位不属于检验机构，不能录入结果。"))
    return found


@require_http_methods(["GET", "POST"])
@needs("result.enter")
def upload(request: Request) -> HttpResponse:
    form = UploadForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        row = _checked(request, form)
        if row is not None:
            return redirect(row)
    return form_page(
        request, form, _("导入结果"), reverse("laboratory:result_files"), submit_label=_("上传并检查"),
        intro=_("必须有“样品编号、检验项目、结果”三列；单位、检出限、定量限、平行号、水分有就填。"),
    )  # fmt: skip


def _checked(request: Request, form: UploadForm) -> ResultFile | None:
    file = form.cleaned_data["file"]
    try:
        return importing.check_file(
            laboratory=laboratory_of(request.user), name=file.name, content=file.read(),
            instrument=form.cleaned_data["instrument"], by=request.user,
        )  # fmt: skip
    except Unreadable as error:
        form.add_error("file", str(error))
    except ValidationError as error:
        blame(form, error)
    return None


@require_safe
@needs("result.enter")
def template(request: Request) -> HttpResponse:
    """The columns, with the items that wait for results filled in."""
    tests = Test.objects.filter(laboratory=laboratory_of(request.user), state=Test.State.ORDERED).order_by("pk")
    rows = [
        (number, analyte, "", "", "", "", str(n), method)
        for number, analyte, method, count in tests.values_list("sample__number", "analyte", "method", "replicates")[
            :5000
        ]
        for n in range(1, count + 1)
    ]
    headers = ["样品编号", "检验项目", "结果", "单位", "检出限", "定量限", "平行号", "检验方法"]
    return xlsx_response("检验结果模板", to_xlsx(headers, rows, title="检验结果"))


@require_safe
@needs("result.enter")
def page(request: Request, pk: int) -> HttpResponse:
    row = access.get_result_file(request.user, pk)
    names = dict(Test.objects.filter(pk__in=[line["test"] for line in row.preview]).values_list("pk", "sample__number"))
    items = dict(Test.objects.filter(pk__in=list(names)).values_list("pk", "analyte"))
    lines = [
        {**line, "sample": names.get(line["test"], ""), "item": items.get(line["test"], "")} for line in row.preview
    ]
    context = {
        "title": row.file_name, "row": row, "tone": FILE_TONES[row.state], "lines": lines,
        "hidden": max(0, row.total - row.faulty - len(lines)), "most": importing.MOST_SHOWN,
    }  # fmt: skip
    return render(request, "laboratory/results/file.html", context)


@require_POST
@needs("result.enter")
def apply(request: Request, pk: int) -> HttpResponse:
    row = access.get_result_file(request.user, pk)
    try:
        importing.ask_to_apply(row=row, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        words = (
            _("正在写入，结果较多，请过一会儿刷新。")
            if row.state == ResultFile.State.APPLYING
            else _("已写入%(n)s行结果，请另一名人员复核。")
        )
        messages.success(request, words % {"n": row.total})
    return redirect(row)


@require_POST
@needs("result.enter")
def discard(request: Request, pk: int) -> HttpResponse:
    row = access.get_result_file(request.user, pk)
    try:
        importing.discard(row=row, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("laboratory:result_files")
