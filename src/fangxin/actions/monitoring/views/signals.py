"""Risk signals: listed, looked at, settled; and the look through all results on demand."""

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

from fangxin.actions.monitoring import access, describing, rules, selectors
from fangxin.actions.monitoring import forms as own_forms
from fangxin.actions.monitoring.models import Measurement, Signal
from fangxin.actions.monitoring.services import detecting, signals
from fangxin.actions.monitoring.views.common import HazardFilter, Listing
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on, acts_by_name, plain
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

TONES = {"raised": "warn", "confirmed": "info", "acted": "good", "dismissed": "plain"}
WHEN = [
    ("open", gettext_lazy("待核实")),
    ("late", gettext_lazy("超过时限")),
    ("waiting", gettext_lazy("已核实、未列入会商")),
]
State = Signal.State


class SignalTable(tables.Table):
    number = tables.Column(linkify=True, attrs={"td": {"class": "text-nowrap"}})
    township = TownshipColumn()
    raised_on = DayColumn()
    due_on = DayColumn()

    class Meta:
        model = Signal
        fields = ("number", "kind", "hazard", "food_group", "township", "text", "raised_on", "due_on", "state")
        order_by = ()

    def render_hazard(self, value: str) -> str:
        return rules.hazard_name(value)

    def render_food_group(self, value: str) -> str:
        return rules.food_name(value)

    def render_state(self, value: str, record: Signal) -> str:
        return badge(value, TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


class SignalFilter(HazardFilter):
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=State.choices)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("类型"), choices=Signal.Kind.choices)
    when = django_filters.ChoiceFilter(label=gettext_lazy("办理"), choices=WHEN, method="by_when")

    class Meta:
        model = Signal
        fields = ("hazard", "food_group", "kind", "state")

    def by_when(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        today = ledger.clock.today()
        return {
            "open": rows.filter(state=State.RAISED, due_on__gte=today),
            "late": rows.filter(state=State.RAISED, due_on__lt=today),
            "waiting": rows.filter(state=State.CONFIRMED, consultation=None),
        }[value]


class Signals(Listing):
    ability = "risk.view"
    title = gettext_lazy("风险信号")
    table_class = SignalTable
    filter_class = SignalFilter
    template_name = "monitoring/signals.html"
    empty_text = gettext_lazy("没有风险信号。没有信号不等于没有风险：只有测过的才看得见。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_signals(self.request.user)

    def more_context(self) -> dict[str, Any]:
        return {
            "intro": _("信号是提醒人去看的问题，不是结论。核实后确认或者排除，都写明依据。"),
            "may_assess": self.request.user.can("risk.assess"),
        }


@require_POST
@needs("risk.assess")
def look(request: Request) -> HttpResponse:
    """Look through all results now instead of waiting for the night."""
    raised = [
        s
        for code in request.user.prefixes("risk.assess")
        for s in detecting.detect(division_code=code, by=request.user)
    ]
    messages.success(request, _("查找完毕，发出 %(n)s 条新信号。") % {"n": len(raised)})
    return redirect("monitoring:signals")


@needs("risk.assess")
def report(request: Request) -> HttpResponse:
    form = own_forms.ReportForm(posted(request)[0], user=request.user, ability="risk.assess")
    made = None
    if request.method == "POST":
        made = saved(form, lambda: signals.report(by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("已记录为风险信号，请在时限内核实。"))
        return redirect(made)
    return form_page(request, form, _("提出风险信号"), reverse("monitoring:signals"), submit_label=_("提出"))


ACTS = acts_by_name(
    Act("confirm", gettext_lazy("确认，需要处置"), "check",
        lambda row, by, v: signals.confirm(signal=row, finding=v["finding"], by=by), form=plain(own_forms.FindingForm)),
    Act("dismiss", gettext_lazy("排除"), "circle-x",
        lambda row, by, v: signals.dismiss(signal=row, finding=v["finding"], by=by), form=plain(own_forms.FindingForm)),
    Act("reopen", gettext_lazy("重新核实"), "rotate", lambda row, by, _v: signals.reopen(signal=row, by=by), undoes=True),
)  # fmt: skip


def allowed(user: Any, row: Signal) -> list[str]:
    if not user.can("risk.assess", row.division_code):
        return []
    return {"raised": ["confirm", "dismiss"], "confirmed": ["reopen"], "dismissed": ["reopen"]}.get(row.state, [])


@needs("risk.view")
def signal(request: Request, pk: int) -> HttpResponse:
    row = access.get_signal(request.user, pk)
    moments = [
        (e.at, contribute.events.get(e.event).label if e.event in contribute.events else e.event, e.actor_name)
        for e in ledger.entries_of(row._meta.label_lower, str(row.pk))[:50]
    ]
    query = f"?hazard={row.hazard}" + (f"&food_group={row.food_group}" if row.food_group else "")
    context = {
        "title": _("风险信号 %(number)s") % {"number": row.number},
        "row": row, "tone": TONES[row.state], "hazard": rules.hazard_name(row.hazard),
        "food": rules.food_name(row.food_group), "place": people.division_path(row.division_code),
        "acts": [ACTS[name] for name in allowed(request.user, row)], "moments": moments,
        "results_url": reverse("monitoring:measurements") + query, "lead": lead_days(row), "chart": _chart(row),
        "baseline": _baseline(row), "not_a_verdict": describing.NOT_A_VERDICT,
        "late": row.state == State.RAISED and row.due_on < ledger.clock.today(),
    }  # fmt: skip
    return render(request, "monitoring/signal.html", context)


def lead_days(row: Signal) -> int | None:
    """Days from the signal to the first later sample above a limit; nothing while there is none."""
    later = selectors.standing().filter(
        people.under(row.division_code), hazard=row.hazard, sampled_on__gt=row.raised_on,
        over_limit=Measurement.OverLimit.YES,
    )  # fmt: skip
    if row.food_group:
        later = later.filter(food_group=row.food_group)
    first = later.order_by("sampled_on").values_list("sampled_on", flat=True).first()
    return (first - row.raised_on).days if first is not None else None


def _chart(row: Signal) -> dict[str, Any] | None:
    points = row.facts.get("points")
    if not points:
        return None
    return {
        "days": [p[0] for p in points],
        "ewma": [p[1] for p in points],
        "limit": [p[2] for p in points],
        "words": {"ewma": _("平滑值（EWMA）"), "limit": _("控制限")},
    }


def _baseline(row: Signal) -> dict[str, Any] | None:
    base = row.facts.get("baseline")
    if not base:
        return None
    return {
        **base,
        "geometric_mean": describing.figure(base["geometric_mean"]),
        "geometric_sd": describing.figure(base["geometric_sd"]),
    }


@needs("risk.assess")
def signal_act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_signal(request.user, pk, "risk.assess")
    return act_on(request, row, ACTS, allowed(request.user, row), name)
