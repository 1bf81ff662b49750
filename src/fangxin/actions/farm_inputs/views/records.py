"""The farm's book: lists for the staff, forms for whoever writes, corrections."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.farm_inputs import access, selectors
from fangxin.actions.farm_inputs import forms as own_forms
from fangxin.actions.farm_inputs.models import Application, DiaryEntry, Finding, Harvest, LabelUse
from fangxin.actions.farm_inputs.services import judging, records
from fangxin.actions.farm_inputs.templatetags.farm_inputs import plain
from fangxin.actions.farm_inputs.views.common import AreaFilter, require_writing
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge


class ApplicationTable(tables.Table):
    what = tables.Column(
        verbose_name=gettext_lazy("产品"), accessor="product_seen", orderable=False, empty_values=(),
        linkify=lambda record: record.batch.get_absolute_url(),
    )  # fmt: skip
    food = tables.Column(accessor="batch__food", verbose_name=gettext_lazy("作物（动物）"))
    farm = tables.Column(accessor="farm__premises__name", verbose_name=gettext_lazy("农场"))
    township = TownshipColumn()
    began_on, last_on = DayColumn(), DayColumn()
    dose = tables.Column(empty_values=())

    class Meta:
        model = Application
        fields = ("what", "food", "farm", "township", "began_on", "last_on", "dose", "against")
        order_by = ()

    def render_what(self, record: Application) -> str:
        return judging.name_of(record)

    def value_what(self, record: Application) -> str:
        return judging.name_of(record)

    def render_dose(self, record: Application) -> str:
        return "—" if record.dose is None else f"{record.dose.normalize():f} {record.dose_unit}"

    def value_dose(self, record: Application) -> str:
        return self.render_dose(record)


class ApplicationFilter(AreaFilter):
    text = django_filters.CharFilter(label=gettext_lazy("产品、登记证号、作物或农场"), method="by_text", max_length=60)
    since = django_filters.DateFilter(
        field_name="last_on", lookup_expr="gte", label=gettext_lazy("自"), widget=own_forms.DayInput()
    )
    until = django_filters.DateFilter(
        field_name="last_on", lookup_expr="lte", label=gettext_lazy("至"), widget=own_forms.DayInput()
    )

    class Meta:
        model = Application
        fields = ("text", "township", "since", "until")

    def by_text(self, rows: Any, _name: str, value: str) -> Any:
        text = value.strip()
        found = rows.filter(product__name__icontains=text) | rows.filter(product__registration_no=text)
        found |= rows.filter(product_seen__icontains=text) | rows.filter(batch__food__icontains=text)
        return found | rows.filter(farm__premises__name__icontains=text)


class Applications(ListScreen):
    ability = "farm.lists"
    title = gettext_lazy("用药记录")
    table_class = ApplicationTable
    filter_class = ApplicationFilter

    def rows(self) -> Any:
        return (
            selectors.list_applications(self.request.user, "farm.lists")
            .filter(selectors.STANDS)
            .order_by("-last_on", "-pk")
        )


class HarvestTable(tables.Table):
    batch = tables.Column(
        linkify=lambda record: record.batch.get_absolute_url(),
        accessor="batch__number",
        verbose_name=gettext_lazy("批次"),
    )
    food = tables.Column(accessor="batch__food", verbose_name=gettext_lazy("作物（动物）"))
    farm = tables.Column(accessor="batch__farm__premises__name", verbose_name=gettext_lazy("农场"))
    township = TownshipColumn()
    on, earliest_on = DayColumn(), DayColumn()

    class Meta:
        model = Harvest
        fields = ("batch", "food", "farm", "township", "on", "quantity", "unit", "earliest_on", "within_lock")
        order_by = ()

    def render_quantity(self, value: Any) -> str:
        return plain(value)

    def render_within_lock(self, record: Harvest) -> str:
        return badge(
            self.value_within_lock(record), "bad" if record.within_lock else "warn" if record.lock_unknown else "good"
        )

    def value_within_lock(self, record: Harvest) -> str:
        if record.lock_unknown:
            return _("不能确定")
        return _("间隔期内") if record.within_lock else _("已过间隔期")


class HarvestFilter(AreaFilter):
    produce = django_filters.ChoiceFilter(
        field_name="batch__produce", label=gettext_lazy("收获物"), choices=LabelUse.Produce.choices
    )
    within = django_filters.ChoiceFilter(
        field_name="within_lock",
        label=gettext_lazy("间隔期"),
        choices=[("True", gettext_lazy("间隔期内采收")), ("False", gettext_lazy("已过间隔期"))],
    )
    since = django_filters.DateFilter(
        field_name="on", lookup_expr="gte", label=gettext_lazy("自"), widget=own_forms.DayInput()
    )

    class Meta:
        model = Harvest
        fields = ("township", "produce", "within", "since")


class Harvests(ListScreen):
    ability = "farm.lists"
    title = gettext_lazy("采收（出栏）记录")
    table_class = HarvestTable
    filter_class = HarvestFilter

    def rows(self) -> Any:
        return selectors.list_harvests(self.request.user, "farm.lists").filter(selectors.STANDS).order_by("-on", "-pk")


class FindingTable(tables.Table):
    text = tables.Column(linkify=lambda record: record.get_absolute_url())
    farm = tables.Column(accessor="farm__premises__name", verbose_name=gettext_lazy("农场"))
    township = TownshipColumn()
    found_on = DayColumn()
    matter = tables.Column(linkify=lambda record: record.matter.get_absolute_url() if record.matter else None)

    class Meta:
        model = Finding
        fields = ("text", "farm", "township", "clause", "found_on", "matter")
        order_by = ()


class FindingFilter(AreaFilter):
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("处理"), method="by_when", choices=[("open", gettext_lazy("还没有销号"))]
    )

    class Meta:
        model = Finding
        fields = ("township", "when")

    def by_when(self, rows: Any, _name: str, _value: str) -> Any:
        return rows.filter(pk__in=selectors.open_findings(self.request.user).order_by().values("pk"))


class Findings(ListScreen):
    ability = "farm.lists"
    title = gettext_lazy("用药问题")
    table_class = FindingTable
    filter_class = FindingFilter

    def rows(self) -> Any:
        return selectors.list_findings(self.request.user)


# --- writing ----------------------------------------------------------------------------------------------------------------


def _batch(request: Request, pk: int) -> Any:
    batch = access.get_batch(request.user, pk)
    require_writing(request.user, batch.farm)
    return batch


def _say_standing(request: Request, batch: Any) -> None:
    batch.refresh_from_db()
    messages.success(request, _("已记下。%(now)s") % {"now": judging.told(batch).sentence})


@needs("farm.view")
def application_new(request: Request, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    known = selectors.products_for(batch, 30)
    form = own_forms.ApplicationForm(
        request.POST or None, batch=batch, products=known, initial={"area_mu": batch.area_mu}
    )
    if request.method == "POST":
        row = saved(form, lambda: records.record_application(batch=batch, by=request.user, **form.values()))
        if row is not None:
            _say_standing(request, batch)
            return redirect(batch)
    title = _("%(food)s：记用药") % {"food": batch.food}
    return _application_page(request, form, title, batch)


def _application_page(request: Request, form: Any, title: str, batch: Any) -> HttpResponse:
    context = {"form": form, "title": title, "back_url": batch.get_absolute_url()}
    return render(request, "farm_inputs/application_form.html", context)


@needs("farm.view")
def application_correct(request: Request, pk: int) -> HttpResponse:
    row = access.get_application(request.user, pk)
    require_writing(request.user, row.farm)
    known = selectors.products_for(row.batch, 30)
    data = request.POST or None
    form = own_forms.ApplicationForm(data, batch=row.batch, products=known, initial=own_forms.initial_of(row))
    form.fields.update(own_forms.WhyForm().fields)

    def write() -> Application:
        values = form.values()
        why, void = values.pop("why"), values.pop("void")
        return records.correct_application(row=row, why=why, void=void, by=request.user, **values)

    if request.method == "POST" and saved(form, write) is not None:
        _say_standing(request, row.batch)
        return redirect(row.batch)
    return _application_page(request, form, _("更正用药记录：%(what)s") % {"what": row}, row.batch)


@needs("farm.view")
def diary_new(request: Request, pk: int, kind: str) -> HttpResponse:
    batch = _batch(request, pk)
    if kind not in own_forms.DIARY_ASKS:
        raise Http404
    form = own_forms.DiaryForm(request.POST or None, kind=kind)
    if request.method == "POST":
        row = saved(form, lambda: records.record_diary(batch=batch, kind=kind, by=request.user, **form.cleaned_data))
        if row is not None:
            messages.success(request, _("已记下。"))
            return redirect(batch)
    label = DiaryEntry.Kind(kind).label
    return form_page(request, form, f"{batch.food}：{label}", batch.get_absolute_url(), submit_label=_("记下"))


@needs("farm.view")
def diary_correct(request: Request, pk: int) -> HttpResponse:
    row = access.get_diary_entry(request.user, pk)
    require_writing(request.user, row.farm)
    form = own_forms.DiaryForm(
        request.POST or None, kind=row.kind, initial={n: getattr(row, n) for n in own_forms.DIARY_ASKS[row.kind]}
    )
    form.fields.update(own_forms.WhyForm().fields)

    def write() -> DiaryEntry:
        values = dict(form.cleaned_data)
        why, void = values.pop("why"), values.pop("void")
        return records.correct_diary(row=row, why=why, void=void, by=request.user, **values)

    if request.method == "POST" and saved(form, write) is not None:
        messages.success(request, _("已更正，原来的记录保留。"))
        return redirect(row.batch)
    return form_page(request, form, _("更正生产记录：%(what)s") % {"what": row}, row.batch.get_absolute_url())


@needs("farm.view")
def harvest_new(request: Request, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    told = judging.told(batch)
    form = own_forms.HarvestForm(request.POST or None, batch=batch, locked=not told.free or request.method == "POST")
    if request.method == "POST":
        row = saved(form, lambda: records.record_harvest(batch=batch, by=request.user, **form.cleaned_data))
        if row is not None:
            if row.within_lock:
                messages.warning(request, _("已照实登记。这批是间隔期内采收的，农业执法会来核查，请先不要出售。"))
            else:
                messages.success(request, _("已记下。"))
            return redirect(batch)
    title = _("%(food)s：记采收（出栏）") % {"food": batch.food}
    return form_page(request, form, title, batch.get_absolute_url(), intro=told.sentence, submit_label=_("记下"))


@needs("farm.view")
def harvest_correct(request: Request, pk: int) -> HttpResponse:
    row = access.get_harvest(request.user, pk)
    require_writing(request.user, row.batch.farm)
    form = own_forms.HarvestCorrectionForm(
        request.POST or None, initial={"on": row.on, "quantity": plain(row.quantity)}
    )

    def write() -> Harvest:
        return records.correct_harvest(row=row, by=request.user, **form.cleaned_data)

    if request.method == "POST" and saved(form, write) is not None:
        messages.success(request, _("已更正，原来的记录保留。"))
        return redirect(row.batch)
    return form_page(request, form, _("更正采收记录：%(what)s") % {"what": row}, row.batch.get_absolute_url())
