"""Follow-up of standards, trainings about them, standards of enterprises."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages as notes
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.monitoring import access, selectors
from fangxin.actions.monitoring import forms_standards as own_forms
from fangxin.actions.monitoring.forms_messages import ReasonForm
from fangxin.actions.monitoring.models import EnterpriseStandard, Questionnaire, Training
from fangxin.actions.monitoring.services import standards
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.acts import Act, act_on, acts_by_name, plain
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

ABILITY = "risk.standards"
TONES = {"assigned": "info", "returned": "warn", "valid": "good", "invalid": "bad", "reported": "good"}
State = Questionnaire.State

ACTS = acts_by_name(
    Act("take_return", gettext_lazy("登记收回"), "inbox", lambda row, by, v: standards.take_return(questionnaire=row, by=by, **v),
        plain(own_forms.ReturnForm)),
    Act("review", gettext_lazy("审核"), "check",
        lambda row, by, v: standards.review(questionnaire=row, valid=v["answer"] == "yes", note=v["note"], by=by),
        plain(own_forms.ReviewForm)),
    Act("report", gettext_lazy("上报"), "send", lambda row, by, _v: standards.report(questionnaire=row, by=by),
        ask=gettext_lazy("确认已报送上级卫生健康部门？")),
    Act("undo_review", gettext_lazy("撤回审核"), "rotate", lambda row, by, _v: standards.undo_review(questionnaire=row, by=by), undoes=True),
    Act("outcome", gettext_lazy("登记采纳情况"), "flag", lambda row, by, v: standards.record_outcome(questionnaire=row, by=by, **v),
        plain(own_forms.OutcomeForm)),
)  # fmt: skip
_STEPS = {
    "assigned": ["take_return"], "returned": ["review"], "valid": ["report", "undo_review"],
    "invalid": ["take_return", "undo_review"], "reported": ["outcome"],
}  # fmt: skip


class QuestionnaireTable(tables.Table):
    number = tables.Column(linkify=True, attrs={"td": {"class": "text-nowrap"}})
    due_on = DayColumn()
    returned_on = DayColumn()

    class Meta:
        model = Questionnaire
        fields = (
            "number",
            "standard_number",
            "standard_name",
            "respondent",
            "problem",
            "due_on",
            "returned_on",
            "state",
            "outcome",
        )
        order_by = ()

    def render_state(self, value: str, record: Questionnaire) -> str:
        if record.state in (State.ASSIGNED, State.INVALID) and record.due_on < ledger.clock.today():
            return badge(_("%(state)s，超过期限") % {"state": value}, "bad")
        return badge(value, TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


class QuestionnaireFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=gettext_lazy("标准号、名称或者单位"), method="by_text")
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=State.choices)
    problem = django_filters.ChoiceFilter(label=gettext_lazy("问题类型"), choices=Questionnaire.Problem.choices)
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("办理"), choices=[("late", gettext_lazy("超过期限没有收回"))], method="by_when"
    )

    class Meta:
        model = Questionnaire
        fields = ("text", "state", "problem", "when")

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(
            Q(number=value)
            | Q(standard_number__icontains=value)
            | Q(standard_name__icontains=value)
            | Q(respondent__icontains=value)
        )

    def by_when(self, rows: "QuerySet[Any]", _name: str, _value: str) -> "QuerySet[Any]":
        return rows.filter(state__in=(State.ASSIGNED, State.INVALID), due_on__lt=ledger.clock.today())


class Questionnaires(ListScreen):
    ability = selectors.VIEW
    title = gettext_lazy("标准跟踪评价")
    intro = gettext_lazy("向生产经营单位、检验机构、监管部门和消费者组织收集对食品安全标准的意见，审核后上报。")
    table_class = QuestionnaireTable
    filter_class = QuestionnaireFilter
    empty_text = gettext_lazy("还没有下达跟踪评价问卷。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_questionnaires(self.request.user)

    def more_context(self) -> dict[str, Any]:
        actions = [
            (_("培训"), reverse("monitoring:trainings"), "school"),
            (_("企业标准"), reverse("monitoring:own_standards"), "certificate"),
        ]
        if self.request.user.can(ABILITY):
            actions.insert(0, (_("下达问卷"), reverse("monitoring:questionnaire_new"), "plus"))
        return {**super().more_context(), "actions": actions}


def allowed(user: Any, row: Questionnaire) -> list[str]:
    return _STEPS[row.state] if user.can(ABILITY, row.division_code) else []


@needs(ABILITY)
def questionnaire_new(request: Request) -> HttpResponse:
    form = own_forms.AssignForm(posted(request)[0], user=request.user, ability=ABILITY)
    if request.method == "POST":
        made = saved(form, lambda: standards.assign(by=request.user, **form.cleaned_data))
        if made is not None:
            notes.success(request, _("已下达 %(n)s 份问卷。") % {"n": len(made)})
            return redirect("monitoring:questionnaires")
    return form_page(request, form, _("下达跟踪评价问卷"), reverse("monitoring:questionnaires"))


@needs(selectors.VIEW)
def questionnaire(request: Request, pk: int) -> HttpResponse:
    row = access.get_questionnaire(request.user, pk)
    context = {
        "title": _("问卷 %(number)s") % {"number": row.number}, "row": row, "tone": TONES[row.state],
        "acts": [ACTS[name] for name in allowed(request.user, row)],
    }  # fmt: skip
    return render(request, "monitoring/questionnaire.html", context)


@needs(ABILITY)
def questionnaire_act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_questionnaire(request.user, pk, ABILITY)
    return act_on(request, row, ACTS, allowed(request.user, row), name)


# --- trainings ------------------------------------------------------------------------------------------------------------


class TrainingTable(tables.Table):
    title = tables.Column(linkify=True)
    held_on = DayColumn()

    class Meta:
        model = Training
        fields = ("held_on", "title", "topic", "audience", "people", "hours", "passed")
        order_by = ()


class TrainingFilter(django_filters.FilterSet):
    topic = django_filters.ChoiceFilter(label=gettext_lazy("内容"), choices=Training.Topic.choices)

    class Meta:
        model = Training
        fields = ("topic",)


class Trainings(ListScreen):
    ability = selectors.VIEW
    title = gettext_lazy("标准和监测培训")
    table_class = TrainingTable
    filter_class = TrainingFilter
    empty_text = gettext_lazy("还没有登记培训。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_trainings(self.request.user).filter(undone_at=None)

    def more_context(self) -> dict[str, Any]:
        if not self.request.user.can(ABILITY):
            return {}
        return {"actions": [(_("登记培训"), reverse("monitoring:training_new"), "plus")]}


@needs(ABILITY)
def training_new(request: Request) -> HttpResponse:
    form = own_forms.TrainingForm(*posted(request), user=request.user, ability=ABILITY)

    def write() -> Training:
        values, file = dict(form.cleaned_data), form.cleaned_data["file"]
        values["file"] = ledger.store_evidence(name=file.name, content=file.read(), by=request.user) if file else None
        return standards.record_training(by=request.user, **values)

    if request.method == "POST" and (made := saved(form, write)) is not None:
        notes.success(request, _("已登记培训。"))
        return redirect(made)
    return form_page(request, form, _("登记培训"), reverse("monitoring:trainings"))


TRAINING_ACTS = acts_by_name(
    Act("take_back", gettext_lazy("撤销登记"), "trash", lambda row, by, v: standards.take_back_training(training=row, by=by, **v),
        plain(ReasonForm), undoes=True),
)  # fmt: skip


def _training_allowed(user: Any, row: Training) -> list[str]:
    return ["take_back"] if row.undone_at is None and user.can(ABILITY, row.division_code) else []


@needs(selectors.VIEW)
def training(request: Request, pk: int) -> HttpResponse:
    row = access.get_training(request.user, pk)
    acts = [TRAINING_ACTS[name] for name in _training_allowed(request.user, row)]
    return render(request, "monitoring/training.html", {"title": row.title, "row": row, "acts": acts})


@needs(ABILITY)
def training_act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_training(request.user, pk, ABILITY)
    return act_on(request, row, TRAINING_ACTS, _training_allowed(request.user, row), name)


# --- standards of enterprises -----------------------------------------------------------------------------------------------


class OwnStandardTable(tables.Table):
    number = tables.Column(linkify=True, attrs={"td": {"class": "text-nowrap"}})
    filed_on = DayColumn()
    valid_until = DayColumn()
    standing = tables.Column(verbose_name=gettext_lazy("状态"), accessor="pk", orderable=False)

    class Meta:
        model = EnterpriseStandard
        fields = ("number", "name", "premises", "filing_number", "filed_on", "valid_until", "standing")
        order_by = ()

    def render_standing(self, record: EnterpriseStandard) -> str:
        return badge(*standing_of(record))

    def value_standing(self, record: EnterpriseStandard) -> str:
        return standing_of(record)[0]


def standing_of(row: EnterpriseStandard) -> tuple[str, str]:
    if row.withdrawn_at is not None:
        return _("已停用"), "plain"
    if row.valid_until is not None and row.valid_until < ledger.clock.today():
        return _("已过期"), "bad"
    return _("有效"), "good"


class OwnStandardFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=gettext_lazy("标准号、名称或者企业"), method="by_text")
    standing = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), method="by_standing",
        choices=[("valid", gettext_lazy("有效")), ("expired", gettext_lazy("已过期")), ("withdrawn", gettext_lazy("已停用"))],
    )  # fmt: skip

    class Meta:
        model = EnterpriseStandard
        fields = ("text", "standing")

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(Q(number__icontains=value) | Q(name__icontains=value) | Q(premises__name__icontains=value))

    def by_standing(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        over = Q(valid_until__lt=ledger.clock.today())
        if value == "withdrawn":
            return rows.exclude(withdrawn_at=None)
        return rows.filter(over if value == "expired" else Q(valid_until=None) | ~over, withdrawn_at=None)


class OwnStandards(ListScreen):
    ability = selectors.VIEW
    title = gettext_lazy("企业标准")
    table_class = OwnStandardTable
    filter_class = OwnStandardFilter
    empty_text = gettext_lazy("还没有登记企业标准。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_own_standards(self.request.user)

    def more_context(self) -> dict[str, Any]:
        if not self.request.user.can(ABILITY):
            return {}
        return {"actions": [(_("登记企业标准"), reverse("monitoring:own_standard_new"), "plus")]}


@needs(ABILITY)
def own_standard_new(request: Request) -> HttpResponse:
    form = own_forms.OwnStandardForm(posted(request)[0], user=request.user)

    def write() -> EnterpriseStandard:
        values = dict(form.cleaned_data)
        return standards.record_own_standard(premises=values.pop("place"), by=request.user, **values)

    if request.method == "POST" and (made := saved(form, write)) is not None:
        notes.success(request, _("已登记企业标准。"))
        return redirect(made)
    return form_page(request, form, _("登记企业标准"), reverse("monitoring:own_standards"))


OWN_STANDARD_ACTS = acts_by_name(
    Act("withdraw", gettext_lazy("停用"), "ban", lambda row, by, v: standards.withdraw_own_standard(standard=row, by=by, **v),
        plain(ReasonForm), undoes=True),
    Act("restore", gettext_lazy("恢复"), "rotate", lambda row, by, _v: standards.restore_own_standard(standard=row, by=by), undoes=True),
)  # fmt: skip


def _own_standard_allowed(user: Any, row: EnterpriseStandard) -> list[str]:
    if not user.can(ABILITY, row.division_code):
        return []
    return ["withdraw"] if row.withdrawn_at is None else ["restore"]


@needs(selectors.VIEW)
def own_standard(request: Request, pk: int) -> HttpResponse:
    row = access.get_own_standard(request.user, pk)
    context = {
        "title": str(row), "row": row, "standing": standing_of(row),
        "acts": [OWN_STANDARD_ACTS[name] for name in _own_standard_allowed(request.user, row)],
    }  # fmt: skip
    return render(request, "monitoring/own_standard.html", context)


@needs(ABILITY)
def own_standard_act(request: Request, pk: int, name: str) -> HttpResponse:
    row = access.get_own_standard(request.user, pk, ABILITY)
    return act_on(request, row, OWN_STANDARD_ACTS, _own_standard_allowed(request.user, row), name)
