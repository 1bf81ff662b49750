"""Signed figures: typed with evidence, verified by a second person, listed where they differ from what was counted."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxin.engines.indicators import Figure, IndicatorDefinition, Kind, round_for_display, value_in_unit
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.export import attachment
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge
from fangxin.oversight.board import words
from fangxin.oversight.board.access import get_definition, get_typed
from fangxin.oversight.board.definitions import definitions
from fangxin.oversight.board.forms import TypedForm, VerdictForm
from fangxin.oversight.board.models import TypedFigure
from fangxin.oversight.board.selectors import differing, is_accepted, list_typed, typed_difference
from fangxin.oversight.board.services import record_typed_figure, verify_figure
from fangxin.oversight.board.views.columns import DivisionColumn
from fangxin.oversight.board.views.scope import visible_divisions

STATES = [
    ("pending", gettext_lazy("待核实")),
    ("accepted", gettext_lazy("已认可")),
    ("refused", gettext_lazy("未认可")),
    ("differs", gettext_lazy("与平台计算不一致")),
]


class TypedFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=STATES, method="by_state")
    code = django_filters.CharFilter(label=gettext_lazy("指标编号"), lookup_expr="iexact", max_length=20)

    class Meta:
        model = TypedFigure
        fields: list[str] = []

    def by_state(self, rows: "QuerySet[TypedFigure]", name: str, value: str) -> "QuerySet[TypedFigure]":
        if value == "differs":
            return differing(rows)
        return rows.filter(
            {"pending": Q(verification=None), "accepted": Q(verification__accepted=True)}.get(
                value, Q(verification__accepted=False)
            )
        )


class TypedTable(tables.Table):
    code = tables.Column(
        verbose_name=gettext_lazy("编号"),
        linkify=("board:typed_figure", {"pk": tables.A("pk")}),
        attrs={"td": {"class": "text-nowrap"}},
    )
    division_code = DivisionColumn()
    as_of = tables.DateColumn(format="Y-m-d", attrs={"td": {"class": "text-nowrap"}})
    name = tables.Column(verbose_name=gettext_lazy("指标"), accessor="code", orderable=False)
    typed = tables.Column(verbose_name=gettext_lazy("填报数"), accessor="pk", orderable=False)
    counted = tables.Column(verbose_name=gettext_lazy("平台计算"), accessor="pk", orderable=False)
    difference = tables.Column(verbose_name=gettext_lazy("差"), accessor="pk", orderable=False)
    state = tables.Column(verbose_name=gettext_lazy("状态"), accessor="pk", orderable=False)

    class Meta:
        model = TypedFigure
        fields = ("code", "name", "division_code", "as_of", "agency", "typed", "counted", "difference", "state")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.known = definitions(ledger.clock.today())

    def render_name(self, record: TypedFigure) -> str:
        return self.known[record.code].name if record.code in self.known else record.code

    def render_typed(self, record: TypedFigure) -> str:
        return figure_words(record, self.known, counted=False)

    def render_counted(self, record: TypedFigure) -> str:
        return figure_words(record, self.known, counted=True)

    def render_difference(self, record: TypedFigure) -> str:
        return difference_words(record, self.known)

    def render_state(self, record: TypedFigure) -> Any:
        return badge(*state_words(record))

    value_typed, value_counted, value_difference = render_typed, render_counted, render_difference

    def value_state(self, record: TypedFigure) -> str:
        return state_words(record)[0]


def figure_words(record: TypedFigure, known: Any, *, counted: bool) -> str:
    """Numerator, denominator and value; never a value without what it was made from, where that is known."""
    definition = known.get(record.code)
    numerator = record.computed_numerator if counted else record.numerator
    denominator = record.computed_denominator if counted else record.denominator
    if numerator is None:
        return words.plain(None if counted else record.value)
    parts = words.plain(numerator) if denominator is None else f"{words.plain(numerator)}/{words.plain(denominator)}"
    if definition is None or denominator is None:
        return parts
    value = round_for_display(value_in_unit(definition, Figure(numerator, denominator)))
    return f"{parts} = {words.with_unit(definition, value)}"


def difference_words(record: TypedFigure, known: Any) -> str:
    definition = known.get(record.code)
    if definition is None or record.computed_numerator is None:
        return "—"
    difference = round_for_display(typed_difference(record, definition))
    if difference is None:
        return _("无法比较")
    return f"{'+' if difference > 0 else ''}{words.plain(difference)}"


def state_words(record: TypedFigure) -> tuple[str, str]:
    if getattr(record, "verification", None) is None:
        return _("未核实"), "warn"
    return (_("已认可"), "good") if is_accepted(record) else (_("未认可"), "bad")


class TypedList(ListScreen):
    ability = "board.view"
    title = gettext_lazy("填报与核实")
    table_class = TypedTable
    filter_class = TypedFilter

    def rows(self) -> "QuerySet[Any]":
        return list_typed(self.request.user)

    def more_context(self) -> dict[str, Any]:
        return {
            "intro": _(
                "单位签报的数与平台计算的数并列，互不覆盖。没有证据、未经第二人核实的数显示为“未核实”。"
                "填报入口在各项指标的页面上。"
            )
        }


@require_GET
@needs("board.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, get_typed(request.user, pk), VerdictForm())


def _show(request: HttpRequest, record: TypedFigure, form: VerdictForm) -> HttpResponse:
    known = definitions(ledger.clock.today())
    may = request.user.can("board.verify", record.division_code)  # type: ignore[union-attr]
    waiting = getattr(record, "verification", None) is None
    context = {
        "title": _("填报数：%(name)s") % {"name": known[record.code].name if record.code in known else record.code},
        "record": record,
        "definition": known.get(record.code),
        "typed": figure_words(record, known, counted=False),
        "counted": figure_words(record, known, counted=True) if record.computed_numerator is not None else "",
        "difference": difference_words(record, known),
        "state": state_words(record),
        "place": people.division_path(record.division_code, record.as_of),
        "form": form,
        "may_verify": may and waiting and record.entered_by != request.user.get_username(),
        "own": may and waiting and record.entered_by == request.user.get_username(),
    }
    return render(request, "board/typed_figure.html", context)


@require_POST
@needs("board.verify")
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    record = get_typed(request.user, pk)
    if not request.user.can("board.verify", record.division_code):  # type: ignore[union-attr]
        raise Http404
    form = VerdictForm(request.POST)
    if form.is_valid():
        try:
            verify_figure(
                figure=record, accepted=form.cleaned_data["accepted"] == "yes",
                note=form.cleaned_data["note"], by=request.user,
            )  # fmt: skip
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("已记录核实结果。"))
            return redirect("board:typed_figure", pk=pk)
    return _show(request, get_typed(request.user, pk), form)


@require_GET
@needs("board.view")
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """The evidence as stored, to be saved, never shown inside the platform's own page."""
    record = get_typed(request.user, pk)
    if record.evidence is None:
        raise Http404
    response = HttpResponse(ledger.read_evidence(record.evidence), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = attachment(record.evidence.name)
    return response


@require_http_methods(["GET", "POST"])
@needs("board.type")
def type_figure(request: HttpRequest, code: str) -> HttpResponse:
    user: Any = request.user
    definition = get_definition(code, ledger.clock.today())
    divisions = visible_divisions(user, "board.type")
    asked = request.GET.get("division", "")
    form = TypedForm(
        request.POST or None,
        request.FILES or None,
        definition=definition,
        divisions=divisions,
        agencies=people.Agency.objects.filter(pk__in=user.own_agencies("board.type"), active=True),
        initial={"division": asked if asked in dict(divisions) else None, "agency": user.own_agencies("board.type")[0]},
    )
    if request.method == "POST" and form.is_valid():
        record = _save(form, user)
        if record is not None:
            messages.success(request, _("已填报，等待另一位同事核实。"))
            return redirect("board:typed_figure", pk=record.pk)
    context = {
        "title": _("填报：%(name)s") % {"name": definition.name},
        "definition": definition,
        "form": form,
        "intro": _typing_words(definition),
        "submit_label": _("签报"),
    }
    return render(request, "board/type_form.html", context)


def _typing_words(definition: IndicatorDefinition) -> str:
    if definition.kind is Kind.COMPUTED:
        said = _("这项指标由平台从记录计算。您填的数与计算的数并列显示，不取代它；两者不一致时请在说明中写明原因。")
    else:
        said = definition.reason + _("请按口径填写并上传证据。填报后不能修改；填错了再填一次，以最新的为准。")
    return said + _("口径：%(basis)s") % {"basis": definition.basis} if definition.basis else said


def _save(form: TypedForm, user: Any) -> TypedFigure | None:
    upload = form.cleaned_data.get("evidence")
    try:
        file = ledger.store_evidence(name=upload.name, content=upload.read(), by=user) if upload else None
        return record_typed_figure(**form.facts(), evidence=file, by=user)
    except ValidationError as error:
        _add_errors(form, error)
        return None


def _add_errors(form: TypedForm | VerdictForm, error: ValidationError) -> None:
    """Each message beside its field; what belongs to no field shown here, at the top."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, found in by_field.items():
        form.add_error(field if field in form.fields else None, found)
