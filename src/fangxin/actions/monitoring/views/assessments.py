"""Exposure assessments and the order of hazards."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.actions.monitoring import access, describing, ranking, rules, selectors
from fangxin.actions.monitoring import forms as own_forms
from fangxin.actions.monitoring.models import Assessment
from fangxin.actions.monitoring.services import assessing
from fangxin.actions.monitoring.views.common import HazardFilter, Listing
from fangxin.engines.exposure import Mode
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.export import to_xlsx, xlsx_response
from fangxin.kernel.screens.pages import Request, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge


def concern_words(concern: bool | None) -> tuple[str, str]:
    if concern is None:
        return _("不能定论"), "warn"
    return (_("需要关注"), "bad") if concern else (_("低于关注水平"), "good")


class AssessmentTable(tables.Table):
    number = tables.Column(linkify=True, attrs={"td": {"class": "text-nowrap"}})
    burden = tables.Column(
        verbose_name=gettext_lazy("占参考值（上限）"), default="—", attrs={"td": {"class": "number"}}
    )
    concern = tables.Column(empty_values=(), orderable=False)

    class Meta:
        model = Assessment
        fields = ("number", "hazard", "people", "since", "until", "mode", "burden", "concern", "assessed_at")
        order_by = ()

    def render_hazard(self, value: str) -> str:
        return rules.hazard_name(value)

    def render_people(self, value: str) -> str:
        return rules.people_name(value)

    def render_burden(self, value: float) -> str:
        return describing.percent(value)

    def render_concern(self, record: Assessment) -> str:
        return badge(*concern_words(record.concern))

    def value_concern(self, record: Assessment) -> str:
        return concern_words(record.concern)[0]


class AssessmentFilter(HazardFilter):
    people = django_filters.ChoiceFilter(label=gettext_lazy("人群"))
    food_group = None

    class Meta:
        model = Assessment
        fields = ("hazard", "people")


class Assessments(Listing):
    ability = "risk.view"
    title = gettext_lazy("膳食暴露评估")
    table_class = AssessmentTable
    filter_class = AssessmentFilter
    empty_text = gettext_lazy("还没有做过暴露评估。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_assessments(self.request.user).defer("inputs", "results")

    def more_context(self) -> dict[str, Any]:
        may = self.request.user.can("risk.assess")
        return {
            "actions": [(_("新评估"), reverse("monitoring:assess"), "plus")] if may else [],
            "intro": describing.NOT_A_VERDICT,
        }


@needs("risk.assess")
def choose_hazard(request: Request) -> HttpResponse:
    """The first step: of what. Hazards with results come first."""
    rows = selectors.list_measurements(request.user, "risk.assess").exclude(hazard="").order_by()
    known = rules.hazards()
    counted = {code: 0 for code in known if rules.points_for(code) or known[code].speciation}
    for code in rows.values_list("hazard", flat=True)[:50_000]:
        if code in counted:
            counted[code] += 1
    listed = [(known[code], count) for code, count in counted.items() if count]
    others = [known[code] for code, count in counted.items() if not count]
    context = {
        "title": _("选择危害物"),
        "listed": sorted(listed, key=lambda pair: (-pair[1], pair[0].name)),
        "others": sorted(others, key=lambda hazard: hazard.name),
    }
    return render(request, "monitoring/choose_hazard.html", context)


@needs("risk.assess")
def assess(request: Request, hazard: str) -> HttpResponse:
    known = rules.hazards().get(hazard)
    if known is None:
        return redirect("monitoring:assess")
    form = own_forms.AssessForm(posted(request)[0], user=request.user, ability="risk.assess", hazard=hazard)
    made = None
    if request.method == "POST":
        made = saved(form, lambda: assessing.assess(question=_question(form.cleaned_data, hazard), by=request.user))
    if made is not None:
        messages.success(request, _("评估完成，结果已固定保存。"))
        return redirect(made)
    title = _("评估：%(name)s") % {"name": known.name}
    context = {"form": form, "title": title, "back_url": reverse("monitoring:assess"), "submit_label": _("开始评估"),
               "intro": known.speciation or describing.NOT_A_VERDICT}  # fmt: skip
    return render(request, "screens/form.html", context)


def _question(values: dict[str, Any], hazard: str) -> assessing.Question:
    return assessing.Question(
        division_code=values["division_code"],
        hazard=hazard,
        people=values["people"],
        since=values["since"],
        until=values["until"],
        mode=Mode(values["mode"]),
        reference_point=values["reference_point"],
        loq_at_most=values["loq_at_most"],
    )


@needs("risk.view")
def assessment(request: Request, pk: int) -> HttpResponse:
    row = access.get_assessment(request.user, pk)
    found = row.results
    bounds = [
        (describing.BOUNDS[name], describing.figure(part["exposure"]), describing.meaning(part))
        for name, part in found["bounds"].items()
    ]
    context = {
        "title": _("暴露评估 %(number)s：%(hazard)s") % {"number": row.number, "hazard": rules.hazard_name(row.hazard)},
        "row": row,
        "found": found,
        "bounds": bounds,
        "point": rules.point(row.reference_point),
        "who": rules.people_name(row.people),
        "place": people.division_path(row.division_code),
        "concern": concern_words(row.concern),
        "statement": describing.statement(row),
        "caveats": describing.caveats(row),
        "not_a_verdict": describing.NOT_A_VERDICT,
        "censored": describing.percent(found["censored_share"]),
        "foods": [_food(f) for f in found["foods"]],
        "simulated": [_simulated(name, part) for name, part in found["simulated"].items()],
        "acute": [
            {**a, "name": rules.food_name(a["food"]), "intake": describing.figure(a["intake"]), "share": describing.percent(a["share"])}
            for a in found["acute"]
        ],
        "chart": {
            "names": [rules.food_name(f["food"]) for f in found["foods"]],
            "lower": [round(100 * (f["share"]["lower"] or 0), 1) for f in found["foods"]],
            "upper": [round(100 * (f["share"]["upper"] or 0), 1) for f in found["foods"]],
            "words": {"lower": _("按下限"), "upper": _("按上限")},
        },
    }  # fmt: skip
    return render(request, "monitoring/assessment.html", context)


def _food(f: dict[str, Any]) -> dict[str, Any]:
    figure, percent = describing.figure, describing.percent
    estimates = f["estimates"]
    return {
        "name": rules.food_name(f["food"]), "count": f["count"], "censored": percent(f["censored_share"]),
        "grams": figure(f["grams"]), "means": [figure(f["mean"][b], 3) for b in ("lower", "middle", "upper")],
        "likelihood": _estimate(estimates.get("likelihood")), "kaplan_meier": _estimate(estimates.get("kaplan_meier")),
        "highest": figure(f["highest"]), "share_lower": percent(f["share"]["lower"]),
        "share_upper": percent(f["share"]["upper"]),
    }  # fmt: skip


def _estimate(part: dict[str, float] | None) -> str:
    if part is None:
        return _("定量结果太少")
    return f"{describing.figure(part['mean'])}（{describing.figure(part['low'])}—{describing.figure(part['high'])}）"


def _simulated(name: str, part: dict[str, Any]) -> dict[str, Any]:
    figure = describing.figure
    spans = {round(100 * p[0], 1): f"{figure(p[1])}（{figure(p[2])}—{figure(p[3])}）" for p in part["percentiles"]}
    above = part["share_above"]
    return {
        "name": describing.BOUNDS[name], "mean": f"{figure(part['mean'][0])}（{figure(part['mean'][1])}—{figure(part['mean'][2])}）",
        "p50": spans.get(50.0), "p95": spans.get(95.0), "p975": spans.get(97.5), "p99": spans.get(99.0),
        "above": None if above is None else f"{describing.percent(above[0])}（{describing.percent(above[1])}—{describing.percent(above[2])}）",
    }  # fmt: skip


@needs("risk.view")
def hazards(request: Request) -> HttpResponse:
    """Which hazard in which food first, each with its reasons."""
    codes = sorted(request.user.prefixes("risk.view"))
    code = request.GET.get("division", "")
    code = code if code in codes else codes[0] if codes else ""
    lines = [_ranked(place, line) for place, line in enumerate(ranking.rank(code, ledger.clock.today()), start=1)]
    title = _("危害物排序")
    if request.GET.get("_export") == "xlsx":
        headers = [
            _("序号"),
            _("食物"),
            _("危害物"),
            _("分值"),
            _("暂定"),
            _("理由"),
            _("结果数"),
            _("未定量比例"),
            _("超过参照限量"),
        ]
        rows = [
            (x["place"], x["food"], x["hazard"], x["score"], _("是") if x["provisional"] else _("否"), "；".join(x["reasons"]), x["results"], x["censored"], x["over"])
            for x in lines
        ]  # fmt: skip
        ledger.record("screens.exported", of=None, by=request.user, data={"list": str(title), "query": code})
        return xlsx_response(title, to_xlsx(headers, rows, title=title))
    names = people.division_names(set(codes))
    context = {
        "title": title, "lines": lines, "division": code, "divisions": [(c, names.get(c, c)) for c in codes],
        "not_a_verdict": describing.NOT_A_VERDICT,
    }  # fmt: skip
    return render(request, "monitoring/hazards.html", context)


def _ranked(place: int, line: ranking.Line) -> dict[str, Any]:
    ranked = line.ranked
    over = line.over
    query = f"?hazard={ranked.hazard}&food_group={ranked.food}"
    return {
        "place": place, "hazard": rules.hazard_name(ranked.hazard), "food": rules.food_name(ranked.food),
        "score": round(ranked.score, 1), "provisional": ranked.provisional,
        "reasons": [describing.factor(r) for r in ranked.reasons], "results": line.results,
        "censored": describing.percent(line.censored_share),
        "over": f"{over.found}/{over.tested}" if over.tested else _("没有可比的限量"),
        "url": reverse("monitoring:measurements") + query, "assessment": line.assessment,
    }  # fmt: skip
