"""A dealer's book as a sheet: handed in, looked at, taken over."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fangxin.actions.farm_inputs import access_inputs as access
from fangxin.actions.farm_inputs import forms_inputs as own_forms
from fangxin.actions.farm_inputs.models import LedgerSheet
from fangxin.actions.farm_inputs.services import sheets
from fangxin.actions.farm_inputs.views.dealers import may_keep_book, to_keep
from fangxin.kernel.screens.export import to_xlsx, xlsx_response
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs

SHOWN = 500


@needs("inputs.view")
def hand_in(request: Request, pk: int) -> HttpResponse:
    dealer = to_keep(request.user, pk)
    form = own_forms.SheetForm(*posted(request))
    if request.method == "POST":
        made = saved(form, lambda: _keep(form, dealer, request.user))
        if made is not None:
            return redirect(made)
    title = _("上传台账表格：%(name)s") % {"name": dealer.name}
    return form_page(request, form, title, dealer.get_absolute_url(), submit_label=_("上传并核对"))


def _keep(form: own_forms.SheetForm, dealer: object, by: object) -> LedgerSheet:
    file = form.cleaned_data["file"]
    return sheets.hand_in(dealer=dealer, name=file.name, content=file.read(), by=by)  # type: ignore[arg-type]


@needs("inputs.view")
def page(request: Request, pk: int) -> HttpResponse:
    sheet = access.get_sheet(request.user, pk)
    rows, refused = [], ""
    if sheet.state == LedgerSheet.State.READ:
        try:
            rows = sheets.preview(sheet)
        except ValidationError as error:
            refused = " ".join(error.messages)
    wrong = [row for row in rows if row.faults or row.problems]
    context = {
        "title": sheet.name,
        "sheet": sheet,
        "refused": refused,
        "good": sum(row.entry is not None for row in rows),
        "faults": sum(row.entry is None for row in rows),
        "problems": sum(bool(row.problems) for row in rows),
        "wrong": wrong[:SHOWN],
        "more": max(len(wrong) - SHOWN, 0),
        "may_keep": may_keep_book(request.user, sheet.dealer),
    }
    return render(request, "farm_inputs/sheet.html", context)


@require_POST
@needs("inputs.view")
def act(request: Request, pk: int, name: str) -> HttpResponse:
    sheet = access.get_sheet(request.user, pk)
    to_keep(request.user, sheet.dealer_id)
    if name not in ("load", "drop"):
        raise Http404
    try:
        if name == "load":
            sheets.take_over(sheet=sheet, by=request.user)
            messages.success(request, _("已入账 %(n)s 行。") % {"n": sheet.lines})
        else:
            sheets.drop(sheet=sheet, by=request.user)
            messages.success(request, _("已放弃这张表格，没有入账。"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(sheet)
    return redirect(sheet.dealer)


@needs("inputs.view")
def template(request: Request) -> HttpResponse:
    headers, rows = sheets.template_rows()
    return xlsx_response(_("农资进销台账模板"), to_xlsx(headers, rows, title=_("台账")))
