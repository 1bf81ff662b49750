"""Tasks by year: list, page, and what can be done with one."""

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge
from fangxin.oversight.plans import access, selectors
from fangxin.oversight.plans.data import PlanError
from fangxin.oversight.plans.forms import TaskForm, WordsForm
from fangxin.oversight.plans.models import Action, Task
from fangxin.oversight.plans.services import working
from fangxin.oversight.plans.views.common import attempt, put_error


def state_words(task: Task) -> tuple[str, str]:
    """(word, tone) of a task as of today."""
    if task.is_overdue(ledger.clock.today()):
        return _("逾期未完成"), "bad"
    if (
        task.state == Task.State.DONE
        and task.done_at
        and task.done_at.astimezone(ledger.clock.LOCAL).date() > task.due_on
    ):
        return _("逾期完成"), "warn"
    return str(task.get_state_display()), {"open": "info", "done": "good"}.get(task.state, "plain")


class TaskTable(tables.Table):
    due_on = tables.DateColumn(format="Y-m-d")
    number = tables.Column(accessor="action__number", verbose_name=gettext_lazy("行动"))
    title = tables.Column(linkify=lambda record: reverse("plans:task", args=[record.pk]))
    kind = tables.Column(verbose_name=gettext_lazy("来源"), empty_values=(), orderable=False)

    class Meta:
        model = Task
        fields = ("number", "title", "kind", "year", "accountable", "due_on", "state")

    def render_title(self, value: str) -> str:
        return value if len(value) <= 60 else value[:59] + "…"

    def render_kind(self, record: Task) -> str:
        if record.parent_id:
            return _("分解任务")
        if record.goal_id:
            return _("目标")
        return _("措施") if record.measure_id else _("补充")

    def render_state(self, record: Task) -> Any:
        return badge(*state_words(record))

    def value_state(self, record: Task) -> str:
        return state_words(record)[0]

    def value_title(self, record: Task) -> str:
        return record.title

    value_kind = render_kind


class TaskFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label=gettext_lazy("任务"))
    year = django_filters.ChoiceFilter(label=gettext_lazy("年度"), choices=(), empty_label=gettext_lazy("全部"))
    action = django_filters.ModelChoiceFilter(
        label=gettext_lazy("行动"), queryset=Action.objects.none(), empty_label=gettext_lazy("全部")
    )
    accountable = django_filters.ModelChoiceFilter(
        label=gettext_lazy("责任单位"), queryset=people.Agency.objects.none(), empty_label=gettext_lazy("全部")
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=Task.State.choices, empty_label=gettext_lazy("全部")
    )
    goals = django_filters.BooleanFilter(
        label=gettext_lazy("只看目标"), method="only_goals", widget=forms.CheckboxInput
    )
    overdue = django_filters.BooleanFilter(
        label=gettext_lazy("只看逾期"), method="only_overdue", widget=forms.CheckboxInput
    )
    mine = django_filters.BooleanFilter(
        label=gettext_lazy("只看本单位"), method="only_mine", widget=forms.CheckboxInput
    )

    class Meta:
        model = Task
        fields = ("text", "year", "action", "accountable", "state", "goals", "overdue", "mine")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = selectors.list_tasks(self.request.user).order_by()
        plan = selectors.plan_of(self.request.user)
        self.filters["year"].extra["choices"] = [(str(y), str(y)) for y in (plan.years if plan else [])]
        self.filters["action"].queryset = plan.actions.all() if plan else Action.objects.none()
        self.filters["accountable"].queryset = people.Agency.objects.filter(pk__in=rows.values("accountable")).order_by(
            "kind", "pk"
        )

    def only_goals(self, rows: Any, _name: str, value: bool) -> Any:
        return rows.filter(goal__isnull=False) if value else rows

    def only_overdue(self, rows: Any, _name: str, value: bool) -> Any:
        return rows.filter(selectors.is_late(ledger.clock.today())) if value else rows

    def only_mine(self, rows: Any, _name: str, value: bool) -> Any:
        return rows.filter(accountable__in=self.request.user.own_agencies("plans.view")) if value else rows


class TaskList(ListScreen):
    ability = "plans.view"
    title = gettext_lazy("年度任务")
    table_class = TaskTable
    filter_class = TaskFilter

    def rows(self) -> Any:
        return selectors.list_tasks(self.request.user)


@needs("plans.view")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    task = access.get_task(request.user, pk)
    context = {
        "title": task.title,
        "task": task,
        "state_word": state_words(task),
        "parts": [(part, state_words(part)) for part in task.parts.select_related("accountable")],
        "may_work": access.may_work_on(request.user, task),
        "may_direct": access.may_direct(request.user, task),
        "may_undo": request.user.can("plans.edit", task.action.plan.division_code),
        "form": WordsForm(),
        "is_open": task.state == Task.State.OPEN,
        "actions": [(_("返回行动"), reverse("plans:action", args=[task.action_id]), "arrow-left")],
    }
    return render(request, "plans/task.html", context)


@needs("plans.task.work")
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Another task of an action, or with ?parent= a part of one of its tasks."""
    action = access.get_action(request.user, pk)
    lead = action.lead_id in request.user.own_agencies("plans.task.work")
    access.refuse(not lead and not request.user.can("plans.edit", action.plan.division_code))
    parent = _parent(request, action)
    form = TaskForm(request.POST or None, action=action)
    if request.method == "POST" and form.is_valid():
        try:
            task = working.add_task(action=action, parent=parent, by=request.user, **form.cleaned_data)
        except (PlanError, ValidationError) as error:
            put_error(form, error)
        else:
            return redirect("plans:task", task.pk)
    title = _("分解任务") if parent else _("增加任务")
    back = reverse("plans:task", args=[parent.pk]) if parent else reverse("plans:action", args=[action.pk])
    context = {"title": title, "form": form, "back_url": back, "intro": str(parent or action)}
    return render(request, "screens/form.html", context)


def _parent(request: HttpRequest, action: Action) -> Task | None:
    chosen = request.GET.get("parent", "")
    if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 19):
        return None
    return access.get_task(request.user, int(chosen)) if action.tasks.filter(pk=int(chosen)).exists() else None


@needs("plans.task.work")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    task = access.get_task(request.user, pk)
    access.refuse(not access.may_direct(request.user, task))
    form = TaskForm(request.POST or None, action=task.action, task=task)
    if request.method == "POST" and form.is_valid():
        try:
            working.change_task(task=task, by=request.user, **form.cleaned_data)
        except (PlanError, ValidationError) as error:
            put_error(form, error)
        else:
            return redirect("plans:task", task.pk)
    context = {"title": _("调整任务"), "form": form, "back_url": reverse("plans:task", args=[task.pk])}
    return render(request, "screens/form.html", context)


DIRECT = {"cancel", "reopen", "split"}


@require_POST
@needs("plans.task.work")
def do(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of a task: progress, finish, cancel, reopen, split."""
    task = access.get_task(request.user, pk)
    verb = request.POST.get("do", "")
    if verb in DIRECT:
        access.refuse(not access.may_direct(request.user, task))
    else:
        access.refuse(not (access.may_work_on(request.user, task) or access.may_direct(request.user, task)))
    form = WordsForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refused(request, form, task)
    text, upload = form.cleaned_data["text"], form.cleaned_data["file"]
    attempt(request, lambda: _do(verb, task, text, form.fields["file"].keep(upload, by=request.user), request.user))
    return redirect("plans:task", task.pk)


def _refused(request: HttpRequest, form: WordsForm, task: Task) -> HttpResponse:
    def say() -> None:
        raise ValidationError([text for texts in form.errors.values() for text in texts])

    attempt(request, say)
    return redirect("plans:task", task.pk)


def _do(verb: str, task: Task, text: str, evidence: Any, by: Any) -> None:
    if verb == "progress":
        working.report_progress(task=task, progress=text, evidence=evidence, by=by)
    elif verb == "finish":
        working.finish_task(task=task, progress=text, evidence=evidence, by=by)
    elif verb == "cancel":
        working.cancel_task(task=task, reason=text, by=by)
    elif verb == "reopen":
        working.reopen_task(task=task, reason=text, by=by)
    elif verb == "split":
        working.split_to_townships(task=task, by=by)
    else:
        raise PlanError(_("不认识这个操作。请刷新页面再试。"))
