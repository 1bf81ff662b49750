"""Files of scales, trace systems and carriers: handed in, and what was not taken."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fangxin.actions.produce_markets import access
from fangxin.actions.produce_markets import forms as own_forms
from fangxin.actions.produce_markets.models import DataFile
from fangxin.actions.produce_markets.services import files
from fangxin.actions.produce_markets.views.common import market_to_run
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs


@needs("market.view")
def file_new(request: Request, pk: int) -> HttpResponse:
    market = market_to_run(request.user, pk)
    form = own_forms.FileForm(*posted(request))
    if request.method == "POST":
        made = saved(form, lambda: _take_in(market, form.cleaned_data, request.user))
        if made is not None:
            return redirect(made)
    lines = [
        f"{label}：{'、'.join(column.header + ('*' if column.required else '') for column in files.COLUMNS[kind])}"
        for kind, label in DataFile.Kind.choices
    ]
    intro = _("表头（带*的必有）：%(what)s") % {"what": "；".join(lines)}
    return form_page(
        request, form, _("上传数据：%(name)s") % {"name": market}, market.get_absolute_url(), intro=intro,
        submit_label=_("上传并入账"),
    )  # fmt: skip


def _take_in(market: Any, values: dict[str, Any], user: Any) -> DataFile:
    file = values["file"]
    return files.take_in(market=market, kind=values["kind"], name=file.name, content=file.read(), by=user)


@needs("market.view")
def file_page(request: Request, pk: int) -> HttpResponse:
    row = access.get_file(request.user, pk)
    context = {
        "title": row.name,
        "row": row,
        "lines": row.lines.select_related("entry").order_by("-at", "-pk")[:100],
    }
    return render(request, "produce_markets/file.html", context)
