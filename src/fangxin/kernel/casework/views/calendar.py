"""The working-day calendar, as the office keeps it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fangxin.kernel.casework import work_calendar
from fangxin.kernel.casework.forms import CalendarDaysForm, CalendarYearForm, show
from fangxin.kernel.casework.models import CalendarDay, CalendarYear
from fangxin.kernel.casework.services import deadlines
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.permission import needs

_MOST_SHOWN = 200


def _page(request: HttpRequest, **forms: Any) -> HttpResponse:
    known = sorted(work_calendar.calendar().years)
    year = ledger.clock.today().year
    context = {
        "title": _("工作日历"),
        "days_form": forms.get("days") or CalendarDaysForm(),
        "year_form": forms.get("year") or CalendarYearForm(initial={"year": known[-1] + 1}),
        "days": CalendarDay.objects.all()[:_MOST_SHOWN],
        "years": CalendarYear.objects.all()[:20],
        "first": known[0],
        "last": known[-1],
        "next_missing": year + 1 if year + 1 not in known else None,
        "this_missing": year if year not in known else None,
    }
    return render(request, "casework/calendar.html", context)


@require_safe
@needs("calendar.edit")
def calendar(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@needs("calendar.edit")
def set_days(request: HttpRequest) -> HttpResponse:
    form = CalendarDaysForm(request.POST)
    if form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        count = ((last or first) - first).days + 1
        days = {first + timedelta(days=n): form.cleaned_data["kind"] for n in range(count)}
        try:
            deadlines.set_calendar_days(days=days, source=form.cleaned_data["source"], by=request.user)
        except ValidationError as error:
            show(form, error)
        else:
            messages.success(request, _("已保存%(n)s天的安排。") % {"n": count})
            return redirect("casework:calendar")
    return _page(request, days=form)


@require_POST
@needs("calendar.edit")
def complete_year(request: HttpRequest) -> HttpResponse:
    form = CalendarYearForm(request.POST)
    if form.is_valid():
        try:
            deadlines.complete_calendar_year(complete=True, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            show(form, error)
        else:
            messages.success(request, _("已确认%(year)s年的工作日历。") % form.cleaned_data)
            return redirect("casework:calendar")
    return _page(request, year=form)
