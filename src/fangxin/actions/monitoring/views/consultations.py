"""Consultations: arranged, prepared, held, concluded; their decisions and whether these worked."""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.monitoring import access, describing, rules, selectors
from fangxin.actions.monitoring import forms as own_forms
from fangxin.actions.monitoring.models import Consultation, Decision
from fangxin.actions.monitoring.services import consulting, dossier
from fangxin.actions.monitoring.views.common import Listing
from fangxin.actions.monitoring.views.signals import TONES as SIGNAL_TONES
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.acts import Act, act_on, acts_by_name, plain
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.export import attachment
from fangxin.kernel.screens.finding import one_of
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

TONES = {"planned": "info", "held": "warn", "concluded": "good", "cancelled": "plain"}
OUTCOME_TONES = {"effective": "good", "ineffective": "bad", "": "plain"}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
State = Consultation.State


class ConsultationTable(tables.Table):
    number = tables.Column(linkify=True, attrs={"td": {"class": "text-nowrap"}})
    planned_on = DayColumn()
    held_on = DayColumn()

    class Meta:
        model = Consultation
        fields = ("number", "title", "planned_on", "held_on", "convened_by", "level", "state")
        order_by = ()

    def render_state(self, value: str, record: Consultation) -> str:
        return badge(value, TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


class ConsultationFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=State.choices)
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("办理"), choices=[("late", gettext_lazy("过了计划日期没有召开"))], method="by_when"
    )

    class Meta:
        model = Consultation
        fields = ("state",)

    def by_when(self, rows: "QuerySet[Any]", _name: str, _value: str) -> "QuerySet[Any]":
        return rows.filter(state=State.PLANNED, planned_on__lt=ledger.clock.today())


class Consultations(Listing):
    ability = "risk.view"
    title = gettext_lazy("风险会商")
    table_class = ConsultationTable
    filter_class = ConsultationFilter
    empty_text = gettext_lazy("还没有安排过会商。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_consultations(self.request.user)

    def more_context(self) -> dict[str, Any]:
        actions = [(_("会商决定"), reverse("monitoring:decisions"), "gavel")]
        if self.request.user.can("risk.consult"):
            actions.insert(0, (_("安排会商"), reverse("monitoring:consultation_new"), "plus"))
        return {"actions": actions}


class DecisionTable(tables.Table):
    text = tables.Column(orderable=False)
    consultation = tables.Column(linkify=True, orderable=False)
    matter = tables.Column(
        accessor="matter__number", verbose_name=gettext_lazy("问题编号"), orderable=False,
        linkify=lambda record: record.matter.get_absolute_url(),
    )  # fmt: skip
    progress = tables.Column(accessor="matter__get_state_display", verbose_name=gettext_lazy("整改"), orderable=False)
    due_on = DayColumn()
    check_on = DayColumn()
    outcome = tables.Column(empty_values=(), orderable=False)

    class Meta:
        model = Decision
        fields = ("text", "consultation", "owner", "due_on", "matter", "progress", "check_on", "outcome")
        order_by = ()

    def render_outcome(self, record: Decision) -> str:
        return badge(record.get_outcome_display() or _("未回看"), OUTCOME_TONES.get(record.outcome, "plain"))

    def value_outcome(self, record: Decision) -> str:
        return str(record.get_outcome_display()) or _("未回看")


class DecisionFilter(django_filters.FilterSet):
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("办理"), choices=[("due", gettext_lazy("该回看效果"))], method="by_when"
    )
    outcome = django_filters.ChoiceFilter(label=gettext_lazy("效果"), choices=Decision.Outcome.choices)

    class Meta:
        model = Decision
        fields = ("outcome",)

    def by_when(self, rows: "QuerySet[Any]", _name: str, _value: str) -> "QuerySet[Any]":
        return rows.filter(outcome="", check_on__lte=ledger.clock.today())


class Decisions(Listing):
    ability = "risk.view"
    title = gettext_lazy("会商决定")
    table_class = DecisionTable
    filter_class = DecisionFilter
    empty_text = gettext_lazy("没有符合条件的会商决定。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.decisions_of(self.request.user).order_by("-decided_at", "-pk")


@needs("risk.consult")
def new(request: Request) -> HttpResponse:
    form = own_forms.ArrangeForm(posted(request)[0], user=request.user, ability="risk.consult")
    made = None
    if request.method == "POST":
        made = saved(form, lambda: consulting.arrange(by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("会商已安排。请列入信号和评估，制作会商材料。"))
        return redirect(made)
    return form_page(request, form, _("安排会商"), reverse("monitoring:consultations"), submit_label=_("安排"))


def _about(form: Any) -> Any:
    """A form that offers what lies in the consultation's division."""
    return lambda request, row, user: form(posted(request)[0], user=user, row=row)


def _put_signals(row: Consultation, by: Any, values: Mapping[str, Any]) -> None:
    for found in values["signals"]:
        consulting.put_on_agenda(consultation=row, signal=found, by=by)


ACTS = acts_by_name(
    Act("signals", gettext_lazy("列入风险信号"), "bell-plus", _put_signals, form=_about(own_forms.SignalsForm)),
    Act("assessments", gettext_lazy("列入暴露评估"), "chart-bar",
        lambda row, by, v: consulting.add_assessments(consultation=row, assessments=v["assessments"], by=by),
        form=_about(own_forms.AssessmentsForm)),
    Act("invite", gettext_lazy("增加单位"), "user-plus",
        lambda row, by, v: consulting.add_participant(consultation=row, agency=v["agency"], by=by),
        form=_about(own_forms.AgencyForm)),
    Act("dossier", gettext_lazy("制作会商材料"), "file-text",
        lambda row, by, _v: dossier.make_dossier(consultation=row, by=by), done=gettext_lazy("材料已制作，可以下载。")),
    Act("hold", gettext_lazy("登记召开"), "calendar-check",
        lambda row, by, v: consulting.hold(consultation=row, by=by, **v), form=plain(own_forms.HoldForm)),
    Act("decide", gettext_lazy("记录决定"), "gavel",
        lambda row, by, v: consulting.decide(consultation=row, by=by, **v), form=_about(own_forms.DecideForm),
        intro=gettext_lazy("决定会立为问题事项，由责任单位办理、第二人验收。风险监测样品不作为处罚依据。")),
    Act("conclude", gettext_lazy("形成结论"), "circle-check",
        lambda row, by, v: consulting.conclude(consultation=row, by=by, **v), form=plain(own_forms.ConcludeForm)),
    Act("cancel", gettext_lazy("取消会商"), "circle-x",
        lambda row, by, v: consulting.cancel(consultation=row, why=v["why"], by=by), form=plain(own_forms.WhyForm)),
    Act("restore", gettext_lazy("恢复"), "rotate", lambda row, by, _v: consulting.restore(consultation=row, by=by)),
)  # fmt: skip
BY_STATE: Mapping[str, list[str]] = {
    State.PLANNED: ["hold", "signals", "assessments", "invite", "dossier", "cancel"],
    State.HELD: ["decide", "conclude", "signals", "assessments", "invite", "dossier"],
    State.CONCLUDED: ["dossier"],
    State.CANCELLED: ["restore"],
}


def allowed(user: Any, row: Consultation) -> list[str]:
    return BY_STATE[row.state] if user.can("risk.consult", row.division_code) else []


@needs("risk.view")
def consultation(request: Request, pk: int) -> HttpResponse:
    row = access.get_consultation(request.user, pk)
    may = request.user.can("risk.consult", row.division_code)
    found = row.assessments.defer("inputs").order_by("number")
    context = {
        "title": str(row), "row": row, "tone": TONES[row.state], "place": people.division_path(row.division_code),
        "acts": [ACTS[name] for name in allowed(request.user, row)], "may_write": may and row.state in consulting.OPEN,
        "participants": row.participants.select_related("agency"),
        "signals": [(s, SIGNAL_TONES[s.state]) for s in row.signals.order_by("number")],
        "assessments": [(a, rules.hazard_name(a.hazard), describing.statement(a)) for a in found],
        "decisions": [(d, OUTCOME_TONES.get(d.outcome, "plain")) for d in row.decisions.select_related("owner", "matter")],
        "may_check": may, "today": ledger.clock.today(),
    }  # fmt: skip
    return render(request, "monitoring/consultation.html", context)


@needs("risk.consult")
def consultation_act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_consultation(request.user, pk, "risk.consult")
    return act_on(request, row, ACTS, allowed(request.user, row), name)


@needs("risk.consult")
def opinion(request: Request, pk: int, participant_pk: int) -> HttpResponse:
    row = access.get_consultation(request.user, pk, "risk.consult")
    one = one_of(row.participants.select_related("agency", "consultation"), participant_pk)
    initial = {"came": one.came or not one.opinion, "who_came": one.who, "opinion": one.opinion}
    form = own_forms.OpinionForm(posted(request)[0], initial=initial)
    if request.method == "POST" and saved(
        form, lambda: consulting.record_opinion(participant=one, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("意见已记录。"))
        return redirect(row)
    return form_page(request, form, _("意见：%(name)s") % {"name": one.agency}, row.get_absolute_url())


@needs("risk.consult")
def take_off(request: Request, pk: int, signal_pk: int) -> HttpResponse:
    row = access.get_consultation(request.user, pk, "risk.consult")
    found = one_of(row.signals.all(), signal_pk)
    if request.method == "POST":
        form = own_forms.forms.Form(request.POST)
        if saved(form, lambda: consulting.take_off_agenda(consultation=row, signal=found, by=request.user)):
            messages.success(request, _("已移出会商，信号仍待处置。"))
        else:
            messages.error(request, " ".join(str(e) for e in form.non_field_errors()))
    return redirect(row)


@needs("risk.consult")
def check(request: Request, pk: int) -> HttpResponse:
    decision = access.get_decision(request.user, pk, "risk.consult")
    row = decision.consultation
    form = own_forms.OutcomeForm(posted(request)[0])
    if request.method == "POST" and saved(
        form, lambda: consulting.check_outcome(decision=decision, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("效果已记录。"))
        return redirect(row)
    title = _("回看效果：%(text)s") % {"text": decision}
    return form_page(request, form, title, row.get_absolute_url(), intro=_("没有见效的，会另立问题事项要求加强措施。"))


@needs("risk.view")
def dossier_file(request: Request, pk: int) -> HttpResponse:
    row = access.get_consultation(request.user, pk)
    if row.dossier is None:
        raise Http404
    response = HttpResponse(ledger.read_evidence(row.dossier), content_type=DOCX)
    response.headers["Content-Disposition"] = attachment(f"{row.number} {_('风险会商材料')}.docx")
    return response
