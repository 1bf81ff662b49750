"""Sections, their months, the river systems, and the word to agriculture."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.origin import access_emissions as access
from fangxin.actions.origin import forms_emissions as own_forms
from fangxin.actions.origin import rules_emissions as rules
from fangxin.actions.origin import selectors_emissions as selectors
from fangxin.actions.origin import waterways
from fangxin.actions.origin.models import IrrigationNotice, WaterMonth, WaterSection
from fangxin.actions.origin.models.water import WaterClass
from fangxin.actions.origin.services import sheets, water
from fangxin.actions.origin.views.common import AreaFilter
from fangxin.engines.deadlines import add_months
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

CHART_MONTHS = 60


class MonthColumn(tables.Column):
    def render(self, value: Any) -> str:
        return f"{value:%Y-%m}"

    def value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if value else None


class MetColumn(tables.Column):
    def __init__(self, **options: Any) -> None:
        super().__init__(verbose_name=gettext_lazy("是否达标"), empty_values=(), orderable=False, **options)

    def render(self, value: Any) -> str:
        return badge(*waterways.met(value))

    def value(self, value: Any) -> str:
        return str(waterways.met(value)[0])


class ClassColumn(tables.Column):
    def __init__(self, **options: Any) -> None:
        super().__init__(default="—", **options)

    def render(self, value: int) -> str:
        return str(WaterClass(value).label) if isinstance(value, int) else value

    value = render


# --- sections -----------------------------------------------------------------------------------------------------


class SectionTable(tables.Table):
    number = tables.Column(attrs={"td": {"class": "text-nowrap"}})
    name = tables.Column(linkify=True)
    township = TownshipColumn()
    target = ClassColumn(accessor="target")
    last_month = MonthColumn(verbose_name=gettext_lazy("最近月份"), orderable=False)
    last_class = ClassColumn(verbose_name=gettext_lazy("最近类别"), orderable=False)
    last_meets = MetColumn()
    irrigates = tables.Column(verbose_name=gettext_lazy("灌溉取水"), empty_values=(), orderable=False)

    class Meta:
        model = WaterSection
        fields = (
            "number", "name", "river", "basin", "township", "purpose", "target", "last_month", "last_class",
            "last_meets", "irrigates",
        )  # fmt: skip
        order_by = ()

    def render_irrigates(self, value: str) -> str:
        return _("是") if value else _("否")

    value_irrigates = render_irrigates

    def render_last_meets(self, value: Any, record: Any) -> str:
        return badge(*waterways.met(value)) if record.last_month else "—"

    def value_last_meets(self, value: Any, record: Any) -> str:
        return str(waterways.met(value)[0]) if record.last_month else ""


class SectionFilter(AreaFilter):
    text = django_filters.CharFilter(label=gettext_lazy("断面或水体"), method="by_text", max_length=100)
    body = django_filters.ChoiceFilter(label=gettext_lazy("类型"), choices=WaterSection.Body.choices)
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("情况"), method="by_when",
        choices=[
            ("missed", gettext_lazy("最近一月未达标")), ("no_month", gettext_lazy("没有上月数据")),
            ("irrigation", gettext_lazy("灌溉取水")),
        ],
    )  # fmt: skip

    class Meta:
        model = WaterSection
        fields = ("text", "township", "body", "when")

    def by_text(self, rows: Any, _name: str, value: str) -> Any:
        text = value.strip()
        return rows.filter(Q(name__icontains=text) | Q(river__icontains=text) | Q(number__startswith=text))

    def by_when(self, rows: Any, _name: str, value: str) -> Any:
        if value == "missed":
            return rows.filter(last_meets=False)
        if value == "irrigation":
            return rows.exclude(irrigates="")
        last = add_months(ledger.clock.today().replace(day=1), -1)
        measured = WaterMonth.objects.filter(section=OuterRef("pk"), month=last)
        return rows.filter(~Exists(measured), closed_on=None)


class Sections(ListScreen):
    ability = "origin.view"
    title = gettext_lazy("水质断面")
    table_class = SectionTable
    filter_class = SectionFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.with_latest_month(selectors.list_sections(self.request.user)).order_by(
            "division_code", "number"
        )

    def more_context(self) -> dict[str, Any]:
        actions = [
            (_("水系评价"), reverse("origin:basins"), "ripple"),
            (_("各月数据"), reverse("origin:water_months"), "calendar"),
            (_("灌溉水告知"), reverse("origin:notices"), "bell"),
        ]
        if self.request.user.can("origin.edit"):
            actions += [
                (_("登记断面"), reverse("origin:section_new"), "plus"),
                (_("导入水质数据"), reverse("origin:water_import"), "upload"),
            ]
        return {"actions": actions}


@needs("origin.edit")
def section_new(request: Request) -> HttpResponse:
    form = own_forms.SectionForm(request.POST or None, user=request.user)
    made = None
    if request.method == "POST":
        made = saved(form, lambda: water.register_section(by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("已登记断面。"))
        return redirect(made)
    return form_page(request, form, _("登记水质断面"), reverse("origin:sections"))


@needs("origin.edit")
def section_edit(request: Request, pk: int) -> HttpResponse:
    row = access.get_section(request.user, pk, "origin.edit")
    form = own_forms.SectionForm(request.POST or None, instance=row, user=request.user)
    if request.method == "POST":
        made = saved(form, lambda: water.change_section(row=row, by=request.user, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("已保存。"))
            return redirect(made)
    return form_page(request, form, _("修改：%(name)s") % {"name": row}, row.get_absolute_url())


@needs("origin.view")
def section(request: Request, pk: int) -> HttpResponse:
    row = access.get_section(request.user, pk)
    months = list(waterways.months_of(row))
    shown = months[-CHART_MONTHS:]
    context = {
        "title": str(row),
        "row": row,
        "place": people.division_path(row.division_code),
        "irrigated": people.division_name(row.irrigates) if row.irrigates else "",
        "may_edit": row.closed_on is None and request.user.can("origin.edit", row.division_code),
        "months": [(month, *waterways.met(month.meets_target), water.describe(month)) for month in reversed(shown)],
        "years": waterways.years_of(row, months),
        "trends": waterways.trends_of(row, months),
        "notices": row.notices.select_related("month", "agency")[:12],
        "chart": waterways.chart_of(row, shown),
    }
    return render(request, "origin/section.html", context)


# --- months -------------------------------------------------------------------------------------------------------


@needs("origin.edit")
def month_new(request: Request, pk: int) -> HttpResponse:
    row = access.get_section(request.user, pk, "origin.edit")
    form = own_forms.MonthForm(request.POST or None, section=row)
    made = None
    if request.method == "POST":
        made = saved(
            form,
            lambda: water.record_month(
                section=row, month=form.cleaned_data["sampled_on"].replace(day=1),
                sampled_on=form.cleaned_data["sampled_on"], source=form.cleaned_data["source"],
                readings=form.readings, by=request.user,
            ),
        )  # fmt: skip
    if made is not None:
        return _said(request, made)
    title = _("登记月度水质：%(name)s") % {"name": row}
    intro = _("没有测的项目留空；低于检出限的写成“<0.004”或者“0.004L”。")
    return render(
        request, "origin/month_form.html",
        {"form": form, "title": title, "intro": intro, "back_url": row.get_absolute_url()},
    )  # fmt: skip


def _said(request: Request, made: WaterMonth) -> HttpResponse:
    grade = WaterClass(made.water_class).label if made.water_class else _("不能判定")
    if made.meets_target is False:
        messages.warning(
            request,
            _("水质%(grade)s，未达到目标：%(what)s。已通知责任单位。") % {"grade": grade, "what": water.describe(made)},
        )
    else:
        messages.success(request, _("已登记，水质%(grade)s。") % {"grade": grade})
    return redirect(made)


@needs("origin.edit")
def month_correct(request: Request, pk: int) -> HttpResponse:
    row = access.get_month(request.user, pk, "origin.edit")
    form = own_forms.MonthForm(request.POST or None, section=row.section, row=row)
    made = None
    if request.method == "POST":
        made = saved(
            form,
            lambda: water.correct_month(
                row=row, sampled_on=form.cleaned_data["sampled_on"], readings=form.readings,
                why=form.cleaned_data["why"], by=request.user,
            ),
        )  # fmt: skip
    if made is not None:
        return _said(request, made)
    title = _("更正：%(name)s") % {"name": row}
    intro = _("更正另存一行，原来的数据保留。")
    return render(
        request, "origin/month_form.html",
        {"form": form, "title": title, "intro": intro, "back_url": row.get_absolute_url()},
    )  # fmt: skip


@needs("origin.view")
def month(request: Request, pk: int) -> HttpResponse:
    row = access.get_month(request.user, pk)
    newer = getattr(row, "replaced_by", None)
    word, tone = waterways.met(row.meets_target)
    names = rules.bare_item_names(row.sampled_on)
    context = {
        "title": str(row), "row": row, "word": word, "tone": tone, "newer": newer,
        "items": waterways.items_of(row),
        "missing": "、".join(names.get(item, item) for item in row.missing),
        "notice": IrrigationNotice.objects.filter(month=row).first(),
        "may_edit": newer is None and request.user.can("origin.edit", row.division_code),
    }  # fmt: skip
    return render(request, "origin/water_month.html", context)


class MonthTable(tables.Table):
    month = MonthColumn(linkify=True)
    section = tables.Column(orderable=False)
    township = TownshipColumn()
    water_class = ClassColumn()
    target = ClassColumn()
    meets_target = MetColumn()
    what = tables.Column(verbose_name=gettext_lazy("超标项目"), accessor="exceeded", orderable=False)

    class Meta:
        model = WaterMonth
        fields = (
            "month",
            "section",
            "township",
            "sampled_on",
            "source",
            "water_class",
            "target",
            "meets_target",
            "what",
        )
        order_by = ()

    def render_what(self, record: WaterMonth) -> str:
        return water.describe(record)

    def value_what(self, record: WaterMonth) -> str:
        return water.describe(record)


class MonthFilter(AreaFilter):
    year = django_filters.NumberFilter(
        label=gettext_lazy("年份"), field_name="month", lookup_expr="year", min_value=2000, max_value=2100
    )
    water_class = django_filters.ChoiceFilter(label=gettext_lazy("水质类别"), choices=WaterClass.choices)
    meets_target = django_filters.ChoiceFilter(
        label=gettext_lazy("是否达标"), method="by_met",
        choices=[("yes", gettext_lazy("达标")), ("no", gettext_lazy("未达标")), ("unknown", gettext_lazy("不能判定"))],
    )  # fmt: skip

    class Meta:
        model = WaterMonth
        fields = ("township", "year", "water_class", "meets_target")

    def by_met(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(meets_target={"yes": True, "no": False}.get(value))


class Months(ListScreen):
    ability = "origin.view"
    title = gettext_lazy("断面月度水质")
    table_class = MonthTable
    filter_class = MonthFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_months(self.request.user).order_by("-month", "section__number")


@needs("origin.edit")
def import_months(request: Request) -> HttpResponse:
    """Monthly values from a sheet: all of it, or nothing and why."""
    form = own_forms.WaterSheetForm(*posted(request))
    context = {"title": _("导入断面水质数据"), "form": form, "items": rules.bare_item_names(ledger.clock.today())}
    if form.is_valid():
        file = form.cleaned_data["file"]
        report = sheets.import_months(
            name=file.name, content=file.read(), source=form.cleaned_data["source"], user=request.user
        )
        if not report.faults:
            messages.success(request, _("已导入 %(n)s 个断面月。") % {"n": report.rows})
            return redirect("origin:water_months")
        context["report"] = report
    return render(request, "origin/import.html", context)


@needs("origin.view")
def basins(request: Request) -> HttpResponse:
    """River systems of a year: by class shares from five sections on, else by the mean."""
    form = own_forms.YearForm(request.GET or None)
    year = form.chosen
    rows = selectors.list_months(request.user).filter(month__year=year)
    context = {"title": _("水系评价"), "form": form, "year": year, "basins": waterways.basins_of(rows)}
    return render(request, "origin/basins.html", context)


# --- the word to agriculture --------------------------------------------------------------------------------------


class NoticeTable(tables.Table):
    section = tables.Column(linkify=True, orderable=False)
    month = tables.Column(accessor="month__month", verbose_name=gettext_lazy("月份"))
    township = TownshipColumn()
    due_on = DayColumn()
    state = tables.Column(empty_values=(), orderable=False, verbose_name=gettext_lazy("签收"))

    class Meta:
        model = IrrigationNotice
        fields = ("section", "month", "township", "agency", "told_at", "due_on", "state", "measures")
        order_by = ()

    def render_month(self, value: Any) -> str:
        return f"{value:%Y-%m}"

    value_month = render_month

    def render_state(self, record: IrrigationNotice) -> str:
        return badge(*notice_state(record))

    def value_state(self, record: IrrigationNotice) -> str:
        return str(notice_state(record)[0])


def notice_state(row: IrrigationNotice) -> tuple[Any, str]:
    if row.acknowledged_at is None:
        late = row.due_on < ledger.clock.today()
        return (_("超过时限没有签收"), "bad") if late else (_("待签收"), "warn")
    late = row.acknowledged_at.astimezone(ledger.clock.LOCAL).date() > row.due_on
    return (_("超期签收"), "warn") if late else (_("按时签收"), "good")


class NoticeFilter(AreaFilter):
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("签收"), method="by_when",
        choices=[("open", gettext_lazy("待签收")), ("late", gettext_lazy("超过时限没有签收"))],
    )  # fmt: skip

    class Meta:
        model = IrrigationNotice
        fields = ("township", "when")

    def by_when(self, rows: Any, _name: str, value: str) -> Any:
        rows = rows.filter(acknowledged_at=None)
        return rows.filter(due_on__lt=ledger.clock.today()) if value == "late" else rows


class Notices(ListScreen):
    ability = "origin.view"
    title = gettext_lazy("灌溉水超标告知")
    table_class = NoticeTable
    filter_class = NoticeFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_notices(self.request.user).order_by("-told_at", "-pk")


@needs("origin.view")
def notice(request: Request, pk: int) -> HttpResponse:
    """The notice, and its acknowledgement by the agency that was told."""
    row = access.get_notice(request.user, pk)
    told = row.agency_id in request.user.own_agencies("origin.edit") and row.acknowledged_at is None
    form = own_forms.AcknowledgeForm(request.POST or None) if told else None
    if form is not None and request.method == "POST":
        made = saved(form, lambda: water.acknowledge(notice=row, by=request.user, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("已签收。"))
            return redirect(row)
    word, tone = notice_state(row)
    context = {
        "title": _("灌溉水超标告知：%(name)s") % {"name": row}, "row": row, "form": form, "word": word, "tone": tone,
        "what": water.describe(row.month), "place": people.division_path(row.division_code),
        "corrected": getattr(row.month, "replaced_by", None),
    }  # fmt: skip
    return render(request, "origin/notice.html", context)
