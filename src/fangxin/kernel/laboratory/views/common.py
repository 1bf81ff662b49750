"""What the pages of sampling share: lists, columns, filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.laboratory.templatetags.sampling import TONES
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.export import attachment
from fangxin.kernel.screens.fields import LARGEST_KEY
from fangxin.kernel.screens.pages import Request
from fangxin.kernel.screens.templatetags.screens import badge

ONE_LINE = {"td": {"class": "text-nowrap"}}
# Shown in the page; everything else is handed over as a file and never opened by the browser.
SHOWN = ("image/jpeg", "image/png", "image/webp")


class StateColumn(tables.Column):
    def render(self, value: Any, record: Any) -> str:
        return badge(value, TONES.get(getattr(record, self.accessor), "plain"))

    def value(self, value: Any) -> Any:
        return value


class TownFilter(filters.FilterSet):
    """Narrows a list to a township of the person's divisions."""

    town = filters.ChoiceFilter(label=_("乡镇（街道）"), method="by_town", empty_label=_("全部"))
    reach = "sample.view"
    division_field = "division_code"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        prefixes = self.request.user.prefixes(self.reach)
        if prefixes:
            self.filters["town"].extra["choices"] = [pair for prefix in prefixes for pair in people.townships(prefix)]
        else:
            del self.filters["town"]

    def by_town(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(people.under(value, self.division_field))


def keys_from(request: Request, most: int = 500) -> list[int]:
    """Ticked rows, as keys; what cannot be a key is left out."""
    texts = request.POST.getlist("chosen")[:most]
    return [int(t) for t in texts if t.isascii() and t.isdecimal() and len(t) < 20 and 0 < int(t) <= LARGEST_KEY]


def names_of(*usernames: str) -> dict[str, str]:
    """What the people behind accounts are called."""
    wanted = {name for name in usernames if name}
    return dict(people.User.objects.filter(username__in=wanted).values_list("username", "name"))


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
