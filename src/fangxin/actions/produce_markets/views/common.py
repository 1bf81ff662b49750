"""What the views of this action share: acts on one thing, lists narrowed to a township, who may write."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.produce_markets import access
from fangxin.actions.produce_markets.models import Market
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, blame, form_page, posted, saved

Words = str | Promise
STATE_TONES = {
    "admitted": "good", "isolated": "warn", "refused": "bad", "withdrawn": "bad", "undone": "plain",
}  # fmt: skip
GRADE_TONES = {"A": "good", "B": "info", "C": "warn", "D": "bad"}


class Listing(ListScreen):
    request: Request


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done with one thing: a button, or a form of its own."""

    name: str
    label: Words
    icon: str
    run: Callable[[Any, Any, Mapping[str, Any]], Any]
    form: Callable[[Any, Any], forms.Form] | None = None
    ask: Words = ""
    intro: Words = ""


def act_on(request: Request, row: Any, acts: Mapping[str, Act], allowed: list[str], name: str) -> HttpResponse:
    """Do one act with a thing, or show its form. What is refused is said on the form, or back on the thing's page."""
    if name not in allowed:
        raise PermissionDenied(
            _("现在的状态或者您的岗位不能办理这一步。请回到“%(what)s”页面，查看可以办理的步骤。") % {"what": row}
        )
    act = acts[name]
    form = act.form(request, row) if act.form else forms.Form(posted(request)[0])
    if request.method == "POST" and form.is_valid():
        try:
            act.run(row, request.user, form.cleaned_data)
        except ValidationError as error:
            if act.form is None:
                messages.error(request, " ".join(error.messages))
                return redirect(row.get_absolute_url())
            blame(form, error)
        else:
            messages.success(request, _("已办理。"))
            return redirect(row.get_absolute_url())
    title = f"{act.label}：{row}"
    return form_page(request, form, title, row.get_absolute_url(), submit_label=act.label, intro=act.intro)


def plain(form: type[forms.Form]) -> Callable[[Any, Any], forms.Form]:
    """A form that needs nothing but what was sent."""
    return lambda request, _row: form(*posted(request))


def one_form(
    request: Request, form: Any, write: Callable[[], Any], *, title: Words, back: str, done: Words = "", **more: Any
) -> HttpResponse:
    """The page of one form that writes something and then leads back."""
    if request.method == "POST" and saved(form, write) is not None:
        messages.success(request, str(done or _("已登记。")))
        return redirect(back)
    return form_page(request, form, title, back, **more)


def market_to_run(user: Any, pk: int) -> Market:
    market = access.get_market(user, pk)
    if not access.may_run(user, market):
        raise PermissionDenied(_("这个市场由开办者或者监管部门登记，您的岗位只能查看。"))
    return market


class AreaFilter(django_filters.FilterSet):
    """Narrows a list to a township of the person's divisions."""

    township = django_filters.ChoiceFilter(label=gettext_lazy("乡镇（街道）"), method="by_township")
    ability = "market.view"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        prefixes = self.request.user.prefixes(self.ability)
        towns = [pair for prefix in prefixes for pair in people.townships(prefix)]
        self.filters["township"].extra["choices"] = towns

    def by_township(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(people.under(value))
