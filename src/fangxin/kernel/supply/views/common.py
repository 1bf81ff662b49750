"""What the pages of supply share: lists, columns, filters."""

from collections.abc import Callable
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.export import attachment
from fangxin.kernel.screens.pages import saved
from fangxin.kernel.screens.templatetags.screens import badge
from fangxin.kernel.supply.showing import unit_name

ONE_LINE = {"td": {"class": "text-nowrap"}}
TONES = {
    "open": "good", "stopped": "bad", "undone": "plain", "kept": "good", "sent": "warn", "received": "good",
    "closed": "plain", "cancelled": "plain", "checked": "warn", "applied": "good", "waiting": "warn", "accepted": "warn", "done": "good", "failed": "bad",
}  # fmt: skip
SHOWN = ("image/jpeg", "image/png", "image/webp")


class StateColumn(tables.Column):
    def render(self, value: Any, record: Any) -> str:
        return badge(value, TONES.get(getattr(record, self.accessor), "plain"))

    def value(self, value: Any) -> Any:
        return value


class AmountColumn(tables.Column):
    """A quantity with its unit; nothing where none is known."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"accessor": "quantity", "verbose_name": gettext_lazy("数量"), "default": "—",
               "attrs": {"td": {"class": "number text-nowrap"}, "th": {"class": "number"}}, **options}
        )  # fmt: skip

    def render(self, value: Any, record: Any) -> str:
        return f"{plain(value)} {unit_name(record.unit)}".strip()

    def value(self, value: Any) -> Any:
        return value


class TownFilter(filters.FilterSet):
    """Narrows a list to a township of the person's divisions."""

    town = filters.ChoiceFilter(label=gettext_lazy("乡镇（街道）"), method="by_town", empty_label=gettext_lazy("全部"))
    days: tuple[str, ...] = ("since", "until")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        prefixes = self.request.user.prefixes("supply.view")
        if prefixes:
            self.filters["town"].extra["choices"] = [pair for prefix in prefixes for pair in people.townships(prefix)]
        else:
            del self.filters["town"]
        for name in self.days:
            self.form.fields[name].widget.input_type = "date"

    def by_town(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(people.under(value))


def plain(value: Any) -> str:
    """A number without a tail of zeros."""
    return "" if value is None else f"{value.normalize():f}"


def done(form: Any, write: Callable[[], Any]) -> bool:
    """Whether the service did it; if not, its reasons are on the form."""
    return saved(form, write) is not None


def hand_over_file(file: Any, name: str) -> HttpResponse:
    """Pictures are shown; everything else is saved by the browser and never opened."""
    try:
        content = ledger.read_evidence(file)
    except (OSError, ValueError):
        raise Http404(_("文件不在或者已经损坏，请联系管理员从备份恢复。")) from None
    response = HttpResponse(content, content_type=file.media_type)
    if file.media_type not in SHOWN:
        response.headers["Content-Disposition"] = attachment(name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
