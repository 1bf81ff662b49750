from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxin.kernel.contributing import api as contribute
from fangxin.kernel.contributing.data import WorkItem
from fangxin.kernel.screens.permission import signed_in

KINDS = {
    "overdue": (gettext_lazy("已逾期"), "bad"),
    "due": (gettext_lazy("待办"), "warn"),
    "new": (gettext_lazy("新到"), "info"),
}


@signed_in
def today(request: HttpRequest) -> HttpResponse:
    """The start page: what is overdue, what is due, what is new for this person."""
    lines = contribute.work_of(request.user)
    groups = [(*KINDS[kind], _in_order([w for w in lines if w.kind == kind])) for kind in KINDS]
    context: dict[str, Any] = {
        "title": _("今天的工作"),
        "groups": [group for group in groups if group[2]],
        "posts": request.user.posts_today,
    }
    return render(request, "console/today.html", context)


def _in_order(lines: list[WorkItem]) -> list[WorkItem]:
    """By due date; what has none comes last, in the order the apps gave it."""
    dated = sorted((w for w in lines if w.due), key=lambda w: w.due)
    return dated + [w for w in lines if not w.due]
