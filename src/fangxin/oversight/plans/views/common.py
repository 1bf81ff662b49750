"""What the views of plans share: saying what went wrong without losing what was typed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from fangxin.oversight.plans import access, selectors
from fangxin.oversight.plans.data import PlanError
from fangxin.oversight.plans.models import Plan


def words_of(error: ValidationError | PlanError) -> str:
    return "；".join(error.messages) if isinstance(error, ValidationError) else str(error)


def attempt(request: HttpRequest, act: Callable[[], Any], success: Any = "") -> bool:
    """Do it; say that it was done, or in plain words why not."""
    try:
        act()
    except (PlanError, ValidationError) as error:
        messages.error(request, words_of(error))
        return False
    if success:
        messages.success(request, str(success))
    return True


def put_error(form: Any, error: ValidationError | PlanError) -> None:
    """Show a service's refusal in the form, beside the field it speaks of where there is one."""
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        for field, texts in error.message_dict.items():
            form.add_error(field if field in form.fields else None, texts)
    else:
        form.add_error(None, words_of(error))


def chosen_plan(request: HttpRequest) -> Plan | None:
    """The plan named in the address, or the one that binds the person's division today."""
    chosen = request.GET.get("plan", "")
    if chosen.isascii() and chosen.isdecimal() and len(chosen) < 19:
        return access.get_plan(request.user, int(chosen))
    return selectors.plan_of(request.user)
