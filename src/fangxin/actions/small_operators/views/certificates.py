"""Papers of the small operators by renewal, first visits, and the whole life of one subject."""

from itertools import chain
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.small_operators import access, offers, rules, selectors
from fangxin.actions.small_operators import forms as own_forms
from fangxin.actions.small_operators.models import Application, FirstVisit
from fangxin.actions.small_operators.models.fields import Kind
from fangxin.actions.small_operators.services import applications, visits
from fangxin.actions.small_operators.views.common import AreaFilter
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

RENEWALS = [
    ("valid", gettext_lazy("有效")),
    ("open", gettext_lazy("可以办延续（到期前 60 至 30 日）")),
    ("late", gettext_lazy("30 日内到期，应已申请延续")),
    ("expired", gettext_lazy("已过期而仍在营")),
    ("revoked", gettext_lazy("已失效")),
]
WINDOWS = {
    "before": (gettext_lazy("未到延续时间"), "plain"),
    "open": (gettext_lazy("可以办延续"), "info"),
    "late": (gettext_lazy("应已申请延续"), "warn"),
    "over": (gettext_lazy("已过期"), "bad"),
}
STATUSES = {
    "valid": (gettext_lazy("有效"), "good"),
    "expired": (gettext_lazy("已过期"), "bad"),
    "revoked": (gettext_lazy("已失效"), "bad"),
    "not_yet": (gettext_lazy("尚未生效"), "info"),
}
MOST_MOMENTS = 100


class CertificateTable(tables.Table):
    number = tables.Column(linkify=lambda record: reverse("registry:credential", args=[record.pk]))
    premises = tables.Column(
        accessor="premises__name", orderable=False, verbose_name=gettext_lazy("经营场所"),
        linkify=lambda record: reverse("small_operators:subject", args=[record.premises_id]),
    )  # fmt: skip
    township = TownshipColumn()
    issued_on = DayColumn()
    expires_on = DayColumn()
    renewal = tables.Column(verbose_name=gettext_lazy("延续"), empty_values=(), orderable=False)

    class Meta:
        model = registry.Credential
        fields = ("number", "kind", "premises", "township", "issued_on", "expires_on", "renewal")
        order_by = ()

    def render_renewal(self, record: Any) -> str:
        label, tone = self._renewal(record)
        return badge(label, tone) if label else "—"

    def value_renewal(self, record: Any) -> str:
        return str(self._renewal(record)[0])

    def _renewal(self, record: Any) -> tuple[Any, str]:
        if record.revoked_on is not None:
            return STATUSES["revoked"]
        window = rules.renewal_window(record.premises.kind, record.expires_on, division_code=record.division_code)
        return WINDOWS[window.state(ledger.clock.today())] if window else ("", "plain")


class CertificateFilter(AreaFilter):
    number = django_filters.CharFilter(label=gettext_lazy("编号（从头开始）"), method="by_number", max_length=60)
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("证件"),
        choices=[c for c in registry.Credential.Kind.choices if c[0] in rules.CREDENTIALS],
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=RENEWALS, method="by_state")

    class Meta:
        model = registry.Credential
        fields = ("number", "township", "kind", "state")

    def by_number(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(number__startswith=value.strip().upper())

    def by_state(self, rows: Any, _name: str, value: str) -> Any:
        return selectors.by_renewal(rows, value, ledger.clock.today())


class Certificates(ListScreen):
    ability = "small.lists"
    title = gettext_lazy("“三小”证卡")
    table_class = CertificateTable
    filter_class = CertificateFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_certificates(self.request.user)


class VisitTable(tables.Table):
    premises = tables.Column(
        accessor="premises__name", orderable=False, verbose_name=gettext_lazy("经营场所"),
        linkify=lambda record: reverse("small_operators:subject", args=[record.premises_id]),
    )  # fmt: skip
    township = TownshipColumn()
    issued_on = DayColumn(accessor="credential__issued_on", verbose_name=gettext_lazy("发证日期"))
    due_on = DayColumn()
    visited_on = DayColumn()
    actions = tables.Column(verbose_name="", empty_values=(), orderable=False)

    class Meta:
        model = FirstVisit
        fields = ("premises", "kind", "township", "issued_on", "due_on", "visited_on", "result", "actions")
        order_by = ()

    def render_due_on(self, value: Any, record: FirstVisit) -> Any:
        late = record.visited_on is None and value < ledger.clock.today()
        return badge(_("%(day)s 已超期") % {"day": value}, "bad") if late else value.isoformat()

    def value_due_on(self, value: Any) -> Any:
        return value

    def render_actions(self, record: FirstVisit) -> str:
        if not self.request.user.can("small.supervise", record.division_code):
            return ""
        name, label = ("visit_undo", _("撤销登记")) if record.visited_on else ("visit", _("登记检查"))
        return format_html(
            '<a class="btn btn-sm" href="{}">{}</a>', reverse(f"small_operators:{name}", args=[record.pk]), label
        )


class VisitFilter(AreaFilter):
    kind = django_filters.ChoiceFilter(label=gettext_lazy("类别"), choices=Kind.choices)
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("时限"), method="by_when",
        choices=[
            ("open", gettext_lazy("未检查")), ("late", gettext_lazy("未检查，已超期")),
            ("soon", gettext_lazy("未检查，两周内到期")), ("done", gettext_lazy("已检查")),
            ("done_late", gettext_lazy("已检查，超期完成")),
        ],
    )  # fmt: skip
    result = django_filters.ChoiceFilter(label=gettext_lazy("结果"), choices=FirstVisit.Result.choices)

    class Meta:
        model = FirstVisit
        fields = ("township", "kind", "when", "result")

    def by_when(self, rows: Any, _name: str, value: str) -> Any:
        day = ledger.clock.today()
        if value == "done":
            return rows.exclude(visited_on=None)
        if value == "done_late":
            return rows.filter(visited_on__gt=F("due_on"))
        waiting = rows.filter(visited_on=None)
        if value == "late":
            return waiting.filter(due_on__lt=day)
        if value == "soon":
            return waiting.filter(due_on__gte=day, due_on__lte=day + selectors.VISIT_SOON)
        return waiting


class Visits(ListScreen):
    ability = "small.lists"
    title = gettext_lazy("首次检查")
    table_class = VisitTable
    filter_class = VisitFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_first_visits(self.request.user).order_by("visited_on", "due_on", "pk")


@needs("small.supervise")
def visit(request: Request, pk: int) -> HttpResponse:
    row = access.get_first_visit(request.user, pk)
    form = own_forms.VisitForm(request.POST or None)
    back = reverse("small_operators:subject", args=[row.premises_id])
    done = None
    if request.method == "POST":
        done = saved(form, lambda: visits.record_first_visit(visit=row, by=request.user, **form.cleaned_data))
    if done is not None:
        messages.success(request, _("已登记。发现的问题已进入问题台账。") if row.matter_id else _("已登记。"))
        return redirect(back)
    return form_page(
        request, form, _("首次检查：%(name)s") % {"name": row.premises}, back, submit_label=_("登记"),
        intro=_("发证后两个月内到现场看一次，本次时限 %(day)s。") % {"day": row.due_on},
    )  # fmt: skip


@needs("small.supervise")
def visit_undo(request: Request, pk: int) -> HttpResponse:
    row = access.get_first_visit(request.user, pk)
    form = own_forms.ReasonForm(request.POST or None)
    back = reverse("small_operators:subject", args=[row.premises_id])
    done = None
    if request.method == "POST":
        done = saved(
            form, lambda: visits.undo_first_visit(visit=row, reason=form.cleaned_data["reason"], by=request.user)
        )
    if done is not None:
        messages.success(request, _("已撤销，重新列为待检查。"))
        return redirect(back)
    return form_page(
        request, form, _("撤销首次检查登记：%(name)s") % {"name": row.premises}, back, submit_label=_("撤销登记")
    )


@needs("small.view")
def subject(request: Request, pk: int) -> HttpResponse:
    """The whole life of one small operator, and what can be done next."""
    user = request.user
    premises = access.get_premises(user, pk)
    day, place = ledger.clock.today(), premises.division_code
    papers = selectors.list_certificates(user).filter(premises=premises).order_by("-issued_on", "-pk")
    context = {
        "title": premises.name,
        "premises": premises,
        "place": people.division_path(place),
        "papers": [_paper(user, paper, day) for paper in papers],
        "visits": selectors.list_first_visits(user).filter(premises=premises),
        "applications": selectors.list_applications(user).filter(_of(premises)).order_by("-pk")[:20],
        "placement": offers.zone_of(premises),
        "sites": selectors.list_sites(user).filter(premises=premises),
        "upgrades": selectors.list_upgrades(user).filter(premises=premises),
        "penalties": rules.penalties_for(premises.kind, day, division_code=place) if user.can("small.lists") else [],
        "may_supervise": user.can("small.supervise", place),
        "may_zones": user.can("small.zones", place),
        "may_list": user.can("small.lists"),
        "moments": _life(user, premises),
    }
    return render(request, "small_operators/subject.html", context)


def _of(premises: Any) -> Any:
    return Q(premises=premises) | Q(credential__premises=premises)


def _paper(user: Any, paper: Any, day: Any) -> dict[str, Any]:
    """A paper, how it stands, and what may be asked for it now."""
    status = registry.credential_status(paper, day)
    window = rules.renewal_window(paper.premises.kind, paper.expires_on, division_code=paper.division_code)
    may = paper.revoked_on is None and (
        bool(user.own_agencies("small.own")) or user.can("small.apply", paper.division_code)
    )
    state = window.state(day) if window else ""
    purposes = [Application.Purpose.CHANGE, Application.Purpose.CANCELLATION] if may else []
    if may and state in ("open", "late"):
        purposes.insert(0, Application.Purpose.RENEWAL)
    return {
        "row": paper,
        "status": STATUSES[status],
        "window": window,
        "window_state": WINDOWS[state] if state else None,
        "purposes": purposes if status == "valid" else [],
    }


def _life(user: Any, premises: Any) -> list[Any]:
    tellers = list(contribute.timelines)
    moments = chain.from_iterable(tell(user, premises._meta.label_lower, str(premises.pk)) for tell in tellers)
    return sorted(moments, key=lambda moment: moment.at, reverse=True)[:MOST_MOMENTS]


@needs("small.own")
def mine(request: Request) -> HttpResponse:
    """What a shop sees: its papers, what can be applied for, what waits."""
    user, day = request.user, ledger.clock.today()
    papers = selectors.list_certificates(user).order_by("-issued_on", "-pk")
    rows = selectors.list_applications(user).order_by("-pk")[:30]
    context = {
        "title": _("我的登记备案"),
        "papers": [_paper(user, paper, day) for paper in papers],
        "applications": [(row, row.state in applications.OPEN) for row in rows],
    }
    return render(request, "small_operators/mine.html", context)
