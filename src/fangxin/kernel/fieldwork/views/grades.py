"""Grades of places: by scale and year, scored by one person, confirmed by another, told."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fangxin.kernel.fieldwork import access, selectors, standards
from fangxin.kernel.fieldwork.forms.common import ReasonForm
from fangxin.kernel.fieldwork.forms.grades import RegradeForm, RiskForm, YearForm
from fangxin.kernel.fieldwork.models import PremisesGrade
from fangxin.kernel.fieldwork.services import grades
from fangxin.kernel.fieldwork.templatetags.fieldwork import SCALES, grade_badge, grade_words
from fangxin.kernel.fieldwork.views.common import StateColumn, TownFilter, find_box, names_of, premises_from
from fangxin.kernel.fieldwork.views.inspections import basis_lines
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, done_or_told, form_page, posted, saved
from fangxin.kernel.screens.permission import needs

State = PremisesGrade.State
YEARS = 5


def year_choices(_request: Any = None) -> list[tuple[int, str]]:
    year = ledger.clock.today().year
    return [(one, str(one)) for one in range(year + 1, year - YEARS, -1)]


class GradeFilter(TownFilter):
    q = filters.CharFilter(
        label=gettext_lazy("对象"), field_name="premises__name", lookup_expr="icontains", max_length=100
    )
    scale = filters.ChoiceFilter(
        label=gettext_lazy("等级制"), choices=[(s, SCALES[s]) for s in grades.SCALES], empty_label=gettext_lazy("全部")
    )
    year = filters.ChoiceFilter(label=gettext_lazy("年度"), choices=year_choices, empty_label=gettext_lazy("全部"))
    state = filters.ChoiceFilter(label=gettext_lazy("状态"), choices=State.choices, empty_label=gettext_lazy("全部"))
    age = filters.ChoiceFilter(
        label=gettext_lazy("期限"), method="by_age", empty_label=gettext_lazy("全部"),
        choices=[("outdated", gettext_lazy("超过12个月没有重评"))],
    )  # fmt: skip
    waiting = filters.ChoiceFilter(method="for_me", choices=[("1", "1")])
    hidden = ("waiting",)

    class Meta:
        model = PremisesGrade
        fields: tuple[str, ...] = ()

    def by_age(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return selectors.outdated(rows, ledger.clock.today())

    def for_me(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(state=State.SCORED).exclude(scored_by=self.request.user.username)


class GradeTable(tables.Table):
    year = tables.Column()
    premises = tables.Column(
        accessor="premises__name", verbose_name=gettext_lazy("对象"), orderable=False,
        linkify=lambda record: reverse("fieldwork:grade", args=[record.pk]),
    )  # fmt: skip
    township = TownshipColumn()
    grade = tables.Column()
    total = tables.Column(default="—")
    key_supervision = tables.Column(verbose_name=gettext_lazy("重点监管"))
    state = StateColumn()
    effective_from = DayColumn()

    class Meta:
        model = PremisesGrade
        fields = ("year", "premises", "township", "grade", "total", "key_supervision", "state", "effective_from")
        order_by = ()

    def render_grade(self, record: PremisesGrade) -> Any:
        return grade_badge(record.scale, record.grade)

    def value_grade(self, record: PremisesGrade) -> str:
        return grade_words(record.scale, record.grade)

    def render_key_supervision(self, value: bool) -> str:
        return _("是") if value else "—"

    def value_key_supervision(self, value: bool) -> str:
        return _("是") if value else ""


class GradeList(ListScreen):
    ability = "inspection.view"
    title = gettext_lazy("等级评定")
    table_class = GradeTable
    filter_class = GradeFilter
    template_name = "fieldwork/list.html"
    intro = gettext_lazy("风险等级的A级是风险最低、查得最少；餐饮量化等级的A级是卫生最好。两种等级不能混用。")
    empty_text = gettext_lazy("没有符合条件的等级评定。")

    def rows(self) -> "QuerySet[PremisesGrade]":
        return selectors.list_grades(self.request.user).order_by("-year", "-pk")

    def more_context(self) -> dict[str, Any]:
        actions = []
        if self.request.user.can("grade.work"):
            actions = [
                (_("评定等级"), reverse("fieldwork:grade_new"), "plus"),
                (_("还没有评定的"), reverse("fieldwork:ungraded"), "list-search"),
            ]
        return {"intro": self.intro, "actions": actions}


class UngradedFilter(TownFilter):
    scale = filters.ChoiceFilter(
        label=gettext_lazy("等级制"), choices=[(s, SCALES[s]) for s in grades.SCALES], method="by_scale",
        empty_label=None,
    )  # fmt: skip
    kind = filters.ChoiceFilter(
        label=gettext_lazy("类别"), choices=registry.Premises.Kind.choices, empty_label=gettext_lazy("全部")
    )

    class Meta:
        model = registry.Premises
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        rows = super().filter_queryset(queryset)
        today = ledger.clock.today()
        scale = self.form.cleaned_data.get("scale") or grades.RISK
        if scale == grades.HYGIENE_YEAR:
            rows = rows.filter(kind__in=standards.practice(today).hygiene_kinds)
        return selectors.without_grade(rows, today.year, scale)

    def by_scale(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows


class UngradedTable(tables.Table):
    name = tables.Column(linkify=lambda record: reverse("registry:premises", args=[record.pk]))
    kind = tables.Column()
    township = TownshipColumn()
    address = tables.Column(orderable=False)
    actions = tables.Column(verbose_name="", empty_values=(), orderable=False)

    class Meta:
        model = registry.Premises
        fields = ("number", "name", "kind", "township", "address", "actions")
        order_by = ()

    def render_actions(self, record: Any) -> Any:
        return format_html(
            '<a class="btn btn-sm" href="{}?premises={}">{}<span class="visually-hidden">{}</span></a>',
            reverse("fieldwork:grade_new"), record.pk, _("评定"), record.name,
        )  # fmt: skip


class UngradedList(ListScreen):
    ability = "grade.work"
    title = gettext_lazy("本年度还没有评定等级的")
    table_class = UngradedTable
    filter_class = UngradedFilter
    template_name = "fieldwork/list.html"
    sorts_when_long = ()
    intro = gettext_lazy("在营、有检查表，而本年度没有确定等级的对象。没有等级的按规定次数安排检查。")
    empty_text = gettext_lazy("都已评定。")

    def rows(self) -> "QuerySet[Any]":
        return registry.list_premises(self.request.user)


@require_http_methods(["GET", "POST"])
@needs("grade.work")
def new(request: Request) -> HttpResponse:
    premises = premises_from(request)
    if premises is None:
        return render(request, "fieldwork/choose_premises.html", {"title": _("评定等级"), **find_box(request)})
    today = ledger.clock.today()
    hygiene = premises.kind in standards.practice(today).hygiene_kinds
    scale = request.POST.get("scale") or request.GET.get("scale") or grades.RISK
    if scale not in grades.SCALES or (scale == grades.HYGIENE_YEAR and not hygiene):
        raise Http404
    form = _form(request, premises, scale, today)
    if request.method == "POST":
        made = saved(form, lambda: grades.score_grade(premises=premises, scale=scale, by=request.user, **form.scored()))
        if made is not None:
            messages.success(
                request, _("已评分：%(grade)s。请另一名人员复核。") % {"grade": grade_words(made.scale, made.grade)}
            )
            return redirect("fieldwork:grade", pk=made.pk)
    context = {
        "title": _("评定等级：%(name)s") % {"name": premises.name}, "form": form, "premises": premises, "scale": scale,
        "scales": [(one, SCALES[one]) for one in grades.SCALES] if hygiene else [],
        "static_form": getattr(form, "static_form", None),
    }  # fmt: skip
    return render(request, "fieldwork/grade_new.html", context)


def _form(request: Request, premises: Any, scale: str, today: Any) -> Any:
    given = posted(request)[0]
    if scale == grades.HYGIENE_YEAR:
        return YearForm(given)
    form = standards.static_form_for(premises.kind, today)
    return RiskForm(given, rules=standards.risk_rules(today), static_form=form)


@require_safe
@needs("inspection.view")
def grade(request: Request, pk: int) -> HttpResponse:
    found = access.get_grade(request.user, pk)
    user, place = request.user, found.division_code
    second = found.scored_by != user.username
    standing = found.state in grades.STANDING
    rules = standards.risk_rules(ledger.clock.today())
    titles = {one.code: one.title for one in rules.triggers}
    earlier = selectors.list_grades(user).filter(premises=found.premises).exclude(pk=pk)
    context = {
        "title": found.premises.name,
        "grade": found,
        "names": names_of(found.scored_by, found.confirmed_by, found.told_by),
        "place": people.division_path(place),
        "triggers": [(titles.get(one["code"], one["code"]), one.get("steps")) for one in found.triggers],
        "bases": [basis_lines(found.basis.get(part, {})) for part in ("score", "adjustment")],
        "earlier": earlier.order_by("-year", "-pk")[:10],
        "may_confirm": user.can("grade.confirm", place) and found.state == State.SCORED and second,
        "may_tell": user.can("grade.work", place) and found.state == State.CONFIRMED,
        "may_regrade": user.can("grade.work", place) and standing,
        "waits": found.state == State.SCORED,
    }
    return render(request, "fieldwork/grade.html", context)


def _to(request: Request, pk: int, ability: str) -> PremisesGrade:
    return access.get_grade(request.user, pk, ability)


@require_POST
@needs("grade.confirm")
def confirm(request: Request, pk: int) -> HttpResponse:
    found = _to(request, pk, "grade.confirm")
    done_or_told(request, _("等级已确定。请告知对方。"), lambda: grades.confirm_grade(grade=found, by=request.user))
    return redirect("fieldwork:grade", pk=pk)


@require_http_methods(["GET", "POST"])
@needs("grade.confirm")
def refuse(request: Request, pk: int) -> HttpResponse:
    found = _to(request, pk, "grade.confirm")
    form = ReasonForm(posted(request)[0], label=_("退回的原因"))
    back = reverse("fieldwork:grade", args=[pk])
    if request.method == "POST" and saved(
        form, lambda: grades.refuse_grade(grade=found, by=request.user, **form.cleaned_data)
    ) is not None:  # fmt: skip
        messages.success(request, _("已退回，可以重新评分。"))
        return redirect(back)
    return form_page(
        request, form, _("退回评分：%(name)s") % {"name": found.premises.name}, back, submit_label=_("退回")
    )


@require_POST
@needs("grade.work")
def tell(request: Request, pk: int) -> HttpResponse:
    found = _to(request, pk, "grade.work")
    done_or_told(request, _("已记录告知。"), lambda: grades.tell_grade(grade=found, by=request.user))
    return redirect("fieldwork:grade", pk=pk)


@require_http_methods(["GET", "POST"])
@needs("grade.work")
def regrade(request: Request, pk: int) -> HttpResponse:
    """Within the year, because something happened: the points stay, what happened moves the grade."""
    found = _to(request, pk, "grade.work")
    form = RegradeForm(posted(request)[0], rules=standards.risk_rules(ledger.clock.today()))
    if found.scale != grades.RISK:
        for name in [name for name in form.fields if name.startswith("trigger_")]:
            del form.fields[name]
    if request.method == "POST":
        made = saved(form, lambda: _regrade(found, form, request.user))
        if made is not None:
            messages.success(request, _("已重新评分，请另一名人员复核。原等级留作记录。"))
            return redirect("fieldwork:grade", pk=made.pk)
    title = _("重新评定：%(name)s") % {"name": found.premises.name}
    intro = _("现在是%(grade)s。得分不变，按下面的情形调整；餐饮量化等级按最近12个月的检查重算。") % {
        "grade": grade_words(found.scale, found.grade)
    }
    return form_page(
        request, form, title, reverse("fieldwork:grade", args=[pk]), submit_label=_("重新评定"), intro=intro
    )


def _regrade(found: PremisesGrade, form: RegradeForm, by: Any) -> PremisesGrade:
    triggers = form.triggers if found.scale == grades.RISK else ()
    return grades.regrade(grade=found, triggers=triggers, reason=form.cleaned_data["reason"], by=by)
