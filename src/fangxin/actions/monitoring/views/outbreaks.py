"""Signals about cases: the epidemiologist's morning, one signal, dismissed with a reason or opened as an investigation."""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.actions.monitoring import access_outbreaks as access
from fangxin.actions.monitoring import forms_outbreaks as own_forms
from fangxin.actions.monitoring import rules_outbreaks as rules
from fangxin.actions.monitoring import selectors_outbreaks as selectors
from fangxin.actions.monitoring.models import DetectionRun, OutbreakSignal
from fangxin.actions.monitoring.services import outbreaks, outbreaks_chain, outbreaks_detecting
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on, acts_by_name, plain
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

TONES = {"raised": "warn", "verifying": "info", "excluded": "plain", "cluster": "bad"}
URGENCY_TONES = {1: "bad", 2: "warn", 3: "plain"}
FEW = 12
COUNTY_LENGTH = 6
State = OutbreakSignal.State


def _open(row: OutbreakSignal, by: Any, values: Mapping[str, Any]) -> Any:
    return outbreaks_chain.open_from(signal=row, agency=by.posts_today[0].agency, by=by, **values)


def _open_form(request: Any, row: OutbreakSignal, _user: Any) -> Any:
    started = {
        "title": _("%(place)s食源性疾病聚集") % {"place": row.unit},
        "place": row.unit,
        "ill": max(len(row.cases), 1),
    }
    return own_forms.OpenForm(posted(request)[0], initial=started)


def _join_form(request: Any, row: OutbreakSignal, user: Any) -> Any:
    form = own_forms.JoinForm(posted(request)[0])
    field: Any = form.fields["investigation"]
    field.queryset = selectors.open_ones(selectors.list_investigations(user)).filter(
        people.under(row.division_code[:6])
    )
    return form


ACTS = acts_by_name(
    Act("begin", gettext_lazy("我来核实"), "hand-grab", lambda row, by, _v: outbreaks.begin(signal=row, by=by)),
    Act("open", gettext_lazy("确认聚集，开始调查"), "microscope", _open, _open_form,
        intro=gettext_lazy("开始调查以后，按规定该报告谁、什么时候以前报告，会列在调查页面上。")),
    Act("exclude", gettext_lazy("排除"), "x", lambda row, by, v: outbreaks.exclude(signal=row, by=by, **v), plain(own_forms.FindingForm),
        intro=gettext_lazy("写明查了什么、为什么不是聚集。以后可以重新打开。"), undoes=True),
    Act("join", gettext_lazy("并入已有调查"), "git-merge",
        lambda row, by, v: outbreaks_chain.add_signal(investigation=v["investigation"], signal=row, by=by), _join_form, undoes=True),
    Act("reopen", gettext_lazy("重新打开"), "rotate", lambda row, by, _v: outbreaks.reopen(signal=row, by=by), undoes=True),
)  # fmt: skip
_STEPS = {
    "raised": ["begin", "open", "exclude", "join"],
    "verifying": ["open", "exclude", "join"],
    "excluded": ["reopen"],
    "cluster": [],
}


def allowed(user: Any, row: OutbreakSignal) -> list[str]:
    return _STEPS[row.state] if user.can(rules.WORK, row.division_code) else []


class SignalTable(tables.Table):
    number = tables.Column(linkify=True, attrs={"td": {"class": "text-nowrap"}})
    township = TownshipColumn()

    class Meta:
        model = OutbreakSignal
        fields = ("number", "urgency", "kind", "stream", "unit", "township", "text", "raised_at", "due_at", "state")
        order_by = ()

    def render_stream(self, value: str) -> str:
        return str(rules.STREAMS.get(value, value))

    def render_urgency(self, value: str, record: OutbreakSignal) -> str:
        return badge(value, URGENCY_TONES[record.urgency])

    def value_urgency(self, value: str) -> str:
        return value

    def render_state(self, value: str, record: OutbreakSignal) -> str:
        if record.state in outbreaks.OPEN and record.due_at < ledger.clock.now():
            return badge(_("%(state)s，已超时") % {"state": value}, "bad")
        return badge(value, TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


class SignalFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=State.choices)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("类型"), choices=OutbreakSignal.Kind.choices)
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("办理"),
        choices=[("open", gettext_lazy("待核实")), ("late", gettext_lazy("超过时限"))],
        method="by_when",
    )

    class Meta:
        model = OutbreakSignal
        fields = ("state", "kind", "when")

    def by_when(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        waiting = selectors.waiting_signals(rows)
        return waiting.filter(due_at__lt=ledger.clock.now()) if value == "late" else waiting


class OutbreakSignals(ListScreen):
    ability = rules.WORK
    title = gettext_lazy("聚集信号")
    intro = gettext_lazy("信号是要人去核实的问题，不是结论。没有信号不等于没有暴发：没有报告的病例看不见。")
    table_class = SignalTable
    filter_class = SignalFilter
    empty_text = gettext_lazy("没有聚集信号。没有信号不等于没有暴发：没有报告的病例看不见。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_signals(self.request.user)

    def more_context(self) -> dict[str, Any]:
        actions = [
            (_("提出信号"), reverse("monitoring:outbreak_signal_new"), "plus"),
            (_("运行记录"), reverse("monitoring:detection_runs"), "history"),
            (_("每月预警条数"), reverse("monitoring:alarm_budget"), "adjustments"),
        ]
        return {**super().more_context(), "actions": actions}


@needs(rules.WORK)
def morning(request: Request) -> HttpResponse:
    """What an epidemiologist looks at first."""
    user, now = request.user, ledger.clock.now()
    waiting = selectors.waiting_signals(selectors.list_signals(user))
    going_on = selectors.open_ones(selectors.list_investigations(user))
    duties = selectors.list_duties(user).filter(state="waiting")
    signals, investigations = reverse("monitoring:outbreak_signals"), reverse("monitoring:investigations")
    tiles = [
        (_("待核实的信号"), waiting.count(), "bell", f"{signals}?when=open", False),
        (_("其中超过时限"), waiting.filter(due_at__lt=now).count(), "alarm", f"{signals}?when=late", True),
        (_("进行中的调查"), going_on.count(), "microscope", f"{investigations}?when=open", False),
        (_("其中超过时限"), going_on.filter(due_at__lt=now).count(), "alarm", f"{investigations}?when=late", True),
        (_("待报告、通报"), duties.count(), "phone-call", f"{investigations}?when=duty", False),
        (_("其中超过时限"), duties.filter(due_at__lt=now).count(), "alarm", f"{investigations}?when=duty_late", True),
    ]
    context = {
        "title": _("今日疫情"), "tiles": tiles, "now": now,
        "signals": [(row, TONES[row.state], URGENCY_TONES[row.urgency], [ACTS[n] for n in allowed(user, row)]) for row in waiting[:FEW]],
        "investigations": going_on[:FEW], "duties": duties.order_by("due_at")[:FEW],
    }  # fmt: skip
    return render(request, "monitoring/morning.html", context)


@needs(rules.WORK)
def signal_new(request: Request) -> HttpResponse:
    form = own_forms.ReportForm(posted(request)[0], user=request.user, ability=rules.WORK)
    if request.method == "POST":
        made = saved(form, lambda: outbreaks.report(by=request.user, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("已提出，请在时限内核实。"))
            return redirect(made)
    return form_page(request, form, _("提出聚集信号"), reverse("monitoring:outbreak_signals"))


@needs(rules.WORK)
def signal(request: Request, pk: int) -> HttpResponse:
    row = access.get_signal(request.user, pk)
    context = {
        "title": _("聚集信号 %(number)s") % {"number": row.number}, "row": row, "tone": TONES[row.state],
        "urgency_tone": URGENCY_TONES[row.urgency], "stream": rules.STREAMS.get(row.stream, row.stream),
        "place": people.division_path(row.division_code), "acts": [ACTS[name] for name in allowed(request.user, row)],
        "late": row.state in outbreaks.OPEN and row.due_at < ledger.clock.now(), **_picture(row),
    }  # fmt: skip
    return render(request, "monitoring/outbreak_signal.html", context)


def _picture(row: OutbreakSignal) -> dict[str, Any]:
    """The curve or the places behind a signal; signals of rules and of people have none."""
    drawn, spots = row.facts.get("chart"), row.facts.get("map", [])
    names = people.division_names({spot["code"] for spot in spots})
    places = [{**spot, "name": names.get(spot["code"], spot["code"])} for spot in spots]
    if drawn:
        words = {"observed": _("发病数"), "expected": _("预计数"), "bounds": _("预警线")}
        lines = zip(drawn["dates"], drawn["observed"], drawn["expected"], drawn["bounds"], strict=True)
        return {"chart": {**drawn, "words": words}, "counts": list(lines)}
    if places:
        return {
            "chart": {"places": places, "words": {"inside": _("聚集范围内"), "outside": _("其他乡镇")}},
            "places": places,
        }
    return {}


@needs(rules.WORK)
def signal_act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_signal(request.user, pk)
    done = act_on(request, row, ACTS, allowed(request.user, row), name)
    row.refresh_from_db()
    if name == "open" and request.method == "POST" and row.investigation_id is not None:
        return redirect(row.investigation)
    return done


# --- runs -------------------------------------------------------------------------------------------------------------------


class RunTable(tables.Table):
    number = tables.Column(linkify=True, attrs={"td": {"class": "text-nowrap"}})

    class Meta:
        model = DetectionRun
        fields = ("number", "as_of", "series", "alarms", "ran_at", "ran_by")
        order_by = ()


class DetectionRuns(ListScreen):
    ability = rules.WORK
    title = gettext_lazy("预警运行")
    intro = gettext_lazy("每天 6:30 自动运行一次。当时的数据和结果原样保存，以后数据更正也不改。")
    table_class = RunTable
    empty_text = gettext_lazy("还没有运行过。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_runs(self.request.user)


@needs(rules.WORK)
def run(request: Request, pk: int) -> HttpResponse:
    row = access.get_run(request.user, pk)
    context = {
        "title": _("预警运行 %(number)s") % {"number": row.number}, "row": row, "signals": row.signals.all(),
        "lines": [(OutbreakSignal.Kind(found["kind"]).label, found["text"]) for found in row.results],
    }  # fmt: skip
    return render(request, "monitoring/detection_run.html", context)


@needs(rules.WORK)
@require_POST
def look(request: Request) -> HttpResponse:
    """Now, not only at night."""
    prefix = min(request.user.prefixes(rules.WORK))
    if len(prefix) < COUNTY_LENGTH:
        messages.error(request, _("请由县级账号运行。"))
        return redirect("monitoring:morning")
    made = outbreaks_detecting.look(division_code=prefix, by=request.user)
    new = made.signals.count()
    messages.success(request, _("运行完毕：%(n)s 条结果，其中 %(new)s 条是新信号。") % {"n": made.alarms, "new": new})
    return redirect(made)


@needs(rules.WORK)
def budget(request: Request) -> HttpResponse:
    form = own_forms.BudgetForm(posted(request)[0], user=request.user)
    if request.method == "POST" and saved(form, lambda: outbreaks.set_budget(by=request.user, **form.cleaned_data)):
        messages.success(request, _("已设定。"))
        return redirect("monitoring:outbreak_signals")
    return form_page(request, form, _("每月预警条数"), reverse("monitoring:outbreak_signals"))
