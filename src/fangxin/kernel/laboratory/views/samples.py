"""Samples: the list, one sample with its life, pictures, handing over, and the printed form."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.laboratory import access, papers_sampling, rules, selectors
from fangxin.kernel.laboratory.forms.sampling import HandOverForm, LaboratoryForm, PhotoForm, ReasonForm, TakeOverForm
from fangxin.kernel.laboratory.models import CustodyStep, Irregularity, Purpose, Sample, SamplePhoto, Stage
from fangxin.kernel.laboratory.services import custody, sampling
from fangxin.kernel.laboratory.views.common import ONE_LINE, StateColumn, TownFilter, hand_over_file, names_of
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.export import attachment
from fangxin.kernel.screens.finding import one_of
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs

State = Sample.State
MOST_ENTRIES = 100
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class SampleFilter(TownFilter):
    q = filters.CharFilter(label=gettext_lazy("编号或食品"), method="by_text", max_length=100)
    state = filters.ChoiceFilter(label=gettext_lazy("状态"), choices=State.choices, empty_label=gettext_lazy("全部"))
    stage = filters.ChoiceFilter(label=gettext_lazy("环节"), choices=Stage.choices, empty_label=gettext_lazy("全部"))
    purpose = filters.ChoiceFilter(
        label=gettext_lazy("任务类别"), choices=Purpose.choices, empty_label=gettext_lazy("全部")
    )
    food_class = filters.CharFilter(label=gettext_lazy("食品大类"), lookup_expr="icontains", max_length=40)
    since = filters.DateFilter(label=gettext_lazy("抽样日期从"), field_name="sampled_on", lookup_expr="gte")
    until = filters.DateFilter(label=gettext_lazy("到"), field_name="sampled_on", lookup_expr="lte")
    mine = filters.ChoiceFilter(
        label=gettext_lazy("抽样人员"), method="by_sampler", choices=[("1", gettext_lazy("我抽的"))],
        empty_label=gettext_lazy("全部"),
    )  # fmt: skip

    class Meta:
        model = Sample
        fields = ("state", "stage", "purpose", "food_class")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("since", "until"):
            self.form.fields[name].widget.input_type = "date"

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        text = value.strip()
        return rows.filter(number__startswith=text) | rows.filter(food__icontains=text)

    def by_sampler(self, rows: "QuerySet[Any]", _name: str, _value: str) -> "QuerySet[Any]":
        return rows.filter(sampler=self.request.user) | rows.filter(second_sampler=self.request.user)


class SampleTable(tables.Table):
    number = tables.Column(linkify=True, attrs=ONE_LINE)
    food = tables.Column()
    food_class = tables.Column()
    subject_name = tables.Column(orderable=False)
    township = TownshipColumn()
    stage = tables.Column(attrs=ONE_LINE)
    purpose = tables.Column(attrs=ONE_LINE)
    sampled_on = DayColumn()
    laboratory = tables.Column(accessor="laboratory__short_name", verbose_name=gettext_lazy("承检机构"), default="—")
    state = StateColumn()

    class Meta:
        model = Sample
        fields = (
            "number", "food", "food_class", "subject_name", "township", "stage", "purpose", "sampled_on", "laboratory",
            "state",
        )  # fmt: skip
        order_by = ()

    user: Any = None

    def render_subject_name(self, value: str, record: Sample) -> str:
        return self._shown(value, record)

    def value_subject_name(self, value: str, record: Sample) -> str:
        return self._shown(value, record)

    def _shown(self, value: str, record: Sample) -> str:
        return _("盲样") if selectors.is_hidden_from(self.user, record) else value


class SampleList(ListScreen):
    ability = "sample.view"
    title = gettext_lazy("样品")
    table_class = SampleTable
    filter_class = SampleFilter
    sorts_when_long = ("sampled_on",)
    intro = gettext_lazy("抽来的每份样品，从抽样单到检验报告。")
    empty_text = gettext_lazy("没有符合条件的样品。")

    def table_of(self, rows: Any) -> tables.Table:
        """A laboratory is not told where a sample comes from, whether it is blind or not."""
        user = self.request.user
        table = super().table_of(rows)
        table.user = user
        if not user.prefixes("sample.view") and user.can("sample.receive"):
            table.exclude = ("township",)
        return table

    def rows(self) -> "QuerySet[Sample]":
        return selectors.list_samples(self.request.user).order_by("-sampled_on", "-number")


@require_safe
@needs("sample.view")
def sample(request: Request, pk: int) -> HttpResponse:
    found = access.get_sample(request.user, pk)
    user = request.user
    hidden = selectors.is_hidden_from(user, found)
    receipt = found.receipts.filter(undone_at=None).select_related("analyst").first()
    steps = list(found.custody.select_related("to_agency").order_by("pk"))
    told = user.can("sample.take", found.division_code) or user.can("sample.plan", found.division_code)
    context = {
        "title": f"{found.number} {found.food}",
        "sample": found,
        "hidden": hidden,
        "place": "" if hidden else people.division_path(found.division_code),
        "seals": found.seals.order_by("-part", "pk"),
        "duplicate": getattr(found, "duplicate", None),
        "online": getattr(found, "online", None) if not hidden else None,
        "photos": found.photos.select_related("file") if not hidden else [],
        "custody": steps,
        "names": names_of(
            *(s.handed_by for s in steps), *(s.taken_by for s in steps), receipt.received_by if receipt else ""
        ),
        "receipt": receipt,
        "reasons": papers_sampling.reason_labels(receipt.reasons) if receipt else [],
        "irregularities": found.irregularities.all() if user.prefixes("sample.view") else [],
        "life": _life(found) if told else [],
        "sees_registry": found.premises_id and not hidden and user.can("registry.view", found.division_code),
        **_allowed(user, found),
    }
    return render(request, "laboratory/sample.html", context)


def _life(found: Sample) -> list[tuple[Any, Any, str]]:
    """When, what, by whom, out of the ledger."""
    entries = ledger.entries_of(found._meta.label_lower, str(found.pk)).order_by("pk")[:MOST_ENTRIES]
    return [(e.at, contribute.events.get(e.event).label, e.actor_name) for e in entries if e.event in contribute.events]


def _allowed(user: Any, found: Sample) -> dict[str, bool]:
    """What this person may do with the sample now."""
    takes = user.can("sample.take", found.division_code)
    plans = user.can("sample.plan", found.division_code)
    return {
        "may_photo": takes and found.state in rules.ON_THE_WAY,
        "may_name": (takes or plans) and found.state == State.TAKEN,
        "may_hand": takes and found.laboratory_id is not None and found.state in rules.STANDING,
        "may_cancel": (takes or plans) and found.state in rules.ON_THE_WAY,
        "may_receive": found.state == State.SENT and found.laboratory_id in user.own_agencies("sample.receive"),
        "sees_results": found.state in rules.IN_LABORATORY
        and (user.can("sample.receive") or bool(user.prefixes("result.view"))),
        "may_print": bool(user.prefixes("sample.view")),
    }


def _to_change(request: Request, pk: int, *states: str) -> Sample:
    found = access.get_sample(request.user, pk)
    user = request.user
    if not (user.can("sample.take", found.division_code) or user.can("sample.plan", found.division_code)):
        raise PermissionDenied(_("您的岗位不能办理这份样品。"))
    if states and found.state not in states:
        raise PermissionDenied(_("这份样品现在是“%(state)s”，这一步不能办理。") % {"state": found.get_state_display()})
    return found


@require_http_methods(["GET", "POST"])
@needs("sample.take")
def add_photo(request: Request, pk: int) -> HttpResponse:
    found = _to_change(request, pk, *rules.ON_THE_WAY)
    form = PhotoForm(*posted(request))
    if request.method == "POST" and saved(form, lambda: _add_photo(found, form.cleaned_data, request.user)) is not None:
        messages.success(request, _("照片已保存，可以继续添加。"))
        return redirect("laboratory:add_photo", pk=pk)
    intro = _("依次拍：现场、样品和标签、封条、购样票据。网络抽样附网页截图和拆封照片。")
    return form_page(request, form, _("添加照片"), found.get_absolute_url(), submit_label=_("上传"), intro=intro)


def _add_photo(found: Sample, given: dict[str, Any], by: Any) -> SamplePhoto:
    picture = given["photo"]
    return sampling.add_photo(sample=found, kind=given["kind"], name=picture.name, content=picture.read(), by=by)


@require_safe
@needs("sample.view")
def photo(request: Request, pk: int, photo_pk: int) -> HttpResponse:
    found = access.get_sample(request.user, pk)
    if selectors.is_hidden_from(request.user, found):
        raise Http404
    picture = one_of(SamplePhoto.objects.filter(sample=found).select_related("file"), photo_pk)
    return hand_over_file(picture.file, picture.file.name)


@require_safe
@needs("sample.view")
def signature(request: Request, pk: int) -> HttpResponse:
    found = access.get_sample(request.user, pk)
    if found.subject_signature is None or selectors.is_hidden_from(request.user, found):
        raise Http404
    return hand_over_file(found.subject_signature, "signature.png")


@require_http_methods(["GET", "POST"])
@needs("sample.view")
def name_laboratory(request: Request, pk: int) -> HttpResponse:
    found = _to_change(request, pk, State.TAKEN)
    initial = {"laboratory": found.laboratory_id, "blind": found.blind}
    form = LaboratoryForm(posted(request)[0], division_code=found.division_code, initial=initial)
    if request.method == "POST" and saved(
        form, lambda: sampling.name_laboratory(sample=found, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("已确定承检机构。"))
        return redirect(found)
    return form_page(request, form, _("确定承检机构"), found.get_absolute_url())


@require_http_methods(["GET", "POST"])
@needs("sample.take")
def hand_over(request: Request, pk: int) -> HttpResponse:
    found = _to_change(request, pk, *rules.STANDING)
    form = HandOverForm(posted(request)[0], sample=found)
    if request.method == "POST" and saved(
        form, lambda: custody.hand_over(sample=found, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("已登记交出，等对方确认接收。"))
        return redirect(found)
    intro = _("抽样后五个工作日内送达承检机构，不得由被抽样单位自己送样。")
    return form_page(request, form, _("交出样品"), found.get_absolute_url(), submit_label=_("交出"), intro=intro)


@require_http_methods(["GET", "POST"])
@needs("sample.view")
def take_over(request: Request, pk: int) -> HttpResponse:
    """The other side says that it has the part."""
    step = access.get_step(request.user, pk)
    form = TakeOverForm(posted(request)[0])
    if request.method == "POST" and saved(
        form, lambda: custody.acknowledge(step=step, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("已确认接收。"))
        return redirect("laboratory:to_take")
    title = _("确认接收：%(what)s") % {"what": f"{step.sample} {step.get_part_display()}"}
    return form_page(request, form, title, reverse("laboratory:to_take"), submit_label=_("确认接收"))


@require_http_methods(["GET", "POST"])
@needs("sample.take")
def take_back(request: Request, pk: int, step_pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    step = one_of(
        CustodyStep.objects.filter(sample=found, taken_at=None).select_related("sample", "to_agency"), step_pk
    )
    form = ReasonForm(posted(request)[0], label=_("撤回的原因"))
    if request.method == "POST" and saved(
        form, lambda: custody.take_back(step=step, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("交接已撤回。"))
        return redirect(found)
    return form_page(request, form, _("撤回交接"), found.get_absolute_url(), submit_label=_("撤回交接"))


@require_http_methods(["GET", "POST"])
@needs("sample.view")
def cancel(request: Request, pk: int) -> HttpResponse:
    found = _to_change(request, pk, *rules.ON_THE_WAY)
    form = ReasonForm(posted(request)[0], label=_("作废的原因"))
    if request.method == "POST" and saved(
        form, lambda: sampling.cancel_sample(sample=found, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("样品已作废，任务重新列入待抽。"))
        return redirect(found)
    intro = _("作废的抽样单会留着备查，封条编号不能再用。")
    return form_page(request, form, _("作废样品"), found.get_absolute_url(), submit_label=_("作废"), intro=intro)


@require_safe
@needs("sample.view")
def form_paper(request: Request, pk: int) -> HttpResponse:
    """The sampling form as a paper to sign and to leave with the subject."""
    found = access.get_sample(request.user, pk)
    if not request.user.prefixes("sample.view"):
        raise Http404
    content = papers_sampling.sampling_form(found)
    response = HttpResponse(content, content_type=DOCX)
    response.headers["Content-Disposition"] = attachment(f"{found.number} 抽样单.docx")
    return response


class StepTable(tables.Table):
    sample = tables.Column(accessor="sample", linkify=lambda record: reverse("laboratory:take_over", args=[record.pk]))
    part = tables.Column()
    way = tables.Column()
    waybill = tables.Column(default="—")
    handed_at = tables.DateTimeColumn(format="Y-m-d H:i")
    handed_temperature = tables.Column(default="—")

    class Meta:
        model = CustodyStep
        fields = ("sample", "part", "way", "waybill", "handed_at", "handed_temperature")
        order_by = ()


class ToTakeList(ListScreen):
    """What was handed over to the person's agency and nobody has acknowledged."""

    ability = "sample.view"
    title = gettext_lazy("待确认接收")
    table_class = StepTable
    intro = gettext_lazy("别人已登记交给本单位的样品。点开确认；检样送到检验机构的，在“收样”里办理。")
    empty_text = gettext_lazy("没有等本单位确认的样品。")

    def rows(self) -> "QuerySet[CustodyStep]":
        return selectors.list_steps_to_take(self.request.user)


class IrregularityFilter(TownFilter):
    kind = filters.ChoiceFilter(
        label=gettext_lazy("情形"), choices=Irregularity.Kind.choices, empty_label=gettext_lazy("全部")
    )
    open = filters.ChoiceFilter(
        label=gettext_lazy("整改"), method="by_closing", empty_label=gettext_lazy("全部"),
        choices=[("open", gettext_lazy("没有整改")), ("closed", gettext_lazy("已整改"))],
    )  # fmt: skip
    division_field = "sample__division_code"

    class Meta:
        model = Irregularity
        fields = ("kind",)

    def by_closing(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(closed_at__isnull=value == "open")


class IrregularityTable(tables.Table):
    sample = tables.Column(accessor="sample", linkify=lambda record: record.sample.get_absolute_url())
    kind = tables.Column()
    text = tables.Column(orderable=False, attrs={"td": {"class": "wide"}})
    clause = tables.Column(orderable=False)
    noticed_at = tables.DateTimeColumn(format="Y-m-d")
    closed_at = tables.DateTimeColumn(format="Y-m-d", default=gettext_lazy("没有整改"))

    class Meta:
        model = Irregularity
        fields = ("sample", "kind", "text", "clause", "noticed_at", "closed_at")
        order_by = ()


class IrregularityList(ListScreen):
    ability = "sample.plan"
    title = gettext_lazy("抽样不规范")
    table_class = IrregularityTable
    filter_class = IrregularityFilter
    intro = gettext_lazy("平台发现的：没有付费、没有备样、封条破损仍接收、送样超期。每一项都已列为问题交组织单位整改。")
    empty_text = gettext_lazy("没有发现不规范的抽样。")

    def rows(self) -> "QuerySet[Irregularity]":
        return selectors.list_irregularities(self.request.user).order_by("-noticed_at", "-pk")
