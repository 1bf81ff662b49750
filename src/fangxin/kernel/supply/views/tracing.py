"""A trace as picture, map, list of steps and the regulator's sheet."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.export import to_xlsx, xlsx_response
from fangxin.kernel.screens.pages import Request
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.supply import access, picture, showing
from fangxin.kernel.supply.data import Direction, Trace
from fangxin.kernel.supply.models import Source, Sureness
from fangxin.kernel.supply.selectors_trace import trace

# A picture of more is no picture. The sheet holds all.
MOST_DRAWN = 2_000
MOST_ON_SHEET = 100_000
VIEWS = ("picture", "map", "steps")


def _asked(request: Request) -> Direction:
    text = request.GET.get("direction", "")
    return Direction(text) if text in {str(one) for one in Direction} else Direction.BOTH


@require_safe
@needs("supply.view")
def page(request: Request, pk: int) -> HttpResponse:
    found = access.get_lot(request.user, pk)
    direction = _asked(request)
    whole = showing.for_person(request.user, trace(found.pk, direction, most=MOST_DRAWN))
    opened = showing.open_lots(request.user, whole)
    names = showing.place_names(request.user, whole, opened)
    view = request.GET.get("view", "")
    context = {
        "title": _("溯源：%(lot)s") % {"lot": found}, "lot": found, "trace": whole, "direction": direction,
        "view": view if view in VIEWS else "picture", "most": MOST_DRAWN,
        "steps": _steps(whole, names, opened), "inferred": sum(link.inferred for link in whole.links),
        "failed": [one for one in whole.lots if one.failed], "places": len(set(names.values())),
        "one_step": not request.user.prefixes("supply.view"),
        "small": len(whole.lots) > 300,
    }  # fmt: skip
    if context["view"] == "picture":
        context["picture"] = picture.draw(whole, names)
        context["opened"] = opened
    elif context["view"] == "map":
        spots, lines = picture.draw_map(whole, names, _where(whole))
        context |= {"spots": spots, "lines": lines, "without": _without_place(whole)}
    return render(request, "supply/trace.html", context)


def _where(whole: Trace) -> dict[int, tuple[float, float]]:
    keys = sorted({lot.premises_id for lot in whole.lots if lot.premises_id is not None})
    rows = registry.Premises.objects.filter(pk__in=keys, latitude__isnull=False)
    found = rows.values_list("pk", "latitude", "longitude")
    return {pk: (lat, lng) for pk, lat, lng in found if lat is not None and lng is not None}


def _without_place(whole: Trace) -> int:
    where = _where(whole)
    return sum(lot.premises_id not in where for lot in whole.lots)


def _steps(whole: Trace, names: dict[int, str], opened: set[int]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Lots by how many steps they are away, the farthest source first: what a phone shows."""
    groups: dict[int, list[dict[str, Any]]] = {}
    for lot in whole.lots:
        groups.setdefault(lot.depth, []).append({"lot": lot, "name": names[lot.id], "open": lot.id in opened})
    return [(_said(depth), groups[depth]) for depth in sorted(groups)]


def _said(depth: int) -> str:
    if depth == 0:
        return _("这一批")
    return _("往前 %(n)s 步") % {"n": -depth} if depth < 0 else _("往后 %(n)s 步") % {"n": depth}


@require_safe
@needs("supply.view")
def sheet(request: Request, pk: int) -> HttpResponse:
    """Every link of the whole trace with both ends, as the regulator hands it on."""
    found = access.get_lot(request.user, pk)
    direction = _asked(request)
    whole = showing.for_person(request.user, trace(found.pk, direction, most=MOST_ON_SHEET))
    names = showing.place_names(request.user, whole, showing.open_lots(request.user, whole))
    headers = [
        "步数", "供货批次", "供货方", "食品", "追溯码", "收货批次", "收货方", "收货方食品", "发出时间", "到达时间", "数量", "单位",
        "依据", "可靠程度", "记录来源", "收货方不合格项目",
    ]  # fmt: skip
    ledger.record(
        "supply.trace.exported", of=found, by=request.user, data={"direction": direction, "lots": len(whole.lots)}
    )
    note = _("%(lot)s，%(n)s 个批次；推断的流转没有直接记录，须核实。") % {"lot": found, "n": len(whole.lots)}
    if whole.cut:
        note += _("批次太多，只列出最近的部分。")
    return xlsx_response(f"溯源表{found.number}", to_xlsx(headers, _lines(whole, names), title="溯源", note=note))


def _lines(whole: Trace, names: dict[int, str]) -> list[list[Any]]:
    lots = {lot.id: lot for lot in whole.lots}
    sources, surenesses = dict(Source.choices), dict(Sureness.choices)
    rows = []
    for link in whole.links:
        a, b = lots[link.from_lot], lots[link.to_lot]
        rows.append([
            b.depth if b.depth > 0 else a.depth, a.number, names[a.id], a.food, a.code, b.number, names[b.id], b.food,
            link.sent_at, link.received_at, link.quantity, showing.unit_name(link.unit), _("推断") if link.inferred else _("有记录"),
            str(surenesses[b.sureness]), str(sources[b.source]), "；".join(b.failed),
        ])  # fmt: skip
    return sorted(rows, key=lambda row: (row[0], row[1], row[5]))
