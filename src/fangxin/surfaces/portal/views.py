"""Pages for everybody. They need no sign-in, name no person and are not for search engines."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fangxin.kernel.registry import api as registry
from fangxin.kernel.registry.data import PublicCredential

# What the page says first, in which tone, and what to do.
ANSWERS = {
    "valid": (
        gettext_lazy("有效"), "good",
        gettext_lazy("底册中有这个证件，今天在有效期内。请核对名称、地址与现场是否一致。"),
    ),
    "expired": (
        gettext_lazy("已过期"), "bad",
        gettext_lazy("这个证件的有效期已过。如该店仍在营业，可拨打 12315 反映。"),
    ),
    "revoked": (
        gettext_lazy("已失效"), "bad",
        gettext_lazy("这个证件已被注销、撤销或作废，不能再使用。如该店仍在出示，可拨打 12315 反映。"),
    ),
    "not_yet": (gettext_lazy("尚未生效"), "warn", gettext_lazy("这个证件的起始日期还没有到。")),
}  # fmt: skip


class NumberForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("证件编号"),
        max_length=60,
        min_length=6,
        help_text=gettext_lazy("请照证件上的编号完整填写，例如 JY 开头加 14 位数字。"),
    )


def for_everybody(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open to all, kept out of search engines, not kept by proxies, since a status can change any day."""

    @wraps(view)
    def open_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "no-store"
        return response

    return login_not_required(require_safe(open_view))


@for_everybody
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """What the code on a credential leads to."""
    found = registry.public_credential(token) if len(token) <= 40 and token.isascii() and token.isprintable() else None
    return _answer(request, [found] if found else [], asked=True, form=NumberForm())


@for_everybody
def verify_by_number(request: HttpRequest) -> HttpResponse:
    """Only a whole number finds anything, so that nobody can walk through the register."""
    form = NumberForm(request.GET or None)
    asked = form.is_valid()
    found = registry.public_credentials_by_number(form.cleaned_data["number"]) if asked else []
    return _answer(request, found, asked=asked, form=form)


def _answer(request: HttpRequest, found: list[PublicCredential], *, asked: bool, form: NumberForm) -> HttpResponse:
    context = {
        "title": _("证件查验"),
        "answers": [(credential, *ANSWERS[credential.status]) for credential in found],
        "unknown": asked and not found,
        "form": form,
    }
    return render(request, "portal/verify.html", context, status=404 if asked and not found else 200)
