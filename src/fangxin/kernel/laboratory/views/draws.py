"""The draw of the places to sample: sealed, drawn with a public number, open to be drawn again."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fangxin.kernel.laboratory import access
from fangxin.kernel.laboratory.forms.sampling import DrawForm, ReasonForm, RunForm
from fangxin.kernel.laboratory.models import SamplingDraw, SamplingTask, Stage
from fangxin.kernel.laboratory.services import draws as services
from fangxin.kernel.laboratory.views.common import hand_over_file, names_of
from fangxin.kernel.laboratory.views.plans import plan_to_change
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs

State = SamplingDraw.State


@require_http_methods(["GET", "POST"])
@needs("sample.plan")
def new(request: Request, pk: int, food_class: str, stage: str) -> HttpResponse:
    """Seal the list and the seed for what is still owed of a class at a stage."""
    plan = plan_to_change(request, pk)
    if stage not in Stage.values or not plan.lines.filter(food_class=food_class, stage=stage).exists():
        raise Http404
    form = DrawForm(posted(request)[0])
    back = reverse("laboratory:plan", args=[pk])
    if request.method == "POST":
        made = saved(form, lambda: _commit(plan, food_class, stage, form.cleaned_data, request.user))
        if made is not None:
            messages.success(request, _("名单和种子已封存。公开随机数公布以后，在本页抽取。"))
            return redirect("laboratory:draw", pk=made.pk)
    owed = sum(number for _line, number in services.owed_lines(plan, food_class, stage))
    known = {"class": food_class, "stage": Stage(stage).label, "n": owed}
    intro = _(
        "%(class)s，%(stage)s，还有%(n)s批次没有安排。先封存名单和种子，等公开随机数公布后再抽，谁也不能先看结果。"
    )
    title = _("准备抽取抽样对象")
    return form_page(request, form, title, back, submit_label=_("封存"), intro=intro % known)


def _commit(plan: Any, food_class: str, stage: str, given: dict[str, Any], by: Any) -> SamplingDraw:
    return services.commit_draw(
        plan=plan, food_class=food_class, stage=stage, public_source=given["public_source"], due_on=given["due_on"],
        share=Decimal(given["share"]) / 100, by=by,
    )  # fmt: skip


@require_safe
@needs("sample.plan")
def draw(request: Request, pk: int) -> HttpResponse:
    found = access.get_draw(request.user, pk)
    plan = services.plan_of_draw(found)
    towns = people.division_names({target.township for target in plan.targets})
    counts = plan.quotas[0].counts or {}
    may = request.user.can("sample.plan", found.division_code)
    context = {
        "title": found.number,
        "draw": found,
        "names": names_of(found.committed_by, found.drawn_by),
        "listed": len(plan.targets),
        "quotas": [(towns.get(code, code), count) for code, count in counts.items()],
        "total": sum(counts.values()),
        "tasks": found.tasks.select_related("premises").prefetch_related("samplers").order_by("pk"),
        "open": SamplingTask.State.OPEN,
        "may_run": may and found.state == State.COMMITTED,
        "may_withdraw": may and found.state != State.WITHDRAWN,
    }
    return render(request, "laboratory/draw.html", context)


@require_http_methods(["GET", "POST"])
@needs("sample.plan")
def run(request: Request, pk: int) -> HttpResponse:
    found = access.get_draw(request.user, pk)
    form = RunForm(posted(request)[0])
    back = reverse("laboratory:draw", args=[pk])
    if request.method == "POST" and saved(
        form, lambda: services.run_draw(draw=found, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("已抽取，抽中的对象已列入抽样任务。"))
        return redirect(back)
    intro = _("封存时写的出处：%(source)s") % {"source": found.public_value_source}
    return form_page(
        request, form, _("抽取：%(number)s") % {"number": found.number}, back, submit_label=_("抽取"), intro=intro
    )


@require_http_methods(["GET", "POST"])
@needs("sample.plan")
def withdraw(request: Request, pk: int) -> HttpResponse:
    found = access.get_draw(request.user, pk)
    form = ReasonForm(posted(request)[0], label=_("作废的原因"))
    back = reverse("laboratory:draw", args=[pk])
    if request.method == "POST" and saved(
        form, lambda: services.withdraw_draw(draw=found, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("已作废，还没有抽的任务一并取消。"))
        return redirect(back)
    intro = _("作废的抽取会留着备查，不会消失。")
    return form_page(
        request, form, _("作废：%(number)s") % {"number": found.number}, back, submit_label=_("作废"), intro=intro
    )


@require_safe
@needs("sample.plan")
def file(request: Request, pk: int) -> HttpResponse:
    """The file with which anybody draws again: `fangxin draw verify`."""
    found = access.get_draw(request.user, pk)
    if found.result is None:
        raise Http404
    return hand_over_file(found.result, f"{found.number}.json")
