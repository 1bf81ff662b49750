"""The board: every goal of the plan as a figure."""

from collections import Counter
from itertools import groupby
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fangxin.kernel.contributing.data import Lead
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.export import to_xlsx, xlsx_response
from fangxin.kernel.screens.permission import needs
from fangxin.oversight.board import words
from fangxin.oversight.board.data import IndicatorFigure
from fangxin.oversight.board.definitions import ACTIONS, action_title
from fangxin.oversight.board.forms import BoardFilter
from fangxin.oversight.board.leads import leads
from fangxin.oversight.board.models import STATUSES
from fangxin.oversight.board.selectors import figures, frozen_points
from fangxin.oversight.board.views.scope import Scope, scope_of

NUMBERS = {label: str(number) for number, label in ACTIONS.items()}


@require_GET
@needs("board.view")
def home(request: HttpRequest, action: str = "") -> HttpResponse:
    scope = scope_of(request)
    led = leads(scope.division_code)
    asked = request.GET.dict() | ({"action": NUMBERS[action]} if action else {})
    agencies = sorted({(str(lead.agency_id), lead.agency) for lead in led.values()})
    form = BoardFilter(
        {**asked, "as_of": scope.as_of.isoformat(), "division": scope.division_code},
        divisions=scope.divisions, agencies=agencies,
    )  # fmt: skip
    form.is_valid()
    every = figures(scope.division_code, scope.as_of)
    chosen = [figure for figure in every if _matches(figure, form.cleaned_data, led)]
    if request.GET.get("_export") == "xlsx":
        return _export(request, scope, chosen, led)
    points = frozen_points(scope.division_code, {f.code: f.definition for f in chosen}, scope.as_of)
    context = {
        "title": apps.get_app_config(action).verbose_name if action else _("目标看板"),
        "scope": scope,
        "form": form,
        "groups": _groups(chosen, points, led),
        "counts": _counts(chosen),
        "total": len(chosen),
        "action_label": action,
    }
    return render(request, "board/home.html", context)


def _matches(figure: IndicatorFigure, asked: dict[str, Any], led: dict[int, Lead]) -> bool:
    definition = figure.definition
    if asked.get("action") and str(definition.action or 0) != asked["action"]:
        return False
    if asked.get("agency"):
        lead = led.get(definition.action or 0)
        if lead is None or str(lead.agency_id) != asked["agency"]:
            return False
    if asked.get("status") and figure.status != asked["status"]:
        return False
    return not asked.get("kind") or definition.kind == asked["kind"]


def _groups(chosen: list[IndicatorFigure], points: dict[str, list[Any]], led: dict[int, Lead]) -> list[dict[str, Any]]:
    groups = []
    ordered = sorted(chosen, key=lambda f: f.definition.action or 99)  # the order inside an action stays
    for number, members in groupby(ordered, key=lambda f: f.definition.action):
        rows = [{"figure": f, "points": [*(v for _s, v in points.get(f.code, [])), f.value]} for f in members]
        title = action_title(number) or _("贯穿各项行动")
        groups.append({"number": number, "title": title, "lead": led.get(number or 0), "rows": rows})
    return groups


def _counts(chosen: list[IndicatorFigure]) -> list[tuple[str, int]]:
    """How many stand how, in the order of the statuses."""
    order = list(STATUSES)
    ordered = sorted(chosen, key=lambda f: order.index(f.status))
    return list(Counter(words.status_words(f)[0] for f in ordered).items())


def _export(request: HttpRequest, scope: Scope, chosen: list[IndicatorFigure], led: dict[int, Lead]) -> HttpResponse:
    headers = [
        _("行动"), _("牵头单位"), _("编号"), _("指标"), _("分子"), _("分母"), _("数值"), _("单位"), _("目标"),
        _("状态"), _("填报单位"), _("填报分子"), _("填报分母"), _("填报数值"), _("填报已核实"), _("公式版本"),
    ]  # fmt: skip
    rows = [_export_row(figure, led) for figure in chosen]
    note = _("%(place)s，截至 %(day)s，导出时间 %(now)s") % {
        "place": scope.division_name, "day": scope.as_of, "now": f"{ledger.clock.now():%Y-%m-%d %H:%M}",
    }  # fmt: skip
    ledger.record(
        "board.exported", of=None, by=request.user, data={"division": scope.division_code, "as_of": scope.as_of}
    )
    return xlsx_response(f"{_('目标看板')} {scope.as_of}", to_xlsx(headers, rows, title=_("目标看板"), note=note))


def _lead(led: dict[int, Lead], number: int | None) -> str:
    return led[number].agency if number in led else ""


def _export_row(figure: IndicatorFigure, led: dict[int, Lead]) -> list[Any]:
    definition, typed = figure.definition, figure.typed
    beside = [None] * 5
    if typed is not None:
        accepted = _("是") if typed.accepted else _("否")
        beside = [typed.agency, typed.figure.numerator, typed.figure.denominator, typed.value, accepted]
    return [
        action_title(definition.action), _lead(led, definition.action), figure.code, figure.name,
        figure.numerator, figure.denominator, figure.shown, definition.unit, words.target_words(definition),
        words.status_words(figure)[0], *beside, figure.formula_version,
    ]  # fmt: skip
