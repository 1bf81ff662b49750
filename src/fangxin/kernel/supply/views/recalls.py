"""Recalls: the list, one recall with its places, what a place does with it, the sheet."""

from collections.abc import Sequence
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fangxin.engines.traceability.recall import Progress, Share, Told
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on, acts_by_name, plain
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.export import to_xlsx, xlsx_response
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.supply import access, recalling, selectors_recalls, showing
from fangxin.kernel.supply.forms.lots import ReasonForm
from fangxin.kernel.supply.forms.recalls import CheckForm, NoteForm, ReturnForm, StartForm, ToldForm
from fangxin.kernel.supply.models import Recall, RecallPlace, RecallReturn
from fangxin.kernel.supply.services import recalls as services
from fangxin.kernel.supply.views.common import ONE_LINE, StateColumn, TownFilter

MOST_PLACES = 500
STEPS = {
    "list": gettext_lazy("列清单"), "tell": gettext_lazy("通知"), "count": gettext_lazy("等确认"),
    "reconcile": gettext_lazy("核对"),
}  # fmt: skip
TOLD = {
    Told.IN_TIME: (gettext_lazy("已按时通知"), "good"),
    Told.LATE: (gettext_lazy("通知迟了"), "warn"),
    Told.WAITING: (gettext_lazy("待通知"), "warn"),
    Told.OVERDUE: (gettext_lazy("通知已超时"), "bad"),
}


class RecallFilter(TownFilter):
    state = filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=Recall.State.choices, empty_label=gettext_lazy("全部")
    )
    drill = filters.ChoiceFilter(
        label=gettext_lazy("性质"), choices=[("0", gettext_lazy("召回")), ("1", gettext_lazy("演练"))],
        method="by_drill", empty_label=gettext_lazy("全部"),
    )  # fmt: skip
    q = filters.CharFilter(label=gettext_lazy("食品或者编号"), method="by_text", max_length=60)
    days = ()

    class Meta:
        model = Recall
        fields = ("state",)

    def by_drill(self, rows: "QuerySet[Recall]", _name: str, value: str) -> "QuerySet[Recall]":
        return rows.filter(drill=value == "1")

    def by_text(self, rows: "QuerySet[Recall]", _name: str, value: str) -> "QuerySet[Recall]":
        return rows.filter(Q(lot__food__icontains=value) | Q(number__istartswith=value))


class RecallTable(tables.Table):
    number = tables.Column(linkify=True, attrs=ONE_LINE)
    food = tables.Column(accessor="lot__food", verbose_name=gettext_lazy("食品"))
    drill = tables.Column(verbose_name=gettext_lazy("性质"))
    township = TownshipColumn(orderable=False)
    started_at = tables.DateTimeColumn(format="Y-m-d H:i", attrs=ONE_LINE)
    finish_by = DayColumn()
    places = tables.Column(accessor="all_places", verbose_name=gettext_lazy("场所"), orderable=False)
    untold = tables.Column(verbose_name=gettext_lazy("未通知"), orderable=False)
    state = StateColumn()

    class Meta:
        model = Recall
        fields = (
            "number",
            "food",
            "drill",
            "level",
            "township",
            "started_at",
            "finish_by",
            "places",
            "untold",
            "state",
        )
        order_by = ()

    def render_drill(self, record: Recall) -> Any:
        return _("演练") if record.drill else _("召回")


class RecallList(ListScreen):
    ability = "supply.recall"
    title = gettext_lazy("召回")
    table_class = RecallTable
    filter_class = RecallFilter
    intro = gettext_lazy("从一批问题食品出发，列出收到过它的每一个场所，逐家通知、确认、登记退回和销毁。")
    empty_text = gettext_lazy("还没有召回。在问题批次的页面上点“召回”，可以启动召回或者演练。")

    def rows(self) -> "QuerySet[Recall]":
        return (
            selectors_recalls.list_recalls(self.request.user, self.ability)
            .annotate(all_places=Count("places"), untold=Count("places", filter=Q(places__told_at=None)))
            .order_by("-started_at", "-pk")
        )


@require_http_methods(["GET", "POST"])
@needs("supply.recall")
def start(request: Request, pk: int) -> HttpResponse:
    lot = access.get_lot(request.user, pk, "supply.recall")
    form = StartForm(posted(request)[0])
    if request.method == "POST":
        made = saved(form, lambda: services.start_recall(lot=lot, by=request.user, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("已列出清单。请逐家通知。"))
            return redirect(made)
    title = _("召回：%(lot)s") % {"lot": lot}
    return form_page(request, form, title, lot.get_absolute_url(), submit_label=_("列出清单并启动"))


@require_safe
@needs("supply.recall")
def page(request: Request, pk: int) -> HttpResponse:
    recall = selectors_recalls.get_recall(request.user, pk, "supply.recall")
    places = list(selectors_recalls.places_of(recall))
    found = recalling.progress_of(recall, places, recall.ended_at or ledger.clock.now())
    lacking = services.lacking(recall, places)
    took, limit = recalling.whole_time(recall), recalling.rules_of(recall).drill
    context = {
        "title": str(recall), "recall": recall, "acts": [ACTS[name] for name in allowed(request.user, recall)],
        "rows": _rows(request.user, places, found)[:MOST_PLACES], "cut": max(len(places) - MOST_PLACES, 0),
        "lacking": lacking, "places": len(places), "share": share_text(found.share), "surplus": len(found.surplus),
        "overdue": found.count(Told.OVERDUE), "told": len(places) - lacking["told"],
        "answered": len(places) - lacking["answered"], "effect": recalling.effectiveness_of(places),
        "steps": [(STEPS[name], _span(end - began)) for name, (began, end) in recalling.drill_times(recall, places).items() if end],
        "took": took, "took_text": _span(took), "limit_hours": int(limit.total_seconds() // 3600),
        "in_time": took is not None and took <= limit,
    }  # fmt: skip
    return render(request, "supply/recall.html", context)


def _rows(user: Any, places: Sequence[RecallPlace], found: Progress) -> list[dict[str, Any]]:
    mine = set(
        selectors_recalls.list_recall_places(user).filter(recall=places[0].recall_id).values_list("pk", flat=True)
    ) if places else set()  # fmt: skip
    rows = []
    for place, standing in zip(places, found.standings, strict=True):
        word, tone = TOLD[standing.told]
        rows.append({
            "place": place, "word": word, "tone": tone, "share": share_text(standing.share), "open": place.pk in mine,
            "unsure": not all(held.sure for held in place.lots.all()),
        })  # fmt: skip
    return rows


def share_text(share: Share | None) -> str:
    """Between which shares; a dash where nothing can have been there."""
    if share is None:
        return "—"
    low, high = (f"{value * 100:.0f}" for value in (share.low, share.high))
    return f"{low}%" if low == high else f"{low}–{high}%"


def _span(took: Any) -> str:
    if took is None:
        return ""
    minutes = int(took.total_seconds() // 60)
    if minutes == 0:
        return _("不到 1 分")
    return _("%(hours)s 小时 %(minutes)s 分") % {"hours": minutes // 60, "minutes": minutes % 60}


def allowed(user: Any, recall: Recall) -> list[str]:
    if not user.can("supply.recall", recall.division_code):
        return []
    if recall.state == Recall.State.CLOSED:
        return ["reopen"]
    if recall.state != Recall.State.OPEN:
        return []
    names = ["list", "checks"] if not recall.checks_seed else ["list"]
    return [*names, *([] if recall.counted_at else ["counted"]), "close", "cancel"]


ACTS = acts_by_name(
    Act("counted", gettext_lazy("清点完毕"), "checks", lambda row, by, _v: services.finish_count(recall=row, by=by),
        ask=gettext_lazy("各场所都已确认、数量已核对？"), done=gettext_lazy("已清点完毕。")),
    Act("list", gettext_lazy("重新列清单"), "refresh", lambda row, by, _v: services.list_places(recall=row, by=by),
        done=gettext_lazy("已按现在的记录补充清单。")),
    Act("checks", gettext_lazy("抽取核查场所"), "dice", lambda row, by, _v: services.draw_checks(recall=row, by=by),
        done=gettext_lazy("已抽取。抽取方法和种子写在台账里，可以重算。")),
    Act("close", gettext_lazy("结束召回"), "flag", lambda row, by, v: services.close_recall(recall=row, by=by, **v),
        plain(NoteForm), done=gettext_lazy("已结束。")),
    Act("cancel", gettext_lazy("取消"), "ban", lambda row, by, v: services.cancel_recall(recall=row, by=by, **v),
        plain(NoteForm), intro=gettext_lazy("取消后，由这次召回停售的批次恢复销售。"), undoes=True),
    Act("reopen", gettext_lazy("重新进行"), "rotate", lambda row, by, v: services.reopen_recall(recall=row, by=by, **v),
        plain(NoteForm), undoes=True),
)  # fmt: skip


@needs("supply.recall")
def act(request: Request, pk: int, name: str) -> HttpResponse:
    row = selectors_recalls.get_recall(request.user, pk, "supply.recall")
    return act_on(request, row, ACTS, allowed(request.user, row), name)


# --- one place ---------------------------------------------------------------------------------------------------------


@require_safe
@needs("supply.view")
def place(request: Request, pk: int) -> HttpResponse:
    row = selectors_recalls.get_place(request.user, pk)
    lots = list(row.lots.select_related("lot").prefetch_related("returns"))
    recall = row.recall
    context = {
        "title": _("召回：%(food)s") % {"food": recall.lot.food}, "row": row, "recall": recall, "lots": lots,
        "acts": [PLACE_ACTS[name] for name in allowed_here(request.user, row)],
        "officer": request.user.can("supply.recall", row.division_code),
        "late": row.told_at is None and recall.state == "open" and row.tell_by < ledger.clock.now(),
        "may_undo": "return" in allowed_here(request.user, row),
    }  # fmt: skip
    return render(request, "supply/recall_place.html", context)


def _may_record(user: Any, row: RecallPlace) -> bool:
    if user.prefixes("supply.record"):
        return bool(user.can("supply.record", row.division_code))
    return row.premises is not None and row.premises.operator.agency_id in user.own_agencies("supply.record")


def allowed_here(user: Any, row: RecallPlace) -> list[str]:
    if row.recall.state != Recall.State.OPEN:
        return []
    officer, mine = user.can("supply.recall", row.division_code), _may_record(user, row)
    names = []
    if row.answered_at is None and mine:
        names.append("answer")
    if mine or officer:
        names.append("return")
    if row.told_at is None and officer:
        names.append("tell")
    if row.checked_at is None and officer:
        names.append("check")
    return names


def _report(row: RecallPlace, by: Any, values: Any) -> Any:
    held = row.lots.select_related("lot", "place__recall").get(pk=int(values["held"]))
    return services.report_return(held=held, fate=values["fate"], quantity=values["quantity"], by=by)


PLACE_ACTS = acts_by_name(
    Act("answer", gettext_lazy("已知道，已下架"), "check", lambda row, by, _v: services.answer(place=row, by=by),
        ask=gettext_lazy("货架、仓库和冷库里的都已下架？"), done=gettext_lazy("已确认。请接着登记退回或者销毁的数量。")),
    Act("return", gettext_lazy("登记数量"), "package", _report,
        lambda request, row, _user: ReturnForm(posted(request)[0], lots=row.lots.select_related("lot")),
        done=gettext_lazy("已登记。")),
    Act("tell", gettext_lazy("已通知"), "phone", lambda row, by, v: services.tell(place=row, by=by, **v),
        plain(ToldForm), done=gettext_lazy("已登记通知时间。")),
    Act("check", gettext_lazy("登记核查"), "eye-check", lambda row, by, v: services.record_check(place=row, by=by, **v),
        plain(CheckForm), done=gettext_lazy("已登记核查结果。")),
)  # fmt: skip


@needs("supply.view")
def place_act(request: Request, pk: int, name: str) -> HttpResponse:
    row = selectors_recalls.get_place(request.user, pk)
    return act_on(request, row, PLACE_ACTS, allowed_here(request.user, row), name)


@require_http_methods(["GET", "POST"])
@needs("supply.view")
def undo_return(request: Request, pk: int) -> HttpResponse:
    row = selectors_recalls.get_return(request.user, pk)
    place = row.held.place
    if "return" not in allowed_here(request.user, place):
        raise PermissionDenied(_("现在的状态或者您的岗位不能撤回这一笔。"))
    form = ReasonForm(*posted(request))
    if request.method == "POST":
        done = saved(form, lambda: services.undo_return(row=row, reason=form.cleaned_data["reason"], by=request.user))
        if done is not None:
            messages.success(request, _("已撤回这一笔。"))
            return redirect(place)
    return form_page(request, form, _("撤回：%(row)s") % {"row": row}, place.get_absolute_url())


# --- the sheet ---------------------------------------------------------------------------------------------------------


@require_safe
@needs("supply.recall")
def sheet(request: Request, pk: int) -> HttpResponse:
    """Every lot of every place with what became of it, as it is handed on."""
    recall = selectors_recalls.get_recall(request.user, pk, "supply.recall")
    places = list(selectors_recalls.places_of(recall))
    found = recalling.progress_of(recall, places, recall.ended_at or ledger.clock.now())
    headers = [
        "第几级", "场所", "批次", "食品", "至少还剩", "至多还剩", "单位", "依据", "最迟通知", "通知", "通知时间", "确认时间",
        *(str(label) for label in dict(RecallReturn.Fate.choices).values()), "核查",
    ]  # fmt: skip
    rows = [
        line
        for place, standing in zip(places, found.standings, strict=True)
        for line in _lines(place, str(TOLD[standing.told][0]))
    ]
    ledger.record("supply.recall.exported", of=recall, by=request.user, data={"places": len(places)})
    note = _("%(recall)s，%(reason)s；追回比例 %(share)s。") % {
        "recall": recall, "reason": recall.reason, "share": share_text(found.share)
    }  # fmt: skip
    return xlsx_response(f"召回清单{recall.number}", to_xlsx(headers, rows, title="召回", note=note))


def _lines(place: RecallPlace, told: str) -> list[list[Any]]:
    checked = {None: "", True: _("已落实"), False: _("没有落实：%(note)s") % {"note": place.check_note}}[place.acted]
    lines = []
    for held in place.lots.all():
        given = [row for row in held.returns.all() if row.undone_at is None]
        lines.append([
            place.tier, place.name, held.lot.number, held.lot.food, held.least, held.most, showing.unit_name(held.unit),
            _("有记录") if held.sure else _("推断"), place.tell_by, told, place.told_at, place.answered_at,
            *(_sum(given, fate) for fate in RecallReturn.Fate.values), checked,
        ])  # fmt: skip
    return lines


def _sum(rows: Sequence[Any], fate: str) -> Any:
    amounts = [row.quantity for row in rows if row.fate == fate]
    if not amounts:
        return None
    known = [value for value in amounts if value is not None]
    return sum(known) if len(known) == len(amounts) else _("数量不明")
