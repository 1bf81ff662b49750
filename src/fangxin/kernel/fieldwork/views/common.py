"""What the pages of fieldwork share: columns, filters, people to choose from."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from fangxin.kernel.fieldwork.templatetags.fieldwork import TONES
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.export import attachment
from fangxin.kernel.screens.pages import Request
from fangxin.kernel.screens.templatetags.screens import badge

LARGEST_KEY = 2**63 - 1
ONE_LINE = {"td": {"class": "text-nowrap"}}
WIDE = {"td": {"class": "wide"}}
MOST_FOUND = 10
# Shown in the page; everything else is handed over as a file and never opened by the browser.
SHOWN = ("image/jpeg", "image/png", "image/webp")


def back_to(record: Any) -> HttpResponse:
    return redirect(record.get_absolute_url())


def number_from(text: str | None) -> int | None:
    """A key out of an address, or None when it cannot be one."""
    if not text or not text.isascii() or not text.isdecimal() or not 0 < int(text[:20]) <= LARGEST_KEY:
        return None
    return int(text)


def keys_from(request: Request, name: str = "chosen", most: int = 500) -> list[int]:
    """Ticked rows, as keys."""
    found = [number_from(text) for text in request.POST.getlist(name)[:most]]
    return [key for key in found if key is not None]


def premises_from(request: Request) -> Any:
    """The place named in the address or the form, if the person may see it; a wrong one is not found."""
    text = request.POST.get("premises") or request.GET.get("premises")
    if not text:
        return None
    key = number_from(text)
    if key is None:
        raise Http404
    return registry.get_premises(request.user, key)


def find_box(request: Request) -> dict[str, Any]:
    """What the search for a place shows: the text and the first places found."""
    text = request.GET.get("find", "").replace("\0", "").strip()[:100]
    if not text:
        return {"find": "", "found": []}
    rows = registry.find_premises(registry.list_premises(request.user), text)
    return {"find": text, "found": list(rows[:MOST_FOUND])}


INSPECTING = ("inspector", "department", "township")


def people_of(prefixes: list[str], *, near: Any = None) -> "QuerySet[Any]":
    """Accounts that may inspect in these divisions: whoever holds such a post there, or above, today.

    Colleagues of `near` come first.
    """
    day = ledger.clock.today()
    reach = Q(pk__in=[])
    for prefix in prefixes:
        above = [prefix[:length] for length in (2, 4, 6, 9) if length < len(prefix)]
        reach |= people.under(prefix) | Q(division_code__in=above)
    current = Q(ends_on=None) | Q(ends_on__gte=day)
    posts = people.Post.objects.filter(reach, current, starts_on__lte=day, role__in=INSPECTING)
    agencies = near.own_agencies("inspection.view") if near is not None else []
    close = Exists(posts.filter(user=OuterRef("pk"), agency__in=agencies))
    users = people.User.objects.filter(pk__in=posts.values("user_id"), is_active=True)
    return users.annotate(close=close).order_by("-close", "name", "pk")


def names_of(*usernames: str) -> dict[str, str]:
    """What the people behind accounts are called."""
    wanted = {name for name in usernames if name}
    return dict(people.User.objects.filter(username__in=wanted).values_list("username", "name"))


def hand_over(file: Any, name: str, *, download: bool = False) -> HttpResponse:
    """Evidence of a page: pictures are shown, everything else is saved by the browser and never opened."""
    try:
        content = ledger.read_evidence(file)
    except (OSError, ValueError):
        raise Http404(_("文件不在或者已经损坏，请联系管理员从备份恢复。")) from None
    response = HttpResponse(content, content_type=file.media_type)
    if download or file.media_type not in SHOWN:
        response.headers["Content-Disposition"] = attachment(name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


class TownFilter(filters.FilterSet):
    """Narrows a list to a township of the person's divisions."""

    town = filters.ChoiceFilter(label=_("乡镇（街道）"), method="by_town", empty_label=_("全部"))
    reach = "inspection.view"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        prefixes = self.request.user.prefixes(self.reach)
        if prefixes:
            self.filters["town"].extra["choices"] = [pair for prefix in prefixes for pair in people.townships(prefix)]
        else:
            del self.filters["town"]
        for name in getattr(self, "hidden", ()):
            self.form.fields[name].widget = self.form.fields[name].hidden_widget()

    def by_town(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(people.under(value))


class StateColumn(tables.Column):
    def render(self, value: Any, record: Any) -> str:
        return badge(value, TONES.get(getattr(record, self.accessor), "plain"))

    def value(self, value: Any) -> Any:
        return value
