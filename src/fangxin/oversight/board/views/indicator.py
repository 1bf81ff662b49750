"""One indicator: its figure, what it means, where it stands, how it went, and the records behind it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fangxin.engines.indicators import Figure, IndicatorDefinition, Kind, round_for_display, value_in_unit
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.export import MOST_ROWS, to_xlsx, xlsx_response
from fangxin.kernel.screens.permission import needs
from fangxin.oversight.board.access import get_definition
from fangxin.oversight.board.data import IndicatorFigure
from fangxin.oversight.board.definitions import action_title, definitions
from fangxin.oversight.board.leads import leads
from fangxin.oversight.board.models import STATUSES, TypedFigure
from fangxin.oversight.board.records import Records
from fangxin.oversight.board.selectors import by_place, figures, frozen_points, list_typed
from fangxin.oversight.board.subjects import countable
from fangxin.oversight.board.views.scope import Scope, read_day, scope_of
from fangxin.oversight.board.words import formula_words

PAGE_SIZE = 50
PART_NAMES = {
    "denominator": gettext_lazy("分母"),
    "numerator": gettext_lazy("分子"),
    "failing": gettext_lazy("未达成的记录"),
}
MOST_TYPED = 10


@require_GET
@needs("board.view")
def detail(request: HttpRequest, code: str) -> HttpResponse:
    scope = scope_of(request)
    known = definitions(scope.as_of)
    definition = get_definition(code, scope.as_of, known)
    figure = figures(scope.division_code, scope.as_of, [code], known=known)[0]
    places = _places(definition, scope)
    points = frozen_points(scope.division_code, {code: definition}, scope.as_of, limit=24).get(code, [])
    context = {
        "title": definition.name,
        "scope": scope,
        "definition": definition,
        "figure": figure,
        "action_title": action_title(definition.action),
        "lead": leads(scope.division_code).get(definition.action or 0),
        "formula": formula_words(definition),
        "drillable": bool(countable([definition])),
        "places": places,
        "points": [(snapshot, round_for_display(value)) for snapshot, value in points],
        "charts": _charts(definition, figure, places, points),
        "other": _other_day(request, figure, scope),
        "typed": _typed(request, definition, scope),
        "may_type": request.user.can("board.type", scope.division_code),  # type: ignore[union-attr]
    }
    return render(request, "board/indicator.html", context)


def _places(definition: IndicatorDefinition, scope: Scope) -> list[dict[str, Any]]:
    """The figure by the divisions below, with their names and positions."""
    if definition.kind is not Kind.COMPUTED or len(scope.division_code) >= 9 or not countable([definition]):
        return []
    found = by_place(definition, scope.division_code, scope.as_of)
    return [{"figure": figure, "division": division} for figure, division in found]


def _charts(
    definition: IndicatorDefinition, figure: IndicatorFigure, places: list[dict[str, Any]], points: list[Any]
) -> dict[str, Any]:
    """Numbers for the charts. Everything in them stands in a table on the page too."""
    history = [(f"{snapshot.as_of}", str(snapshot), _number(round_for_display(value))) for snapshot, value in points]
    return {
        "unit": definition.unit,
        "words": {"target": _("目标")},
        "target": _number(definition.target),
        "trend": [*history, (figure.as_of.isoformat(), _("截至当日"), _number(figure.shown))],
        "places": [
            {
                "name": row["division"].name if row["division"] else row["figure"].division_code,
                "value": _number(row["figure"].shown),
                "numerator": _number(row["figure"].numerator),
                "denominator": _number(row["figure"].denominator),
                "status": str(STATUSES[row["figure"].status]),
                "lng": row["division"].longitude if row["division"] else None,
                "lat": row["division"].latitude if row["division"] else None,
            }
            for row in places
        ],
    }


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _other_day(request: HttpRequest, here: IndicatorFigure, scope: Scope) -> dict[str, Any]:
    """The same figure on another day, to compare."""
    asked = request.GET.get("other", "")
    if not asked:
        return {}
    day, problem = read_day(asked)
    if day is None:
        return {"problem": problem}
    found = figures(scope.division_code, day, [here.code])
    if not found:
        return {"problem": _("%(day)s 还没有施行这项指标，无法比较。") % {"day": day}}
    there = found[0]
    both = here.value is not None and there.value is not None
    change = round_for_display(here.value - there.value) if both else None  # type: ignore[operator]
    return {
        "day": day,
        "figure": there,
        "change": change,
        "same_formula": here.formula_version == there.formula_version,
    }


def _typed(request: HttpRequest, definition: IndicatorDefinition, scope: Scope) -> list[dict[str, Any]]:
    rows = list_typed(request.user).filter(code=definition.code, division_code=scope.division_code)[:MOST_TYPED]
    return [{"row": row, "value": _typed_value(definition, row)} for row in rows]


def _typed_value(definition: IndicatorDefinition, row: TypedFigure) -> Any:
    if row.numerator is None:
        return row.value
    return round_for_display(value_in_unit(definition, Figure(row.numerator, row.denominator)))


@require_GET
@needs("board.view")
def rows(request: HttpRequest, code: str) -> HttpResponse:
    """The records of a figure; their number is the figure's."""
    scope = scope_of(request)
    known = definitions(scope.as_of)
    definition = get_definition(code, scope.as_of, known)
    part = request.GET.get("part", "denominator")
    if part not in PART_NAMES or not countable([definition]):
        raise Http404
    records = Records(definition, part, scope.division_code, scope.as_of, known)
    if request.GET.get("_export") == "xlsx":
        return _export(request, scope, records, part)
    page = Paginator(records, PAGE_SIZE).get_page(request.GET.get("page", "1")[:9])
    context = {
        "title": f"{definition.name}：{PART_NAMES[part]}",
        "scope": scope,
        "definition": definition,
        "part": part,
        "parts": PART_NAMES,
        "headers": records.headers,
        "page": page,
        "back": f"{reverse('board:indicator', args=[code])}?{scope.query}",
    }
    return render(request, "board/rows.html", context)


def _export(request: HttpRequest, scope: Scope, records: Records, part: str) -> HttpResponse:
    name = f"{records.definition.code} {PART_NAMES[part]} {scope.as_of}"
    note = _("%(name)s，%(place)s，截至 %(day)s，共 %(n)s 条，公式版本 %(version)s") % {
        "name": records.definition.name, "place": scope.division_name, "day": scope.as_of,
        "n": len(records), "version": records.definition.formula_version,
    }  # fmt: skip
    lines = ([line.name, line.place, *(value for _label, value in line.cells)] for line in records.first(MOST_ROWS))
    ledger.record(
        "board.exported", of=None, by=request.user,
        data={"code": records.definition.code, "part": part, "division": scope.division_code, "as_of": scope.as_of},
    )  # fmt: skip
    return xlsx_response(
        name, to_xlsx([_("名称"), _("区划"), *records.headers], lines, title=PART_NAMES[part], note=note)
    )
