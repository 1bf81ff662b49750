"""Notices from abroad: list, page, entered by hand or as a file; lots that may be meant, one answer each."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.imported_food import access, describing, rules, selectors
from fangxin.actions.imported_food import forms as own_forms
from fangxin.actions.imported_food.models import Alert, AlertMatch
from fangxin.actions.imported_food.services import alerts
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.acts import Act, act_on, acts_by_name, plain
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

MOST_FAULTS = 20
MATCH_TONES = {"asked": "warn", "confirmed": "bad", "dismissed": "plain"}
WHEN = [("late", gettext_lazy("超过时限没有核对")), ("waiting", gettext_lazy("有批次待确认"))]

ACTS = acts_by_name(
    Act("finish", gettext_lazy("结束核对"), "check", lambda row, by, v: alerts.finish_trace(alert=row, by=by, **v),
        plain(own_forms.FindingForm), intro=gettext_lazy("所有可能涉及的批次都确认以后才能结束。没有涉及的，写明查了什么。")),
    Act("again", gettext_lazy("再核对一次本地批次"), "refresh", lambda row, by, _v: alerts.look_again(alert=row, by=by)),
)  # fmt: skip
MATCH_ACTS = acts_by_name(
    Act("confirm", gettext_lazy("确认涉及"), "alert-triangle", lambda row, by, v: alerts.confirm(match=row, by=by, **v),
        plain(own_forms.WhyForm), intro=gettext_lazy("确认后立即立案：24 小时内停止销售。")),
    Act("dismiss", gettext_lazy("不涉及"), "circle-x", lambda row, by, v: alerts.dismiss(match=row, by=by, **v), plain(own_forms.WhyForm)),
)  # fmt: skip


def allowed(user: Any, row: Alert) -> list[str]:
    if not user.can("import.alerts", row.division_code):
        return []
    return ["finish", "again"] if row.state == Alert.State.OPEN else ["again"]


def match_allowed(user: Any, row: AlertMatch) -> list[str]:
    may = user.can("import.supervise", row.consignment.division_code)
    return list(MATCH_ACTS) if may and row.state == AlertMatch.State.ASKED else []


class AlertTable(tables.Table):
    text = tables.Column(linkify=True, attrs={"td": {"class": "import-wide"}})
    origins = tables.Column(orderable=False, default="—")
    hazards = tables.Column(orderable=False, default="—")
    asked = tables.Column(verbose_name=gettext_lazy("待确认批次"), attrs={"td": {"class": "number"}})
    confirmed = tables.Column(verbose_name=gettext_lazy("涉及批次"), attrs={"td": {"class": "number"}})

    class Meta:
        model = Alert
        fields = (
            "source", "reference", "text", "origins", "hazards", "received_at", "trace_due_at", "asked", "confirmed", "state",
        )  # fmt: skip
        order_by = ()

    def render_text(self, value: str) -> str:
        return value if len(value) <= 80 else value[:79] + "…"

    def value_text(self, value: str) -> str:
        return value

    def render_origins(self, value: list[str]) -> str:
        words = rules.vocabulary(ledger.clock.today())
        return "、".join(words.country_name(code) for code in value) or "—"

    def render_hazards(self, value: list[str]) -> str:
        words = rules.vocabulary(ledger.clock.today())
        return "、".join(words.hazard_name(code) for code in value) or "—"

    def render_state(self, value: str, record: Alert) -> Any:
        if record.state == Alert.State.OPEN and record.trace_due_at < ledger.clock.now():
            return badge(_("待核对，已超时"), "bad")
        return badge(value, "warn" if record.state == Alert.State.OPEN else "good")

    def value_state(self, value: str) -> str:
        return value


class AlertFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=gettext_lazy("内容或者编号"), method="by_text", max_length=100)
    source = django_filters.ChoiceFilter(label=gettext_lazy("来源"), choices=Alert.Source.choices)
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=Alert.State.choices)
    when = django_filters.ChoiceFilter(label=gettext_lazy("办理"), choices=WHEN, method="by_when")

    class Meta:
        model = Alert
        fields = ("text", "source", "state", "when")

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(Q(text__icontains=value.strip()) | Q(reference=value.strip()))

    def by_when(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        if value == "late":
            return rows.filter(state="open", trace_due_at__lt=ledger.clock.now())
        waiting = AlertMatch.objects.filter(state="asked").values("alert")
        return rows.filter(pk__in=waiting)


class Alerts(ListScreen):
    ability = "import.lists"
    title = gettext_lazy("风险通报")
    table_class = AlertTable
    filter_class = AlertFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_alerts(self.request.user).annotate(
            asked=Count("matches", filter=Q(matches__state=AlertMatch.State.ASKED)),
            confirmed=Count("matches", filter=Q(matches__state=AlertMatch.State.CONFIRMED)),
        )

    def more_context(self) -> dict[str, Any]:
        context: dict[str, Any] = {"intro": _("批号、条码一致的直接立案；名称相近的只提请人确认，不自动认定。")}
        if self.request.user.can("import.alerts"):
            context["actions"] = [
                (_("登记通报"), reverse("imported_food:alert_new"), "plus"),
                (_("导入通报文件"), reverse("imported_food:alert_take_in"), "upload"),
            ]
        return context


@needs("import.alerts")
def new(request: Request) -> HttpResponse:
    form = own_forms.AlertForm(posted(request)[0], user=request.user)

    def write() -> Alert:
        values = form.cleaned_data
        return alerts.record_alert(
            source=values["source"], said=form.said(), division_code=values["division_code"], by=request.user
        )

    if request.method == "POST" and (made := saved(form, write)) is not None:
        messages.success(request, _("已登记，并与本地批次核对。"))
        return redirect(made)
    return form_page(request, form, _("登记风险通报"), reverse("imported_food:alerts"))


@needs("import.alerts")
def take_in(request: Request) -> HttpResponse:
    form = own_forms.TakeInForm(*posted(request), user=request.user)

    def write() -> alerts.TakenIn:
        values = form.cleaned_data
        content = values["file"].read()
        return alerts.take_in(
            source=values["source"], content=content, division_code=values["division_code"], by=request.user
        )

    if request.method == "POST" and (made := saved(form, write)) is not None:
        return render(request, "imported_food/taken_in.html", _taken_in(made))
    return form_page(request, form, _("导入通报文件"), reverse("imported_food:alerts"))


def _taken_in(made: alerts.TakenIn) -> dict[str, Any]:
    words = {"no_text": _("没有通报内容"), "date": _("日期读不出来")}
    faults = [(fault.row, words[fault.token], fault.value) for fault in made.faults[:MOST_FAULTS]]
    return {"title": _("导入结果"), "made": made, "faults": faults}


@needs("import.lists")
def page(request: Request, pk: int) -> HttpResponse:
    row = access.get_alert(request.user, pk)
    matches = selectors.list_matches(request.user).filter(alert=row)
    context = {
        "title": str(row), "row": row, "says": describing.alert_says(row),
        "late": row.state == Alert.State.OPEN and row.trace_due_at < ledger.clock.now(),
        "matches": [
            (m, MATCH_TONES[m.state], describing.tokens(m.reasons), describing.tokens(m.against), [MATCH_ACTS[n] for n in match_allowed(request.user, m)])
            for m in matches
        ],
        "acts": [ACTS[name] for name in allowed(request.user, row)],
    }  # fmt: skip
    return render(request, "imported_food/alert.html", context)


@needs("import.alerts")
def act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_alert(request.user, pk, "import.alerts")
    return act_on(request, row, ACTS, allowed(request.user, row), name)


@needs("import.supervise")
def match_act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_match(request.user, pk)
    return act_on(request, row, MATCH_ACTS, match_allowed(request.user, row), name)
