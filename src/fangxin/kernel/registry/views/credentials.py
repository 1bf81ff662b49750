from typing import Any

import django_filters
import django_tables2 as tables
import segno
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import access, asof, selectors, services
from fangxin.kernel.registry.forms import CredentialForm, RenewForm, RevokeForm
from fangxin.kernel.registry.models import Credential
from fangxin.kernel.registry.views.common import AreaFilter
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs

STATUSES = {
    "valid": gettext_lazy("有效"),
    "expired": gettext_lazy("已过期"),
    "revoked": gettext_lazy("已失效"),
    "not_yet": gettext_lazy("尚未生效"),
}
STATES = [
    ("valid", gettext_lazy("有效")),
    ("expiring", gettext_lazy("90 日内到期")),
    ("expired", gettext_lazy("已过期而场所在营")),
    ("revoked", gettext_lazy("已失效")),
]


class CredentialTable(tables.Table):
    kind = tables.Column(linkify=lambda record: reverse("registry:credential", args=[record.pk]))
    premises = tables.Column(
        accessor="premises__name",
        verbose_name=gettext_lazy("经营场所"),
        orderable=False,
        linkify=lambda record: reverse("registry:premises", args=[record.premises_id]),
    )
    township = TownshipColumn()
    issued_on = DayColumn()
    expires_on = DayColumn()
    status = tables.Column(verbose_name=gettext_lazy("今日状态"), empty_values=(), orderable=False)

    class Meta:
        model = Credential
        fields = ("kind", "number", "premises", "township", "issued_on", "expires_on", "status")

    def render_status(self, record: Credential) -> Any:
        return STATUSES[selectors.credential_status(record, ledger.clock.today())]

    def value_status(self, record: Credential) -> str:
        return str(self.render_status(record))


class CredentialFilter(AreaFilter):
    number = django_filters.CharFilter(label=gettext_lazy("编号（从头开始）"), method="by_number", max_length=60)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("证件"), choices=Credential.Kind.choices)
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=STATES, method="by_state")

    class Meta:
        model = Credential
        fields = ["number", "township", "kind", "state"]

    def by_number(self, rows: "QuerySet[Credential]", _name: str, value: str) -> "QuerySet[Credential]":
        return rows.filter(number__startswith=value.strip().upper())

    def by_state(self, rows: "QuerySet[Credential]", _name: str, value: str) -> "QuerySet[Credential]":
        day = ledger.clock.today()
        if value == "valid":
            return rows.filter(asof.valid_on(day))
        if value == "revoked":
            return rows.filter(revoked_on__lte=day)
        return (selectors.expiring if value == "expiring" else selectors.expired)(rows, day)


class Credentials(ListScreen):
    ability = "registry.view"
    title = gettext_lazy("证件")
    table_class = CredentialTable
    filter_class = CredentialFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_credentials(self.request.user)


@needs("registry.view")
def page(request: Request, pk: int) -> HttpResponse:
    """A credential as it can be printed, with the code by which anybody can check it."""
    credential = access.get_credential(request.user, pk)
    address = request.build_absolute_uri(reverse("portal:verify", args=[credential.token]))
    status = selectors.credential_status(credential, ledger.clock.today())
    picture = segno.make(address, error="m").svg_inline(scale=4)
    context = {
        "title": credential.get_kind_display(),
        "credential": credential,
        "status": status,
        "status_label": STATUSES[status],
        "address": address,
        "picture": mark_safe(picture),  # noqa: S308  (made here from our own address)
        "renewed_by": Credential.objects.filter(renews=credential).first(),
        "may_edit": request.user.can("registry.edit", credential.division_code),
    }
    return render(request, "registry/credential.html", context)


@needs("registry.edit")
def issue(request: Request, premises_pk: int) -> HttpResponse:
    premises = access.get_standing_premises(request.user, premises_pk, "registry.edit")
    form = CredentialForm(request.POST or None)
    made = None
    if request.method == "POST":
        made = saved(form, lambda: services.issue_credential(premises=premises, by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("证件已登记。"))
        return redirect("registry:credential", pk=made.pk)
    back = reverse("registry:premises", args=[premises.pk])
    return form_page(request, form, _("登记证件：%(name)s") % {"name": premises.name}, back)


@needs("registry.edit")
def renew(request: Request, pk: int) -> HttpResponse:
    credential = access.get_credential(request.user, pk, "registry.edit")
    form = RenewForm(request.POST or None)
    made = None
    if request.method == "POST":
        made = saved(
            form, lambda: services.renew_credential(credential=credential, by=request.user, **form.cleaned_data)
        )
    if made is not None:
        messages.success(request, _("已延续，原证保留备查。"))
        return redirect("registry:credential", pk=made.pk)
    back = reverse("registry:credential", args=[pk])
    return form_page(request, form, _("延续：%(name)s") % {"name": credential}, back, submit_label=_("延续"))


@needs("registry.edit")
def revoke(request: Request, pk: int) -> HttpResponse:
    credential = access.get_credential(request.user, pk, "registry.edit")
    form = RevokeForm(request.POST or None, initial={"on": ledger.clock.today()})
    back = reverse("registry:credential", args=[pk])
    if (
        request.method == "POST"
        and saved(form, lambda: services.revoke_credential(credential=credential, by=request.user, **form.cleaned_data))
        is not None
    ):
        messages.success(request, _("已登记失效，公众查验时会如实显示。"))
        return redirect(back)
    title = _("证件失效：%(name)s") % {"name": credential}
    intro = _("失效后不能恢复，只能另行登记新证。")
    return form_page(request, form, title, back, submit_label=_("登记失效"), intro=intro)
