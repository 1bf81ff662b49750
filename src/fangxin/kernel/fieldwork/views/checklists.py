"""Checklists as they are in force, and what an edition changed."""

from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fangxin.kernel.catalog import api as catalog
from fangxin.kernel.fieldwork import standards
from fangxin.kernel.fieldwork.forms.inspections import span_words
from fangxin.kernel.fieldwork.views.common import number_from
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.registry import api as registry
from fangxin.kernel.screens.pages import Request
from fangxin.kernel.screens.permission import needs

KINDS = dict(registry.Premises.Kind.choices)


@require_safe
@needs("inspection.view")
def checklists(request: Request) -> HttpResponse:
    today = ledger.clock.today()
    lines = [_line(edition, today) for edition in catalog.editions(standards.CHECKLISTS)]
    return render(request, "fieldwork/checklists.html", {"title": _("检查表"), "lines": lines})


def _line(edition: Any, today: Any) -> dict[str, Any]:
    checklist = standards.checklist_of(edition)
    return {
        "edition": edition,
        "span": span_words(edition),
        "in_force": edition.in_force_on(today),
        "kinds": [KINDS.get(kind, kind) for kind in checklist.applies_to],
        "items": len(checklist.items),
        "keys": sum(item.key for item in checklist.items),
    }


def _edition(pk: int | None) -> Any:
    found = catalog.editions(standards.CHECKLISTS).filter(pk=pk).first() if pk is not None and pk < 2**63 else None
    if found is None:
        raise Http404
    return found


@require_safe
@needs("inspection.view")
def edition(request: Request, pk: int) -> HttpResponse:
    found = _edition(pk)
    checklist = standards.checklist_of(found)
    context = {
        "title": found.name,
        **_line(found, ledger.clock.today()),
        "groups": [(name, list(items)) for name, items in groupby(checklist.items, lambda item: item.group)],
        "others": [(one, span_words(one)) for one in catalog.editions(standards.CHECKLISTS) if one.pk != found.pk and one.code == found.code],
    }  # fmt: skip
    return render(request, "fieldwork/edition.html", context)


@require_safe
@needs("inspection.view")
def compare(request: Request) -> HttpResponse:
    """Two editions side by side, item by item; what moved is told from what is new by its words."""
    if not {"left", "right"} <= request.GET.keys():
        return redirect("fieldwork:checklists")
    left, right = (_edition(number_from(request.GET.get(name))) for name in ("left", "right"))
    lines = compared(standards.checklist_of(left).items, standards.checklist_of(right).items)
    context = {
        "title": _("比较两个版本"), "left": left, "right": right, "lines": lines,
        "left_span": span_words(left), "right_span": span_words(right),
        "changed": sum(bool(line["words"]) for line in lines),
    }  # fmt: skip
    return render(request, "fieldwork/compare.html", context)


# Two texts as alike as this are one item that was reworded.
ALIKE = 0.6


def compared(left: Any, right: Any) -> list[dict[str, Any]]:
    """Pairs of items in the order of the right edition, then what the left one alone had."""
    rest = list(left)
    lines = []
    for item in right:
        partner = _partner(item, rest)
        if partner is not None:
            rest.remove(partner)
        lines.append({"left": partner, "right": item, "words": _difference(partner, item)})
    return [*lines, *({"left": item, "right": None, "words": [_("取消")]} for item in rest)]


def _partner(item: Any, rest: list[Any]) -> Any:
    same = next((one for one in rest if one.text == item.text), None)
    if same is not None:
        return same
    likeness = [(SequenceMatcher(None, one.text, item.text).ratio(), -n) for n, one in enumerate(rest)]
    best, place = max(likeness, default=(0.0, 0))
    return rest[-place] if best >= ALIKE else None


def _difference(left: Any, right: Any) -> list[str]:
    if left is None:
        return [_("新增")]
    names = {
        "code": _("编号"), "text": _("内容"), "clause": _("条款"), "key": _("重点项"), "weight": _("权重"),
        "judge": _("查法"),
    }  # fmt: skip
    return [str(label) for name, label in names.items() if getattr(left, name) != getattr(right, name)]
