"""Published results of food sampling, conforming and not. What is contested is not shown until it is decided."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.laboratory import api as laboratory
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.lists import count_up_to
from fangxin.surfaces.portal.views import for_everybody

PAGE_SIZE = 30
MOST_LISTED = 5_000


class TestsForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("食品或者单位名称"), max_length=60, required=False)
    outcome = forms.ChoiceField(
        label=gettext_lazy("结论"), required=False,
        choices=[("", gettext_lazy("全部")), ("nonconforming", gettext_lazy("不合格")), ("conforming", gettext_lazy("合格"))],
    )  # fmt: skip


@for_everybody
def tests(request: HttpRequest) -> HttpResponse:
    form = TestsForm(request.GET or None)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    rows = laboratory.public_tests(ledger.clock.today())
    if asked.get("q"):
        text = asked["q"].strip()
        rows = rows.filter(Q(sample__food__icontains=text) | Q(sample__subject_name__icontains=text))
    if asked.get("outcome"):
        rows = rows.filter(conclusion__outcome=asked["outcome"])
    counted = count_up_to(rows, MOST_LISTED)
    page = Paginator(rows[:MOST_LISTED], PAGE_SIZE).get_page(request.GET.get("page", "1")[:9])
    context = {
        "title": _("食品抽检结果公布"),
        "form": form,
        "rows": [laboratory.public_test(row) for row in page],
        "page": page,
        "counted": counted,
        "most": MOST_LISTED,
        "query": urlencode({name: value for name, value in asked.items() if value}),
    }
    return render(request, "portal/tests.html", context)
