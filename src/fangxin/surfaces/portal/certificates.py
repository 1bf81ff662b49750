"""What the code on a certificate of compliance leads to: who, where, when, tests, the way of the goods, in words for a shopper."""

from hashlib import sha256
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fangxin.kernel.laboratory import api as laboratory
from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.screens.export import attachment
from fangxin.kernel.supply import api as supply
from fangxin.surfaces.portal.views import for_everybody

MOST_CODE = 800
MOST_TESTS = 5
SEEN = "certificate_seen"
# The same telephone that loads the page again within this time is one look.
SEEN_SECONDS = 600
SALT = "portal.certificate.place"

# What the page says first, in which tone, and what to do.
ANSWERS = {
    "genuine": (
        gettext_lazy("真的，有效"), "good",
        gettext_lazy("防伪签名核对无误。请看看下面的产品、主体和日期，是不是和您手里的货一样。"),
    ),
    "unsigned": (
        gettext_lazy("查到了，有效"), "info",
        gettext_lazy("平台里有这个编号的合格证。请核对产品、主体和日期；标签和下面不一样的，可能是冒用编号。"),
    ),
    "revoked": (
        gettext_lazy("已撤销，不要买"), "bad",
        gettext_lazy("这张合格证，或者它所依据的合格证，已经撤销。还在卖的，请拨打 12315 反映。"),
    ),
    "withdrawn": (
        gettext_lazy("已撤回，无效"), "bad",
        gettext_lazy("这张合格证开具后撤回了，不能再用。还在使用的，请拨打 12315 反映。"),
    ),
    "forged": (
        gettext_lazy("假的"), "bad",
        gettext_lazy("防伪签名不对，这个码不是平台开出的。请不要购买，并拨打 12315 反映；请说出看到的地点。"),
    ),
    "unknown": (
        gettext_lazy("查不到"), "warn",
        gettext_lazy("平台里没有这张合格证。可能是编号抄错了一位，也可能是外地开具的。不放心的，可以拨打 12315 询问。"),
    ),
}  # fmt: skip


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("合格证编号"), max_length=MOST_CODE,
        help_text=gettext_lazy("照标签最下面一行填写；也可以贴入扫码得到的整段文字。"),
    )  # fmt: skip


class PlaceForm(forms.Form):
    scan = forms.CharField(max_length=200)
    longitude = forms.FloatField(min_value=-180, max_value=180)
    latitude = forms.FloatField(min_value=-90, max_value=90)


@for_everybody
def certificate(request: HttpRequest, text: str) -> HttpResponse:
    if len(text) > MOST_CODE:
        raise Http404(_("没有这张合格证。请照标签重新扫码或者填写编号。"))
    mark = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    found = supply.scan_code(text, seen_before=request.COOKIES.get(SEEN) == mark)
    word, tone, advice = ANSWERS[found.outcome]
    context = {
        "title": _("合格证查验"), "found": found, "certificate": found.certificate, "word": word, "tone": tone,
        "advice": advice, "tests": _tests(found.certificate), "form": CodeForm(),
        "scan": signing.dumps(found.scan, salt=SALT) if found.scan else "",
    }  # fmt: skip
    status = 404 if found.outcome == "unknown" else 200
    response = render(request, "portal/certificate.html", context, status=status)
    response.set_cookie(SEEN, mark, max_age=SEEN_SECONDS, httponly=True, samesite="Lax")
    return response


def _tests(found: Any) -> list[Any]:
    """Published tests of this food of the makers at the origin."""
    if found is None or not found.premises_ids:
        return []
    rows = laboratory.public_tests(ledger.clock.today())
    rows = rows.filter(sample__premises__in=found.premises_ids, sample__food=found.food)
    return [laboratory.public_test(row) for row in rows[:MOST_TESTS]]


@for_everybody
def find(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.GET or None)
    if form.is_valid():
        wanted = form.cleaned_data["code"].strip().split("?", 1)[0].rstrip("/").rsplit("/", 1)[-1]
        if wanted:
            return redirect("portal:certificate", text=wanted)
    return render(request, "portal/certificate_find.html", {"title": _("合格证查验"), "form": form})


@login_not_required
@require_POST
def place(request: HttpRequest) -> HttpResponse:
    """About where the code was looked at, when the person allows the telephone to tell."""
    form = PlaceForm(request.POST)
    if form.is_valid():
        try:
            scan = signing.loads(form.cleaned_data["scan"], salt=SALT, max_age=SEEN_SECONDS)
        except signing.BadSignature:
            return HttpResponse(status=400)
        supply.tell_place(scan, longitude=form.cleaned_data["longitude"], latitude=form.cleaned_data["latitude"])
        return HttpResponse(status=204)
    return HttpResponse(status=400)


@for_everybody
def check(request: HttpRequest) -> HttpResponse:
    """Checks a code in the browser; once loaded it needs no network."""
    context = {
        "title": _("没有网络也能核验"),
        "keys": supply.certificate_keys(),
        "root": request.build_absolute_uri("/"),
    }
    return render(request, "portal/certificate_check.html", context)


@for_everybody
def check_file(request: HttpRequest) -> HttpResponse:
    """The same as one file, to be kept on a telephone or a computer without a network."""
    path = finders.find("portal/certificate_check.js")
    if path is None:
        raise Http404
    with open(path, encoding="utf-8") as file:
        script = file.read()
    context = {
        "keys": supply.certificate_keys(), "root": request.build_absolute_uri("/"), "script": mark_safe(script),  # noqa: S308
        "day": ledger.clock.today(),
    }  # fmt: skip
    response = HttpResponse(render_to_string("portal/certificate_check_file.html", context, request))
    response.headers["Content-Disposition"] = attachment("certificate-check.html")
    return response


@for_everybody
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys, for checks by other software."""
    return HttpResponse(supply.certificate_keys(), content_type="application/json")
