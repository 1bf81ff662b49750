"""Accounts, posts, agencies and divisions, for those who manage them."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import access, selectors, services
from fangxin.kernel.people.forms import (
    AgencyForm,
    DivisionForm,
    NewUserForm,
    PostForm,
    ResetPasswordForm,
    UserForm,
)
from fangxin.kernel.people.models import Agency, Division, User
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import form_page, saved
from fangxin.kernel.screens.permission import needs


class UserTable(tables.Table):
    username = tables.Column(linkify=lambda record: reverse("people:user", args=[record.pk]))

    class Meta:
        model = User
        fields = ("username", "name", "is_active", "last_login")
        verbose_name = gettext_lazy("账号")


class UserFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=gettext_lazy("账号或姓名"), method="find")
    is_active = django_filters.BooleanFilter(label=gettext_lazy("启用"))

    class Meta:
        model = User
        fields = ["text", "is_active"]

    def find(self, rows: "QuerySet[User]", _name: str, value: str) -> "QuerySet[User]":
        return rows.filter(Q(username__icontains=value) | Q(name__icontains=value))


class Users(ListScreen):
    ability = "people.manage"
    title = gettext_lazy("账号与岗位")
    table_class = UserTable
    filter_class = UserFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_users(self.request.user).order_by("username")

    def more_context(self) -> dict[str, Any]:
        return {"actions": [(_("新增账号"), reverse("people:new_user"), "user-plus")]}


@needs("people.manage")
def new_user(request: HttpRequest) -> HttpResponse:
    form = NewUserForm(request.POST or None)
    if request.method == "POST":
        user = saved(form, lambda: services.create_user(by=request.user, **form.cleaned_data))
        if user is not None:
            messages.success(request, _("账号已建立，请接着安排岗位。"))
            return redirect("people:user", user.pk)
    return form_page(request, form, _("新增账号"), reverse("people:users"))


@needs("people.manage")
def user_page(request: HttpRequest, pk: int) -> HttpResponse:
    person = access.get_user_to_manage(request.user, pk)
    form = UserForm(request.POST or None, instance=person)
    if (
        request.method == "POST"
        and saved(form, lambda: services.change_user(user=person, by=request.user, **form.cleaned_data)) is not None
    ):
        messages.success(request, _("已保存。"))
        return redirect("people:user", pk)
    context = {
        "title": person.name,
        "person": person,
        "form": form,
        "posts": person.posts.select_related("agency").order_by("-starts_on"),
        "today": ledger.clock.today(),
    }
    return render(request, "people/user.html", context)


@needs("people.manage")
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    person = access.get_user_to_manage(request.user, pk)
    form = ResetPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.set_password(user=person, password=form.cleaned_data["password"], by=request.user, must_change=True)
        messages.success(request, _("已设置初始密码，本人登录后须修改。"))
        return redirect("people:user", pk)
    return form_page(request, form, _("重设密码：%s") % person.name, reverse("people:user", args=[pk]))


@needs("people.manage")
def new_post(request: HttpRequest, pk: int) -> HttpResponse:
    person = access.get_user_to_manage(request.user, pk)
    prefixes = selectors.administered(request.user, "people.manage")
    form = PostForm(request.POST or None, prefixes=prefixes, initial={"starts_on": ledger.clock.today()})
    if (
        request.method == "POST"
        and saved(form, lambda: services.give_post(user=person, by=request.user, **form.cleaned_data)) is not None
    ):
        messages.success(request, _("岗位已安排。"))
        return redirect("people:user", pk)
    return form_page(request, form, _("安排岗位：%s") % person.name, reverse("people:user", args=[pk]))


@require_POST
@needs("people.manage")
def end_post(request: HttpRequest, pk: int) -> HttpResponse:
    post = access.get_post_to_manage(request.user, pk)
    services.end_post(post=post, on=ledger.clock.today(), by=request.user)
    messages.success(request, _("岗位已结束。"))
    return redirect("people:user", post.user_id)


class AgencyTable(tables.Table):
    name = tables.Column(linkify=lambda record: reverse("people:agency", args=[record.pk]))

    class Meta:
        model = Agency
        fields = ("name", "short_name", "kind", "division_code", "active")
        verbose_name = gettext_lazy("机构")


class AgencyFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label=gettext_lazy("名称"), lookup_expr="icontains")

    class Meta:
        model = Agency
        fields = ["name", "kind", "active"]


class Agencies(ListScreen):
    ability = "people.divisions"
    title = gettext_lazy("机构")
    table_class = AgencyTable
    filter_class = AgencyFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_manageable_agencies(self.request.user).order_by("division_code", "pk")

    def more_context(self) -> dict[str, Any]:
        return {"actions": [(_("新增机构"), reverse("people:new_agency"), "plus")]}


def _write_agency(request: HttpRequest, agency: Agency | None, other_names: str, **fields: Any) -> Agency:
    if agency is None:
        active = fields.pop("active")
        agency = services.create_agency(by=request.user, **fields)
        if not active:
            services.change_agency(agency=agency, by=request.user, active=False)
    else:
        services.change_agency(agency=agency, by=request.user, **fields)
    for name in filter(None, (line.strip() for line in other_names.splitlines())):
        services.add_agency_name(agency=agency, name=name[:100], by=request.user)
    return agency


@needs("people.divisions")
def agency_page(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    agency = access.get_agency_to_manage(request.user, pk) if pk is not None else None
    names = "\n".join(agency.other_names.values_list("name", flat=True)) if agency else ""
    form = AgencyForm(request.POST or None, instance=agency, initial={"other_names": names})
    prefixes = selectors.administered(request.user, "people.divisions")
    if request.method == "POST" and form.is_valid():
        if not any(form.cleaned_data["division_code"].startswith(p) for p in prefixes):
            form.add_error("division_code", _("只能登记您管理范围内的机构。"))
        elif saved(form, lambda: _write_agency(request, agency, **form.cleaned_data)):
            messages.success(request, _("已保存。"))
            return redirect("people:agencies")
    title = agency.name if agency else _("新增机构")
    return form_page(request, form, title, reverse("people:agencies"))


class DivisionTable(tables.Table):
    code = tables.Column(linkify=lambda record: reverse("people:division", args=[record.pk]))

    class Meta:
        model = Division
        fields = ("code", "name", "kind", "valid_from", "valid_to", "population", "note", "confidence")
        verbose_name = gettext_lazy("行政区划")


class DivisionFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(label=gettext_lazy("名称"), lookup_expr="icontains")
    code = django_filters.CharFilter(label=gettext_lazy("代码"), lookup_expr="startswith")

    class Meta:
        model = Division
        fields = ["name", "code", "kind"]


class Divisions(ListScreen):
    ability = "people.divisions"
    title = gettext_lazy("行政区划")
    table_class = DivisionTable
    filter_class = DivisionFilter
    page_size = 50

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_manageable_divisions(self.request.user).order_by("code", "valid_from")

    def more_context(self) -> dict[str, Any]:
        return {"actions": [(_("新增区划"), reverse("people:new_division"), "plus")]}


@needs("people.divisions")
def new_division(request: HttpRequest) -> HttpResponse:
    form = DivisionForm(request.POST or None)
    prefixes = selectors.administered(request.user, "people.divisions")
    if request.method == "POST" and form.is_valid():
        if not any(form.cleaned_data["code"].startswith(p) for p in prefixes):
            form.add_error("code", _("只能登记您管理范围内的区划。"))
        elif saved(form, lambda: services.add_division(by=request.user, **form.cleaned_data)):
            messages.success(request, _("已保存。"))
            return redirect("people:divisions")
    return form_page(request, form, _("新增区划"), reverse("people:divisions"))


@needs("people.divisions")
def division_page(request: HttpRequest, pk: int) -> HttpResponse:
    division = access.get_division_to_manage(request.user, pk)
    if request.method == "POST" and division.valid_to is None:
        services.end_division(division=division, on=ledger.clock.today(), by=request.user)
        messages.success(request, _("已停用。过去的记录仍按当时的名称显示。"))
        return redirect("people:divisions")
    return render(request, "people/division.html", {"title": division.name, "division": division})
