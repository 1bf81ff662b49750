"""What the views of this action share: lists, acts on one thing, files."""

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

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, blame, form_page, posted

Words = str | Promise
BANDS = {"high": "bad", "medium": "warn", "low": "plain"}


class Listing(ListScreen):
    request: Request


class AreaFilter(django_filters.FilterSet):
    """Narrows a list to a township of the person's divisions."""

    township = django_filters.ChoiceFilter(label=gettext_lazy("乡镇（街道）"), method="by_township")
    ability = "import.lists"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        prefixes = self.request.user.prefixes(self.ability)
        towns = [pair for prefix in prefixes for pair in people.townships(prefix)]
        self.filters["township"].extra["choices"] = towns

    def by_township(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(people.under(value))


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done with one thing: a button, or a form of its own."""

    name: str
    label: Words
    icon: str
    run: Callable[[Any, Any, Mapping[str, Any]], Any]
    form: Callable[[Any, Any, Any], forms.Form] | None = None
    ask: Words = ""
    intro: Words = ""
    undoes: bool = False  # takes something back: never the button that stands out


def acts_by_name(*acts: Act) -> dict[str, Act]:
    return {act.name: act for act in acts}


def plain(form: type[forms.Form]) -> Callable[[Any, Any, Any], forms.Form]:
    return lambda request, _row, _user: form(*posted(request))


def act_on(request: Request, row: Any, acts: Mapping[str, Act], allowed: list[str], name: str) -> HttpResponse:
    """Do one act with a thing, or show its form. What is refused is said on the form, or back on the thing's page."""
    if name not in acts or name not in allowed:
        raise PermissionDenied(
            _("现在的状态或者您的岗位不能办理这一步。请回到“%(what)s”页面，查看可以办理的步骤。") % {"what": row}
        )
    act = acts[name]
    if act.form is None and request.method != "POST":
        return redirect(row.get_absolute_url())
    form = act.form(request, row, request.user) if act.form else forms.Form(posted(request)[0])
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


def kept(file: Any, by: Any) -> Any:
    """An uploaded file as evidence; None where nothing was sent."""
    return ledger.store_evidence(name=file.name, content=file.read(), by=by) if file else None


def with_evidence(values: Mapping[str, Any], by: Any) -> dict[str, Any]:
    """The cleaned form with its file turned into evidence."""
    found = dict(values)
    file = found.pop("file", None)
    return {**found, "evidence": kept(file, by)}
