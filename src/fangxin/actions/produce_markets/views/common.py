"""What the views of this action share: acts on one thing, lists narrowed to a township, who may write."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from fangxin.actions.produce_markets import access
from fangxin.actions.produce_markets.models import Market
from fangxin.kernel.people import lists
from fangxin.kernel.screens.acts import Words
from fangxin.kernel.screens.pages import Request, form_page, saved

STATE_TONES = {
    "admitted": "good", "isolated": "warn", "refused": "bad", "withdrawn": "bad", "undone": "plain",
}  # fmt: skip
GRADE_TONES = {"A": "good", "B": "info", "C": "warn", "D": "bad"}


def one_form(
    request: Request, form: Any, write: Callable[[], Any], *, title: Words, back: str, done: Words = "", **more: Any
) -> HttpResponse:
    """The page of one form that writes something and then leads back."""
    if request.method == "POST" and saved(form, write) is not None:
        messages.success(request, str(done or _("已登记。")))
        return redirect(back)
    return form_page(request, form, title, back, **more)


def market_to_run(user: Any, pk: int) -> Market:
    market = access.get_market(user, pk)
    if not access.may_run(user, market):
        raise PermissionDenied(_("这个市场由开办者或者监管部门登记，您的岗位只能查看。"))
    return market


class AreaFilter(lists.AreaFilter):
    ability = "market.view"
