"""An investigation: its facts and steps, who must be told, the line list and what follows from it, measures, papers."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.actions.monitoring import access_outbreaks as access
from fangxin.actions.monitoring import analysis, grading, line_lists, papers_outbreaks
from fangxin.actions.monitoring import forms_outbreaks as own_forms
from fangxin.actions.monitoring import rules_outbreaks as rules
from fangxin.actions.monitoring import selectors_outbreaks as selectors
from fangxin.actions.monitoring.models import Investigation
from fangxin.actions.monitoring.services import outbreaks_chain as chain
from fangxin.actions.monitoring.services import outbreaks_work as work
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on, acts_by_name, plain
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, done_or_told, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge
from fangxin.kernel.supply import api as supply

State = Investigation.State
GOODS_DAYS, MOST_GOODS = 7, 30
TONES = {
    "investigating": "warn", "not_food": "plain", "outbreak": "bad", "graded": "bad", "responding": "bad", "handled": "warn",
    "reported": "info", "closed": "good",
}  # fmt: skip


def _texted(step: Callable[..., Any], name: str) -> Callable[[Any, Any, Mapping[str, Any]], Any]:
    return lambda row, by, values: step(investigation=row, by=by, **{name: next(iter(values.values()))})


def _facts_form(request: Any, row: Investigation, user: Any) -> Any:
    return own_forms.FactsForm(posted(request)[0], instance=Investigation.objects.get(pk=row.pk), user=user)


def _define(row: Investigation, by: Any, values: Mapping[str, Any]) -> Any:
    criteria = {
        "since": values["since"].isoformat() if values["since"] else None,
        "until": values["until"].isoformat() if values["until"] else None,
        "units": line_lists.split_parts(values["units"]), "symptoms": line_lists.split_parts(values["symptoms"]), "food": values["food"].strip(),
        "suspect_least": values["suspect_least"], "probable_least": values["probable_least"],
    }  # fmt: skip
    return work.define_case(investigation=row, text=values["text"], criteria=criteria, by=by)


def _share_form(request: Any, row: Investigation, _user: Any) -> Any:
    return own_forms.ShareForm(posted(request)[0], division_code=row.division_code)


ACTS = acts_by_name(
    Act("outbreak", gettext_lazy("确认暴发"), "virus", _texted(chain.confirm_outbreak, "conclusion"), plain(own_forms.ConclusionForm)),
    Act("grade", gettext_lazy("提出分级"), "stairs-up", _texted(chain.grade, "text"), plain(own_forms.OptionalTextForm),
        intro=gettext_lazy("按现在的人数和范围，依当日有效的分级标准。人数变了可以重新分级。")),
    Act("respond", gettext_lazy("启动响应"), "urgent", _texted(chain.respond, "text"), plain(own_forms.TextForm)),
    Act("handled", gettext_lazy("处置完毕"), "check", _texted(chain.handled, "text"), plain(own_forms.TextForm)),
    Act("report", gettext_lazy("提交流调报告"), "send", _texted(chain.submit_report, "conclusion"), plain(own_forms.ConclusionForm)),
    Act("not_food", gettext_lazy("不是食品引起"), "x", _texted(chain.not_food, "conclusion"), plain(own_forms.ConclusionForm), undoes=True),
    Act("close", gettext_lazy("结案"), "archive", _texted(chain.close, "assessment"), plain(own_forms.AssessmentForm)),
    Act("facts", gettext_lazy("更正情况"), "pencil",
        lambda row, by, values: chain.correct_facts(investigation=row, by=by, **values), _facts_form),
    Act("define", gettext_lazy("病例定义"), "list-check", _define, plain(own_forms.DefinitionForm)),
    Act("paste", gettext_lazy("粘贴名单"), "clipboard", _texted(work.paste, "text"), plain(own_forms.PasteForm)),
    Act("undo_list", gettext_lazy("撤销名单修改"), "arrow-back-up", lambda row, by, _v: work.undo_list(investigation=row, by=by), undoes=True),
    Act("measure", gettext_lazy("拟措施"), "hand-stop",
        lambda row, by, v: work.draft_measure(investigation=row, by=by, **v), plain(own_forms.MeasureForm)),
    Act("paper", gettext_lazy("制作文书"), "file-text",
        lambda row, by, v: papers_outbreaks.make(investigation=row, kind=v["kind"], by=by), plain(own_forms.PaperForm)),
    Act("share", gettext_lazy("共享给单位"), "share", lambda row, by, v: chain.share(investigation=row, by=by, **v), _share_form),
    Act("undo", gettext_lazy("撤回上一步"), "rotate", lambda row, by, _v: chain.undo(investigation=row, by=by), undoes=True),
)  # fmt: skip
_ALWAYS = ("facts", "define", "paste", "measure", "paper", "share")


def allowed(user: Any, row: Investigation) -> list[str]:
    if not selectors.may_work(user, row):
        return []
    steps = [name for name in ACTS if name in rules.allowed_steps(row.state)]
    always = _ALWAYS if row.state not in rules.ENDED else ()
    undo = ["undo"] if chain.undoable(row) is not None else []
    return [*steps, *always, *(["undo_list"] if always and row.line_lists.exists() else []), *undo]


class InvestigationTable(tables.Table):
    number = tables.Column(linkify=True, attrs={"td": {"class": "text-nowrap"}})
    township = TownshipColumn()

    class Meta:
        model = Investigation
        fields = ("number", "title", "setting", "township", "ill", "died", "grade", "opened_at", "due_at", "state")
        order_by = ()

    def render_grade(self, value: str) -> str:
        return grading.label(value)

    def render_state(self, value: str, record: Investigation) -> str:
        late = record.due_at is not None and record.state not in rules.ENDED and record.due_at < ledger.clock.now()
        return badge(_("%(state)s，已超时") % {"state": value}, "bad") if late else badge(value, TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


WHEN = [
    ("open", gettext_lazy("进行中")), ("late", gettext_lazy("超过步骤时限")), ("duty", gettext_lazy("有待报告事项")),
    ("duty_late", gettext_lazy("报告超过时限")),
]  # fmt: skip


class InvestigationFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=gettext_lazy("编号、名称、场所或者食品"), method="by_text")
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=State.choices)
    when = django_filters.ChoiceFilter(label=gettext_lazy("办理"), choices=WHEN, method="by_when")

    class Meta:
        model = Investigation
        fields = ("text", "state", "when")

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(
            Q(number__startswith=value)
            | Q(title__icontains=value)
            | Q(place__icontains=value)
            | Q(food__icontains=value)
        )

    def by_when(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        now, rows = ledger.clock.now(), selectors.open_ones(rows)
        if value == "late":
            return rows.filter(due_at__lt=now)
        if value == "open":
            return rows
        waiting = Q(duties__state="waiting")
        return rows.filter(waiting & Q(duties__due_at__lt=now) if value == "duty_late" else waiting).distinct()


class Investigations(ListScreen):
    ability = rules.VIEW
    title = gettext_lazy("流行病学调查")
    table_class = InvestigationTable
    filter_class = InvestigationFilter
    empty_text = gettext_lazy("没有调查。聚集信号核实以后在信号页面开始调查。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_investigations(self.request.user)


@needs(rules.VIEW)
def investigation(request: Request, pk: int) -> HttpResponse:
    """The workspace for those who work on it; for agencies it is shared with the facts, duties and papers without the list."""
    user, row = request.user, access.get_investigation(request.user, pk)
    works = selectors.may_work(user, row)
    names = allowed(user, row)
    own = set(user.own_agencies(rules.VIEW))
    found = analysis.analyse(row) if works else None
    context = {
        "title": row.title, "row": row, "tone": TONES[row.state], "works": works, "now": ledger.clock.now(),
        "late": row.due_at is not None and row.state not in rules.ENDED and row.due_at < ledger.clock.now(),
        "place": people.division_path(row.division_code), "grade": grading.label(row.grade) if row.grade else "",
        "advice": grading.sentence(row), "acts": [ACTS[name] for name in names if name not in ("paste", "undo_list", "define")],
        "list_acts": [ACTS[name] for name in names if name in ("paste", "undo_list", "define")],
        "duties": [
            (duty, works and duty.state == "waiting",
             duty.state == "told" and (works or duty.agency_id in own))
            for duty in row.duties.select_related("agency").exclude(state="cancelled")
        ],
        "steps": [(step, State(step.after).label) for step in row.steps.all()],
        "signals": row.signals.all(), "shares": row.shares.select_related("agency"),
        "measures": row.measures.select_related("lot", "premises", "matter") if works else (),
        "papers": selectors.list_papers(user).filter(investigation=row),
        "definition": line_lists.latest_definition(row) if works else None, "analysis": found,
        "curve": _chart(found) if found and found.curve.bins else None,
        "classes": [(analysis.class_label(kind), found.count(kind)) for kind in analysis.CASES] if found else (),
        "likeliest": min(max(found.window.likeliest, found.window.first), found.window.last) if found and found.window else None,
        "agents": [(r.agent.name, _share(r.share)) for r in found.agents] if found else (),
        "foods": [
            (t, _share(t.measures.attack_exposed), _share(t.measures.attack_unexposed)) for t in found.foods
        ] if found else (),
        "grid": _grid(row) if works else None, "goods": _goods(user, row) if works else None, "goods_days": GOODS_DAYS,
    }  # fmt: skip
    return render(request, "monitoring/investigation.html", context)


def _goods(user: Any, row: Investigation) -> Any:
    """What the place received before the meal, the latest first: where a trace begins. Nothing while place or meal is not known."""
    if row.premises_id is None or row.meal_at is None:
        return None
    since = row.meal_at - timedelta(days=GOODS_DAYS)
    rows = supply.list_receipts(user).filter(
        premises=row.premises_id, received_at__gt=since, received_at__lte=row.meal_at
    )
    return rows.order_by("-received_at", "-pk")[:MOST_GOODS]


def _share(value: float | None) -> str:
    return "—" if value is None else f"{value:.1%}"


def _chart(found: analysis.Analysis) -> dict[str, Any]:
    return {
        "labels": [b.start.astimezone(ledger.clock.LOCAL).strftime("%m-%d %H:%M") for b in found.curve.bins],
        "cases": [b.cases for b in found.curve.bins], "words": {"cases": _("病例数")},
    }  # fmt: skip


def _grid(row: Investigation) -> dict[str, Any]:
    saved_list = work.current(row)
    foods = list(saved_list.foods) if saved_list else []
    columns = [[key, str(label)] for key, label in line_lists.COLUMNS.items()]
    columns += [[line_lists.FOOD + food, food] for food in foods]
    return {
        "version": saved_list.version if saved_list else 0, "columns": columns, "foods": foods,
        "rows": [line["cells"] for line in saved_list.rows] if saved_list else [],
        "words": {"add": _("加一行"), "food": _("加一种食品"), "name": _("食品名称"), "changed": _("有没有保存的修改")},
        "editable": row.state not in rules.ENDED,
    }  # fmt: skip


@needs(rules.WORK)
def investigation_act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_own_investigation(request.user, pk)
    return act_on(request, row, ACTS, allowed(request.user, row), name)


@needs(rules.WORK)
@require_POST
def save_list(request: Request, pk: int) -> HttpResponse:
    """The whole grid as the page sends it; somebody else's version is not overwritten."""
    row = access.get_own_investigation(request.user, pk)
    try:
        sent = json.loads(request.POST.get("list", ""))
        foods, rows, since = list(sent["foods"]), list(sent["rows"]), int(sent["version"])
    except (ValueError, TypeError, KeyError):
        messages.error(request, _("名单没有传完整，没有保存。请回到页面再试。"))
        return redirect(row)
    done_or_told(
        request,
        _("名单已保存。"),
        lambda: work.save_list(investigation=row, foods=foods, rows=rows, since=since, by=request.user),
    )
    return redirect(f"{row.get_absolute_url()}#list")


# --- duties, measures, papers -----------------------------------------------------------------------------------------------


@needs(rules.WORK)
def tell(request: Request, pk: int) -> HttpResponse:
    duty = access.get_duty(request.user, pk)
    row = access.get_own_investigation(request.user, duty.investigation_id)
    form = own_forms.TellForm(posted(request)[0])
    if request.method == "POST" and saved(form, lambda: chain.tell(duty=duty, by=request.user, **form.cleaned_data)):
        messages.success(request, _("已登记报告。"))
        return redirect(f"{row.get_absolute_url()}#duties")
    title = _("%(what)s：%(to)s") % {"what": duty.text, "to": duty.recipient}
    return form_page(request, form, title, row.get_absolute_url(), intro=duty.clause)


@needs(rules.VIEW)
@require_POST
def acknowledge(request: Request, pk: int) -> HttpResponse:
    duty = access.get_duty(request.user, pk)
    done_or_told(request, _("已确认收到。"), lambda: chain.acknowledge(duty=duty, by=request.user))
    return redirect(f"{duty.investigation.get_absolute_url()}#duties")


@needs(rules.WORK)
@require_POST
def confirm_measure(request: Request, pk: int) -> HttpResponse:
    row = access.get_measure(request.user, pk)
    done_or_told(request, _("已确认，已成为问题事项交办。"), lambda: work.confirm_measure(measure=row, by=request.user))
    return redirect(f"{row.investigation.get_absolute_url()}#measures")


@needs(rules.WORK)
def drop_measure(request: Request, pk: int) -> HttpResponse:
    row = access.get_measure(request.user, pk)
    form = own_forms.WhyForm(posted(request)[0])
    back = f"{row.investigation.get_absolute_url()}#measures"
    if request.method == "POST" and saved(
        form, lambda: work.drop_measure(measure=row, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("已记录不采取。"))
        return redirect(back)
    return form_page(request, form, _("不采取这项措施"), back, intro=row.text)


@needs(rules.WORK)
def line_list_file(request: Request, pk: int) -> HttpResponse:
    """The list as typed, as a sheet."""
    row = access.get_own_investigation(request.user, pk)
    return papers_outbreaks.line_list_sheet(row, request.user)
