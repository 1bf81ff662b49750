"""Cases: the doctor's page, the hospital's and the county's lists, one case, who the patient is, months without a case."""

from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from fangxin.actions.monitoring import case_codes, forms_cases
from fangxin.actions.monitoring import selectors_cases as selectors
from fangxin.actions.monitoring.models import CaseReport, ZeroReport
from fangxin.actions.monitoring.services import cases
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.screens.acts import Act, act_on, acts_by_name, plain
from fangxin.kernel.screens.columns import DayColumn
from fangxin.kernel.screens.finding import one_of
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, blame, done_or_told, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

State = CaseReport.State
TONES = {
    "draft": "plain",
    "reported": "warn",
    "returned": "bad",
    "accepted": "good",
    "final": "good",
    "deleted": "plain",
}
MONTHS = 6

ACTS = acts_by_name(
    Act("report", gettext_lazy("报告"), "send", lambda row, by, _v: cases.report(case=row, by=by),
        ask=gettext_lazy("核对过时间、症状和食品了吗？报告以后由县疾控审核。")),
    Act("accept", gettext_lazy("审核通过"), "check", lambda row, by, _v: cases.accept(case=row, by=by)),
    Act("send_back", gettext_lazy("退回订正"), "arrow-back-up", lambda row, by, v: cases.send_back(case=row, by=by, **v),
        plain(forms_cases.NoteForm), undoes=True),
    Act("finish", gettext_lazy("终审"), "lock", lambda row, by, _v: cases.finish(case=row, by=by)),
    Act("specimen", gettext_lazy("补充标本和结果"), "test-pipe", lambda row, by, v: cases.add_specimen(case=row, by=by, **v),
        plain(forms_cases.SpecimenForm), undoes=True),
    Act("reopen", gettext_lazy("撤回终审"), "lock-open", lambda row, by, _v: cases.reopen(case=row, by=by), undoes=True),
    Act("delete", gettext_lazy("删除"), "trash", lambda row, by, v: cases.delete(case=row, by=by, **v), plain(forms_cases.ReasonForm),
        intro=gettext_lazy("记录保留，可以恢复。"), undoes=True),
    Act("restore", gettext_lazy("恢复"), "rotate", lambda row, by, _v: cases.restore(case=row, by=by), undoes=True),
)  # fmt: skip
_OF_HOSPITAL = {"draft": ["report", "specimen", "delete"], "returned": ["specimen"], "reported": ["specimen"], "accepted": ["specimen"],
                "deleted": ["restore"]}  # fmt: skip
_OF_COUNTY = {"reported": ["accept", "send_back", "specimen", "delete"], "accepted": ["finish", "send_back", "specimen", "delete"],
              "returned": ["specimen", "delete"], "final": ["reopen"], "deleted": ["restore"]}  # fmt: skip


def allowed(user: Any, row: CaseReport) -> list[str]:
    if user.can(selectors.REVIEW, row.institution.division_code):
        return [name for name in _OF_COUNTY.get(row.state, []) if name != "send_back" or row.state == State.REPORTED]
    own = (
        selectors.list_cases(user, selectors.REPORT).filter(pk=row.pk).exists() if user.can(selectors.REPORT) else False
    )
    if not own or (row.state == State.DELETED and row.deleted_from != State.DRAFT):
        return []
    return _OF_HOSPITAL.get(row.state, [])


class CaseTable(tables.Table):
    number = tables.Column(linkify=True, attrs={"td": {"class": "text-nowrap"}})
    township = TownshipColumn()
    onset_at = DayColumn(accessor="onset_at__date", order_by="onset_at")
    seen_at = DayColumn(accessor="seen_at__date", order_by="seen_at")
    symptoms = tables.Column(orderable=False)
    due_on = DayColumn()

    class Meta:
        model = CaseReport
        fields = (
            "number", "institution", "sex", "township", "onset_at", "seen_at", "symptoms", "diagnosis", "due_on", "state",
        )  # fmt: skip
        order_by = ()

    def render_symptoms(self, record: CaseReport) -> str:
        return cases.symptom_text(record)

    def value_symptoms(self, record: CaseReport) -> str:
        return cases.symptom_text(record)

    def render_state(self, value: str, record: CaseReport) -> str:
        if record.state == State.DRAFT and record.due_on < ledger.clock.today():
            return badge(_("草稿，超过报告期限"), "bad")
        return badge(value, TONES[record.state])

    def value_state(self, value: str) -> str:
        return value


WHEN = [
    ("review", gettext_lazy("待审核")), ("late", gettext_lazy("迟报")), ("draft_late", gettext_lazy("超过期限没有报告")),
    ("returned", gettext_lazy("待订正")),
]  # fmt: skip


class CaseFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(label=gettext_lazy("编号、诊断、食品或者机构"), method="by_text")
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=State.choices)
    when = django_filters.ChoiceFilter(label=gettext_lazy("办理"), choices=WHEN, method="by_when")
    since = django_filters.DateFilter(label=gettext_lazy("发病不早于"), field_name="onset_at__date", lookup_expr="gte")
    until = django_filters.DateFilter(label=gettext_lazy("发病不晚于"), field_name="onset_at__date", lookup_expr="lte")

    class Meta:
        model = CaseReport
        fields = ("text", "state", "when", "since", "until")

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(
            Q(number=value)
            | Q(diagnosis__icontains=value)
            | Q(institution__name__icontains=value)
            | Q(exposures__food__icontains=value)
            | Q(exposures__place__icontains=value)
        ).distinct()

    def by_when(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        if value == "late":
            return selectors.case_rows(ledger.clock.today()).filter(timely=False, pk__in=rows.values("pk"))
        return {
            "review": rows.filter(state=State.REPORTED),
            "draft_late": selectors.late_drafts(rows, ledger.clock.today()),
            "returned": rows.filter(state=State.RETURNED),
        }[value]


class Cases(ListScreen):
    ability = selectors.VIEW
    title = gettext_lazy("食源性疾病病例")
    intro = gettext_lazy("诊断后 2 个工作日内报告。这里不显示病人姓名；要看的，在病例页面写明用途。")
    table_class = CaseTable
    filter_class = CaseFilter
    empty_text = gettext_lazy("没有病例。没有报告不等于没有病人。")

    def rows(self) -> "QuerySet[Any]":
        return selectors.list_cases(self.request.user)

    def more_context(self) -> dict[str, Any]:
        user, actions = self.request.user, []
        if user.can(selectors.REPORT):
            actions = [
                (_("填报病例"), reverse("monitoring:case_new"), "plus"),
                (_("零报告"), reverse("monitoring:zeros"), "circle-0"),
            ]
        if user.can(selectors.REVIEW):
            actions.append((_("报告覆盖"), reverse("monitoring:coverage"), "table"))
        return {**super().more_context(), "actions": actions}


# --- the doctor's page ------------------------------------------------------------------------------------------------------


@needs(selectors.REPORT)
def case_new(request: Request) -> HttpResponse:
    return _doctor(request, None)


@needs(selectors.REPORT)
def case_edit(request: Request, pk: int) -> HttpResponse:
    row = one_of(selectors.list_cases(request.user, selectors.REPORT), pk)
    if row.state not in cases.WRITABLE:
        messages.error(request, _("现在的状态不能修改，请等县疾控审核。"))
        return redirect(row)
    return _doctor(request, row)


def _doctor(request: Request, row: CaseReport | None) -> HttpResponse:
    institutions = selectors.list_institutions(request.user, selectors.REPORT)
    form = forms_cases.CaseForm(posted(request)[0], institutions=institutions, initial=_initial(row))
    foods = forms_cases.FoodFormSet(posted(request)[0], prefix="food", initial=_foods(row))
    if not form.institutions:
        messages.error(request, _("您的单位在底册中没有医疗机构，不能填报。请联系食安办登记。"))
        return redirect("monitoring:cases")
    if request.method == "POST" and form.is_valid() and foods.is_valid():
        made = _written(form, foods, row, request.user)
        if made is not None:
            ready = "report" in request.POST and made.state == State.DRAFT
            if ready:
                cases.report(case=made, by=request.user)
            messages.success(request, _("已报告，由县疾控审核。") if ready else _("已保存。"))
            return redirect(made)
    context = {
        "title": _("填报病例") if row is None else _("修改病例 %(number)s") % {"number": row.number}, "form": form, "foods": foods,
        "back_url": row.get_absolute_url() if row else reverse("monitoring:cases"), "draft": row is None or row.state == State.DRAFT,
        "several": len(form.institutions) > 1, "draft_key": f"case-{row.pk if row else 'new'}",
    }  # fmt: skip
    return render(request, "monitoring/doctor.html", context)


def _written(form: Any, foods: Any, row: CaseReport | None, user: Any) -> CaseReport | None:
    try:
        return cases.write(
            institution=form.chosen(),
            facts=form.facts(),
            identity=form.identity(),
            exposures=foods.foods(),
            case=row,
            by=user,
        )
    except forms_cases.forms.ValidationError as error:
        blame(form, error)
        return None


def _initial(row: CaseReport | None) -> dict[str, Any]:
    if row is None:
        return {}
    found: dict[str, Any] = {name: getattr(row, name) for name in forms_cases.FACTS}
    first = {code for _system, codes in case_codes.symptom_groups(first=True) for code, _label in codes}
    found["more_symptoms"] = [code for code in row.symptoms if code not in first]
    for name in ("onset_at", "seen_at", "died_at"):
        found[name] = found[name].astimezone(ledger.clock.LOCAL) if found[name] else None
    # The doctor who wrote them sees them again; nobody else comes here.
    return found | {name: getattr(row.identity, name) for name in forms_cases.IDENTITY}


def _foods(row: CaseReport | None) -> list[dict[str, Any]]:
    if row is None:
        return []
    names = list(forms_cases.ExposureForm.base_fields)
    return [
        {name: getattr(exposure, name) for name in names}
        | {"eaten_at": exposure.eaten_at.astimezone(ledger.clock.LOCAL)}
        for exposure in row.exposures.all()
    ]


# --- one case ---------------------------------------------------------------------------------------------------------------


@needs(selectors.VIEW)
def case(request: Request, pk: int) -> HttpResponse:
    row = one_of(selectors.list_cases(request.user), pk)
    own = (
        request.user.can(selectors.REPORT)
        and selectors.list_cases(request.user, selectors.REPORT).filter(pk=pk).exists()
    )
    reported = (
        ledger.clock.today() if row.reported_at is None else row.reported_at.astimezone(ledger.clock.LOCAL).date()
    )
    context = {
        "title": _("病例 %(number)s") % {"number": row.number}, "row": row, "tone": TONES[row.state],
        "symptoms": cases.symptom_text(row), "late": reported > row.due_on,
        "occupation": case_codes.label("occupations", row.occupation), "belongs": case_codes.label("belongs", row.belongs),
        "stool": case_codes.label("stools", row.stool) if row.stool else "", "home": people.division_path(row.division_code),
        "age": _age(row.born_on, row.onset_at.date()),
        "exposures": [
            (e, case_codes.label("food_classes", e.food_class), case_codes.label("place_types", e.place_type),
             case_codes.label("packings", e.packing))
            for e in row.exposures.select_related("premises")
        ],
        "specimens": [(s, case_codes.label("specimens", s.kind)) for s in row.specimens.all()],
        "acts": [ACTS[name] for name in allowed(request.user, row)], "may_edit": own and row.state in cases.WRITABLE,
        "may_open": request.user.can(selectors.REVIEW, row.institution.division_code) or own,
    }  # fmt: skip
    return render(request, "monitoring/case.html", context)


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@needs(selectors.VIEW)
def case_act(request: Request, pk: int, name: str) -> HttpResponse:
    row = one_of(selectors.list_cases(request.user), pk)
    return act_on(request, row, ACTS, allowed(request.user, row), name)


@needs(selectors.VIEW)
@never_cache
def identity(request: Request, pk: int) -> HttpResponse:
    """Shown once, to who reviews or who reported, for a purpose that is kept."""
    row = one_of(selectors.list_cases(request.user), pk)
    own = (
        request.user.can(selectors.REPORT)
        and selectors.list_cases(request.user, selectors.REPORT).filter(pk=pk).exists()
    )
    if not own and not request.user.can(selectors.REVIEW, row.institution.division_code):
        raise Http404
    form = forms_cases.PurposeForm(posted(request)[0])
    title = _("病人身份：%(number)s") % {"number": row.number}
    if request.method == "POST":
        found = saved(form, lambda: cases.open_identity(case=row, by=request.user, **form.cleaned_data))
        if found is not None:
            values = [(found._meta.get_field(name).verbose_name, getattr(found, name)) for name in forms_cases.IDENTITY]
            context = {"title": title, "values": values, "row": row, "purpose": form.cleaned_data["purpose"]}
            return render(request, "monitoring/case_identity.html", context)
    intro = _("查看会记入留痕：谁、何时、看了谁的信息、为了什么。内容只显示这一次。")
    return form_page(request, form, title, row.get_absolute_url(), intro=intro, submit_label=_("查看"))


# --- months without a case --------------------------------------------------------------------------------------------------


@needs(selectors.REPORT)
def zeros(request: Request) -> HttpResponse:
    """The last months of the own institutions: cases, a zero report, or a button for it."""
    user, months = request.user, selectors.months_before(ledger.clock.today(), MONTHS)
    told = {(zero.institution_id, zero.month): zero for zero in selectors.list_zeros(user, selectors.REPORT)}
    own = CaseReport.objects.exclude(state=State.DELETED)
    lines = [
        (place, month, told.get((place.pk, month)),
         own.filter(institution=place, diagnosed_on__year=month.year, diagnosed_on__month=month.month).count())
        for place in selectors.list_institutions(user, selectors.REPORT)
        for month in reversed(months)
    ]  # fmt: skip
    return render(request, "monitoring/zeros.html", {"title": _("零报告"), "lines": lines})


@needs(selectors.REPORT)
@require_POST
def zero_tell(request: Request, pk: int) -> HttpResponse:
    place = one_of(selectors.list_institutions(request.user, selectors.REPORT), pk)
    try:
        month = date.fromisoformat(request.POST.get("month", ""))
    except ValueError:
        messages.error(request, _("请从列表中选择月份。"))
        return redirect("monitoring:zeros")
    done_or_told(request, _("已做零报告。"), lambda: cases.tell_zero(institution=place, month=month, by=request.user))
    return redirect("monitoring:zeros")


@needs(selectors.REPORT)
@require_POST
def zero_undo(request: Request, pk: int) -> HttpResponse:
    zero: ZeroReport = one_of(selectors.list_zeros(request.user, selectors.REPORT), pk)
    done_or_told(request, _("已撤销零报告。"), lambda: cases.undo_zero(zero=zero, by=request.user))
    return redirect("monitoring:zeros")


@needs(selectors.REVIEW)
def coverage(request: Request) -> HttpResponse:
    """Every institution and month: who reported, who said zero, who said nothing."""
    months = selectors.months_before(ledger.clock.today(), MONTHS)
    lines = selectors.coverage(request.user, months)
    last = [marks[-1] for _place, marks in lines]
    context = {
        "title": _("病例报告覆盖"), "months": months, "lines": lines, "all": len(lines), "silent": sum(not mark for mark in last),
        "told": sum(bool(mark) for mark in last), "rate": f"{sum(map(bool, last)) / len(last):.1%}" if last else "",
    }  # fmt: skip
    return render(request, "monitoring/coverage.html", context)
