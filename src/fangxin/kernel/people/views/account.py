"""A person's own account."""

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people import services
from fangxin.kernel.people.forms import PasswordForm, SecondFactorForm
from fangxin.kernel.screens.permission import person, signed_in


@signed_in
def account(request: HttpRequest) -> HttpResponse:
    context = {
        "title": _("我的账号"),
        "posts": person(request).posts_today,
        "second_factor": TOTPDevice.objects.filter(user=person(request), confirmed=True).exists(),
    }
    return render(request, "people/account.html", context)


@signed_in
def change_password(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None, user=person(request))
    if request.method == "POST" and form.is_valid():
        services.set_password(user=person(request), password=form.cleaned_data["new"], by=person(request))
        update_session_auth_hash(request, person(request))
        messages.success(request, _("密码已修改。"))
        return redirect("people:account")
    context = {"form": form, "title": _("修改密码"), "submit_label": _("修改密码")}
    return render(request, "screens/form.html", context)


@signed_in
def set_second_factor(request: HttpRequest) -> HttpResponse:
    """Show the code for the person's authenticator, and switch it on once a first password from it is right."""
    device, _made = TOTPDevice.objects.get_or_create(
        user=person(request), confirmed=False, defaults={"name": "authenticator"}
    )
    form = SecondFactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if device.verify_token(form.cleaned_data["token"]):
            TOTPDevice.objects.filter(user=person(request), confirmed=True).delete()
            device.confirmed = True
            device.save()
            otp_login(request, device)
            ledger.record("people.second_factor.set", of=person(request), by=person(request))
            messages.success(request, _("已启用动态口令，下次登录需要输入。"))
            return redirect("people:account")
        form.add_error("token", _("动态口令不正确，请核对手机时间后再试。"))
    picture = segno.make(device.config_url, error="m").svg_inline(scale=5)
    context = {"form": form, "title": _("启用动态口令"), "picture": mark_safe(picture)}  # noqa: S308  (made here)
    return render(request, "people/second_factor.html", context)


@require_POST
@signed_in
def remove_second_factor(request: HttpRequest) -> HttpResponse:
    TOTPDevice.objects.filter(user=person(request)).delete()
    ledger.record("people.second_factor.removed", of=person(request), by=person(request))
    messages.success(request, _("已停用动态口令。"))
    return redirect("people:account")
