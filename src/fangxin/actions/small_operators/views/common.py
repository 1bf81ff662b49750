"""What the views of this action share: acts on one thing, forms that show a service's reasons, columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.people import api as people
from fangxin.kernel.screens.lists import ListScreen

T = TypeVar("T")
TOWNSHIP_LENGTH = 9
Words = str | Promise


class Request(HttpRequest):
    """A request of somebody signed in: the middleware lets nobody else come this far."""

    user: Any


class Listing(ListScreen):
    request: Request


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done with one thing: a button, or a form of its own."""

    name: str
    label: Words
    icon: str
    run: Callable[[Any, Any, Mapping[str, Any]], Any]
    form: Callable[[Any, Any, Any], forms.Form] | None = None
    ask: Words = ""
    done: Words = ""
    intro: Words = ""


def act_on(request: Request, row: Any, acts: Mapping[str, Act], allowed: list[str], name: str) -> HttpResponse:
    """Do one act with a thing, or show its form. What is refused is said on the form, or back on the thing's page."""
    if name not in allowed:
        raise PermissionDenied(
            _("现在的状态或者您的岗位不能办理这一步。请回到“%(what)s”页面，查看可以办理的步骤。") % {"what": row}
        )
    act = acts[name]
    form = act.form(request, row, request.user) if act.form else forms.Form(given(request)[0])
    if request.method == "POST" and form.is_valid():
        try:
            act.run(row, request.user, form.cleaned_data)
        except ValidationError as error:
            if act.form is None:
                messages.error(request, " ".join(error.messages))
                return redirect(row.get_absolute_url())
            blame(form, error)
        else:
            messages.success(request, str(act.done or _("已办理。")))
            return redirect(row.get_absolute_url())
    title = f"{act.label}：{row}"
    return form_page(request, form, title, row.get_absolute_url(), submit_label=act.label, intro=act.intro)


def given(request: Request) -> tuple[Any, Any]:
    """What was sent, also when nothing was filled in; nothing when the page is only asked for."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def form_page(request: Request, form: Any, title: Any, back_url: str, **more: Any) -> HttpResponse:
    return render(request, "screens/form.html", {"form": form, "title": title, "back_url": back_url, **more})


def saved(form: Any, write: Callable[[], T]) -> T | None:
    """What the service made, or None with its reasons on the form."""
    if not form.is_valid():
        return None
    try:
        return write()
    except ValidationError as error:
        blame(form, error)
        return None


def blame(form: forms.BaseForm, error: ValidationError) -> None:
    """Reasons for fields that the form does not show belong to the form as a whole."""
    known = not hasattr(error, "error_dict") or set(error.error_dict) <= set(form.fields)
    form.add_error(None, error if known else ValidationError(error.messages))


class AreaFilter(django_filters.FilterSet):
    """Narrows a list to a township of the person's divisions."""

    township = django_filters.ChoiceFilter(label=gettext_lazy("乡镇（街道）"), method="by_township")
    ability = "small.view"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        prefixes = self.request.user.prefixes(self.ability)
        towns = [pair for prefix in prefixes for pair in people.townships(prefix)]
        self.filters["township"].extra["choices"] = towns

    def by_township(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(people.under(value))


class DayColumn(tables.Column):
    """A day in the form in which people type it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default="—", attrs={"td": {"class": "text-nowrap"}}, **options)

    def render(self, value: date) -> str:
        return value.isoformat()


class TownshipColumn(tables.Column):
    """The township's name to a division code, asked for once for all lines that are shown."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("accessor", "division_code")
        super().__init__(verbose_name=gettext_lazy("乡镇（街道）"), **options)
        self.names: dict[str, str] | None = None

    def render(self, value: str, table: tables.Table) -> str:
        return self.value(value, table)

    def value(self, value: str, table: tables.Table) -> str:
        if self.names is None:
            # Of all the person's townships: an export has more lines than a page.
            prefixes = {post.division_code for post in table.request.user.posts_today}
            self.names = dict(pair for prefix in prefixes for pair in people.townships(prefix))
        return self.names.get(value[:TOWNSHIP_LENGTH], value)
