"""Evaluation units, the way of their class, and what a year changed."""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.actions.origin import access, balance, rules, selectors, trending
from fangxin.actions.origin import forms as own_forms
from fangxin.actions.origin.models import ClassDecision, LandUnit, SoilClass, SoilSample, SoilZone
from fangxin.actions.origin.services import classes
from fangxin.actions.origin.views.common import AreaFilter
from fangxin.actions.origin.views.points import ZONE_TONES, trend_lines
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.ledger.api import Refused
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.finding import one_of
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

CLASS_TONES = {"priority": "good", "safe_use": "warn", "strict": "bad", "": "plain"}
STATE_TONES = {
    "proposed": "info", "consulted": "info", "confirmed": "info", "submitted": "warn", "in_force": "good",
    "replaced": "plain", "returned": "plain",
}  # fmt: skip
FIRST_YEAR = 2000


def _simple(form: Any) -> Any:
    return lambda request, _row, _user: form(*posted(request))


def _confirm_form(request: Any, row: ClassDecision, _user: Any) -> Any:
    return own_forms.ConfirmForm(posted(request)[0], initial={"decided": row.proposed})


def _in_force(row: ClassDecision, by: Any, values: Mapping[str, Any]) -> Any:
    given = values["file"]
    kept = ledger.store_evidence(name=given.name, content=given.read(), by=by) if given else None
    return classes.put_in_force(
        decision=row, approval_number=values["approval_number"], effective_on=values["effective_on"],
        approval_file=kept, by=by,
    )  # fmt: skip


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("consult", gettext_lazy("登记会商"), "users",
            lambda d, by, v: classes.consult(decision=d, by=by, **v), _simple(own_forms.ConsultForm),
            intro=gettext_lazy("农业农村、生态环境、自然资源等部门一起看依据，把意见记在这里。")),
        Act("confirm", gettext_lazy("确认类别"), "user-check",
            lambda d, by, v: classes.confirm(decision=d, by=by, **v), _confirm_form,
            done=gettext_lazy("已确认，您的姓名记录在案。"),
            intro=gettext_lazy("确认人对类别负责，姓名记录在案；不能是提出初判的人。")),
        Act("submit", gettext_lazy("登记报批"), "send",
            lambda d, by, v: classes.submit(decision=d, by=by, **v), _simple(own_forms.SubmitForm)),
        Act("in_force", gettext_lazy("登记批准生效"), "stamp", _in_force, _simple(own_forms.InForceForm),
            done=gettext_lazy("已生效。原来的类别和面积仍可查看。")),
        Act("send_back", gettext_lazy("退回重划"), "arrow-back-up",
            lambda d, by, v: classes.send_back(decision=d, by=by, **v), _simple(own_forms.WhyForm)),
    )
}  # fmt: skip
_STEPS = {"proposed": ["consult"], "consulted": ["confirm"], "confirmed": ["submit"], "submitted": ["in_force"]}


class UnitTable(tables.Table):
    number = tables.Column(linkify=True)
    township = TownshipColumn()
    soil_class = tables.Column(verbose_name=gettext_lazy("耕地类别"), empty_values=(), orderable=False)
    class_since = DayColumn()

    class Meta:
        model = LandUnit
        fields = ("number", "name", "township", "soil_class", "class_since")
        order_by = ()

    def render_soil_class(self, record: LandUnit) -> str:
        return badge(self.value_soil_class(record), CLASS_TONES[record.soil_class])

    def value_soil_class(self, record: LandUnit) -> str:
        return record.get_soil_class_display() if record.soil_class else _("还没有划定")


class UnitFilter(AreaFilter):
    text = django_filters.CharFilter(
        label=gettext_lazy("名称"), field_name="name", lookup_expr="icontains", max_length=80
    )
    soil_class = django_filters.ChoiceFilter(label=gettext_lazy("耕地类别"), choices=SoilClass.choices)

    class Meta:
        model = LandUnit
        fields = ["text", "township", "soil_class"]


class Units(ListScreen):
    ability = "origin.view"
    title = gettext_lazy("评价单元")
    table_class = UnitTable
    filter_class = UnitFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_units(self.request.user)

    def more_context(self) -> dict[str, Any]:
        actions = [
            (_("类别划定"), reverse("origin:decisions"), "list-check"),
            (_("年度变化"), reverse("origin:balance"), "arrows-diff"),
        ]
        if self.request.user.can("origin.edit"):
            actions.insert(0, (_("新建单元"), reverse("origin:unit_new"), "plus"))
        return {"actions": actions}


class DecisionTable(tables.Table):
    number = tables.Column(linkify=True)
    unit = tables.Column(accessor="unit__name", verbose_name=gettext_lazy("评价单元"), orderable=False)
    township = TownshipColumn()
    proposed = tables.Column(default="—", orderable=False)
    decided = tables.Column(default="—", orderable=False)
    effective_on = DayColumn()

    class Meta:
        model = ClassDecision
        fields = ("number", "unit", "township", "year", "state", "proposed", "decided", "area_after", "effective_on")
        order_by = ()

    def render_state(self, record: ClassDecision) -> str:
        return badge(record.get_state_display(), STATE_TONES[record.state])


class DecisionFilter(AreaFilter):
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=ClassDecision.State.choices)
    year = django_filters.NumberFilter(label=gettext_lazy("年度"), min_value=FIRST_YEAR, max_value=2100)

    class Meta:
        model = ClassDecision
        fields = ["township", "state", "year"]


class Decisions(ListScreen):
    ability = "origin.view"
    title = gettext_lazy("类别划定")
    table_class = DecisionTable
    filter_class = DecisionFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_decisions(self.request.user)


@needs("origin.view")
def unit_page(request: Request, pk: int) -> HttpResponse:
    unit = access.get_unit(request.user, pk)
    today = ledger.clock.today()
    members = list(selectors.members_on(unit, today))
    samples = SoilSample.objects.filter(point__parcel__in=[m.parcel_id for m in members], replaced_by=None)
    found = trending.trend_of(samples)
    may = request.user.can("origin.edit", unit.division_code)
    decisions = list(unit.decisions.order_by("-year", "-number"))
    context = {
        "title": unit.name,
        "unit": unit,
        "tone": CLASS_TONES[unit.soil_class],
        "place": people.division_path(unit.division_code),
        "members": members,
        "area": classes.area_of(unit, today),
        "decisions": [(d, STATE_TONES[d.state]) for d in decisions],
        "trend": found,
        "trend_word": trending.said(found.direction),
        "trend_lines": trend_lines(found),
        "may_edit": may,
        "may_propose": may and not any(d.state in selectors.OPEN for d in decisions),
    }
    return render(request, "origin/unit.html", context)


@needs("origin.edit")
def unit_new(request: Request) -> HttpResponse:
    form = own_forms.UnitForm(request.POST or None, user=request.user)
    made = None
    if request.method == "POST":
        made = saved(form, lambda: classes.add_unit(by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("已建立。现在可以提出类别建议。"))
        return redirect(made)
    return form_page(request, form, _("新建评价单元"), reverse("origin:units"))


@needs("origin.edit")
def unit_join(request: Request, pk: int) -> HttpResponse:
    unit = access.get_unit(request.user, pk, "origin.edit")
    form = own_forms.JoinForm(request.POST or None, user=request.user)
    if request.method == "POST":
        done = saved(form, lambda: classes.join(unit=unit, parcels=form.cleaned_data["parcels"], by=request.user))
        if done is not None:
            messages.success(request, _("已划入 %(n)s 个地块。") % {"n": len(done)})
            return redirect(unit)
    return form_page(request, form, _("划入地块：%(name)s") % {"name": unit.name}, unit.get_absolute_url())


@needs("origin.edit")
@require_POST
def unit_leave(request: Request, pk: int, member_pk: int) -> HttpResponse:
    unit = access.get_unit(request.user, pk, "origin.edit")
    member = one_of(unit.members.filter(until=None).select_related("parcel", "unit"), member_pk)
    classes.leave(member=member, by=request.user)
    messages.success(request, _("已移出：%(parcel)s。如有误，可以再划入。") % {"parcel": member.parcel})
    return redirect(unit)


@needs("origin.edit")
@require_POST
def propose(request: Request, pk: int) -> HttpResponse:
    unit = access.get_unit(request.user, pk, "origin.edit")
    try:
        decision = classes.propose(unit=unit, by=request.user)
    except Refused as error:
        messages.error(request, " ".join(error.messages))
        return redirect(unit)
    messages.success(request, _("已按现有数据提出建议，请看依据，再登记会商。"))
    return redirect(decision)


@needs("origin.view")
def decision_page(request: Request, pk: int) -> HttpResponse:
    decision = access.get_decision(request.user, pk)
    evidence = decision.evidence
    context = {
        "title": _("类别划定 %(number)s") % {"number": decision.number},
        "decision": decision,
        "tone": STATE_TONES[decision.state],
        "proposed_tone": CLASS_TONES[decision.proposed],
        "place": people.division_path(decision.division_code),
        "reasons": [rules.class_reason(token) for token in decision.reasons],
        "soil_class": SoilClass(evidence["soil_class"]).label if evidence["soil_class"] else "",
        "metals": [_metal(metal) for metal in evidence["metals"]],
        "acts": [ACTS[name] for name in allowed(request.user, decision)],
    }
    return render(request, "origin/decision.html", context)


def _metal(metal: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": rules.ELEMENTS[metal["metal"]],
        "zone": SoilZone(metal["zone"]).label,
        "tone": ZONE_TONES[metal["zone"]],
        "share": f"{float(metal['share']):.0%}" if metal["share"] else "—",
        **{key: metal[key] for key in ("judged", "mixed", "apart", "patches")},
    }


def allowed(user: Any, decision: ClassDecision) -> list[str]:
    """The steps that this person can take now. The confirmation is somebody else's than the proposal."""
    if not user.can("origin.decide", decision.division_code) or decision.state not in selectors.OPEN:
        return []
    steps = [s for s in _STEPS[decision.state] if s != "confirm" or decision.made_by != user.username]
    return [*steps, "send_back"]


@needs("origin.decide")
def decision_act(request: Request, pk: int, name: str) -> HttpResponse:
    decision = access.get_decision(request.user, pk, "origin.decide")
    if name not in ACTS:
        raise Http404
    return act_on(request, decision, ACTS, allowed(request.user, decision), name)


@needs("origin.view")
def year_balance(request: Request) -> HttpResponse:
    """Classes and areas before and after a year's adjustment."""
    today = ledger.clock.today()
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and FIRST_YEAR < int(text[:6]) <= today.year else today.year
    context = {
        "title": _("耕地类别年度变化"),
        "year": year,
        "before": year - 1,
        "years": range(today.year, today.year - 5, -1),
        "found": balance.of_year(selectors.list_units(request.user), year, today),
    }
    return render(request, "origin/balance.html", context)
