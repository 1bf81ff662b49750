"""Demonstration sites and pace-setters."""

from collections.abc import Mapping
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.small_operators import access, rules, selectors
from fangxin.actions.small_operators import forms as own_forms
from fangxin.actions.small_operators.models import Site
from fangxin.actions.small_operators.services import sites
from fangxin.actions.small_operators.views.common import AreaFilter
from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

TONES = {"nominated": "info", "visited": "info", "listed": "good", "refused": "plain", "removed": "bad"}


def _score(site: Site, by: Any, values: Mapping[str, Any]) -> Any:
    scores = {name.removeprefix("score_"): value for name, value in values.items() if name.startswith("score_")}
    return sites.score(
        site=site,
        visited_on=values["visited_on"],
        scores=scores,
        with_whom=values["with_whom"],
        note=values["note"],
        by=by,
    )


def _score_form(request: Any, _site: Site, _user: Any) -> Any:
    return own_forms.ScoreForm(request.POST or None, criteria=rules.site_rules(ledger.clock.today()).criteria)


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("score", gettext_lazy("现场评分"), "clipboard-check", _score, _score_form,
            intro=gettext_lazy("逐项打分，关键项须满分。")),
        Act("decide", gettext_lazy("决定是否列入"), "gavel",
            lambda s, by, v: sites.decide(site=s, by=by, **v), lambda r, _s, _u: own_forms.DecideSiteForm(r.POST or None)),
        Act("remove", gettext_lazy("移出名单"), "circle-minus",
            lambda s, by, v: sites.remove(site=s, why=v["reason"], by=by),
            lambda r, _s, _u: own_forms.ReasonForm(r.POST or None)),
    )
}  # fmt: skip


def allowed(user: Any, site: Site) -> list[str]:
    found = []
    if site.state in ("nominated", "visited"):
        found += ["score"] if user.can("small.supervise", site.division_code) else []
        found += ["decide"] if user.can("small.list_sites", site.division_code) else []
    if site.state == "listed" and user.can("small.list_sites", site.division_code):
        found.append("remove")
    return found


class SiteTable(tables.Table):
    premises = tables.Column(
        accessor="premises__name", verbose_name=gettext_lazy("经营场所"), orderable=False,
        linkify=lambda record: record.get_absolute_url(),
    )  # fmt: skip
    township = TownshipColumn()
    listed_on = DayColumn()
    listed_until = DayColumn()

    class Meta:
        model = Site
        fields = ("premises", "level", "township", "state", "listed_on", "listed_until")
        order_by = ()

    def render_state(self, value: str, record: Site) -> str:
        if record.state == "listed" and record.listed_until and record.listed_until < ledger.clock.today():
            return badge(_("名单已到期，应复评"), "warn")
        return badge(value, TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


class SiteFilter(AreaFilter):
    level = django_filters.ChoiceFilter(label=gettext_lazy("等次"), choices=Site.Level.choices)
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=Site.State.choices)

    class Meta:
        model = Site
        fields = ("township", "level", "state")


class Sites(ListScreen):
    ability = "small.lists"
    title = gettext_lazy("示范点、标杆点")
    table_class = SiteTable
    filter_class = SiteFilter
    empty_text = gettext_lazy("还没有推荐。请从经营者页面推荐。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_sites(self.request.user)


@needs("small.supervise")
def nominate(request: Request, pk: int) -> HttpResponse:
    premises = access.get_premises(request.user, pk, "small.supervise")
    form = own_forms.NominateForm(request.POST or None)
    made = None
    if request.method == "POST":
        made = saved(form, lambda: sites.nominate(premises=premises, by=request.user, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("已推荐，请安排两人现场评分。"))
        return redirect(made)
    back = reverse("small_operators:subject", args=[pk])
    return form_page(request, form, _("推荐：%(name)s") % {"name": premises.name}, back, submit_label=_("推荐"))


@needs("small.view")
def page(request: Request, pk: int) -> HttpResponse:
    site = access.get_site(request.user, pk)
    day = ledger.clock.today()
    criteria = rules.site_rules(day)
    level = criteria.levels[site.level]
    passed, asked = sites.standing(site, level)
    entries = ledger.entries_of(site._meta.label_lower, str(site.pk))[:50]
    context = {
        "title": site.premises.name,
        "site": site,
        "tone": TONES[site.state],
        "level": level,
        "criteria": criteria,
        "passed": passed,
        "asked": asked,
        "place": people.division_path(site.division_code),
        "visits": [
            (visit, [(c, visit.scores.get(c.code)) for c in rules.site_rules(visit.visited_on).criteria])
            for visit in site.visits.order_by("-visited_on", "-pk")
        ],
        "acts": [ACTS[name] for name in allowed(request.user, site)],
        "steps": [(e.at, contribute.events.get(e.event).label, e.actor_name) for e in entries],
    }
    return render(request, "small_operators/site.html", context)


@needs("small.supervise")
def act(request: Request, pk: int, name: str) -> HttpResponse:
    site = access.get_site(request.user, pk, "small.supervise")
    if name not in ACTS:
        raise Http404
    try:
        return act_on(request, site, ACTS, allowed(request.user, site), name)
    except ValidationError as error:  # no criteria are in force today
        messages.error(request, " ".join(error.messages))
        return redirect(site)
