"""Upgrading of markets: the list, one project with its milestones."""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2 as tables
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.produce_markets import access, selectors
from fangxin.actions.produce_markets import forms as own_forms
from fangxin.actions.produce_markets.models import Project
from fangxin.actions.produce_markets.services import projects
from fangxin.actions.produce_markets.views.common import AreaFilter, one_form
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on, plain
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

TONES = {"running": "info", "submitted": "warn", "accepted": "good", "stopped": "plain"}


class ProjectTable(tables.Table):
    title = tables.Column(linkify=True)
    market = tables.Column(accessor="market__premises__name", verbose_name=gettext_lazy("市场"))
    township = TownshipColumn()
    starts_on = DayColumn()
    due_on = DayColumn()

    class Meta:
        model = Project
        fields = ("title", "market", "township", "kind", "starts_on", "due_on", "budget", "state")
        order_by = ()

    def render_state(self, record: Project) -> Any:
        return badge(record.get_state_display(), TONES[record.state])

    def value_state(self, record: Project) -> Any:
        return record.get_state_display()


class ProjectFilter(AreaFilter):
    kind = django_filters.ChoiceFilter(label=gettext_lazy("方式"), choices=Project.Kind.choices)
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=Project.State.choices)
    when = django_filters.ChoiceFilter(
        label=gettext_lazy("情况"), method="by_when", choices=[("stalled", gettext_lazy("停滞"))]
    )

    class Meta:
        model = Project
        fields = ("kind", "state", "when", "township")

    def by_when(self, rows: "QuerySet[Any]", _name: str, _value: str) -> "QuerySet[Any]":
        return selectors.stalled(rows, ledger.clock.today())


class Projects(ListScreen):
    ability = "market.view"
    title = gettext_lazy("市场升级改造")
    table_class = ProjectTable
    filter_class = ProjectFilter

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_projects(self.request.user).order_by("-starts_on", "-pk")


@needs("market.projects")
def project_new(request: Request, pk: int) -> HttpResponse:
    market = access.get_market(request.user, pk)
    _must_plan(request.user, market)
    form = own_forms.ProjectForm(posted(request)[0])
    if request.method == "POST":
        made = saved(form, lambda: projects.begin(market=market, by=request.user, **form.cleaned_data))
        if made is not None:
            return redirect(made)
    return form_page(request, form, _("升级改造立项：%(name)s") % {"name": market}, market.get_absolute_url())


def _must_plan(user: Any, row: Any) -> None:
    if not user.can("market.projects", row.division_code):
        raise PermissionDenied(_("升级改造由主管部门和乡镇登记，您的岗位只能查看。"))


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("submit", gettext_lazy("提请验收"), "send", lambda p, by, _v: projects.submit(project=p, by=by)),
        Act("accept", gettext_lazy("验收"), "gavel",
            lambda p, by, v: projects.accept(project=p, by=by, **v), plain(own_forms.AcceptForm)),
        Act("stop", gettext_lazy("终止项目"), "circle-minus",
            lambda p, by, v: projects.stop(project=p, by=by, **v), plain(own_forms.WhyForm)),
    )
}  # fmt: skip


def allowed(user: Any, project: Project) -> list[str]:
    if not user.can("market.projects", project.division_code):
        return []
    if project.state == Project.State.RUNNING:
        return ["submit", "stop"]
    if project.state == Project.State.SUBMITTED:
        return ["stop"] if project.submitted_by == user.username else ["accept", "stop"]
    return []


@needs("market.view")
def project_page(request: Request, pk: int) -> HttpResponse:
    project = access.get_project(request.user, pk)
    today = ledger.clock.today()
    milestones = list(project.milestones.select_related("file").order_by("due_on", "pk"))
    context = {
        "title": project.title,
        "project": project,
        "tone": TONES[project.state],
        "milestones": [(m, m.reached_on is None and m.due_on < today) for m in milestones],
        "reached": sum(m.reached_on is not None for m in milestones),
        "acts": [ACTS[name] for name in allowed(request.user, project)],
        "may_reach": project.state == Project.State.RUNNING
        and request.user.can("market.projects", project.division_code),
    }
    return render(request, "produce_markets/project.html", context)


@needs("market.view")
def project_act(request: Request, pk: int, name: str) -> HttpResponse:
    project = access.get_project(request.user, pk)
    return act_on(request, project, ACTS, allowed(request.user, project), name)


@needs("market.projects")
def reach(request: Request, pk: int) -> HttpResponse:
    milestone = access.get_milestone(request.user, pk)
    _must_plan(request.user, milestone.project)
    form = own_forms.ReachForm(*posted(request))
    return one_form(
        request, form, lambda: projects.reach(milestone=milestone, by=request.user, **form.cleaned_data),
        title=_("完成节点：%(name)s") % {"name": milestone}, back=milestone.project.get_absolute_url(),
    )  # fmt: skip
