"""What the registry's views share: forms that show a service's reasons, names of townships, columns."""

from collections.abc import Callable
from typing import Any, TypeVar

import django_tables2 as tables
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.people import api as people
from fangxin.kernel.screens.lists import ListScreen

T = TypeVar("T")


class Request(HttpRequest):
    """A request of somebody signed in: the middleware lets nobody else come this far."""

    user: Any


class Listing(ListScreen):
    request: Request


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


def blame(form: Form, error: ValidationError) -> None:
    """Reasons for fields that the form does not show belong to the form as a whole."""
    known = not hasattr(error, "error_dict") or set(error.error_dict) <= set(form.fields)
    form.add_error(None, error if known else ValidationError(error.messages))


def township_names(request: Request) -> dict[str, str]:
    """Names of the townships of the person's divisions, asked for once a request."""
    known: dict[str, str] | None = getattr(request, "registry_townships", None)
    if known is None:
        known = {}
        for prefix in request.user.prefixes("registry.view"):
            known.update(people.townships(prefix))
        request.registry_townships = known  # type: ignore[attr-defined]
    return known


class DayColumn(tables.DateColumn):
    """A day in the form in which people type it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="Y-m-d", default="—", **options)


class TownshipColumn(tables.Column):
    """The township's name to a division code of any length."""

    def __init__(self, **options: Any) -> None:
        super().__init__(accessor="division_code", verbose_name=_("乡镇（街道）"), **options)

    def render(self, value: str, table: tables.Table) -> str:
        return self.value(value, table)

    def value(self, value: str, table: tables.Table) -> str:
        return township_names(table.request).get(value[:9], value)
