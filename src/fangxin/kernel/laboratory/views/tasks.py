"""Samples that are to be taken: the list, one task, who goes, and the form to fill in on the spot."""

from datetime import timedelta
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fangxin.kernel.laboratory import access, selectors, standards
from fangxin.kernel.laboratory.forms.sampling import AssignForm, OnlineForm, ReasonForm, SampleForm, TaskForm
from fangxin.kernel.laboratory.models import Sample, SamplingTask, Stage
from fangxin.kernel.laboratory.services import sampling
from fangxin.kernel.laboratory.services import tasks as services
from fangxin.kernel.laboratory.views.common import ONE_LINE, StateColumn, TownFilter, keys_from
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.fields import LARGEST_KEY
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

State = SamplingTask.State
SOON = timedelta(days=7)
MOST_FOUND = 10


class TaskFilter(TownFilter):
    q = filters.CharFilter(label=gettext_lazy("抽样对象或食品"), method="by_text", max_length=100)
    when = filters.ChoiceFilter(
        label=gettext_lazy("时限"), method="by_deadline", empty_label=gettext_lazy("全部"),
        choices=[("overdue", gettext_lazy("已逾期")), ("soon", gettext_lazy("一周内到期"))],
    )  # fmt: skip
    whose = filters.ChoiceFilter(
        label=gettext_lazy("抽样人员"), method="by_sampler", empty_label=gettext_lazy("全部"),
        choices=[("mine", gettext_lazy("我的")), ("none", gettext_lazy("还没有安排人员"))],
    )  # fmt: skip
    state = filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=[*State.choices, ("all", gettext_lazy("全部"))], method="by_state",
        empty_label=gettext_lazy("还没有抽的"),
    )  # fmt: skip
    stage = filters.ChoiceFilter(label=gettext_lazy("环节"), choices=Stage.choices, empty_label=gettext_lazy("全部"))
    reason = filters.ChoiceFilter(
        label=gettext_lazy("缘由"), choices=SamplingTask.Reason.choices, empty_label=gettext_lazy("全部")
    )

    class Meta:
        model = SamplingTask
        fields = ("stage", "reason")

    def filter_queryset(self, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        """Without another wish the list shows what is still owed."""
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.filter(state=State.OPEN)

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        text = value.strip()
        return rows.filter(premises__name__icontains=text) | rows.filter(food__icontains=text)

    def by_deadline(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        today = ledger.clock.today()
        open_ones = rows.filter(state=State.OPEN)
        if value == "overdue":
            return open_ones.filter(due_on__lt=today)
        return open_ones.filter(due_on__gte=today, due_on__lte=today + SOON)

    def by_sampler(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        if value == "none":
            return rows.filter(samplers=None)
        return rows.filter(pk__in=selectors.tasks_of(self.request.user).values("pk"))

    def by_state(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows if value == "all" else rows.filter(state=value)


class TaskTable(tables.Table):
    chosen = tables.Column(verbose_name=gettext_lazy("选"), empty_values=(), orderable=False, accessor="pk")
    subject = tables.Column(verbose_name=gettext_lazy("抽样对象"), empty_values=(), orderable=False, accessor="pk")
    food_class = tables.Column()
    food = tables.Column(default="—")
    stage = tables.Column(attrs=ONE_LINE)
    township = TownshipColumn()
    reason = tables.Column()
    samplers = tables.Column(empty_values=(), orderable=False)
    due_on = DayColumn()
    state = StateColumn()

    class Meta:
        model = SamplingTask
        fields = (
            "chosen",
            "subject",
            "food_class",
            "food",
            "stage",
            "township",
            "reason",
            "samplers",
            "due_on",
            "state",
        )
        order_by = ()

    def before_render(self, request: Any) -> None:
        if not request.user.can("sample.plan"):
            self.columns.hide("chosen")

    def render_chosen(self, record: SamplingTask) -> Any:
        if record.state != State.OPEN:
            return ""
        label = _("选择%(name)s") % {"name": _subject(record)}
        tick = '<input class="row-tick" type="checkbox" name="chosen" value="{}" form="many" aria-label="{}">'
        return format_html(tick, record.pk, label)

    def render_subject(self, record: SamplingTask) -> Any:
        return format_html('<a href="{}">{}</a>', reverse("laboratory:task", args=[record.pk]), _subject(record))

    def value_subject(self, record: SamplingTask) -> str:
        return _subject(record)

    def render_samplers(self, record: SamplingTask) -> str:
        return "、".join(user.name for user in record.samplers.all()) or _("还没有安排")

    def render_due_on(self, value: Any, record: SamplingTask) -> Any:
        late = (ledger.clock.today() - value).days
        if record.state != State.OPEN or late <= 0:
            return value.isoformat()
        return format_html("{} {}", value, badge(_("逾期%(n)s天") % {"n": late}, "bad"))


def _subject(task: SamplingTask) -> str:
    if task.premises is not None:
        return task.premises.name
    return str(task.parcel) if task.parcel is not None else _("现场确定")


class TaskList(ListScreen):
    ability = "sample.view"
    title = gettext_lazy("抽样任务")
    table_class = TaskTable
    filter_class = TaskFilter
    template_name = "laboratory/tasks.html"
    export_without = ("chosen",)
    sorts_when_long = ("due_on",)
    intro = gettext_lazy("应当去抽的样品，按最迟日期排列。点开后填写抽样单。")
    empty_text = gettext_lazy("没有待抽的样品。可以看其他状态，或者放宽筛选条件。")

    def rows(self) -> "QuerySet[SamplingTask]":
        rows = selectors.list_tasks(self.request.user).select_related("parcel")
        return rows.prefetch_related("samplers").order_by("due_on", "pk")

    def more_context(self) -> dict[str, Any]:
        user = self.request.user
        if not user.can("sample.plan"):
            return {"intro": self.intro}
        county = next(iter(user.prefixes("sample.plan")), "")
        return {
            "intro": self.intro, "actions": [(_("增加任务"), reverse("laboratory:task_new"), "plus")],
            "many": AssignForm(division_code=county),
        }  # fmt: skip


@require_POST
@needs("sample.plan")
def assign_many(request: Request) -> HttpResponse:
    """The ticked tasks to the chosen people, all or none."""
    chosen = keys_from(request)
    rows = list(selectors.list_tasks(request.user, "sample.plan").filter(pk__in=chosen))
    county = next(iter(request.user.prefixes("sample.plan")), "")
    form = AssignForm(request.POST, division_code=county)
    if not rows:
        messages.error(request, _("还没有选中抽样任务。请在清单左边勾选。"))
    elif saved(form, lambda: services.assign(tasks=rows, by=request.user, **form.cleaned_data)) is None:
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    else:
        messages.success(request, _("已安排%(n)s个抽样任务。") % {"n": len(rows)})
    return redirect("laboratory:tasks")


@require_safe
@needs("sample.view")
def task(request: Request, pk: int) -> HttpResponse:
    found = access.get_task(request.user, pk)
    may_plan = request.user.can("sample.plan", found.division_code)
    context = {
        "title": _("抽样任务：%(name)s") % {"name": _subject(found)},
        "task": found,
        "subject": _subject(found),
        "samplers": list(found.samplers.all()),
        "place": people.division_path(found.division_code),
        "sample": getattr(found, "sample", None),
        "rule": standards.food_class(found.food_class, ledger.clock.today()),
        "may_take": found.state == State.OPEN and request.user.can("sample.take", found.division_code),
        "may_plan": may_plan and found.state == State.OPEN,
        "sees_registry": request.user.can("registry.view", found.division_code),
    }
    return render(request, "laboratory/task.html", context)


@require_http_methods(["GET", "POST"])
@needs("sample.plan")
def new(request: Request) -> HttpResponse:
    """First the place out of the register, then what is asked."""
    premises = _premises_from(request)
    if premises is None:
        return render(request, "laboratory/choose_premises.html", {"title": _("增加抽样任务"), **_find_box(request)})
    form = TaskForm(posted(request)[0], division_code=premises.division_code)
    if request.method == "POST":
        made = saved(form, lambda: _add(form.cleaned_data, premises, request.user))
        if made is not None:
            messages.success(request, _("已列入抽样任务。"))
            return redirect("laboratory:task", pk=made.pk)
    title = _("增加抽样任务：%(name)s") % {"name": premises.name}
    return form_page(request, form, title, reverse("laboratory:tasks"))


def _add(given: dict[str, Any], premises: Any, by: Any) -> SamplingTask:
    if not by.can("sample.plan", premises.division_code):
        raise PermissionDenied(_("您的岗位不能在这个乡镇增加抽样任务。"))
    agency = next(p.agency for p in by.posts_today if p.agency_id in by.own_agencies("sample.plan"))
    return services.add_task(premises=premises, division_code=premises.division_code, agency=agency, by=by, **given)


def _premises_from(request: Request) -> Any:
    """The place named in the address or the form, if the person may see it."""
    text = request.POST.get("premises") or request.GET.get("premises")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:20]) <= LARGEST_KEY):
        raise Http404
    return registry.get_premises(request.user, int(text))


def _find_box(request: Request) -> dict[str, Any]:
    text = request.GET.get("find", "").replace("\0", "").strip()[:100]
    rows = registry.find_premises(registry.list_premises(request.user), text)[:MOST_FOUND] if text else []
    return {"find": text, "found": list(rows)}


@require_http_methods(["GET", "POST"])
@needs("sample.plan")
def assign(request: Request, pk: int) -> HttpResponse:
    found = _open_task(request, pk, "sample.plan")
    initial = {"samplers": [user.pk for user in found.samplers.all()], "laboratory": found.laboratory_id}
    form = AssignForm(posted(request)[0], division_code=found.division_code, initial=initial)
    back = reverse("laboratory:task", args=[pk])
    if request.method == "POST" and saved(
        form, lambda: services.assign(tasks=[found], by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("已安排抽样人员。"))
        return redirect(back)
    return form_page(request, form, _("安排抽样人员"), back)


def _open_task(request: Request, pk: int, ability: str) -> SamplingTask:
    found = access.get_task(request.user, pk, ability)
    if found.state != State.OPEN:
        raise PermissionDenied(_("这个任务已经抽样或者取消，请回到任务页面查看。"))
    return found


@require_http_methods(["GET", "POST"])
@needs("sample.plan")
def cancel(request: Request, pk: int) -> HttpResponse:
    found = _open_task(request, pk, "sample.plan")
    form = ReasonForm(posted(request)[0], label=_("取消的原因"))
    back = reverse("laboratory:task", args=[pk])
    if request.method == "POST" and saved(
        form, lambda: services.cancel_task(task=found, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("任务已取消。"))
        return redirect(back)
    return form_page(request, form, _("取消抽样任务"), back, submit_label=_("取消任务"))


@require_http_methods(["GET", "POST"])
@needs("sample.take")
def take(request: Request, pk: int) -> HttpResponse:
    """The form of one sampling, on a desk or on a phone."""
    found = _open_task(request, pk, "sample.take")
    network = found.stage == Stage.NETWORK
    form = SampleForm(posted(request)[0], task=found, user=request.user)
    online = OnlineForm(posted(request)[0], prefix="online") if network else None
    if request.method == "POST" and (online is None or online.is_valid()):
        sample = saved(form, lambda: _take(found, form, online, request.user))
        if sample is not None:
            messages.success(
                request, _("抽样单%(number)s已保存。请补上照片，再办理送检交接。") % {"number": sample.number}
            )
            return redirect(sample)
    context = {
        "title": _("填写抽样单"), "task": found, "form": form, "online": online, "subject": _subject(found),
        "rule": standards.food_class(found.food_class, ledger.clock.today()),
    }  # fmt: skip
    return render(request, "laboratory/take.html", context)


def _take(task: SamplingTask, form: SampleForm, online: OnlineForm | None, by: Any) -> Sample:
    given = form.cleaned_data
    drawn = given["signature"]
    signature = ledger.store_evidence(name="signature.png", content=drawn, by=by) if drawn else None
    return sampling.take_sample(
        task=task, facts={**form.facts(), "sampler": by}, seals=given["seals"], signature=signature,
        duplicate_seals=given["duplicate_seals"], duplicate_quantity=given["duplicate_quantity"],
        duplicate_place=given["duplicate_place"], online=online.cleaned_data if online is not None else None, by=by,
    )  # fmt: skip
