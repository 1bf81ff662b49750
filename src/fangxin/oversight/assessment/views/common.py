"""What the views of the assessment share: one page for every act, and saying why something was refused."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from fangxin.oversight.assessment.forms import show

Perform = Callable[[dict[str, Any]], Any]


def act_page(
    request: HttpRequest,
    form: forms.Form,
    perform: Perform,
    *,
    title: Any,
    label: Any,
    back: str,
    intro: Any = "",
    done: Any = "",
    target: Callable[[Any], str] | None = None,
) -> HttpResponse:
    """A form, the service, and back. What the service refuses stands in the form with everything that was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = perform(dict(form.cleaned_data))
        except ValidationError as error:
            show(form, error)
        else:
            messages.success(request, str(done))
            return redirect(target(made) if target else back)
    context = {"title": title, "intro": intro, "form": form, "submit_label": label, "back_url": back}
    return render(request, "assessment/form.html", context)


def bound(request: HttpRequest) -> tuple[Any, Any]:
    """What was sent, also when nothing was filled in; nothing when the page is only asked for."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
