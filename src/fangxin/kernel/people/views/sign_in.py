"""Coming in and going out: password, lock-out, one-time password, forced change of an old password."""

from typing import Any

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_otp import login as otp_login
from django_otp import match_token, user_has_device

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.forms import SecondFactorForm
from fangxin.kernel.people.selectors import county_of
from fangxin.kernel.screens.permission import person, signed_in


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("账号或密码不正确。连续错误 5 次，账号将锁定 15 分钟。"),
        "inactive": _("这个账号已停用，请联系本单位管理员。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("账号")
        self.fields["password"].label = _("密码")


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    template_name = "people/sign_in.html"
    authentication_form = SignInForm
    extra_context = {"title": _("登录")}
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        login(self.request, user)
        ledger.record("people.signed_in", of=user, by=user, division_code=county_of(user))
        if user_has_device(user):
            self.request.session["after_second_factor"] = self.get_success_url()
            return redirect("people:second_factor")
        return redirect(self.get_success_url())


@signed_in
def second_factor(request: HttpRequest) -> HttpResponse:
    """Between the password and the pages, for those who have set up a one-time password."""
    form = SecondFactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = match_token(request.user, form.cleaned_data["token"])
        if device is not None:
            otp_login(request, device)
            return redirect(request.session.pop("after_second_factor", "console:today"))
        form.add_error("token", _("动态口令不正确或已过期，请用最新的 6 位数字再试。"))
    context = {"form": form, "title": _("输入动态口令"), "submit_label": _("确认")}
    return render(request, "screens/form.html", context)


@require_POST
@signed_in
def sign_out(request: HttpRequest) -> HttpResponse:
    who = person(request)
    ledger.record("people.signed_out", of=who, by=who, division_code=county_of(who))
    logout(request)
    return redirect("people:sign_in")


def locked_out(request: HttpRequest, credentials: dict[str, Any], *_args: Any, **_kwargs: Any) -> HttpResponse:
    return render(request, "people/locked_out.html", {"title": _("账号暂时锁定")}, status=403)
