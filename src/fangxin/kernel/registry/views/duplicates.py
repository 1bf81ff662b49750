from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fangxin.kernel.people import api as people
from fangxin.kernel.registry import access, selectors, services
from fangxin.kernel.registry.comparing import likely_duplicates
from fangxin.kernel.registry.forms import MergeForm
from fangxin.kernel.registry.models import Merge, Premises
from fangxin.kernel.registry.views.census import reason_words
from fangxin.kernel.registry.views.common import township_names
from fangxin.kernel.screens.pages import Request, form_page, saved
from fangxin.kernel.screens.permission import needs

MOST_PAIRS = 30


@needs("registry.edit")
def page(request: Request) -> HttpResponse:
    """Pairs that look like one place, in one township at a time or in the person's whole division."""
    prefixes = request.user.prefixes("registry.edit")
    names = township_names(request)
    asked = request.GET.get("township", "")
    prefix = asked if asked in names and any(asked.startswith(p) for p in prefixes) else prefixes[0][:9]
    if len(prefix) < 6 and names:
        prefix = next(iter(names))
    context = {
        "title": _("疑似重复"),
        "townships": [(code, name) for code, name in names.items() if any(code.startswith(p) for p in prefixes)],
        "chosen": prefix,
        "place": people.division_path(prefix),
        "names": names,
        "pairs": [(a, b, p.score, reason_words(p.tokens)) for a, b, p in likely_duplicates(prefix, most=MOST_PAIRS)],
        "most": MOST_PAIRS,
        "merges": selectors.list_merges(request.user).filter(undone_at=None)[:MOST_PAIRS],
    }
    return render(request, "registry/duplicates.html", context)


def _pair(request: Request, first_pk: int, second_pk: int) -> tuple[Premises, Premises]:
    if first_pk == second_pk:
        raise Http404
    return (
        access.get_standing_premises(request.user, first_pk, "registry.edit"),
        access.get_standing_premises(request.user, second_pk, "registry.edit"),
    )


@needs("registry.edit")
def merge(request: Request, first_pk: int, second_pk: int) -> HttpResponse:
    pair = _pair(request, first_pk, second_pk)
    form = MergeForm(request.POST or None, pair=pair, initial={"keep": str(pair[0].pk)})
    back = reverse("registry:duplicates")
    if request.method == "POST":
        made = saved(form, lambda: _merge(form, pair, request))
        if made is not None:
            messages.success(request, _("已合并，可在“疑似重复”页撤销。"))
            return redirect("registry:premises", pk=made.survivor_id)
    intro = _("并入的一条不再计入统计，其证件、人员、普查记录和申请归到保留的一条；随时可以撤销。")
    return form_page(request, form, _("合并重复场所"), back, submit_label=_("合并"), intro=intro)


def _merge(form: MergeForm, pair: tuple[Premises, Premises], request: Request) -> Merge:
    survivor, merged = pair if form.cleaned_data["keep"] == str(pair[0].pk) else pair[::-1]
    reason = form.cleaned_data["reason"]
    return services.merge_premises(survivor=survivor, merged=merged, reason=reason, by=request.user)


@needs("registry.edit")
@require_POST
def distinct(request: Request, first_pk: int, second_pk: int) -> HttpResponse:
    first, second = _pair(request, first_pk, second_pk)
    services.declare_distinct(first=first, second=second, by=request.user)
    messages.success(request, _("已认定为两个场所，不再提示。"))
    return redirect("registry:duplicates")


@needs("registry.edit")
@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    made = access.get_merge(request.user, pk)
    access.get_premises(request.user, made.survivor_id, "registry.edit")
    try:
        services.undo_merge(merge=made, by=request.user)
        messages.success(request, _("合并已撤销。"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("registry:premises", pk=made.merged_id)
