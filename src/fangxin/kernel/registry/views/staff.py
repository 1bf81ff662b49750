from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Max, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import access, selectors, services
from fangxin.kernel.registry.forms import CertificateForm, EndStaffForm, HelperForm, StaffForm
from fangxin.kernel.registry.models import Staff
from fangxin.kernel.registry.templatetags.registry import masked_name
from fangxin.kernel.registry.views.common import AreaFilter
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import masked

AT_WORK = [("yes", gettext_lazy("在岗")), ("no", gettext_lazy("已离岗"))]
CERTIFIED = [("yes", gettext_lazy("考核在有效期内")), ("no", gettext_lazy("没有有效考核"))]


def with_exam(rows: "QuerySet[Staff]") -> "QuerySet[Staff]":
    exam = Q(certificates__kind="training_exam")
    return rows.annotate(exam_until=Max("certificates__expires_on", filter=exam))


class StaffTable(tables.Table):
    phone = tables.Column(orderable=False)
    premises = tables.Column(
        accessor="premises__name",
        verbose_name=gettext_lazy("经营场所"),
        orderable=False,
        default="—",
        linkify=lambda record: record.premises_id and reverse("registry:premises", args=[record.premises_id]),
    )
    township = TownshipColumn()
    joined_on = DayColumn()
    left_on = DayColumn()
    exam_until = DayColumn(verbose_name=gettext_lazy("考核有效至"), orderable=False)
    actions = tables.Column(verbose_name=gettext_lazy("办理"), orderable=False, empty_values=())

    class Meta:
        model = Staff
        fields = ("name", "role", "premises", "township", "phone", "joined_on", "left_on", "exam_until", "actions")

    def render_name(self, value: str) -> str:
        return masked_name(value)

    def render_phone(self, value: str) -> str:
        return masked(value)

    def value_phone(self, value: str) -> str:
        return masked(value)

    def render_actions(self, record: Staff) -> str:
        may = self.request.user.can(_ability_to_work_on(record), record.division_code)
        return render_to_string("registry/staff_actions.html", {"record": record}) if may else "—"


class StaffFilter(AreaFilter):
    text = django_filters.CharFilter(
        label=gettext_lazy("姓名"), field_name="name", lookup_expr="icontains", max_length=60
    )
    role = django_filters.ChoiceFilter(label=gettext_lazy("岗位"), choices=Staff.Role.choices)
    at_work = django_filters.ChoiceFilter(label=gettext_lazy("在岗"), choices=AT_WORK, method="by_work")
    certified = django_filters.ChoiceFilter(label=gettext_lazy("培训考核"), choices=CERTIFIED, method="by_exam")

    class Meta:
        model = Staff
        fields = ["text", "township", "role", "at_work", "certified"]

    def by_work(self, rows: "QuerySet[Staff]", _name: str, value: str) -> "QuerySet[Staff]":
        return rows.filter(_on_duty()) if value == "yes" else rows.exclude(_on_duty())

    def by_exam(self, rows: "QuerySet[Staff]", _name: str, value: str) -> "QuerySet[Staff]":
        today = ledger.clock.today()
        holders = Staff.objects.filter(
            Q(certificates__expires_on=None) | Q(certificates__expires_on__gte=today),
            certificates__kind="training_exam",
            certificates__passed_on__lte=today,
        ).values("pk")
        return rows.filter(pk__in=holders) if value == "yes" else rows.exclude(pk__in=holders)


def _on_duty() -> Q:
    today: date = ledger.clock.today()
    return Q(joined_on__lte=today) & (Q(left_on=None) | Q(left_on__gt=today))


class StaffList(ListScreen):
    ability = "registry.view"
    title = gettext_lazy("人员")
    table_class = StaffTable
    filter_class = StaffFilter
    # Names leave the platform only through the purposes that ask for them.
    export_without = ("actions", "name", "phone")

    def rows(self) -> "QuerySet[Any]":
        return with_exam(selectors.list_staff(self.request.user))

    def more_context(self) -> dict[str, Any]:
        if not self.request.user.can("registry.census"):
            return {}
        return {"actions": [(_("登记协管员"), reverse("registry:helper_new"), "user-plus")]}


@needs("registry.edit")
def new(request: Request, premises_pk: int) -> HttpResponse:
    premises = access.get_standing_premises(request.user, premises_pk, "registry.edit")
    form = StaffForm(request.POST or None, initial={"joined_on": ledger.clock.today()})
    back = reverse("registry:premises", args=[premises.pk])
    if (
        request.method == "POST"
        and saved(form, lambda: services.add_staff(premises=premises, by=request.user, **form.cleaned_data)) is not None
    ):
        messages.success(request, _("人员已登记。"))
        return redirect(back)
    return form_page(request, form, _("登记人员：%(name)s") % {"name": premises.name}, back)


@needs("registry.census")
def new_helper(request: Request) -> HttpResponse:
    """The helpers of the villages are kept by the townships."""
    form = HelperForm(request.POST or None, user=request.user, initial={"joined_on": ledger.clock.today()})
    back = reverse("registry:staff_list") + "?role=village_helper"
    if (
        request.method == "POST"
        and saved(
            form, lambda: services.add_staff(role=Staff.Role.VILLAGE_HELPER, by=request.user, **form.cleaned_data)
        )
        is not None
    ):
        messages.success(request, _("协管员已登记。"))
        return redirect(back)
    return form_page(request, form, _("登记协管员"), back)


def _ability_to_work_on(person: Staff) -> str:
    """People of premises belong to those who keep the register, helpers to the townships too."""
    return "registry.census" if person.premises_id is None else "registry.edit"


def _staff_to_work_on(user: Any, pk: int) -> Staff:
    person = access.get_staff(user, pk, "registry.census")
    return access.get_staff(user, pk, _ability_to_work_on(person))


def _back(person: Staff) -> str:
    if person.premises_id is None:
        return reverse("registry:staff_list") + "?role=village_helper"
    return reverse("registry:premises", args=[person.premises_id])


@needs("registry.census")
def end(request: Request, pk: int) -> HttpResponse:
    person = _staff_to_work_on(request.user, pk)
    form = EndStaffForm(request.POST or None, initial={"left_on": ledger.clock.today()})
    if (
        request.method == "POST"
        and saved(form, lambda: services.end_staff(staff=person, by=request.user, **form.cleaned_data)) is not None
    ):
        messages.success(request, _("已登记离岗。"))
        return redirect(_back(person))
    return form_page(request, form, _("离岗：%(name)s") % {"name": person.name}, _back(person))


@needs("registry.census")
def certify(request: Request, pk: int) -> HttpResponse:
    person = _staff_to_work_on(request.user, pk)
    form = CertificateForm(request.POST or None, initial={"passed_on": ledger.clock.today()})
    if (
        request.method == "POST"
        and saved(form, lambda: services.record_certificate(staff=person, by=request.user, **form.cleaned_data))
        is not None
    ):
        messages.success(request, _("证明已登记。"))
        return redirect(_back(person))
    return form_page(request, form, _("登记证明：%(name)s") % {"name": person.name}, _back(person))
