"""Frozen boards: the list, one of them, its correction, its proof."""

from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fangxin.engines.indicators import Figure, IndicatorDefinition, Status, round_for_display, value_in_unit
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.export import attachment
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge
from fangxin.oversight.board.access import division_for, get_proof, get_snapshot, get_whole_snapshot
from fangxin.oversight.board.definitions import definitions
from fangxin.oversight.board.forms import FreezeForm, ReasonForm
from fangxin.oversight.board.freezing import correct, freeze
from fangxin.oversight.board.models import Snapshot, SnapshotFigure, SnapshotProof
from fangxin.oversight.board.selectors import list_snapshots
from fangxin.oversight.board.views.columns import DivisionColumn
from fangxin.oversight.board.words import with_unit, words_of


class SnapshotTable(tables.Table):
    label = tables.Column(linkify=("board:snapshot", {"pk": tables.A("pk")}))
    division_code = DivisionColumn()
    as_of = tables.DateColumn(format="Y-m-d")
    taken_at = tables.DateTimeColumn(format="Y-m-d H:i")
    state = tables.Column(verbose_name=gettext_lazy("状态"), accessor="pk", orderable=False)

    class Meta:
        model = Snapshot
        fields = ("label", "kind", "as_of", "division_code", "taken_at", "taken_by", "state")

    def render_state(self, record: Snapshot) -> Any:
        return badge(self.value_state(record), "plain" if is_corrected(record) else "good")

    def value_state(self, record: Snapshot) -> str:
        if is_corrected(record):
            return _("已被更正")
        return _("更正件") if record.corrects_id else _("有效")


def is_corrected(record: Snapshot) -> bool:
    return getattr(record, "corrected_by", None) is not None


class SnapshotList(ListScreen):
    ability = "board.view"
    title = gettext_lazy("数据快照")
    table_class = SnapshotTable
    template_name = "board/snapshots.html"

    def rows(self) -> "QuerySet[Any]":
        return list_snapshots(self.request.user)

    def more_context(self) -> dict[str, Any]:
        return {
            "intro": _("每个报送日自动冻结一份看板。冻结后的数不再变化；更正是另存一份，旧的保留。"),
            "form": FreezeForm(initial={"as_of": ledger.clock.today()}),
            "may_freeze": self.request.user.can("board.freeze"),  # type: ignore[union-attr]
        }


@require_POST
@needs("board.freeze")
def take(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = FreezeForm(request.POST)
    code = division_for(user, "", "board.freeze")
    if form.is_valid():
        try:
            found = freeze(**form.cleaned_data, division_code=code, by=user, kind=Snapshot.Kind.ASKED)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("board:snapshots")
        messages.success(request, _("已冻结“%(label)s”。") % {"label": found.label})
        return redirect("board:snapshot", pk=found.pk)
    messages.error(request, " ".join(text for errors in form.errors.values() for text in errors))
    return redirect("board:snapshots")


@require_GET
@needs("board.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_snapshot(request.user, pk)
    user: Any = request.user
    places = _places(user, found)
    asked = request.GET.get("division", "")
    division = asked if asked in places else next(iter(places))
    known = definitions(found.as_of)
    figures = (
        SnapshotFigure.objects.filter(snapshot=found, division_code=division).select_related("snapshot").order_by("pk")
    )
    context = {
        "title": _("快照：%(label)s") % {"label": found.label},
        "snapshot": found,
        "corrected_by": getattr(found, "corrected_by", None),
        "place": people.division_path(division, found.as_of),
        "places": places,
        "division": division,
        "lines": [_line(figure, known.get(figure.code)) for figure in figures],
        "proof": SnapshotProof.objects.filter(snapshot=found).values("signed", "digest").first(),
        "may_prove": user.can("board.proof", found.division_code),
        "may_correct": user.can("board.freeze", found.division_code) and not is_corrected(found),
        "form": ReasonForm(),
    }
    return render(request, "board/snapshot.html", context)


def _places(user: Any, found: Snapshot) -> dict[str, str]:
    """The snapshot's divisions that the person may see, its own first."""
    code = found.division_code
    every = {code: people.division_name(code, found.as_of)} | dict(people.townships(code, found.as_of))
    return {place: name for place, name in every.items() if user.can("board.view", place)}


def _line(figure: SnapshotFigure, definition: IndicatorDefinition | None) -> dict[str, Any]:
    status = Status(figure.status)
    value = ""
    if definition is not None:
        value = with_unit(
            definition, round_for_display(value_in_unit(definition, Figure(figure.numerator, figure.denominator)))
        )
    return {
        "figure": figure,
        "definition": definition,
        "value": value,
        "status": badge(*words_of(status, definition, figure.snapshot.as_of)[:2]),
        "same_formula": definition is not None and definition.formula_version == figure.formula_version,
    }


@require_POST
@needs("board.freeze")
def put_right(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_whole_snapshot(request.user, pk, "board.freeze")
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        fresh = correct(snapshot=found, reason=reason, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("board:snapshot", pk=pk)
    messages.success(request, _("已按现在的记录重新冻结；原来的一份保留。"))
    return redirect("board:snapshot", pk=fresh.pk)


@require_GET
@needs("board.proof")
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_proof(request.user, pk)
    ledger.record("board.proof.downloaded", of=found.snapshot, by=request.user, data={"digest": found.digest})
    response = HttpResponse(bytes(found.content), content_type="application/gzip")
    name = f"proof-{found.snapshot.division_code}-{found.snapshot.as_of}-{found.snapshot.pk}.jsonl.gz"
    response.headers["Content-Disposition"] = attachment(name)
    return response
