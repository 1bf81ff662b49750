"""What everybody may know of inspections: published results by place, and published draws with their file."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.engines import sampling
from fangxin.kernel.fieldwork import api as fieldwork
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.export import attachment
from fangxin.surfaces.portal.views import for_everybody

MOST_FOUND = 30
MOST_SHOWN = 20
KINDS = dict(registry.Premises.Kind.choices)


class FindForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("店名、证号或底册编号"), min_length=2, max_length=60,
        help_text=gettext_lazy("写店名里的几个字就可以。"),
    )  # fmt: skip


@for_everybody
def results(request: HttpRequest) -> HttpResponse:
    """Places with published results, by name or number."""
    form = FindForm(request.GET or None)
    asked = form.is_valid()
    found = _places(form.cleaned_data["q"]) if asked else []
    context = {"title": _("检查结果公开"), "form": form, "asked": asked, "found": found, "most": MOST_FOUND}
    return render(request, "portal/results.html", context)


def _places(text: str) -> list[dict[str, Any]]:
    """The newest published result of every place that fits."""
    rows = registry.find_premises(registry.Premises.objects.filter(merged_into=None), text)
    keys = list(rows.order_by().values_list("pk", flat=True)[: 10 * MOST_FOUND])
    published = fieldwork.public_results(ledger.clock.today()).filter(premises__in=keys).select_related("premises")
    newest: dict[int, Any] = {}
    for one in published[: 10 * MOST_FOUND]:
        newest.setdefault(one.premises_id, one)
    return [
        {"number": one.premises.number, "result": fieldwork.public_result(one)}
        for one in list(newest.values())[:MOST_FOUND]
    ]


@for_everybody
def results_of(request: HttpRequest, number: str) -> HttpResponse:
    """One place: what was found, when, by whom, and which items failed."""
    premises = registry.Premises.objects.filter(number=number, merged_into=None).first() if _plain(number) else None
    rows = fieldwork.public_results(ledger.clock.today(), premises=premises)[:MOST_SHOWN] if premises else ()
    found = [fieldwork.public_result(one) for one in rows]
    if premises is None or not found:
        raise Http404(_("没有找到这个场所的公开检查结果。可能还没有公开，也可能编号抄错了。"))
    context = {
        "title": premises.name,
        "kind": KINDS.get(premises.kind, ""),
        "address": premises.address,
        "newest": found[0],
        "earlier": found[1:],
    }
    return render(request, "portal/results_of.html", context)


def _plain(text: str) -> bool:
    return len(text) <= 20 and text.isascii() and text.isprintable()


@for_everybody
def draws(request: HttpRequest) -> HttpResponse:
    rows = fieldwork.public_draws(ledger.clock.today()).order_by("-published_at", "-pk")[: 5 * MOST_SHOWN]
    return render(request, "portal/draws.html", {"title": _("双随机抽取公开"), "draws": rows})


def _draw(number: str) -> Any:
    rows = fieldwork.public_draws(ledger.clock.today())
    found = rows.filter(number=number).first() if _plain(number) else None
    if found is None or found.result is None:
        raise Http404(_("没有这次公开的抽取。请从公开清单里打开。"))
    return found


@for_everybody
def draw(request: HttpRequest, number: str) -> HttpResponse:
    """Who was drawn, with which chance. Inspectors stand in the file by number, never by name."""
    found = _draw(number)
    values = _values(found)
    names = {target["id"]: target.get("name", "") for target in values["plan"]["targets"]}
    drawn = [
        {"order": one["order"], "name": names[one["id"]], "chance": f"{float(one['probability_decimal']) * 100:.1f}%"}
        for one in sorted((t for t in values["targets"] if t["drawn"]), key=lambda t: t["order"])
    ]
    context = {
        "title": found.title, "draw": found, "drawn": drawn, "listed": len(values["targets"]),
        "algorithm": values["algorithm"],
    }  # fmt: skip
    return render(request, "portal/draw.html", context)


def _content(found: Any) -> bytes:
    try:
        return ledger.read_evidence(found.result)
    except (OSError, ValueError):
        raise Http404(_("文件不在或者已经损坏，请向组织单位反映。")) from None


def _values(found: Any) -> dict[str, Any]:
    values: dict[str, Any] = sampling.parse_json(_content(found))
    return values


@for_everybody
def draw_file(request: HttpRequest, number: str) -> HttpResponse:
    """The whole draw, so that anybody can draw again and compare."""
    found = _draw(number)
    response = HttpResponse(_content(found), content_type="application/json")
    response.headers["Content-Disposition"] = attachment(f"{found.number}.json")
    return response
