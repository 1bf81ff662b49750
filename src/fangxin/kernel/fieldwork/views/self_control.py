"""Operators' own checks: today's page for the shop and the school, the calendar, week, month; lists for staff."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fangxin.engines.grading import self_control as engine
from fangxin.kernel.fieldwork import access_self_control as access
from fangxin.kernel.fieldwork import selectors_self_control as selectors
from fangxin.kernel.fieldwork import self_control_papers as papers
from fangxin.kernel.fieldwork import standards_self_control as standards
from fangxin.kernel.fieldwork.forms import self_control as forms
from fangxin.kernel.fieldwork.models import ClosedDay, DailyRecord, MonthlyMeeting, WeeklyReport
from fangxin.kernel.fieldwork.services import self_control as services
from fangxin.kernel.fieldwork.views.common import TownFilter
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.people.lists import TownshipColumn
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.export import attachment
from fangxin.kernel.screens.lists import ListScreen
from fangxin.kernel.screens.pages import Request, done_or_told, form_page, posted, saved
from fangxin.kernel.screens.permission import needs
from fangxin.kernel.screens.templatetags.screens import badge

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FIRST_YEAR = 2000


def day_from(text: str | None, otherwise: date) -> date:
    """A day out of an address; nothing asked gives the other one, nonsense is not found."""
    if not text:
        return otherwise
    try:
        day = date.fromisoformat(text if len(text) != len("2023-01") else f"{text}-01")
    except ValueError:
        raise Http404 from None
    if not FIRST_YEAR <= day.year <= ledger.clock.today().year + 1:
        raise Http404
    return day


def _home(premises: Any) -> str:
    return reverse("fieldwork:self_place", args=[premises.pk])


@require_safe
@needs("selfcontrol.record")
def today(request: Request) -> HttpResponse:
    """Straight to the one place somebody has; a choice for those with several."""
    places = list(selectors.list_places(request.user, "selfcontrol.record").order_by("pk")[:50])
    if len(places) == 1:
        return redirect("fieldwork:self_day", pk=places[0].pk)
    waiting = set(selectors.without_today(request.user).values_list("pk", flat=True))
    context = {"title": _("今日检查"), "places": [(place, place.pk in waiting) for place in places]}
    return render(request, "fieldwork/self_control/today.html", context)


@require_http_methods(["GET", "POST"])
@needs("selfcontrol.record")
def day(request: Request, pk: int) -> HttpResponse:
    premises = access.get_place(request.user, pk, "selfcontrol.record")
    chosen = day_from(request.GET.get("day"), ledger.clock.today())
    record = DailyRecord.objects.filter(premises=premises, day=chosen).first()
    if record is not None:
        return _day_made(request, premises, record)
    risks = standards.risk_lists(chosen).get(premises.kind)
    if risks is None or chosen > ledger.clock.today():
        raise Http404
    form = forms.DayForm(posted(request)[0], items=risks.items)
    if request.method == "POST":
        made = saved(
            form, lambda: services.record_day(premises=premises, day=chosen, by=request.user, **form.cleaned_data)
        )
        if made is not None:
            messages.success(request, _("%(day)s的检查已记录。") % {"day": made.day})
            return redirect(request.get_full_path())
    context = {
        "title": _("今日检查") if chosen == ledger.clock.today() else _("补记检查"), "premises": premises, "day": chosen,
        "form": form, "late": chosen < ledger.clock.today(), "count": len(risks.items), "back_url": _home(premises),
    }  # fmt: skip
    return render(request, "fieldwork/self_control/day.html", context)


def _day_made(request: Request, premises: Any, record: DailyRecord) -> HttpResponse:
    """What was recorded; today one may still add what is found later."""
    form = None
    if record.day == ledger.clock.today():
        risks = standards.risk_lists(record.day)[premises.kind]
        form = forms.MoreForm(posted(request)[0], items=risks.items)
        if (
            request.method == "POST"
            and saved(form, lambda: services.add_problem(record=record, by=request.user, **form.cleaned_data))
            is not None
        ):
            messages.success(request, _("已补充。"))
            return redirect(request.get_full_path())
    context = {
        "title": _("%(day)s的检查记录") % {"day": record.day}, "premises": premises, "record": record, "form": form,
        "problems": record.found.all(), "back_url": _home(premises),
    }  # fmt: skip
    return render(request, "fieldwork/self_control/day_made.html", context)


@require_safe
@needs("selfcontrol.view")
def place(request: Request, pk: int) -> HttpResponse:
    """The calendar of a place with its gaps; weeks, month, open problems, who answers for it."""
    premises = access.get_place(request.user, pk, "selfcontrol.view")
    today = ledger.clock.today()
    first, last = engine.month_of(day_from(request.GET.get("month"), today))
    account = selectors.day_account(premises, first, last)
    own = request.user.can("selfcontrol.record")
    context = {
        "title": premises.name,
        "premises": premises,
        "first": first,
        "before": first - timedelta(1) if first > standards.first_day() else None,
        "after": last + timedelta(1) if last < today else None,
        "account": account,
        "share": account.completion.value(),
        "days": list(_calendar(premises, first, last, account)),
        "weeks": list(_weeks(premises, first, min(last, today))),
        "meeting": MonthlyMeeting.objects.filter(premises=premises, month=first).first(),
        "meeting_late": today > last,
        "problems": selectors.open_problems(premises),
        "appointments": selectors.appointments_of(premises),
        "need": selectors.director_need(premises, today),
        "has_director": _has_director(premises),
        "may_record": own,
        "may_examine": request.user.can("inspection.work", premises.division_code),
        "may_see_names": own or request.user.can("registry.personal", premises.division_code),
        "township": people.division_path(premises.division_code),
        "closed_ahead": ClosedDay.objects.filter(premises=premises, day__gte=today).count(),
    }
    return render(request, "fieldwork/self_control/place.html", context)


def _has_director(premises: Any) -> bool:
    return any(a.role == "safety_director" and a.ends_on is None for a in selectors.appointments_of(premises))


def _calendar(premises: Any, first: date, last: date, account: engine.DayAccount) -> Iterator[dict[str, Any]]:
    """One cell a day, with blanks in front so that Monday stands first."""
    records = {
        r.day: r
        for r in DailyRecord.objects.filter(premises=premises, day__range=(first, last)).prefetch_related("found")
    }
    closed = dict(ClosedDay.objects.filter(premises=premises, day__range=(first, last)).values_list("day", "reason"))
    today, gaps = ledger.clock.today(), set(account.gaps)
    for _blank in range(first.isoweekday() - 1):
        yield {"state": "blank"}
    for n in range((last - first).days + 1):
        day = first + timedelta(n)
        record = records.get(day)
        if record is not None:
            state = "late" if record.late else "problem" if record.found.all() else "ok"
        elif day in gaps:
            state = "gap"
        elif day in closed:
            state = "closed"
        else:
            state = "today" if day == today else "none"
        yield {"day": day, "state": state, "label": STATES[state], "record": record, "reason": closed.get(day, "")}


STATES = {
    "ok": gettext_lazy("无问题"), "problem": gettext_lazy("有问题"), "late": gettext_lazy("补记"), "gap": gettext_lazy("漏记"),
    "closed": gettext_lazy("停业"), "today": gettext_lazy("今天未记"), "none": "", "blank": "",
}  # fmt: skip


def _weeks(premises: Any, first: date, last: date) -> Iterator[dict[str, Any]]:
    """The ISO weeks that end in the span or run now."""
    monday = engine.week_of(first)[0]
    made = {r.monday: r for r in WeeklyReport.objects.filter(premises=premises, monday__range=(monday, last))}
    begins = selectors.first_owed(premises)
    while monday <= last:
        sunday = monday + timedelta(6)
        if sunday >= begins:
            yield {
                "monday": monday, "sunday": sunday, "number": monday.isocalendar().week, "report": made.get(monday),
                "missing": monday not in made and sunday < ledger.clock.today(),
            }  # fmt: skip
        monday += timedelta(7)


@require_http_methods(["GET", "POST"])
@needs("selfcontrol.record")
def week(request: Request, pk: int) -> HttpResponse:
    premises = access.get_place(request.user, pk, "selfcontrol.record")
    today = ledger.clock.today()
    monday = engine.week_of(day_from(request.GET.get("monday"), today))[0]
    problems = selectors.open_problems(premises)
    days = standards.cadences(today).problem_days
    must = [p.pk for p in problems if engine.must_be_carried(engine.OpenProblem(p.pk, p.found_on), on=today, days=days)]
    form = forms.WeekForm(posted(request)[0], problems=problems, must=must)
    if request.method == "POST":
        made = saved(
            form, lambda: services.report_week(premises=premises, monday=monday, by=request.user, **form.cleaned_data)
        )
        if made is not None:
            messages.success(request, _("周排查报告已保存。"))
            return redirect(_home(premises))
    account = selectors.day_account(premises, monday, monday + timedelta(6))
    intro = _("%(first)s 至 %(last)s：应记 %(all)s 天，当日记录 %(done)s 天，漏记 %(gaps)s 天。") % {
        "first": monday, "last": monday + timedelta(6), "all": account.operating, "done": account.on_day,
        "gaps": len(account.gaps),
    }  # fmt: skip
    return form_page(request, form, _("每周食品安全排查治理报告"), _home(premises), intro=intro)


@require_http_methods(["GET", "POST"])
@needs("selfcontrol.record")
def meeting(request: Request, pk: int) -> HttpResponse:
    premises = access.get_place(request.user, pk, "selfcontrol.record")
    today = ledger.clock.today()
    month = day_from(request.GET.get("month"), today).replace(day=1)
    principal = next(
        (a.name for a in selectors.appointments_of(premises) if a.role == "principal" and a.ends_on is None), ""
    )
    start = {"held_on": min(today, engine.month_of(month)[1]), "chair": principal}
    form = forms.MeetingForm(posted(request)[0], initial=start)
    if request.method == "POST":
        made = saved(
            form, lambda: services.hold_meeting(premises=premises, month=month, by=request.user, **form.cleaned_data)
        )
        if made is not None:
            messages.success(request, _("月调度会议纪要已保存。"))
            return redirect(_home(premises))
    title = _("%(year)s年%(month)s月食品安全调度会议纪要") % {"year": month.year, "month": month.month}
    return form_page(request, form, title, _home(premises))


@require_http_methods(["GET", "POST"])
@needs("selfcontrol.record")
def remedy(request: Request, pk: int) -> HttpResponse:
    problem = access.get_problem(request.user, pk, "selfcontrol.record")
    form = forms.RemedyForm(posted(request)[0])
    if (
        request.method == "POST"
        and saved(form, lambda: services.close_problem(problem=problem, by=request.user, **form.cleaned_data))
        is not None
    ):
        messages.success(request, _("已登记整改完成。"))
        return redirect(_home(problem.premises))
    intro = _("%(day)s 发现：%(item)s。%(text)s") % {
        "day": problem.found_on,
        "item": problem.item,
        "text": problem.text,
    }
    return form_page(request, form, _("整改完成"), _home(problem.premises), intro=intro)


@require_http_methods(["GET", "POST"])
@needs("selfcontrol.record")
def closed(request: Request, pk: int) -> HttpResponse:
    premises = access.get_place(request.user, pk, "selfcontrol.record")
    form = forms.ClosedForm(posted(request)[0], initial={"first": ledger.clock.today(), "last": ledger.clock.today()})
    if request.method == "POST":
        count = saved(form, lambda: services.declare_closed(premises=premises, by=request.user, **form.cleaned_data))
        if count is not None:
            messages.success(request, _("已申报停业 %(n)s 天。") % {"n": count})
            return redirect(_home(premises))
    intro = _("停业的日子不用填每日检查。要在当天或者提前申报；双休日不营业的，可以一次选好周六、周日。")
    return form_page(request, form, _("申报停业"), _home(premises), intro=intro)


@require_POST
@needs("selfcontrol.record")
def reopen(request: Request, pk: int) -> HttpResponse:
    premises = access.get_place(request.user, pk, "selfcontrol.record")
    done_or_told(
        request, _("已恢复营业，今天起照常记录。"), lambda: services.reopen(premises=premises, by=request.user)
    )
    return redirect(_home(premises))


@require_http_methods(["GET", "POST"])
@needs("selfcontrol.record")
def appoint(request: Request, pk: int) -> HttpResponse:
    premises = access.get_place(request.user, pk, "selfcontrol.record")
    form = forms.AppointForm(posted(request)[0], premises=premises)
    if (
        request.method == "POST"
        and saved(form, lambda: services.appoint(premises=premises, by=request.user, **form.cleaned_data)) is not None
    ):
        messages.success(request, _("任命已登记。"))
        return redirect(_home(premises))
    return form_page(request, form, _("任命食品安全管理人员"), _home(premises))


@require_http_methods(["GET", "POST"])
@needs("selfcontrol.record")
def relieve(request: Request, pk: int) -> HttpResponse:
    appointment = access.get_appointment(request.user, pk, "selfcontrol.record")
    form = forms.EndForm(posted(request)[0], initial={"ends_on": ledger.clock.today()})
    if (
        request.method == "POST"
        and saved(form, lambda: services.end_appointment(appointment=appointment, by=request.user, **form.cleaned_data))
        is not None
    ):
        messages.success(request, _("已登记免职。"))
        return redirect(_home(appointment.premises))
    return form_page(request, form, _("免去任命"), _home(appointment.premises), intro=appointment.get_role_display())


@require_http_methods(["GET", "POST"])
@needs("inspection.work")
def exam(request: Request, pk: int) -> HttpResponse:
    appointment = access.get_appointment(request.user, pk, "inspection.work")
    form = forms.ExamForm(posted(request)[0], initial={"examined_on": ledger.clock.today()})
    if (
        request.method == "POST"
        and saved(form, lambda: services.examine_manager(appointment=appointment, by=request.user, **form.cleaned_data))
        is not None
    ):
        messages.success(request, _("考核结果已登记。"))
        return redirect(_home(appointment.premises))
    intro = _("%(place)s · %(role)s。抽查考核不收费，结果应公开。") % {
        "place": appointment.premises.name, "role": appointment.get_role_display(),
    }  # fmt: skip
    return form_page(request, form, _("抽查考核"), _home(appointment.premises), intro=intro)


@require_safe
@needs("selfcontrol.view")
def paper(request: Request, pk: int, kind: str) -> HttpResponse:
    """The record of a day, the report of a week, the minutes of a month, as .docx."""
    premises = access.get_place(request.user, pk, "selfcontrol.view")
    on = day_from(request.GET.get("on"), ledger.clock.today())
    names = request.user.can("selfcontrol.record") or request.user.can("registry.personal", premises.division_code)
    made = papers.make(kind, premises, on, names=names)
    if made is None:
        raise Http404
    name, content = made
    response = HttpResponse(content, content_type=WORD)
    response.headers["Content-Disposition"] = attachment(name)
    return response


class PlaceFilter(TownFilter):
    reach = "selfcontrol.view"
    q = filters.CharFilter(label=gettext_lazy("名称"), method="by_text", max_length=100)
    kind = filters.ChoiceFilter(
        label=gettext_lazy("类别"), choices=registry.Premises.Kind.choices, empty_label=gettext_lazy("全部")
    )
    state = filters.ChoiceFilter(
        label=gettext_lazy("记录情况"), method="by_state", empty_label=gettext_lazy("全部"),
        choices=[("gaps", gettext_lazy("有漏记")), ("none", gettext_lazy("一天也没有记")), ("whole", gettext_lazy("全部当日记录"))],
    )  # fmt: skip
    month = filters.CharFilter(label=gettext_lazy("月份（如 2023-03）"), method="by_month", max_length=7)

    class Meta:
        model = registry.Premises
        fields: tuple[str, ...] = ()

    def by_text(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        return rows.filter(name__icontains=value.strip())

    def by_month(self, rows: "QuerySet[Any]", _name: str, _value: str) -> "QuerySet[Any]":
        return rows

    def by_state(self, rows: "QuerySet[Any]", _name: str, value: str) -> "QuerySet[Any]":
        wanted = {
            "gaps": {"gaps__gt": 0},
            "none": {"on_day": 0, "late": 0, "gaps__gt": 0},
            "whole": {"gaps": 0, "late": 0},
        }
        return rows.filter(**wanted[value])


class PlaceTable(tables.Table):
    name = tables.Column(linkify=lambda record: reverse("fieldwork:self_place", args=[record.pk]))
    township = TownshipColumn()
    kind = tables.Column()
    operating_days = tables.Column(verbose_name=gettext_lazy("营业天数"))
    on_day = tables.Column(verbose_name=gettext_lazy("当日记录"))
    late = tables.Column(verbose_name=gettext_lazy("补记"))
    gaps = tables.Column(verbose_name=gettext_lazy("漏记"))
    share = tables.Column(verbose_name=gettext_lazy("完成率"), empty_values=(), orderable=False)

    class Meta:
        model = registry.Premises
        fields = ("name", "township", "kind", "operating_days", "on_day", "late", "gaps", "share")
        order_by = ()

    def render_gaps(self, value: int) -> Any:
        return badge(_("%(n)s天") % {"n": value}, "bad") if value else "0"

    def value_gaps(self, value: int) -> int:
        return value

    def render_share(self, record: Any) -> str:
        if not record.operating_days:
            return _("无营业日")
        return f"{record.on_day / record.operating_days:.1%}（{record.on_day}/{record.operating_days}）"


class PlaceList(ListScreen):
    ability = "selfcontrol.view"
    title = gettext_lazy("自查情况")
    table_class = PlaceTable
    filter_class = PlaceFilter
    template_name = "fieldwork/list.html"
    sorts_when_long = ("name",)
    empty_text = gettext_lazy("没有应当每日自查的场所。")

    def rows(self) -> "QuerySet[Any]":
        first, last = self.span()
        places = selectors.list_places(self.request.user).order_by("division_code", "name", "pk")
        return selectors.with_completion(places, first, last)

    def span(self) -> tuple[date, date]:
        """The month asked for, up to yesterday: a day is a gap when it is over."""
        text, yesterday = self.request.GET.get("month", ""), ledger.clock.today() - timedelta(1)
        try:
            asked = day_from(text, yesterday)
        except Http404:
            asked = yesterday
        first, last = engine.month_of(asked)
        return first, min(last, max(yesterday, first))

    def more_context(self) -> dict[str, Any]:
        first, last = self.span()
        words = {"first": first, "last": last}
        return {"intro": _("%(first)s 至 %(last)s。没有记录的营业日算漏记，不算没有问题；补记的不算当日完成。") % words}
