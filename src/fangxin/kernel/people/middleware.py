"""Nobody works behind an old password or half a sign-in."""

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_otp import user_has_device

from fangxin.kernel.ledger import api as ledger
from fangxin.kernel.people.models import User
from fangxin.kernel.screens.permission import person

# Administrators renew their password every 90 days (graded protection, level two).
ADMINISTRATOR_DAYS = 90


class SignInCompleted:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        target = self.still_to_do(request)
        if target and request.path not in (reverse(target), reverse("people:sign_out"), reverse("set_language")):
            return redirect(target)
        return self.get_response(request)

    def still_to_do(self, request: HttpRequest) -> str | None:
        user = person(request)
        if not user.is_authenticated:
            return None
        if not user.is_verified() and _second_factor_owed(request):
            return "people:second_factor"
        if user.must_change_password or _password_too_old(user):
            return "people:change_password"
        return None


def _second_factor_owed(request: HttpRequest) -> bool:
    """Asked once a session: the answer is remembered, so that pages stay quick."""
    owed = request.session.get("second_factor_owed")
    if owed is None:
        owed = user_has_device(request.user)
        request.session["second_factor_owed"] = owed
    return bool(owed)


def _password_too_old(user: User) -> bool:
    if not any(post.role == "administrator" for post in user.posts_today):
        return False
    changed = user.password_changed_at
    return changed is None or ledger.clock.now() - changed > timedelta(days=ADMINISTRATOR_DAYS)
