"""What the registry's views share: forms that show a service's reasons, names of townships, columns."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import django_filters
import django_tables2 as tables
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.people import api as people
from fangxin.kernel.screens.lists import ListScreen

T = TypeVar("T")
COUNTY_LENGTH, TOWNSHIP_LENGTH = 6, 9


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


class AreaFilter(django_filters.FilterSet):
    """Narrows a list to a part of the person's divisions: a township, or above the counties a county."""

    township = django_filters.ChoiceFilter(label=_("乡镇（街道）"), method="by_township")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        prefixes = self.request.user.prefixes("registry.view")
        area = self.filters["township"]
        if any(len(prefix) < COUNTY_LENGTH for prefix in prefixes):
            area.label = _("县（市、区）")
        area.extra["choices"] = [pair for prefix in prefixes for pair in _areas(prefix)]

    def by_township(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(people.under(value))


def _areas(prefix: str) -> list[tuple[str, str]]:
    if len(prefix) >= COUNTY_LENGTH:
        return people.townships(prefix)
    return list(people.list_divisions(prefix, length=COUNTY_LENGTH).values_list("code", "name"))


class DayColumn(tables.Column):
    """A day in the form in which people type it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default="—", **options)

    def render(self, value: date) -> str:
        return value.isoformat()


class TownshipColumn(tables.Column):
    """The township's name to a division code of any length, asked for once for all lines that are shown."""

    def __init__(self, **options: Any) -> None:
        super().__init__(accessor="division_code", verbose_name=_("乡镇（街道）"), **options)
        self.names: dict[str, str] | None = None

    def render(self, value: str, table: tables.Table) -> str:
        return self.value(value, table)

    def value(self, value: str, table: tables.Table) -> str:
        if self.names is None:
            self.names = people.division_names(
                {row.division_code[:TOWNSHIP_LENGTH] for row in table.paginated_rows.data}
            )
        return self.names.get(value[:TOWNSHIP_LENGTH], value)
