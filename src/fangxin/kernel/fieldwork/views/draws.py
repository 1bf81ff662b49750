"""The draw: prepared and sealed, drawn with a public number, published with the file that lets anybody draw again."""

from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fangxin.engines import sampling
from fangxin.kernel.fieldwork import access, selectors
from fangxin.kernel.fieldwork.forms.common import ReasonForm
from fangxin.kernel.fieldwork.forms.draws import GROUPS, QuotaForm, RunForm, ScopeForm, strata_of
from fangxin.kernel.fieldwork.models import Draw
from fangxin.kernel.fieldwork.services import draws
from fangxin.kernel.fieldwork.views.common import ONE_LINE, StateColumn, hand_over, names_of
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.export import to_xlsx, xlsx_response
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, blame, done_or_told, form_page, posted, saved
from fangxin.kernel.screens.permission import needs

State = Draw.State
KINDS = dict(registry.Premises.Kind.choices)
# What may stand before the group while there is nothing to say about the seed yet.
UNNAMED = "-"


class DrawTable(tables.Table):
    number = tables.Column(linkify=lambda record: reverse("fieldwork:draw", args=[record.pk]), attrs=ONE_LINE)
    title = tables.Column(orderable=False)
    year = tables.Column()
    agency = tables.Column(accessor="agency__short_name", verbose_name=gettext_lazy("组织单位"), orderable=False)
    state = StateColumn()
    committed_at = tables.DateTimeColumn(format="Y-m-d")
    drawn_at = tables.DateTimeColumn(format="Y-m-d", default="—")
    published_at = tables.DateTimeColumn(format="Y-m-d", default="—")

    class Meta:
        model = Draw
        fields = ("number", "title", "year", "agency", "state", "committed_at", "drawn_at", "published_at")
        order_by = ()


class DrawList(ListScreen):
    ability = "draw.run"
    title = gettext_lazy("双随机抽取")
    table_class = DrawTable
    intro = gettext_lazy("先封存方案和种子，等公开随机数公布后再抽。谁也不能先看结果再决定抽不抽，谁都可以重算核对。")
    empty_text = gettext_lazy("还没有抽取。")

    def rows(self) -> "QuerySet[Draw]":
        return selectors.list_draws(self.request.user).order_by("-pk")

    def more_context(self) -> dict[str, Any]:
        actions = [
            (_("准备抽取"), reverse("fieldwork:draw_new"), "plus"),
            (_("回避登记"), reverse("fieldwork:recusals"), "user-off"),
        ]
        may_plan = self.request.user.can("inspection.plan")
        return {"intro": self.intro, "actions": actions if may_plan else actions[:1]}


@require_http_methods(["GET", "POST"])
@needs("draw.run")
def new(request: Request) -> HttpResponse:
    """First from whom, then how many of each group; the chances are shown before anything is sealed."""
    given = request.POST if request.method == "POST" else request.GET
    scope = ScopeForm(given if "division_code" in given else None, user=request.user)
    context: dict[str, Any] = {"title": _("准备双随机抽取"), "scope": scope}
    if not scope.is_bound or not scope.is_valid():
        return render(request, "fieldwork/draw_new.html", context)
    by = sampling.StratumKey(scope.cleaned_data["by"])
    plan = _plan(scope, (), title=UNNAMED, public_source=UNNAMED)
    strata = strata_of(plan.targets, by, _names(scope, by))
    form = QuotaForm(posted(request)[0], strata=strata)
    context |= {"form": form, "strata": strata, "inspectors": len(plan.inspectors), "group": GROUPS[by]}
    if request.method == "POST" and form.is_valid():
        try:
            wanted = _plan(scope, (form.quota(by),), **form.planned())
            if request.POST.get("step") == "commit":
                return _commit(request, scope, wanted)
            context["chances"] = _chances(wanted, _names(scope, by))
        except ValidationError as error:
            blame(form, error)
    return render(request, "fieldwork/draw_new.html", context)


def _plan(scope: ScopeForm, quotas: tuple[sampling.Quota, ...], **planned: Any) -> sampling.DrawPlan:
    given = scope.cleaned_data
    return draws.plan_of_register(
        year=given["year"], division_code=given["division_code"], kinds=given["kinds"], quotas=quotas, **planned
    )


def _names(scope: ScopeForm, by: sampling.StratumKey) -> dict[str, str]:
    """What the keys of the groups are called."""
    if by is sampling.StratumKey.TOWNSHIP:
        return dict(people.townships(scope.cleaned_data["division_code"][:6]))
    if by is sampling.StratumKey.KIND:
        return {key: str(label) for key, label in KINDS.items()}
    if by is sampling.StratumKey.GRADE:
        return {letter: _("%(grade)s级") % {"grade": letter} for letter in "ABCD"} | {draws.NOT_GRADED: _("未评级")}
    return {"all": _("全部")}


def _commit(request: Request, scope: ScopeForm, plan: sampling.DrawPlan) -> HttpResponse:
    made = draws.commit_draw(
        title=plan.title, year=scope.cleaned_data["year"], agency=_agency(request.user),
        division_code=scope.cleaned_data["division_code"], plan=plan, by=request.user,
    )  # fmt: skip
    messages.success(request, _("方案和种子已封存。公开随机数公布以后，在本页抽取。"))
    return redirect("fieldwork:draw", pk=made.pk)


def _agency(user: Any) -> Any:
    """The agency for which the person runs draws."""
    wanted = user.own_agencies("draw.run")
    return next(post.agency for post in user.posts_today if post.agency_id in wanted)


def _chances(plan: sampling.DrawPlan, names: dict[str, str]) -> list[dict[str, Any]]:
    """Each group with the smallest and the largest chance in it; refused plans are told as the service tells them."""
    draws.check_plan(plan)
    found = sampling.inclusion(plan)
    by = plan.quotas[0].by
    probabilities = found.probabilities
    spans: dict[str, list[Any]] = {}
    for target in plan.targets:
        spans.setdefault(target.stratum(by), []).append(probabilities[target.id])
    return [
        {
            "name": names.get(s.key, s.key), "listed": s.listed, "drawn": s.quota,
            "least": percent(min(spans[s.key])), "most": percent(max(spans[s.key])),
        }
        for s in found.strata
    ]  # fmt: skip


def percent(chance: Any) -> str:
    """A chance for a screen; the exact fraction stands in the file."""
    return f"{float(chance) * 100:.1f}%"


@require_safe
@needs("draw.run")
def draw(request: Request, pk: int) -> HttpResponse:
    found = access.get_draw(request.user, pk)
    may = request.user.can("draw.run", found.division_code)
    plan = draws.plan_of_draw(found)
    result = _result(found)
    context = {
        "title": f"{found.number} {found.title}",
        "draw": found,
        "names": names_of(found.committed_by, found.drawn_by, found.published_by),
        "place": people.division_path(found.division_code),
        "targets": len(plan.targets),
        "inspectors": len(plan.inspectors),
        "quotas": [(_key_name(q.by, key), count) for q in plan.quotas for key, count in (q.counts or {}).items()],
        "exploration": plan.exploration * 100,
        "team_size": plan.team_size,
        "last_visit": plan.last_visit.value,
        "drawn": drawn_lines(found, result),
        "unserved": unserved_lines(plan, result),
        "form": RunForm() if may and found.state == State.COMMITTED else None,
        "may_publish": may and found.state == State.DRAWN,
        "may_withdraw": may and found.state != State.WITHDRAWN,
        "visits_url": reverse("fieldwork:visits") + f"?state=all&draw={found.pk}",
    }
    return render(request, "fieldwork/draw.html", context)


def _key_name(by: sampling.StratumKey, key: str) -> str:
    if by is sampling.StratumKey.TOWNSHIP:
        return people.division_name(key)
    if by is sampling.StratumKey.KIND:
        return str(KINDS.get(key, key))
    if by is sampling.StratumKey.GRADE:
        return _("未评级") if key == draws.NOT_GRADED else _("%(grade)s级") % {"grade": key}
    return _("全部")


def _result(found: Draw) -> dict[str, Any]:
    """The result file as it was kept; empty before the draw."""
    if found.result is None:
        return {}
    try:
        values: dict[str, Any] = sampling.parse_json(ledger.read_evidence(found.result))
    except (OSError, ValueError):
        return {}
    return values


def drawn_lines(found: Draw, result: dict[str, Any]) -> list[dict[str, Any]]:
    """The drawn in the order drawn: place, people, and the chance it had."""
    chances = {one["id"]: one for one in result.get("targets", []) if one["drawn"]}
    visits = found.visits.select_related("premises").prefetch_related("officers")
    lines = []
    for visit in visits:
        one = chances.get(visit.premises.number)
        if one is not None:
            lines.append({"order": one["order"], "visit": visit, "chance": percent(one["probability_decimal"])})
    return sorted(lines, key=lambda line: line["order"])


def unserved_lines(plan: sampling.DrawPlan, result: dict[str, Any]) -> list[tuple[str, str]]:
    """The drawn for whom no team could be found, and why."""
    words = {
        sampling.Reason.TOO_FEW_ALLOWED.value: _("可以去的检查人员不够（回避或者上次去过）"),
        sampling.Reason.NO_VISITS_LEFT.value: _("检查人员的次数都已排满"),
    }
    names = {target.id: target.name for target in plan.targets}
    return [(names.get(one["target"], one["target"]), words[one["reason"]]) for one in result.get("unserved", [])]


def _to_change(request: Request, pk: int) -> Draw:
    found = access.get_draw(request.user, pk)
    if not request.user.can("draw.run", found.division_code):
        raise PermissionDenied(_("您的岗位不能办理这个范围的抽取。"))
    return found


@require_http_methods(["GET", "POST"])
@needs("draw.run")
def run(request: Request, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    form = RunForm(posted(request)[0])
    back = reverse("fieldwork:draw", args=[pk])
    if request.method == "POST" and saved(
        form, lambda: draws.run_draw(draw=found, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("已抽取，抽中的检查已列入待办。请核对后公开。"))
        return redirect(back)
    intro = _("封存时写的出处：%(source)s") % {"source": found.public_value_source}
    return form_page(
        request, form, _("抽取：%(title)s") % {"title": found.title}, back, submit_label=_("抽取"), intro=intro
    )


@require_POST
@needs("draw.run")
def publish(request: Request, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    done_or_told(
        request, _("抽取结果已公开，任何人可以下载核对。"), lambda: draws.publish_draw(draw=found, by=request.user)
    )
    return redirect("fieldwork:draw", pk=pk)


@require_http_methods(["GET", "POST"])
@needs("draw.run")
def withdraw(request: Request, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    form = ReasonForm(posted(request)[0], label=_("作废的原因"))
    back = reverse("fieldwork:draw", args=[pk])
    if request.method == "POST" and saved(
        form, lambda: draws.withdraw_draw(draw=found, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("已作废，还没有开始的检查一并取消。"))
        return redirect(back)
    intro = _("作废的抽取会留着备查，不会消失。")
    return form_page(
        request, form, _("作废：%(title)s") % {"title": found.title}, back, submit_label=_("作废"), intro=intro
    )


@require_safe
@needs("draw.run")
def chances(request: Request, pk: int) -> HttpResponse:
    """Every place on the list with its chance of being drawn, as a sheet."""
    found = access.get_draw(request.user, pk)
    plan = draws.plan_of_draw(found)
    probabilities = sampling.inclusion(plan).probabilities
    rows = [
        (t.id, t.name, str(KINDS.get(t.kind, t.kind)), t.grade, float(probabilities[t.id]), str(probabilities[t.id]))
        for t in plan.targets
    ]
    headers = [_("底册编号"), _("名称"), _("类别"), _("等级"), _("被抽中的机会"), _("精确分数")]
    name = _("%(number)s 各对象的机会") % {"number": found.number}
    ledger.record("screens.exported", of=None, by=request.user, data={"list": name})
    return xlsx_response(name, to_xlsx(headers, rows, title=found.number))


@require_safe
@needs("draw.run")
def file(request: Request, pk: int) -> HttpResponse:
    """The verification file."""
    found = access.get_draw(request.user, pk)
    if found.result is None:
        raise Http404
    return hand_over(found.result, f"{found.number}.json", download=True)
