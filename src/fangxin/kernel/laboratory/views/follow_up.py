"""One follow-up on one page, and judging history again."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fangxin.kernel.laboratory import access_results as access
from fangxin.kernel.laboratory import rules_results as rules
from fangxin.kernel.laboratory import selectors_results as selectors
from fangxin.kernel.laboratory.forms.results import ControlsForm, RejudgeForm
from fangxin.kernel.laboratory.models import Disposition
from fangxin.kernel.laboratory.services import follow_up, judging
from fangxin.kernel.laboratory.views.result_acts import offered
from fangxin.kernel.laboratory.views.result_lists import DISPOSITION_TONES
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import api as people
from fangxin.kernel.screens.pages import Request
from fangxin.kernel.screens.permission import needs

FIRST_BUTTONS = 3
# More samples than this are not judged while somebody waits.
MOST_JUDGED = 3000


@require_safe
@needs("result.lists")
def disposition(request: Request, pk: int) -> HttpResponse:
    row = access.get_disposition(request.user, pk)
    acts = offered(row, request.user)
    live = row.state in selectors.OPEN_DISPOSITIONS
    last = row.extended_to or row.due_on
    context = {
        "title": _("核查处置：%(number)s") % {"number": row.sample.number},
        "row": row,
        "tone": DISPOSITION_TONES[row.state],
        "place": people.division_path(row.division_code),
        "last": last,
        "late": live and last is not None and last < ledger.clock.today(),
        "missing": follow_up.missing(row) if live else [],
        "goods": [(ControlsForm.base_fields[name].label, getattr(row, name)) for name in follow_up.GOODS],
        "imbalance": _imbalance(row),
        "acts": acts[:FIRST_BUTTONS],
        "more_acts": acts[FIRST_BUTTONS:],
        "recalls": [(order, offered(order, request.user)) for order in row.recalls.select_related("file")],
        "steps": row.steps.select_related("file"),
        "again": follow_up.sample_again(row),
    }
    return render(request, "laboratory/results/disposition.html", context)


def _imbalance(row: Disposition) -> str:
    left = rules.imbalance(*(getattr(row, name) for name in follow_up.GOODS))
    return "" if not left else format(left.normalize(), "f")


@require_safe
@needs("result.lists")
def rejudge(request: Request) -> HttpResponse:
    """What today's tables would say of verdicts given earlier. Nothing is overwritten."""
    asked = bool(request.GET)
    form = RejudgeForm(request.GET if asked else None)
    samples: list[Any] = []
    cut = False
    if asked and form.is_valid():
        rows = selectors.list_samples_of_results(request.user).filter(
            sampled_on__gte=form.cleaned_data["since"], sampled_on__lte=form.cleaned_data["until"],
            tests__verdicts__isnull=False,
        )  # fmt: skip
        samples = list(rows.order_by("number").distinct()[: MOST_JUDGED + 1])
        cut, samples = len(samples) > MOST_JUDGED, samples[:MOST_JUDGED]
    context = {
        "title": _("换标准重判"), "form": form, "asked": asked and form.is_valid(), "judged": len(samples), "cut": cut,
        "changes": judging.changes(samples) if samples else [],
    }  # fmt: skip
    return render(request, "laboratory/results/rejudge.html", context)
