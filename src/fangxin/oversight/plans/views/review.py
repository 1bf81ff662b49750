"""The review screen: what was read beside the text, corrected field by field."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fangxin.kernel.screens.permission import needs
from fangxin.oversight.plans import access, selectors
from fangxin.oversight.plans.agencies import NameBook
from fangxin.oversight.plans.data import ACTION_CODES, Duty, PlanError
from fangxin.oversight.plans.models import Correction, Goal, Plan, PlanDeadline
from fangxin.oversight.plans.refusals import defect_words
from fangxin.oversight.plans.services import review
from fangxin.oversight.plans.services.indicators import all_definitions, choices_for
from fangxin.oversight.plans.services.naming import accept_proposals, list_names
from fangxin.oversight.plans.views.common import attempt, words_of

MOST_CHANGES = 500


@needs("plans.edit")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    plan = access.get_plan_to_edit(request.user, pk)
    return render(request, "plans/review.html", context_of(plan) | {"title": _("核对方案")})


def context_of(plan: Plan) -> dict[str, Any]:
    book = NameBook(plan.division_code)
    actions = list(plan.actions.prefetch_related("agencies", "measures"))
    sources = plan.reading.get("sources", {})
    definitions = all_definitions()
    return {
        "plan": plan,
        "places": {pointer: place["offset"] for pointer, place in sources.items()},
        "lengths": {pointer: len(place["quote"]) for pointer, place in sources.items()},
        "action_rows": actions,
        "goal_rows": [
            (goal, choices_for(definitions, goal.action.code if goal.action else "").items())
            for goal in plan.goals.select_related("action")
        ],
        "deadline_rows": list(plan.deadlines.all()),
        "defect_rows": [(defect, defect_words(defect.kind)) for defect in plan.defects.all()],
        "name_rows": list_names(plan, book),
        "agencies": book.agencies,
        "unresolved": selectors.list_unresolved(plan),
        "changes": latest_changes(plan),
        "codes": ACTION_CODES,
        "comparisons": Goal.Comparison.choices,
        "purposes": PlanDeadline.Purpose.choices,
        "deadline_kinds": PlanDeadline.Kind.choices,
        "duties": [choice for choice in Duty.choices if choice[0] != Duty.LEAD],
    }


def latest_changes(plan: Plan) -> dict[str, Correction]:
    """Field → its last correction, to show who changed it."""
    rows = Correction.objects.filter(plan=plan).select_related("by").order_by("-pk")[:MOST_CHANGES]
    return {row.field: row for row in reversed(rows)}


@require_POST
@needs("plans.edit")
def field(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep one field as soon as it is left. Answers with who changed it, or with what is wrong."""
    plan = access.get_plan_to_edit(request.user, pk)
    name, value = request.POST.get("field", ""), request.POST.get("value", "")
    kind, _dot, rest = name.partition(".")
    row, _dot, column = rest.partition(".")
    error = ""
    try:
        if "\x00" in value or len(value) > 50_000:
            raise PlanError(_("内容太长或含有不能保存的字符。"))
        review.correct(plan=plan, kind=kind, pk=review.whole_number(row), field=column, value=value, by=request.user)
    except (PlanError, ValidationError) as refused:
        error = words_of(refused)
    context = {
        "plan": plan,
        "error": error,
        "change": Correction.objects.filter(plan=plan, field=name[:60]).select_related("by").last(),
        "unresolved": selectors.list_unresolved(plan),
        "swap": True,
    }
    return render(request, "plans/review_saved.html", context)


@require_POST
@needs("plans.edit")
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a row the reader missed, or strike one the document does not have."""
    plan = access.get_plan_to_edit(request.user, pk)
    kind, row = request.POST.get("kind", ""), review.whole_number(request.POST.get("row", ""))
    if kind not in review.FIELDS:
        raise Http404
    anchor = ""
    if request.POST.get("do") == "remove":
        attempt(request, lambda: review.remove_row(plan=plan, kind=kind, pk=row, by=request.user))
    else:
        made: list[Any] = []

        def add() -> None:
            action = review.row_of(plan, "action", row) if kind == "unit" else None
            made.append(review.add_row(plan=plan, kind=kind, by=request.user, action=action))

        attempt(request, add)
        anchor = f"#{kind}-{made[0].pk}" if made else ""
    return redirect(f"{_review_url(plan)}{anchor}")


def _review_url(plan: Plan) -> str:
    return reverse("plans:review", args=[plan.pk])


@require_POST
@needs("plans.edit")
def names(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which agency a printed name means: one that exists, a new one, or all proposals at once."""
    plan = access.get_plan_to_edit(request.user, pk)
    printed = request.POST.get("printed", "")[:100]
    choice = request.POST.get("agency", "")
    if request.POST.get("do") == "all":
        attempt(request, lambda: accept_proposals(plan=plan, by=request.user), _("已采用全部建议。"))
    elif choice == "new":
        attempt(
            request,
            lambda: review.create_for_name(plan=plan, printed=printed, by=request.user),
            _("已新建机构并对应。"),
        )
    else:
        agency = {a.pk: a for a in NameBook(plan.division_code).agencies}.get(review.whole_number(choice))
        if agency is None:
            attempt(request, _no_choice)
        else:
            attempt(
                request,
                lambda: review.resolve_name(plan=plan, printed=printed, agency=agency, by=request.user),
                _("已对应到“%(name)s”。") % {"name": agency.name},
            )
    return redirect(f"{_review_url(plan)}#names")


def _no_choice() -> None:
    raise PlanError(_("请先选择机构，或选“新建机构”。"))
