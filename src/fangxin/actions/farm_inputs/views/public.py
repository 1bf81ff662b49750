"""Forecasts of crop pests for everybody: only what was issued and stands. No sign-in, no person named."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fangxin.actions.farm_inputs import papers_inputs
from fangxin.actions.farm_inputs import selectors_inputs as selectors
from fangxin.actions.farm_inputs.views.forecasts import DEGREE_TONES
from fangxin.kernel.ledger import api as ledger

PAGE_SIZE = 10


@login_not_required
@require_safe
def forecasts(request: HttpRequest) -> HttpResponse:
    day = ledger.clock.today()
    page = Paginator(selectors.public_forecasts(day), PAGE_SIZE).get_page(request.GET.get("page", "1")[:9])
    context = {
        "title": _("农作物病虫害预报预警"),
        "day": day,
        "page": page,
        "rows": [(row, DEGREE_TONES[row.degree], row.window_to < day, papers_inputs.product_rows(row)) for row in page],
    }
    response = render(request, "farm_inputs/public_forecasts.html", context)
    # A bulletin may be withdrawn any hour.
    response.headers["Cache-Control"] = "no-store"
    return response
