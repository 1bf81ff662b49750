"""What views of all apps share: who asks, the page of one form, and a service's reasons on it."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

T = TypeVar("T")


class Request(HttpRequest):
    """A request of somebody signed in: the middleware lets nobody else come this far."""

    user: Any
    htmx: Any


def form_page(request: HttpRequest, form: Any, title: Any, back_url: str, **more: Any) -> HttpResponse:
    return render(request, "screens/form.html", {"form": form, "title": title, "back_url": back_url, **more})


def posted(request: HttpRequest) -> tuple[Any, Any]:
    """What was sent, also when nothing was filled in; nothing when the page is only asked for."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def saved(form: Any, write: Callable[[], T]) -> T | None:
    """What the service made, or None with its reasons on the form."""
    if not form.is_valid():
        return None
    try:
        return write()
    except ValidationError as error:
        blame(form, error)
        return None


def blame(form: Any, error: ValidationError) -> None:
    """Reasons for fields that the form does not show belong to the form as a whole."""
    known = not hasattr(error, "error_dict") or set(error.error_dict) <= set(form.fields)
    form.add_error(None, error if known else ValidationError(error.messages))


def done_or_told(request: HttpRequest, words: Any, write: Callable[[], Any]) -> bool:
    """A button without a form: done, or the reason said on the next page."""
    try:
        write()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    messages.success(request, words)
    return True
