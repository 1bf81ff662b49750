"""The account of a division: the identity, the rates, and a way down to the rows of each term."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fangxin.engines.indicators import Figure, display_percent
from fangxin.kernel.casework import selectors
from fangxin.kernel.casework.data import MatterFigures
from fangxin.kernel.casework.forms import PeriodForm
from fangxin.kernel.casework.standards import deadline_rules
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.permission import needs


@require_safe
@needs("matter.account")
def account(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    prefixes = user.prefixes("matter.account")
    today = ledger.clock.today()
    usual = {"start": date(today.year, 1, 1), "end": today, "division": prefixes[0] if prefixes else ""}
    given = {name: request.GET.get(name) or value for name, value in usual.items()}
    form = PeriodForm(given, prefixes=prefixes)
    context: dict[str, Any] = {"title": _("整改统计"), "form": form}
    if prefixes and form.is_valid():
        context |= _account(**form.cleaned_data)
    return render(request, "casework/account.html", context)


def _account(start: date, end: date, division: str) -> dict[str, Any]:
    found = selectors.figures(division, start, end)
    names = ("opening", "new", "closed", "reopened", "open", "withdrawn")
    period = {"start": start, "end": end, "division": division}

    def link(term: str) -> str:
        return reverse("casework:list") + "?" + urlencode({"term": term, **period})

    return {
        "figures": found,
        "links": {name: link(name) for name in names},
        "rates": [(*rate, link(rate[3]), link(rate[4])) for rate in _rates(found, deadline_rules(end).rebound_months)],
        "start": start,
        "end": end,
    }


def _rates(found: MatterFigures, months: int) -> list[tuple[str, str, Figure, str, str, str]]:
    came_back = _("期内销号的事项中，%(n)s个月内已经反弹的（截至期末）")
    rates = [
        (_("按期整改率"), _("期内到期的事项中，在时限内销号的"), found.on_time_rate, "on_time", "due"),
        (_("销号率"), _("到期末累计立账的事项中，已经销号的"), found.closure_rate, "closed_to_date", "opened_to_date"),
        (_("反弹率"), came_back % {"n": months}, found.rebound_rate, "rebounded", "closed"),
    ]  # fmt: skip
    return [
        (
            label,
            text,
            figure,
            above,
            below,
            _("没有可计算的事项") if (shown := display_percent(figure)) is None else f"{shown}%",
        )
        for label, text, figure, above, below in rates
    ]
