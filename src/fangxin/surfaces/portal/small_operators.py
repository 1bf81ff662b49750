"""The public list of registered small operators: sign, kind, township, number, valid until. It names no person."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.lists import count_up_to
from fangxin.surfaces.portal.views import for_everybody

KINDS = ("small_workshop_registration", "small_shop_registration", "stall_card")
PAGE_SIZE = 50
MOST_LISTED = 5_000


class ListFilter(forms.Form):
    name = forms.CharField(label=gettext_lazy("名称"), max_length=60, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("证件"), required=False)
    place = forms.ChoiceField(label=gettext_lazy("地方"), required=False)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        labels = [choice for choice in registry.Credential.Kind.choices if choice[0] in KINDS]
        self.fields["kind"].choices = [("", _("全部")), *labels]  # type: ignore[attr-defined]
        self.fields["place"].choices = [("", _("全部")), *places]  # type: ignore[attr-defined]


@for_everybody
def small_operators(request: HttpRequest) -> HttpResponse:
    places = _places()
    form = ListFilter(request.GET or None, places=places)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = _listed(asked)
    counted = count_up_to(rows, MOST_LISTED)
    page = Paginator(rows[:MOST_LISTED], PAGE_SIZE).get_page(request.GET.get("page", "1")[:9])
    names = dict(places)
    context = {
        "title": _("“三小”登记备案公示"),
        "form": form,
        "rows": [(row, names.get(row.division_code[:9], "")) for row in page],
        "page": page,
        "counted": counted,
        "most": MOST_LISTED,
        "query": _kept(asked),
        "day": ledger.clock.today(),
    }
    return render(request, "portal/small_operators.html", context)


def _places() -> list[tuple[str, str]]:
    """Townships; above one county the counties stand in front."""
    day = ledger.clock.today()
    rows = people.divisions_on(day).filter(kind__in=("county", "street", "town", "township")).order_by("code")
    found = list(rows.values_list("code", "name", "kind"))
    counties = [(code, name) for code, name, kind in found if kind == "county"]
    if len(counties) > 1:
        names = dict(counties)
        return [*counties, *((c, f"{names.get(c[:6], '')} {n}".strip()) for c, n, kind in found if kind != "county")]
    return [(code, name) for code, name, kind in found if kind != "county"]


def _listed(asked: dict[str, Any]) -> Any:
    """Papers that hold today, of places that operate; of two papers of one place the newer."""
    day = ledger.clock.today()
    newer = registry.Credential.objects.filter(
        premises=OuterRef("premises"), kind=OuterRef("kind"), issued_on__gt=OuterRef("issued_on"), revoked_on=None,
        issued_on__lte=day,
    )  # fmt: skip
    rows = registry.Credential.objects.filter(
        Q(expires_on=None) | Q(expires_on__gte=day), ~Exists(newer),
        kind__in=[asked["kind"]] if asked.get("kind") else KINDS,
        issued_on__lte=day, revoked_on=None,
        premises__status="operating", premises__merged_into=None,
    ).select_related("premises")  # fmt: skip
    if asked.get("place"):
        rows = rows.filter(people.under(asked["place"]))
    if asked.get("name"):
        rows = rows.filter(premises__name__icontains=asked["name"].strip())
    return rows.order_by("division_code", "expires_on", "pk")


def _kept(asked: dict[str, Any]) -> str:
    return urlencode({name: value for name, value in asked.items() if value})
