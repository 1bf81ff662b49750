"""Plans: the list, a new one, its page, and confirming it."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.export import attachment
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.permission import needs
from fangxin.oversight.plans import access, selectors
from fangxin.oversight.plans.action_page import goal_lines
from fangxin.oversight.plans.data import PlanError
from fangxin.oversight.plans.forms import NewPlanForm
from fangxin.oversight.plans.models import Plan, ReturnVersion
from fangxin.oversight.plans.refusals import defect_words
from fangxin.oversight.plans.services import confirming, reading
from fangxin.oversight.plans.views.common import attempt, put_error


def page_of(record: Plan) -> str:
    return reverse("plans:review" if record.is_draft else "plans:plan", args=[record.pk])


class PlanTable(tables.Table):
    title = tables.Column(linkify=page_of)
    state = tables.Column(verbose_name=gettext_lazy("状态"))
    issued_on = tables.DateColumn(format="Y-m-d")
    period = tables.Column(verbose_name=gettext_lazy("实施期"), empty_values=(), orderable=False)

    class Meta:
        model = Plan
        fields = ("title", "document_number", "issuer", "issued_on", "period", "state")

    def render_period(self, record: Plan) -> str:
        return f"{record.starts_on:%Y-%m-%d} — {record.ends_on:%Y-%m-%d}" if record.years else "—"

    value_period = render_period


class PlanFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label=gettext_lazy("名称"))

    class Meta:
        model = Plan
        fields = ("text", "state")


class PlanList(ListScreen):
    ability = "plans.view"
    title = gettext_lazy("全部方案")
    table_class = PlanTable
    filter_class = PlanFilter

    def rows(self) -> Any:
        return selectors.list_plans(self.request.user)

    def more_context(self) -> dict[str, Any]:
        if not self.request.user.can("plans.edit"):
            return {}
        return {"actions": [(_("录入新方案"), reverse("plans:new"), "plus")]}


@needs("plans.view")
def current(request: HttpRequest) -> HttpResponse:
    """The plan in force, or where to begin when there is none."""
    plan = selectors.plan_of(request.user)
    return redirect("plans:plan", plan.pk) if plan is not None else redirect("plans:list")


@needs("plans.edit")
def new(request: HttpRequest) -> HttpResponse:
    form = NewPlanForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            plan = _read(request, form.cleaned_data)
        except (PlanError, ValidationError) as error:
            put_error(form, error)
        else:
            messages.success(request, _("已读取方案。请逐项核对，再确认。"))
            return redirect("plans:review", plan.pk)
    context = {
        "title": _("录入新方案"),
        "form": form,
        "submit_label": _("读取方案"),
        "back_url": reverse("plans:list"),
        "intro": _("系统读出标题、文号、行动、牵头单位、目标和时限，由您逐项核对后才生效。"),
    }
    return render(request, "screens/form.html", context)


def _read(request: HttpRequest, given: dict[str, Any]) -> Plan:
    where = {"division_code": people.county_of(request.user), "by": request.user}
    if given["file"]:
        return reading.read_upload(name=given["file"].name, content=given["file"].read(), **where)
    if given["text"]:
        return reading.draft_from_text(text=given["text"], **where)
    return reading.draft_from_reviewed(name=given["reviewed"], **where)


@needs("plans.view")
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.get_plan(request.user, pk)
    if found.is_draft:
        return redirect("plans:review", found.pk)
    actions = list(selectors.list_actions(request.user, found).prefetch_related("agencies__agency"))
    goals = goal_lines(found.goals.select_related("action"), found, ledger.clock.today())
    context = {
        "title": found.title,
        "plan": found,
        "rows": [
            (action, [g for g in goals if g.goal.action_id == action.pk], counts)
            for action, counts in zip(actions, _task_counts(actions), strict=True)
        ],
        "other_goals": [g for g in goals if g.goal.action_id is None],
        "deadlines": found.deadlines.all(),
        "defects": [(d, defect_words(d.kind)) for d in found.defects.all()],
        "today": ledger.clock.today(),
        "actions": _buttons(request.user, found),
        "may_edit": request.user.can("plans.edit", found.division_code),
    }
    return render(request, "plans/plan.html", context)


def _task_counts(actions: list[Any]) -> list[dict[str, int]]:
    counts = selectors.task_counts([action.pk for action in actions], ledger.clock.today())
    return [counts.get(action.pk, {"done": 0, "total": 0, "late": 0}) for action in actions]


def _buttons(user: Any, found: Plan) -> list[tuple[str, str, str]]:
    buttons = [(_("全部方案"), reverse("plans:list"), "list")]
    if user.can("plans.edit", found.division_code):
        buttons.append((_("核对记录"), reverse("plans:review", args=[found.pk]), "eye"))
    return buttons


@require_POST
@needs("plans.edit")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.get_plan_to_edit(request.user, pk)
    done = attempt(
        request,
        lambda: confirming.confirm(plan=found, by=request.user),
        _("方案已确认：行动、任务、专项方案和报送期次已经生成。"),
    )
    return redirect("plans:plan" if done else "plans:review", found.pk)


@require_POST
@needs("plans.edit")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.get_plan_to_edit(request.user, pk)
    done = attempt(
        request, lambda: confirming.undo_confirm(plan=found, by=request.user), _("已撤回确认，可以继续核对。")
    )
    return redirect("plans:review" if done else "plans:plan", found.pk)


@require_POST
@needs("plans.edit")
def supersede(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.get_plan_to_edit(request.user, pk)
    attempt(request, lambda: confirming.supersede(plan=found, by=request.user), _("方案已停用，记录仍可查阅。"))
    return redirect("plans:plan", found.pk)


@require_POST
@needs("plans.edit")
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.get_plan_to_edit(request.user, pk)
    attempt(request, lambda: confirming.discard(plan=found, by=request.user), _("草稿已作废。"))
    return redirect("plans:list")


@needs("plans.view")
def evidence(request: HttpRequest, kind: str, pk: int, file: int) -> HttpResponse:
    """A file that belongs to something the person may see."""
    stored = _evidence_of(request.user, kind, pk, file)
    try:
        content = ledger.read_evidence(stored)
    except (OSError, ValueError):
        messages.error(request, _("这个文件在磁盘上找不到或已被改动，不能下载。请告知系统管理员核查备份。"))
        return redirect("plans:current")
    response = HttpResponse(content, content_type=stored.media_type)
    response.headers["Content-Disposition"] = attachment(stored.name)
    return response


def _evidence_of(user: Any, kind: str, pk: int, file: int) -> Any:
    if kind == "task":
        stored = access.get_task(user, pk).evidence
    elif kind == "special_plan":
        stored = access.get_special_plan(user, pk).attachment
    elif kind == "plan":
        stored = access.get_plan_to_edit(user, pk).source_file
    elif kind == "return" and file < 2**63:
        item = access.get_return_to_read(user, pk)
        version = ReturnVersion.objects.filter(item=item, attachments=file).first()
        stored = version.attachments.filter(pk=file).first() if version else None
    else:
        stored = None
    if stored is None or stored.pk != file:
        raise Http404
    return stored
