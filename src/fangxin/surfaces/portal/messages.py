"""What the county tells everybody about food: tips, warnings it was authorised to publish, rumours cleared up."""

from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.monitoring import api as monitoring
from fangxin.surfaces.portal.views import for_everybody

PAGE_SIZE = 20


class WordsForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("标题或者内容"), max_length=60, required=False)


@for_everybody
def messages(request: HttpRequest) -> HttpResponse:
    form = WordsForm(request.GET or None)
    text = form.cleaned_data["q"].strip() if form.is_valid() else ""
    rows = monitoring.public_messages()
    if text:
        rows = rows.filter(Q(topic__icontains=text) | Q(text__icontains=text))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page", "1")[:9])
    context = {
        "title": _("食品安全提示"), "form": form, "page": page, "query": urlencode({"q": text}) if text else "",
        "rows": [(row, monitoring.kind_label(row.kind)) for row in page],
    }  # fmt: skip
    return render(request, "portal/messages.html", context)


@for_everybody
def message(request: HttpRequest, number: str) -> HttpResponse:
    row = monitoring.public_messages().filter(number=number[:20]).first()
    if row is None:
        raise Http404
    return render(
        request, "portal/message.html", {"title": row.topic, "row": row, "kind": monitoring.kind_label(row.kind)}
    )
